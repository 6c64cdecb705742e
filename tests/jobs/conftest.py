"""Jobs are tried on committed rows, with real workers, a real clock, and a broker of their own that may be ended."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL, Popen
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from civic.accounts.models import Department, Membership, Role, User
from civic.celery import app
from civic.jobs import services
from civic.jobs.models import Job
from civic.runtime.data_directory import Secrets
from civic.runtime.embedded import EmbeddedRedis, remove_sockets
from civic.runtime.processes import Program, end, end_group, start
from civic.runtime.services import SCHEDULER, WORKER, Service
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.jobs import kinds  # noqa: F401  declares the kinds
from tests.mail_server import MailServer, listening

LEASE_SECONDS = 3


def wait_until(happened: Callable[[], bool], seconds: float = 60) -> None:
    """Fail where something has not happened after so long."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


@dataclass
class Office:
    """A municipality at work: what the tests ask of it is committed."""

    municipality: Municipality
    people: dict[Role, Membership] = field(default_factory=dict)

    def member(self, role: Role) -> Membership:
        if role not in self.people:
            # A sample person needs no second factor.
            user = User.objects.create_user(f"jobs-{role}@{self.municipality.slug}.example.jp", is_sample=True)
            self.people[role] = Membership.objects.create(user=user, municipality=self.municipality, role=role)
        return self.people[role]

    def ask(self, kind: str, role: Role = Role.PLANNER, **parameters: object) -> Job:
        """A member asks for long work."""
        with acting_as(self.municipality):
            return services.start(kind, parameters, requested_by=self.member(role))

    def job(self, job: Job) -> Job:
        """The job as it stands now."""
        with acting_as(self.municipality):
            return Job.objects.get(pk=job.pk)

    def departments(self) -> list[str]:
        """What jobs of the tests leave behind."""
        with acting_as(self.municipality):
            return [department.name for department in Department.objects.all()]


@pytest.fixture
def office(committed: None) -> Office:
    return Office(Municipality.objects.get(slug="shimonoseki"))


class Broker:
    """A Redis server that may be ended and started again."""

    def __init__(self, directory: Path) -> None:
        self._keys = Secrets.make()
        self._redis = EmbeddedRedis(directory, self._keys)
        self.url = self._redis.environment["REDIS_URL"]
        self.start()

    def start(self) -> None:
        self._program = self._redis.program()
        self._process = start(self._program, DEVNULL)
        wait_until(self._redis.ready)

    def end(self) -> None:
        end(self._program, self._process)

    def remove(self) -> None:
        self.end()
        remove_sockets(self._keys)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    broker = Broker(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.remove()


@pytest.fixture
def web_knows_broker(broker: Broker, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test itself, as the web process, sends to the broker that the workers under test read."""
    settings.REDIS_URL = broker.url
    monkeypatch.setitem(app.conf, "broker_url", broker.url.replace("unix://", "redis+socket://"))
    # What was connected before was connected to the suite's own Redis.
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)


class Workers:
    """The portal's own worker and clock, as processes, on the tests' database."""

    def __init__(self, broker: Broker, mail_port: int, log: Path) -> None:
        urls = {
            name: urlsplit(os.environ[name])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL")
        }
        self._environment = {
            **os.environ,
            **urls,
            "REDIS_URL": broker.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "JOBS_LEASE_SECONDS": str(LEASE_SECONDS),
            "JOBS_RESEND_SECONDS": "2",
            "JOBS_SWEEP_SECONDS": "1",
            "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        }
        self._output = log.open("wb")
        self._clock = self._start(SCHEDULER)
        self.start()

    def start(self) -> None:
        self._worker = self._start(WORKER, "--include", "tests.jobs.kinds")

    def start_where_ended(self) -> None:
        """Start a worker that ended, as `restart` in docker-compose.yml does.

        Celery's ends where the broker goes in the instant in which a task is reported as done.
        """
        if self._worker.poll() is not None:
            self.kill()
            self.start()

    def kill(self) -> None:
        """End the worker and the processes of its pool as a power cut would."""
        end_group(self._worker)

    def end(self) -> None:
        end_group(self._clock)
        end_group(self._worker)
        self._output.close()

    def _start(self, service: Service, *arguments: str) -> Popen[bytes]:
        command = (sys.executable, "-m", *service.command, *arguments)
        return start(Program(service.name, command, self._environment), self._output.fileno())


@pytest.fixture(scope="module")
def mail() -> Iterator[tuple[MailServer, int]]:
    """A mail server for the workers, and its port."""
    box = MailServer()
    with listening(box) as port:
        yield box, port


@pytest.fixture
def mail_server(mail: tuple[MailServer, int]) -> MailServer:
    mail[0].letters.clear()
    return mail[0]


@pytest.fixture(scope="module")
def running_workers(
    broker: Broker,
    mail: tuple[MailServer, int],
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Workers]:
    with django_db_blocker.unblock():
        workers = Workers(broker, mail[1], tmp_path_factory.mktemp("workers") / "log")
    yield workers
    workers.end()


@pytest.fixture
def workers(running_workers: Workers, web_knows_broker: None, office: Office) -> Workers:
    return running_workers
