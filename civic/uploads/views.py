"""Reading a file that was sent: for whom its purpose says."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from civic.accounts.queries import membership_of
from civic.accounts.rules import PUBLIC, allow, enforce
from civic.audit.services import record_viewing
from civic.tenancy.requests import TenantRequest
from civic.uploads.models import UploadedFile
from civic.uploads.purposes import purpose_named


@require_safe
@allow(PUBLIC)
def uploaded_file(request: TenantRequest, pk: int) -> HttpResponseBase:
    """A file, to those whom the rule of its purpose lets pass; all others are refused as at any address."""
    file = get_object_or_404(UploadedFile, pk=pk)
    purpose = purpose_named(file.purpose)
    if purpose is None:
        raise Http404(_("このファイルはありません。"))
    rule = purpose.rule(file)
    refusal = enforce(rule, request)
    if refusal is not None:
        return refusal
    if rule.needs_sign_in:
        membership = membership_of(request)
        if membership is None or not purpose.is_theirs(file, membership):
            raise PermissionDenied(_("このファイルは、あなたには開けません。"))
        if purpose.viewed_for:
            record_viewing(membership.user, file, str(purpose.viewed_for))
        return file_response(file)
    etag = quote_etag(file.sha256)
    known = get_conditional_response(request, etag=etag)
    response = known or file_response(file)
    # The browser may keep it and asks each time whether it still may be shown.
    response["Cache-Control"] = "no-cache"
    response["ETag"] = etag
    return response


def file_response(file: UploadedFile) -> HttpResponse:
    """Return a file as what it was found to be, for saving and never for running. Who may is the caller's question."""
    return HttpResponse(
        bytes(file.stored.content),
        content_type=file.content_type,
        headers={
            "Content-Disposition": content_disposition_header(True, file.filename),
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
