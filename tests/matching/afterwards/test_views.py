"""Both sides tell of an activity on their own pages; nobody sees another's; the certificate is read back."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from centres.registration.models import Representative
from civic.accounts.models import Membership, Role
from civic.audit.models import PersonalRecordView
from civic.calendar import era_date, fiscal_year_of
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.afterwards import services
from matching.afterwards.certificate import activity_certificate
from matching.models import Feedback, HelpRequest, Match, MatchState, Participation
from tests.conftest import MakeMember, SignIn
from tests.matching.afterwards.conftest import Introduce

OFFICE = "/shimonoseki/office"
OWN = f"{OFFICE}/guild/own/activity"


def read(browser: Client, url: str, status: int = 200) -> str:
    response = browser.get(url)
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def introduced(shimonoseki: Municipality, introduce: Introduce) -> Match:
    """Somebody who was introduced to a group and was to come yesterday."""
    with acting_as(shimonoseki):
        return introduce(starts=timezone.now() - timedelta(days=1))


@pytest.fixture
def volunteer(shimonoseki: Municipality, introduced: Match, signed_in: SignIn) -> Client:
    browser = signed_in(shimonoseki, Role.SUPPORTER)
    with acting_as(shimonoseki):
        introduced.supporter.membership = Membership.objects.get(role=Role.SUPPORTER)
        introduced.supporter.save()
    return browser


@pytest.fixture
def representative(shimonoseki: Municipality, introduced: Match, signed_in: SignIn) -> Client:
    browser = signed_in(shimonoseki, Role.GROUP)
    with acting_as(shimonoseki):
        Representative.objects.create(
            group=introduced.request.group, name="代表", membership=Membership.objects.get(role=Role.GROUP)
        )
    return browser


def test_a_day_goes_from_the_volunteer_to_the_group_and_into_the_certificate(
    introduced: Match, volunteer: Client, representative: Client, shimonoseki: Municipality, signed_in: SignIn
) -> None:
    form = volunteer.get(f"{OWN}/{introduced.pk}/tell/").context["form"]
    assert (form["day"].initial, form["hours"].initial) == (timezone.localdate(introduced.starts_at), Decimal(2))
    day = timezone.localdate(introduced.starts_at)
    typed = {"day_year": day.year, "day_month": day.month, "day_day": day.day, "hours": "2.5", "note": "受付"}
    assert volunteer.post(f"{OWN}/{introduced.pk}/tell/", typed).status_code == 302
    assert "確認待ち" in read(volunteer, f"{OWN}/")

    activity = f"{OFFICE}/group/{introduced.request.group.number}/activity"
    with acting_as(shimonoseki):
        told = Participation.objects.get()
    assert "確認する" in read(representative, f"{activity}/")
    assert representative.post(f"{activity}/days/{told.pk}/confirm/").status_code == 302
    assert representative.post(f"{activity}/{introduced.pk}/complete/").status_code == 302
    page = read(volunteer, f"{OWN}/")
    assert "確認済み" in page
    assert "活動証明書（PDF）を作る" in page

    year = fiscal_year_of(day)
    started = volunteer.post(f"{OWN}/{introduced.supporter.pk}/certificate/{year}/")
    assert "/office/jobs/" in started["Location"]
    assert volunteer.get(started["Location"]).status_code == 200
    # It bears a name: nobody else opens it, for no such look would be noted.
    assert signed_in(shimonoseki, Role.MANAGER).get(started["Location"]).status_code == 403
    for never in (year + 1, 1999, 10**30):
        assert volunteer.post(f"{OWN}/{introduced.supporter.pk}/certificate/{never}/").status_code == 404
    with acting_as(shimonoseki):
        reader = PdfReader(BytesIO(activity_certificate(introduced.supporter, year)))
    printed = "".join(page.extract_text() for page in reader.pages)
    for words in ("活動証明書", "見本 かもめ 様", era_date(day), introduced.request.title, "2.50時間", "花の会"):
        assert words in printed


def test_wrong_input_is_named_and_kept(introduced: Match, volunteer: Client, shimonoseki: Municipality) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    typed = {
        "day_year": tomorrow.year,
        "day_month": tomorrow.month,
        "day_day": tomorrow.day,
        "hours": "25",
        "note": "受付",
    }
    answer = volunteer.post(f"{OWN}/{introduced.pk}/tell/", typed)
    assert answer.status_code == 400
    assert "1日の時間は24までです。" in answer.content.decode()
    answer = volunteer.post(f"{OWN}/{introduced.pk}/tell/", typed | {"hours": "3"})
    assert "これからの日は記録できません。" in answer.content.decode()
    assert answer.content.decode().count("入力内容をお確かめください") == 1
    assert 'value="受付"' in answer.content.decode()
    with acting_as(shimonoseki):
        assert not Participation.objects.exists()


def test_staff_keep_the_days_of_who_has_no_own_page(
    introduced: Match, shimonoseki: Municipality, signed_in: SignIn
) -> None:
    """Told by telephone, confirmed for the group, put right with what was typed kept, and deleted once asked."""
    staff = signed_in(shimonoseki, Role.STAFF)
    page = f"{OFFICE}/guild/matches/{introduced.pk}"
    assert f'href="{page}/days/new/"' in read(staff, f"{page}/")
    day = timezone.localdate(introduced.starts_at)
    typed = {"day_year": day.year, "day_month": day.month, "day_day": day.day, "hours": "20", "note": "受付"}
    assert staff.post(f"{page}/days/new/", typed)["Location"] == f"{page}/"
    with acting_as(shimonoseki):
        told = Participation.objects.get()
    days = f"{OFFICE}/guild/days/{told.pk}"
    shown = read(staff, f"{page}/")
    for words in ("予定は2時間", f"{days}/confirm/", f"{days}/remove/"):
        assert words in shown
    assert "活動を確認しました" in staff.post(f"{days}/confirm/", follow=True).content.decode()
    assert "もう確認されたか" in staff.post(f"{days}/confirm/", follow=True).content.decode()

    assert 'value="20.00"' in read(staff, f"{days}/")
    refused = staff.post(f"{days}/", typed | {"day_year": day.year - 1, "hours": "２．５", "note": "受付と片づけ"})
    assert refused.status_code == 400
    for words in (f"この活動は、{era_date(day)}からです。", f'value="{day.year - 1}"', 'value="受付と片づけ"'):
        assert words in refused.content.decode()
    assert staff.post(f"{days}/", typed | {"hours": "2.5"}).status_code == 302
    with acting_as(shimonoseki):
        told.refresh_from_db()
    assert (told.hours, told.confirmed_at is None) == (Decimal("2.5"), False)

    assert "2.50時間の記録を消します" in read(staff, f"{days}/remove/")
    with acting_as(shimonoseki):
        assert Participation.objects.exists()
    staff.post(f"{days}/remove/")
    with acting_as(shimonoseki):
        assert not Participation.objects.exists()
    assert staff.get(f"{days}/").status_code == 404


def test_staff_make_the_certificate_of_who_comes_to_the_counter(
    introduced: Match, shimonoseki: Municipality, member: MakeMember
) -> None:
    staff, clerk = Client(), member(shimonoseki, Role.STAFF)
    staff.force_login(clerk)
    about = f"{OFFICE}/guild/supporters/{introduced.supporter.pk}"
    day = timezone.localdate(introduced.starts_at)
    certificate = f"{about}/certificate/{fiscal_year_of(day)}/"
    assert f'href="{about}/activity/"' in read(staff, f"{about}/")
    refused = staff.post(certificate, follow=True)
    assert "確認した活動はまだありません" in refused.content.decode()
    with acting_as(shimonoseki):
        services.confirm(services.tell(introduced, day, Decimal("2.5")), by=clerk)
    page = read(staff, f"{about}/activity/?fiscal_year={fiscal_year_of(day)}")
    for words in (certificate, introduced.request.title, "2.50時間"):
        assert words in page
    assert "/office/jobs/" in staff.post(certificate)["Location"]
    with acting_as(shimonoseki):
        noted = PersonalRecordView.objects.latest("at")
        assert (noted.row_id, noted.purpose) == (introduced.supporter.contact.pk, "活動証明書を作る")


def test_a_day_that_is_not_confirmed_is_taken_back_once_asked(
    introduced: Match, volunteer: Client, representative: Client, shimonoseki: Municipality
) -> None:
    with acting_as(shimonoseki):
        told = services.tell(introduced, timezone.localdate(), Decimal(8))
    activity = f"{OFFICE}/group/{introduced.request.group.number}/activity/"
    assert "予定は2時間" in read(representative, activity)
    address = f"{OWN}/days/{told.pk}/take-back/"
    assert address in read(volunteer, f"{OWN}/")
    assert "8時間の記録を消します" in read(volunteer, address)
    assert representative.post(f"{activity}days/{told.pk}/confirm/").status_code == 302
    assert "センターにご連絡ください" in volunteer.post(address, follow=True).content.decode()
    with acting_as(shimonoseki):
        Participation.objects.update(confirmed_at=None)
    assert "記録を取り消しました" in volunteer.post(address, follow=True).content.decode()


def test_nobody_tells_or_confirms_for_another(
    introduced: Match, volunteer: Client, representative: Client, shimonoseki: Municipality, introduce: Introduce
) -> None:
    with acting_as(shimonoseki):
        others = introduce()
        told = services.tell(others, timezone.localdate(), Decimal(1))
    number = introduced.request.group.number
    assert volunteer.get(f"{OWN}/{others.pk}/tell/").status_code == 404
    assert volunteer.post(f"{OWN}/days/{told.pk}/take-back/").status_code == 404
    assert volunteer.post(f"{OWN}/{others.supporter.pk}/certificate/2026/").status_code == 404
    assert representative.post(f"{OFFICE}/group/{number}/activity/days/{told.pk}/confirm/").status_code == 404
    assert representative.get(f"{OFFICE}/group/{others.request.group.number}/activity/").status_code == 404


def test_words_afterwards_reach_the_staff_alone(
    introduced: Match, volunteer: Client, representative: Client, shimonoseki: Municipality, signed_in: SignIn
) -> None:
    with acting_as(shimonoseki):
        services.tell(introduced, timezone.localdate(), Decimal(1))
    said = {"satisfaction": "2", "words": "暑くて大変でした。", "not_again": "on"}
    assert volunteer.post(f"{OWN}/{introduced.pk}/feedback/", said).status_code == 302
    assert "暑くて大変" in read(volunteer, f"{OWN}/{introduced.pk}/feedback/")
    number = introduced.request.group.number
    assert "暑くて大変" not in read(representative, f"{OFFICE}/group/{number}/activity/{introduced.pk}/feedback/")
    assert "暑くて大変" in read(signed_in(shimonoseki, Role.STAFF), f"{OFFICE}/guild/feedback/")
    with acting_as(shimonoseki):
        assert Feedback.objects.get().side == "volunteer"


def test_nothing_ends_before_it_has_begun(
    introduced: Match, representative: Client, shimonoseki: Municipality, signed_in: SignIn
) -> None:
    staff = signed_in(shimonoseki, Role.STAFF)
    group = f"{OFFICE}/group/{introduced.request.group.number}/activity/"
    at_staff = f"{OFFICE}/guild/matches/{introduced.pk}/"
    assert "完了にする" in read(representative, group)
    assert "活動が終わった" in read(staff, at_staff)
    starts = timezone.now() + timedelta(hours=1)
    with acting_as(shimonoseki):
        Match.objects.update(starts_at=starts, ends_at=starts + timedelta(hours=1))
    for page in (read(representative, group), read(staff, at_staff)):
        assert not [words for words in ("完了にする", "活動が終わった", "当日来なかった") if words in page]


def test_who_did_not_come_is_a_concern(
    introduced: Match, representative: Client, shimonoseki: Municipality, signed_in: SignIn
) -> None:
    number = introduced.request.group.number
    missed = f"{OFFICE}/group/{number}/activity/{introduced.pk}/miss/"
    assert f'href="{missed}"' in read(representative, f"{OFFICE}/group/{number}/activity/")
    assert "知らせますか" in read(representative, missed)
    with acting_as(shimonoseki):
        assert Match.objects.get().state == MatchState.INTRODUCED
    assert representative.post(missed).status_code == 302
    with acting_as(shimonoseki):
        assert Match.objects.get().state == MatchState.NO_SHOW
    assert "かもめ" in read(signed_in(shimonoseki, Role.STAFF), f"{OFFICE}/guild/concerns/")


@pytest.mark.parametrize(
    ("page", "is_confirmed"),
    [
        ("own", False),
        ("group", False),
        ("match", False),
        ("concerns", False),
        ("statistics", True),
        ("rows", True),
        ("supporter", True),
    ],
)
def test_the_queries_do_not_grow_with_the_list(
    page: str,
    is_confirmed: bool,
    introduced: Match,
    volunteer: Client,
    representative: Client,
    shimonoseki: Municipality,
    member: MakeMember,
    introduce: Introduce,
) -> None:
    staff = Client()
    staff.force_login(member(shimonoseki, Role.STAFF))
    browser, url = {
        "own": (volunteer, f"{OWN}/"),
        "group": (representative, f"{OFFICE}/group/{introduced.request.group.number}/activity/"),
        "match": (staff, f"{OFFICE}/guild/matches/{introduced.pk}/"),
        "concerns": (staff, f"{OFFICE}/guild/concerns/"),
        "statistics": (staff, f"{OFFICE}/guild/statistics/"),
        "rows": (staff, f"{OFFICE}/guild/statistics/rows/"),
        "supporter": (staff, f"{OFFICE}/guild/supporters/{introduced.supporter.pk}/activity/"),
    }[page]

    def tell(match: Match, days_ago: int) -> None:
        told = services.tell(match, timezone.localdate() - timedelta(days=days_ago), Decimal(1))
        long_ago = timezone.now() - timedelta(days=20)
        confirmed_at = timezone.now() if is_confirmed else None
        Participation.objects.filter(pk=told.pk).update(told_at=long_ago, confirmed_at=confirmed_at)

    with acting_as(shimonoseki):
        tell(introduced, 0)
    with CaptureQueriesContext(connection) as few:
        read(browser, url)
    with acting_as(shimonoseki):
        for _ in range(3):
            more = introduce()
            Match.objects.filter(pk=more.pk).update(supporter=introduced.supporter)
            HelpRequest.objects.filter(pk=more.request_id).update(group=introduced.request.group)
            tell(more, 1)
        tell(introduced, 1)
    with CaptureQueriesContext(connection) as many:
        read(browser, url)
    assert len(many) == len(few)


def test_statistics_go_out_as_a_workbook(
    introduced: Match, shimonoseki: Municipality, signed_in: SignIn, member: MakeMember
) -> None:
    with acting_as(shimonoseki):
        services.tell(introduced, timezone.localdate(), Decimal("1.5"))
        services.complete(introduced, by=member(shimonoseki, Role.MANAGER))
    staff = signed_in(shimonoseki, Role.STAFF)
    page = read(staff, f"{OFFICE}/guild/statistics/")
    assert "70〜79歳" in page
    assert f"{OFFICE}/guild/statistics/rows/" in page
    records = staff.get(f"{OFFICE}/guild/statistics/rows/").context["page"].object_list
    assert f"{OFFICE}/guild/matches/{introduced.pk}/" in read(staff, f"{OFFICE}/guild/statistics/rows/?page=1")
    sheets = load_workbook(BytesIO(staff.get(f"{OFFICE}/guild/statistics.xlsx").content))
    total = [cell.value for cell in sheets["合計"][2]]
    assert total[1:4] == [1, 1, 1.5]
    told = [[cell.value for cell in row] for row in sheets["もとになった記録"].iter_rows(min_row=2)]
    assert told == [
        [event.day.isoformat(), introduced.pk, event.title, event.introduced, event.completed, event.hours]
        for event in records
    ]
    assert [sum(row[column] for row in told) for column in (3, 4, 5)] == total[1:4]
    assert {row[0].value for row in sheets["手伝った方の年齢"].iter_rows(min_row=2)} == {"70〜79歳"}
