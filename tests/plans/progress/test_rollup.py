"""From the status of items to that of measures and policies."""

from decimal import Decimal
from fractions import Fraction

import pytest

from plans.models import WorkStatus
from plans.progress.rollup import Branch, normalised, roll_up, status_of, whole

DONE, UNDER_WAY, LATE = WorkStatus.COMPLETED, WorkStatus.UNDER_WAY, WorkStatus.DELAYED
NOT_STARTED, STOPPED = WorkStatus.NOT_STARTED, WorkStatus.STOPPED


def item(key: str, status: WorkStatus | None, weight: str = "1") -> Branch:
    return Branch(key, Decimal(weight), status)


@pytest.mark.parametrize("weights", [["1"], ["1", "1", "1"], ["0.1", "0.2", "99999.99"], ["3", "7"], ["0.01"] * 7])
def test_weights_are_one_together_whatever_they_are(weights: list[str]) -> None:
    shares = normalised([Decimal(weight) for weight in weights])
    assert sum(shares) == 1
    assert shares[0] * Fraction(weights[-1]) == shares[-1] * Fraction(weights[0]), "and in proportion"


@pytest.mark.parametrize("weight", ["0", "-1"])
def test_a_weight_that_counts_nothing_is_refused(weight: str) -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        normalised([Decimal(1), Decimal(weight)])


def test_a_measure_is_made_of_its_items_by_weight_and_a_policy_of_its_measures() -> None:
    heavy = Branch("m1", Decimal(3), children=[item("a", DONE, "1"), item("b", NOT_STARTED, "3")])
    light = Branch("m2", Decimal(1), children=[item("c", DONE)])
    standings = roll_up([Branch("p", children=[heavy, light])])
    assert standings["m1"].shares == {DONE: Fraction(1, 4), NOT_STARTED: Fraction(3, 4)}
    assert standings["p"].shares == {DONE: Fraction(7, 16), NOT_STARTED: Fraction(9, 16)}
    assert standings["p"].status == UNDER_WAY
    assert sum(standings["p"].shares.values()) == 1


def test_a_measure_counts_the_same_however_many_items_it_has() -> None:
    many = Branch("m1", children=[item(str(n), DONE) for n in range(9)])
    one = Branch("m2", children=[item("x", NOT_STARTED)])
    standing = whole([many, one], roll_up([many, one]))
    assert standing is not None
    assert standing.shares == {DONE: Fraction(1, 2), NOT_STARTED: Fraction(1, 2)}
    assert (standing.items, standing.reported) == (10, 10)


def test_an_item_without_a_report_counts_as_not_started() -> None:
    branch = Branch("m", children=[item("a", DONE), item("b", None)])
    standings = roll_up([branch])
    assert standings["b"].status == NOT_STARTED
    assert standings["m"].shares[NOT_STARTED] == Fraction(1, 2)
    assert (standings["m"].items, standings["m"].reported) == (2, 1)


def test_what_is_reported_of_a_whole_stands_before_its_parts() -> None:
    standings = roll_up([Branch("m", reported=LATE, children=[item("a", DONE)])])
    assert standings["m"].shares == {LATE: 1}
    assert standings["a"].status == DONE


@pytest.mark.parametrize(
    ("shares", "status"),
    [
        ({DONE: 1}, DONE),
        ({NOT_STARTED: 1, DONE: 0}, NOT_STARTED),
        ({DONE: 1, STOPPED: 1}, DONE),
        ({DONE: 1, NOT_STARTED: 1}, UNDER_WAY),
        ({LATE: 1, UNDER_WAY: 2}, UNDER_WAY),
        ({LATE: 2, UNDER_WAY: 1}, LATE),
        ({LATE: 1, DONE: 9}, LATE),
    ],
)
def test_several_statuses_have_one_word(shares: dict[WorkStatus, int], status: WorkStatus) -> None:
    assert status_of({name: Fraction(share) for name, share in shares.items()}) == status


def test_a_plan_without_items_stands_nowhere() -> None:
    assert whole([], {}) is None
