"""What people fill in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from centres.models import (
    ActivityField,
    AskerKind,
    Consultation,
    ConsultationCategory,
    ConsultationContact,
    ConsultationEntry,
    District,
    Group,
    GroupKind,
    GroupStanding,
    Method,
    Referral,
    ReferralKind,
    RetentionRule,
    Seeking,
)
from centres.occasions import offered
from centres.periods import MONTHS, Period
from centres.queries import ConsultationSearch, Directory, DirectorySearch
from civic.calendar import era_date, fiscal_year_label
from civic.forms import EraDateField, PlainText
from civic.tenancy.forms import RecordChoiceField, RecordMultipleChoiceField

SEARCH_WORDS_LENGTH = 100
NOT_A_CHOICE = {"invalid_choice": _("一覧の中からえらんでください。")}
ANY = [("", _("すべて"))]
NONE = _("えらばない")


@dataclass(frozen=True)
class Filter:
    """One question of the directory, and its answers that leave something: value, words, how many groups."""

    field: forms.BoundField
    answers: list[tuple[Any, str, int]]
    given: Any


class DirectoryForm(PlainText, forms.Form):
    """Looking for groups. An answer that is wrong is named beside its question and left out of the search."""

    q = forms.CharField(label=_("ことば"), required=False, max_length=SEARCH_WORDS_LENGTH)
    field = forms.TypedChoiceField(
        label=_("活動分野"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=ActivityField.choices,
        error_messages=NOT_A_CHOICE,
    )
    district = RecordChoiceField(label=_("地区"), required=False, queryset=District.objects.all())
    kind = forms.ChoiceField(
        label=_("団体の種別"), required=False, choices=GroupKind.choices, error_messages=NOT_A_CHOICE
    )
    seeking = forms.ChoiceField(
        label=_("募集していること"), required=False, choices=Seeking.choices, error_messages=NOT_A_CHOICE
    )

    def search(self) -> DirectorySearch:
        """Return what is looked for. Called once the form is cleaned."""
        right = self.cleaned_data
        district = right.get("district")
        return DirectorySearch(
            q=right.get("q", ""),
            field=right.get("field"),
            district=district.pk if district else None,
            kind=right.get("kind", ""),
            seeking=right.get("seeking", ""),
        )

    def filters(self, directory: Directory) -> list[Filter]:
        """Return the questions that have answers, in order."""
        search = directory.search
        districts = [(district.pk, district.name) for district in District.objects.all()]
        filters = [
            self._filter("field", ActivityField.choices, directory.count_by_field(), search.field),
            self._filter("district", districts, directory.count_by_district(), search.district),
            self._filter("kind", GroupKind.choices, directory.count_by_kind(), search.kind),
            self._filter("seeking", Seeking.choices, directory.count_by_seeking(), search.seeking),
        ]
        return [shown for shown in filters if shown.answers or shown.field.errors]

    def _filter(self, name: str, choices: Iterable[tuple[Any, Any]], counts: Mapping[Any, int], given: Any) -> Filter:
        answers = [(value, label, counts[value]) for value, label in choices if counts[value] or value == given]
        return Filter(self[name], answers, given)


class ConsultationSearchForm(PlainText, forms.Form):
    """Looking for consultations."""

    q = forms.CharField(
        label=_("ことば"),
        required=False,
        max_length=SEARCH_WORDS_LENGTH,
        widget=forms.TextInput({"type": "search"}),
    )
    category = RecordChoiceField(
        label=_("相談の種類"), required=False, queryset=ConsultationCategory.objects.all(), empty_label=ANY[0][1]
    )
    method = forms.ChoiceField(
        label=_("相談方法"), required=False, choices=[*ANY, *Method.choices], error_messages=NOT_A_CHOICE
    )
    asker_kind = forms.ChoiceField(
        label=_("相談者"), required=False, choices=[*ANY, *AskerKind.choices], error_messages=NOT_A_CHOICE
    )
    since = EraDateField(label=_("受付日（この日から）"), required=False)
    until = EraDateField(label=_("受付日（この日まで）"), required=False)

    def search(self) -> ConsultationSearch:
        """Return what is looked for, without the answers that are wrong. Called once the form is cleaned."""
        return ConsultationSearch(**{name: value for name, value in self.cleaned_data.items() if value})


class TypedChoices(forms.CheckboxSelectMultiple):
    """Checkboxes; where scripts run, what is typed in an input above narrows them, and Enter takes the first."""

    template_name = "forms/widgets/typed_choices.html"


# What is known of a consultation at once, and what is often added later.
AT_ONCE = ("method", "asker_kind", "is_anonymous", "summary", "categories", "field", "people", "minutes")
LATER = ("content", "answer", "follow_up_on", "group")


class AtMoment(PlainText, forms.ModelForm):
    """A form about what happened at a moment: the record's `{moment}_at`, asked for as a day and a time of day."""

    moment: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at = timezone.localtime(getattr(self.instance, f"{self.moment}_at"))
        self.initial.update({f"{self.moment}_on": at.date(), f"{self.moment}_time": at.time()})

    def clean(self) -> dict[str, Any]:
        super().clean()
        day, time = (self.cleaned_data.get(f"{self.moment}_{part}") for part in ("on", "time"))
        if day and time is not None:
            at = timezone.make_aware(datetime.combine(day, time))
            if at > timezone.now():
                self.add_error(f"{self.moment}_on", _("まだ来ていない日時です。"))
            setattr(self.instance, f"{self.moment}_at", at)
        return self.cleaned_data


