"""Whatever two people do to the same introductions in the same instant: no deadlock, and a consistent end."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.afterwards import services as afterwards
from matching.introductions import answering, asking, proposing, timeouts, withdrawing
from matching.introductions.moving import Actor
from matching.introductions.sending import send_letter
from matching.introductions.tokens import new_nonce
from matching.models import (
    ASKED,
    ENDED,
    AnswerLink,
    Consent,
    ConsentPurpose,
    HelpRequest,
    Match,
    MatchState,
    MatchStep,
    Proposal,
    ProposalLine,
    RequestStatus,
    Shift,
    Side,
    Supporter,
    SupporterContact,
    SupporterStatus,
)
from matching.supporters import services as supporters
from tests.matching.introductions.conftest import at_once

State = MatchState
TIMES = 10


@dataclass
class Scene:
    """Somebody who has the only place of a request, with another who waits for it, and is asked for a second at the
    same hours; a third person is asked for that as well, and a third request is open."""

    person: Supporter
    other: Supporter
    first: Match
    second: Match
    others: Match
    third: HelpRequest

    def fresh(self, match: Match) -> Match:
        return Match.objects.select_related("request__group", "supporter", "partner").get(pk=match.pk)

    def answer(self, match: Match, side: Side, yes: bool = True) -> None:
        answering.answer(self.fresh(match), side, yes)

    def answer_by_link(self) -> None:
        answering.answer_by_link(
            AnswerLink.objects.select_related("match__request__group").get(match=self.second), True
        )

    def leave(self) -> None:
        withdrawing.leave(Supporter.objects.get(pk=self.person.pk), by=None)

    def consent_anew(self) -> None:
        """As the page of consents does it: what is given first, and then what is withdrawn."""
        supporters.give_consent(self.person, ConsentPurpose.SHARE_PHONE)
        withdrawing.withdraw_consent(self.person, ConsentPurpose.INTRODUCTION, by=None)

    def apply(self) -> None:
        asking.apply(self.third, None, Supporter.objects.get(pk=self.person.pk), by=None)

    def cancel(self, match: Match) -> None:
        withdrawing.cancel(self.fresh(match), actor=Actor.STAFF, reason="大雨のため")

    def cancel_request(self) -> None:
        withdrawing.cancel_request(HelpRequest.objects.get(pk=self.second.request_id), by=None, reason="大雨のため")

    def tell(self) -> None:
        afterwards.tell(self.fresh(self.first), timezone.localdate(), Decimal(1))

    def send_proposal(self) -> None:
        proposal = Proposal.objects.create(score=1, bound=1)
        ProposalLine.objects.bulk_create(
            ProposalLine(proposal=proposal, request=self.third, supporter=supporter, score=1)
            for supporter in (self.other, self.person)
        )
        proposing.send(proposal, None, lambda percent, words: None)  # type: ignore[arg-type]

    def look_by_the_clock(self) -> None:
        later = timezone.now() + timedelta(days=4)
        timeouts.remind(later)


def make_scenes(count: int) -> list[Scene]:
    words = {"what": "ごみを拾います。", "when": "土曜日", "where": "海岸", "people_needed": 1}
    titles = ("海岸の清掃", "祭りの受付", "花の水やり")
    first, second, third = (
        HelpRequest.objects.bulk_create(
            HelpRequest(
                title=title, status=RequestStatus.FILLED if title == "海岸の清掃" else RequestStatus.OPEN, **words
            )
            for _number in range(count)
        )
        for title in titles
    )
    begins = timezone.now() + timedelta(days=10)
    hours = {"starts_at": begins, "ends_at": begins + timedelta(hours=2)}
    first_shifts, second_shifts = (
        Shift.objects.bulk_create(Shift(request=request, people_needed=1, **hours) for request in requests)
        for requests in (first, second)
    )
    person, waiting, other = (make_people(name, count) for name in ("かもめ", "すずめ", "つばめ"))

    def make_matches(shifts: list[Shift], people: list[Supporter], *states: MatchState) -> list[Match]:
        until = timezone.now() + timedelta(days=7) if states[-1] in ASKED else None
        matches = Match.objects.bulk_create(
            Match(request=shift.request, shift=shift, supporter=who, state=states[-1], answer_by=until, **hours)
            for shift, who in zip(shifts, people, strict=True)
        )
        MatchStep.objects.bulk_create(
            MatchStep(match=match, state=state, actor=Actor.STAFF) for match in matches for state in states
        )
        return matches

    held = make_matches(first_shifts, person, State.PROPOSED, State.VOLUNTEER_YES, State.GROUP_ASKED)
    make_matches(first_shifts, waiting, State.PROPOSED, State.WAITING)
    asked, others = (
        make_matches(second_shifts, people, State.PROPOSED, State.VOLUNTEER_ASKED) for people in (person, other)
    )
    AnswerLink.objects.bulk_create(
        AnswerLink(match=match, side=Side.VOLUNTEER, nonce=new_nonce(), expires_at=match.answer_by) for match in asked
    )
    return [Scene(*parts) for parts in zip(person, other, held, asked, others, third, strict=True)]


def make_people(name: str, count: int) -> list[Supporter]:
    people = Supporter.objects.bulk_create(Supporter(nickname=name, reach="anywhere") for _number in range(count))
    SupporterContact.objects.bulk_create(
        SupporterContact(supporter=who, name=name, email=f"s{who.pk}@example.jp") for who in people
    )
    purpose = ConsentPurpose.INTRODUCTION
    Consent.objects.bulk_create(Consent(supporter=who, purpose=purpose) for who in people)
    return people


def assert_consistent(scene: Scene) -> None:
    matches = list(Match.objects.filter(request__in=[scene.first.request, scene.second.request, scene.third]))
    for match in matches:
        assert match.state == match.steps.last().state
    for request in HelpRequest.objects.filter(matches__in=matches).distinct():
        states = [match.state for match in matches if match.request_id == request.pk]
        taken = {State.GROUP_ASKED, State.INTRODUCED, State.ACTIVE} & set(states)
        if request.status != RequestStatus.CANCELLED:
            assert request.status == (RequestStatus.FILLED if taken else RequestStatus.OPEN)
        if not taken and State.WAITING in states:
            assert State.VOLUNTEER_ASKED in states, "a free place is offered"
    person = Supporter.objects.get(pk=scene.person.pk)
    agrees = person.consents.filter(purpose=ConsentPurpose.INTRODUCTION, withdrawn_at=None).exists()
    if person.status == SupporterStatus.LEFT or not agrees:
        assert not Match.objects.filter(supporter=person).exclude(state__in=ENDED).exists()


Act = Callable[[Scene], None]
PAIRS: dict[str, tuple[Act, Act]] = {
    "leaves and says yes to another at the same hours": (
        lambda s: s.leave(),
        lambda s: s.answer(s.second, Side.VOLUNTEER),
    ),
    "leaves while another takes the last place": (lambda s: s.leave(), lambda s: s.answer(s.others, Side.VOLUNTEER)),
    "leaves while the group says yes": (lambda s: s.leave(), lambda s: s.answer(s.first, Side.GROUP)),
    "leaves and applies": (lambda s: s.leave(), lambda s: s.apply()),
    "leaves while a request is called off": (lambda s: s.leave(), lambda s: s.cancel_request()),
    "leaves while the week's proposal is sent": (lambda s: s.leave(), lambda s: s.send_proposal()),
    "leaves while the clock reminds": (lambda s: s.leave(), lambda s: s.look_by_the_clock()),
    "says yes twice": (lambda s: s.answer(s.second, Side.VOLUNTEER), lambda s: s.apply()),
    "withdraws a consent and is given a place": (
        lambda s: s.consent_anew(),
        lambda s: s.answer(s.first, Side.GROUP),
    ),
    "a group says yes while its helper does elsewhere": (
        lambda s: s.answer(s.first, Side.GROUP),
        lambda s: s.answer(s.second, Side.VOLUNTEER),
    ),
    "answers by the link while the clock reminds": (lambda s: s.answer_by_link(), lambda s: s.look_by_the_clock()),
    "two take the last place": (
        lambda s: s.answer(s.second, Side.VOLUNTEER),
        lambda s: s.answer(s.others, Side.VOLUNTEER),
    ),
}


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters are written; nobody is told to send them."""
    monkeypatch.setattr(send_letter, "delay", lambda *ids: None)


def play(scenes: list[Scene], acts: tuple[Act, Act]) -> None:
    def act(number: int, which: int) -> None:
        with suppress(ValidationError):  # said to whoever came second
            acts[which](scenes[number])

    at_once(act, len(scenes))


@pytest.mark.parametrize("name", PAIRS)
def test_no_deadlock_and_a_consistent_end(committed: None, name: str) -> None:
    shimonoseki = Municipality.objects.get(slug="shimonoseki")
    with acting_as(shimonoseki):
        scenes = make_scenes(TIMES)
    play(scenes, PAIRS[name])
    with acting_as(shimonoseki):
        for scene in scenes:
            assert_consistent(scene)


def test_a_day_is_told_while_it_is_called_off(committed: None) -> None:
    shimonoseki = Municipality.objects.get(slug="shimonoseki")
    with acting_as(shimonoseki):
        scenes = make_scenes(TIMES)
        for scene in scenes:
            scene.answer(scene.first, Side.GROUP)
    play(scenes, (lambda s: s.tell(), lambda s: s.cancel(s.first)))
    with acting_as(shimonoseki):
        for scene in scenes:
            assert_consistent(scene)
