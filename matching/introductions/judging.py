"""Who may be asked for what, and who comes first: the rules, written once, in SQL.

The same statement serves one need (the candidates of a request) and all of them together (the week's proposal). A need
is a request, or one of its shifts where it has some. `PEOPLE` gathers what is known of each supporter as far as these
needs ask for it, one row each; `EXCLUSIONS` and `SCORE` then look at a need `n` and a person `p`.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from civic.calendar import months_before
from matching.models import HOLDING, WEIGHTS, HelpRequest, Insurance, MatchState, Shift
from matching.supporters.queries import guild_rule

ASKS_COUNTED = timedelta(days=30)
"""How long an ask counts towards what somebody wants to be asked a month."""
ADULT = 18
"""Years (民法 第4条); whoever is younger needs a guardian who agreed."""
BUSY = [MatchState.PROPOSED, MatchState.VOLUNTEER_ASKED, MatchState.WAITING, *HOLDING]
"""The states in which a match keeps its supporter's time: nobody is asked for the same hour twice."""
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True)
class Exclusion:
    """A hard rule: when it holds for a need `n` and a person `p`, the person is not proposed, and the words say why; in
    them `lacking` is what the person cannot do.

    `by_shape`: it asks of the need no more than its hours of the week and its skills, in which many needs are alike.
    """

    condition: str
    words: str | Promise
    by_shape: bool = False


