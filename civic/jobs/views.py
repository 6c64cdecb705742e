"""Seeing how long work goes, and fetching what it made."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import ANY_MEMBER, allow
from civic.celery import broker_answers
from civic.jobs import services
from civic.jobs.kinds import kind_named
from civic.jobs.models import Job, Status
from civic.jobs.queries import visible_jobs
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse


def _job(request: MemberRequest, number: int) -> Job:
    """The job, where the person may see it today. Raises Http404 where there is none, and PermissionDenied."""
    get_object_or_404(Job, pk=number)
    job = visible_jobs(member_of(request)).filter(pk=number).first()
    if job is None:
        raise PermissionDenied(_("この処理を見られるのは、依頼した人と、個人の書類でなければ館長だけです。"))
    return job


def _situation(job: Job) -> str:
    """What is going on, in a sentence for the person who waits."""
    if job.status == Status.QUEUED and not broker_answers():
        return _(
            "受け付けました。いま処理のしくみが止まっていますが、動きはじめると自動で始まります。"
            "このページを閉じてもかまいません。"
        )
    if job.status == Status.QUEUED:
        return _("受け付けました。順番を待っています。")
    if job.status == Status.RUNNING:
        return job.words or _("始めています。")
    if job.status == Status.FAILED:
        return job.error
    if hasattr(job, "file") and job.file.is_expired:
        return _("できたファイルは、保存期間が過ぎたため消えました。もう一度つくることができます。")
    return _("できました。")


def _page(job: Job) -> str | None:
    """Where one sees what the job did; None while it is not done, and where its kind has no such page."""
    page = kind_named(job.kind).page
    return page(**job.parameters) if page and job.status == Status.DONE else None


@never_cache
@require_safe
@allow(ANY_MEMBER)
def job_list(request: MemberRequest) -> HttpResponse:
    return render(request, "jobs/job_list.html", {"page": page_of(request, visible_jobs(member_of(request)))})


@never_cache
@require_safe
@allow(ANY_MEMBER)
def job_detail(request: MemberRequest, number: int) -> HttpResponse:
    """The page of a job; for htmx, which asks each second while it is unfinished, the part of it that changes."""
    job = _job(request, number)
    situation = _situation(job)
    context = {
        "job": job,
        "situation": situation,
        "has_changed": request.GET.get("situation") != situation,
        "page_url": _page(job),
    }
    return render(request, "jobs/job_situation.html" if request.htmx else "jobs/job_detail.html", context)


@never_cache
@require_safe
@allow(ANY_MEMBER)
def job_file(request: MemberRequest, number: int) -> HttpResponse:
    job = _job(request, number)
    if not hasattr(job, "file"):
        raise Http404(_("このファイルはありません。"))
    if job.file.is_expired or job.file.content is None:
        return render(request, "jobs/job_detail.html", {"job": job, "situation": _situation(job)}, status=410)
    return HttpResponse(
        bytes(job.file.content),
        content_type=job.file.content_type,
        headers={"Content-Disposition": content_disposition_header(True, job.file.filename)},
    )


@require_POST
@allow(ANY_MEMBER)
def retry_job(request: MemberRequest, number: int) -> HttpResponse:
    job = _job(request, number)
    services.retry(job)
    return redirect(tenant_reverse("jobs:job_detail", number=job.pk))


@require_POST
@allow(ANY_MEMBER)
def make_again(request: MemberRequest, number: int) -> HttpResponse:
    job = services.make_again(_job(request, number), requested_by=member_of(request))
    return redirect(tenant_reverse("jobs:job_detail", number=job.pk))
