"""What people fill in about rooms."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.forms import NOT_A_CHOICE, AtMoment
from centres.models import Group
from centres.rooms.booking_rules import Wanted
from centres.rooms.calendars import Span
from centres.rooms.models import Booking, BookingStatus, Closure, Equipment, Loan, Room, RoomBand, Use
from centres.rooms.queries import BookingSearch, UseSearch, bookable_rooms, groups_that_may_book, rooms_in_use
from centres.rooms.recurrence import Every
from civic.forms import EraDateField, PlainText
from civic.tenancy.forms import RecordChoiceField, RecordMultipleChoiceField

ANY = _("すべて")
LONGEST = timedelta(days=366)
REACH = timedelta(days=731)


def _within_reach(day: date | None) -> date | None:
    """The day, or None. Raises ValidationError for one that nobody books or looks up, as a slip of the finger makes."""
    if day and abs(day - timezone.localdate()) > REACH:
        raise forms.ValidationError(_("前後2年のうちの日を入力してください。"))
    return day


class CalendarForm(forms.Form):
    """Which part of the calendar; without answers this week. A wrong answer is named and left out."""

    span = forms.ChoiceField(label=_("期間"), required=False, choices=Span.choices, error_messages=NOT_A_CHOICE)
    room = RecordChoiceField(label=_("部屋"), required=False, queryset=bookable_rooms(), empty_label=ANY)
    day = EraDateField(label=_("この日から"), required=False)

    def clean_day(self) -> date | None:
        return _within_reach(self.cleaned_data["day"])

    @property
    def asked_span(self) -> Span:
        return Span(self.cleaned_data.get("span") or Span.WEEK)

    @property
    def asked_day(self) -> date:
        return self.cleaned_data.get("day") or timezone.localdate()

    @property
    def asked_room(self) -> Room | None:
        return self.cleaned_data.get("room")


class BookingForm(PlainText, forms.ModelForm):
    """A booking of one day. `groups` are those that a person may book for; None where staff book for anybody."""

    day = EraDateField(label=_("使う日"))
    bands = RecordMultipleChoiceField(
        label=_("時間"), queryset=RoomBand.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    group = RecordChoiceField(
        label=_("団体"),
        required=False,
        queryset=groups_that_may_book(),
        empty_label=_("えらばない（センターの使用など）"),
    )

    class Meta:
        model = Booking
        fields = ["day", "bands", "group", "purpose", "people", "is_exception"]
        help_texts = {"purpose": _("例：定例会、会報の印刷")}

    def __init__(self, *args: Any, room: Room, groups: Sequence[Group] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._room = room
        bands = self.fields["bands"]
        bands.queryset = room.bands.all()  # type: ignore[attr-defined]
        bands.label_from_instance = band_in_words  # type: ignore[attr-defined]
        if groups is not None:
            del self.fields["is_exception"]
            group = self.fields["group"]
            group.queryset = Group.objects.filter(pk__in=[one.pk for one in groups])  # type: ignore[attr-defined]
            group.required, group.empty_label, group.initial = True, None, groups[0]  # type: ignore[attr-defined]

    def clean_day(self) -> date | None:
        return _within_reach(self.cleaned_data["day"])

    def wanted(self) -> Wanted:
        """Return what is wanted. Called once the form is valid."""
        right = self.cleaned_data
        return Wanted(
            room=self._room,
            day=right["day"],
            bands=list(right["bands"]),
            purpose=right["purpose"],
            people=right["people"],
            group=right["group"],
            is_exception=right.get("is_exception", False),
        )


def band_in_words(band: RoomBand) -> str:
    """A band with its times, as in 午前（9:00〜12:00）."""
    return f"{band.name}（{band.starts:%-H:%M}〜{band.ends:%-H:%M}）"


class BookingSearchForm(forms.Form):
    """Looking for bookings."""

    room = RecordChoiceField(label=_("部屋"), required=False, queryset=Room.objects.all(), empty_label=ANY)
    group = RecordChoiceField(label=_("団体"), required=False, queryset=groups_that_may_book(), empty_label=ANY)
    status = forms.ChoiceField(
        label=_("状態"), required=False, choices=[("", ANY), *BookingStatus.choices], error_messages=NOT_A_CHOICE
    )
    since = EraDateField(label=_("使う日（この日から）"), required=False)
    until = EraDateField(label=_("使う日（この日まで）"), required=False)

    def search(self) -> BookingSearch:
        """Return what is looked for, without the answers that are wrong. Called once the form is cleaned."""
        return BookingSearch(**{name: value for name, value in self.cleaned_data.items() if value})


class CancelForm(PlainText, forms.Form):
    """Why the centre cancels; the group reads it."""

    because = forms.CharField(
        label=_("取消しの理由"), max_length=100, help_text=_("団体へのメールに、このまま書かれます。")
    )


class PeopleForm(forms.Form):
    """How many came."""

    people = forms.IntegerField(
        label=_("人数（人）"),
        min_value=1,
        max_value=9999,
        widget=forms.NumberInput({"autocomplete": "off", "autofocus": True}),
        error_messages={
            "invalid": _("人数は数字で入力してください。"),
            "min_value": _("人数は1人からです。"),
            "max_value": _("人数が大きすぎます。お確かめください。"),
        },
    )


class CountForm(PeopleForm):
    """How many use a space now, and where: the number first, so that it and Enter are enough."""

    room = RecordChoiceField(
        label=_("場所"), queryset=rooms_in_use(), widget=forms.RadioSelect({"class": "choices--row"}), empty_label=None
    )


class UseSearchForm(forms.Form):
    """Looking for records of use."""

    room = RecordChoiceField(label=_("場所"), required=False, queryset=Room.objects.all(), empty_label=ANY)
    since = EraDateField(label=_("使った日（この日から）"), required=False)
    until = EraDateField(label=_("使った日（この日まで）"), required=False)

    def search(self) -> UseSearch:
        """Return what is looked for, without the answers that are wrong. Called once the form is cleaned."""
        return UseSearch(**{name: value for name, value in self.cleaned_data.items() if value})


class UseForm(AtMoment):
    """What a record of use should have said."""

    moment = "used"
    used_on = EraDateField(label=_("使った日"))
    used_time = forms.TimeField(
        label=_("使った時刻"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("時刻は 13:30 のように入力してください。")},
    )
    room = RecordChoiceField(label=_("場所"), queryset=Room.objects.all(), empty_label=None)

    class Meta:
        model = Use
        fields = ["people", "room"]

    field_order = ("people", "room", "used_on", "used_time")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.booking_id:
            # Where and when is the booking's.
            for name in ("room", "used_on", "used_time"):
                del self.fields[name]


class ClosureForm(PlainText, forms.ModelForm):
    """Days on which a room, or the whole centre, is closed."""

    room = RecordChoiceField(
        label=_("部屋"), required=False, queryset=rooms_in_use(), empty_label=_("すべての部屋（臨時の休館など）")
    )
    first_day = EraDateField(label=_("最初の日"))
    last_day = EraDateField(label=_("最後の日"))

    class Meta:
        model = Closure
        fields = ["room", "first_day", "last_day", "reason"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("最初の日よりあとの日を入力してください。"))
        return self.cleaned_data


class RoomForm(PlainText, forms.ModelForm):
    """A room and its rules."""

    offered_from = EraDateField(label=_("使いはじめた日"), help_text=_("利用率は、この日から数えます。"))
    offered_until = EraDateField(
        label=_("使わなくなる日"),
        required=False,
        help_text=_("この日までは予約できます。これまでの記録は、あとも残ります。"),
    )

    class Meta:
        model = Room
        fields = [
            "name",
            "description",
            "capacity",
            "position",
            "is_bookable",
            "opens_months_before",
            "opens_at",
            "draws_first_day",
            "bookings_at_once",
            "cancel_days_before",
            "offered_from",
            "offered_until",
        ]
        widgets = {"opens_at": forms.TimeInput({"type": "time"}, format="%H:%M")}

    def clean(self) -> dict[str, Any]:
        super().clean()
        first, last = self.cleaned_data.get("offered_from"), self.cleaned_data.get("offered_until")
        if first and last and last < first:
            self.add_error("offered_until", _("使いはじめた日よりあとの日を入力してください。"))
        return self.cleaned_data


class Division(TextChoices):
    """How the day of a new room is divided at first."""

    BANDS = "bands", _("午前（9時〜12時）・午後（13時〜17時）・夜間（18時〜22時）")
    HOURS = "hours", _("9時から21時まで、1時間ごと")
    NONE = "none", _("分けない（予約を受け付けない場所、またはあとで決める）")

    @property
    def bands(self) -> list[RoomBand]:
        if self is Division.BANDS:
            times = [("午前", 9, 12), ("午後", 13, 17), ("夜間", 18, 22)]
        else:
            times = [(f"{hour}時", hour, hour + 1) for hour in range(9, 21) if self is Division.HOURS]
        return [RoomBand(name=name, starts=time(starts), ends=time(ends)) for name, starts, ends in times]


class NewRoomForm(RoomForm):
    """A new room. Its bands can be changed one by one afterwards."""

    division = forms.ChoiceField(
        label=_("1日の分け方"),
        choices=Division.choices,
        initial=Division.BANDS,
        widget=forms.RadioSelect,
        help_text=_("区分の名前と時刻は、あとから一つずつ変えられます。"),
        error_messages=NOT_A_CHOICE,
    )


class BandForm(PlainText, forms.ModelForm):
    """A part of a room's day."""

    class Meta:
        model = RoomBand
        fields = ["name", "starts", "ends"]
        widgets = {name: forms.TimeInput({"type": "time"}, format="%H:%M") for name in ("starts", "ends")}

    def clean(self) -> dict[str, Any]:
        super().clean()
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("始まりよりあとの時刻を入力してください。"))
        return self.cleaned_data

    def _get_validation_exclusions(self) -> set[str]:
        # The room is no question of the form, but part of what keeps its bands apart.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"room"}