EXCLUSIONS = (
    Exclusion("p.is_paused", _("いまはお休み中です"), by_shape=True),
    Exclusion("NOT p.agrees", _("紹介されることに同意していません"), by_shape=True),
    Exclusion("p.asks_left <= 0", _("1か月に頼んでよい回数まで、もう頼みました"), by_shape=True),
    Exclusion(
        "n.is_online AND NOT p.helps_online OR NOT n.is_online AND NOT p.comes_on_site",
        _("活動のしかた（現地・オンライン）が合いません"),
    ),
    Exclusion(
        "NOT n.is_online AND NOT p.comes_anywhere AND n.district_id IS NOT NULL"
        " AND (n.district_id = ANY (p.districts)) IS NOT TRUE",
        _("活動できる地区ではありません"),
    ),
    Exclusion(
        "n.minutes IS NOT NULL AND NOT p.time_is_open AND (p.free @> n.minutes) IS NOT TRUE",
        _("その時間には動けません"),
        by_shape=True,
    ),
    Exclusion("p.away && n.days", _("その日は動けないと聞いています")),
    Exclusion("p.busy && n.hours", _("同じ時間に、ほかの活動やお願いがあります")),
    Exclusion(
        "(p.can & n.needed) IS DISTINCT FROM n.needed",
        _("必要なことのうち、できないことがあります（%(lacking)s）"),
        by_shape=True,
    ),
    Exclusion("n.group_id = ANY (p.avoids)", _("この団体とは、もう紹介しない組合せです")),
    Exclusion("n.number = ANY (p.matched)", _("この募集では、もう候補になったか、返事をもらっています")),
    Exclusion(
        "p.is_person AND n.born_by IS NOT NULL AND (p.born_on <= n.born_by) IS NOT TRUE",
        _("募集の年齢にとどかないか、年齢がわかりません"),
    ),
    Exclusion(
        "p.is_person AND p.born_on > n.adult_by AND NOT p.guardian_agrees", _("18歳未満で、保護者の同意がありません")
    ),
    Exclusion(
        "n.insured_days IS NOT NULL AND (p.insured @> n.insured_days) IS NOT TRUE",
        _("ボランティア活動保険に入っていません"),
    ),
)
# By the municipality's weights; what nobody is asked for, everybody has.
SCORE = """
    round(%(weight_skill)s * CASE n.needed_count WHEN 0 THEN 1
        ELSE bit_count(p.can & n.needed)::numeric / n.needed_count END)
    + round(%(weight_welcome_skill)s * CASE n.welcome_count WHEN 0 THEN 0
        ELSE bit_count(p.can & n.welcome)::numeric / n.welcome_count END)
    + CASE WHEN p.free @> n.minutes THEN %(weight_time)s ELSE 0 END
    + CASE WHEN n.district_id = ANY (p.districts) THEN %(weight_district)s ELSE 0 END
    + CASE WHEN n.field = ANY (p.fields) THEN %(weight_field)s ELSE 0 END
    + CASE WHEN p.helped > 0 THEN %(weight_experience)s ELSE 0 END
    + CASE WHEN p.has_rested THEN %(weight_rest)s ELSE 0 END
"""
PEOPLE = """
WITH told AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(needs)s) AS told(
        number int, request_id bigint, shift_id bigint, group_id bigint, district_id bigint, is_online bool, field int,
        born_by date, adult_by date, insured_days daterange, minutes int4multirange, hours tstzrange, days daterange
    )
), wanted AS MATERIALIZED (
    SELECT told.number, skill_id, level, is_needed, dense_rank() OVER (ORDER BY skill_id, level)::int - 1 AS place
    FROM told JOIN matching_requestskill USING (request_id)
), marks AS MATERIALIZED (
    SELECT DISTINCT skill_id, level, set_bit(repeat('0', (SELECT max(place) + 1 FROM wanted))::varbit, place, 1) AS mark
    FROM wanted
), nothing AS MATERIALIZED (
    SELECT repeat('0', coalesce((SELECT max(place) + 1 FROM wanted), 0))::varbit AS marks
), asked_for AS MATERIALIZED (
    SELECT number, bit_or(mark) FILTER (WHERE is_needed) AS needed, bit_or(mark) FILTER (WHERE NOT is_needed) AS welcome
    FROM wanted JOIN marks USING (skill_id, level) GROUP BY number
), need AS MATERIALIZED (
    SELECT told.*, coalesce(needed, marks) AS needed, coalesce(welcome, marks) AS welcome,
           dense_rank() OVER (ORDER BY needed, minutes) AS shape,
           bit_count(coalesce(needed, marks)) AS needed_count, bit_count(coalesce(welcome, marks)) AS welcome_count
    FROM told LEFT JOIN asked_for USING (number), nothing
), can AS (
    SELECT supporter_id, bit_or(mark) AS can
    FROM matching_supporterskill s JOIN marks m ON s.skill_id = m.skill_id AND s.level >= m.level GROUP BY supporter_id
), times AS (
    SELECT supporter_id, range_agg(int4range(
        weekday * %(day)s + (extract(epoch FROM starts) / 60)::int,
        -- Who has time until 23:59 has it until midnight.
        weekday * %(day)s + CASE WHEN ends >= '23:59' THEN %(day)s ELSE (extract(epoch FROM ends) / 60)::int END
    )) AS free
    FROM matching_supportertime WHERE weekday = ANY (%(weekdays)s) GROUP BY supporter_id
), near AS (
    SELECT supporter_id, array_agg(district_id) AS districts FROM matching_supporterdistrict
    WHERE district_id IN (SELECT district_id FROM told) GROUP BY supporter_id
), likes AS (
    SELECT supporter_id, array_agg(field) AS fields FROM matching_supporterfield
    WHERE field IN (SELECT field FROM told) GROUP BY supporter_id
), away AS (
    SELECT supporter_id, range_agg(daterange(first_day, last_day, '[]')) AS away FROM matching_away
    WHERE last_day >= %(today)s GROUP BY supporter_id
), busy AS (
    SELECT supporter_id, range_agg(tstzrange(starts_at, ends_at)) AS busy FROM matching_match
    WHERE state = ANY (%(busy)s) AND ends_at > %(now)s AND supporter_id IS NOT NULL GROUP BY supporter_id
), matched AS (
    SELECT supporter_id, array_agg(told.number) AS matched FROM told JOIN matching_match m
    ON m.request_id = told.request_id AND m.shift_id IS NOT DISTINCT FROM told.shift_id
    WHERE supporter_id IS NOT NULL GROUP BY supporter_id
), avoids AS (
    SELECT supporter_id, array_agg(group_id) AS avoids FROM matching_notagain GROUP BY supporter_id
), asked AS (
    SELECT supporter_id, count(*) FILTER (WHERE at > %(asks_since)s) AS asks, max(at) AS last_asked
    FROM matching_matchstep s JOIN matching_match m ON m.id = s.match_id
    WHERE s.state = 'volunteer_asked' AND at > least(%(asks_since)s, %(rested_since)s) AND supporter_id IS NOT NULL
    GROUP BY supporter_id
), helped AS (
    SELECT supporter_id, count(*) AS helped FROM matching_match
    WHERE state = 'completed' AND supporter_id IS NOT NULL GROUP BY supporter_id
), person AS (
    SELECT s.id, s.status = 'paused' AS is_paused,
           EXISTS (SELECT FROM matching_consent c
                   WHERE c.supporter_id = s.id AND purpose = 'introduction' AND withdrawn_at IS NULL) AS agrees,
           s.asks_a_month - coalesce(asks, 0) AS asks_left, s.helps_online, s.comes_on_site,
           s.reach = 'anywhere' AS comes_anywhere, free,
           NOT EXISTS (SELECT FROM matching_supportertime t WHERE t.supporter_id = s.id) AS time_is_open,
           coalesce(can, marks) AS can, array_append(districts, s.home_district_id) AS districts, away, busy, avoids,
           matched, s.kind = 'person' AS is_person, born_on, guardian_agreed_on IS NOT NULL AS guardian_agrees,
           accessibility <> '' AS has_needs,
           daterange(insured_from + 1, make_date(
               extract(year FROM insured_from - interval '3 months')::int + 1, 4, 1)) AS insured,
           fields, coalesce(helped, 0) AS helped, coalesce(last_asked < %(rested_since)s, true) AS has_rested,
           last_asked, coalesce(asks, 0) AS asks, s.home_district_id
    FROM matching_supporter s
    LEFT JOIN matching_supportercontact contact ON contact.supporter_id = s.id
    LEFT JOIN can ON can.supporter_id = s.id
    LEFT JOIN times ON times.supporter_id = s.id
    LEFT JOIN near ON near.supporter_id = s.id
    LEFT JOIN likes ON likes.supporter_id = s.id
    LEFT JOIN away ON away.supporter_id = s.id
    LEFT JOIN busy ON busy.supporter_id = s.id
    LEFT JOIN matched ON matched.supporter_id = s.id
    LEFT JOIN avoids ON avoids.supporter_id = s.id
    LEFT JOIN asked ON asked.supporter_id = s.id
    LEFT JOIN helped ON helped.supporter_id = s.id, nothing
    WHERE s.status IN ('active', 'paused')
)
"""


