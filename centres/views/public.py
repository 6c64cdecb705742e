"""What everybody may see of a centre's records."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centres.forms import DirectoryForm
from centres.group_page import sections_of
from centres.models import Group
from centres.open_data import COLUMNS, groups_as_csv, groups_as_records
from centres.queries import (
    Directory,
    group_it_became,
    public_contacts,
    public_groups,
    published_figures,
    published_group,
)
from civic.accounts.rules import PUBLIC, allow
from civic.audit.kept_pages import kept_until_a_change
from civic.paging import page_of
from civic.tenancy.requests import TenantRequest
from civic.tenancy.urls import tenant_reverse


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def group_list(request: TenantRequest) -> HttpResponse:
    """The directory. A wrong filter is answered with 400, its field named and the others kept."""
    form = DirectoryForm(request.GET)
    is_valid = form.is_valid()
    directory = Directory(form.search())
    context = {
        "form": form,
        "directory": directory,
        "filters": form.filters(directory),
        "page": page_of(request, directory),
    }
    return render(request, "centres/group_list.html", context, status=200 if is_valid else 400)


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def group_detail(request: TenantRequest, number: int) -> HttpResponse:
    """A group's page. The number of one that was merged into another leads there."""
    try:
        group = published_group(number)
    except Group.DoesNotExist:
        survivor = group_it_became(number)
        if survivor:
            return redirect(tenant_reverse("centres:group_detail", number=survivor.number), permanent=True)
        raise Http404(_("この番号の団体はありません。")) from None
    context = {"group": group, "contacts": public_contacts(group), "sections": sections_of(group)}
    return render(request, "centres/group_detail.html", context)


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def open_data(request: TenantRequest) -> HttpResponse:
    """What may be downloaded, and what the city has published in numbers."""
    context = {"columns": COLUMNS, "total": public_groups().count(), "figures": published_figures()}
    return render(request, "centres/open_data.html", context)


@require_safe
@allow(PUBLIC)
def groups_csv(request: TenantRequest) -> HttpResponse:
    filename = f"{request.municipality.slug}-groups.csv"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(groups_as_csv(), content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
@allow(PUBLIC)
def groups_json(request: TenantRequest) -> HttpResponse:
    return JsonResponse({"groups": groups_as_records()}, json_dumps_params={"ensure_ascii": False})
