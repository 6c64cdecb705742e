"""A request from its first words to everybody's page: by a representative, checked by staff, copied the next year."""

import html
from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from centres.models import District, Group, GroupKind, GroupStanding
from centres.registration.models import Representative
from civic.accounts.models import Membership, Role, User
from civic.celery import app as celery_app
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.models import (
    HelpRequest,
    Match,
    MatchState,
    QueueEntry,
    RequestKind,
    RequestSkill,
    RequestStatus,
    Shift,
    Skill,
    Supporter,
    Timing,
)
from matching.requests import services
from tests.conftest import SignIn
from tests.matching.conftest import AskForHelp
from tests.matching.requests.conftest import OFFICE, TYPED, date_parts, text

PUBLIC = "/shimonoseki/guild/requests/"
Status = RequestStatus


def at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def somebody_for(shift: Shift, state: MatchState, **fields: object) -> Match:
    return Match.objects.create(
        request=shift.request,
        shift=shift,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        supporter=Supporter.objects.create(nickname="かもめ"),
        state=state,
        **fields,
    )


@pytest.fixture
def group(shimonoseki: Municipality) -> Group:
    with acting_as(shimonoseki):
        return Group.objects.create(number=1, name="海の会", kind=GroupKind.CIVIC, is_published=True)


@pytest.fixture
def representative(shimonoseki: Municipality, signed_in: SignIn, group: Group) -> Client:
    """The browser of who speaks for the group."""
    client = signed_in(shimonoseki, Role.GROUP)
    with acting_as(shimonoseki):
        membership = Membership.objects.get(user__email__startswith="group@")
        Representative.objects.create(group=group, name="花子", email=membership.user.email, membership=membership)
    return client


@pytest.fixture
def staff(shimonoseki: Municipality, signed_in: SignIn) -> Client:
    return signed_in(shimonoseki, Role.STAFF)


