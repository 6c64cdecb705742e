"""A connection that goes back to the pool carries nothing over to whoever takes it next."""

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from civic.accounts.models import Department
from civic.tenancy.context import NoMunicipality, acting_as, current_municipality
from civic.tenancy.models import Municipality

Answer = TypeVar("Answer")


def on_a_connection_of_its_own(work: Callable[[], Answer]) -> Answer:
    """Run work in a thread, outside the test's transaction, as a request or a task is run."""
    answers: list[Answer] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(work())
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return answers[0]


def backend_and_setting() -> tuple[int, str | None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_setting('app.municipality_id', true)")
        pid, setting = cursor.fetchone()
        return pid, setting


def test_a_request_leaves_its_connection_without_a_municipality(shimonoseki: Municipality) -> None:
    def request_then_look() -> tuple[int, tuple[int, str | None], bool]:
        assert Client().get("/shimonoseki/").status_code == 200
        with acting_as(shimonoseki):
            pid, during = backend_and_setting()
            assert during == str(shimonoseki.pk)
        after = backend_and_setting()
        with pytest.raises(DatabaseError):
            list(Department.objects.all())
        with pytest.raises(NoMunicipality):
            current_municipality()
        return pid, after, True

    pid, after, _ = on_a_connection_of_its_own(request_then_look)
    assert after == (pid, ""), "the same connection, and nothing set"


def test_the_next_to_take_a_connection_is_another_municipality_only(
    shimonoseki: Municipality, nagato: Municipality
) -> None:
    def acted_as(municipality: Municipality) -> tuple[int, str | None]:
        with acting_as(municipality):
            return backend_and_setting()

    seen: dict[int, set[str | None]] = {}
    for municipality in (shimonoseki, nagato) * 8:
        pid, setting = on_a_connection_of_its_own(lambda m=municipality: acted_as(m))  # type: ignore[misc]
        assert setting == str(municipality.pk)
        seen.setdefault(pid, set()).add(setting)
    assert any(len(settings) == 2 for settings in seen.values()), "no connection served both"


def test_a_failing_block_leaves_nothing_either(shimonoseki: Municipality) -> None:
    def fail_then_look() -> str | None:
        with pytest.raises(ZeroDivisionError), acting_as(shimonoseki):
            raise ZeroDivisionError
        return backend_and_setting()[1]

    assert on_a_connection_of_its_own(fail_then_look) == ""
