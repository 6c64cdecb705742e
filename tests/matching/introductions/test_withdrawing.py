"""What is taken back: a match, a consent, a place in the guild, a request; and who must hear of it in time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matching.introductions import answering, asking, withdrawing
from matching.introductions.disclosing import details_of, skills_of
from matching.introductions.moving import Actor, NotPossible
from matching.models import (
    Consent,
    ConsentPurpose,
    GuildLetter,
    GuildRule,
    HelpRequest,
    Match,
    MatchState,
    QueueEntry,
    RequestStatus,
    Side,
    Skill,
    Supporter,
)
from matching.supporters.services import purge
from tests.matching.introductions.conftest import EVERYTHING, helper, shift_in

State = MatchState


def introduced(request: HelpRequest, supporter: Supporter | None = None, *, days: float | None = None) -> Match:
    shift = shift_in(request, days) if days else None
    match = asking.apply(request, shift, supporter or helper(), by=None)
    answering.answer(match, Side.GROUP, True)
    GuildLetter.objects.all().delete()
    return match


def told() -> list[tuple[str, str]]:
    return list(GuildLetter.objects.values_list("kind", "side"))


def to_do() -> list[str]:
    return list(QueueEntry.objects.filter(done_at=None).values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("actor", "letters"),
    [
        (Actor.VOLUNTEER, [("cancelled", "group")]),
        (Actor.GROUP, [("cancelled", "volunteer")]),
        (Actor.STAFF, [("cancelled", "volunteer"), ("cancelled", "group")]),
    ],
)
def test_whoever_did_not_do_it_is_told_why(beach: HelpRequest, actor: Actor, letters: list[tuple[str, str]]) -> None:
    match = introduced(beach)
    withdrawing.cancel(match, actor=actor, reason="熱が出ました")
    assert told() == letters
    assert all("熱が出ました" in letter.body for letter in GuildLetter.objects.all())
    assert details_of(match, Side.VOLUNTEER) == details_of(match, Side.GROUP) == []
    beach.refresh_from_db()
    assert beach.status == RequestStatus.OPEN


def test_who_knows_nothing_of_it_is_told_nothing(beach: HelpRequest) -> None:
    match = asking.propose(beach, None, supporter=helper(), by=None)
    withdrawing.cancel(match, actor=Actor.STAFF)
    assert told() == []


def test_its_place_goes_to_whoever_waits(beach: HelpRequest) -> None:
    match = introduced(beach)
    waiting = asking.apply(beach, None, helper("すずめ"), by=None)
    withdrawing.cancel(match, actor=Actor.VOLUNTEER)
    assert Match.objects.get(pk=waiting.pk).state == State.VOLUNTEER_ASKED
    assert told() == [("waiting", "volunteer"), ("cancelled", "group"), ("ask_volunteer", "volunteer")]


def test_what_is_over_is_not_cancelled(beach: HelpRequest) -> None:
    match = introduced(beach)
    answering.complete(match, actor=Actor.STAFF)
    with pytest.raises(NotPossible):
        withdrawing.cancel(match, actor=Actor.VOLUNTEER)


# ---- the evening before


@pytest.mark.parametrize(("days", "entries"), [(0.4, ["place_freed"]), (9, [])])
def test_a_place_freed_shortly_before_is_the_staffs_at_once(
    beach: HelpRequest, days: float, entries: list[str]
) -> None:
    match = introduced(beach, days=days)
    withdrawing.cancel(match, actor=Actor.VOLUNTEER, reason="熱が出ました")
    assert told() == [("cancelled", "group")], "the organiser is written to whenever it is"
    assert to_do() == entries


@pytest.mark.parametrize(
    ("agrees", "entries"),
    [
        (EVERYTHING, ["letter_uncertain"]),
        (tuple(set(EVERYTHING) - {ConsentPurpose.URGENT_CALLS}), []),
    ],
)
def test_a_volunteer_is_called_only_where_they_agreed_to_it(
    beach: HelpRequest, agrees: tuple[ConsentPurpose, ...], entries: list[str]
) -> None:
    match = introduced(beach, helper(agrees=agrees), days=0.4)
    withdrawing.cancel(match, actor=Actor.GROUP, reason="大雨のため")
    assert told() == [("cancelled", "volunteer")]
    assert to_do() == entries


# ---- consents and leaving


def test_without_consent_to_be_introduced_all_ends(beach: HelpRequest) -> None:
    supporter = helper()
    match = introduced(beach, supporter)
    withdrawing.withdraw_consent(supporter, ConsentPurpose.INTRODUCTION, by=None)
    assert Match.objects.get(pk=match.pk).state == State.CANCELLED
    assert told() == [("cancelled", "group")]


def test_what_is_shared_no_more_is_hidden_at_once_and_nothing_ends(beach: HelpRequest) -> None:
    supporter = helper()
    match = introduced(beach, supporter)
    shown = [detail.value for detail in details_of(match, Side.VOLUNTEER)]
    assert shown == ["かもめの本名", "090-0000-0001", supporter.contact.email]
    withdrawing.withdraw_consent(supporter, ConsentPurpose.SHARE_PHONE, by=None)
    assert [detail.value for detail in details_of(match, Side.VOLUNTEER)] == [shown[0], shown[2]]
    assert Match.objects.get(pk=match.pk).state == State.INTRODUCED


def test_what_was_done_stays_and_shows_nobody_once_consent_is_gone(beach: HelpRequest) -> None:
    supporter = helper()
    driving = Skill.objects.create(name="車の運転")
    beach.skills.create(skill=driving)
    supporter.skills.create(skill=driving, level=2)
    match = introduced(beach, supporter)
    answering.complete(match, actor=Actor.STAFF)
    assert skills_of(match) == ["車の運転（できる）"]
    withdrawing.withdraw_consent(supporter, ConsentPurpose.INTRODUCTION, by=None)
    match.refresh_from_db()
    assert match.state == State.COMPLETED
    assert details_of(match, Side.VOLUNTEER) == skills_of(match) == []


def test_who_leaves_is_gone_from_everything_that_runs(beach: HelpRequest) -> None:
    supporter = helper()
    match = introduced(beach, supporter)
    withdrawing.leave(supporter, by=None)
    assert Match.objects.get(pk=match.pk).state == State.CANCELLED
    assert told() == [("cancelled", "group")]
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    assert Supporter.objects.get().status == "left"


def test_the_letters_of_others_forget_them_when_their_contact_goes(beach: HelpRequest) -> None:
    """That there was a letter, to whom and when, stays with the match; what it said of them does not."""
    HelpRequest.objects.update(people_needed=2)
    supporter, other = helper(), helper("すずめ")
    introduced(beach, other)
    match = asking.propose(
        beach, None, supporter=supporter, by=None, reasons=["必要なこと1つのうち1つができる：草刈り"]
    )
    answering.answer(match, Side.VOLUNTEER, True, actor=Actor.STAFF)
    answering.answer(match, Side.GROUP, True)
    withdrawing.leave(supporter, by=None)
    letters = list(GuildLetter.objects.values_list("pk", "kind", "side", "written_at"))
    left_on = Supporter.objects.get(pk=supporter.pk).left_on
    days = GuildRule().contact_days
    to_the_group = GuildLetter.objects.filter(match=match, side=Side.GROUP)
    assert purge(left_on + timedelta(days=days - 1)) == 0
    assert all("かもめ" in letter.body for letter in to_the_group)
    assert purge(left_on + timedelta(days=days)) == 1
    assert to_the_group.exists()
    assert not GuildLetter.objects.filter(body__contains="かもめ").exists()
    assert list(GuildLetter.objects.values_list("pk", "kind", "side", "written_at")) == letters
    assert Match.objects.get(pk=match.pk).reasons == []
    assert all("すずめ" in letter.body for letter in GuildLetter.objects.filter(supporter=other))


def test_when_a_whole_request_is_called_off_everybody_is_told(beach: HelpRequest) -> None:
    HelpRequest.objects.update(people_needed=2)
    introduced(beach)
    asked = asking.propose(beach, None, supporter=helper("すずめ"), by=None)
    asking.ask_volunteer(asked, by=None)
    asking.apply(beach, None, helper("つばめ"), by=None)
    waiting = asking.apply(beach, None, helper("とび"), by=None)
    asking.propose(beach, None, supporter=helper("知らない"), by=None)
    GuildLetter.objects.all().delete()
    withdrawing.cancel_request(beach, by=None, reason="大雨のため")
    assert set(Match.objects.values_list("state", flat=True)) == {State.CANCELLED}
    told_to = GuildLetter.objects.filter(kind="cancelled").values_list("supporter__nickname", flat=True)
    assert sorted(told_to) == ["かもめ", "すずめ", "つばめ", "とび"]
    assert GuildLetter.objects.count() == 4
    assert waiting.letters.count() == 1
    beach.refresh_from_db()
    assert beach.status == RequestStatus.CANCELLED


@pytest.mark.parametrize(("days", "urgent"), [(5, []), (0.4, ["募集の取りやめ", "取りやめ"])])
def test_a_group_is_told_once_that_staff_called_its_request_off(
    beach: HelpRequest, days: float, urgent: list[str]
) -> None:
    introduced(beach, days=days)
    withdrawing.cancel_request(beach, by=None, reason="大雨のため", actor=Actor.STAFF)
    assert sorted(told()) == [("cancelled", "volunteer"), ("request_off", "group")]
    letter = GuildLetter.objects.get(kind="request_off")
    assert letter.request == beach
    assert "大雨のため" in letter.body
    # Nobody looks for other people; what cannot wait is told by telephone as well.
    entries = QueueEntry.objects.filter(done_at=None)
    assert sorted(entry.letter.get_kind_display() for entry in entries) == sorted(urgent)


def test_a_request_called_off_the_evening_before_is_told_by_telephone(beach: HelpRequest) -> None:
    introduced(beach, days=0.4)
    withdrawing.cancel_request(beach, by=None, reason="大雨のため")
    assert to_do() == ["letter_uncertain"]
    assert QueueEntry.objects.get(done_at=None).due_at <= timezone.now() + timedelta(minutes=1)
