"""Writing notices, grants and cases."""

import html
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from centres.information.models import Case, CasePhoto, Entry, Grant, News, Permission
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from civic.uploads.models import UploadedFile
from tests.centres.conftest import MakeGroup
from tests.centres.information.conftest import MakeCase, MakeNews, in_days, typed
from tests.uploads.files import a_pdf, a_photo

OFFICE = "/shimonoseki/office/information/"
NEWS = {"title": "休館", "body": "お休みします。", **typed("shows_from", in_days(0)), **typed("shows_until", None)}
GRANT = {"title": "助成", "giver": "city", "giver_name": "市", **typed("closes_on", in_days(9))}
CASE = {"title": "花だん", "done": "植えた", "fiscal_year": "", "field": "7"}
EVERY_KIND: list[tuple[str, type[Entry], dict[str, Any], str]] = [
    ("news", News, NEWS, "news/"),
    ("grants", Grant, GRANT, "news/grants/"),
    ("cases", Case, CASE, "cases/"),
]


def text(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return html.unescape(response.content.decode())


@pytest.mark.parametrize(("kind", "model", "form", "public"), EVERY_KIND, ids=["news", "grants", "cases"])
def test_from_draft_to_published_to_deleted(
    kind: str, model: type[Entry], form: dict[str, Any], public: str, staff: Client, shimonoseki: Municipality
) -> None:
    new = f"{OFFICE}{kind}/new/"
    assert staff.post(new, form).status_code == 302
    with acting_as(shimonoseki):
        entry = model._default_manager.get()
    page, public_page = f"{OFFICE}{kind}/{entry.pk}/", f"/shimonoseki/{public}{entry.pk}/"
    assert "下書き" in text(staff, page)
    assert Client().get(public_page).status_code == 404

    staff.post(f"{page}publish/")
    assert form["title"] in text(Client(), public_page)
    assert public_page in text(staff, page)
    staff.post(f"{page}edit/", form | {"title": "新しい題"})
    assert "新しい題" in text(Client(), public_page)

    staff.post(f"{page}withdraw/")
    assert Client().get(public_page).status_code == 404
    with acting_as(shimonoseki):
        first = model._default_manager.get().published_at
    staff.post(f"{page}publish/")
    with acting_as(shimonoseki):
        assert model._default_manager.get().published_at == first, "the first time stays"

    assert "もとにもどせません" in text(staff, f"{page}delete/")
    with acting_as(shimonoseki):
        assert model._default_manager.exists(), "asked, and not deleted yet"
    assert staff.post(f"{page}delete/").status_code == 302
    with acting_as(shimonoseki):
        assert not model._default_manager.exists()


def test_the_office_lists_drafts_and_what_is_over(staff: Client, make_news: MakeNews) -> None:
    make_news("下書きの", is_published=False)
    make_news("これからの", shows_from=in_days(3))
    make_news("すぎた", shows_from=in_days(-9), shows_until=in_days(-1))
    page = text(staff, OFFICE)
    for title, state in (("下書きの", "下書き"), ("これからの", "公開予定"), ("すぎた", "掲載終了")):
        assert state in page.split(f">{title}</a>")[1].split("</tr>")[0]
    assert "すぎた" not in text(staff, f"{OFFICE}?q=これから")


def test_an_unknown_kind_is_not_found(staff: Client) -> None:
    text(staff, f"{OFFICE}secrets/1/", 404)


def test_days_that_contradict_each_other_are_errors_of_their_field(staff: Client) -> None:
    answer = staff.post(f"{OFFICE}news/new/", NEWS | typed("shows_until", in_days(-1)))
    assert answer.status_code == 400
    assert "のせはじめる日よりあとの日" in answer.content.decode()
    answer = staff.post(f"{OFFICE}grants/new/", GRANT | typed("opens_on", in_days(20)))
    assert "受付の初日よりあとの日" in answer.content.decode()


def test_the_groups_of_a_case_are_those_chosen_last(
    staff: Client, shimonoseki: Municipality, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        first, second, third = (make_group(name) for name in ("花の会", "海の会", "山の会"))
    staff.post(f"{OFFICE}cases/new/", CASE | {"groups": [first.pk, second.pk]})
    with acting_as(shimonoseki):
        case = Case.objects.get()
    staff.post(f"{OFFICE}cases/{case.pk}/edit/", CASE | {"groups": [second.pk, third.pk]})
    with acting_as(shimonoseki):
        assert set(case.groups.all()) == {second, third}


def send_photo(staff: Client, case: Case, content: bytes | None = None, **values: str) -> str:
    content = a_photo() if content is None else content
    form = {"alt": "苗を植える人たち", "permission": Permission.NOBODY, "permission_note": ""} | values
    answer = staff.post(
        f"{OFFICE}cases/{case.pk}/photos/new/", form | {"sent": SimpleUploadedFile("写真.jpg", content)}
    )
    assert answer.status_code in (302, 400)
    return html.unescape(answer.content.decode())


def test_a_photo_is_for_everybody_while_its_case_is(
    staff: Client, make_case: MakeCase, shimonoseki: Municipality
) -> None:
    case = make_case("花だん", is_published=False)
    send_photo(staff, case)
    with acting_as(shimonoseki):
        photo = CasePhoto.objects.get()
    url = f"/shimonoseki/files/{photo.file_id}/"
    assert Client().get(url).status_code == 302, "sent to sign in"
    assert staff.get(url)["Content-Type"] == "image/jpeg"

    staff.post(f"{OFFICE}cases/{case.pk}/publish/")
    assert Client().get(url).status_code == 200
    assert f'src="{url}" alt="苗を植える人たち"' in text(Client(), f"/shimonoseki/cases/{case.pk}/")


def test_a_photo_of_people_is_kept_with_their_permission_or_not_at_all(
    staff: Client, make_case: MakeCase, shimonoseki: Municipality
) -> None:
    case = make_case("花だん")
    page = send_photo(staff, case, permission=Permission.GIVEN)
    assert "いつ、だれに、どう聞いたかを書いてください" in page
    assert "「写真.jpg」はまだ保存されていません" in page
    assert 'value="苗を植える人たち"' in page
    assert "入力してください。" in send_photo(staff, case, alt="")
    with acting_as(shimonoseki):
        assert not CasePhoto.objects.exists()
        assert not UploadedFile.objects.exists()

    send_photo(staff, case, permission=Permission.GIVEN, permission_note="4月10日、代表に電話で")
    assert "4月10日、代表に電話で" in text(staff, f"{OFFICE}cases/{case.pk}/")
    assert "4月10日" not in text(Client(), f"/shimonoseki/cases/{case.pk}/"), "for the office alone"
    with acting_as(shimonoseki), pytest.raises(IntegrityError), transaction.atomic():
        CasePhoto.objects.update(permission_note="")


def test_only_pictures_are_photos(staff: Client, make_case: MakeCase) -> None:
    assert "JPEG・PNGのファイルをえらんでください" in send_photo(staff, make_case("花だん"), a_pdf())


def test_the_words_of_a_photo_are_corrected_and_the_photo_deleted_with_its_file(
    staff: Client, make_case: MakeCase, shimonoseki: Municipality
) -> None:
    case = make_case("花だん")
    send_photo(staff, case)
    send_photo(staff, case)
    with acting_as(shimonoseki):
        first, second = CasePhoto.objects.all()
    page = f"{OFFICE}photos/{first.pk}/"
    staff.post(page, {"alt": "花だん", "permission": Permission.NOBODY, "permission_note": ""})
    with acting_as(shimonoseki):
        assert CasePhoto.objects.get(pk=first.pk).alt == "花だん"
    assert "もとにもどせません" in text(staff, f"{page}delete/")
    staff.post(f"{page}delete/")
    with acting_as(shimonoseki):
        assert UploadedFile.objects.get() == second.file
    staff.post(f"{OFFICE}cases/{case.pk}/delete/")
    with acting_as(shimonoseki):
        assert not UploadedFile.objects.exists(), "a deleted case leaves no file"
