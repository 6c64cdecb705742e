"""Two connections at the same report."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection

from civic.accounts.models import Membership
from civic.tenancy.context import acting_as
from plans.progress import services
from tests.plans.progress.conftest import WHOLE, YearOf

pytestmark = pytest.mark.slow


def test_of_two_who_save_at_once_one_is_told(committed_year: YearOf) -> None:
    both_have_read = Barrier(2)

    def save(by: Membership, words: str) -> str:
        try:
            with acting_as(committed_year.municipality):
                report = committed_year.report("1-1-1")
                both_have_read.wait(10)
                services.save(report, report.version, WHOLE | {"done": words}, by)
                return "saved"
        except services.WrittenMeanwhile as meanwhile:
            return f"told of {meanwhile.report.done}"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(save, committed_year.officer, "広報課の文")
        second = threads.submit(save, committed_year.other_officer, "協働課の文")
        said = sorted([first.result(30), second.result(30)])
    with acting_as(committed_year.municipality):
        stands = committed_year.report("1-1-1").done
    assert said == ["saved", f"told of {stands}"]


def test_who_saves_while_the_year_is_being_closed_finds_it_closed(committed_year: YearOf) -> None:
    closing, may_end = Event(), Event()

    def close() -> None:
        with acting_as(committed_year.municipality):
            services.close_year(committed_year.year)
            closing.set()
            may_end.wait(10)
        connection.close()

    def save() -> str:
        try:
            with acting_as(committed_year.municipality):
                report = committed_year.report("1-1-1")
                services.save(report, report.version, WHOLE, committed_year.officer)
                return "saved"
        except services.Refused as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        closed = threads.submit(close)
        assert closing.wait(10)
        saved = threads.submit(save)
        with pytest.raises(TimeoutError):
            saved.result(0.5)
        may_end.set()
        closed.result(10)
        assert "しめました" in saved.result(10)
