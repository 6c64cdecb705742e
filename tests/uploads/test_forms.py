"""The form field that takes a file."""

import pytest
from django import forms
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from civic.uploads.forms import UploadField
from civic.uploads.kinds import FileKind
from tests.uploads.files import a_pdf
from tests.uploads.purposes import PAPERS


class Application(forms.Form):
    name = forms.CharField(label="団体名")
    bylaws = UploadField(PAPERS, label="規約")


def sent(content: bytes, name: str = "もえぎの会") -> Application:
    return Application({"name": name}, {"bylaws": SimpleUploadedFile("規約.pdf", content)})


def test_a_file_that_is_taken_is_cleaned_to_what_is_kept() -> None:
    form = sent(a_pdf())
    assert form.is_valid()
    bylaws = form.cleaned_data["bylaws"]
    assert (bylaws.purpose, bylaws.filename, bylaws.kind) == (PAPERS, "規約.pdf", FileKind.PDF)


def test_what_is_wrong_with_a_file_is_said_and_the_rest_of_the_form_stays() -> None:
    page = str(sent(b"<script>"))
    assert "規約：この形式のファイルは受けつけられません。PDF" in page
    assert 'value="もえぎの会"' in page


def test_a_file_to_be_chosen_again_is_named() -> None:
    """Browsers do not fill in a file: where another field is wrong, the person has to be told."""
    assert "「規約.pdf」はまだ保存されていません" in str(sent(a_pdf(), name=""))
    assert "まだ保存されていません" not in str(Application())


def test_the_field_says_what_it_takes() -> None:
    page = str(Application())
    assert "PDF・Excel（.xlsx）・Word（.docx）・JPEG・PNGのファイル、10 MBまで。" in page
    assert "image/jpeg" in page


def test_a_field_left_empty_is_missed_only_where_it_is_required() -> None:
    assert not Application({"name": "会"}, {}).is_valid()
    assert UploadField(PAPERS, required=False).clean(None) is None


def test_a_request_of_too_many_bytes_is_refused_before_it_is_read(settings: Settings) -> None:
    settings.UPLOAD_REQUEST_MAX_BYTES = 1000
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("a.pdf", bytes(2000))})
    with pytest.raises(RequestDataTooBig):
        _ = request.POST
