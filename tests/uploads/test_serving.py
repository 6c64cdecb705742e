"""Who may read a file, and as what it is served."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from civic.accounts.models import Role, User
from civic.audit.models import Change, PersonalRecordView
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from civic.uploads import services
from civic.uploads.checking import check
from civic.uploads.models import UploadedContent, UploadedFile
from civic.uploads.purposes import Purpose
from tests.conftest import MakeMember, SignIn
from tests.uploads.files import a_pdf, a_photo
from tests.uploads.purposes import PAPERS, POSTERS

Keep = Callable[..., str]


@pytest.fixture
def keep(shimonoseki: Municipality) -> Keep:
    """Keep a file in Shimonoseki, and return its address."""

    def make(purpose: Purpose, content: bytes, uploaded_by: User | None = None) -> str:
        with acting_as(shimonoseki):
            file = services.store(check("会員 名簿.bin", content, purpose), uploaded_by=uploaded_by)
        return f"/shimonoseki/files/{file.pk}/"

    return make


def test_a_private_file_is_for_those_whom_its_purpose_names(
    keep: Keep, signed_in: SignIn, member: MakeMember, shimonoseki: Municipality, yamaguchi: Municipality
) -> None:
    group = member(shimonoseki, Role.GROUP)
    theirs, others = keep(PAPERS, a_pdf(), group), keep(PAPERS, a_pdf())
    as_group = Client()
    as_group.force_login(group)
    assert Client().get(theirs).headers["Location"].startswith("/accounts/login/?next=")
    assert signed_in(shimonoseki, Role.STAFF).get(theirs).content == a_pdf()
    assert signed_in(shimonoseki, Role.SUPPORTER).get(theirs).status_code == 403
    assert signed_in(yamaguchi, Role.STAFF).get(theirs).status_code == 404
    assert as_group.get(theirs).status_code == 200
    assert as_group.get(others).status_code == 403


def test_opening_a_file_with_personal_data_is_noted(keep: Keep, signed_in: SignIn, shimonoseki: Municipality) -> None:
    url = keep(PAPERS, a_pdf())
    signed_in(shimonoseki, Role.STAFF).get(url)
    with acting_as(shimonoseki):
        viewing = PersonalRecordView.objects.get()
        assert (viewing.table_name, viewing.purpose) == ("uploads_uploadedfile", "書類を読む")


def test_a_file_is_saved_and_never_run(keep: Keep, signed_in: SignIn, shimonoseki: Municipality) -> None:
    response = signed_in(shimonoseki, Role.STAFF).get(keep(PAPERS, a_pdf()))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E4%BC%9A%E5%93%A1")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


def test_a_public_photo_is_asked_for_again_and_read_once(keep: Keep) -> None:
    url = keep(POSTERS, a_photo())
    first = Client().get(url)
    assert first["Cache-Control"] == "no-cache"
    assert first["Content-Security-Policy"] == "default-src 'none'; sandbox"
    with CaptureQueriesContext(connection) as queries:
        again = Client().get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert not any("uploads_uploadedcontent" in query["sql"] for query in queries)


def test_a_file_whose_purpose_is_gone_is_not_found(keep: Keep, shimonoseki: Municipality) -> None:
    url = keep(POSTERS, a_photo())
    with acting_as(shimonoseki):
        UploadedFile.objects.update(purpose="tests.gone")
    assert Client().get(url).status_code == 404


def test_a_discarded_file_leaves_no_content_and_the_trail_neither_name_nor_bytes(
    keep: Keep, shimonoseki: Municipality
) -> None:
    url = keep(PAPERS, a_pdf())
    with acting_as(shimonoseki):
        services.discard(UploadedFile.objects.get())
        assert not UploadedContent.objects.exists()
        trail = str(list(Change.objects.values()))
    assert "uploads_uploadedfile" in trail
    assert "名簿" not in trail
    assert "PDF" not in trail
    assert Client().get(url).status_code == 404
