"""What groups and the staff fill in about registrations."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from centres.directory.forms import GroupForm
from centres.forms import ANY, NOT_A_CHOICE, SEARCH_WORDS_LENGTH
from centres.models import Group, GroupStanding
from centres.registration.entries import OF_THE_RECORD, PARTS, REACHED_BY, entry_of, field_rules, label_of, public_flag
from centres.registration.models import FieldRule, Publicity, Question, RegistrationRule, RequiredPaper
from centres.registration.queries import registration_rule, representative_of
from centres.registration.uploads import PAPERS
from civic.forms import PlainText
from civic.uploads.checking import CheckedFile
from civic.uploads.forms import UploadField

OWN, PAPER = "own-", "paper-"
# What the staff alone notes of a group.
OF_THE_STAFF = ("last_confirmed_on", "is_published")


class EntryForm(GroupForm):
    """A group's entry as the group itself writes it: what shows it, and how to reach it as far as the rule lets it
    choose what is public."""

    before_entry: tuple[str, ...] = ()

    class Meta(GroupForm.Meta):
        fields = [name for name in GroupForm.Meta.fields if name not in OF_THE_STAFF]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in OF_THE_STAFF:
            self.fields.pop(name, None)
        for name, rule in field_rules().items():
            if name in REACHED_BY and rule.publicity != Publicity.CHOICE:
                del self.fields[public_flag(name)]
                self.fields[name].help_text = (
                    _("「団体をさがす」で公開します。") if rule.publicity == Publicity.ALWAYS else _("公開しません。")
                )
        for name in ("activity_fields", "purpose"):
            self.fields[name].required = True
        self.order_fields([*self.before_entry, *self.fields])

    def answers(self) -> dict[str, Any]:
        """Return the entry as JSON can hold it. Called once the form is valid."""
        said = self.cleaned_data
        district = said["district"]
        return {name: said[name] for name in self.fields if name in OF_THE_RECORD} | {
            "activity_fields": said["activity_fields"],
            "district": district.pk if district else None,
            "active_districts": sorted(district.pk for district in said["active_districts"]),
        }


class ApplicationForm(EntryForm):
    """An application: who speaks for the group, its entry, and the municipality's own questions."""

    representative_name = forms.CharField(label=_("代表者の氏名"), max_length=100)
    representative_email = forms.EmailField(
        label=_("代表者のメールアドレス"),
        help_text=_("登録の連絡に使います。承認のあと、団体のページを直せる方のアドレスにもなります。公開しません。"),
    )
    before_entry = ("representative_name", "representative_email")

    def __init__(self, *args: Any, at_counter: bool = False, for_renewal: bool = False, **kwargs: Any) -> None:
        """`at_counter`: a member of staff fills it in, who has the papers on paper, and for who has no address."""
        super().__init__(*args, **kwargs)
        minimum = registration_rule().minimum_members
        self.minimum_members = minimum
        self.fields["representative_email"].required = not at_counter
        members = self.fields["members_count"]
        members.required = True
        members.help_text = _("登録には%(minimum)s人以上が必要です。") % {"minimum": minimum}
        self.questions = list(Question.objects.all())
        for question in self.questions:
            self.fields[f"{OWN}{question.pk}"] = _field_of(question)
        self.required_papers = list(
            RequiredPaper.objects.filter(for_renewal=True) if for_renewal else RequiredPaper.objects.all()
        )
        for paper in self.required_papers:
            is_required = paper.is_required and not at_counter
            self.fields[f"{PAPER}{paper.pk}"] = UploadField(PAPERS, label=paper.name, required=is_required)

    def offer(self, answers: Mapping[str, Any]) -> None:
        """Begin with answers that were given before."""
        self.initial.update({name: value for name, value in answers.items() if name != "own"})
        self.initial.update({f"{OWN}{pk}": value for pk, value in answers.get("own", {}).items()})

    def offer_group(self, group: Group) -> None:
        """Begin with the entry of a group as it is, and with its representative."""
        seat = representative_of(group)
        who = {"representative_name": seat.name, "representative_email": seat.email} if seat else {}
        self.offer(entry_of(group) | who)

    def clean_members_count(self) -> int:
        members: int = self.cleaned_data["members_count"]
        if members < self.minimum_members:
            words = {"minimum": self.minimum_members}
            raise ValidationError(_("登録には、会員が%(minimum)s人以上必要です。") % words)
        return members

    def answers(self) -> dict[str, Any]:
        own = {str(question.pk): self.cleaned_data[f"{OWN}{question.pk}"] for question in self.questions}
        return super().answers() | {"own": own}

    def papers(self) -> dict[int, CheckedFile]:
        """Return the papers that were sent, by the number of the paper that is required. Called once it is valid."""
        sent = {paper.pk: self.cleaned_data[f"{PAPER}{paper.pk}"] for paper in self.required_papers}
        return {pk: file for pk, file in sent.items() if file}


