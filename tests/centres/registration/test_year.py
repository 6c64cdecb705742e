"""The year of a registration: reminded, ended, waited for, renewed, by the clock and each thing once."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from centres.models import Entitlement, Group, GroupStanding, StandingChange
from centres.queries import public_groups
from centres.registration import representatives, services, yearly
from centres.registration.models import (
    Application,
    ApplicationKind,
    ApplicationState,
    ApplicationStep,
    Letter,
    Registration,
    RegistrationRule,
    RequiredPaper,
)
from centres.registration.queries import current_registration, may_renew, register_of
from centres.registration.tasks import turn_day
from centres.registration.uploads import PAPERS
from centres.rooms.queries import groups_that_may_book
from centres.standing import change_standing
from civic.accounts import services as accounts
from civic.accounts.models import Invitation, Membership
from civic.audit.models import Change
from civic.measures.registry import find
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from civic.uploads.checking import check
from civic.uploads.models import UploadedContent, UploadedFile
from matching.models import HelpRequest, RequestStatus
from matching.queries import open_requests
from tests.centres.conftest import Mailbox, MakeGroup
from tests.centres.registration.conftest import ANSWERS, TYPED, Register
from tests.conftest import PASSWORD
from tests.uploads.files import a_pdf

S = GroupStanding
pytestmark = pytest.mark.filterwarnings("ignore:task_always_eager has no effect")
LAST = date(2027, 3, 31)
Clock = Callable[[date], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Clock:
    """Let a day come for the municipality acted as, and strike twice: a second time does nothing."""

    def strike(day: date) -> None:
        monkeypatch.setattr(timezone, "localdate", lambda *moment: day)
        for _twice in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                yearly.turn_day(day)

    return strike


@pytest.fixture
def group(clock: Clock, register: Register) -> Group:
    """Registered in December 2026, until the end of March, and asking for help."""
    clock(date(2026, 12, 1))
    group = register()
    Letter.objects.update(mailed_at=timezone.now())
    HelpRequest.objects.create(
        group=group, title="草とり", what="草", when="朝", where="庭", people_needed=1, status=RequestStatus.OPEN
    )
    return group


def has(group: Group) -> dict[str, bool]:
    """What a group has, as each part of the portal sees it."""
    group.refresh_from_db()
    return {
        "listed": public_groups().filter(pk=group.pk).exists(),
        "asks": open_requests().filter(group=group).exists(),
        "books": groups_that_may_book().filter(pk=group.pk).exists(),
        "keeps bookings": group.may(Entitlement.BOOKINGS),
    }


ALL = {"listed": True, "asks": True, "books": True, "keeps bookings": True}
NOTHING = dict.fromkeys(ALL, False)


def test_the_morning_after_the_last_day_follows_the_one_rule(group: Group, clock: Clock) -> None:
    RegistrationRule.objects.create(grace_days=30)
    clock(LAST)
    assert has(group) == ALL
    clock(LAST + timedelta(days=1))
    assert has(group) == ALL | {"books": False}
    clock(LAST + timedelta(days=30))
    assert has(group) == ALL | {"books": False}
    clock(LAST + timedelta(days=31))
    assert has(group) == NOTHING
    changes = [(change.standing, change.on, change.by) for change in group.standing_changes.all()][1:]
    assert changes == [(S.IN_GRACE, date(2027, 4, 1), None), (S.EXPIRED, date(2027, 5, 1), None)]


def test_the_scheduler_reaches_each_municipality(
    shimonoseki: Municipality, nagato: Municipality, make_group: MakeGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, lasting = date(2026, 3, 31), date(2027, 3, 31)
    for municipality, end in ((shimonoseki, ended), (nagato, lasting)):
        with acting_as(municipality):
            group = make_group("花の会")
            change_standing(group, S.REGISTERED, by=None)
            Registration.objects.create(group=group, valid_from=date(2025, 4, 1), valid_until=end)
            RegistrationRule.objects.create(grace_days=0)
    monkeypatch.setattr(timezone, "localdate", lambda *moment: date(2026, 4, 1))
    turn_day()
    standings = []
    for municipality in (shimonoseki, nagato):
        with acting_as(municipality):
            standings.append(Group.objects.get().standing)
    assert standings == [S.EXPIRED, S.REGISTERED]
    assert settings.CELERY_BEAT_SCHEDULE["turn registrations"]["task"] == turn_day.name


def test_without_grace_nothing_is_left_the_next_morning(group: Group, clock: Clock) -> None:
    RegistrationRule.objects.create(grace_days=0)
    clock(LAST + timedelta(days=1))
    assert has(group) == NOTHING
    assert StandingChange.objects.filter(group=group, standing=S.EXPIRED).count() == 1


def test_a_clock_that_stood_still_catches_up_to_the_right_days(group: Group, clock: Clock) -> None:
    RegistrationRule.objects.create(grace_days=30)
    clock(date(2027, 7, 1))
    assert has(group) == NOTHING
    assert [change.on for change in group.standing_changes.all()][1:] == [date(2027, 4, 1), date(2027, 5, 1)]
    measure = find("centres.active_groups")
    assert [measure.count(year).value for year in (2026, 2027)] == [1, 0]


def test_reminders_go_once_each_to_who_has_not_applied(group: Group, clock: Clock, mailbox: Mailbox) -> None:
    RegistrationRule.objects.create(reminder_days=[60, 30], grace_days=0)

    def got_on(day: date) -> list[str]:
        before = len(mailbox.letters)
        clock(day)
        return [letter["Subject"].strip() for letter in mailbox.letters[before:]]

    reminder = "【下関市】団体登録の更新をお願いします"
    assert got_on(LAST - timedelta(days=61)) == []
    assert got_on(LAST - timedelta(days=60)) == [reminder]
    assert got_on(LAST - timedelta(days=59)) == []
    # The day itself was missed.
    assert got_on(LAST - timedelta(days=29)) == [reminder]
    assert got_on(LAST + timedelta(days=1)) == ["【下関市】団体登録の期間が終わりました"]
    [(_subject, text), *_others] = mailbox.to("hanako@example.jp")
    assert "令和9年3月31日まで" in text
    assert "https://portal.example.jp/shimonoseki/office/group/" in text


def test_whose_renewal_is_waited_for_is_told_until_when(group: Group, clock: Clock, mailbox: Mailbox) -> None:
    RegistrationRule.objects.create(reminder_days=[], grace_days=30)
    clock(LAST)
    assert mailbox.to("hanako@example.jp") == []
    clock(LAST + timedelta(days=1))
    [(subject, text)] = mailbox.to("hanako@example.jp")
    assert subject == "【下関市】団体登録の更新を待っています"
    assert "令和9年3月31日まで）が終わりました。令和9年4月30日まで、更新を待ちます" in text
    clock(LAST + timedelta(days=31))
    assert [said[0] for said in mailbox.to("hanako@example.jp")][1:] == ["【下関市】団体登録の期間が終わりました"]


def test_who_has_applied_is_not_reminded(group: Group, clerk: Membership, clock: Clock, mailbox: Mailbox) -> None:
    RegistrationRule.objects.create(reminder_days=[60])
    services.apply_for_group(group, ANSWERS, "花子", "hanako@example.jp", by=clerk.user)
    clock(LAST - timedelta(days=50))
    assert mailbox.letters == []


def test_renewed_before_its_end_a_group_notices_nothing(group: Group, clerk: Membership, clock: Clock) -> None:
    clock(LAST - timedelta(days=20))
    assert may_renew(group, timezone.localdate())
    application = services.apply_for_group(
        group, {**ANSWERS, "members_count": 12}, "花子", "hanako@example.jp", by=clerk.user
    )
    services.begin_review(application, by=clerk.user)
    services.approve(application, by=clerk)
    assert [(term.valid_from, term.valid_until) for term in group.registrations.all()] == [
        (date(2026, 12, 1), LAST),
        (date(2027, 4, 1), date(2028, 3, 31)),
    ]
    clock(LAST + timedelta(days=1))
    assert has(group) == ALL
    assert group.members_count == 12
    assert group.last_confirmed_on == LAST - timedelta(days=20)
    assert group.registered_on == date(2026, 12, 1), "the first day stays"
    assert not may_renew(group, timezone.localdate())


def test_renewed_after_it_expired_a_group_comes_back(group: Group, clerk: Membership, clock: Clock) -> None:
    clock(date(2027, 9, 1))
    assert has(group) == NOTHING
    application = services.apply_for_group(group, ANSWERS, "花子", "hanako@example.jp", by=clerk.user)
    services.begin_review(application, by=clerk.user)
    services.approve(application, by=clerk)
    assert has(group) == ALL
    assert current_registration(group).valid_until == date(2028, 3, 31)


def test_a_group_is_told_what_was_done_with_its_registration_and_why(
    group: Group, clerk: Membership, clock: Clock, mailbox: Mailbox
) -> None:
    heard = len(mailbox.to("hanako@example.jp"))
    yearly.suspend(group, "連絡がとれない", by=clerk.user)
    yearly.resume(group, "連絡がとれた", by=clerk.user)
    yearly.dissolve(group, "総会で解散", by=clerk.user)
    clock(date(2026, 12, 2))
    letters = mailbox.to("hanako@example.jp")[heard:]
    assert [subject for subject, _text in letters] == ["【下関市】団体登録の状態が変わりました"] * 3
    said = [("登録の停止：", "連絡がとれない"), ("登録の再開：", "連絡がとれた"), ("解散：", "総会で解散")]
    for (_subject, text), words in zip(letters, said, strict=True):
        assert all(word in text for word in words)


def test_nobody_writes_about_samples(group: Group, clerk: Membership) -> None:
    Group.objects.update(is_sample=True)
    group.refresh_from_db()
    yearly.suspend(group, "連絡がとれない", by=clerk.user)
    assert not Letter.objects.filter(kind=Letter.Kind.STANDING).exists()


def test_suspended_resumed_dissolved_revived(group: Group, clerk: Membership, clock: Clock) -> None:
    by = clerk.user
    yearly.suspend(group, "連絡がとれない", by=by)
    assert has(group) == NOTHING
    yearly.resume(group, "連絡がとれた", by=by)
    assert has(group) == ALL
    yearly.suspend(group, "連絡がとれない", by=by)
    clock(LAST + timedelta(days=200))
    assert group.standing == S.SUSPENDED, "the end of the year does not lift a suspension"
    yearly.resume(group, "連絡がとれた", by=by)
    group.refresh_from_db()
    assert group.standing == S.EXPIRED, "its registration has ended meanwhile"
    yearly.dissolve(group, "総会で解散", by=by)
    with pytest.raises(ValidationError):
        yearly.suspend(group, "x", by=by)
    application = services.apply_for_group(group, ANSWERS, "花子", "", by=by)
    services.begin_review(application, by=by)
    services.approve(application, by=clerk)
    assert has(group) == ALL
    reasons = [(change.reason, change.by) for change in group.standing_changes.all() if change.reason]
    assert reasons[-1] == ("総会で解散", by)


def test_what_nobody_confirmed_is_forgotten(clerk: Membership, clock: Clock) -> None:
    bylaws = RequiredPaper.objects.create(name="規約")
    sent = {bylaws.pk: check("規約.pdf", a_pdf(), PAPERS)}
    application = services.apply(ANSWERS, "花子", "hanako@example.jp", sent)
    made = timezone.localdate(application.created_at)
    clock(made + timedelta(days=yearly.UNCONFIRMED_DAYS))
    assert Application.objects.get().state == ApplicationState.UNCONFIRMED
    assert UploadedFile.objects.exists()
    clock(made + timedelta(days=yearly.UNCONFIRMED_DAYS + 1))
    assert not Application.objects.exists()
    assert not UploadedFile.objects.exists()


@pytest.mark.parametrize("end", [services.refuse, services.withdraw, services.send_back])
def test_what_came_to_nothing_is_forgotten_with_its_papers(
    end: Callable[..., None], clerk: Membership, clock: Clock, nagato: Municipality
) -> None:
    """By the municipality's own rule, from the last step on; what was granted stays, and the trail tells no name."""
    RegistrationRule.objects.create(kept_months=6)
    bylaws = RequiredPaper.objects.create(name="規約")
    kept, left = (
        services.apply_at_counter(
            ANSWERS, "花子", "hanako@example.jp", {bylaws.pk: check("規約.pdf", a_pdf(), PAPERS)}, by=clerk.user
        )
        for _each in range(2)
    )
    for application in (kept, left):
        services.begin_review(application, by=clerk.user)
    services.approve(kept, by=clerk)
    reason = () if end is services.withdraw else ("市外の団体です。",)
    end(left, *reason, by=clerk.user)
    began, ended = (timezone.make_aware(datetime.combine(date(2026, 4, day), time.max)) for day in (1, 15))
    left.steps.update(at=began)
    ApplicationStep.objects.filter(pk=left.steps.last().pk).update(at=ended)
    today, file = date(2026, 10, 15), left.papers.get().file
    clock(today)
    assert Application.objects.filter(pk=left.pk).exists()
    clock(today + timedelta(days=1))
    assert list(Application.objects.all()) == [kept]
    assert not UploadedFile.objects.filter(pk=file.pk).exists()
    assert UploadedFile.objects.count() == UploadedContent.objects.count() == 1
    assert Letter.objects.filter(step__application=left.pk).count() == 0
    gone = Change.objects.get(table_name="registration_application", action="delete")
    assert (gone.row_id, gone.before["email"], gone.before["answers"]) == (left.pk, "＊", "＊")


