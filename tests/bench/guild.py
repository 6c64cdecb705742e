"""A guild of 10,000 supporters and 2,000 open requests: candidates, the week's proposal, and the queue.

Run as a program it fills servers that are thrown away afterwards, measures, and prints the figures as JSON.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from civic.runtime.throwaway import throwaway_servers
from tests.bench.measurement import Measurement

SUPPORTERS, REQUESTS = 10_000, 2_000
TURNS, PROPOSALS = 15, 3
WORKERS, ENTRIES = 20, 2_000
# Three of twenty skills each, two of twenty districts, three half days a week; nine in ten agree to be introduced.
FILL = (
    "SELECT setseed(0.5)",
    """
    INSERT INTO centres_district (municipality_id, name, position)
    SELECT %(municipality)s, '第' || n || '地区', n FROM generate_series(1, 20) AS n
    """,
    """
    INSERT INTO matching_skill (municipality_id, name, position, is_retired)
    SELECT %(municipality)s, 'できること' || n, n, false FROM generate_series(1, 20) AS n
    """,
    """
    INSERT INTO centres_group (municipality_id, number, name, name_kana, kind, purpose, description, tags,
                               seeks_members, seeks_volunteers, seeks_partners, looking_for, meeting_day,
                               meeting_place, website, contact_name, contact_name_is_public, address,
                               address_is_public, phone, phone_is_public, fax, fax_is_public, email, email_is_public,
                               is_published, standing, is_sample, source)
    SELECT %(municipality)s, n, '第' || n || 'の会', '', 'civic', '', '', '{}', false, false, false, '', '', '', '', '',
           false, '', false, '', false, '', false, '', false, true, 'listed', true, '{}'
    FROM generate_series(1, 200) AS n
    """,
    """
    INSERT INTO matching_supporter (municipality_id, kind, nickname, status, can_do, home_district_id, reach,
                                    comes_on_site, helps_online, languages, asks_a_month, news, prefers_plain_words,
                                    insured_from, registered_on, is_sample)
    SELECT %(municipality)s, 'person', '人' || n, CASE WHEN random() < 0.95 THEN 'active' ELSE 'paused' END, '',
           (SELECT min(id) FROM centres_district) + n %% 20,
           CASE WHEN random() < 0.7 THEN 'districts' ELSE 'anywhere' END, true, random() < 0.4, '',
           1 + (random() * 4)::int, 'monthly', false, current_date - 30, current_date - 400, true
    FROM generate_series(1, %(supporters)s) AS n
    """,
    """
    INSERT INTO matching_supportercontact (municipality_id, supporter_id, name, name_kana, email, phone, address,
                                           born_on, accessibility, guardian_name, guardian_phone)
    SELECT %(municipality)s, id, '氏名', '', '', '', '', current_date - 5000 - (random() * 25000)::int, '', '', ''
    FROM matching_supporter
    """,
    """
    INSERT INTO matching_consent (municipality_id, supporter_id, purpose, given_at, is_on_paper)
    SELECT %(municipality)s, id, purpose, now(), false
    FROM matching_supporter, unnest(ARRAY['introduction', 'share_name']) AS purpose WHERE random() < 0.9
    """,
    """
    INSERT INTO matching_supporterskill (municipality_id, supporter_id, skill_id, level)
    SELECT DISTINCT ON (s.id, skill) %(municipality)s, s.id, skill, 2 + (random() * 1)::int FROM (
        SELECT s.id, (SELECT min(id) FROM matching_skill) + floor(random() * 20)::int AS skill
        FROM matching_supporter s, generate_series(1, 3)
    ) AS s
    """,
    """
    INSERT INTO matching_supporterdistrict (municipality_id, supporter_id, district_id)
    SELECT DISTINCT %(municipality)s, s.id, district FROM (
        SELECT s.id, (SELECT min(id) FROM centres_district) + floor(random() * 20)::int AS district
        FROM matching_supporter s, generate_series(1, 2)
    ) AS s
    """,
    """
    INSERT INTO matching_supporterfield (municipality_id, supporter_id, field)
    SELECT DISTINCT %(municipality)s, s.id, field FROM (
        SELECT s.id, 1 + floor(random() * 19)::int AS field FROM matching_supporter s, generate_series(1, 2)
    ) AS s
    """,
    """
    INSERT INTO matching_supportertime (municipality_id, supporter_id, weekday, starts, ends)
    SELECT DISTINCT ON (id, weekday, half) %(municipality)s, id, weekday, (ARRAY['9:00', '13:00'])[half]::time,
           (ARRAY['12:00', '17:00'])[half]::time
    FROM (
        SELECT s.id, floor(random() * 7)::int AS weekday, 1 + floor(random() * 2)::int AS half
        FROM matching_supporter s, generate_series(1, 3) WHERE s.id %% 10 > 0
    ) AS s
    """,
    """
    INSERT INTO matching_away (municipality_id, supporter_id, first_day, last_day)
    SELECT %(municipality)s, id, current_date + 5, current_date + 12 FROM matching_supporter WHERE random() < 0.1
    """,
    """
    INSERT INTO matching_helprequest (municipality_id, kind, group_id, title, what, why, offers, field, timing, "when",
                                      "where", district_id, is_online, people_needed, responsible_name,
                                      responsible_phone, insurance, costs, status, posted_on, sent_back_because,
                                      is_sample)
    SELECT %(municipality)s, 'volunteers', (SELECT min(id) FROM centres_group) + n %% 200, '募集' || n, '', '', '',
           1 + n %% 19, 'once', '', '', (SELECT min(id) FROM centres_district) + floor(random() * 20)::int,
           random() < 0.1, 2, '', '', CASE WHEN random() < 0.3 THEN 'own' ELSE 'none' END, '', 'open', current_date, '',
           true
    FROM generate_series(1, %(requests)s) AS n
    """,
    """
    INSERT INTO matching_requestskill (municipality_id, request_id, skill_id, is_needed, level)
    SELECT DISTINCT ON (id, skill) %(municipality)s, id, skill, turn = 1, 2 FROM (
        SELECT r.id, (SELECT min(id) FROM matching_skill) + floor(random() * 20)::int AS skill, turn
        FROM matching_helprequest r, generate_series(1, 2) AS turn
    ) AS r ORDER BY id, skill, turn
    """,
    """
    INSERT INTO matching_shift (municipality_id, request_id, starts_at, ends_at, people_needed)
    SELECT %(municipality)s, id, starts, starts + interval '2 hours', 2 FROM (
        SELECT id, (current_date + 2 + floor(random() * 28)::int + (ARRAY['9:30', '13:30'])[1 + id %% 2]::time)
                   AT TIME ZONE 'Asia/Tokyo' AS starts
        FROM matching_helprequest
    ) AS r
    """,
    # A third was asked before, and half of those helped.
    """
    INSERT INTO matching_match (municipality_id, request_id, shift_id, supporter_id, people, state, starts_at, ends_at,
                                reasons, score, made_at, is_sample)
    SELECT %(municipality)s, s.request_id, s.id, p.id, 1,
           CASE WHEN random() < 0.5 THEN 'lapsed' ELSE 'volunteer_no' END,
           s.starts_at, s.ends_at, '[]', 0, now(), true
    FROM matching_supporter p JOIN matching_shift s ON s.id = (SELECT min(id) FROM matching_shift) + p.id %% 2000
    WHERE random() < 0.33
    """,
    """
    INSERT INTO matching_matchstep (municipality_id, match_id, state, actor, at, comment)
    SELECT %(municipality)s, id, 'volunteer_asked', 'staff', now() - random() * interval '60 days', ''
    FROM matching_match
    """,
)
TABLES = (
    "centres_district",
    "centres_group",
    "matching_skill",
    "matching_supporter",
    "matching_supportercontact",
    "matching_consent",
    "matching_supporterskill",
    "matching_supporterdistrict",
    "matching_supporterfield",
    "matching_supportertime",
    "matching_away",
    "matching_helprequest",
    "matching_requestskill",
    "matching_shift",
    "matching_match",
    "matching_matchstep",
)
# The rows from which a supporter is judged, read and nothing done with them.
SCANNED = {
    "matching_supporter": "status, asks_a_month, helps_online, comes_on_site, reach, home_district_id, insured_from",
    "matching_supportercontact": "born_on, guardian_agreed_on",
    "matching_consent": "purpose, withdrawn_at",
    "matching_supporterskill": "skill_id, level",
    "matching_supporterdistrict": "district_id",
    "matching_supporterfield": "field",
    "matching_supportertime": "weekday, starts, ends",
    "matching_away": "first_day, last_day",
    "matching_match": "state, starts_at, ends_at, supporter_id",
    "matching_matchstep": "state, at, match_id",
}
BARE_SCAN = " UNION ALL ".join(f"SELECT count(({columns})) FROM {table}" for table, columns in SCANNED.items())


def guild() -> list[Measurement]:
    """Return candidates against a bare scan, the proposal against its solver and the simple way, and the queue."""
    with throwaway_servers() as environment:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.guild"],
            env=os.environ | environment | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    measured = json.loads(done.stdout.splitlines()[-1])
    sizes = f"{SUPPORTERS:,} supporters"
    both = f"{sizes}, {REQUESTS:,} requests"
    return [
        Measurement(
            f"candidates among {sizes} against a bare scan of the same rows", "<= 3.0", *measured["scan"], "ms"
        ),
        Measurement(f"the week's proposal, {both}, against its solver's own time", "<= 2.0", *measured["solver"], "s"),
        Measurement("its score against the greedy answer's", ">= 1.0", *measured["greedy"], "points"),
        Measurement("its score against what none can exceed", ">= 1.0", *measured["bound"], "points"),
        Measurement(f"queue: {WORKERS} workers against one", None, *measured["queue"], "entries/s"),
        Measurement("queue: hand-outs against entries, none twice", "<= 1.0", *measured["handed"], "entries"),
    ]


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from civic.tenancy.models import Municipality

    call_command("migrate", verbosity=0)
    municipality = Municipality.objects.create(
        code="000000", slug="guild", name="百万市", guild_name="", office_name=""
    )
    _fill(municipality.pk)
    print(json.dumps(_candidates(municipality) | _proposal(municipality) | _queue(municipality)))


def _fill(municipality: int) -> None:
    import psycopg
    from django.db import connections

    owner = connections["owner"].get_connection_params()
    values = {"municipality": municipality, "supporters": SUPPORTERS, "requests": REQUESTS}
    with psycopg.connect(**{**owner, "cursor_factory": psycopg.ClientCursor}, autocommit=True) as connection:
        # The trail of so many additions is not what is measured.
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in FILL:
            connection.execute(statement, values)
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            connection.execute(f"VACUUM ANALYZE {table}")


def _seconds(done: Callable[[], object]) -> float:
    began = time.perf_counter()
    done()
    return time.perf_counter() - began


def _candidates(municipality: Any) -> dict[str, list[float]]:
    """A page's candidates and the bare scan, in turns so that a noisy machine disturbs both alike; milliseconds."""
    from django.db import connection

    from civic.tenancy.context import acting_as
    from matching.introductions.candidates import candidates
    from matching.models import Shift

    def scan() -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE_SCAN)
            cursor.fetchall()

    with acting_as(municipality):
        shifts = list(Shift.objects.select_related("request").order_by("pk")[:TURNS])
        taken = [(_seconds(lambda of=of: candidates(of.request, of)), _seconds(scan)) for of in shifts]  # type: ignore[misc]
    return {"scan": [statistics.median(each) * 1000 for each in zip(*taken, strict=True)]}


