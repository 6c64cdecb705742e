"""Where a group stands, and what follows from it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from centres.models import Entitlement, Group, GroupStanding, StandingChange, standings_with
from centres.models.standing import TRANSITIONS
from centres.queries import public_groups
from centres.standing import change_standing
from civic.measures.registry import find
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.models import HelpRequest, RequestStatus
from matching.queries import open_requests
from tests.centres.conftest import MakeGroup

S = GroupStanding


def test_what_leaves_the_directory_comes_back_with_the_registration(
    in_shimonoseki: Municipality, make_group: MakeGroup
) -> None:
    shown, hidden = make_group("花の会"), make_group("ひみつの会", is_published=False)
    for group in (shown, hidden):
        HelpRequest.objects.create(
            group=group, title="草とり", what="草", when="朝", where="庭", people_needed=1, status=RequestStatus.OPEN
        )
        for to in (S.REGISTERED, S.SUSPENDED, S.EXPIRED):
            change_standing(group, to, by=None)
    assert not public_groups().exists()
    assert not open_requests().exists()
    for group in (shown, hidden):
        change_standing(group, S.REGISTERED, by=None)
    assert [group.name for group in public_groups()] == ["花の会"]
    assert [asked.group.name for asked in open_requests()] == ["花の会"]


def test_the_rule_of_what_a_standing_gives(in_shimonoseki: Municipality, make_group: MakeGroup) -> None:
    assert standings_with(Entitlement.NEW_BOOKINGS) == [S.REGISTERED]
    assert standings_with(Entitlement.BOOKINGS) == [S.REGISTERED, S.IN_GRACE]
    assert (
        standings_with(Entitlement.REQUESTS)
        == standings_with(Entitlement.LISTING)
        == [S.LISTED, S.REGISTERED, S.IN_GRACE]
    )
    group = make_group("花の会")
    change_standing(group, S.REGISTERED, by=None)
    assert group.may(Entitlement.NEW_BOOKINGS)
    change_standing(group, S.IN_GRACE, by=None)
    assert not group.may(Entitlement.NEW_BOOKINGS)
    assert group.may(Entitlement.BOOKINGS)


def test_only_what_the_table_names_may_follow(in_shimonoseki: Municipality, make_group: MakeGroup) -> None:
    group = make_group("花の会")
    stale = Group.objects.get(pk=group.pk)
    change_standing(group, S.DISSOLVED, by=None)
    with pytest.raises(ValidationError, match="いま「解散」なので、「登録停止中」にはできません"):
        change_standing(stale, S.SUSPENDED, by=None)
    assert StandingChange.objects.filter(group=group).count() == 1
    assert TRANSITIONS[S.MERGED] == frozenset()


def test_the_database_lists_nobody_whose_standing_does_not_let_them(
    in_shimonoseki: Municipality, make_group: MakeGroup
) -> None:
    group = make_group("花の会")
    for wrong in ({"standing": S.EXPIRED}, {"standing": S.MERGED, "is_published": False}, {"standing": "other"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Group.objects.filter(pk=group.pk).update(**wrong)


def test_a_year_counts_those_who_were_registered_on_its_last_day(
    in_shimonoseki: Municipality, make_group: MakeGroup
) -> None:
    history = {
        "続いた会": [(S.REGISTERED, date(2024, 5, 1))],
        "年度末に切れた会": [(S.REGISTERED, date(2024, 5, 1)), (S.EXPIRED, date(2026, 4, 1))],
        "途中で解散した会": [(S.REGISTERED, date(2024, 5, 1)), (S.DISSOLVED, date(2026, 3, 31))],
        "停止から戻った会": [
            (S.REGISTERED, date(2024, 5, 1)),
            (S.SUSPENDED, date(2025, 9, 1)),
            (S.REGISTERED, date(2026, 4, 2)),
        ],
    }
    for name, changes in history.items():
        group = make_group(name, registered_on=changes[0][1])
        for standing, day in changes:
            change_standing(group, standing, by=None, on=day)
    measure = find("centres.active_groups")
    by_year = {year: {row.label for row in measure.rows(year)} for year in (2023, 2024, 2025, 2026)}
    assert by_year == {
        2023: set(),
        2024: set(history),
        2025: {"続いた会", "年度末に切れた会"},
        2026: {"続いた会", "停止から戻った会"},
    }
    assert measure.count(2025).value == 2
    assert {row.label: row.url for row in measure.rows(2025)}["年度末に切れた会"] == "", "no longer in the directory"


def test_the_number_of_a_merged_group_leads_to_what_it_became(
    shimonoseki: Municipality, make_group: MakeGroup, client: Client
) -> None:
    with acting_as(shimonoseki):
        old, new = make_group("花の会"), make_group("花の会（下関）")
        old.merged_into = new
        change_standing(old, S.MERGED, by=None)
    answer = client.get("/shimonoseki/groups/1/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/shimonoseki/groups/2/")
