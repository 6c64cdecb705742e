"""Requests per second of one address against another, taken in turns so that a noisy machine disturbs both alike."""

import http.client
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

CLIENTS = 4
TURNS = 8
SECONDS_PER_TURN = 1.0


@dataclass(frozen=True)
class Visit:
    """An address, and the cookie of whoever asks for it."""

    address: str
    cookie: str = ""


def throughput(port: int, visits: Sequence[Visit]) -> list[float]:
    """Return the median requests per second of each visit. Bounded: CLIENTS × TURNS × SECONDS_PER_TURN each."""
    turns: list[list[float]] = [[] for _ in visits]
    for visit in visits:
        _one_turn(port, visit, seconds=0.5)
    for _ in range(TURNS):
        for index, visit in enumerate(visits):
            turns[index].append(_one_turn(port, visit, SECONDS_PER_TURN))
    return [statistics.median(rates) for rates in turns]


def _one_turn(port: int, visit: Visit, seconds: float) -> float:
    with ThreadPoolExecutor(CLIENTS) as clients:
        answered = clients.map(lambda _: _ask_for(port, visit, seconds), range(CLIENTS))
        return sum(answered) / seconds


def _ask_for(port: int, visit: Visit, seconds: float) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    answered = 0
    ends = time.monotonic() + seconds
    try:
        while time.monotonic() < ends:
            connection.request("GET", visit.address, headers={"Cookie": visit.cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.HTTPStatus.OK:
                raise RuntimeError(f"{visit.address} answered {answer.status}")
            answered += 1
    finally:
        connection.close()
    return answered
