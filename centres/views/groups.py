"""Keeping the directory."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.directory import services
from centres.directory.forms import AreaForm, ExportForm, GroupFileForm, GroupForm, KeptSearchForm
from centres.directory.queries import KeptSearch, contacts_of, kept_group, kept_groups
from centres.models import CouncilProfile, Group, GroupImport, GroupKind
from centres.queries import latest_guide, referrals_to
from centres.rules import KEEPS_DIRECTORY
from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.audit.services import record_viewing
from civic.jobs import services as jobs
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse

form_view = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@allow(KEEPS_DIRECTORY)
def group_list(request: MemberRequest) -> HttpResponse:
    """All groups, searched. A wrong filter is answered with 400, its field named and the others kept."""
    form = KeptSearchForm(request.GET)
    is_valid = form.is_valid()
    search = form.search()
    context = {"form": form, "page": page_of(request, kept_groups(search)), "is_narrowed": search != KeptSearch()}
    return render(request, "centres/directory/group_list.html", context, status=200 if is_valid else 400)


@require_safe
@allow(KEEPS_DIRECTORY)
def group_detail(request: MemberRequest, number: int) -> HttpResponse:
    group = _group(number)
    record_viewing(request.user, group, _("団体の記録を読む"))
    context = {"group": group, "contacts": contacts_of(group), "referrals": referrals_to(group)}
    return render(request, "centres/directory/group_detail.html", context)


@form_view
@allow(KEEPS_DIRECTORY)
def group_new(request: MemberRequest) -> HttpResponse:
    return _form(request, Group(), "centres/directory/group_new.html", _("団体を加えました。"))


@form_view
@allow(KEEPS_DIRECTORY)
def group_edit(request: MemberRequest, number: int) -> HttpResponse:
    group = _group(number)
    record_viewing(request.user, group, _("団体の記録を直す"))
    return _form(request, group, "centres/directory/group_edit.html", _("団体の記録を直しました。"))


@form_view
@allow(KEEPS_DIRECTORY)
def group_area(request: MemberRequest, number: int) -> HttpResponse:
    """How many people live in the area of a council (まちづくり協議会)."""
    group = _group(number)
    if group.kind != GroupKind.COUNCIL:
        raise Http404(_("この団体は協議会ではありません。"))
    profile = getattr(group, "council", None) or CouncilProfile(group=group)
    form = AreaForm(request.POST if request.method == "POST" else None, instance=profile)
    if form.is_valid():
        if form.has_changed():
            services.keep_area(form.save(commit=False), origin=form.cleaned_data["origin"])
        messages.success(request, _("地域の人口を保存しました。"))
        return redirect(tenant_reverse("centres:office_group_detail", number=number))
    context = {"form": form, "group": group}
    return render(request, "centres/directory/group_area.html", context, status=400 if form.is_bound else 200)


def _group(number: int) -> Group:
    try:
        return kept_group(number)
    except Group.DoesNotExist:
        raise Http404(_("この番号の団体はありません。")) from None


def _form(request: MemberRequest, group: Group, template: str, done: str) -> HttpResponse:
    form = GroupForm(request.POST if request.method == "POST" else None, instance=group)
    if form.is_valid():
        saved = services.keep_group(
            form.save(commit=False),
            fields=form.cleaned_data["activity_fields"],
            active_districts=form.cleaned_data["active_districts"],
        )
        messages.success(request, done)
        return redirect(tenant_reverse("centres:office_group_detail", number=saved.number))
    return render(request, template, {"form": form, "group": group}, status=400 if form.is_bound else 200)


# ---- files ----


@form_view
@allow(KEEPS_DIRECTORY)
def group_files(request: MemberRequest) -> HttpResponse:
    """Send a file of groups to be checked, or have one made."""
    form = GroupFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        file = form.cleaned_data["file"]
        job = services.read_file(file.name, file.read(), by=member_of(request))
        return redirect(tenant_reverse("jobs:job_detail", number=job.pk))
    context = {
        "form": form,
        "waiting": GroupImport.objects.filter(read_by=request.user).defer("content").first(),
        "days": services.DAYS_KEPT,
    }
    return render(request, "centres/directory/files.html", context, status=400 if form.is_bound else 200)


@require_POST
@allow(KEEPS_DIRECTORY)
def group_export(request: MemberRequest) -> HttpResponse:
    form = ExportForm(request.POST)
    if not form.is_valid():
        raise Http404(_("この形式のファイルはありません。"))
    job = jobs.start(services.EXPORT, {"form": form.cleaned_data["form"]}, requested_by=member_of(request))
    return redirect(tenant_reverse("jobs:job_detail", number=job.pk))


@form_view
@allow(KEEPS_DIRECTORY)
def group_import_check(request: MemberRequest) -> HttpResponse:
    """What the file that this person sent would change, and what is wrong with it; a POST has it written."""
    sent = get_object_or_404(GroupImport.objects.defer("content").exclude(outcome=None), read_by=request.user)
    outcome = cast(dict[str, Any], sent.outcome)
    if request.method == "POST" and not outcome["faults_count"]:
        return redirect(tenant_reverse("jobs:job_detail", number=services.confirm_file(sent, by=member_of(request)).pk))
    return render(request, "centres/directory/import_check.html", {"sent": sent, "outcome": outcome})


@require_POST
@allow(KEEPS_DIRECTORY)
def group_import_discard(request: MemberRequest) -> HttpResponse:
    services.discard_file(get_object_or_404(GroupImport.objects.defer("content"), read_by=request.user))
    messages.success(request, _("ファイルを読みこむのをやめました。団体の記録は変わっていません。"))
    return redirect(tenant_reverse("centres:group_files"))


# ---- the printed guide ----


@form_view
@allow(KEEPS_DIRECTORY)
def guide(request: MemberRequest) -> HttpResponse:
    """The guide that everybody may fetch; a POST has a new one printed."""
    if request.method == "POST":
        job = jobs.start(services.GUIDE, {"by": request.user.pk}, requested_by=member_of(request))
        return redirect(tenant_reverse("jobs:job_detail", number=job.pk))
    return render(request, "centres/directory/guide_page.html", {"guidebook": latest_guide()})
