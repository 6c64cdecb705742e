"""From proposed to introduced: who is asked, what each answer leads to, and the waiting list."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matching.introductions import answering, asking
from matching.introductions.moving import Actor, NotPossible
from matching.models import (
    AnswerLink,
    ConsentPurpose,
    GuildLetter,
    HelpRequest,
    Match,
    MatchState,
    NotAgain,
    QueueEntry,
    RequestStatus,
    Side,
    Supporter,
    SupporterStatus,
)
from tests.matching.conftest import AskForHelp
from tests.matching.introductions.conftest import helper, represent, shift_in

State = MatchState


def state_of(match: Match) -> str:
    return Match.objects.get(pk=match.pk).state


def kinds(match: Match) -> list[tuple[str, str]]:
    return [(letter.kind, letter.side) for letter in match.letters.all()]


def states(match: Match) -> list[str]:
    return [step.state for step in match.steps.all()]


def test_both_say_yes(beach: HelpRequest) -> None:
    match = asking.propose(beach, None, supporter=helper(), by=None, score=40, reasons=["同じ地区"])
    asking.ask_volunteer(match, by=None)
    answering.answer(match, Side.VOLUNTEER, True)
    answering.answer(match, Side.GROUP, True)
    assert states(match) == [
        "proposed", "volunteer_asked", "volunteer_yes", "group_asked", "group_yes", "introduced",
    ]  # fmt: skip
    assert kinds(match) == [
        ("ask_volunteer", "volunteer"),
        ("ask_group", "group"),
        ("introduced", "volunteer"),
        ("introduced", "group"),
    ]
    beach.refresh_from_db()
    assert beach.status == RequestStatus.FILLED


def test_who_says_yes_on_the_telephone_is_written_no_question(beach: HelpRequest) -> None:
    match = asking.propose(beach, None, supporter=helper(), by=None)
    answering.answer(match, Side.VOLUNTEER, True, actor=Actor.STAFF, comment="電話で")
    assert (state_of(match), kinds(match)) == (State.GROUP_ASKED, [("ask_group", "group")])


def test_whoever_applies_has_said_yes(beach: HelpRequest) -> None:
    match = asking.apply(beach, None, helper(), by=None)
    assert states(match) == ["proposed", "volunteer_yes", "group_asked"]
    assert [step.actor for step in match.steps.all()] == ["volunteer"] * 3
    assert kinds(match) == [("ask_group", "group")]


def test_a_no_ends_it_and_the_other_side_is_told_what_it_must_know(beach: HelpRequest) -> None:
    declined = asking.propose(beach, None, supporter=helper("すずめ"), by=None)
    asking.ask_volunteer(declined, by=None)
    answering.answer(declined, Side.VOLUNTEER, False, comment="用事があります")
    assert (state_of(declined), kinds(declined)) == (State.VOLUNTEER_NO, [("ask_volunteer", "volunteer")])
    match = asking.apply(beach, None, helper(), by=None)
    answering.answer(match, Side.GROUP, False)
    assert (state_of(match), kinds(match)[-1]) == (State.GROUP_NO, ("declined", "volunteer"))
    beach.refresh_from_db()
    assert beach.status == RequestStatus.OPEN


def test_who_comes_when_all_places_are_taken_waits_and_is_told(beach: HelpRequest) -> None:
    asking.apply(beach, None, helper(), by=None)
    late = asking.apply(beach, None, helper("すずめ"), by=None)
    assert (state_of(late), kinds(late)) == (State.WAITING, [("waiting", "volunteer")])


def test_a_freed_place_goes_down_the_line_with_a_deadline_each(beach: HelpRequest) -> None:
    first = asking.apply(beach, None, helper(), by=None)
    second, third = (asking.apply(beach, None, helper(name), by=None) for name in ("すずめ", "つばめ"))
    answering.answer(first, Side.GROUP, False)
    assert (state_of(second), state_of(third)) == (State.VOLUNTEER_ASKED, State.WAITING)
    assert "空きが出ました" in second.letters.get(kind="ask_volunteer").body
    newcomer = asking.apply(beach, None, helper("とび"), by=None)
    assert state_of(newcomer) == State.WAITING, "nobody overtakes those who wait"
    second.refresh_from_db()
    assert second.answer_by is not None
    answering.answer(second, Side.VOLUNTEER, False)
    assert (state_of(third), state_of(newcomer)) == (State.VOLUNTEER_ASKED, State.WAITING)
    third.refresh_from_db()
    answering.answer(third, Side.VOLUNTEER, True)
    assert state_of(third) == State.GROUP_ASKED


def test_a_party_that_does_not_fit_is_not_overtaken(ask_for_help: AskForHelp, beach: HelpRequest) -> None:
    request = ask_for_help("祭りの受付", people_needed=2)
    first = asking.apply(request, None, helper(), by=None, people=1)
    other = asking.apply(request, None, helper("わし"), by=None, people=1)
    party = asking.apply(request, None, helper("すずめ"), by=None, people=2)
    single = asking.apply(request, None, helper("つばめ"), by=None)
    answering.answer(first, Side.GROUP, False)
    assert (state_of(party), state_of(single)) == (State.WAITING, State.WAITING)
    answering.answer(other, Side.GROUP, False)
    assert (state_of(party), state_of(single)) == (State.VOLUNTEER_ASKED, State.WAITING)


def test_who_never_fits_is_refused_and_stops_nobody(ask_for_help: AskForHelp, beach: HelpRequest) -> None:
    request = ask_for_help("祭りの受付", people_needed=2)
    with pytest.raises(NotPossible, match="2人の募集です"):
        asking.apply(request, None, helper("わし"), by=None, people=3)
    first = asking.apply(request, None, helper(), by=None)
    other = asking.apply(request, None, helper("とび"), by=None)
    party = asking.apply(request, None, helper("すずめ"), by=None, people=2)
    single = asking.apply(request, None, helper("つばめ"), by=None)
    answering.answer(first, Side.GROUP, False)
    HelpRequest.objects.filter(pk=request.pk).update(people_needed=1)
    answering.answer(Match.objects.get(pk=other.pk), Side.GROUP, False)
    assert (state_of(party), state_of(single)) == (State.WAITING, State.VOLUNTEER_ASKED)
    answering.answer(Match.objects.get(pk=single.pk), Side.VOLUNTEER, False)
    new = asking.apply(HelpRequest.objects.get(pk=request.pk), None, helper("めじろ"), by=None)
    assert state_of(new) == State.GROUP_ASKED


def test_who_pauses_while_they_wait_stops_nobody(beach: HelpRequest) -> None:
    first = asking.apply(beach, None, helper(), by=None)
    pausing = asking.apply(beach, None, helper("すずめ"), by=None)
    Supporter.objects.filter(nickname="すずめ").update(status="paused")
    answering.answer(first, Side.GROUP, False)
    assert state_of(pausing) == State.WAITING
    assert state_of(asking.apply(beach, None, helper("つばめ"), by=None)) == State.GROUP_ASKED


def test_of_two_activities_at_one_time_a_person_has_one(beach: HelpRequest, ask_for_help: AskForHelp) -> None:
    supporter, other = helper(), ask_for_help("祭りの受付")
    asking.apply(beach, shift_in(beach, 5), supporter, by=None)
    with pytest.raises(NotPossible, match="同じ時間"):
        asking.apply(other, shift_in(other, 5.01), supporter, by=None)
    assert not Match.objects.filter(request=other).exists()


def test_whoever_applies_for_several_times_has_all_or_is_told_which_cannot_be(beach: HelpRequest) -> None:
    first, second, clash = (shift_in(beach, days) for days in (5, 6, 6.01))
    supporter = helper()
    with pytest.raises(NotPossible, match=f"{timezone.localtime(clash.starts_at):%H:%M}.*：同じ時間"):
        asking.apply_for(beach, [first, second, clash], supporter, by=None)
    assert not Match.objects.exists()
    applied = asking.apply_for(beach, [first, second], supporter, by=None)
    assert [match.shift for match in applied] == [first, second]
    with pytest.raises(NotPossible, match="もう申し込まれています"):
        asking.apply_for(beach, [first], supporter, by=None)


def test_a_link_never_outlives_the_beginning(beach: HelpRequest) -> None:
    soon, later = shift_in(beach, 2), shift_in(beach, 60)
    for shift, until in ((soon, soon.starts_at), (later, timezone.now() + timedelta(days=7))):
        match = asking.propose(beach, shift, supporter=helper(), by=None)
        asking.ask_volunteer(match, by=None)
        link = AnswerLink.objects.get(match=match)
        assert abs(link.expires_at - until) < timedelta(minutes=1)
        assert link.expires_at == match.answer_by


def test_who_cannot_be_asked(beach: HelpRequest, ask_for_help: AskForHelp) -> None:
    silent = helper(agrees=(ConsentPurpose.SHARE_NAME,))
    paused = helper("すずめ", status=SupporterStatus.PAUSED)
    for supporter in (silent, paused):
        with pytest.raises(NotPossible, match="同意がない"):
            asking.apply(beach, None, supporter, by=None)
        match = asking.propose(beach, None, supporter=supporter, by=None)
        with pytest.raises(NotPossible, match="紹介を受けていません"):
            asking.ask_volunteer(match, by=None)
        with pytest.raises(NotPossible, match="紹介を受けていません"):
            answering.answer(match, Side.VOLUNTEER, True, actor=Actor.STAFF)
    unwanted = helper("つばめ")
    NotAgain.objects.create(supporter=unwanted, group=beach.group, wished_by="group")
    with pytest.raises(NotPossible, match="センターにおたずね"):
        asking.apply(beach, None, unwanted, by=None)
    young = helper("ひな")
    young.contact.born_on = timezone.localdate() - timedelta(days=17 * 365)
    young.contact.save()
    with pytest.raises(NotPossible, match="18歳から"):
        asking.apply(ask_for_help("夜の見回り", minimum_age=18), None, young, by=None)


@pytest.mark.parametrize("status", [RequestStatus.DRAFT, RequestStatus.CLOSED, RequestStatus.CANCELLED])
def test_nobody_is_proposed_where_nobody_is_looked_for(ask_for_help: AskForHelp, beach: object, status: str) -> None:
    with pytest.raises(NotPossible, match="受け付けていません"):
        asking.propose(ask_for_help("別の募集", status=status), None, supporter=helper(), by=None)


def test_shifts_are_chosen_and_not_past(beach: HelpRequest) -> None:
    past = shift_in(beach, -1)
    for shift, words in ((None, "日時をえらんで"), (past, "もうすぎて")):
        with pytest.raises(NotPossible, match=words):
            asking.propose(beach, shift, supporter=helper(), by=None)


def test_the_closing_day_is_the_last(beach: HelpRequest) -> None:
    beach.apply_by = timezone.localdate() - timedelta(days=1)
    with pytest.raises(NotPossible, match="締切"):
        asking.apply(beach, None, helper(), by=None)


def test_who_is_a_candidate_already_stays_one(beach: HelpRequest) -> None:
    supporter = helper()
    match = asking.propose(beach, None, supporter=supporter, by=None)
    assert asking.propose(beach, None, supporter=supporter, by=None) == match
    asking.apply(beach, None, supporter, by=None)
    assert state_of(match) == State.GROUP_ASKED
    with pytest.raises(NotPossible, match="もう申し込まれて"):
        asking.apply(beach, None, supporter, by=None)
    answering.answer(match, Side.GROUP, False)
    with pytest.raises(NotPossible, match="見送り"):
        asking.propose(beach, None, supporter=supporter, by=None)


def test_for_a_request_of_the_centre_staff_answer(ask_for_help: AskForHelp, beach: object) -> None:
    request = ask_for_help("センターの催し")
    HelpRequest.objects.filter(pk=request.pk).update(group=None)
    request.refresh_from_db()
    match = asking.apply(request, None, helper(), by=None)
    entry = QueueEntry.objects.get()
    assert (entry.kind, entry.match, kinds(match)) == ("group_silent", match, [])
    answering.answer(match, Side.GROUP, True, actor=Actor.STAFF)
    assert (state_of(match), kinds(match)) == (State.INTRODUCED, [("introduced", "volunteer")])
    assert QueueEntry.objects.get().done_at is not None


def test_who_has_no_address_is_asked_by_staff(beach: HelpRequest) -> None:
    supporter = helper()
    supporter.contact.email = ""
    supporter.contact.save()
    match = asking.propose(beach, None, supporter=supporter, by=None)
    asking.ask_volunteer(match, by=None)
    assert not GuildLetter.objects.exists()
    assert QueueEntry.objects.get(done_at=None).kind == "volunteer_silent"
    answering.answer(match, Side.VOLUNTEER, True, actor=Actor.STAFF, comment="電話で")
    assert state_of(match) == State.GROUP_ASKED
    assert not QueueEntry.objects.filter(done_at=None).exists()


def test_groups_are_brought_together_the_same_way(ask_for_help: AskForHelp, beach: HelpRequest) -> None:
    request = ask_for_help("いっしょに祭りを", kind="partners")
    partner = beach.group
    with pytest.raises(NotPossible, match="自分の団体"):
        asking.apply(request, None, partner=request.group, by=None)
    match = asking.propose(request, None, partner=partner, by=None)
    asking.ask_volunteer(match, by=None)
    assert GuildLetter.objects.get().body.startswith("海岸の清掃の会")
    represent(request.group, "other@example.jp")
    answering.answer(match, Side.VOLUNTEER, True)
    answering.answer(match, Side.GROUP, True)
    assert state_of(match) == State.INTRODUCED
    assert kinds(match)[-2:] == [("introduced", "volunteer"), ("introduced", "group")]


@pytest.mark.parametrize("side", Side)
def test_nobody_answers_what_they_are_not_asked(beach: HelpRequest, side: Side) -> None:
    match = asking.propose(beach, None, supporter=helper(), by=None)
    asking.ask_volunteer(match, by=None)
    answering.answer(match, Side.VOLUNTEER, True)
    answering.answer(match, Side.GROUP, True)
    for yes in (True, False):
        with pytest.raises(NotPossible, match="できません"):
            answering.answer(match, side, yes)


def test_how_an_introduction_goes_on(beach: HelpRequest) -> None:
    match = asking.apply(beach, None, helper(), by=None)
    answering.answer(match, Side.GROUP, True)
    answering.begin(match, actor=Actor.STAFF)
    answering.complete(match, actor=Actor.STAFF)
    assert kinds(match)[-2:] == [("thanks", "volunteer"), ("thanks", "group")]


def test_who_did_not_come_is_telephoned(beach: HelpRequest) -> None:
    match = asking.apply(beach, None, helper(), by=None)
    answering.answer(match, Side.GROUP, True)
    answering.miss(match, actor=Actor.GROUP)
    assert QueueEntry.objects.get(done_at=None).kind == "no_show"