@pytest.mark.filterwarnings("ignore:task_always_eager has no effect")
def test_the_group_is_told_what_came_of_the_check(
    shimonoseki: Municipality,
    group: Group,
    representative: Client,
    staff: Client,
    ask_for_help: AskForHelp,
    mailoutbox: list[EmailMessage],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    with acting_as(shimonoseki):
        asked = ask_for_help("祭り", status=Status.SUBMITTED)
        HelpRequest.objects.update(group=group)
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(f"{OFFICE}{asked.pk}/send-back/", {"reason": "持ち物を書いてください。"})
    representative.post(f"{OFFICE}{asked.pk}/submit/")
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(f"{OFFICE}{asked.pk}/open/")
    back, opened = mailoutbox
    assert back.to == opened.to == ["group@shimonoseki.example.jp"]
    assert "持ち物を書いてください。" in back.body
    assert "公開しました" in opened.subject
    # What was written is kept, and staff read it on the request's page.
    page = text(staff, f"{OFFICE}{asked.pk}/")
    assert "団体に送った手紙" in page
    with acting_as(shimonoseki):
        letters = list(asked.letters.all())
    assert [letter.body for letter in letters] == [back.body, opened.body]
    for letter in letters:
        assert f"/guild/letters/{letter.pk}/" in page
        assert "祭り" in text(staff, f"/shimonoseki/office/guild/letters/{letter.pk}/").partition("<main")[2]
    assert "団体に送った手紙" not in text(representative, f"{OFFICE}{asked.pk}/")


def test_from_a_draft_to_everybodys_page(
    shimonoseki: Municipality, group: Group, representative: Client, staff: Client
) -> None:
    with acting_as(shimonoseki):
        driving = Skill.objects.create(name="車の運転")
    form = text(representative, f"{OFFICE}new/")
    assert "海の会" in form
    assert "センターの募集" not in form
    url = representative.post(f"{OFFICE}new/", TYPED | {"group": group.pk, f"skill-{driving.pk}": "12"})["Location"]
    number = url.rstrip("/").rpartition("/")[2]
    assert Client().get(f"{PUBLIC}{number}/").status_code == 404
    representative.post(f"{url}submit/")
    assert "日時がまだありません" in text(representative, url)
    day = timezone.localdate() + timedelta(days=9)
    times = {"starts": "09:00", "ends": "11:00", "people": "3"}
    assert representative.post(f"{url}shifts/add/", date_parts("day", day) | times).status_code == 302
    representative.post(f"{url}submit/")
    with acting_as(shimonoseki):
        assert HelpRequest.objects.get().status == Status.SUBMITTED
        assert QueueEntry.objects.get().kind == "check_request"
    # Opening is the staff's.
    assert representative.post(f"{url}open/").status_code == 403
    staff.post(f"{url}send-back/", {"reason": "持ち物を書いてください。"})
    assert "持ち物を書いてください。" in text(representative, url)
    edited = TYPED | {"group": group.pk, "what": "ごみを拾います。軍手をお持ちください。", f"skill-{driving.pk}": "12"}
    assert representative.post(f"{url}edit/", edited).status_code == 302
    representative.post(f"{url}submit/")
    staff.post(f"{url}open/")
    page = text(Client(), f"{PUBLIC}{number}/")
    for words in (
        "軍手をお持ちください",
        "車の運転（必要・できる）",
        "あと3人",
        "団体が加入する",
        "申し込む",
        "海の会",
    ):
        assert words in page
    assert "見本 責任者" not in page
    with acting_as(shimonoseki):
        assert [entry.kind for entry in QueueEntry.objects.filter(done_at=None)] == ["find_people"]
    # Once it is public: what staff correct, and what is saved as it was, nobody has to read again.
    staff.post(f"{url}edit/", edited | {"why": "夏祭りの前に"})
    representative.post(f"{url}edit/", edited | {"why": "夏祭りの前に"})
    with acting_as(shimonoseki):
        assert not QueueEntry.objects.filter(kind="reread_request").exists()
    for what in ("ごみを拾います。", "ごみと流木を拾います。"):
        assert representative.post(f"{url}edit/", edited | {"what": what}).status_code == 302
    assert "流木を拾います" in text(Client(), f"{PUBLIC}{number}/")
    with acting_as(shimonoseki):
        assert QueueEntry.objects.get(kind="reread_request").request_id == int(number)


def test_another_groups_request_is_not_there(
    shimonoseki: Municipality, representative: Client, ask_for_help: AskForHelp
) -> None:
    with acting_as(shimonoseki):
        other = ask_for_help(status=Status.DRAFT)
        stranger = other.group
    for page in ("", "edit/", "cancel/", "shifts/add/", "shifts/series/"):
        assert representative.get(f"{OFFICE}{other.pk}/{page}").status_code == 404
    assert representative.post(f"{OFFICE}{other.pk}/submit/").status_code == 404
    assert representative.post(f"{OFFICE}new/", TYPED | {"group": stranger.pk}).status_code == 404  # type: ignore[union-attr]
    assert other.title not in text(representative, OFFICE)


def test_a_group_whose_registration_ran_out_asks_for_nothing(
    shimonoseki: Municipality, group: Group, representative: Client
) -> None:
    assert "募集を書く" in text(representative, OFFICE)
    with acting_as(shimonoseki):
        Group.objects.update(is_published=False, standing=GroupStanding.EXPIRED)
    assert "募集を書く" not in text(representative, OFFICE)
    assert representative.get(f"{OFFICE}new/").status_code == 403


def test_partners_are_looked_for_by_a_group_and_not_by_the_centre(
    shimonoseki: Municipality, group: Group, staff: Client
) -> None:
    wanted = TYPED | {"kind": "partners", "timing": "open", "offers": "会場を使えます。", "people_needed": "1"}
    assert staff.post(f"{OFFICE}new/", wanted | {"group": ""}).status_code == 400
    url = staff.post(f"{OFFICE}new/", wanted | {"group": group.pk})["Location"]
    staff.post(f"{url}open/")
    number = url.rstrip("/").rpartition("/")[2]
    page = text(Client(), f"{PUBLIC}{number}/")
    assert "会場を使えます。" in page
    assert "1団体" in page
    assert "いっしょに活動する団体を募集" in text(Client(), "/shimonoseki/guild/")


def test_another_municipalitys_records_are_no_answers(
    representative: Client, staff: Client, group: Group, yamaguchi: Municipality
) -> None:
    with acting_as(yamaguchi):
        district = District.objects.create(name="小郡", position=1)
        elsewhere = Group.objects.create(number=1, name="山の会", kind=GroupKind.CIVIC, is_published=True)
        skill = Skill.objects.create(name="手話")
    typed = TYPED | {"group": group.pk}
    for browser in (representative, staff):
        assert browser.post(f"{OFFICE}new/", typed | {"district": district.pk}).status_code == 404
        assert browser.post(f"{OFFICE}new/", typed | {"group": elsewhere.pk}).status_code == 404
    url = representative.post(f"{OFFICE}new/", typed | {f"skill-{skill.pk}": "12"})["Location"]
    assert "手話" not in text(representative, url)


@pytest.mark.parametrize(
    ("name", "typed", "refusal"),
    [
        # It is the subject of letters.
        pytest.param("title", "清掃\r\nBcc: x@example.jp", "1行で入力してください", id="two lines"),
        pytest.param("title", "清掃\u2028の会", "使えない文字", id="a line's end of Unicode's"),
        pytest.param("title", "\u202e清掃", "使えない文字", id="from right to left"),
        pytest.param("minimum_age", "121", "120", id="older than anybody"),
        pytest.param("people_needed", "0", "1 以上", id="nobody"),
        pytest.param("people_needed", "40000", "32767", id="too many"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_it(
    representative: Client, group: Group, name: str, typed: str, refusal: str
) -> None:
    answer = representative.post(f"{OFFICE}new/", TYPED | {"group": group.pk, name: typed})
    assert answer.status_code == 400
    assert refusal in " ".join(answer.context["form"].errors[name])


def test_a_series_shows_the_holidays_and_adds_what_was_left_ticked(
    shimonoseki: Municipality, staff: Client, ask_for_help: AskForHelp
) -> None:
    with acting_as(shimonoseki):
        asked = ask_for_help(status=Status.DRAFT, timing=Timing.RECURRING)
    new_year = date(timezone.localdate().year + 1, 1, 1)
    typed = {
        **date_parts("first", new_year),
        **date_parts("until", new_year + timedelta(days=8)),
        "every": "week",
        "weekdays": [new_year.weekday(), (new_year.weekday() + 1) % 7],
        "starts": "09:00",
        "ends": "11:00",
        "people": "2",
    }
    page = html.unescape(staff.post(f"{OFFICE}{asked.pk}/shifts/series/", typed).content.decode())
    assert page.count('name="day"') == 4
    assert "元日" in page
    holiday = page.partition(f'value="{new_year.isoformat()}"')[2].partition(">")[0]
    assert "checked" not in holiday
    chosen = [(new_year + timedelta(days=days)).isoformat() for days in (1, 7)]
    # A day that was never offered is not added.
    staff.post(f"{OFFICE}{asked.pk}/shifts/series/", typed | {"day": [*chosen, "2027-06-01"]})
    with acting_as(shimonoseki):
        assert [shift.starts_at for shift in asked.shifts.all()] == [
            at(new_year + timedelta(days=days), 9) for days in (1, 7)
        ]


@pytest.mark.usefixtures("in_shimonoseki")
def test_places_that_are_taken_stay(ask_for_help: AskForHelp) -> None:
    asked = ask_for_help(people_needed=2)
    for nickname in ("かもめ", "ちどり"):
        supporter = Supporter.objects.create(nickname=nickname)
        Match.objects.create(request=asked, supporter=supporter, state=MatchState.VOLUNTEER_YES)
    asked.people_needed = 1
    with pytest.raises(ValidationError, match="少なくはできません"):
        services.write(asked, {}, by=None)
    asked.people_needed = 2
    services.write(asked, {}, by=None)
    assert HelpRequest.objects.get().status == Status.FILLED
    asked.people_needed = 3
    services.write(asked, {}, by=None)
    assert HelpRequest.objects.get().status == Status.OPEN


@pytest.mark.usefixtures("in_shimonoseki")
def test_no_time_is_added_where_people_were_asked_without_one(ask_for_help: AskForHelp) -> None:
    asked = ask_for_help(timing=Timing.OPEN)
    match = Match.objects.create(request=asked, supporter=Supporter.objects.create(nickname="かもめ"))
    span = (timezone.now() + timedelta(days=1), timezone.now() + timedelta(days=1, hours=2))
    with pytest.raises(ValidationError, match="別の募集"):
        services.add_shifts(asked, [span], 1)
    Match.objects.filter(pk=match.pk).update(state=MatchState.VOLUNTEER_NO)
    assert services.add_shifts(asked, [span], 1) == 1


@pytest.mark.usefixtures("in_shimonoseki")
def test_a_time_that_somebody_was_asked_for_stays(ask_for_help: AskForHelp) -> None:
    asked = ask_for_help(timing=Timing.SHIFTS)
    day = timezone.localdate() + timedelta(days=9)
    services.add_shifts(asked, [(at(day, 9), at(day, 11)), (at(day, 9), at(day, 12)), (at(day, 13), at(day, 15))], 1)
    morning, noon = asked.shifts.all()
    somebody_for(morning, MatchState.VOLUNTEER_YES)
    with pytest.raises(ValidationError, match="日時は変えられません"):
        services.change_shift(morning, (at(day, 10), at(day, 12)), 1)
    with pytest.raises(ValidationError, match="消せません"):
        services.remove_shift(Shift.objects.get(pk=morning.pk))
    services.change_shift(noon, (at(day, 14), at(day, 16)), 2)
    services.remove_shift(noon)
    assert HelpRequest.objects.get().status == Status.FILLED
    with pytest.raises(ValidationError, match="消せません"):
        services.remove_shift(Shift.objects.get())


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2025, 6, 14), date(2026, 6, 13)),  # the second Saturday
        (date(2025, 6, 1), date(2026, 6, 7)),  # the first Sunday, and not 31 May
        (date(2025, 5, 31), date(2026, 5, 30)),  # the fifth Saturday
        (date(2025, 8, 31), date(2026, 8, 30)),  # the fifth Sunday
        (date(2025, 3, 31), date(2026, 3, 30)),  # the fifth Monday
        (date(2025, 11, 29), date(2026, 11, 28)),  # the fifth Saturday of a month that has four
    ],
)
def test_the_same_weekday_a_year_later(day: date, later: date) -> None:
    assert services.same_weekday(day, 1) == later


