"""Joining, and what one agrees to."""

from collections.abc import Collection, Mapping
from datetime import time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.forms import NOT_A_CHOICE
from civic.forms import Section
from matching.models import ConsentPurpose, Reach, SupporterContact, Weekday
from matching.supporters.forms.contact import ContactForm, check_age
from matching.supporters.forms.profile import WHERE, ProfileForm
from matching.supporters.services import Times

TIMES, CONSENT = "times-", "consent-"
# They meet, so that who has time in the morning and the afternoon has it without a break.
PARTS_OF_DAY = {
    "morning": (_("午前"), time(8), time(12)),
    "afternoon": (_("午後"), time(12), time(17)),
    "evening": (_("夜"), time(17), time(21)),
}
CONSENT_WORDS: dict[ConsentPurpose, Any] = {
    ConsentPurpose.INTRODUCTION: _(
        "呼び名・できること・動ける時間を、募集した団体に伝えます。同意がないと、紹介できません。"
    ),
    ConsentPurpose.URGENT_CALLS: _("前の日の夜や当日の中止などを、電話でお知らせします。"),
    ConsentPurpose.PUBLICATION: _("呼び名と、活動のようすを、市のホームページなどで紹介します。"),
    ConsentPurpose.SHARE_NAME: _("あなたと団体の両方が希望したあとで、その団体にだけ伝えます。"),
    ConsentPurpose.SHARE_PHONE: _("あなたと団体の両方が希望したあとで、その団体にだけ伝えます。"),
    ConsentPurpose.SHARE_EMAIL: _("あなたと団体の両方が希望したあとで、その団体にだけ伝えます。"),
    ConsentPurpose.SHARE_NEEDS: _("あなたと団体の両方が希望したあとで、その団体にだけ伝えます。"),
}


class ConsentsForm(forms.Form):
    """What somebody agrees to: each purpose by itself, and none ticked beforehand."""

    has_paper = forms.BooleanField(label=_("署名のある同意書（紙）を受け取った"), required=False)

    def __init__(self, *args: Any, given: Collection[str] = (), at_counter: bool = False, **kwargs: Any) -> None:
        """`given`: the purposes that are agreed to now."""
        super().__init__(*args, **kwargs)
        self.given = set(given)
        self.fields = consent_fields(self.given) | ({"has_paper": self.fields["has_paper"]} if at_counter else {})

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        if "has_paper" in self.fields and not said["has_paper"] and purposes_in(said) - self.given:
            self.add_error("has_paper", _("新しい同意には、署名のある同意書が必要です。"))
        return said

    def purposes(self) -> set[ConsentPurpose]:
        """Return what is agreed to. Called once the form is valid."""
        return purposes_in(self.cleaned_data)


def consent_fields(given: Collection[str] = ()) -> dict[str, forms.Field]:
    """A box for each purpose, ticked where it is agreed to already."""
    return {
        f"{CONSENT}{purpose}": forms.BooleanField(
            label=purpose.label, help_text=CONSENT_WORDS[purpose], required=False, initial=purpose in given
        )
        for purpose in ConsentPurpose
    }


def purposes_in(said: Mapping[str, Any]) -> set[ConsentPurpose]:
    return {purpose for purpose in ConsentPurpose if said.get(f"{CONSENT}{purpose}")}


class JoinForm(ProfileForm):
    """All that is asked of somebody who joins, on one page."""

    has_paper = forms.BooleanField(label=_("署名のある同意書（紙）を受け取った"))

    def __init__(self, *args: Any, at_counter: bool = False, **kwargs: Any) -> None:
        """`at_counter`: a member of staff fills it in, who has the signed paper, and for who has no address."""
        super().__init__(*args, **kwargs)
        # Who says nothing of where, as of when, is asked wherever it is.
        self.initial["reach"] = Reach.ANYWHERE
        contact = ContactForm(instance=SupporterContact())
        self.contact_names = list(contact.fields)
        self.fields |= contact.fields
        self.fields["email"].required = not at_counter
        if not at_counter:
            self.fields["email"].help_text = _("確認のメールをお送りします。")
            del self.fields["has_paper"]
        self.times = {weekday: f"{TIMES}{weekday}" for weekday in Weekday}
        for weekday, name in self.times.items():
            self.fields[name] = forms.MultipleChoiceField(
                label=weekday.label,
                required=False,
                choices=[(part, words) for part, (words, _starts, _ends) in PARTS_OF_DAY.items()],
                widget=forms.CheckboxSelectMultiple({"class": "choices--row"}),
                error_messages=NOT_A_CHOICE,
            )
        self.fields |= consent_fields()
        # Errors are listed as they come on the page.
        self.order_fields([field.name for section in self.sections() for field in section.fields])

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        check_age(self, said.get("kind", ""))
        if ConsentPurpose.URGENT_CALLS in purposes_in(said) and not said.get("phone", ""):
            self.add_error("phone", _("急な連絡を電話で受ける方は、電話番号を入力してください。"))
        return said

    def sections(self) -> list[Section]:
        """First what is needed of everybody; what can be told later is folded."""
        return [
            Section(_("あなたについて"), self._bound("kind", "nickname", "name", "email", "phone", "born_on")),
            Section(
                _("保護者のこと（18歳未満の方）"),
                self._bound("guardian_name", "guardian_phone", "guardian_agrees"),
                is_folded=True,
            ),
            self.section_of_skills(),
            Section(
                _("同意していただくこと"),
                self._bound(*consent_fields(), "has_paper"),
                _("一つずつ、同意するものにしるしを付けてください。あとから、いつでも変えられます。"),
            ),
            Section(
                _("動ける時間（あとからでも書けます）"),
                self._bound(*self.times.values()),
                _(
                    "午前は8時から12時、午後は12時から5時、夜は5時から9時です。"
                    "いつでもよい方は、何もえらばないでください。くわしい時刻は、登録のあとで決められます。"
                ),
                is_folded=True,
            ),
            Section(
                _("どこで、どんな分野で（あとからでも書けます）"),
                self._bound(*WHERE),
                _("書かないあいだは、市内のどこのことでも、どの分野のことでも、お願いすることがあります。"),
                is_folded=True,
            ),
            Section(
                _("配慮がほしいこと・言葉・保険・住所（あとからでも書けます）"),
                self._bound("accessibility", "languages", "insured_from", "name_kana", "address"),
                is_folded=True,
            ),
            Section(
                _("お知らせの回数（あとからでも変えられます）"),
                self._bound("asks_a_month", "news", "prefers_plain_words"),
                is_folded=True,
            ),
        ]

    def contact(self) -> SupporterContact:
        """Return who joins. Called once the form is valid."""
        said = {name: self.cleaned_data[name] for name in self.contact_names if name != "guardian_agrees"}
        agreed_on = timezone.localdate() if self.cleaned_data["guardian_agrees"] else None
        return SupporterContact(**said, guardian_agreed_on=agreed_on)

    def times_of_week(self) -> Times:
        """Return when there is time, parts of a day that meet as one. Called once the form is valid."""
        found: list[tuple[int, time, time]] = []
        for weekday, name in self.times.items():
            chosen = [span for part, span in PARTS_OF_DAY.items() if part in self.cleaned_data[name]]
            for _words, starts, ends in chosen:
                if found and found[-1][0] == weekday and found[-1][2] == starts:
                    found[-1] = (weekday, found[-1][1], ends)
                else:
                    found.append((weekday, starts, ends))
        return found

    def purposes(self) -> set[ConsentPurpose]:
        """Return what is agreed to. Called once the form is valid."""
        return purposes_in(self.cleaned_data)
