"""Long work by real workers: seen while it runs, and finished whatever ends."""

import os
import signal
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from threading import Event

import pytest
from django.utils import timezone
from pypdf import PdfReader

from centres.registration import services
from centres.registration.models import Certificate
from civic.accounts.models import Role
from civic.calendar import era_date, fiscal_year_of
from civic.jobs.models import Job, JobFile, Status
from civic.tenancy.context import acting_as
from matching.afterwards.services import certify
from matching.introductions import asking, proposing, timeouts
from matching.introductions.sending import send_letter
from matching.models import (
    GuildLetter,
    HelpRequest,
    LetterKind,
    Match,
    MatchState,
    Participation,
    ProposalLine,
    QueueEntry,
    QueueKind,
    Reach,
)
from tests.centres.registration.conftest import ANSWERS
from tests.jobs.conftest import Broker, Office, Workers, wait_until
from tests.mail_server import MailServer
from tests.matching.introductions.conftest import helper

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("workers")
def test_a_job_is_done_and_leaves_its_file(office: Office) -> None:
    job = office.ask("tests.letter", text="前略")
    wait_until(lambda: office.job(job).status == Status.DONE)
    with acting_as(office.municipality):
        file = JobFile.objects.get(job=job)
        assert (file.filename, bytes(file.content or b"").decode()) == ("手紙 1.txt", "前略")


@pytest.mark.usefixtures("workers")
def test_an_approved_group_gets_its_certificate(office: Office) -> None:
    with acting_as(office.municipality):
        clerk = office.member(Role.STAFF)
        application = services.apply_at_counter(ANSWERS, "花子", "", by=clerk.user)
        services.begin_review(application, by=clerk.user)
        services.approve(application, by=clerk)
        job = Job.objects.get(kind=services.CERTIFICATE)
        assert not Certificate.objects.exists()
    wait_until(lambda: office.job(job).status == Status.DONE)
    with acting_as(office.municipality):
        made, file = Certificate.objects.get(), JobFile.objects.get(job=job)
    assert bytes(file.content or b"") == bytes(made.content)
    assert "花の会" in PdfReader(BytesIO(made.content)).pages[0].extract_text()


def mailed(office: Office) -> list[str]:
    with acting_as(office.municipality):
        return [letter.kind for letter in GuildLetter.objects.exclude(mailed_at=None)]


@pytest.mark.usefixtures("workers")
def test_the_guilds_work_from_a_proposal_to_the_certificate(office: Office) -> None:
    with acting_as(office.municipality):
        supporter = helper("かもめ", reach=Reach.ANYWHERE)
        asked = HelpRequest.objects.create(
            title="海岸の清掃", what="ごみを拾います。", where="海岸", when="土曜日", people_needed=1, status="open"
        )
    clerk = office.member(Role.STAFF).user_id
    made = office.ask(proposing.MAKE, Role.STAFF, by=clerk)
    wait_until(lambda: office.job(made).status == Status.DONE)
    with acting_as(office.municipality):
        line = ProposalLine.objects.get()
        assert (line.supporter, line.request, line.match) == (supporter, asked, None)

    sent = office.ask(proposing.SEND, Role.STAFF, proposal=line.proposal_id, by=clerk)
    wait_until(lambda: office.job(sent).status == Status.DONE)
    with acting_as(office.municipality):
        line.refresh_from_db()
        assert (line.match.state, line.match.made_by_id) == (MatchState.VOLUNTEER_ASKED, clerk)
    wait_until(lambda: mailed(office) == [LetterKind.ASK_VOLUNTEER])

    with acting_as(office.municipality):
        today = timezone.localdate()
        Participation.objects.create(match=line.match, day=today, hours=Decimal("2.5"), confirmed_at=timezone.now())
        certificate = certify(supporter, fiscal_year_of(today), by=office.member(Role.STAFF))
    wait_until(lambda: office.job(certificate).status == Status.DONE)
    with acting_as(office.municipality):
        file = JobFile.objects.get(job=certificate)
    assert file.filename == f"katsudou-{fiscal_year_of(today)}.pdf"
    (page,) = PdfReader(BytesIO(bytes(file.content or b""))).pages
    for words in ("活動証明書", "かもめの本名 様", era_date(today), "海岸の清掃", "2.50時間"):
        assert words in page.extract_text()


