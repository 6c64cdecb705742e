"""One supporter's record: their own page, and the staff's. Anybody else's is not there."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm, Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow, may
from civic.audit.services import record_viewing
from civic.calendar import era_date
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse
from matching.models import ConsentPurpose, Supporter, SupporterContact
from matching.rules import KEEPS_GUILD, KEEPS_HELP, KEEPS_OWN_HELP
from matching.supporters import services
from matching.supporters.forms.contact import ContactForm, OpenContactForm, OpeningPurpose
from matching.supporters.forms.office import SupporterSearchForm
from matching.supporters.forms.profile import AwayForm, PauseForm, ProfileForm, TimeForm
from matching.supporters.queries import (
    SupporterSearch,
    found,
    guild_rule,
    supporters_for,
    supporters_of,
    with_all,
)

form_view = require_http_methods(["GET", "HEAD", "POST"])


def supporter_or_404(request: MemberRequest, pk: int) -> Supporter:
    """Return a supporter whose record the request's member may change. Raises Http404 for any other."""
    return get_object_or_404(supporters_for(member_of(request)), pk=pk)


def back_to(supporter: Supporter) -> HttpResponse:
    """Lead to a supporter's page."""
    return redirect(tenant_reverse("matching:supporter_detail", pk=supporter.pk))


def form_page(request: MemberRequest, supporter: Supporter, form: BaseForm, **words: str) -> HttpResponse:
    """Show a form about a supporter: `title` and `submit`, and where there is something to explain, `explanation`."""
    context = {"supporter": supporter, "form": form, "is_staff": may(KEEPS_GUILD, member_of(request)), **words}
    return render(request, "matching/office/supporter_form.html", context, status=400 if form.is_bound else 200)


@require_safe
@allow(KEEPS_GUILD)
def supporter_list(request: MemberRequest) -> HttpResponse:
    """Those who help, by what they can do, where and when. Not who they are."""
    form = SupporterSearchForm(request.GET or None)
    form.is_valid()
    search = form.search() if form.is_bound else SupporterSearch()
    context = {"form": form, "page": page_of(request, found(search))}
    return render(request, "matching/office/supporter_list.html", context)


@require_safe
@allow(KEEPS_OWN_HELP)
def own_help(request: MemberRequest) -> HttpResponse:
    """One's own place in the guild; where there are several, as one's business's, the choice among them."""
    own = list(supporters_of(member_of(request)))
    if len(own) == 1:
        return back_to(own[0])
    return render(request, "matching/office/own_help.html", {"supporters": own})


@never_cache
@require_safe
@allow(KEEPS_HELP)
def supporter_detail(request: MemberRequest, pk: int) -> HttpResponse:
    """What is known of a supporter. Who they are stands on another page, which staff open on purpose."""
    supporter = get_object_or_404(with_all(supporters_for(member_of(request))), pk=pk)
    agreed = {consent.purpose: consent for consent in supporter.agreed}  # type: ignore[attr-defined]
    context = {
        "supporter": supporter,
        "is_staff": may(KEEPS_GUILD, member_of(request)),
        "has_needs": SupporterContact.objects.filter(supporter=supporter).exclude(accessibility="").exists(),
        "today": timezone.localdate(),
        "consents": [(purpose.label, agreed.get(purpose)) for purpose in ConsentPurpose],
    }
    return render(request, "matching/office/supporter_detail.html", context)


@form_view
@allow(KEEPS_HELP)
def supporter_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """What is offered, where, and how somebody wants to be asked."""
    supporter = supporter_or_404(request, pk)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=supporter)
    if form.is_valid():
        services.keep_profile(form.save(commit=False), form.profile())
        messages.success(request, _("保存しました。"))
        return back_to(supporter)
    return form_page(request, supporter, form, title=_("登録の内容を直す"), submit=_("保存する"))