def _time_of_day(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("時刻は 13:30 のように入力してください。")},
    )


class ConsultationForm(AtMoment):
    """A consultation as it is logged, and completed."""

    moment = "received"
    received_on = EraDateField(label=_("受付日"))
    received_time = _time_of_day(_("受付時刻"))
    categories = RecordMultipleChoiceField(
        label=_("相談の種類"),
        help_text=_("いくつでもえらべます。"),
        queryset=ConsultationCategory.objects.all(),
        widget=TypedChoices({"class": "choices--columns"}),
        required=False,
    )
    field = forms.TypedChoiceField(
        label=_("活動分野"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", NONE), *ActivityField.choices],
        error_messages=NOT_A_CHOICE,
    )
    group = RecordChoiceField(
        label=_("関係する団体"),
        queryset=Group.objects.order_by("name_kana", "number"),
        required=False,
        empty_label=NONE,
    )
    follow_up_on = EraDateField(label=_("次に連絡する日"), required=False)

    field_order = [*AT_ONCE, "received_on", "received_time", *LATER]

    class Meta:
        model = Consultation
        fields = [*AT_ONCE, *LATER]
        widgets = {
            "method": forms.RadioSelect({"class": "choices--row", "autofocus": True}),
            "asker_kind": forms.RadioSelect({"class": "choices--row"}),
            "content": forms.Textarea({"rows": 6}),
            "answer": forms.Textarea({"rows": 6}),
        }
        help_texts = {"minutes": _("センターの中だけで使います。相談した人には見えません。")}

    def offer(self, typed: Mapping[str, list[str]]) -> None:
        """Show what was typed before, as far as it went; nothing of it is checked before it is sent."""
        data = MultiValueDict(typed)
        for name, field in self.fields.items():
            self.initial[name] = field.widget.value_from_datadict(data, MultiValueDict(), name)


class EntryForm(AtMoment):
    """A later contact about a case, and when the next one is to be."""

    moment = "made"
    follow_up_on = EraDateField(
        label=_("次に連絡する日"), required=False, help_text=_("もう連絡しなくてよければ、空のままにします。")
    )
    made_on = EraDateField(label=_("日付"))
    made_time = _time_of_day(_("時刻"))

    class Meta:
        model = ConsultationEntry
        fields = ["said", "method", "minutes"]
        widgets = {
            "said": forms.Textarea({"rows": 3}),
            "method": forms.RadioSelect({"class": "choices--row"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        due = self.instance.consultation.follow_up_on
        # What was due by today is done with this contact.
        if due and (due > timezone.localdate() or self.instance.pk):
            self.initial["follow_up_on"] = due


class ReferralForm(PlainText, forms.ModelForm):
    """To whom the person who asked is led on."""

    group = RecordChoiceField(
        label=_("団体"),
        # Nobody is led on to what is no more.
        queryset=Group.objects.exclude(standing__in=[GroupStanding.MERGED, GroupStanding.DISSOLVED]).order_by(
            "name_kana", "number"
        ),
        required=False,
        empty_label=NONE,
        help_text=_("団体につないだときにえらびます。"),
    )
    event_number = forms.TypedChoiceField(
        label=_("催し・講座"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages=NOT_A_CHOICE,
        help_text=_("催し・講座につないだときに、これから開くものからえらびます。ないときは、下に名前を書きます。"),
    )
    referred_on = EraDateField(label=_("つないだ日"))

    class Meta:
        model = Referral
        fields = ["kind", "group", "event_number", "name", "note", "referred_on"]
        widgets = {"kind": forms.RadioSelect({"class": "choices--row", "autofocus": True})}
        help_texts = {"name": _("市の担当課、または上の一覧にない催しにつないだときに書きます。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        occasions = offered()
        self._titles = {number: title for number, title, _day in occasions}
        choices = [(number, f"{title}（{era_date(day)}）") for number, title, day in occasions]
        self.fields["event_number"].choices = [("", NONE), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        kind = self.cleaned_data.get("kind")
        if kind != ReferralKind.EVENT:
            self.cleaned_data["event_number"] = None
        elif number := self.cleaned_data.get("event_number"):
            self.cleaned_data["name"] = self._titles[number]
        if kind == ReferralKind.GROUP:
            self._ask_for("group", _("つないだ団体をえらんでください。"))
        elif kind in (ReferralKind.EVENT, ReferralKind.DEPARTMENT):
            self._ask_for("name", _("つないだ催しや担当課の名前を書いてください。"))
        # What was filled in for another kind of place does not belong to this one.
        if kind != ReferralKind.GROUP:
            self.cleaned_data["group"] = None
        if kind in (ReferralKind.GROUP, ReferralKind.GUILD):
            self.cleaned_data["name"] = ""
        return self.cleaned_data

    def _ask_for(self, name: str, words: Any) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, words)


class YearForm(forms.Form):
    """For which fiscal year something is shown; `years`, the latest first, may be chosen."""

    fiscal_year = forms.TypedChoiceField(label=_("年度"), coerce=int, error_messages=NOT_A_CHOICE)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = years[0]
        self.fields["fiscal_year"].choices = [(year, fiscal_year_label(year)) for year in years]  # type: ignore[attr-defined]

    def asked_for(self) -> int:
        """Return the year; the latest in the place of a wrong one."""
        self.is_valid()
        year: int = self.cleaned_data.get("fiscal_year", self.latest)
        return year


class PeriodForm(YearForm):
    """For which fiscal year or which month of it something is counted."""

    month = forms.TypedChoiceField(
        label=_("月"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("年度全体")), *((month, _("%(month)s月") % {"month": month}) for month in MONTHS)],
        error_messages=NOT_A_CHOICE,
    )

    def period(self) -> Period:
        """Return what is asked for; what is wrong in it is left out."""
        return Period(self.asked_for(), self.cleaned_data.get("month"))


class ContactForm(PlainText, forms.ModelForm):
    """How to reach the person who asked."""

    class Meta:
        model = ConsultationContact
        fields = ["name", "phone", "email", "address", "note"]
        widgets = {
            "phone": forms.TextInput({"type": "tel"}),
            "note": forms.Textarea({"rows": 3}),
        }
        help_texts = {"note": _("例：夜7時よりあとに電話する。留守番電話には残さない。")}


class OpeningPurpose(models.TextChoices):
    """What somebody's contact is opened for."""

    REPLY = "reply", _("相談への連絡・返事")
    CORRECTION = "correction", _("連絡先の確認・訂正")
    REQUEST = "request", _("ご本人からの求め（開示・削除など）")


class OpenContactForm(forms.Form):
    """What for, before anything is shown."""

    purpose = forms.ChoiceField(
        label=_("開く目的"),
        choices=OpeningPurpose.choices,
        widget=forms.RadioSelect,
        error_messages=NOT_A_CHOICE,
    )


class RetentionForm(forms.ModelForm):
    """For how long contacts are kept."""

    class Meta:
        model = RetentionRule
        fields = ["months"]
        help_texts = {
            "months": _(
                "最後に相談を受けてからの月数です。過ぎた連絡先は、毎日自動で消えます。相談の記録と統計は残ります。"
            )
        }


class FollowUpForm(forms.Form):
    """Another day for contacting the person who asked."""

    day = EraDateField(label=_("次に連絡する日"))

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("明日よりあとの日を入力してください。"))
        return day
