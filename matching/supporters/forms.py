"""What people fill in about helping."""

from collections.abc import Collection, Mapping
from datetime import date, time
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.forms import ANY, NONE, NOT_A_CHOICE, SEARCH_WORDS_LENGTH
from centres.models import ActivityField, District
from civic.calendar import age_on
from civic.forms import EraDateField, PlainText, Section
from civic.tenancy.forms import RecordChoiceField, RecordMultipleChoiceField
from matching.forms import FitForm
from matching.models import (
    Away,
    ConsentPurpose,
    Frequency,
    GuildRule,
    Reach,
    Skill,
    SkillLevel,
    Supporter,
    SupporterContact,
    SupporterKind,
    SupporterStatus,
    SupporterTime,
    Weekday,
)
from matching.queries import skills_to_choose
from matching.supporters.queries import SupporterSearch
from matching.supporters.services import Profile, Times

ADULT_AGE = 18  # 民法 第4条
SKILL, TIMES, CONSENT = "skill-", "times-", "consent-"
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
}


# ---- what one offers


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
            *self.sections_of_help(),
            Section(_("お知らせとお願い"), self._bound("asks_a_month", "news", "prefers_plain_words", "insured_from")),
        ]

    def sections_of_help(self) -> list[Section]:
        """What one can do, and where."""
        skills = [f"{SKILL}{skill.pk}" for skill in self.skills]
        return [
            Section(
                _("できること"), self._bound(*skills, "can_do", "languages"), _("できることだけ、えらんでください。")
            ),
            Section(
                _("どこで、どんな分野で"),
                self._bound("comes_on_site", "helps_online", "home_district", "reach", "comes_to", "activity_fields"),
            ),
        ]

    def _bound(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]


# ---- who one is