class CorrectionForm(ApplicationForm):
    """An application that was sent back. Its address of mail is proved by the link, and stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["representative_email"]
        for paper in self.required_papers:
            field = self.fields[f"{PAPER}{paper.pk}"]
            field.required = False
            field.help_text = _("出しなおすときだけ、えらんでください。") + str(field.help_text)


def _field_of(question: Question) -> forms.Field:
    named: dict[str, Any] = {"label": question.words, "help_text": question.help, "required": question.is_required}
    if question.kind == Question.Kind.NUMBER:
        return forms.IntegerField(min_value=0, **named)
    if question.kind == Question.Kind.CHOICE:
        lines = [line.strip() for line in question.choices.splitlines() if line.strip()]
        return forms.ChoiceField(
            choices=[("", _("えらばない")), *((line, line) for line in lines)], error_messages=NOT_A_CHOICE, **named
        )
    widget = forms.Textarea({"rows": 4}) if question.kind == Question.Kind.TEXT else forms.TextInput()
    return forms.CharField(max_length=2000, widget=widget, **named)


class ReasonForm(PlainText, forms.Form):
    """Why."""

    reason = forms.CharField(label=_("理由"), max_length=2000, widget=forms.Textarea({"rows": 4}))


class SendBackForm(ReasonForm):
    """What the group is to correct, in words for the group."""

    reason = forms.CharField(
        label=_("直してほしいところ"),
        help_text=_("団体の方がそのまま読みます。"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )


class StandingForm(PlainText, forms.Form):
    """Why a group's standing changes."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("団体の代表者にも、メールで知らせます。"),
    )


class RegisterSearchForm(PlainText, forms.Form):
    """Looking for groups in the register."""

    q = forms.CharField(
        label=_("ことば"),
        required=False,
        max_length=SEARCH_WORDS_LENGTH,
        widget=forms.TextInput({"type": "search"}),
    )
    standing = forms.ChoiceField(
        label=_("登録の状態"), required=False, choices=[*ANY, *GroupStanding.choices], error_messages=NOT_A_CHOICE
    )


class HandOverForm(PlainText, forms.Form):
    """Who speaks for the group from now on."""

    name = forms.CharField(label=_("新しい代表者の氏名"), max_length=100)
    email = forms.EmailField(label=_("新しい代表者のメールアドレス"))

    def __init__(self, *args: Any, at_counter: bool = False, **kwargs: Any) -> None:
        """`at_counter`: a member of staff fills it in, for who has no address too."""
        super().__init__(*args, **kwargs)
        if at_counter:
            self.fields["email"].required = False
            self.fields["email"].help_text = _("ない方は、空のままにします。団体のページは、センターの窓口で直せます。")


class MergeForm(forms.Form):
    """The group into which another is merged, by its number; asked again before it is done."""

    into = forms.IntegerField(label=_("まとめる先の団体番号"), min_value=1)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean_into(self) -> Group:
        group = (
            Group.objects.prefetch_related("fields", "in_districts").filter(number=self.cleaned_data["into"]).first()
        )
        if group is None:
            raise ValidationError(_("この番号の団体はありません。"))
        return group


