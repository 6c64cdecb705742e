"""What the municipality settles: what one can do for others, and how candidates are found."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres.rules import SETTLE_RULES
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.tenancy.urls import tenant_reverse
from matching.models import Skill
from matching.supporters.forms.office import GuildRuleForm, SkillForm
from matching.supporters.queries import guild_rule, skills_with_use

form_view = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@allow(SETTLE_RULES)
def skill_list(request: MemberRequest) -> HttpResponse:
    """What can be chosen, in order, with how many chose it."""
    return render(request, "matching/settling/skill_list.html", {"skills": skills_with_use()})


def _saved(request: MemberRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(tenant_reverse("matching:skill_list"))


def _page(request: MemberRequest, form: SkillForm | GuildRuleForm, title: str) -> HttpResponse:
    context = {"form": form, "title": title}
    return render(request, "matching/settling/form.html", context, status=400 if form.is_bound else 200)


@form_view
@allow(SETTLE_RULES)
def skill_new(request: MemberRequest) -> HttpResponse:
    last = Skill.objects.last()
    initial = {"position": last.position + 1 if last else 1}
    form = SkillForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        form.save()
        return _saved(request, _("加えました。"))
    return _page(request, form, _("できることを加える"))


@form_view
@allow(SETTLE_RULES)
def skill_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Rename, put in another place, or offer it no more. What somebody chose is never deleted."""
    skill = get_object_or_404(Skill, pk=pk)
    form = SkillForm(request.POST if request.method == "POST" else None, instance=skill)
    if form.is_valid():
        form.save()
        return _saved(request, _("保存しました。"))
    return _page(request, form, str(skill))


@form_view
@allow(SETTLE_RULES)
def edit_rule(request: MemberRequest) -> HttpResponse:
    """By what candidates are ranked, and how long is waited."""
    form = GuildRuleForm(request.POST if request.method == "POST" else None, instance=guild_rule())
    if form.is_valid():
        form.save()
        return _saved(request, _("きまりを保存しました。"))
    return _page(request, form, _("紹介のきまり"))
