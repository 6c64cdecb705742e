"""Papers that come in, and the certificate that goes out."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from centres.registration import services
from centres.registration.certificates import make_certificate
from centres.registration.models import Application, RequiredPaper
from centres.registration.tokens import token_of
from civic.accounts.models import Membership, Role
from civic.audit.models import PersonalRecordView
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from civic.uploads.models import UploadedFile
from tests.centres.registration.conftest import TYPED, Register
from tests.conftest import MakeMember, SignIn
from tests.uploads.files import a_pdf

pytestmark = pytest.mark.filterwarnings("ignore:task_always_eager has no effect")
URL = "/shimonoseki/registration/apply/"


def test_a_required_paper_is_a_file_that_the_staff_alone_opens(
    shimonoseki: Municipality, client: Client, signed_in: SignIn
) -> None:
    with acting_as(shimonoseki):
        members = RequiredPaper.objects.create(name="会員名簿")
    missing = client.post(URL, TYPED)
    assert missing.status_code == 400
    assert "会員名簿" in missing.content.decode()
    wrong = client.post(URL, {**TYPED, f"paper-{members.pk}": SimpleUploadedFile("名簿.pdf", b"<script>")})
    assert "この形式のファイルは受けつけられません" in wrong.content.decode()
    assert 'value="花の会"' in wrong.content.decode(), "the rest of the form stays"
    sent = client.post(URL, {**TYPED, f"paper-{members.pk}": SimpleUploadedFile("名簿.pdf", a_pdf())})
    assert sent.status_code == 200
    with acting_as(shimonoseki):
        paper = Application.objects.get().papers.get()
    file = f"/shimonoseki/files/{paper.file_id}/"
    assert client.get(file).status_code == 302, "whoever sent it is nobody in particular"
    assert signed_in(shimonoseki, Role.GROUP).get(file).status_code == 403
    assert signed_in(shimonoseki, Role.PLANNER).get(file).status_code == 403
    staff = signed_in(shimonoseki, Role.STAFF)
    assert staff.get(file).headers["Content-Type"] == "application/pdf"
    with acting_as(shimonoseki):
        assert PersonalRecordView.objects.filter(purpose="団体登録の書類を確かめる").count() == 1


def test_a_paper_sent_again_takes_the_place_of_the_first(
    shimonoseki: Municipality, client: Client, member: MakeMember
) -> None:
    with acting_as(shimonoseki):
        bylaws = RequiredPaper.objects.create(name="規約")
    field = f"paper-{bylaws.pk}"
    client.post(URL, {**TYPED, field: SimpleUploadedFile("一.pdf", a_pdf())})
    clerk = Membership.objects.get(user=member(shimonoseki, Role.STAFF))
    with acting_as(shimonoseki):
        application = Application.objects.get()
        services.confirm(application)
        services.begin_review(application, by=clerk.user)
        services.send_back(application, "読めません。", by=clerk.user)
    link = f"/shimonoseki/registration/applications/{token_of(application)}/correct/"
    corrected = {name: value for name, value in TYPED.items() if name != "representative_email"}
    assert client.post(link, {**corrected, field: SimpleUploadedFile("二.pdf", a_pdf())}).status_code == 302
    with acting_as(shimonoseki):
        assert application.papers.get().file.filename == "二.pdf"
        assert UploadedFile.objects.count() == 1, "the first is gone, not merely out of sight"


def test_the_certificate_says_who_is_registered_until_when(register: Register, clerk: Membership) -> None:
    group = register()
    registration = group.registrations.get()
    made = make_certificate(registration)
    reader = PdfReader(BytesIO(bytes(made.content)))
    text = reader.pages[0].extract_text()
    assert len(reader.pages) == 1
    for words in ("団体登録証", "花の会", "登録番号 1", "代表者 花子 様", "3月31日まで", "下関市"):
        assert words in text
    assert reader.metadata is not None
    assert reader.metadata.title == "団体登録証 花の会"
    client = Client()
    link = f"/shimonoseki/registration/applications/{token_of(registration.application)}/certificate.pdf"
    assert client.get(link).content == bytes(made.content)
