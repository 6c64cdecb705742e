"""The simple way to assign: what the week's proposal must never be worse than."""

import heapq

from matching.introductions.assigning import Problem


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
