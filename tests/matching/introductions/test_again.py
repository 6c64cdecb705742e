"""Whoever said no or withdrew by mistake begins once more; the first match stays as it ended."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from civic.accounts.models import Membership, Role, User
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.introductions import answering, asking, proposing, timeouts, withdrawing
from matching.introductions.candidates import candidates, left_out
from matching.introductions.moving import Actor, NotPossible
from matching.introductions.sending import send_letter
from matching.models import (
    Consent,
    ConsentPurpose,
    HelpRequest,
    Match,
    MatchState,
    MatchStep,
    NotAgain,
    RequestStatus,
    Side,
    Supporter,
)
from tests.conftest import MakeMember, SignIn
from tests.matching.introductions.conftest import at_once, helper, shift_in
from tests.matching.introductions.test_timeouts import on_day

State = MatchState
TIMES = 15
End = Callable[[Match], None]


def said_no(match: Match) -> None:
    answering.answer(match, Side.VOLUNTEER, False, comment="用事があります")


def withdrew(match: Match) -> None:
    answering.answer(match, Side.VOLUNTEER, True)
    withdrawing.cancel(match, actor=Actor.VOLUNTEER, reason="熱が出ました")


def called_off_by_staff(match: Match) -> None:
    withdrawing.cancel(match, actor=Actor.STAFF, reason="電話で聞いた")


def called_off_by_the_group(match: Match) -> None:
    answering.answer(match, Side.VOLUNTEER, True)
    answering.answer(match, Side.GROUP, True)
    withdrawing.cancel(match, actor=Actor.GROUP, reason="人数が変わった")


def declined(match: Match) -> None:
    answering.answer(match, Side.VOLUNTEER, True)
    answering.answer(match, Side.GROUP, False)


def completed(match: Match) -> None:
    answering.answer(match, Side.VOLUNTEER, True)
    answering.answer(match, Side.GROUP, True)
    answering.complete(match, actor=Actor.STAFF)


def ended(request: HelpRequest, end: End, supporter: Supporter | None = None) -> Match:
    match = asking.propose(request, None, supporter=supporter or helper(reach="anywhere"), by=None)
    asking.ask_volunteer(match, by=None)
    end(match)
    return match


@pytest.fixture
def staff(in_shimonoseki: Municipality, member: MakeMember) -> User:
    return member(in_shimonoseki, Role.STAFF)


@pytest.mark.parametrize("end", [said_no, withdrew, called_off_by_staff])
def test_one_applies_again_oneself(beach: HelpRequest, end: End) -> None:
    first = ended(beach, end)
    history = list(first.steps.values_list("pk", "state"))
    second = asking.apply(beach, None, first.supporter, by=None)
    assert second != first
    assert [step.state for step in second.steps.all()] == ["proposed", "volunteer_yes", "group_asked"]
    assert list(first.steps.values_list("pk", "state")) == history, "the first stays as it ended"
    with pytest.raises(NotPossible, match="もう申し込まれて"):
        asking.apply(beach, None, first.supporter, by=None)
    answering.answer(second, Side.GROUP, True)
    assert second.state == State.INTRODUCED


@pytest.mark.parametrize("end", [declined, called_off_by_the_group, completed])
def test_but_not_after_the_group_declined_or_it_was_done(beach: HelpRequest, end: End) -> None:
    first = ended(beach, end)
    with pytest.raises(NotPossible, match="終わっています"):
        asking.apply(beach, None, first.supporter, by=None)


def test_what_the_group_declined_stays_declined_whatever_came_later(beach: HelpRequest, staff: User) -> None:
    HelpRequest.objects.update(people_needed=2)
    first = ended(beach, withdrew)
    second = asking.apply(beach, None, first.supporter, by=None)
    answering.answer(second, Side.GROUP, False)
    for attempt in (
        lambda: asking.apply(beach, None, first.supporter, by=None),
        lambda: asking.propose_again(first, by=staff, comment="本人の希望"),
    ):
        with pytest.raises(NotPossible, match="見送り"):
            attempt()


def test_who_was_silent_applies_by_themselves(beach: HelpRequest) -> None:
    match = asking.propose(beach, None, supporter=helper(), by=None)
    asking.ask_volunteer(match, by=None)
    timeouts.lapse(on_day(7.1))
    assert asking.apply(beach, None, match.supporter, by=None) == match


def test_from_the_page_of_what_was_not_answered(
    signed_in: SignIn, beach: HelpRequest, shimonoseki: Municipality
) -> None:
    citizen = signed_in(shimonoseki, Role.SUPPORTER)
    match = asking.propose(
        beach, None, supporter=helper(membership=Membership.objects.get(role=Role.SUPPORTER)), by=None
    )
    asking.ask_volunteer(match, by=None)
    own = "/shimonoseki/office/guild/own/matches/"
    assert "お返事をお待ちしています" in text(citizen, own)
    assert "もう一度申し込む" not in text(citizen, f"{own}{match.pk}/")
    timeouts.lapse(on_day(7.1))
    assert "お返事をお待ちしています" not in text(citizen, own)
    assert "もう一度申し込む" in text(citizen, f"{own}{match.pk}/")


@pytest.mark.parametrize("end", [said_no, withdrew, called_off_by_the_group])
def test_staff_propose_somebody_again_and_say_why(beach: HelpRequest, staff: User, end: End) -> None:
    first = ended(beach, end)
    with pytest.raises(NotPossible, match="終わっています"):
        asking.propose(beach, None, supporter=first.supporter, by=staff)
    with pytest.raises(NotPossible, match="理由"):
        asking.propose_again(first, by=staff, comment="")
    second = asking.propose_again(first, by=staff, comment="都合がついたと電話があった")
    assert (second.state, second.steps.get().comment, second.made_by) == (
        State.PROPOSED,
        "都合がついたと電話があった",
        staff,
    )
    assert asking.propose_again(first, by=staff, comment="もう一度") == second
    asking.ask_volunteer(second, by=staff)
    assert second.state == State.VOLUNTEER_ASKED


@pytest.mark.parametrize("end", [declined, completed])
def test_staff_do_not_after_the_groups_no_nor_after_it_was_done(beach: HelpRequest, staff: User, end: End) -> None:
    first = ended(beach, end)
    with pytest.raises(NotPossible, match="終わっています"):
        asking.propose_again(first, by=staff, comment="本人の希望")


def test_nobody_is_brought_together_again_who_does_not_wish_it(beach: HelpRequest, staff: User) -> None:
    first = ended(beach, said_no)
    NotAgain.objects.create(supporter=first.supporter, group=beach.group, wished_by="group")
    with pytest.raises(NotPossible, match="センターにおたずね"):
        asking.apply(beach, None, first.supporter, by=None)
    with pytest.raises(NotPossible, match="もう紹介しない"):
        asking.propose_again(first, by=staff, comment="本人の希望")


def test_no_machine_asks_them_again_and_staff_see_why(beach: HelpRequest, staff: User) -> None:
    helper("ほたる", reach="anywhere")
    first = ended(beach, said_no)
    assert [str(candidate.supporter) for candidate in candidates(beach)] == ["ほたる"]
    ((one,), _total) = left_out(beach)
    assert (one.supporter, one.reasons) == (
        first.supporter,
        ["この募集では、もう候補になったか、返事をもらっています"],
    )
    proposal = proposing.make_proposal(staff, lambda percent, words: None)
    assert [line.supporter.nickname for line in proposing.lines_of(proposal)] == ["ほたる"]


def test_whoever_waited_before_comes_last_in_the_line(beach: HelpRequest) -> None:
    asking.apply(beach, None, helper("一番"), by=None)
    first = asking.apply(beach, None, helper(), by=None)
    other = asking.apply(beach, None, helper("すずめ"), by=None)
    withdrawing.cancel(first, actor=Actor.VOLUNTEER, reason="気が変わった")
    again = asking.apply(beach, None, first.supporter, by=None)
    withdrawing.cancel(Match.objects.get(supporter__nickname="一番"), actor=Actor.STAFF, reason="まちがい")
    states = {match.pk: match.state for match in Match.objects.all()}
    assert (states[other.pk], states[again.pk]) == (State.VOLUNTEER_ASKED, State.WAITING)


def test_a_business_comes_with_as_many_as_it_says(beach: HelpRequest) -> None:
    beach.people_needed = 5
    beach.save()
    business = helper("製菓会社", kind="business")
    asking.propose(beach, None, supporter=business, by=None)
    assert asking.apply(beach, None, business, by=None, people=3).people == 3


def test_applying_twice_in_one_instant_after_withdrawing_begins_one(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_letter, "delay", lambda *ids: None)
    with acting_as(Municipality.objects.get(slug="shimonoseki")):
        words = {"what": "ごみを拾います。", "when": "土曜日", "where": "海岸", "status": RequestStatus.OPEN}
        requests = HelpRequest.objects.bulk_create(
            HelpRequest(title=f"海岸の清掃{number}", people_needed=3, **words) for number in range(TIMES)
        )
        supporter = Supporter.objects.create(nickname="かもめ")
        Consent.objects.create(supporter=supporter, purpose=ConsentPurpose.INTRODUCTION)
        firsts = Match.objects.bulk_create(
            Match(request=request, supporter=supporter, state=State.VOLUNTEER_NO) for request in requests
        )
        MatchStep.objects.bulk_create(
            MatchStep(match=match, state=State.VOLUNTEER_NO, actor=Actor.VOLUNTEER) for match in firsts
        )
    refused: list[int] = []

    def apply(number: int, _which: int) -> None:
        try:
            asking.apply(HelpRequest.objects.get(pk=requests[number].pk), None, supporter, by=None)
        except NotPossible:
            refused.append(number)

    at_once(apply, TIMES)
    assert sorted(refused) == list(range(TIMES)), "of two presses one applies"
    with acting_as(Municipality.objects.get(slug="shimonoseki")):
        for request in requests:
            states = sorted(Match.objects.filter(request=request).values_list("state", flat=True))
            assert states == [State.GROUP_ASKED, State.VOLUNTEER_NO]


# ---- pages


def text(client: Client, url: str) -> str:
    return unescape(client.get(url).content.decode())


def test_from_the_page_of_what_ended(signed_in: SignIn, beach: HelpRequest, shimonoseki: Municipality) -> None:
    citizen, office = signed_in(shimonoseki, Role.SUPPORTER), signed_in(shimonoseki, Role.STAFF)
    shift, _later = shift_in(beach, 5), shift_in(beach, 6)
    me = helper(membership=Membership.objects.get(role=Role.SUPPORTER))
    first = asking.apply(beach, shift, me, by=None)
    withdrawing.cancel(first, actor=Actor.VOLUNTEER, reason="熱が出ました")
    own = f"/shimonoseki/office/guild/own/matches/{first.pk}/"
    apply = f"/shimonoseki/office/guild/own/apply/{beach.pk}/"
    again = f"{apply}?shift={shift.pk}"
    assert f'href="{again}"' in text(citizen, own)
    [ticked] = re.findall(r"<input[^>]*checked[^>]*>", text(citizen, again))
    assert f'value="{shift.pk}"' in ticked
    assert "checked" not in text(citizen, f"{apply}?shift=x")
    page = citizen.post(apply, {"supporter": str(me.pk), "shift": str(shift.pk)}, follow=True)
    assert "申し込みました" in page.content.decode()
    assert f'href="{again}"' not in text(citizen, own), "once is enough"
    second = Match.objects.exclude(pk=first.pk).get()
    at_office = "/shimonoseki/office/guild/matches"
    assert f'href="{at_office}/{first.pk}/"' in text(office, f"{at_office}/{second.pk}/")
    withdrawing.cancel(second, actor=Actor.VOLUNTEER, reason="やはり熱が")
    step = f"{at_office}/{second.pk}/step/"
    refused = office.post(step, {"step": "again", "comment": ""}, follow=True).content.decode()
    assert "理由" in refused
    page = office.post(step, {"step": "again", "comment": "元気になったと電話"}, follow=True)
    third = Match.objects.exclude(pk__in=[first.pk, second.pk]).get()
    assert page.redirect_chain[-1][0] == f"{at_office}/{third.pk}/"
    assert "「候補」になりました" in page.content.decode()
    assert 'value="again"' not in text(office, f"{at_office}/{second.pk}/")


def test_a_partner_offers_itself_again(
    signed_in: SignIn, beach: HelpRequest, ask_for_help: Callable[..., HelpRequest]
) -> None:
    request = ask_for_help("いっしょに祭りを", kind="partners")
    first = asking.apply(request, None, partner=beach.group, by=None)
    withdrawing.cancel(first, actor=Actor.VOLUNTEER, reason="日程が合わない")
    assert asking.apply(request, None, partner=beach.group, by=None) != first
