"""A consultation that is still being typed: kept for whoever types it, and for nobody else."""

import re
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centres.models import Consultation, ConsultationCategory, ConsultationDraft
from civic.accounts.models import Role
from civic.audit.models import Change
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import LogOne
from tests.centres.test_consultations import typed
from tests.conftest import SignIn

NEW = "/shimonoseki/office/consultations/new/"


def test_it_is_there_again_after_the_window_was_closed(
    staff: Client, shimonoseki: Municipality, categories: list[ConsultationCategory]
) -> None:
    values = typed(
        method="fax", summary="書きかけ", is_anonymous="", content="半分まで\x00", categories=[str(categories[1].pk)]
    )
    answer = staff.post(f"{NEW}draft/", values | {"received_on_day": "x"})
    assert "書きかけを保存しました" in answer.content.decode()
    staff.post(f"{NEW}draft/", values)
    form = staff.get(NEW).context["form"]
    assert [form[name].value() for name in ("method", "summary", "is_anonymous", "content", "categories")] == [
        "fax",
        "書きかけ",
        False,
        "半分まで",
        [str(categories[1].pk)],
    ]
    assert form["received_on"].value() == [values[f"received_on_{part}"] for part in ("year", "month", "day")]
    with acting_as(shimonoseki):
        assert not Consultation.objects.exists()
        assert not any("書きかけ" in str(change.after) for change in Change.objects.all())


def test_it_is_gone_once_recorded_or_discarded(staff: Client, shimonoseki: Municipality) -> None:
    for end, values in ((NEW, typed()), (f"{NEW}discard/", {})):
        staff.post(f"{NEW}draft/", typed(summary="書きかけ"))
        assert "書きかけ" in staff.get(NEW).content.decode()
        assert staff.post(end, values).status_code == 302
        assert staff.get(NEW).context["draft"] is None
        with acting_as(shimonoseki):
            assert not ConsultationDraft.objects.exists()


def test_nobody_else_sees_it(staff: Client, signed_in: SignIn, shimonoseki: Municipality) -> None:
    staff.post(f"{NEW}draft/", typed(summary="書きかけ"))
    manager = signed_in(shimonoseki, Role.MANAGER)
    assert "書きかけ" not in manager.get(NEW).content.decode()
    manager.post(f"{NEW}discard/")
    assert "書きかけ" in staff.get(NEW).content.decode()


def test_the_last_entry_of_the_day_is_offered(staff: Client, shimonoseki: Municipality, log_one: LogOne) -> None:
    staff.post(NEW, typed(method="visit", asker_kind="npo", is_anonymous=""))
    form = staff.get(NEW).context["form"]
    assert (form["method"].value(), form["asker_kind"].value()) == ("visit", "npo")
    assert form["is_anonymous"].value() is True
    with acting_as(shimonoseki):
        Consultation.objects.update(received_at=timezone.now() - timedelta(days=1))
    assert staff.get(NEW).context["form"]["method"].value() == "phone"


def offered(page: str) -> list[str]:
    return re.findall(r"<h3><a [^>]*>([^<]*)</a>", page)


def test_earlier_cases_with_words_in_common_are_offered_while_typing(
    staff: Client, shimonoseki: Municipality, nagato: Municipality, log_one: LogOne
) -> None:
    with acting_as(nagato):
        log_one("会計報告の書式", answer="長門の回答")
    with acting_as(shimonoseki):
        log_one("総会の会計報告", answer="様式を渡した。")
        log_one("会計の帳簿", content="報告のしかた")
        log_one("会計をたのまれた")
        log_one("ﾎﾞﾗﾝﾃｨｱ保険")
    answer = staff.post(f"{NEW}draft/", typed(summary="会計報告の書式を知りたい")).content.decode()
    assert offered(answer) == ["総会の会計報告", "会計の帳簿"]
    assert "様式を渡した。" in answer
    assert offered(staff.get(NEW).content.decode()) == ["総会の会計報告", "会計の帳簿"]
    for words, found in (("ボランティア", ["ﾎﾞﾗﾝﾃｨｱ保険"]), ("したいのですが", []), ("", [])):
        assert offered(staff.post(f"{NEW}draft/", typed(summary=words)).content.decode()) == found


def test_no_more_are_offered_than_can_be_read_and_in_the_same_number_of_queries(
    staff: Client, shimonoseki: Municipality, categories: list[ConsultationCategory], log_one: LogOne
) -> None:
    staff.post(f"{NEW}draft/", typed())
    counts = []
    for more in (1, 9):
        with acting_as(shimonoseki):
            for _ in range(more):
                log_one("会計報告", *categories)
        with CaptureQueriesContext(connection) as queries:
            answer = staff.post(f"{NEW}draft/", typed(summary="会計報告")).content.decode()
        counts.append(len(queries))
    assert len(offered(answer)) == 5
    assert counts[0] == counts[1]
