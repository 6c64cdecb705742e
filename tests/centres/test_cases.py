"""A case that goes on: later contacts, and to whom the person who asked was led on."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import Error, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centres import services
from centres.events import services as events
from centres.events.models import Event, EventSession
from centres.models import (
    Consultation,
    ConsultationContact,
    ConsultationDraft,
    ConsultationEntry,
    GroupStanding,
    Referral,
    ReferralKind,
)
from centres.tasks import purge_contacts
from civic.accounts.models import Role, User
from civic.calendar import months_before
from civic.measures.registry import find
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import LogOne, MakeGroup
from tests.centres.test_contacts import on
from tests.conftest import SignIn

URL = "/shimonoseki/office/consultations/"


def parts(name: str, day: date | None) -> dict[str, Any]:
    """What the three inputs of a date send."""
    return {f"{name}_{part}": getattr(day, part) if day else "" for part in ("year", "month", "day")}


def contact(**values: Any) -> dict[str, Any]:
    """What the form of a later contact sends when only the words were typed."""
    now = timezone.localtime()
    offered = {"said": "様式を送った。", "method": "phone", "minutes": "10", "made_time": f"{now:%H:%M}"}
    return offered | parts("made_on", now.date()) | parts("follow_up_on", None) | values


def test_words_alone_are_enough_for_a_later_contact(staff: Client, shimonoseki: Municipality, log_one: LogOne) -> None:
    with acting_as(shimonoseki):
        consultation = log_one("会のつくり方", minutes=20, follow_up_on=timezone.localdate())
    page = f"{URL}{consultation.pk}/"
    assert staff.post(f"{page}entries/", contact()).headers["Location"] == page
    staff.post(f"{page}entries/", contact(said="会ができた。", method="visit", minutes="15"))
    shown = staff.get(page).content.decode()
    for words in ("様式を送った。", "会ができた。", "来所", "45分（はじめの相談 20分）"):
        assert words in shown
    with acting_as(shimonoseki):
        consultation.refresh_from_db()
        assert consultation.follow_up_on is None
        assert {entry.staff.email for entry in consultation.entries.all()} == {"staff@shimonoseki.example.jp"}
        assert find("centres.consultations").count(2026).value == 1


def test_a_contact_before_the_day_that_was_agreed_leaves_that_day(
    staff: Client, shimonoseki: Municipality, log_one: LogOne
) -> None:
    later = timezone.localdate() + timedelta(days=5)
    with acting_as(shimonoseki):
        consultation = log_one("会のつくり方", follow_up_on=later)
    page = f"{URL}{consultation.pk}/"
    assert staff.get(page).context["form"]["follow_up_on"].value() == later
    staff.post(f"{page}entries/", contact(**parts("follow_up_on", later)))
    with acting_as(shimonoseki):
        consultation.refresh_from_db()
        assert consultation.follow_up_on == later


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"said": ""}, "やりとりの内容：入力してください。"),
        ({"said": "a\x08b"}, "やりとりの内容：使えない文字（制御文字）がまじっています。"),
        ({"made_on_year": "2999"}, "日付：まだ来ていない日時です。"),
        ({"made_time": "25:00"}, "時刻：時刻は 13:30 のように入力してください。"),
    ],
)
def test_what_is_wrong_in_a_contact_is_named_on_the_case_s_page(
    staff: Client, shimonoseki: Municipality, log_one: LogOne, wrong: dict[str, str], message: str
) -> None:
    with acting_as(shimonoseki):
        consultation = log_one("会のつくり方")
    response = staff.post(f"{URL}{consultation.pk}/entries/", contact(said="もう書いた") | wrong)
    assert response.status_code == 400
    assert message in response.content.decode()
    with acting_as(shimonoseki):
        assert not ConsultationEntry.objects.exists()


def test_a_contact_is_corrected_and_deleted_when_asked(
    staff: Client, shimonoseki: Municipality, log_one: LogOne
) -> None:
    with acting_as(shimonoseki):
        consultation = log_one("会のつくり方")
        entry = ConsultationEntry.objects.create(consultation=consultation, said="まちがい")
    edit = f"{URL}entries/{entry.pk}/"
    assert "まちがい" in staff.get(edit).content.decode()
    staff.post(edit, contact(said="正しい", minutes="5"))
    with acting_as(shimonoseki):
        entry.refresh_from_db()
        assert (entry.said, entry.minutes) == ("正しい", 5)
    assert "このやりとりを消しますか" in staff.get(f"{edit}delete/").content.decode()
    with acting_as(shimonoseki):
        assert ConsultationEntry.objects.exists()
    staff.post(f"{edit}delete/")
    with acting_as(shimonoseki):
        assert not ConsultationEntry.objects.exists()
        assert Consultation.objects.exists()


def referred(**values: Any) -> dict[str, Any]:
    return {"kind": "group", "note": ""} | parts("referred_on", timezone.localdate()) | values


def test_led_on_to_a_group_an_event_a_department_and_the_guild(
    staff: Client, shimonoseki: Municipality, log_one: LogOne, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        consultation = log_one("花を植えたい")
        group = make_group("花の会")
        make_group("解散した会", standing=GroupStanding.DISSOLVED, is_published=False)
    page = f"{URL}{consultation.pk}/"
    asked = staff.get(f"{page}referrals/").content.decode()
    assert ("花の会" in asked, "解散した会" in asked) == (True, False)
    for sent in (
        referred(group=group.pk, name="消える", note="代表に電話した"),
        referred(kind="event", name="花だん講座", group=group.pk),
        referred(kind="department", name="公園緑地課"),
        referred(kind="guild", name="消える"),
    ):
        assert staff.post(f"{page}referrals/", sent).headers["Location"] == page
    with acting_as(shimonoseki):
        found = Referral.objects.values_list("kind", "group", "name")
        assert list(found) == [
            ("group", group.pk, ""),
            ("event", None, "花だん講座"),
            ("department", None, "公園緑地課"),
            ("guild", None, ""),
        ]
    shown = staff.get(page).content.decode()
    for words in ("花の会", "代表に電話した", "花だん講座", "公園緑地課", "ギルド"):
        assert words in shown
    assert "消える" not in shown


def test_the_group_s_page_shows_who_was_led_to_it_in_the_same_number_of_queries(
    staff: Client, shimonoseki: Municipality, log_one: LogOne, make_group: MakeGroup
) -> None:
    me = User.objects.get(email="staff@shimonoseki.example.jp")
    with acting_as(shimonoseki):
        group, other = make_group("花の会"), make_group("川の会")
        Referral.objects.create(consultation=log_one("川を守りたい"), group=other)
    counts = []
    for number in (1, 2, 3):
        with acting_as(shimonoseki):
            Referral.objects.create(
                consultation=log_one(f"花を植えたい{number}"), group=group, staff=me, note="電話した"
            )
        with CaptureQueriesContext(connection) as queries:
            page = staff.get(f"/shimonoseki/office/groups/{group.number}/").content.decode()
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert page.index("花を植えたい3") < page.index("花を植えたい1")
    assert page.count("電話した") == 3
    assert "川を守りたい" not in page


def test_an_event_is_chosen_from_those_to_come_and_linked(
    staff: Client, shimonoseki: Municipality, log_one: LogOne
) -> None:
    def an_event(title: str, starts: timedelta, **values: Any) -> Event:
        begins = timezone.now() + starts
        event = Event.objects.create(title=title, **{"status": "published", "published_at": begins} | values)
        EventSession.objects.create(event=event, starts_at=begins, ends_at=begins + timedelta(hours=2))
        return event

    with acting_as(shimonoseki):
        consultation = log_one("花を植えたい")
        event = an_event("花だん講座", timedelta(days=3))
        over, draft = an_event("おととい", timedelta(days=-2)), an_event("下書き", timedelta(days=3), status="draft")
    page = f"{URL}{consultation.pk}/"
    sent = referred(kind="event", event_number=event.pk, name="")
    assert staff.post(f"{page}referrals/", sent).headers["Location"] == page
    assert f'<a href="/shimonoseki/events/{event.pk}/">花だん講座</a>' in staff.get(page).content.decode()
    for other in (over, draft):
        refused = staff.post(f"{page}referrals/", sent | {"event_number": other.pk, "name": "名前だけ"})
        assert refused.status_code == 400
    staff.post(f"{page}referrals/", sent | {"kind": "department", "name": "公園緑地課"})
    with acting_as(shimonoseki):
        found = list(Referral.objects.values_list("kind", "event_number", "name"))
        assert found == [("event", event.pk, "花だん講座"), ("department", None, "公園緑地課")]
    with pytest.raises(Error, match="centres_referral_event_of_that_kind"), acting_as(shimonoseki):
        Referral.objects.update(kind=ReferralKind.DEPARTMENT)
    with acting_as(shimonoseki):
        events.withdraw(event)
        events.delete_draft(event)
    assert "花だん講座" in staff.get(page).content.decode(), "the name stays where the event is deleted"
    with acting_as(shimonoseki):
        assert not Referral.objects.exclude(event_number=None).exists()


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "団体：つないだ団体をえらんでください。"),
        ({"kind": "event"}, "催しや担当課の名前：つないだ催しや担当課の名前を書いてください。"),
        ({"kind": "nowhere"}, "つないだ先："),
    ],
)
def test_a_referral_names_its_place(
    staff: Client, shimonoseki: Municipality, log_one: LogOne, sent: dict[str, str], message: str
) -> None:
    with acting_as(shimonoseki):
        consultation = log_one("花を植えたい")
    response = staff.post(f"{URL}{consultation.pk}/referrals/", referred(**sent))
    assert response.status_code == 400
    assert message in response.content.decode()
    with acting_as(shimonoseki):
        assert not Referral.objects.exists()
        for kind, name in ((ReferralKind.GROUP, ""), (ReferralKind.EVENT, ""), (ReferralKind.GUILD, "余分")):
            with pytest.raises(Error, match="centres_referral_names_one_place"), acting_as(shimonoseki):
                Referral.objects.create(consultation=consultation, kind=kind, name=name)


def test_a_referral_is_deleted_when_asked(staff: Client, shimonoseki: Municipality, log_one: LogOne) -> None:
    with acting_as(shimonoseki):
        referral = Referral.objects.create(consultation=log_one("手伝いたい"), kind=ReferralKind.GUILD)
    delete = f"{URL}referrals/{referral.pk}/delete/"
    assert "消しますか" in staff.get(delete).content.decode()
    staff.post(delete)
    with acting_as(shimonoseki):
        assert not Referral.objects.exists()


def test_words_are_found_wherever_in_the_case_they_stand(
    staff: Client, shimonoseki: Municipality, log_one: LogOne, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        consultation = log_one("花を植えたい", group=make_group("ひまわり会"), answer="市に聞く")
        ConsultationEntry.objects.create(consultation=consultation, said="肥料のことをたずねた")
        Referral.objects.create(consultation=consultation, group=make_group("コスモス会"))
        Referral.objects.create(consultation=consultation, kind=ReferralKind.DEPARTMENT, name="公園緑地課")
        log_one("ほかの相談")
    for query in ("肥料", "ひまわり", "こすもす", "公園緑地", "花　市に　肥料　コスモス"):
        page = staff.get(URL, {"q": query}).content.decode()
        assert "花を植えたい" in page, query
        assert "ほかの相談" not in page


def test_the_page_takes_the_same_number_of_queries_however_long_the_case(
    staff: Client, shimonoseki: Municipality, log_one: LogOne, make_group: MakeGroup
) -> None:
    me = User.objects.get(email="staff@shimonoseki.example.jp")
    with acting_as(shimonoseki):
        consultation = log_one("花を植えたい")
    counts = []
    for _ in range(2):
        with acting_as(shimonoseki):
            for number in range(3):
                ConsultationEntry.objects.create(consultation=consultation, said=f"{number}の話", staff=me)
                Referral.objects.create(consultation=consultation, group=make_group("花の会"), staff=me)
        with CaptureQueriesContext(connection) as queries:
            staff.get(f"{URL}{consultation.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_contacts_are_kept_from_the_last_talk_on(shimonoseki: Municipality, log_one: LogOne) -> None:
    today = timezone.localdate()
    last_kept = months_before(today, 36)
    long_ago = last_kept - timedelta(days=900)
    with acting_as(shimonoseki):
        for name, talked_on in (("残る", last_kept), ("消える", last_kept - timedelta(days=1))):
            consultation = log_one(name, received_at=on(long_ago))
            ConsultationContact.objects.create(consultation=consultation, name="だれか")
            for day in (long_ago, talked_on):
                ConsultationEntry.objects.create(consultation=consultation, said="話", made_at=on(day))
    purge_contacts()
    with acting_as(shimonoseki):
        assert [str(contact.consultation) for contact in ConsultationContact.objects.all()] == ["残る"]
        assert ConsultationEntry.objects.count() == 4


def test_what_was_left_half_written_is_purged(shimonoseki: Municipality, nagato: Municipality, staff: Client) -> None:
    me = User.objects.get(email="staff@shimonoseki.example.jp")
    kept_since = on(timezone.localdate() - timedelta(days=30))
    for municipality, saved_at in ((shimonoseki, kept_since), (nagato, kept_since - timedelta(days=1))):
        with acting_as(municipality):
            services.save_draft(me, {"summary": ["書きかけ"]})
            ConsultationDraft.objects.update(saved_at=saved_at)
    purge_contacts()
    for municipality, left in ((shimonoseki, 1), (nagato, 0)):
        with acting_as(municipality):
            assert ConsultationDraft.objects.count() == left


def test_another_municipalitys_case_is_not_there(
    staff: Client, nagato: Municipality, shimonoseki: Municipality, log_one: LogOne, make_group: MakeGroup
) -> None:
    with acting_as(nagato):
        consultation = log_one("長門の相談")
        entry = ConsultationEntry.objects.create(consultation=consultation, said="長門の話")
        referral = Referral.objects.create(consultation=consultation, kind=ReferralKind.GUILD)
        group = make_group("長門の会")
    with acting_as(shimonoseki):
        own = log_one("下関の相談")
    for address, sent in (
        (f"{consultation.pk}/entries/", contact()),
        (f"entries/{entry.pk}/", contact()),
        (f"entries/{entry.pk}/delete/", {}),
        (f"{consultation.pk}/referrals/", referred(kind="guild")),
        (f"{own.pk}/referrals/", referred(group=group.pk)),
        (f"referrals/{referral.pk}/delete/", {}),
    ):
        assert staff.post(URL + address, sent).status_code == 404, address
    with acting_as(nagato):
        assert (ConsultationEntry.objects.get().said, Referral.objects.count()) == ("長門の話", 1)


@pytest.mark.parametrize("role", [Role.PLANNER, Role.GROUP, Role.SUPPORTER])
def test_other_roles_may_not(signed_in: SignIn, shimonoseki: Municipality, log_one: LogOne, role: Role) -> None:
    with acting_as(shimonoseki):
        consultation = log_one("会のつくり方")
    assert signed_in(shimonoseki, role).post(f"{URL}{consultation.pk}/entries/", contact()).status_code == 403