@pytest.mark.usefixtures("in_shimonoseki")
def test_last_years_request_is_copied_as_a_draft(ask_for_help: AskForHelp) -> None:
    today = timezone.localdate()
    first = today - timedelta(days=300)
    asked = ask_for_help(
        status=Status.CLOSED, timing=Timing.SHIFTS, apply_by=first - timedelta(days=10), kind=RequestKind.VOLUNTEERS
    )
    Shift.objects.create(request=asked, starts_at=at(first, 9), ends_at=at(first, 11), people_needed=4)
    RequestSkill.objects.create(request=asked, skill=Skill.objects.create(name="手話"), is_needed=False)
    copied = services.copy(asked, by=User.objects.create_user("a@example.jp"))
    assert (copied.status, copied.copied_from, copied.posted_on, copied.title) == ("draft", asked, today, asked.title)
    shift = copied.shifts.get()
    begins = timezone.localtime(shift.starts_at)
    assert (begins.weekday(), begins.hour, shift.people_needed) == (first.weekday(), 9, 4)
    assert begins.date() == services.same_weekday(first, 1)
    assert copied.apply_by == begins.date() - timedelta(days=10)
    assert [(row.skill.name, row.is_needed) for row in copied.skills.all()] == [("手話", False)]
    asked.refresh_from_db()
    assert (asked.status, asked.shifts.count()) == ("closed", 1)


