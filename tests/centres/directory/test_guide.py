"""The printed guide: every public group once, found by field and by reading."""

import io

import pytest
from django.test import Client
from pypdf import PdfReader

from centres.directory import services
from centres.directory.guide import OTHER_ROW, chapters, index, row_of
from centres.models import ActivityField, Group, Guidebook
from centres.queries import public_groups
from civic.jobs.kinds import Progress, kind_named
from civic.jobs.models import Job
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import MakeGroup

OFFICE = "/shimonoseki/office/groups/guide/"
PDF = "/shimonoseki/groups/guide.pdf"


@pytest.fixture
def groups(shimonoseki: Municipality, nagato: Municipality, make_group: MakeGroup) -> None:
    with acting_as(nagato):
        make_group("長門の会", ActivityField.HEALTH)
    with acting_as(shimonoseki):
        shown = {"phone": "083-000-0001", "phone_is_public": True, "email": "himitsu@example.jp"}
        make_group(
            "髙﨑文庫", ActivityField.SOCIAL_EDUCATION, ActivityField.CHILDREN, name_kana="たかさきぶんこ", **shown
        )
        make_group("ガンバル会", ActivityField.CHILDREN, name_kana="ガンバルかい", purpose="子どもと遊びます。")
        make_group("読めない会", seeks_members=True, is_sample=True)
        make_group("かくれ会", ActivityField.CHILDREN, is_published=False)


@pytest.mark.usefixtures("groups")
def test_a_group_is_printed_once_and_named_in_its_other_fields(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        found = [
            (
                chapter.title,
                [entry.group.name for entry in chapter.entries],
                [group.name for group in chapter.elsewhere],
            )
            for chapter in chapters(list(public_groups()))
        ]
    assert found == [
        ("社会教育", ["髙﨑文庫"], []),
        ("子どもの健全育成", ["ガンバル会"], ["髙﨑文庫"]),
        ("分野を決めていない団体", ["読めない会"], []),
    ]


@pytest.mark.usefixtures("groups")
def test_the_index_goes_by_reading(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        rows = [(row, [group.name for group in found]) for row, found in index(list(public_groups()))]
    assert rows == [("か", ["ガンバル会"]), ("た", ["髙﨑文庫"]), (OTHER_ROW, ["読めない会"])]


@pytest.mark.parametrize(
    ("reading", "row"),
    [
        ("あお", "あ"),
        ("ァ", "あ"),
        ("が", "か"),
        ("ぱん", "は"),
        ("ｶﾞｯｺｳ", "か"),
        ("ょ", "や"),
        ("ゐ", "わ"),
        ("を", "わ"),
        ("ヴァ", "あ"),
        ("NPO", OTHER_ROW),
        ("", OTHER_ROW),
        ("山", OTHER_ROW),
    ],
)
def test_a_reading_belongs_to_a_row(reading: str, row: str) -> None:
    assert row_of(reading) == row


@pytest.mark.usefixtures("groups")
def test_it_is_made_by_a_job_and_everybody_may_fetch_the_last(
    staff: Client, client: Client, shimonoseki: Municipality
) -> None:
    assert client.get(PDF).status_code == 404
    assert "冊子" not in client.get("/shimonoseki/groups/").content.decode()
    assert "まだ作っていません" in staff.get(OFFICE).content.decode()
    staff.post(OFFICE)
    with acting_as(shimonoseki):
        job = Job.objects.get()
        kind_named(job.kind).body(Progress(), **job.parameters)
        made = Guidebook.objects.get()
    assert (made.groups, made.made_by_id, made.size) == (3, job.requested_by_id, len(bytes(made.content)))
    assert "3団体" in staff.get(OFFICE).content.decode()
    answer = client.get(PDF)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert f'href="{PDF}"' in client.get("/shimonoseki/groups/").content.decode()

    reader = PdfReader(io.BytesIO(answer.content))
    assert len(reader.pages) == made.pages
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    pages = [page.extract_text() for page in reader.pages]
    text = "\n".join(pages)
    for words in (
        "3団体を活動分野ごとに",
        "髙﨑文庫",
        "083-000-0001",
        "子どもと遊びます。",
        "会員",
        "サンプル",
    ):
        assert words in text
    for words in ("himitsu", "かくれ会", "長門の会"):
        assert words not in text
    # The index tells the page on which a group stands.
    printed_on = next(number for number, page in enumerate(pages, 1) if "子どもと遊びます" in page)
    assert f"ガンバル会{printed_on}" in pages[-1].replace(".", "").replace(" ", "").replace("…", "")


@pytest.mark.usefixtures("groups")
def test_a_new_one_takes_the_place_of_the_last(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        services.make_guide(lambda percent, words: None, by=None)
        Group.objects.filter(name="読めない会").update(is_published=False)
        services.make_guide(lambda percent, words: None, by=None)
        assert Guidebook.objects.get().groups == 2
