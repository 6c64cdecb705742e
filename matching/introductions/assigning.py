"""The assignment that serves most needs best, as arithmetic: no database, no words.

A pair is somebody who may be asked for a need. Its points are those of the pair, and as many again as a perfect pair
has for a place that is taken at all (`served`), less `further_ask` for each time that the same person was asked lately
or is asked here already. The sum is made as large as can be, in rounds: each round gives everybody at most one ask,
and is solved exactly as an assignment problem by SciPy; then what clashes with it is dropped, and what is left is
solved again. So within a round no two asks of a person can clash, and nobody is asked twice while another who is as
good is not asked at all. Rounds together need not be the best of all assignments; where taking the best pair first
gives more, that is taken.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching


@dataclass(frozen=True)
class Problem:
    """Needs and people by their numbers from 0; of each pair, its need, its person and its points, as whole numbers.

    `places` are those left of each need; `begins` and `ends` its time in seconds, NaN where it has none. `room` is how
    often each person may still be asked, `asked` how often they were asked lately.
    """

    need: np.ndarray
    person: np.ndarray
    points: np.ndarray
    places: np.ndarray
    begins: np.ndarray
    ends: np.ndarray
    room: np.ndarray
    asked: np.ndarray
    served: int
    further_ask: int


@dataclass(frozen=True)
class Assignment:
    """The chosen pairs by their position, their sum of points, and that of taking the best pair first."""

    pairs: list[int]
    score: int
    greedy_score: int


def assign(problem: Problem) -> Assignment:
    """Return the better of the two ways."""
    greedy, rounds = by_best_pair_first(problem), by_rounds(problem)
    greedy_score, score = total(problem, greedy), total(problem, rounds)
    return Assignment(*((rounds, score) if score >= greedy_score else (greedy, greedy_score)), greedy_score)


def total(problem: Problem, pairs: Sequence[int]) -> int:
    """The sum of points of chosen pairs, whatever their order."""
    chosen = np.array(pairs, dtype=int)
    times = np.bincount(problem.person[chosen], minlength=len(problem.room))
    # The k-th ask of a person costs k times as much, beginning with those of before.
    load = (times * problem.asked + times * (times - 1) // 2).sum()
    return int((problem.points[chosen] + problem.served).sum() - load * problem.further_ask)


def by_rounds(problem: Problem) -> list[int]:
    """Solve, drop what clashes, solve again for what is left."""
    places, room, asked = problem.places.copy(), problem.room.copy(), problem.asked.copy()
    alive = np.arange(len(problem.need))
    chosen: list[int] = []
    while True:
        worth = problem.points[alive] + problem.served - problem.further_ask * asked[problem.person[alive]]
        keep = (worth > 0) & (places[problem.need[alive]] > 0) & (room[problem.person[alive]] > 0)
        alive, worth = alive[keep], worth[keep]
        if not len(alive):
            return chosen
        taken = alive[solve(problem.need[alive], problem.person[alive], worth, places)]
        chosen += taken.tolist()
        np.subtract.at(places, problem.need[taken], 1)
        room[problem.person[taken]] -= 1
        asked[problem.person[taken]] += 1
        alive = alive[~_clashes(problem, alive, taken)]


def solve(need: np.ndarray, person: np.ndarray, worth: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the positions of the pairs that give everybody at most one need, and are worth most together.

    A need stands in as many rows as it has places. Each row has a column of its own beside the people's: with it the
    place stays free, so there always is an answer.
    """
    people, columns = np.unique(person, return_inverse=True)
    needs, of_need = np.unique(need, return_inverse=True)
    order = np.argsort(of_need, kind="stable")
    pairs_of = np.split(order, np.cumsum(np.bincount(of_need))[:-1])
    # More places than candidates stay free anyway.
    rows = [
        pairs
        for number, pairs in zip(needs, pairs_of, strict=True)
        for _place in range(min(places[number], len(pairs)))
    ]
    pairs = np.concatenate(rows)
    row = np.repeat(np.arange(len(rows)), [len(of_row) for of_row in rows])
    free = np.arange(len(rows))
    matrix = csr_array(
        (
            # All one more than they are worth: SciPy takes a zero for no pair at all.
            np.concatenate([worth[pairs] + 1, np.ones(len(rows))]),
            (np.concatenate([row, free]), np.concatenate([columns[pairs], len(people) + free])),
        )
    )
    column_of = np.empty(len(rows), dtype=int)
    matched_rows, matched_columns = min_weight_full_bipartite_matching(matrix, maximize=True)
    column_of[matched_rows] = matched_columns
    chosen: np.ndarray = pairs[columns[pairs] == column_of[row]]
    return chosen


def _clashes(problem: Problem, pairs: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Whether each pair is one of those taken, or asks its person for a time that overlaps with theirs."""
    need_of = np.full(len(problem.room), -1)
    need_of[problem.person[taken]] = problem.need[taken]
    need, other = problem.need[pairs], need_of[problem.person[pairs]]
    # Comparing with NaN, the time of a need that has none, is false.
    overlap = (problem.begins[need] < problem.ends[other]) & (problem.ends[need] > problem.begins[other])
    clashing: np.ndarray = (other >= 0) & (overlap | (need == other))
    return clashing


def by_best_pair_first(problem: Problem) -> list[int]:
    """Take the pair that is worth most, then the one that is worth most beside it, and so on."""
    need, person = problem.need.tolist(), problem.person.tolist()
    begins, ends = problem.begins.tolist(), problem.ends.tolist()
    places, room, asked = problem.places.tolist(), problem.room.tolist(), problem.asked.tolist()
    worth = problem.points + problem.served - problem.further_ask * problem.asked[problem.person]
    heap = [(-value, pair) for pair, value in enumerate(worth.tolist())]
    heapq.heapify(heap)
    chosen: list[int] = []
    own: dict[int, list[int]] = {}
    left = sum(places)
    while left and heap and heap[0][0] < 0:
        value, pair = heapq.heappop(heap)
        who, what = person[pair], need[pair]
        if not places[what] or not room[who]:
            continue
        if any(begins[what] < ends[other] and ends[what] > begins[other] for other in own.get(who, [])):
            continue
        now = problem.further_ask * asked[who] - problem.served - int(problem.points[pair])
        if now > value:
            # They were asked since; it waits for its turn at what it is worth now.
            heapq.heappush(heap, (now, pair))
            continue
        chosen.append(pair)
        own.setdefault(who, []).append(what)
        left -= 1
        places[what] -= 1
        room[who] -= 1
        asked[who] += 1
    return chosen