@pytest.mark.usefixtures("in_shimonoseki")
@pytest.mark.parametrize(
    ("today", "copied_days", "closing"),
    [
        (date(2026, 5, 10), [date(2026, 6, 13), date(2026, 9, 12)], date(2026, 6, 3)),
        (date(2026, 6, 10), [date(2026, 6, 13), date(2026, 9, 12)], None),
        (date(2026, 7, 1), [date(2026, 9, 12)], None),
        (date(2026, 11, 22), [date(2027, 6, 12), date(2027, 9, 11)], date(2027, 6, 2)),
    ],
)
def test_what_would_be_over_is_not_copied(
    ask_for_help: AskForHelp,
    monkeypatch: pytest.MonkeyPatch,
    today: date,
    copied_days: list[date],
    closing: date | None,
) -> None:
    asked = ask_for_help(status=Status.CLOSED, timing=Timing.SHIFTS, apply_by=date(2025, 6, 4))
    for day in (date(2025, 6, 14), date(2025, 9, 13)):  # second Saturdays
        Shift.objects.create(request=asked, starts_at=at(day, 9), ends_at=at(day, 11), people_needed=4)
    by = User.objects.create_user("a@example.jp")
    monkeypatch.setattr(timezone, "now", lambda: at(today, 12))
    copied = services.copy(asked, by=by)
    assert [timezone.localdate(shift.starts_at) for shift in copied.shifts.all()] == copied_days
    assert copied.apply_by == closing


