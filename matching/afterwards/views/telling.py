"""What is done alike, whoever does it: tell of a day or take it back, have a year certified, write a few words."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.forms import YearForm
from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.calendar import fiscal_year_of
from civic.tenancy.urls import tenant_reverse
from matching.afterwards import services
from matching.afterwards.forms import DayForm, FeedbackForm
from matching.afterwards.queries import first_fiscal_year
from matching.models import Match, Participation, Side, Supporter


def day(request: MemberRequest, match: Match, back: str, *, told: Participation | None = None) -> HttpResponse:
    """Show the form for a day of activity, with what was told of it, or take it down."""
    form = DayForm(request.POST if request.method == "POST" else None, match=match, told=told)
    if form.is_valid():
        try:
            if told:
                services.correct(told, **form.cleaned_data)
            else:
                services.tell(match, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("記録しました。確認された日を、活動時間に数えます。"))
            return redirect(back)
    context = {"form": form, "match": match, "told": told, "back": back}
    return render(request, "matching/afterwards/tell_day.html", context, status=400 if form.is_bound else 200)


def removal(
    request: MemberRequest, told: Participation, remove: Callable[[Participation], None], back: str
) -> HttpResponse:
    """Ask whether a day is to be deleted, then delete it."""
    if request.method == "POST":
        return attempt(request, lambda: remove(told), _("記録を取り消しました。"), back)
    context = {"told": told, "match": told.match, "back": back}
    return render(request, "matching/afterwards/remove_day.html", context)


def _years(supporters: QuerySet[Supporter]) -> range:
    """From this fiscal year back to the first in which supporters told of activity."""
    this_year = fiscal_year_of(timezone.localdate())
    return range(this_year, first_fiscal_year(supporters, this_year) - 1, -1)


def year_form(request: MemberRequest, supporters: QuerySet[Supporter]) -> YearForm:
    """Return the form for one of the fiscal years in which supporters told of activity; first, for this one."""
    years = _years(supporters)
    return YearForm(request.GET if "fiscal_year" in request.GET else {"fiscal_year": years[0]}, years=years)


def certificate(request: MemberRequest, supporter: Supporter, fiscal_year: int, back: str) -> HttpResponse:
    """Have the certificate of a year made, and lead to how far it is. Raises Http404 for a year that is not offered."""
    if fiscal_year not in _years(Supporter.objects.filter(pk=supporter.pk)):
        raise Http404(_("この年度の証明書はありません。"))
    try:
        job = services.certify(supporter, fiscal_year, by=member_of(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(back)
    return redirect(tenant_reverse("jobs:job_detail", number=job.pk))


def feedback(request: MemberRequest, match: Match, side: Side, back: str) -> HttpResponse:
    """Show the form for a few words of one side, with what it said before, or take them down."""
    given = match.feedbacks.filter(side=side).first()
    form = FeedbackForm(request.POST if request.method == "POST" else None, given=given, side=side)
    if form.is_valid():
        try:
            services.give_feedback(match, side, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("ありがとうございました。感想をセンターに届けました。"))
            return redirect(back)
    context = {"form": form, "match": match, "back": back}
    return render(request, "matching/afterwards/feedback.html", context, status=400 if form.is_bound else 200)


def attempt(request: MemberRequest, act: Callable[[], object], done: str, back: str) -> HttpResponse:
    """Do what a button asks for, say so or why not, and lead back."""
    try:
        act()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return redirect(back)
