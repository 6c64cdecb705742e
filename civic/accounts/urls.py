"""Addresses about people.

django-allauth's views are listed one by one, under its own names, each with its rule: what is not listed (signing up,
a second address, signing in by mailed code) does not exist here. Its views keep other people's accounts apart
themselves.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path

from civic.accounts.rules import PUBLIC, SIGNED_IN, allow
from civic.accounts.views import account as own
from civic.accounts.views import invitations, members, operator

public = allow(PUBLIC)
signed_in = allow(SIGNED_IN)

urlpatterns = [
    path("accounts/", own.home, name="account_home"),
    path("accounts/start/", own.start, name="account_start"),
    path("accounts/second-factor/", own.second_factor, name="account_second_factor"),
    path("accounts/login/", public(account.login), name="account_login"),
    path("accounts/logout/", public(account.logout), name="account_logout"),
    path("accounts/inactive/", public(account.account_inactive), name="account_inactive"),
    path("accounts/reauthenticate/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("accounts/email/", own.change_email, name="account_change_email"),
    path("accounts/email/confirm/<str:key>/", public(account.confirm_email), name="account_confirm_email"),
    path("accounts/password/change/", signed_in(account.password_change), name="account_change_password"),
    path("accounts/password/reset/", public(account.password_reset), name="account_reset_password"),
    path("accounts/password/reset/done/", public(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        public(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("accounts/2fa/", signed_in(mfa.index), name="mfa_index"),
    path("accounts/2fa/authenticate/", public(mfa.authenticate), name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("accounts/2fa/totp/activate/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("accounts/2fa/totp/deactivate/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("accounts/2fa/recovery-codes/", signed_in(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "accounts/2fa/recovery-codes/generate/",
        signed_in(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "accounts/2fa/recovery-codes/download/",
        signed_in(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("accounts/2fa/passkeys/", signed_in(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("accounts/2fa/passkeys/add/", signed_in(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("accounts/2fa/passkeys/login/", public(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path(
        "accounts/2fa/passkeys/reauthenticate/",
        signed_in(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("accounts/2fa/passkeys/<int:pk>/edit/", signed_in(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("accounts/2fa/passkeys/<int:pk>/remove/", signed_in(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("accounts/invitations/<slug:municipality>/<str:token>/", invitations.accept, name="invitation_accept"),
    path("operator/", operator.home, name="operator_home"),
    path("operator/new-municipality/", operator.add_municipality, name="operator_add_municipality"),
    # Not called `municipality`: these pages act as none.
    path("operator/municipalities/<slug:slug>/", operator.edit_municipality, name="operator_edit_municipality"),
    path("operator/municipalities/<slug:slug>/invite/", operator.invite_manager, name="operator_invite_manager"),
    path("<slug:municipality>/office/members/", members.member_list, name="member_list"),
    path("<slug:municipality>/office/members/invite/", members.invite, name="member_invite"),
    path("<slug:municipality>/office/members/<int:pk>/role/", members.change_role, name="member_change_role"),
    path("<slug:municipality>/office/members/<int:pk>/end/", members.end_membership, name="member_end"),
    path(
        "<slug:municipality>/office/invitations/<int:pk>/resend/",
        members.resend_invitation,
        name="invitation_resend",
    ),
    path(
        "<slug:municipality>/office/invitations/<int:pk>/revoke/",
        members.revoke_invitation,
        name="invitation_revoke",
    ),
]
