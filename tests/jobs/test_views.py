"""The pages of long work: what is going on, the file, and who may see either."""

import html
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from civic.accounts.models import Membership, Role
from civic.jobs import services
from civic.jobs.models import Job, JobFile, Status
from civic.jobs.running import run
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.jobs.conftest import Broker, Office

JOBS = "/shimonoseki/office/jobs/"


def sign_in(membership: Membership) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


def address(job: Job, page: str = "") -> str:
    return f"{JOBS}{job.pk}/{page}"


def text(client: Client, url: str, status: int = 200, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == status
    return html.unescape(response.content.decode())


@pytest.fixture
def planner(office: Office) -> Client:
    return sign_in(office.member(Role.PLANNER))


def test_an_unfinished_job_asks_for_itself_and_reloads_without_scripts(office: Office, planner: Client) -> None:
    job = office.ask("tests.letter", text="")
    with acting_as(office.municipality):
        services.move(
            Job.objects.filter(pk=job.pk),
            Status.RUNNING,
            attempt=1,
            heartbeat_at=timezone.now(),
            percent=40,
            words="目次をつくっています",
        )
    page = text(planner, address(job))
    assert '<progress value="40" max="100" aria-label="手紙をつくる">' in page
    assert "目次をつくっています" in page
    assert 'hx-trigger="every 1s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page

    part = text(planner, address(job) + "?situation=順番", **{"HX-Request": "true"})
    assert "<html" not in part
    assert '<progress value="40"' in part
    assert 'hx-swap-oob="innerHTML">目次をつくっています<' in part, "read aloud, for it has changed"
    part = text(planner, address(job) + "?situation=目次をつくっています", **{"HX-Request": "true"})
    assert "hx-swap-oob" not in part, "not read aloud again"


def test_a_finished_job_gives_its_file_and_asks_no_more(office: Office, planner: Client) -> None:
    job = office.ask("tests.letter", text="前略\n")
    run(office.municipality, job.pk)
    page = text(planner, address(job))
    assert "できました" in page
    assert address(job, "file/") in page
    assert "hx-trigger" not in page
    assert "http-equiv" not in page

    response = planner.get(address(job, "file/"))
    assert response.content.decode() == "前略\n"
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E6%89%8B%E7%B4%99%201.txt"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_a_failed_job_says_why_and_is_retried(office: Office, planner: Client) -> None:
    job = office.ask("tests.needs_department", name="福祉課")
    run(office.municipality, job.pk)
    page = text(planner, address(job))
    assert "福祉課が登録されていません。" in page
    assert address(job, "retry/") in page
    assert planner.get(address(job, "retry/")).status_code == 405
    response = planner.post(address(job, "retry/"))
    assert (response.status_code, response["Location"]) == (302, address(job))
    assert office.job(job).status == Status.QUEUED


def test_an_expired_file_can_be_made_again(office: Office, planner: Client) -> None:
    job = office.ask("tests.letter", text="前略")
    run(office.municipality, job.pk)
    with acting_as(office.municipality):
        JobFile.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "保存期間が過ぎた" in text(planner, address(job, "file/"), status=410)
    page = text(planner, address(job))
    assert "保存期間が過ぎた" in page
    assert address(job, "file/") not in page
    response = planner.post(address(job, "again/"))
    with acting_as(office.municipality):
        again = Job.objects.exclude(pk=job.pk).get()
    assert response["Location"] == address(again)
    assert (again.kind, again.parameters, again.status) == (job.kind, job.parameters, Status.QUEUED)


def test_work_without_a_file_has_none_to_download(office: Office, planner: Client) -> None:
    job = office.ask("tests.steps", seconds=0, department="A課")
    run(office.municipality, job.pk)
    assert address(job, "file/") not in text(planner, address(job))
    text(planner, address(job, "file/"), status=404)


def test_when_the_broker_is_down_the_page_says_so(
    office: Office, planner: Client, broker: Broker, web_knows_broker: None
) -> None:
    broker.end()
    try:
        job = office.ask("tests.letter", text="")
        assert "いま処理のしくみが止まっています" in text(planner, address(job))
    finally:
        broker.start()
    page = text(planner, address(job))
    assert "止まっています" not in page
    assert "順番を待っています" in page


def test_the_list_shows_ones_own_and_all_to_a_manager(office: Office) -> None:
    own = office.ask("tests.own_record", Role.SUPPORTER)
    letter = office.ask("tests.letter", text="")
    assert address(own) in text(sign_in(office.member(Role.SUPPORTER)), JOBS)
    assert address(letter) not in text(sign_in(office.member(Role.SUPPORTER)), JOBS)
    assert address(letter) in text(sign_in(office.member(Role.PLANNER)), JOBS)
    assert address(own) not in text(sign_in(office.member(Role.PLANNER)), JOBS)
    of_all = text(sign_in(office.member(Role.MANAGER)), JOBS)
    assert address(letter) in of_all
    assert address(own) in of_all


@pytest.mark.parametrize("page", ["", "file/"])
def test_who_may_see_a_job_and_have_its_file(office: Office, signed_in_elsewhere: Client, page: str) -> None:
    job = office.ask("tests.own_record", Role.SUPPORTER)
    run(office.municipality, job.pk)
    for role, status in ((Role.SUPPORTER, 200), (Role.MANAGER, 200), (Role.STAFF, 403), (Role.GROUP, 403)):
        assert sign_in(office.member(role)).get(address(job, page)).status_code == status, role
    assert Client().get(address(job, page)).status_code == 302
    assert signed_in_elsewhere.get(address(job, page)).status_code == 404
    assert signed_in_elsewhere.get(address(job, page).replace("shimonoseki", "nagato")).status_code == 404


@pytest.mark.parametrize("page", ["retry/", "again/"])
def test_who_may_ask_again(office: Office, signed_in_elsewhere: Client, page: str) -> None:
    job = office.ask("tests.letter", text="")
    for role, status in ((Role.PLANNER, 302), (Role.MANAGER, 302), (Role.STAFF, 403)):
        assert sign_in(office.member(role)).post(address(job, page)).status_code == status, role
    assert signed_in_elsewhere.post(address(job, page)).status_code == 404
    assert signed_in_elsewhere.post(address(job, page).replace("shimonoseki", "nagato")).status_code == 404


@pytest.fixture
def signed_in_elsewhere(committed: None) -> Client:
    """A manager of another municipality."""
    return sign_in(Office(Municipality.objects.get(slug="nagato")).member(Role.MANAGER))


def test_a_role_that_was_changed_takes_its_files_along(office: Office, planner: Client) -> None:
    job = office.ask("tests.letter", text="")
    run(office.municipality, job.pk)
    text(planner, address(job, "file/"))
    Membership.objects.filter(pk=office.member(Role.PLANNER).pk).update(role=Role.STAFF)
    text(planner, address(job, "file/"), status=403)
    assert address(job) not in text(planner, JOBS)


def test_the_list_asks_the_database_the_same_however_long_it_is(office: Office, planner: Client) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            run(office.municipality, office.ask("tests.letter", text="").pk)
        with CaptureQueriesContext(connection) as queries:
            text(planner, JOBS)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("page", ["0", "-1", "x", "2", "9" * 50])
def test_a_page_that_is_not_there(planner: Client, page: str) -> None:
    text(planner, f"{JOBS}?page={page}", status=404)


def test_numbers_no_job_can_have(planner: Client) -> None:
    text(planner, f"{JOBS}0/", status=404)
    text(planner, f"{JOBS}{'9' * 50}/", status=404)
