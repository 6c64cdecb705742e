"""The assignment: allowed in every respect, the best there is, and so never worse than taking the best pair first."""

from itertools import combinations
from random import Random

import numpy as np
import pytest

from matching.introductions import assigning
from matching.introductions.assigning import Problem, assign, total
from tests.matching.introductions.best_pair_first import by_best_pair_first

HOUR = 3600.0
NONE = float("nan")


def problem(
    pairs: list[tuple[int, int, int]],
    places: list[int],
    room: list[int],
    *,
    times: list[tuple[float, float]] | None = None,
    asked: list[int] | None = None,
) -> Problem:
    """Pairs are (need, person, points); a place that is taken counts 100, a further ask of the same person costs 20."""
    need, person, points = (np.array(column, dtype=int) for column in zip(*pairs, strict=True))
    hours = np.array(times or [(NONE, NONE)] * len(places)) * HOUR
    return Problem(
        need, person, points, np.array(places), hours[:, 0], hours[:, 1],
        np.array(room), np.array(asked or [0] * len(room)), 100, 20,
    )  # fmt: skip


def anything(random: Random, needs: int, people: int) -> Problem:
    """Any problem: times that overlap and times that are open, limits, asks of before, pairs of all points."""
    pairs = [
        (need, person, random.randint(0, 100))
        for need in range(needs)
        for person in range(people)
        if random.random() < 0.6
    ] or [(0, 0, 1)]
    begins = [random.choice([NONE, *range(6)]) for _need in range(needs)]
    return problem(
        pairs,
        [random.randint(1, 3) for _need in range(needs)],
        [random.randint(1, 3) for _person in range(people)],
        times=[(begin, begin + random.randint(1, 3)) for begin in begins],
        asked=[random.randint(0, 6) for _person in range(people)],
    )


def is_allowed(given: Problem, pairs: list[int]) -> bool:
    """Whether a choice keeps places, limits and times, and takes no pair twice."""
    needs, people = given.need[pairs].tolist(), given.person[pairs].tolist()
    overlapping = any(
        given.person[one] == given.person[other]
        and (
            given.need[one] == given.need[other]
            or (
                given.begins[given.need[one]] < given.ends[given.need[other]]
                and given.ends[given.need[one]] > given.begins[given.need[other]]
            )
        )
        for one, other in combinations(pairs, 2)
    )
    return (
        not overlapping
        and all(needs.count(need) <= given.places[need] for need in needs)
        and all(people.count(person) <= given.room[person] for person in people)
    )


@pytest.mark.parametrize("seed", range(60))
def test_any_answer_is_allowed_and_none_is_worse_than_the_simple_way(seed: int) -> None:
    random = Random(seed)
    given = anything(random, random.randint(1, 8), random.randint(1, 8))
    best, simple = assign(given), by_best_pair_first(given)
    assert is_allowed(given, best.pairs)
    assert is_allowed(given, simple)
    assert best.score == total(given, best.pairs) >= total(given, simple)
    assert best.score <= best.bound


def best_of_all(given: Problem) -> int:
    """The points of the best of every choice there is."""
    pairs = range(len(given.need))
    choices = (list(choice) for count in range(len(pairs) + 1) for choice in combinations(pairs, count))
    return max(total(given, choice) for choice in choices if is_allowed(given, choice))


@pytest.mark.parametrize("seed", range(20))
def test_there_is_no_better_answer(seed: int) -> None:
    given = anything(Random(seed), 3, 3)
    best = assign(given)
    assert best.score == best.bound == best_of_all(given)


@pytest.mark.parametrize("exact_up_to", [0, 1000])
def test_needs_that_overlap_in_a_ring_leave_no_halves(monkeypatch: pytest.MonkeyPatch, exact_up_to: int) -> None:
    """The linear program alone would take halves of pairs here, which are worth more than whole ones can be."""
    monkeypatch.setattr(assigning, "EXACT_UP_TO", exact_up_to)
    pairs = [(0, 0, 0), (0, 1, 10), (1, 0, 10), (2, 1, 10), (3, 0, 50), (4, 0, 0), (4, 1, 0)]
    given = problem(pairs, [1] * 5, [4, 4], times=[(2, 4), (4, 7), (3, 8), (0, 5), (6, 8)])
    best = assign(given)
    assert is_allowed(given, best.pairs)
    assert best.score == best_of_all(given) < best.bound


def test_a_need_that_only_one_can_serve_gets_them() -> None:
    """The best pair first would leave the second need without anybody."""
    given = problem([(0, 0, 90), (0, 1, 80), (1, 0, 80)], [1, 1], [1, 1])
    best = assign(given)
    assert sorted(best.pairs) == [1, 2]
    assert (best.score, total(given, by_best_pair_first(given))) == (360, 190)


def test_asks_are_spread() -> None:
    """The second is nearly as good as the first, who would be asked for all three otherwise."""
    given = problem([(need, person, 90 - person) for need in range(3) for person in range(3)], [1, 1, 1], [3, 3, 3])
    assert sorted(given.person[assign(given).pairs].tolist()) == [0, 1, 2]


def test_nobody_is_asked_where_it_costs_more_than_it_gives() -> None:
    assert assign(problem([(0, 0, 10)], [1], [3], asked=[6])).pairs == []