@never_cache
@form_view
@allow(KEEPS_GUILD)
def supporter_contact_open(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask what for; once that is said, note it and show who it is. Those who left are here until they are forgotten."""
    contact = get_object_or_404(SupporterContact.objects.select_related("supporter"), supporter=pk)
    form = OpenContactForm(request.POST if request.method == "POST" else None)
    context = {"supporter": contact.supporter, "form": form, "days": guild_rule().contact_days}
    if form.is_valid():
        record_viewing(request.user, contact, str(OpeningPurpose(form.cleaned_data["purpose"]).label))
        return render(request, "matching/office/contact.html", context | {"contact": contact})
    return render(request, "matching/office/contact_open.html", context, status=400 if form.is_bound else 200)


@never_cache
@form_view
@allow(KEEPS_HELP)
def supporter_contact(request: MemberRequest, pk: int) -> HttpResponse:
    """Put right who somebody is; for staff noted as a look at it."""
    supporter = supporter_or_404(request, pk)
    contact = get_object_or_404(SupporterContact.objects.select_related("supporter"), supporter=supporter)
    is_staff = may(KEEPS_GUILD, member_of(request))
    proved = "" if is_staff else request.user.email
    form = ContactForm(request.POST if request.method == "POST" else None, instance=contact, proved_address=proved)
    if is_staff:
        record_viewing(request.user, contact, str(OpeningPurpose.CORRECTION.label))
    if form.is_valid():
        services.keep_contact(form.save(commit=False))
        messages.success(request, _("保存しました。"))
        return back_to(supporter)
    words = {"title": _("お名前と連絡先を直す"), "submit": _("保存する")}
    if not is_staff:
        words["explanation"] = _(
            "いまの連絡先のメールアドレスは、%(email)sです。変えるときは、先に「利用者情報」でログインに使うアドレスを変えてください。"
        ) % {"email": contact.email}
    return form_page(request, supporter, form, **words)


# ---- when


@form_view
@allow(KEEPS_HELP)
def supporter_time_add(request: MemberRequest, pk: int) -> HttpResponse:
    supporter = supporter_or_404(request, pk)
    form = TimeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.add_time(supporter, **form.cleaned_data)
        messages.success(request, _("動ける時間を加えました。"))
        return back_to(supporter)
    return form_page(request, supporter, form, title=_("動ける時間を加える"), submit=_("加える"))


@form_view
@allow(KEEPS_HELP)
def supporter_time_remove(request: MemberRequest, pk: int, time: int) -> HttpResponse:
    supporter = supporter_or_404(request, pk)
    found = get_object_or_404(supporter.times, pk=time)
    if request.method == "POST":
        services.remove_time(found)
        messages.success(request, _("動ける時間を消しました。"))
        return back_to(supporter)
    words = _("「%(time)s」を消します。") % {"time": found}
    if supporter.times.count() == 1:
        words += _(
            "ほかに動ける時間がないので、いつでもよいことになります。休みたいときは、「しばらく休む」をお使いください。"
        )
    return _ask(request, supporter, _("動ける時間を消しますか"), words)


def _ask(request: MemberRequest, supporter: Supporter, title: str, words: str) -> HttpResponse:
    """Ask before something is taken away."""
    return form_page(request, supporter, Form(), title=title, explanation=words, submit=_("消す"), danger="yes")


@form_view
@allow(KEEPS_HELP)
def supporter_away_add(request: MemberRequest, pk: int) -> HttpResponse:
    supporter = supporter_or_404(request, pk)
    form = AwayForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.add_away(supporter, **form.cleaned_data)
        messages.success(request, _("動けない日を加えました。"))
        return back_to(supporter)
    return form_page(request, supporter, form, title=_("動けない日を加える"), submit=_("加える"))


@form_view
@allow(KEEPS_HELP)
def supporter_away_remove(request: MemberRequest, pk: int, away: int) -> HttpResponse:
    supporter = supporter_or_404(request, pk)
    found = get_object_or_404(supporter.absences, pk=away)
    if request.method == "POST":
        services.remove_away(found)
        messages.success(request, _("動けない日を消しました。"))
        return back_to(supporter)
    days = {"first": era_date(found.first_day), "last": era_date(found.last_day)}
    words = _("%(first)sから%(last)sまでを消します。この間も、手伝いをお願いすることがあります。") % days
    return _ask(request, supporter, _("動けない日を消しますか"), words)


# ---- pausing


def _do(request: MemberRequest, supporter: Supporter, service: Callable[[], None], done: str) -> HttpResponse:
    try:
        service()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, done)
    return back_to(supporter)


@form_view
@allow(KEEPS_HELP)
def supporter_pause(request: MemberRequest, pk: int) -> HttpResponse:
    supporter = supporter_or_404(request, pk)
    form = PauseForm(request.POST if request.method == "POST" else None, initial={"until": supporter.paused_until})
    if form.is_valid():
        until = form.cleaned_data["until"]
        return _do(request, supporter, lambda: services.pause(supporter, until), _("お休みにしました。"))
    explanation = _("お休みのあいだは、手伝いをお願いしません。もう決まっている活動は、そのままです。")
    return form_page(request, supporter, form, title=_("休む"), submit=_("休む"), explanation=explanation)


@require_POST
@allow(KEEPS_HELP)
def supporter_come_back(request: MemberRequest, pk: int) -> HttpResponse:
    supporter = supporter_or_404(request, pk)
    return _do(request, supporter, lambda: services.come_back(supporter), _("お休みを終わりにしました。"))