def _none_of(rules: Iterable[Exclusion]) -> str:
    return " AND ".join(f"({rule.condition}) IS NOT TRUE" for rule in rules)


# What the words of a row are made of.
FACTS = """
    p.id, p.free @> n.minutes AS is_free, n.minutes IS NOT NULL AND p.time_is_open AS time_is_open,
    n.district_id = ANY (p.districts) AS is_near, n.field = ANY (p.fields) AS likes_field,
    p.helped, p.asks, p.last_asked, p.has_rested, p.has_needs, n.welcome_count,
    ARRAY(
        SELECT k.name FROM matching_requestskill r JOIN matching_skill k ON k.id = r.skill_id
        WHERE r.request_id = n.request_id AND r.is_needed ORDER BY k.position, k.id
    ) AS needed_skills,
    ARRAY(
        SELECT k.name FROM matching_requestskill r JOIN matching_skill k ON k.id = r.skill_id
        JOIN matching_supporterskill s ON s.skill_id = r.skill_id AND s.level >= r.level
        WHERE r.request_id = n.request_id AND NOT r.is_needed AND s.supporter_id = p.id ORDER BY k.position, k.id
    ) AS welcome_skills
"""
# Only what stands in this file is put together; values are parameters.
RANKED = f"""{PEOPLE}
SELECT {SCORE} AS score, {FACTS} FROM need n JOIN person p ON {_none_of(EXCLUSIONS)}
ORDER BY score DESC, p.asks, p.helped, p.id LIMIT %(limit)s
"""  # noqa: S608
REASONS_AGAINST = ", ".join(f"CASE WHEN {rule.condition} THEN {number} END" for number, rule in enumerate(EXCLUSIONS))
EXCLUDED = f"""{PEOPLE}, judged AS (
    SELECT p.id, {SCORE} AS score, array_remove(ARRAY[{REASONS_AGAINST}], NULL) AS rules FROM need n, person p
)
SELECT id, rules, count(*) OVER () AS total, ARRAY(
    SELECT k.name FROM need JOIN matching_requestskill r USING (request_id) JOIN matching_skill k ON k.id = r.skill_id
    WHERE r.is_needed AND NOT EXISTS (
        SELECT FROM matching_supporterskill s
        WHERE s.supporter_id = judged.id AND s.skill_id = r.skill_id AND s.level >= r.level
    ) ORDER BY k.position, k.id
) AS lacking
FROM judged WHERE rules <> '{{}}'
ORDER BY cardinality(rules), score DESC, id LIMIT %(limit)s OFFSET %(offset)s
"""  # noqa: S608
# Where each is looked at for many needs, what is known of them is gathered once.
PEOPLE_ONCE = PEOPLE.replace("person AS (", "person AS MATERIALIZED (")
# First who fits each shape, then the rest of the rules: of twenty million pairs most are never looked at. The pairs of
# a need come as two runs of bytes, whole numbers of 8 and 4 bytes, which NumPy reads as they are.
ALL_PAIRS = f"""{PEOPLE_ONCE}, shape AS (
    SELECT DISTINCT shape, needed, minutes FROM need
), fit AS MATERIALIZED (
    SELECT n.shape, p.* FROM shape n JOIN person p ON {_none_of(rule for rule in EXCLUSIONS if rule.by_shape)}
)
SELECT n.number, string_agg(int8send(p.id), '') AS ids, string_agg(int4send(({SCORE})::int), '') AS scores
FROM fit p JOIN need n USING (shape)
WHERE {_none_of(rule for rule in EXCLUSIONS if not rule.by_shape)} GROUP BY n.number
"""  # noqa: S608  made of the constants above
# Of chosen pairs, those that no rule excludes now. Each pair has a need of its own, so its number is the pair's.
CHOSEN = f"""{PEOPLE_ONCE}
SELECT number, {SCORE} AS score, {FACTS}
FROM jsonb_to_recordset(%(chosen)s) AS chosen(number int, id bigint)
JOIN need n USING (number) JOIN person p ON p.id = chosen.id AND {_none_of(EXCLUSIONS)}
"""  # noqa: S608  made of the constants above
# How often each may still be asked, and was asked lately.
ROOM = f"""{PEOPLE}
SELECT p.id, p.asks_left, p.asks FROM person p WHERE p.asks_left > 0
"""  # noqa: S608  made of the constants above


