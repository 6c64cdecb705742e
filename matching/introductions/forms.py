"""What is typed in about introductions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from civic.forms import PlainText
from matching.models import MatchState, RequestKind, Shift, Supporter, SupporterKind


class AnswerForm(PlainText, forms.Form):
    """Yes or no, and a few words. The answer is the button that was pressed."""

    comment = forms.CharField(
        label=_("ひとこと"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("センターの職員だけが読みます。書かなくてもかまいません。"),
    )
    answer = forms.ChoiceField(choices=[("yes", _("はい")), ("no", _("いいえ"))], widget=forms.HiddenInput)

    @property
    def is_yes(self) -> bool:
        return bool(self.cleaned_data["answer"] == "yes")


class ReasonForm(PlainText, forms.Form):
    """Why something ends; the other side reads it."""

    reason = forms.CharField(
        label=_("理由"), max_length=300, help_text=_("相手に知らせます。お名前や電話などは書かないでください。")
    )


class CommentForm(PlainText, forms.Form):
    """What staff note of a step, for other staff."""

    comment = forms.CharField(
        label=_("記録しておくこと"), required=False, max_length=300, help_text=_("センターの職員だけが読みます。")
    )


class StateForm(forms.Form):
    """Which matches a list shows."""

    state = forms.ChoiceField(label=_("状態"), required=False, choices=[("", _("すべて")), *MatchState.choices])


class ShiftsField(forms.ModelMultipleChoiceField):
    """Some of a request's shifts (`shifts_with_places`), each with its time and how many places are left."""

    def label_from_instance(self, shift: Shift) -> str:
        left = shift.people_needed - shift.taken  # type: ignore[attr-defined]
        if left <= 0:
            words = str(_("満員・空き待ち"))
        elif shift.request.kind == RequestKind.PARTNERS:
            words = _("あと%(left)s団体") % {"left": left}
        else:
            words = _("あと%(left)s人") % {"left": left}
        return f"{render_to_string('matching/hours.html', {'of': shift})}（{words}）"


class ApplyForm(forms.Form):
    """When somebody would help, and as whom; with how many people where it is no single person."""

    supporter = forms.ModelChoiceField(label=_("どの登録で申し込みますか"), queryset=Supporter.objects.none())
    shift = ShiftsField(
        label=_("日時"),
        help_text=_("いくつでもえらべます。"),
        queryset=Shift.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    people = forms.IntegerField(label=_("人数（人）"), min_value=1, max_value=999, initial=1)

    def __init__(
        self, data: Any, shifts: QuerySet[Shift], supporters: QuerySet[Supporter] | None, ticked: Sequence[str] = ()
    ) -> None:
        """`ticked` are shifts, by their number, that an address named as wanted."""
        super().__init__(data, initial={"shift": ticked})
        self.fields["shift"].queryset = shifts  # type: ignore[attr-defined]
        if not shifts:
            del self.fields["shift"]
        if supporters is None:
            # What is counted of partners is groups.
            del self.fields["supporter"], self.fields["people"]
            return
        self.fields["supporter"].queryset = supporters  # type: ignore[attr-defined]
        self.fields["supporter"].initial = supporters[0]
        if all(supporter.kind == SupporterKind.PERSON for supporter in supporters):
            del self.fields["people"]
        if len(supporters) == 1:
            self.fields["supporter"].widget = self.fields["supporter"].hidden_widget()
