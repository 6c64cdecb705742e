"""Where the portal differs from what django-allauth does by itself."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import User
from civic.accounts.tasks import send_email_confirmation, send_password_reset


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation, and mail goes out through the worker."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("メールアドレスかパスワードが正しくありません。"),
        "too_many_login_attempts": _(
            "続けて何度も間違えたため、ログインを止めています。15分ほど待ってから、もう一度お試しください。"
            "お急ぎのときは、館長にご相談ください。"
        ),
        "rate_limited": _(
            "続けて何度も間違えたため、受け付けを止めています。15分ほど待ってから、もう一度お試しください。"
        ),
        "incorrect_code": _("数字が正しくありません。アプリに今表示されている数字を入力してください。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        send_password_reset.delay_on_commit(user.pk)

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        send_email_confirmation.delay_on_commit(emailconfirmation.email_address.pk)
