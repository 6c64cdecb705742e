"""Two people accept the last place in the same instant, from two connections, a hundred times over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.introductions import answering, asking
from matching.introductions.sending import send_letter
from matching.models import (
    HOLDING,
    Consent,
    ConsentPurpose,
    HelpRequest,
    LetterKind,
    Match,
    MatchState,
    QueueEntry,
    RequestStatus,
    Side,
    Supporter,
    SupporterContact,
)
from tests.mail_server import MailServer
from tests.matching.introductions.conftest import at_once

State = MatchState
TIMES, FEW = 100, 15


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters are written; nobody is told to send them."""
    monkeypatch.setattr(send_letter, "delay", lambda *ids: None)


def make_requests(count: int) -> list[HelpRequest]:
    words = {"what": "ごみを拾います。", "when": "土曜日", "where": "海岸", "status": RequestStatus.OPEN}
    return HelpRequest.objects.bulk_create(
        HelpRequest(title=f"海岸の清掃{number}", people_needed=1, **words) for number in range(count)
    )


def make_supporters(count: int) -> list[Supporter]:
    supporters = Supporter.objects.bulk_create(Supporter(nickname=f"人{number}") for number in range(count))
    SupporterContact.objects.bulk_create(
        SupporterContact(supporter=supporter, name="本名", email=f"{supporter.nickname[1:]}@example.jp")
        for supporter in supporters
    )
    purpose = ConsentPurpose.INTRODUCTION
    Consent.objects.bulk_create(Consent(supporter=supporter, purpose=purpose) for supporter in supporters)
    return supporters


def assert_each_place_has_one(requests: list[HelpRequest]) -> None:
    with acting_as(Municipality.objects.get(slug="shimonoseki")):
        for request in requests:
            matches = Match.objects.filter(request=request)
            assert sorted(match.state in HOLDING for match in matches) == [False, True]
            taken, waiting = matches.get(state=State.GROUP_ASKED), matches.get(state=State.WAITING)
            assert [letter.kind for letter in waiting.letters.all()] == [LetterKind.WAITING]
            # The centre's own request: staff are asked about the one, and only about them.
            assert not taken.letters.exists()
            assert QueueEntry.objects.get(match__request=request).match == taken
        assert not HelpRequest.objects.exclude(status=RequestStatus.FILLED).exists()


def test_of_two_who_were_asked_one_has_the_place_and_the_other_waits(committed: None) -> None:
    with acting_as(Municipality.objects.get(slug="shimonoseki")):
        requests, supporters = make_requests(TIMES), make_supporters(2 * TIMES)
        until = timezone.now() + timedelta(days=7)
        matches = Match.objects.bulk_create(
            Match(
                request=requests[position // 2],
                supporter=supporter,
                state=State.VOLUNTEER_ASKED,
                answer_by=until,
            )
            for position, supporter in enumerate(supporters)
        )
    at_once(lambda number, which: answering.answer(matches[2 * number + which], Side.VOLUNTEER, True), TIMES)
    assert_each_place_has_one(requests)


def test_of_two_who_apply_one_has_the_place_and_the_other_waits(committed: None, mail_server: MailServer) -> None:
    with acting_as(Municipality.objects.get(slug="shimonoseki")):
        requests, supporters = make_requests(FEW), make_supporters(2 * FEW)

    def apply(number: int, which: int) -> None:
        asking.apply(requests[number], None, supporters[2 * number + which], by=None)

    at_once(apply, FEW)
    assert_each_place_has_one(requests)

    # The other is told, by mail.
    shimonoseki = Municipality.objects.get(slug="shimonoseki")
    with acting_as(shimonoseki):
        waiting = list(Match.objects.filter(state=State.WAITING).order_by("pk").select_related("supporter__contact"))
        letters = [match.letters.get() for match in waiting]
    for letter in letters:
        send_letter(shimonoseki.pk, letter.pk)
    assert mail_server.recipients == [match.supporter.contact.email for match in waiting]
    for match, letter in zip(waiting, mail_server.letters, strict=True):
        assert f"{match.supporter.nickname} さん" in letter.get_content()
        assert "空き待ち" in letter["Subject"]
