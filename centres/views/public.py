"""What everybody may see of a centre's records."""

from datetime import date, datetime, time

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centres.forms import DirectoryForm
from centres.group_page import sections_of
from centres.models import Group, Guidebook
from centres.open_data import COLUMNS, groups_as_csv, groups_as_records
from centres.queries import (
    Directory,
    group_it_became,
    groups_by_district,
    latest_guide,
    newest_groups,
    public_contacts,
    public_groups,
    published_figures,
    published_group,
    similar_groups,
)
from civic.accounts.rules import PUBLIC, allow
from civic.audit.kept_pages import kept_until_a_change
from civic.feeds import FeedEntry, feed_of
from civic.paging import page_of
from civic.spreadsheets import CSV
from civic.tenancy.requests import TenantRequest
from civic.tenancy.urls import tenant_reverse

FEED_ENTRIES = 30


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
        "guidebook": latest_guide(),
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
    context = {
        "group": group,
        "contacts": public_contacts(group),
        "similar": similar_groups(group),
        "sections": sections_of(group),
    }
    return render(request, "centres/group_detail.html", context)


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def district_list(request: TenantRequest) -> HttpResponse:
    """The groups district by district, without a map."""
    return render(request, "centres/district_list.html", {"entries": groups_by_district()})


@require_safe
@allow(PUBLIC)
def group_feed(request: TenantRequest) -> HttpResponse:
    """The groups that joined the directory last."""
    entries = (
        FeedEntry(
            title=group.name,
            url=tenant_reverse("centres:group_detail", number=group.number),
            text=group.purpose,
            published=_midnight(group.registered_on),
            updated=_midnight(group.registered_on),
        )
        for group in newest_groups(FEED_ENTRIES)
    )
    return feed_of(request, _("新しい団体"), tenant_reverse("centres:group_list"), entries)


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


@require_safe
@allow(PUBLIC)
def guide_pdf(request: TenantRequest) -> HttpResponse:
    """The printed guide, as it was made last."""
    content = Guidebook.objects.values_list("content", flat=True).first()
    if content is None:
        raise Http404(_("冊子はまだありません。"))
    headers = {"Content-Disposition": f'inline; filename="{request.municipality.slug}-guide.pdf"'}
    return HttpResponse(bytes(content), content_type="application/pdf", headers=headers)


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
    """The groups as CSV: all, or those that the directory's own filters leave."""
    filename = f"{request.municipality.slug}-groups.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{filename}"',
        "Link": request.municipality.licence_link,
    }
    return HttpResponse(groups_as_csv(_found(request)), content_type=CSV, headers=headers)


@require_safe
@allow(PUBLIC)
def groups_json(request: TenantRequest) -> HttpResponse:
    """The same as JSON, with who publishes it on which terms."""
    city = request.municipality
    content = {
        "publisher": city.name,
        "licence": city.get_licence_display(),
        "licence_url": city.licence_url,
        "groups": groups_as_records(_found(request)),
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False}, headers={"Link": city.licence_link})


def _found(request: TenantRequest) -> QuerySet[Group]:
    form = DirectoryForm(request.GET)
    form.is_valid()
    search = form.search()
    return Directory(search).whole() if search.is_narrowed else public_groups()