@pytest.mark.usefixtures("in_shimonoseki")
def test_what_is_over_is_not_changed(ask_for_help: AskForHelp) -> None:
    asked = ask_for_help(status=Status.CLOSED)
    with pytest.raises(ValidationError, match="もう変えられません"):
        services.write(asked, {}, by=None)
    with pytest.raises(ValidationError, match="もう変えられません"):
        services.add_shifts(asked, [], 1)


def test_taking_a_time_away_is_asked_first_and_refused_in_words(
    shimonoseki: Municipality, staff: Client, ask_for_help: AskForHelp
) -> None:
    with acting_as(shimonoseki):
        asked = ask_for_help(timing=Timing.SHIFTS)
        day = timezone.localdate() + timedelta(days=9)
        services.add_shifts(asked, [(at(day, 9), at(day, 11)), (at(day, 13), at(day, 15))], 1)
        morning, noon = asked.shifts.all()
        somebody_for(morning, MatchState.VOLUNTEER_ASKED, answer_by=timezone.now())
    url = f"{OFFICE}{asked.pk}/"
    for shift, words in ((noon, "日時を消しました"), (morning, "声をかけた方がいるので、この日時は消せません")):
        assert "この日時を消しますか" in text(staff, f"{url}shifts/{shift.pk}/remove/")
        assert words in staff.post(f"{url}shifts/{shift.pk}/remove/", follow=True).content.decode()
    with acting_as(shimonoseki):
        assert list(asked.shifts.all()) == [morning]


def test_a_copy_leads_to_what_it_was_copied_from(
    shimonoseki: Municipality, staff: Client, ask_for_help: AskForHelp
) -> None:
    with acting_as(shimonoseki):
        asked = ask_for_help(status=Status.CLOSED, posted_on=date(2025, 4, 1))
    page = html.unescape(staff.post(f"{OFFICE}{asked.pk}/copy/", follow=True).content.decode())
    assert f'"{OFFICE}{asked.pk}/">海岸の清掃</a>（令和7年4月1日）' in page


def test_a_request_is_called_off_by_its_group(shimonoseki: Municipality, group: Group, representative: Client) -> None:
    with acting_as(shimonoseki):
        asked = HelpRequest.objects.create(
            group=group, title="祭り", what="案内", when="5月", where="駅", people_needed=1, status=Status.OPEN
        )
    url = f"{OFFICE}{asked.pk}/cancel/"
    assert representative.post(url).status_code == 400
    assert representative.post(url, {"reason": "雨のため"}).status_code == 302
    assert Client().get(f"{PUBLIC}{asked.pk}/").status_code == 404


def test_everybody_narrows_by_what_where_and_when(shimonoseki: Municipality, ask_for_help: AskForHelp) -> None:
    saturday = timezone.localdate() + timedelta(days=7 + (5 - timezone.localdate().weekday()) % 7)
    with acting_as(shimonoseki):
        sign = Skill.objects.create(name="手話")
        beach = ask_for_help("海岸", field=7, timing=Timing.ONCE)
        services.add_shifts(beach, [(at(saturday, 0), at(saturday, 2))], 1)
        ask_for_help("講座", is_online=True).skills.create(skill=sign)
        ask_for_help("仲間", kind=RequestKind.PARTNERS)

    def titles(**search: object) -> set[str]:
        page = Client().get("/shimonoseki/guild/", search).content.decode()
        return {title for title in ("海岸", "講座", "仲間") if f">{title}</a>" in page}

    assert titles() == {"海岸", "講座", "仲間"}
    assert titles(field=7) == {"海岸"}
    # Midnight in Japan is still Friday in the database's clock; the others may be on any day.
    assert titles(weekday=5) == {"海岸", "講座", "仲間"}
    assert titles(weekday=4) == {"講座", "仲間"}
    assert titles(online="on") == titles(skill=sign.pk) == {"講座"}
    assert titles(kind="partners") == {"仲間"}


def test_the_list_asks_the_database_the_same_however_long_it_is(
    shimonoseki: Municipality, staff: Client, ask_for_help: AskForHelp
) -> None:
    counts = []
    for _ in range(2):
        with acting_as(shimonoseki):
            for number in range(3):
                ask_for_help(f"募集{number}")
        with CaptureQueriesContext(connection) as queries:
            staff.get(OFFICE, {"q": "募集"})
        counts.append(len(queries))
    assert counts[0] == counts[1]