def test_a_worker_killed_while_it_sends_asks_nobody_twice_and_forgets_nobody(
    office: Office, workers: Workers, mail_server: MailServer
) -> None:
    """Killed by the mail server before it took the letter, or after, when nothing is noted yet; and then a new one."""

    def ask(nickname: str) -> GuildLetter:
        words = {"title": "海岸の清掃", "what": "ごみを拾います。", "where": "海岸", "when": "土曜日"}
        with acting_as(office.municipality):
            request = HelpRequest.objects.create(people_needed=1, status="open", **words)
            match = asking.propose(request, None, supporter=helper(nickname), by=None)
            asking.ask_volunteer(match, by=None)
            return GuildLetter.objects.select_related("supporter__contact").get(match=match)

    letters = []
    for moment in ("before", "after"):
        killed = Event()

        def kill(killed: Event = killed) -> None:
            workers.kill()
            killed.set()

        setattr(mail_server, moment, kill)
        letters.append(ask(moment))
        assert killed.wait(60)
        workers.start()
        # The broker hands out again what nobody said was done.
        send_letter.delay(office.municipality.pk, letters[-1].pk)
    letters.append(ask("だれも止めない"))
    wait_until(lambda: mailed(office) == [LetterKind.ASK_VOLUNTEER])

    before, after, undisturbed = letters
    assert mail_server.recipients == [letter.supporter.contact.email for letter in (after, undisturbed)]
    with acting_as(office.municipality):
        assert {match.state for match in Match.objects.all()} == {MatchState.VOLUNTEER_ASKED}
        for minutes in (1, 11, 60):
            timeouts.see_to_letters(timezone.now() + timedelta(minutes=minutes))
        left_to_staff = [(entry.kind, entry.letter) for entry in QueueEntry.objects.order_by("letter")]
        assert left_to_staff == [(QueueKind.LETTER_UNCERTAIN, before), (QueueKind.LETTER_UNCERTAIN, after)]


@pytest.mark.usefixtures("workers")
def test_progress_is_seen_while_the_work_is_not_committed(office: Office) -> None:
    job = office.ask("tests.steps", seconds=2.5, department="経過の課")
    wait_until(lambda: 0 < office.job(job).percent < 100)
    assert office.job(job).status == Status.RUNNING
    assert office.job(job).words.isdigit()
    assert office.departments() == []
    wait_until(lambda: office.job(job).status == Status.DONE)
    assert office.job(job).percent == 100
    assert len(office.departments()) == 1


@pytest.mark.usefixtures("workers")
def test_when_its_process_is_killed_another_finishes_the_job(office: Office) -> None:
    job = office.ask("tests.steps", seconds=2, department="続きの課")
    wait_until(lambda: office.job(job).words != "")
    killed = office.job(job).words
    os.kill(int(killed), signal.SIGKILL)
    wait_until(lambda: office.job(job).status == Status.DONE)
    assert office.job(job).attempt > 1
    (made,) = office.departments()
    assert made.startswith("続きの課")
    assert not made.endswith(killed), "the killed process left nothing"


def test_when_the_whole_worker_is_killed_the_next_one_finishes_the_job(office: Office, workers: Workers) -> None:
    job = office.ask("tests.steps", seconds=2, department="翌日の課")
    wait_until(lambda: office.job(job).words != "")
    workers.kill()
    assert office.job(job).status == Status.RUNNING
    workers.start()
    wait_until(lambda: office.job(job).status == Status.DONE)
    assert office.job(job).attempt > 1
    assert len(office.departments()) == 1


def test_without_the_broker_nothing_is_lost(office: Office, workers: Workers, broker: Broker) -> None:
    def is_done() -> bool:
        workers.start_where_ended()
        return office.job(job).status == Status.DONE

    broker.end()
    try:
        job = office.ask("tests.letter", text="あとで")
        assert office.job(job).status == Status.QUEUED
    finally:
        broker.start()
    wait_until(is_done)
