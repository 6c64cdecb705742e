"""What people fill in."""

from collections.abc import Iterable, Mapping
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
    District,
    Group,
    GroupKind,
    Method,
    RetentionRule,
)
from centres.queries import ConsultationSearch, Directory, DirectorySearch
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

    def search(self) -> DirectorySearch:
        """Return what is looked for. Called once the form is cleaned."""
        right = self.cleaned_data
        district = right.get("district")
        return DirectorySearch(
            q=right.get("q", ""),
            field=right.get("field"),
            district=district.pk if district else None,
            kind=right.get("kind", ""),
        )

    def filters(self, directory: Directory) -> list[Filter]:
        """Return the questions that have answers, in order."""
        search = directory.search
        districts = [(district.pk, district.name) for district in District.objects.all()]
        filters = [
            self._filter("field", ActivityField.choices, directory.count_by_field(), search.field),
            self._filter("district", districts, directory.count_by_district(), search.district),
            self._filter("kind", GroupKind.choices, directory.count_by_kind(), search.kind),
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


class ConsultationForm(PlainText, forms.ModelForm):
    """A consultation as it is logged, and completed."""

    received_on = EraDateField(label=_("受付日"))
    received_time = forms.TimeField(
        label=_("受付時刻"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("時刻は 13:30 のように入力してください。")},
    )
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        received = timezone.localtime(self.instance.received_at)
        self.initial.update(received_on=received.date(), received_time=received.time())

    def offer(self, typed: Mapping[str, list[str]]) -> None:
        """Show what was typed before, as far as it went; nothing of it is checked before it is sent."""
        data = MultiValueDict(typed)
        for name, field in self.fields.items():
            self.initial[name] = field.widget.value_from_datadict(data, MultiValueDict(), name)

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        day, time = cleaned.get("received_on"), cleaned.get("received_time")
        if day and time is not None:
            received_at = timezone.make_aware(datetime.combine(day, time))
            if received_at > timezone.now():
                self.add_error("received_on", _("まだ来ていない日時です。"))
            self.instance.received_at = received_at
        return cleaned


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
