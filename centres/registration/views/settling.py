"""The municipality's own rule of registration, settled by its manager."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import ModelForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres.registration import settling
from centres.registration.forms import FieldRulesForm, PaperForm, QuestionForm, RuleForm
from centres.registration.models import Question, RequiredPaper
from centres.registration.queries import registration_rule
from centres.rules import SETTLE_RULES
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.tenancy.urls import tenant_reverse

form_view = require_http_methods(["GET", "HEAD", "POST"])
ASKED: dict[str, tuple[type[Model], type[ModelForm]]] = {
    "papers": (RequiredPaper, PaperForm),
    "questions": (Question, QuestionForm),
}


@require_safe
@allow(SETTLE_RULES)
def rule(request: MemberRequest) -> HttpResponse:
    """The whole rule, with the way to each part of it."""
    context = {
        "rule": registration_rule(),
        "papers": RequiredPaper.objects.all(),
        "questions": Question.objects.all(),
    }
    return render(request, "registration/settling/rule.html", context)


def _asked(what: str) -> tuple[type[Model], type[ModelForm]]:
    """What is asked for, and its form. Raises Http404 for anything else."""
    if what not in ASKED:
        raise Http404(_("このページはありません。"))
    return ASKED[what]


def _saved(request: MemberRequest) -> HttpResponse:
    messages.success(request, _("きまりを保存しました。"))
    return redirect(tenant_reverse("registration:rule"))


def _form(request: MemberRequest, form: object, title: str, is_bound: bool, **more: object) -> HttpResponse:
    context = {"form": form, "title": title, **more}
    return render(request, "registration/settling/form.html", context, status=400 if is_bound else 200)


@form_view
@allow(SETTLE_RULES)
def edit_rule(request: MemberRequest) -> HttpResponse:
    form = RuleForm(request.POST if request.method == "POST" else None, instance=registration_rule())
    if form.is_valid():
        settling.settle_rule(form.save(commit=False))
        return _saved(request)
    return _form(request, form, _("登録の期間と人数を決める"), form.is_bound)


@form_view
@allow(SETTLE_RULES)
def edit_fields(request: MemberRequest) -> HttpResponse:
    form = FieldRulesForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        settling.settle_fields(form.settled())
        return _saved(request)
    return _form(request, form, _("確認と公開のきまりを決める"), form.is_bound)


@form_view
@allow(SETTLE_RULES)
def add_asked(request: MemberRequest, what: str) -> HttpResponse:
    """One more paper, or one more question."""
    _model, form_of = _asked(what)
    form = form_of(request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        return _saved(request)
    return _form(request, form, _("書類を加える") if what == "papers" else _("質問を加える"), form.is_bound)


@form_view
@allow(SETTLE_RULES)
def edit_asked(request: MemberRequest, what: str, pk: int) -> HttpResponse:
    model, form_of = _asked(what)
    asked = get_object_or_404(model, pk=pk)
    form = form_of(request.POST if request.method == "POST" else None, instance=asked)
    if form.is_valid():
        form.save()
        return _saved(request)
    return _form(request, form, str(asked), form.is_bound, what=what, asked=asked)


@form_view
@allow(SETTLE_RULES)
def drop_asked(request: MemberRequest, what: str, pk: int) -> HttpResponse:
    """Ask first, then ask for it no longer."""
    model, _form_of = _asked(what)
    asked = get_object_or_404(model, pk=pk)
    if request.method != "POST":
        return render(request, "registration/settling/drop.html", {"asked": asked, "what": what})
    try:
        settling.drop(asked)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(tenant_reverse("registration:rule"))
    return _saved(request)
