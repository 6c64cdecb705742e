"""Who somebody is, how to reach them, and for what it is opened."""

from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.forms import NOT_A_CHOICE
from civic.calendar import age_on
from civic.forms import EraDateField, PlainText
from matching.models import (
    SupporterContact,
    SupporterKind,
)

ADULT_AGE = 18  # 民法 第4条


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