class RepeatForm(BookingForm):
    """Bookings on the same weekday, until a day."""

    every = forms.ChoiceField(label=_("くりかえし"), choices=Every.choices, error_messages=NOT_A_CHOICE)
    until = EraDateField(label=_("いつまで"), help_text=_("最初の日から1年先までです。"))

    field_order = ("day", "every", "until", "bands")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = _("最初の日")

    def clean(self) -> dict[str, Any]:
        super().clean()
        first, until = self.cleaned_data.get("day"), self.cleaned_data.get("until")
        if first and until and not first < until <= first + LONGEST:
            self.add_error("until", _("最初の日のあと、1年先までの日を入力してください。"))
        return self.cleaned_data

    def all_wanted(self) -> list[Wanted]:
        """Return what is wanted, day by day. Called once the form is valid."""
        first = self.wanted()
        every = Every(self.cleaned_data["every"])
        return [replace(first, day=day) for day in every.days(first.day, self.cleaned_data["until"])]


class EquipmentForm(PlainText, forms.ModelForm):
    """A kind of equipment."""

    class Meta:
        model = Equipment
        fields = ["name", "quantity", "position"]

    def clean_quantity(self) -> int:
        quantity: int = self.cleaned_data["quantity"]
        if quantity < self.instance.lent:
            raise forms.ValidationError(
                _("いま%(lent)s個を貸しているので、それより少なくはできません。"), params={"lent": self.instance.lent}
            )
        return quantity


class LoanForm(forms.ModelForm):
    """Who takes how many, and until when."""

    group = RecordChoiceField(
        label=_("団体"), required=False, queryset=groups_that_may_book(), empty_label=_("えらばない")
    )
    due_on = EraDateField(label=_("返す日"))

    class Meta:
        model = Loan
        fields = ["quantity", "group", "due_on"]
