"""The assignment of the week's proposal: who is asked for what, so that the sum of points is as large as can be.

A linear program, solved by HiGHS through SciPy. Its columns are the pairs, and each person's first, second … ask, each
dearer than the one before; its rows hold the places of a need, a person's limit, and that nobody has two needs at one
moment. Its answer nearly always takes a pair or leaves it, and is then the best there is. Needs that overlap in a ring
can leave halves: those are settled by branching.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, vstack

EXACT_UP_TO = 20_000
"""With more pairs than these, branching is left to those that the halves touch: all would take minutes."""
NEARLY = 1e-6
"""How far a taken pair may be from 1, in the solver's arithmetic."""


@dataclass(frozen=True)
class Problem:
    """Needs and people by their numbers from 0; of each pair, its need, its person and its points, as whole numbers.

    `places` are those left of each need; `begins` and `ends` its time in seconds, NaN where it has none. `room` is how
    often each person may still be asked, `asked` how often they were asked lately. A place that is taken is worth
    `served`; each ask after the first costs `further_ask` more than the one before.
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
    """The chosen pairs by their position, their sum of points, and the sum that no assignment can exceed."""

    pairs: list[int]
    score: int
    bound: int


@dataclass(frozen=True)
class Program:
    """Columns between 0 and 1, what each is worth, and rows: `limits @ columns <= most`, `asks @ columns = 0`."""

    worth: np.ndarray
    limits: csr_array
    most: np.ndarray
    asks: csr_array


def assign(problem: Problem) -> Assignment:
    """Return the best assignment; for more than EXACT_UP_TO pairs, in the rare case of halves, one next to it.

    Raises ArithmeticError where the solver gives up.
    """
    program = _program(problem)
    answer = linprog(
        -program.worth, A_ub=program.limits, b_ub=program.most, A_eq=program.asks, b_eq=np.zeros(len(problem.room)),
        bounds=(0, 1), method="highs-ds",
    )  # fmt: skip
    columns = _solved(answer)
    if _halves(columns).any():
        columns = _branch(problem, program, columns)
    pairs = np.flatnonzero(columns[: len(problem.need)] > 1 - NEARLY).tolist()
    return Assignment(pairs, total(problem, pairs), math.floor(-answer.fun + NEARLY))


def total(problem: Problem, pairs: list[int]) -> int:
    """The sum of points of chosen pairs, whatever their order."""
    chosen = np.array(pairs, dtype=int)
    times = np.bincount(problem.person[chosen], minlength=len(problem.room))
    # The k-th ask of a person costs k times as much, beginning with those of before.
    load = (times * problem.asked + times * (times - 1) // 2).sum()
    return int((problem.points[chosen] + problem.served).sum() - load * problem.further_ask)


def _program(problem: Problem) -> Program:
    pairs, people = len(problem.need), len(problem.room)
    # Nobody is asked more often than there are pairs of theirs.
    asks = np.minimum(problem.room, np.bincount(problem.person, minlength=people))
    asker = np.repeat(np.arange(people), asks)
    earlier = np.arange(len(asker)) - np.searchsorted(asker, asker)

    def rows(of: np.ndarray, columns: np.ndarray, count: int) -> csr_array:
        return coo_array((np.ones(len(columns)), (of, columns)), shape=(count, pairs + len(asker))).tocsr()

    places = rows(problem.need, np.arange(pairs), len(problem.places))
    at_once = []
    # Times that overlap are those that share the moment at which one of them begins. A time that is open shares none.
    for moment in np.unique(problem.begins[~np.isnan(problem.begins)]):
        going_on = np.flatnonzero(((problem.begins <= moment) & (problem.ends > moment))[problem.need])
        at_once.append(rows(problem.person[going_on], going_on, people))
    clashes = vstack([rows(problem.need[:0], problem.need[:0], 0), *at_once]).tocsr()
    clashes = clashes[np.diff(clashes.indptr) > 1]
    return Program(
        worth=np.concatenate(
            [problem.points + problem.served, -problem.further_ask * (problem.asked[asker] + earlier)]
        ).astype(float),
        limits=vstack([places, clashes]).tocsr(),
        most=np.concatenate([problem.places, np.ones(clashes.shape[0])]),
        asks=rows(problem.person, np.arange(pairs), people) - rows(asker, pairs + np.arange(len(asker)), people),
    )


def _solved(answer: Any) -> np.ndarray:
    """The columns of a solver's answer. Raises ArithmeticError where it has none."""
    if not answer.success:
        raise ArithmeticError(answer.message)
    columns: np.ndarray = answer.x
    return columns


def _halves(columns: np.ndarray) -> np.ndarray:
    is_half: np.ndarray = (columns > NEARLY) & (columns < 1 - NEARLY)
    return is_half


def _branch(problem: Problem, program: Program, columns: np.ndarray) -> np.ndarray:
    """Settle the halves: open again are all pairs, or those of the people and needs with halves."""
    pairs = len(problem.need)
    half = _halves(columns[:pairs])
    is_open = np.ones(len(columns), dtype=bool)
    if pairs > EXACT_UP_TO:
        is_open[:pairs] = np.isin(problem.need, problem.need[half]) | np.isin(problem.person, problem.person[half])
    taken = columns > 1 - NEARLY
    answer = milp(
        -program.worth,
        constraints=[LinearConstraint(program.limits, ub=program.most), LinearConstraint(program.asks, 0, 0)],
        bounds=Bounds(np.where(is_open, 0, taken), np.where(is_open, 1, taken)),
        integrality=np.ones(len(columns)),
    )
    return _solved(answer)
