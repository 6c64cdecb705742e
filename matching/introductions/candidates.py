"""Who could help with a request, the best first and with the reasons in words; and who is left out, and why."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.models import Entitlement, Group, GroupField, standings_with
from matching.introductions.judging import CHOSEN, EXCLUDED, EXCLUSIONS, RANKED, Need, judge
from matching.models import HelpRequest, Match, Shift, Supporter, Weekday

SHOWN = 30


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be asked: `score` in points, what speaks for it and what to bear in mind."""

    supporter: Supporter
    score: int
    reasons: list[str]
    against: list[str]


@dataclass(frozen=True)
class LeftOut:
    """Somebody who is not proposed, and why not."""

    supporter: Supporter
    reasons: list[str]


def candidates(request: HelpRequest, shift: Shift | None = None, limit: int = SHOWN) -> list[Candidate]:
    """Return who may be asked, the best first, in a fixed number of queries, however many supporters there are."""
    need = Need(request, shift)
    rows = judge(RANKED, [need], limit=limit)
    supporters = _supporters(rows)
    return [_candidate(need, row, supporters[row["id"]]) for row in rows]


def candidate(request: HelpRequest, shift: Shift | None, supporter: Supporter) -> Candidate | None:
    """Return a supporter as a candidate; None where a rule excludes them."""
    return pairs_now([(Need(request, shift), supporter)])[0]


def pairs_now(pairs: Sequence[tuple[Need, Supporter]]) -> list[Candidate | None]:
    """Return each pair's supporter as a candidate as things are now; None where a rule excludes them."""
    chosen = [{"number": number, "id": supporter.pk} for number, (_need, supporter) in enumerate(pairs)]
    rows = {
        row["number"]: row for row in judge(CHOSEN, [need for need, _supporter in pairs], chosen=json.dumps(chosen))
    }
    return [
        _candidate(need, rows[number], supporter) if number in rows else None
        for number, (need, supporter) in enumerate(pairs)
    ]


def _candidate(need: Need, row: dict[str, Any], supporter: Supporter) -> Candidate:
    return Candidate(supporter, int(row["score"]), list(_reasons(need, row)), list(_against(need.request, row)))


def left_out(
    request: HelpRequest, shift: Shift | None = None, *, offset: int = 0, limit: int = SHOWN
) -> tuple[list[LeftOut], int]:
    """Return some of those whom a rule excludes, the nearest to being proposed first, and how many they are in all."""
    rows = judge(EXCLUDED, [Need(request, shift)], offset=offset, limit=limit)
    supporters = _supporters(rows)
    found = [LeftOut(supporters[row["id"]], list(_hindrances(row))) for row in rows]
    return found, rows[0]["total"] if rows else 0


def _hindrances(row: dict[str, Any]) -> Iterator[str]:
    names = {"lacking": "・".join(row["lacking"])}
    for rule in row["rules"]:
        yield str(EXCLUSIONS[rule].words) % names


@dataclass(frozen=True)
class LeftOutList:
    """All whom a rule excludes, read a page at a time."""

    request: HelpRequest
    shift: Shift | None

    def __len__(self) -> int:
        return left_out(self.request, self.shift, limit=1)[1]

    def __getitem__(self, rows: slice) -> list[LeftOut]:
        return left_out(self.request, self.shift, offset=rows.start, limit=rows.stop - rows.start)[0]


def _supporters(rows: list[dict[str, Any]]) -> dict[int, Supporter]:
    return Supporter.objects.select_related("home_district").in_bulk([row["id"] for row in rows])


def _reasons(need: Need, row: dict[str, Any]) -> Iterator[str]:
    """Yield what speaks for a candidate, in words; `row` has the columns FACTS of the rules."""
    if row["needed_skills"]:
        # Whoever cannot do all of it is no candidate.
        yield _("必要なこと%(count)s個がすべてできる（%(names)s）") % _counted(row["needed_skills"])
    if row["welcome_skills"]:
        wanted = {"wanted": row["welcome_count"]}
        words = _("あるとよいこと%(wanted)s個のうち%(count)s個ができる（%(names)s）")
        yield words % (wanted | _counted(row["welcome_skills"]))
    if row["is_free"] and need.shift:
        yield _("%(day)sのその時間に動ける") % {
            "day": Weekday(timezone.localdate(need.shift.starts_at).weekday()).label
        }
    if row["is_near"]:
        yield _("同じ地区で活動できる")
    if row["likes_field"]:
        yield _("希望する分野")
    if row["helped"]:
        yield _("%(count)s回手伝った") % {"count": row["helped"]}
    if row["last_asked"] is None:
        yield _("最近は頼んでいない")
    elif row["has_rested"]:
        yield _("%(days)s日間頼んでいない") % {"days": (timezone.now() - row["last_asked"]).days}


def _counted(names: list[str]) -> dict[str, Any]:
    return {"count": len(names), "names": "・".join(names)}


def _against(request: HelpRequest, row: dict[str, Any]) -> Iterator[str]:
    """Yield what to bear in mind, though no rule forbids to ask."""
    if row["time_is_open"]:
        yield _("動ける曜日や時間を、まだ聞いていない")
    if request.district_id and not row["is_near"]:
        yield _("ほかの地区の人")
    if not row["has_rested"]:
        yield _("%(days)s日前に頼んだ") % {"days": (timezone.now() - row["last_asked"]).days}
    if not row["helped"]:
        yield _("ギルドでの活動は、はじめて")
    if row["has_needs"]:
        yield _("配慮がほしいことがある（連絡先のページに書いてあります）")


@dataclass(frozen=True)
class Partner:
    """A group that may be asked to work with the one that asks."""

    group: Group
    reasons: list[str]


def partners(request: HelpRequest, shift: Shift | None = None, limit: int = SHOWN) -> list[Partner]:
    """Return groups that look for partners themselves: most in common with the asking group and its request first."""
    asking = request.group
    if asking is None:
        return []
    fields = set(asking.fields.values_list("field", flat=True)) | ({request.field} if request.field else set())
    near = {asking.district_id, request.district_id} - {None}
    ranked = (
        open_to_partners(request, shift)
        .annotate(
            same_field=_one_if(Exists(GroupField.objects.filter(group=OuterRef("pk"), field__in=fields))),
            is_near=_one_if(Q(district__in=near)),
            shares_words=_one_if(Q(tags__overlap=asking.tags)),
        )
        .order_by(-(F("same_field") + F("is_near") + F("shares_words")), "number")
    )
    return [Partner(group, list(_in_common(group, asking))) for group in ranked[:limit]]


def _one_if(condition: Q | Exists) -> Case:
    return Case(When(condition, then=1), default=0)


def _in_common(group: Group, asking: Group) -> Iterator[str]:
    """Yield in words what a ranked group shares with the one that asks."""
    if group.same_field:  # type: ignore[attr-defined]
        yield _("同じ活動分野")
    if group.is_near:  # type: ignore[attr-defined]
        yield _("同じ地区")
    if group.shares_words:  # type: ignore[attr-defined]
        yield _("同じことば：%s") % "、".join(sorted(set(group.tags) & set(asking.tags)))


def open_to_partners(request: HelpRequest, shift: Shift | None) -> QuerySet[Group]:
    """Return the groups of the directory that seek partners and were not matched with the request (then) yet."""
    matched = Match.objects.filter(request=request, shift=shift, partner=OuterRef("pk"))
    return (
        Group.objects.filter(
            ~Exists(matched),
            seeks_partners=True,
            is_published=True,
            standing__in=standings_with(Entitlement.REQUESTS),
        )
        .exclude(help_requests=request)
        .select_related("district")
    )
