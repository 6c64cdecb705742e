"""Requests per second of one address against another, taken in turns so that a noisy machine disturbs both alike."""

import http.client
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

CLIENTS = 4
TURNS = 8
SECONDS_PER_TURN = 1.0


def throughput(port: int, addresses: Sequence[str]) -> list[float]:
    """Return the median requests per second of each address. Bounded: CLIENTS × TURNS × SECONDS_PER_TURN each."""
    turns: list[list[float]] = [[] for _ in addresses]
    for address in addresses:
        _one_turn(port, address, seconds=0.5)
    for _ in range(TURNS):
        for index, address in enumerate(addresses):
            turns[index].append(_one_turn(port, address, SECONDS_PER_TURN))
    return [statistics.median(rates) for rates in turns]


def _one_turn(port: int, address: str, seconds: float) -> float:
    with ThreadPoolExecutor(CLIENTS) as clients:
        answered = clients.map(lambda _: _ask_for(port, address, seconds), range(CLIENTS))
        return sum(answered) / seconds


def _ask_for(port: int, address: str, seconds: float) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    answered = 0
    ends = time.monotonic() + seconds
    try:
        while time.monotonic() < ends:
            connection.request("GET", address)
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.HTTPStatus.OK:
                raise RuntimeError(f"{address} answered {answer.status}")
            answered += 1
    finally:
        connection.close()
    return answered
