"""The secret part of the private link with which a group follows its application."""

from django.core.signing import BadSignature, Signer

from centres.registration.models import Application

_signer = Signer(salt="centres.registration.application")


def token_of(application: Application) -> str:
    """Return what the private link of an application ends in."""
    return _signer.sign(str(application.pk))


def application_of(token: str) -> Application | None:
    """Return the application of a link, if the portal made that link for the municipality acted as."""
    try:
        pk = int(_signer.unsign(token))
    except (BadSignature, ValueError):
        return None
    return Application.objects.filter(pk=pk).select_related("group").first()