class ContactForm(PlainText, forms.ModelForm):
    """Who somebody is, and how to reach them. Whoever is under age names a guardian, who agrees."""

    born_on = EraDateField(
        label=_("生年月日"), required=False, help_text=_("個人の方だけ。年齢に決まりのある募集と、統計に使います。")
    )
    guardian_agrees = forms.BooleanField(label=_("保護者が、ボランティアの登録と活動に同意しています"), required=False)

    class Meta:
        model = SupporterContact
        fields = [
            "name",
            "name_kana",
            "email",
            "phone",
            "address",
            "born_on",
            "guardian_name",
            "guardian_phone",
            "accessibility",
        ]
        widgets = {
            "name": forms.TextInput({"autocomplete": "name"}),
            "email": forms.EmailInput({"autocomplete": "email"}),
            "phone": forms.TextInput({"type": "tel", "autocomplete": "tel"}),
            "address": forms.TextInput({"autocomplete": "street-address"}),
            "guardian_phone": forms.TextInput({"type": "tel"}),
        }
        help_texts = {
            "guardian_name": _("18歳未満の方だけ、入力してください。"),
            "name": _("団体や企業は、名前のあとに、担当の方の氏名を書いてください。"),
            "accessibility": _("例：階段が苦手、車いすを使う、大きな文字がよい。"),
        }

    field_order = [
        "name",
        "name_kana",
        "email",
        "takes_address",
        "phone",
        "address",
        "born_on",
        "guardian_name",
        "guardian_phone",
        "guardian_agrees",
        "accessibility",
    ]

    takes_address = forms.BooleanField(required=False)

    def __init__(self, *args: Any, proved_address: str = "", **kwargs: Any) -> None:
        """`proved_address`: that with which somebody signed in. One's own is proved by a letter and not typed over; the
        one of the account, which is proved as well, can take its place."""
        super().__init__(*args, **kwargs)
        self.initial["guardian_agrees"] = self.instance.guardian_agreed_on is not None
        self.proved_address = proved_address
        takes = self.fields["takes_address"]
        takes.label = _("これからは、ログインに使うアドレス（%(email)s）に連絡がほしい") % {"email": proved_address}
        if proved_address:
            del self.fields["email"]
        if proved_address in ("", self.instance.email):
            del self.fields["takes_address"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        check_age(self, self.instance.supporter.kind)
        return self.cleaned_data

    def save(self, commit: bool = True) -> SupporterContact:
        agrees = self.cleaned_data["guardian_agrees"]
        self.instance.guardian_agreed_on = (
            (self.instance.guardian_agreed_on or timezone.localdate()) if agrees else None
        )
        if self.cleaned_data.get("takes_address"):
            self.instance.email = self.proved_address
        contact: SupporterContact = super().save(commit)
        return contact


def check_age(form: forms.Form | forms.ModelForm, kind: str) -> None:
    """Add the errors of somebody without a birthday, or under age (on this day) without a guardian who agrees."""
    said, today = form.cleaned_data, timezone.localdate()
    born = said.get("born_on")
    if kind == SupporterKind.PERSON and born is None and "born_on" in said:
        form.add_error("born_on", _("生年月日を入力してください。"))
    if born and born > today:
        form.add_error("born_on", _("まだ来ていない日です。"))
    elif kind == SupporterKind.PERSON and born and age_on(today, born) < ADULT_AGE:
        for name in ("guardian_name", "guardian_phone"):
            if name in said and not said[name]:
                form.add_error(name, _("18歳未満の方は、保護者の氏名と電話を入力してください。"))
        if not said.get("guardian_agrees"):
            form.add_error("guardian_agrees", _("18歳未満の方は、保護者の同意が必要です。"))
    if said.get("guardian_agrees") and not said.get("guardian_name") and "guardian_name" not in form.errors:
        form.add_error("guardian_name", _("同意した保護者の氏名を入力してください。"))


# ---- joining


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

    def clean(self) -> dict[str, Any]:
        super().clean()
        check_age(self, self.cleaned_data.get("kind", ""))
        return self.cleaned_data

    def sections(self) -> list[Section]:
        about = [name for name in self.contact_names if name != "accessibility"]
        return [
            Section(_("あなたについて"), self._bound("kind", "nickname", *about)),
            *self.sections_of_help(),
            Section(
                _("動ける時間"),
                self._bound(*self.times.values()),
                _(
                    "午前は8時から12時、午後は12時から5時、夜は5時から9時です。"
                    "いつでもよい方は、何もえらばないでください。くわしい時刻は、登録のあとで決められます。"
                ),
            ),
            Section(
                _("お知らせとお願い"),
                self._bound("asks_a_month", "news", "prefers_plain_words", "accessibility", "insured_from"),
            ),
            Section(
                _("同意していただくこと"),
                self._bound(*consent_fields(), "has_paper"),
                _("一つずつ、同意するものにしるしを付けてください。あとから、いつでも変えられます。"),
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


# ---- when


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


# ---- the staff's


class OpeningPurpose(models.TextChoices):
    """What somebody's contact is opened for."""

    ASK = "ask", _("手伝いのお願い・返事の確認")
    URGENT = "urgent", _("中止などの急な連絡")
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


class SupporterSearchForm(FitForm):
    """Looking for those who help."""

    q = forms.CharField(
        label=_("呼び名・できること"),
        required=False,
        max_length=SEARCH_WORDS_LENGTH,
        widget=forms.TextInput({"type": "search"}),
    )
    status = forms.ChoiceField(
        label=_("状態"), required=False, choices=[*ANY, *SupporterStatus.choices], error_messages=NOT_A_CHOICE
    )

    field_order = ["q", *FitForm.base_fields, "status"]

    def search(self) -> SupporterSearch:
        """Return what is looked for, without the answers that are wrong. Called once the form is cleaned."""
        return SupporterSearch(**self.answers())


# ---- the municipality's own


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
            "weight_skill",
            "weight_welcome_skill",
            "weight_time",
            "weight_district",
            "weight_field",
            "weight_experience",
            "weight_rest",
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
        weights = [self[name] for name in self.fields if name.startswith("weight_")]
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