def test_a_letter_that_did_not_go_out_goes_with_the_next_clock(group: Group, clock: Clock, mailbox: Mailbox) -> None:
    Letter.objects.update(mailed_at=None)
    clock(date(2026, 12, 2))
    assert [said[0] for said in mailbox.to("hanako@example.jp")][:1] == ["【下関市】団体登録の申込みを受け付けました"]
    assert not Letter.objects.filter(mailed_at=None).exists()


def test_who_handed_over_is_not_reminded(group: Group, clerk: Membership, clock: Clock, mailbox: Mailbox) -> None:
    RegistrationRule.objects.create(reminder_days=[60])
    representatives.seat(group, "月子", "tsukiko@example.jp", by=clerk.user)
    clock(LAST - timedelta(days=60))
    assert mailbox.to("hanako@example.jp") == []
    assert mailbox.to("tsukiko@example.jp")[-1][0] == "【下関市】団体登録の更新をお願いします"


def test_the_register_is_a_fixed_number_of_queries(
    register: Register, django_assert_num_queries: Callable[..., object]
) -> None:
    for name in ("一の会", "二の会", "三の会"):
        register(name, email="")
    with django_assert_num_queries(1):
        ends = [group.valid_until for group in register_of(S.REGISTERED)]
    assert ends == [term.valid_until for term in Registration.objects.all()]


def test_a_year_later_a_new_representative_renews_and_last_years_cannot_get_in(
    group: Group, clerk: Membership, clock: Clock
) -> None:
    hanako = accounts.register_invited(Invitation.objects.get(email="hanako@example.jp"), "花子", PASSWORD)
    client = Client()
    client.force_login(hanako)
    page = f"/shimonoseki/office/group/{group.number}/"
    clock(LAST - timedelta(days=20))
    renewal = TYPED | {"representative_name": "月子", "representative_email": "tsukiko@example.jp"}
    assert client.post(f"{page}renew/", renewal).status_code == 302
    assert client.get(page).status_code == 200, "until it is approved"
    application = Application.objects.get(kind=ApplicationKind.RENEWAL)
    services.begin_review(application, by=clerk.user)
    services.approve(application, by=clerk)
    assert client.get(page).status_code == 404
    clock(LAST + timedelta(days=1))
    assert has(group) == ALL
    tsukiko = accounts.register_invited(Invitation.objects.get(email="tsukiko@example.jp"), "月子", PASSWORD)
    client.force_login(tsukiko)
    assert client.get(page).status_code == 200
