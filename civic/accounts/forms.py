"""Forms about people: signing in, being invited, holding a role."""

from typing import Any

from allauth.account.forms import AddEmailForm, LoginForm, ResetPasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.accounts import queries
from civic.accounts.models import Department, Invitation, Role, User
from civic.celery import broker_answers
from civic.tenancy.models import Municipality


class _OwnWords(forms.Form):
    """Words of our own for a form of django-allauth, and no placeholder in the place of a label."""

    labels: dict[str, Any] = {}
    helps: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class SignInForm(_OwnWords, LoginForm):
    labels = {"login": _("メールアドレス"), "password": _("パスワード")}


class _NeedsMail(forms.Form):
    """A form that leads to a letter. Where none can be sent it says so, whoever asks, and nothing else happens."""

    def clean(self) -> dict[str, Any]:
        if not broker_answers():
            raise ValidationError(_("いまメールを送れません。しばらくしてから、もう一度お試しください。"))
        return super().clean() or {}


class ForgottenPasswordForm(_OwnWords, _NeedsMail, ResetPasswordForm):
    labels = {"email": _("メールアドレス")}


class NewEmailForm(_OwnWords, _NeedsMail, AddEmailForm):
    labels = {"email": _("新しいメールアドレス")}


class TotpActivationForm(_OwnWords, ActivateTOTPForm):
    labels = {"code": _("アプリに表示された6けたの数字")}


class TotpForm(_OwnWords, AuthenticateForm):
    labels = {"code": _("アプリに表示された6けたの数字")}
    helps = {"code": _("アプリが使えないときは、控えておいた予備の番号（8けた）を入力してください。")}


class TotpAgainForm(_OwnWords, ReauthenticateForm):
    labels = TotpForm.labels
    helps = TotpForm.helps


class PasskeyForm(_OwnWords, AddWebAuthnForm):
    labels = {"name": _("この端末の呼び名"), "passwordless": _("次からパスワードなしでログインする")}
    helps = {
        "name": _("例：事務室のパソコン"),
        "passwordless": _("指紋や顔、暗証番号で本人を確かめられる端末で使えます。"),
    }


class PasskeyNameForm(_OwnWords, EditWebAuthnForm):
    labels = {"name": _("この端末の呼び名")}


class NameForm(forms.ModelForm):
    """One's own name."""

    class Meta:
        model = User
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].widget.attrs["autocomplete"] = "name"


class _RoleFields(forms.Form):
    """A role and, for an officer, the department they answer for."""

    role = forms.ChoiceField(label=_("役割"), choices=Role.choices, widget=forms.RadioSelect)
    department = forms.ModelChoiceField(
        label=_("担当課"),
        queryset=Department.objects.none(),
        required=False,
        help_text=_("役割が「担当課」のときに選んでください。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = queries.departments()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("role") != Role.OFFICER:
            cleaned["department"] = None
        elif not cleaned.get("department") and "department" not in self.errors:
            self.add_error("department", _("担当課を選んでください。"))
        return cleaned


class RoleForm(_RoleFields):
    """Another role for a member."""


class InvitationForm(_RoleFields):
    """A role for someone who is not a member yet."""

    email = forms.EmailField(
        label=_("メールアドレス"),
        max_length=Invitation._meta.get_field("email").max_length,
        help_text=_("この宛先に、招待のメールを送ります。"),
    )

    field_order = ["email", "role", "department"]


class ManagerInvitationForm(forms.Form):
    """The address of someone who is to manage a municipality."""

    email = forms.EmailField(
        label=_("館長のメールアドレス"),
        max_length=Invitation._meta.get_field("email").max_length,
        help_text=_("この宛先に、招待のメールを送ります。"),
    )


class RegistrationForm(forms.Form):
    """The account of an invited person."""

    name = forms.CharField(label=_("お名前"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("パスワード"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )
    repeated = forms.CharField(
        label=_("パスワード（もう一度）"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            try:
                validate_password(password, User(email=self._email, name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
            if "repeated" in cleaned and cleaned["repeated"] != password:
                self.add_error("repeated", _("二つのパスワードが同じではありません。"))
        return cleaned


class MunicipalityForm(forms.ModelForm):
    """What the operator registers of a municipality."""

    website = forms.URLField(
        label=Municipality._meta.get_field("website").verbose_name, required=False, assume_scheme="https"
    )

    class Meta:
        model = Municipality
        fields = [
            "code",
            "slug",
            "name",
            "name_kana",
            "prefecture",
            "theme",
            "population",
            "population_label",
            "guild_name",
            "office_name",
            "office_address",
            "office_phone",
            "office_fax",
            "office_email",
            "website",
            "licence",
        ]
        help_texts = {
            "population": _("分かるときだけ。市どうしをくらべるページで、人口あたりの値を出します。"),
            "population_label": _("例：国勢調査 平成27年（2015年）"),
            "code": _("総務省の全国地方公共団体コード。6けたの数字です。"),
            "slug": _("半角の英字。ページのアドレスになり、あとから変えられません。例：shimonoseki"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # Links, bookmarks and open data name them.
            del self.fields["code"], self.fields["slug"]
