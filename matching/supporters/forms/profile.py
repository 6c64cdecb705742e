"""What somebody offers and when, and that they pause or leave."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.forms import NONE, NOT_A_CHOICE
from centres.models import ActivityField, District
from civic.forms import EraDateField, PlainText, Section
from civic.tenancy.forms import RecordChoiceField, RecordMultipleChoiceField
from matching.models import (
    Away,
    Frequency,
    Reach,
    SkillLevel,
    Supporter,
    SupporterKind,
    SupporterTime,
    Weekday,
)
from matching.queries import skills_to_choose
from matching.supporters.services import Profile

SKILL = "skill-"
WHERE = ("comes_on_site", "helps_online", "home_district", "reach", "comes_to", "activity_fields")


class ProfileForm(PlainText, forms.ModelForm):
    """What somebody offers, where, and how they want to be asked."""

    home_district = RecordChoiceField(
        label=_("お住まい・所在地の地区"), required=False, queryset=District.objects.all(), empty_label=NONE
    )
    comes_to = RecordMultipleChoiceField(
        label=_("行ける地区"),
        help_text=_("いくつでもえらべます。"),
        required=False,
        queryset=District.objects.all(),
        widget=forms.CheckboxSelectMultiple({"class": "choices--columns"}),
    )
    activity_fields = forms.TypedMultipleChoiceField(
        label=_("手伝いたい分野"),
        help_text=_("いくつでもえらべます。決まっていなければ、えらばなくてかまいません。"),
        required=False,
        coerce=int,
        choices=ActivityField.choices,
        widget=forms.CheckboxSelectMultiple({"class": "choices--columns"}),
        error_messages=NOT_A_CHOICE,
    )
    insured_from = EraDateField(
        label=_("ボランティア活動保険に入った日"),
        required=False,
        help_text=_("入っていれば入力します。次の日から、その年度の終わり（3月31日）まで有効です。"),
    )

    class Meta:
        model = Supporter
        fields = [
            "kind",
            "nickname",
            "can_do",
            "languages",
            "home_district",
            "reach",
            "comes_on_site",
            "helps_online",
            "asks_a_month",
            "news",
            "prefers_plain_words",
            "insured_from",
        ]
        widgets = {
            "kind": forms.RadioSelect({"class": "choices--row"}),
            "can_do": forms.Textarea({"rows": 3}),
            "reach": forms.RadioSelect,
            "news": forms.RadioSelect({"class": "choices--row"}),
        }
        labels = {"can_do": _("ほかにできること（自分の言葉で）")}
        help_texts = {
            "nickname": _("団体には、紹介が決まるまで、この呼び名だけを伝えます。本名でなくてかまいません。"),
            "languages": _("例：日本語、英語、手話。"),
            "prefers_plain_words": _("短い文と、やさしい言葉で書きます。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A choice must be made, and none is offered as an answer.
        for name, choices in (("kind", SupporterKind), ("reach", Reach), ("news", Frequency)):
            self.fields[name].choices = choices.choices  # type: ignore[attr-defined]
        levels = {row.skill_id: row.level for row in self.instance.skills.all()} if self.instance.pk else {}
        self.skills = list(skills_to_choose(levels))
        for skill in self.skills:
            self.fields[f"{SKILL}{skill.pk}"] = forms.TypedChoiceField(
                label=skill.name,
                required=False,
                coerce=lambda value: SkillLevel(int(value)),
                empty_value=None,
                choices=[("", NONE), *SkillLevel.choices],
                initial=levels.get(skill.pk),
                error_messages=NOT_A_CHOICE,
            )
        if self.instance.pk:
            self.initial["activity_fields"] = [row.field for row in self.instance.fields.all()]
            self.initial["comes_to"] = [row.district_id for row in self.instance.districts.all()]

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        if not (said.get("comes_on_site") or said.get("helps_online")):
            self.add_error("comes_on_site", _("現地かオンラインの、どちらかをえらんでください。"))
        is_within_districts = said.get("comes_on_site") and said.get("reach") == Reach.DISTRICTS
        if is_within_districts and "comes_to" in said and not said["comes_to"]:
            self.add_error("comes_to", _("行ける地区をえらぶか、「市内ならどこでも」をえらんでください。"))
        return said

    def profile(self) -> Profile:
        """Return what was said beside the supporter's own row. Called once the form is valid."""
        levels = {skill: self.cleaned_data[f"{SKILL}{skill.pk}"] for skill in self.skills}
        return Profile(
            skills={skill: level for skill, level in levels.items() if level},
            fields=self.cleaned_data["activity_fields"],
            districts=[district.pk for district in self.cleaned_data["comes_to"]],
        )

    def sections(self) -> list[Section]:
        """The form as it is read, part by part."""
        return [
            Section(_("あなたについて"), self._bound("kind", "nickname")),
            self.section_of_skills("languages"),
            Section(_("どこで、どんな分野で"), self._bound(*WHERE)),
            Section(_("お知らせとお願い"), self._bound("asks_a_month", "news", "prefers_plain_words", "insured_from")),
        ]

    def section_of_skills(self, *more: str) -> Section:
        """What one can do."""
        skills = [f"{SKILL}{skill.pk}" for skill in self.skills]
        return Section(_("できること"), self._bound(*skills, "can_do", *more), _("できることだけ、えらんでください。"))

    def _bound(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]


class TimeForm(forms.ModelForm):
    """A time of the week."""

    class Meta:
        model = SupporterTime
        fields = ["weekday", "starts", "ends"]
        widgets = {
            "weekday": forms.RadioSelect({"class": "choices--row"}),
            "starts": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "ends": forms.TimeInput({"type": "time"}, format="%H:%M"),
        }
        error_messages = {
            name: {"invalid": _("時刻は 13:30 のように入力してください。")} for name in ("starts", "ends")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weekday"].choices = Weekday.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        if starts is not None and ends is not None and ends <= starts:
            self.add_error("ends", _("終わりは、始まりよりあとの時刻にしてください。"))
        return self.cleaned_data


class AwayForm(forms.ModelForm):
    """Days on which somebody cannot help."""

    first_day = EraDateField(label=_("いつから"))
    last_day = EraDateField(label=_("いつまで"))

    class Meta:
        model = Away
        fields = ["first_day", "last_day"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("「いつから」と同じ日か、あとの日にしてください。"))
        elif last and last < timezone.localdate():
            self.add_error("last_day", _("もう過ぎた日です。"))
        return self.cleaned_data


class PauseForm(forms.Form):
    """Until when somebody is not to be asked."""

    until = EraDateField(
        label=_("いつまで休むか"), required=False, help_text=_("決まっていなければ、空のままにしてください。")
    )

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until and until < timezone.localdate():
            raise forms.ValidationError(_("もう過ぎた日です。"))
        return until


class LeaveForm(forms.Form):
    """Asked a second time, by something that is done on purpose."""

    is_sure = forms.BooleanField(
        label=_("退会します"), error_messages={"required": _("退会するときは、しるしを付けてください。")}
    )
