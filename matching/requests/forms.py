"""What people fill in about requests."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.forms import ANY, NONE, NOT_A_CHOICE, SEARCH_WORDS_LENGTH
from centres.models import ActivityField, District, Group
from centres.rooms.recurrence import Every
from civic.forms import EraDateField, PlainText, Section
from civic.tenancy.forms import RecordChoiceField
from matching.forms import FitForm
from matching.models import (
    HelpRequest,
    Insurance,
    RequestKind,
    RequestStatus,
    Shift,
    Skill,
    SkillLevel,
    Timing,
    Weekday,
)
from matching.queries import RequestSearch, skills_to_choose
from matching.requests.queries import groups_that_may_ask
from matching.requests.services import Span, Wanted

SKILL = "skill-"
REACH = timedelta(days=2 * 366)
MOST_SHIFTS = 120


def refuse_out_of_reach(day: date) -> None:
    """Raise ValidationError for a day that nobody asks help for, as a slip of the finger makes."""
    if not timezone.localdate() <= day <= timezone.localdate() + REACH:
        raise forms.ValidationError(_("今日から2年先までの日を入力してください。"))


class RequestForm(PlainText, forms.ModelForm):
    """What is asked for. The times are given afterwards, one by one or as a series."""

    group = RecordChoiceField(
        label=_("募集する団体"), required=False, queryset=Group.objects.none(), empty_label=_("センターの募集")
    )
    field = forms.TypedChoiceField(
        label=_("活動分野"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", NONE), *ActivityField.choices],
        error_messages=NOT_A_CHOICE,
    )
    district = RecordChoiceField(label=_("地区"), required=False, queryset=District.objects.all(), empty_label=NONE)
    apply_by = EraDateField(
        label=_("申込みの締切"),
        required=False,
        help_text=_("この日の終わりまで受け付けます。空のときは、最後の日時が始まるまで受け付けます。"),
        validators=[refuse_out_of_reach],
    )

    class Meta:
        model = HelpRequest
        fields = [
            "kind",
            "group",
            "title",
            "what",
            "why",
            "offers",
            "field",
            "timing",
            "when",
            "where",
            "district",
            "is_online",
            "people_needed",
            "minimum_age",
            "responsible_name",
            "responsible_phone",
            "insurance",
            "costs",
            "apply_by",
        ]
        widgets = {
            "kind": forms.RadioSelect,
            "what": forms.Textarea({"rows": 5}),
            "why": forms.Textarea({"rows": 3}),
            "offers": forms.Textarea({"rows": 3}),
            "timing": forms.RadioSelect,
            "insurance": forms.RadioSelect,
            "responsible_phone": forms.TextInput({"type": "tel"}),
        }
        help_texts = {
            "title": _("例：海岸の清掃を手伝ってください"),
            "offers": _("団体をさがすときだけ。例：会場、備品、人手、広報。"),
            "timing": _("日時は、このあとの画面で一つずつ、またはまとめて加えます。"),
            "when": _("一覧に出す言葉です。例：毎月第2土曜日 午前9時から11時まで。"),
            "people_needed": _("日時が決まっている募集では、日時ごとの人数を、あとで変えられます。"),
            "minimum_age": _("年齢を問わないときは、空のままにしてください。"),
            "responsible_name": _("公開しません。紹介が決まった方にだけ伝えます。"),
            "costs": _("例：交通費は実費を支払います。昼食を用意します。"),
        }

    def __init__(self, *args: Any, groups: Sequence[Group] | None, **kwargs: Any) -> None:
        """`groups` are those for which a person asks; None where staff ask for anybody, or for the centre."""
        super().__init__(*args, **kwargs)
        for name, choices in (("kind", RequestKind), ("timing", Timing), ("insurance", Insurance)):
            self.fields[name].choices = choices.choices  # type: ignore[attr-defined]
        group = self.fields["group"]
        group.queryset = groups_that_may_ask(groups)  # type: ignore[attr-defined]
        if groups is not None:
            group.required, group.empty_label = True, None  # type: ignore[attr-defined]
        if self.instance.pk and self.instance.status not in (RequestStatus.DRAFT, RequestStatus.SENT_BACK):
            # Who asks, and whom, was checked.
            del self.fields["kind"], self.fields["group"]
        asked = {row.skill_id: row for row in self.instance.skills.all()} if self.instance.pk else {}
        self.skills = list(skills_to_choose(asked))
        for skill in self.skills:
            row = asked.get(skill.pk)
            self.fields[f"{SKILL}{skill.pk}"] = forms.TypedChoiceField(
                label=skill.name,
                required=False,
                coerce=_wanted,
                empty_value=None,
                choices=[("", NONE), *_WANTED],
                initial=f"{row.is_needed:d}{row.level}" if row else "",
                error_messages=NOT_A_CHOICE,
            )

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        kind = said.get("kind", self.instance.kind)
        if kind == RequestKind.PARTNERS and "group" in said and said["group"] is None:
            self.add_error("group", _("いっしょに活動する団体をさがすのは、団体です。団体をえらんでください。"))
        count = self.instance.shifts.count() if self.instance.pk else 0
        if said.get("timing") == Timing.OPEN and count:
            self.add_error("timing", _("日時が入っています。相談して決めるときは、先に日時を消してください。"))
        if said.get("timing") == Timing.ONCE and count > 1:
            self.add_error("timing", _("日時がいくつも入っています。1回だけのときは、先にほかの日時を消してください。"))
        return said

    def wanted_skills(self) -> dict[Skill, Wanted]:
        """Return what helpers must be able to do, or what would be welcome. Called once the form is valid."""
        said = {skill: self.cleaned_data[f"{SKILL}{skill.pk}"] for skill in self.skills}
        return {skill: wanted for skill, wanted in said.items() if wanted}

    def sections(self) -> list[Section]:
        """The form as it is read, part by part."""
        return [
            Section(_("だれが、だれを"), self._bound("kind", "group")),
            Section(_("お願いしたいこと"), self._bound("title", "what", "why", "offers", "field")),
            Section(
                _("いつ、どこで、何人"),
                self._bound("timing", "when", "where", "district", "is_online", "people_needed", "apply_by"),
            ),
            Section(
                _("求めること"),
                self._bound("minimum_age", *(f"{SKILL}{skill.pk}" for skill in self.skills)),
                _("「必要」にすると、それができる人だけを紹介します。"),
            ),
            Section(
                _("責任者・保険・費用"),
                self._bound("responsible_name", "responsible_phone", "insurance", "costs"),
            ),
        ]

    def _bound(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]


_WANTED = [
    (f"{is_needed:d}{level}", f"{words}：{level.label}")
    for is_needed, words in ((True, _("必要")), (False, _("あるとよい")))
    for level in SkillLevel
]


def _wanted(typed: str) -> Wanted:
    return Wanted(is_needed=typed[0] == "1", level=SkillLevel(int(typed[1])))


# ---- the times


def _clock(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("時刻は 13:30 のように入力してください。")},
    )


class TimesForm(forms.Form):
    """From when to when on a day, and how many people are needed then."""

    starts = _clock(_("始まりの時刻"))
    ends = _clock(_("終わりの時刻"))
    people = forms.IntegerField(label=_("人数（人）"), min_value=1, max_value=1000)

    def clean(self) -> dict[str, Any]:
        super().clean()
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        if starts is not None and ends is not None and ends <= starts:
            self.add_error("ends", _("終わりは、始まりよりあとの時刻にしてください。"))
        return self.cleaned_data

    def span_on(self, day: date) -> Span:
        """Return the times on a day. Called once the form is valid."""
        return _at(day, self.cleaned_data["starts"]), _at(day, self.cleaned_data["ends"])


def _at(day: date, moment: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))


class ShiftForm(TimesForm):
    """One time."""

    day = EraDateField(label=_("日にち"), validators=[refuse_out_of_reach])

    field_order = ["day", "starts", "ends", "people"]

    @classmethod
    def of(cls, shift: Shift) -> dict[str, Any]:
        """Return what the form of a shift begins with."""
        starts, ends = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
        return {"day": starts.date(), "starts": starts.time(), "ends": ends.time(), "people": shift.people_needed}

    def span(self) -> Span:
        """Return the time that was filled in. Called once the form is valid."""
        return self.span_on(self.cleaned_data["day"])


class SeriesForm(TimesForm):
    """The same times on certain weekdays, until a day."""

    first = EraDateField(label=_("最初の日"), validators=[refuse_out_of_reach])
    until = EraDateField(label=_("いつまで"), validators=[refuse_out_of_reach])
    every = forms.ChoiceField(label=_("くりかえし"), choices=Every.choices, error_messages=NOT_A_CHOICE)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("曜日"),
        coerce=int,
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple({"class": "choices--row"}),
        error_messages=NOT_A_CHOICE,
    )

    field_order = ["first", "until", "every", "weekdays", "starts", "ends", "people"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        first, until = said.get("first"), said.get("until")
        if first and until and until < first:
            self.add_error("until", _("最初の日より、あとの日にしてください。"))
        if not self.errors:
            count = len(self.days())
            if count == 0:
                self.add_error("weekdays", _("この間に、えらんだ曜日の日がありません。"))
            elif count > MOST_SHIFTS:
                self.add_error("until", _("一度に作れるのは%(most)s日分までです。") % {"most": MOST_SHIFTS})
        return said

    def days(self) -> list[date]:
        """Return the days of the series, in order."""
        said = self.cleaned_data
        every = Every(said["every"])
        found: set[date] = set()
        for weekday in said["weekdays"]:
            first = said["first"] + timedelta(days=(weekday - said["first"].weekday()) % 7)
            if first <= said["until"]:
                found.update(every.days(first, said["until"]))
        return sorted(found)


class SendBackForm(PlainText, forms.Form):
    """What is to be put right, in words for the group."""

    reason = forms.CharField(
        label=_("直していただきたいこと"),
        help_text=_("団体の方がそのまま読みます。"),
        max_length=500,
        widget=forms.Textarea({"rows": 4}),
    )


class CancelForm(PlainText, forms.Form):
    """Why a request is called off; told to whoever was asked or would have come."""

    reason = forms.CharField(
        label=_("取りやめの理由"), help_text=_("声をかけた方、申し込んだ方にも伝えます。"), max_length=500
    )


class KeptSearchForm(PlainText, forms.Form):
    """Looking for requests among all that were entered."""

    q = forms.CharField(
        label=_("ことば"),
        required=False,
        max_length=SEARCH_WORDS_LENGTH,
        widget=forms.TextInput({"type": "search"}),
    )
    status = forms.ChoiceField(
        label=_("状態"), required=False, choices=[*ANY, *RequestStatus.choices], error_messages=NOT_A_CHOICE
    )
    kind = forms.ChoiceField(
        label=_("さがす相手"), required=False, choices=[*ANY, *RequestKind.choices], error_messages=NOT_A_CHOICE
    )


class RequestSearchForm(FitForm):
    """Looking for something that one could help with."""

    kind = forms.ChoiceField(
        label=_("さがす相手"), required=False, choices=[*ANY, *RequestKind.choices], error_messages=NOT_A_CHOICE
    )
    online = forms.BooleanField(label=_("オンラインだけ"), required=False)

    field_order = ["kind", *FitForm.base_fields, "online"]

    def search(self) -> RequestSearch:
        """Return what is looked for, without the answers that are wrong. Called once the form is cleaned."""
        return RequestSearch(**self.answers())