class RuleForm(PlainText, forms.ModelForm):
    """The municipality's own rule of registration."""

    reminders = forms.CharField(
        label=_("更新をお知らせする日（終わる何日前か）"),
        help_text=_("「、」で区切って、いくつでも書けます。例：60、30、7。空にすると、お知らせしません。"),
        required=False,
        max_length=100,
    )

    class Meta:
        model = RegistrationRule
        fields = [
            "minimum_members",
            "expires_month",
            "expires_day",
            "renewal_opens_days",
            "reminders",
            "grace_days",
            "kept_months",
            "guidance",
        ]
        widgets = {"guidance": forms.Textarea({"rows": 4})}
        help_texts = {
            "grace_days": _("この間、団体は載ったままですが、部屋の予約は新しくとれません。0なら待ちません。"),
            "kept_months": _(
                "不承認・取り下げ・差し戻しのまま、この月数がたった申込みは、書類とともに自動で消えます。1から120まで。"
            ),
        }

    field_order = Meta.fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["reminders"] = "、".join(str(day) for day in self.instance.reminder_days)

    def clean_reminders(self) -> list[int]:
        typed = unicodedata.normalize("NFKC", self.cleaned_data["reminders"])
        parts = [part for part in re.split(r"[、,\s]+", typed) if part]
        if not all(part.isdecimal() and 0 < int(part) <= 365 for part in parts):
            raise ValidationError(_("1から365までの数字を、「、」で区切って書いてください。"))
        return sorted({int(part) for part in parts}, reverse=True)

    def clean(self) -> dict[str, Any]:
        super().clean()
        month, day = self.cleaned_data.get("expires_month"), self.cleaned_data.get("expires_day")
        if month and day and day > monthrange(2027, month)[1]:
            self.add_error("expires_day", _("毎年ある日を入力してください。"))
        self.instance.reminder_days = self.cleaned_data.get("reminders", [])
        return self.cleaned_data


class FieldRulesForm(forms.Form):
    """For each part of an entry whether its change waits for approval, and for each way to reach a group who decides
    whether everybody sees it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = field_rules()
        self.fields["needs_approval"] = forms.MultipleChoiceField(
            label=_("変えるとき、職員の確認がいる項目"),
            choices=[(name, label_of(name)) for name in PARTS],
            initial=[name for name, rule in self.rules.items() if rule.needs_approval],
            widget=forms.CheckboxSelectMultiple({"class": "choices--columns"}),
            required=False,
            error_messages=NOT_A_CHOICE,
        )
        for name in REACHED_BY:
            self.fields[name] = forms.ChoiceField(
                label=_("%(part)sの公開") % {"part": label_of(name)},
                choices=Publicity.choices,
                initial=self.rules[name].publicity,
                widget=forms.RadioSelect({"class": "choices--row"}),
                error_messages=NOT_A_CHOICE,
            )

    def settled(self) -> dict[str, FieldRule]:
        """Return the rules as they are to be. Called once the form is valid."""
        return {
            name: FieldRule(
                name=name,
                needs_approval=name in self.cleaned_data["needs_approval"],
                publicity=self.cleaned_data.get(name, Publicity.ALWAYS),
            )
            for name in PARTS
        }


class PaperForm(PlainText, forms.ModelForm):
    """A paper that comes with an application."""

    class Meta:
        model = RequiredPaper
        fields = ["name", "is_required", "for_renewal", "position"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if RequiredPaper.objects.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("同じ名前の書類が、もうあります。"))
        return name


class QuestionForm(PlainText, forms.ModelForm):
    """A question of the municipality's own form."""

    class Meta:
        model = Question
        fields = ["words", "help", "kind", "choices", "is_required", "position"]
        widgets = {"kind": forms.RadioSelect({"class": "choices--row"}), "choices": forms.Textarea({"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["kind"]).choices = Question.Kind.choices

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("kind") == Question.Kind.CHOICE and not self.cleaned_data.get("choices", "").strip():
            self.add_error("choices", _("えらぶ答えを、一行に一つずつ書いてください。"))
        return self.cleaned_data
