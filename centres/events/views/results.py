"""What came of an event: its survey, and the groups that met."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres.events import services
from centres.events.codes import qr_code
from centres.events.forms import IntroductionForm, PaperAnswerForm
from centres.events.models import AnswerWay, Event, Introduction, SurveyAnswer
from centres.events.queries import survey_closes_at, survey_result
from centres.events.rules import EVENTS
from centres.events.tokens import token_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse


@require_safe
@allow(EVENTS)
def survey_sheet(request: MemberRequest, pk: int) -> HttpResponse:
    """A sheet to print: the code that leads to the survey, and the same questions to be answered on paper."""
    event = get_object_or_404(Event, pk=pk)
    url = settings.PORTAL_URL + tenant_reverse("events:survey", token=token_of(event))
    context = {
        "event": event,
        "url": url,
        "code": qr_code(url),
        "closes_at": survey_closes_at(event),
        "form": PaperAnswerForm(),
    }
    return render(request, "events/office/survey_sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(EVENTS)
def survey_entry(request: MemberRequest, pk: int) -> HttpResponse:
    """Type answers from paper, one after the other."""
    event = get_object_or_404(Event, pk=pk)
    answer = SurveyAnswer(event=event, way=AnswerWay.PAPER)
    form = PaperAnswerForm(request.POST if request.method == "POST" else None, instance=answer)
    if form.is_valid():
        services.answer_survey(form.save(commit=False))
        messages.success(request, _("記録しました。次の1枚を入力できます。"))
        return redirect(tenant_reverse("events:survey_entry", pk=pk))
    context = {"event": event, "form": form, "on_paper": event.answers.filter(way=AnswerWay.PAPER).count()}
    return render(request, "events/office/survey_entry.html", context, status=400 if form.is_bound else 200)


@require_safe
@allow(EVENTS)
def survey_results(request: MemberRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    words = event.answers.exclude(comment="", wish="").order_by("-pk")
    context = {"event": event, "result": survey_result(event), "page": page_of(request, words)}
    return render(request, "events/office/survey_results.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(EVENTS)
def introduction_new(request: MemberRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    form = IntroductionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.introduce(event, **form.cleaned_data)
        except services.EventRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("引き合わせを記録しました。"))
            return redirect(tenant_reverse("events:office_event_detail", pk=pk))
    context = {"form": form, "event": event}
    return render(request, "events/office/introduction_new.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(EVENTS)
def introduction_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask whether one really wants to, and take back an introduction that was noted by mistake."""
    found = get_object_or_404(Introduction.objects.select_related("event", "one", "other"), pk=pk)
    if request.method == "POST":
        services.take_back_introduction(found)
        messages.success(request, _("引き合わせの記録を消しました。"))
        return redirect(tenant_reverse("events:office_event_detail", pk=found.event_id))
    context = {"introduction": found, "event": found.event}
    return render(request, "events/office/introduction_remove.html", context)