def _proposal(municipality: Any) -> dict[str, list[float]]:
    """The whole proposal from its rows to its lines, and what its solver took of it, seconds; and the points."""
    from django.db import transaction

    from civic.accounts.models import User
    from civic.tenancy.context import acting_as
    from matching.introductions import assigning, proposing
    from tests.matching.introductions.best_pair_first import by_best_pair_first

    solve, assign = assigning.linprog, assigning.assign
    solved: list[float] = []
    problems: list[assigning.Problem] = []

    def timed(*program: Any, **options: Any) -> Any:
        began = time.perf_counter()
        answer = solve(*program, **options)
        solved.append(time.perf_counter() - began)
        return answer

    def kept(problem: assigning.Problem) -> assigning.Assignment:
        problems.append(problem)
        return assign(problem)

    assigning.linprog, assigning.assign = timed, kept
    by = User.objects.create_user("bench@example.jp")

    def make() -> object:
        return proposing.make_proposal(by, lambda percent, words: None)

    with acting_as(municipality):
        taken = [_seconds(make) for _turn in range(PROPOSALS)]
        proposal = proposing.current_proposal()
        transaction.set_rollback(True)
    if proposal is None or len(solved) != len(taken):
        raise RuntimeError("The solver was not seen at work.")
    greedy = assigning.total(problems[-1], by_best_pair_first(problems[-1]))
    return {
        "solver": [statistics.median(taken), statistics.median(solved)],
        "greedy": [proposal.score, greedy],
        "bound": [proposal.score, proposal.bound],
    }


