"""The week's proposal: from the open requests to letters that a person sends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from civic.accounts.models import Role, User
from civic.jobs.kinds import JobError
from civic.jobs.models import Job
from civic.tenancy.models import Municipality
from matching.introductions import asking, proposing
from matching.models import (
    GuildLetter,
    Match,
    MatchState,
    Proposal,
    ProposalLine,
    RequestKind,
    RequestStatus,
    Supporter,
    SupporterStatus,
)
from tests.conftest import MakeMember, SignIn
from tests.matching.conftest import AskForHelp
from tests.matching.introductions.conftest import helper as somebody
from tests.matching.introductions.conftest import shift_in


def silent(percent: int, words: str) -> None:
    assert 0 <= percent <= 100
    assert words


def helper(nickname: str, **values: object) -> Supporter:
    return somebody(nickname, reach="anywhere", **values)


@pytest.fixture
def coordinator(in_shimonoseki: Municipality, member: MakeMember) -> User:
    return member(in_shimonoseki, Role.STAFF)


def test_one_press_serves_all_open_requests(coordinator: User, ask_for_help: AskForHelp) -> None:
    """Each once, nobody at two places at once, and whoever has a limit not beyond it."""
    once, often = helper("かもめ", asks_a_month=1), helper("ほたる", asks_a_month=3)
    for title, hours in (("朝の清掃", 0), ("朝の受付", 1), ("夕方の配達", 6)):
        shift_in(ask_for_help(title), 7 + hours / 24)
    ask_for_help("下書き", status=RequestStatus.DRAFT)
    ask_for_help("相手をさがす", kind=RequestKind.PARTNERS)
    ask_for_help("締切をすぎた", apply_by=timezone.localdate() - timedelta(days=1))
    shift_in(ask_for_help("もうすんだ"), -30)
    proposal = proposing.make_proposal(coordinator, silent)
    lines = list(proposing.lines_of(proposal))
    assert {line.request.title for line in lines} == {"朝の清掃", "朝の受付", "夕方の配達"}
    assert sorted(line.supporter.nickname for line in lines) == ["かもめ", "ほたる", "ほたる"]
    assert {line.supporter for line in lines if line.request.title.startswith("朝")} == {once, often}
    assert proposal.score == proposal.bound > 0
    assert all(found and "最近は頼んでいない" in found.reasons for found in proposing.as_candidates(lines))
    assert not Match.objects.exists(), "nothing is sent by itself"


def test_places_for_which_somebody_is_asked_are_not_proposed(coordinator: User, ask_for_help: AskForHelp) -> None:
    for nickname in ("かもめ", "ほたる", "ちどり"):
        helper(nickname)
    request = ask_for_help(people_needed=2)
    asked = Match.objects.create(request=request, supporter=Supporter.objects.first())
    (line,) = proposing.lines_of(proposing.make_proposal(coordinator, silent))
    assert line.supporter != asked.supporter


def test_where_there_is_nothing_to_propose_it_says_so(coordinator: User, ask_for_help: AskForHelp) -> None:
    with pytest.raises(JobError, match="募集はありません"):
        proposing.make_proposal(coordinator, silent)
    ask_for_help()
    with pytest.raises(JobError, match="頼める人がいません"):
        proposing.make_proposal(coordinator, silent)


def test_nobody_is_proposed_who_was_asked_too_often_lately(coordinator: User, ask_for_help: AskForHelp) -> None:
    tired = helper("かもめ", asks_a_month=20)
    for number in range(7):
        match = asking.propose(ask_for_help(f"募集{number}"), None, supporter=tired, by=coordinator)
        asking.ask_volunteer(match, by=coordinator)
    ask_for_help("もう一つ")
    with pytest.raises(JobError, match="頼んだばかり"):
        proposing.make_proposal(coordinator, silent)
    assert not Proposal.objects.exists()


def test_what_is_left_in_is_sent_and_nothing_else(coordinator: User, ask_for_help: AskForHelp) -> None:
    for nickname in ("かもめ", "ほたる", "ちどり"):
        helper(nickname)
    request = ask_for_help(people_needed=3)
    proposal = proposing.make_proposal(coordinator, silent)
    kept, out, changed = lines = list(proposing.lines_of(proposal))
    reasons = [found and found.reasons for found in proposing.as_candidates(lines)]
    proposing.take_out(out, is_taken_out=True)
    Supporter.objects.filter(pk=changed.supporter_id).update(status=SupporterStatus.PAUSED)
    assert [found is None for found in proposing.as_candidates(lines)] == [False, False, True]
    proposing.send(proposal, coordinator, silent)
    (match,) = Match.objects.all()
    assert (match.supporter, match.request, match.state) == (kept.supporter, request, MatchState.VOLUNTEER_ASKED)
    assert (match.reasons, match.score, match.made_by) == (reasons[0], kept.score, coordinator)
    assert GuildLetter.objects.get().match == match
    with pytest.raises(JobError):
        proposing.send(proposal, coordinator, silent)
    assert Match.objects.count() == 1


def test_a_new_proposal_takes_the_place_of_the_old(coordinator: User, ask_for_help: AskForHelp) -> None:
    helper("かもめ")
    ask_for_help()
    first = proposing.make_proposal(coordinator, silent)
    second = proposing.make_proposal(coordinator, silent)
    assert proposing.current_proposal() == second
    first.refresh_from_db()
    assert first.discarded_at
    with pytest.raises(JobError):
        proposing.send(first, coordinator, silent)


def test_from_the_press_to_the_letters(
    signed_in: SignIn, in_shimonoseki: Municipality, ask_for_help: AskForHelp
) -> None:
    staff = signed_in(in_shimonoseki, Role.STAFF)
    address = "/shimonoseki/office/guild/proposal/"
    for nickname in ("かもめ", "ほたる"):
        helper(nickname)
    ask_for_help("海岸の清掃", people_needed=2)
    assert "今週の提案を作る" in staff.get(address).content.decode()
    staff.post(f"{address}make/")
    job = Job.objects.get()
    assert (job.kind, job.parameters) == (proposing.MAKE, {"by": job.requested_by_id})
    proposal = proposing.make_proposal(job.requested_by, silent)
    page = staff.get(address).content.decode()
    assert "いま送るのは2件です" in page
    line = ProposalLine.objects.first()
    assert line
    page = staff.post(f"{address}lines/{line.pk}/", {"page": "1"}, follow=True).content.decode()
    assert "いま送るのは1件です" in page
    assert "1人に、あわせて1件の手伝いをお願いします" in staff.get(f"{address}{proposal.pk}/send/").content.decode()
    staff.post(f"{address}lines/{line.pk}/", {"back": "1"})
    staff.post(f"{address}{proposal.pk}/send/")
    staff.post(f"{address}{proposal.pk}/send/")
    assert Job.objects.filter(kind=proposing.SEND, parameters__proposal=proposal.pk).count() == 1, "pressed twice"
    proposing.send(proposal, job.requested_by, silent)
    page = staff.get(address).content.decode()
    assert "2件のうち2件をお願いしました" in page
    assert staff.post(f"{address}lines/{line.pk}/", follow=True).context["messages"]


def test_an_unsent_one_is_put_away(signed_in: SignIn, in_shimonoseki: Municipality) -> None:
    staff = signed_in(in_shimonoseki, Role.STAFF)
    proposal = Proposal.objects.create(score=1, bound=1)
    address = f"/shimonoseki/office/guild/proposal/{proposal.pk}/discard/"
    assert "捨てます" in staff.get(address).content.decode()
    staff.post(address)
    assert proposing.current_proposal() is None
    assert "もう送ったか、捨てたものです" in staff.post(address, follow=True).content.decode()


@pytest.mark.parametrize("people", [1, 5])
def test_the_page_asks_the_same_however_long(
    signed_in: SignIn,
    in_shimonoseki: Municipality,
    ask_for_help: AskForHelp,
    django_assert_num_queries: object,
    people: int,
) -> None:
    staff = signed_in(in_shimonoseki, Role.STAFF)
    for number in range(people):
        helper(f"人{number}")
    ask_for_help(people_needed=people)
    proposing.make_proposal(User.objects.get(), silent)
    with django_assert_num_queries(18):  # type: ignore[operator]
        staff.get("/shimonoseki/office/guild/proposal/")