@dataclass(frozen=True)
class Need:
    """A request, or one of its shifts where it has some."""

    request: HelpRequest
    shift: Shift | None = None

    def weekdays(self) -> set[int]:
        """The days of the week on which it is, counted as `date.weekday()` counts."""
        if self.shift is None:
            return set()
        first, last = (timezone.localdate(moment) for moment in (self.shift.starts_at, self.shift.ends_at))
        return {(first + timedelta(days=days)).weekday() for days in range((last - first).days + 1)}

    def told(self, number: int) -> dict[str, Any]:
        """What the statement is told of the need."""
        asked = self.request
        starts, ends = (self.shift.starts_at, self.shift.ends_at) if self.shift else (None, None)
        day = timezone.localdate(starts)
        last_day = timezone.localdate(ends)
        years = asked.minimum_age
        return {
            "number": number,
            "request_id": asked.pk,
            "shift_id": self.shift and self.shift.pk,
            "group_id": asked.group_id,
            "district_id": asked.district_id,
            "is_online": asked.is_online,
            "field": asked.field,
            "born_by": str(months_before(day, 12 * years)) if years else None,
            "adult_by": str(months_before(day, 12 * ADULT)),
            "insured_days": f"[{day},{last_day}]" if asked.insurance == Insurance.OWN else None,
            "minutes": minutes_of_week(starts, ends) if starts and ends else None,
            "hours": f"[{starts.isoformat()},{ends.isoformat()})" if starts and ends else None,
            "days": f"[{day},{last_day}]" if starts else None,
        }


def minutes_of_week(starts: datetime, ends: datetime) -> str:
    """A time as the minutes of its week, from Monday at 0:00, in PostgreSQL's words for several ranges."""
    local = timezone.localtime(starts)
    begin = local.weekday() * MINUTES_A_DAY + local.hour * 60 + local.minute
    length = -((starts - ends) // timedelta(minutes=1))
    week = 7 * MINUTES_A_DAY
    end = begin + min(length, week)
    parts = [(begin, min(end, week)), *([(0, end - week)] if end > week else [])]
    return "{" + ",".join(f"[{first},{last})" for first, last in parts) + "}"


def judge(statement: str, needs: Sequence[Need], **more: int | str) -> list[dict[str, Any]]:
    """Run one of the statements for some needs, by the municipality's weights; return its rows by column."""
    rule, now = guild_rule(), timezone.now()
    weights = {name: getattr(rule, name) for name in WEIGHTS}
    values: dict[str, Any] = {
        "needs": json.dumps([need.told(number) for number, need in enumerate(needs)]),
        "weekdays": sorted({day for need in needs for day in need.weekdays()}),
        "day": MINUTES_A_DAY,
        "busy": [str(state) for state in BUSY],
        "now": now,
        "today": timezone.localdate(now),
        "asks_since": now - ASKS_COUNTED,
        "rested_since": now - timedelta(days=rule.rest_days),
    }
    with connection.cursor() as cursor:
        # Ten thousand people fit into memory; compiling the statement would take longer than running it.
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
        cursor.execute(statement, values | weights | more)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