def _queue(municipality: Any) -> dict[str, list[float]]:
    """Hand-outs a second, each in a transaction of its own that also strikes off the one before."""
    from django.db import connection

    from civic.accounts.models import User
    from civic.tenancy.context import acting_as
    from matching.introductions import queue
    from matching.models import QueueEntry

    connection.settings_dict["OPTIONS"]["pool"]["max_size"] = WORKERS + 1
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    users = [User.objects.create_user(f"c{number}@example.jp") for number in range(WORKERS)]

    def work(user: User) -> list[int]:
        handled: list[int] = []
        taken = None
        while True:
            with acting_as(municipality):
                if taken:
                    queue.finish(taken, user, "すんだ")
                    handled.append(taken.pk)
                taken = queue.take_next(user)
            if taken is None:
                connection.close()
                return handled

    rates, handed = [], []
    for workers in (WORKERS, 1):
        with acting_as(municipality):
            QueueEntry.objects.bulk_create(_entries())
        connection.close()
        began = time.perf_counter()
        with ThreadPoolExecutor(workers) as threads:
            handled = [pk for one in threads.map(work, users[:workers]) for pk in one]
        rates.append(ENTRIES / (time.perf_counter() - began))
        if max(Counter(handled).values()) > 1:
            raise RuntimeError("An entry was handed out twice.")
        handed.append(len(handled))
    return {"queue": rates, "handed": [handed[0], ENTRIES]}


def _entries() -> list[Any]:
    from django.utils import timezone

    from matching.models import QueueEntry, QueueKind, Supporter

    return [
        QueueEntry(kind=QueueKind.GREET_SUPPORTER, supporter=supporter, due_at=timezone.now())
        for supporter in Supporter.objects.order_by("pk")[:ENTRIES]
    ]


if __name__ == "__main__":
    main()
