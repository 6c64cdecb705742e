"""What people fill in about events."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.events.models import (
    PEOPLE_AT_MOST,
    BookingContact,
    Event,
    EventKind,
    EventSession,
    HeardFrom,
    ParticipantRetention,
    Satisfaction,
    SurveyAnswer,
)
from centres.events.queries import EventSearch, groups_to_choose
from centres.forms import ANY, NONE, NOT_A_CHOICE, SEARCH_WORDS_LENGTH
from centres.models import ActivityField
from civic.forms import EraDateField, PlainText
from civic.tenancy.forms import RecordChoiceField

REACH = timedelta(days=5 * 366)


def refuse_out_of_reach(day: date) -> None:
    """Raise ValidationError for a day that no event is planned or written down for, as a slip of the finger makes."""
    if abs(day - timezone.localdate()) > REACH:
        raise forms.ValidationError(_("前後5年のうちの日を入力してください。"))


class ClockField(forms.TimeField):
    """A time of day."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
            error_messages={"invalid": _("時刻は 13:30 のように入力してください。")},
        )


class EventSearchForm(PlainText, forms.Form):
    """Looking for events. An answer that is wrong is named beside its question and left out of the search."""

    q = forms.CharField(
        label=_("ことば"),
        required=False,
        max_length=SEARCH_WORDS_LENGTH,
        widget=forms.TextInput({"type": "search"}),
    )
    kind = forms.ChoiceField(
        label=_("種類"), required=False, choices=[*ANY, *EventKind.choices], error_messages=NOT_A_CHOICE
    )
    field = forms.TypedChoiceField(
        label=_("活動分野"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[*ANY, *ActivityField.choices],
        error_messages=NOT_A_CHOICE,
    )

    def search(self) -> EventSearch:
        """Return what is looked for, without the answers that are wrong. Called once the form is cleaned."""
        return EventSearch(**{name: value for name, value in self.cleaned_data.items() if value})


# ---- the event ----


class SessionForm(forms.Form):
    """When a session is."""

    day = EraDateField(label=_("日にち"), validators=[refuse_out_of_reach])
    starts = ClockField(_("始まりの時刻"))
    ends = ClockField(_("終わりの時刻"))

    @staticmethod
    def initial_of(session: EventSession) -> dict[str, Any]:
        """Return what the form shows of a session that there is."""
        starts, ends = (timezone.localtime(moment) for moment in (session.starts_at, session.ends_at))
        return {"day": starts.date(), "starts": starts.time(), "ends": ends.time()}

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts is not None and ends is not None and ends <= starts:
            self.add_error("ends", _("終わりは、始まりよりあとの時刻にしてください。"))
        return cleaned

    def session(self, event: Event) -> EventSession:
        """Return the session that was filled in. Called once the form is valid."""
        day, starts, ends = (self.cleaned_data[name] for name in ("day", "starts", "ends"))
        starts_at, ends_at = (timezone.make_aware(datetime.combine(day, moment)) for moment in (starts, ends))
        return EventSession(event=event, starts_at=starts_at, ends_at=ends_at)


class EventForm(PlainText, forms.ModelForm):
    """What is said of an event."""

    field = forms.TypedChoiceField(
        label=_("活動分野"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", NONE), *ActivityField.choices],
        error_messages=NOT_A_CHOICE,
    )
    group = RecordChoiceField(
        label=_("主催する団体"),
        help_text=_("センターが主催するときは、えらばないでください。"),
        queryset=groups_to_choose(),
        required=False,
        empty_label=_("センターの主催"),
    )
    booking_closes_on = EraDateField(
        label=_("申し込みの締め切り"),
        help_text=_("この日の終わりまで受け付けます。空のときは、始まる時刻まで受け付けます。"),
        required=False,
        validators=[refuse_out_of_reach],
    )

    class Meta:
        model = Event
        fields = [
            "title",
            "title_kana",
            "kind",
            "summary",
            "description",
            "place_name",
            "place_address",
            "place_note",
            "audience",
            "fee",
            "fee_note",
            "takes_bookings",
            "capacity",
            "booking_closes_on",
            "note_to_participants",
            "group",
            "field",
        ]
        widgets = {
            "kind": forms.RadioSelect({"class": "choices--row"}),
            "description": forms.Textarea({"rows": 6}),
            "note_to_participants": forms.Textarea({"rows": 3}),
        }
        help_texts = {
            "title_kana": _("読み方です。オープンデータの一覧にのせます。"),
            "summary": _("一覧にのせる、1行か2行の紹介です。"),
            "place_name": _("オンラインで開くときは「オンライン」と入力してください。"),
            "fee": _("無料のときは0です。"),
            "fee_note": _("例：材料費として、当日集めます。"),
            "capacity": _("空のときは、人数をかぎりません。こえた申し込みは、キャンセル待ちになります。"),
            "note_to_participants": _(
                "申し込みの確認と前日のメールにのせます。例：オンライン会議のアドレス、持ちもの。"
            ),
        }


class NewEventForm(SessionForm, EventForm):
    """A new event with its first session."""

    field_order = ["title", "title_kana", "kind", "day", "starts", "ends", *EventForm.Meta.fields[3:]]


class CallOffForm(PlainText, forms.Form):
    """Why an event does not take place."""

    reason = forms.CharField(
        label=_("中止の理由"),
        max_length=200,
        help_text=_("公開ページと、申し込んだ人へのメールにのせます。例：台風が近づいているため。"),
    )


# ---- bookings ----


class BookingForm(PlainText, forms.ModelForm):
    """Who comes, and with how many. On the web an address is needed, because the answer goes there."""

    people = forms.IntegerField(
        label=_("人数（人）"),
        help_text=_("あなたをふくめた人数です。"),
        min_value=1,
        max_value=PEOPLE_AT_MOST,
        initial=1,
    )

    class Meta:
        model = BookingContact
        fields = ["name", "email", "phone", "note"]
        widgets = {
            "name": forms.TextInput({"autocomplete": "name"}),
            "email": forms.EmailInput({"autocomplete": "email"}),
            "phone": forms.TextInput({"type": "tel", "autocomplete": "tel"}),
        }
        help_texts = {
            "email": _("確認のメールをお送りします。"),
            "phone": _("急な中止をお知らせするために使います。"),
            "note": _("例：車いすの席、手話通訳。"),
        }

    field_order = ["name", "email", "phone", "people", "note"]


class WebBookingForm(BookingForm):
    """A booking by anybody on the web."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True


class CounterBookingForm(BookingForm):
    """A booking that staff take at the counter or on the telephone."""

    class Meta(BookingForm.Meta):
        widgets = {"name": forms.TextInput({"autofocus": True}), "phone": forms.TextInput({"type": "tel"})}


class ContactForm(PlainText, forms.ModelForm):
    """Who booked, put right."""

    class Meta:
        model = BookingContact
        fields = ["name", "email", "phone", "note"]
        widgets = {"phone": forms.TextInput({"type": "tel"})}


class RetentionForm(forms.ModelForm):
    """For how long participants are kept."""

    class Meta:
        model = ParticipantRetention
        fields = ["months"]
        help_texts = {
            "months": _(
                "催しの最後の日からの月数です。過ぎた人の氏名と連絡先は、毎日自動で消えます。人数と統計は残ります。"
            )
        }


class WalkInsForm(forms.ModelForm):
    """How many came without booking."""

    class Meta:
        model = EventSession
        fields = ["walk_ins"]


# ---- afterwards ----


class SurveyForm(PlainText, forms.ModelForm):
    """An answer, on a telephone or copied from paper."""

    satisfaction = forms.TypedChoiceField(
        label=_("この催しに満足しましたか"),
        coerce=int,
        choices=Satisfaction.choices,
        widget=forms.RadioSelect,
        error_messages=NOT_A_CHOICE | {"required": _("1つえらんでください。")},
    )

    heard_from = forms.ChoiceField(
        label=_("何で知りましたか"),
        required=False,
        choices=HeardFrom.choices,
        widget=forms.RadioSelect,
        error_messages=NOT_A_CHOICE,
    )

    class Meta:
        model = SurveyAnswer
        fields = ["satisfaction", "heard_from", "comment", "wish"]
        widgets: dict[str, forms.Widget] = {
            "comment": forms.Textarea({"rows": 4}),
            "wish": forms.Textarea({"rows": 3}),
        }


class PaperAnswerForm(SurveyForm):
    """Answers on paper, typed one after the other: a figure for each step, words where there are any, Enter."""

    satisfaction = forms.TypedChoiceField(
        label=_("満足度"),
        help_text=_("1 とても満足　2 満足　3 どちらともいえない　4 不満　5 とても不満"),
        coerce=int,
        choices=Satisfaction.choices,
        widget=forms.TextInput({"inputmode": "numeric", "autofocus": True, "autocomplete": "off"}),
        error_messages={
            "invalid_choice": _("1から5までの数字を入力してください。"),
            "required": _("1から5までの数字を入力してください。"),
        },
    )
    heard_from = forms.ChoiceField(
        label=_("何で知りましたか"),
        required=False,
        choices=[("", NONE), *HeardFrom.choices],
        error_messages=NOT_A_CHOICE,
    )

    class Meta(SurveyForm.Meta):
        # One line each: Enter sends the answer and opens the next.
        widgets = {
            "comment": forms.TextInput({"autocomplete": "off"}),
            "wish": forms.TextInput({"autocomplete": "off"}),
        }


class IntroductionForm(PlainText, forms.Form):
    """Two groups that were introduced to each other."""

    one = RecordChoiceField(label=_("団体"), queryset=groups_to_choose())
    other = RecordChoiceField(label=_("引き合わせた団体"), queryset=groups_to_choose())
    about = forms.CharField(label=_("話したこと・これからのこと"), max_length=200, required=False)
