"""What staff look for, and what the municipality settles."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from centres.forms import ANY, NOT_A_CHOICE, SEARCH_WORDS_LENGTH
from civic.forms import PlainText, Section
from matching.forms import FitForm
from matching.models import WEIGHTS, ConsentPurpose, GuildRule, Skill, SupporterStatus
from matching.supporters.queries import SupporterSearch


class SupporterSearchForm(FitForm):
    """Looking for those who help."""

    q = forms.CharField(
        label=_("呼び名・できること・話せる言葉"),
        required=False,
        max_length=SEARCH_WORDS_LENGTH,
        widget=forms.TextInput({"type": "search"}),
    )
    status = forms.ChoiceField(
        label=_("状態"), required=False, choices=[*ANY, *SupporterStatus.choices], error_messages=NOT_A_CHOICE
    )

    consent = forms.ChoiceField(
        label=_("同意していること"),
        required=False,
        choices=[*ANY, *ConsentPurpose.choices],
        error_messages=NOT_A_CHOICE,
    )

    field_order = ["q", *FitForm.base_fields, "status", "consent"]

    def search(self) -> SupporterSearch:
        """Return what is looked for, without the answers that are wrong. Called once the form is cleaned."""
        return SupporterSearch(**self.answers())


class SkillForm(PlainText, forms.ModelForm):
    """Something that one can do for others."""

    class Meta:
        model = Skill
        fields = ["name", "position", "is_retired"]
        help_texts = {
            "name": _("例：車の運転、パソコン、手話。"),
            "position": _("小さい数ほど、先に出ます。"),
            "is_retired": _("新しくえらべなくなります。これまでの記録には残ります。"),
        }

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Skill.objects.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("同じ名前のものが、もうあります。"))
        return name


class GuildRuleForm(forms.ModelForm):
    """By what candidates are ranked, and how long is waited."""

    class Meta:
        model = GuildRule
        fields = [
            *WEIGHTS,
            "rest_days",
            "answer_days",
            "reminder_days",
            "lease_minutes",
            "contact_days",
        ]
        help_texts = {
            "contact_days": _(
                "退会すると、同意と呼び名はすぐに消えます。氏名と連絡先は、保険や活動の問合せに答えるため、この日数だけ残します。"
            ),
        }

    def clean(self) -> dict[str, Any]:
        super().clean()
        reminder, answer = self.cleaned_data.get("reminder_days"), self.cleaned_data.get("answer_days")
        if reminder is not None and answer is not None and reminder >= answer:
            self.add_error("reminder_days", _("返事を待つ日数より、短くしてください。"))
        return self.cleaned_data

    def sections(self) -> list[Section]:
        weights = [self[name] for name in WEIGHTS]
        return [
            Section(
                _("候補の順番"),
                [*weights, self["rest_days"]],
                _(
                    "点の大きいことほど、候補の順番に効きます。大切なのは、たがいの割合です。0点にすると、順番に効きません。"
                ),
            ),
            Section(_("待つ日数"), [self[name] for name in ("answer_days", "reminder_days", "lease_minutes")]),
            Section(_("退会したあと"), [self["contact_days"]]),
        ]
