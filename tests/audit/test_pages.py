"""Managers read the trail in the office, in words."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from civic.accounts.models import Department, Invitation, Membership, Role, User
from civic.audit.models import PersonalRecordView
from civic.audit.readable import kind_of, label_of, recorded_models
from civic.audit.services import record_viewing
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.conftest import MakeMember, SignIn

CHANGES = "/shimonoseki/office/audit/"
VIEWINGS = "/shimonoseki/office/audit/views/"


@pytest.fixture
def manager(shimonoseki: Municipality, signed_in: SignIn) -> Client:
    """The browser of Shimonoseki's manager."""
    return signed_in(shimonoseki, Role.MANAGER)


@pytest.fixture
def staff(shimonoseki: Municipality, member: MakeMember) -> User:
    return member(shimonoseki, Role.STAFF)


def typed(field: str, day: date) -> str:
    return f"{field}_year={day.year}&{field}_month={day.month}&{field}_day={day.day}"


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_change_is_told_in_words_with_before_and_after(
    shimonoseki: Municipality, manager: Client, staff: User
) -> None:
    with acting_as(shimonoseki, actor_id=staff.pk):
        department = Department.objects.create(name="前の名の課")
        department.name = "後の名の課"
        department.save()
    [change] = [
        trace
        for trace in manager.get(f"{CHANGES}?kind=accounts_department").context["traces"]
        if trace.change.action == "update"
    ]
    assert (change.kind, change.person) == ("担当課", "センター職員の人")
    assert [(field.label, field.before, field.after) for field in change.fields] == [
        ("担当課", "前の名の課", "後の名の課")
    ]
    page = words(manager, CHANGES)
    for shown in ("前の名の課", "後の名の課", "変更前", "変更後", "センター職員の人"):
        assert shown in page


def test_values_are_told_in_words(shimonoseki: Municipality, manager: Client, staff: User) -> None:
    with acting_as(shimonoseki):
        Invitation.objects.create(email="hanako@example.jp", role=Role.COUNCIL, invited_by=staff)
    [trace] = manager.get(f"{CHANGES}?kind=accounts_invitation").context["traces"]
    shown = {field.label: field.after for field in trace.fields}
    assert trace.person == "ポータル（自動）"
    assert shown["役割"] == "審議会"
    assert shown["招待した人"] == "センター職員の人"
    assert shown["メールアドレス"] == "（個人情報のため控えていません）"
    assert shown["参加した日時"] == "−"
    assert shown["期限"].startswith(str((timezone.localtime() + timedelta(days=14)).year))
    assert "hanako@example.jp" not in words(manager, CHANGES)


def test_the_trail_is_filtered_by_kind_person_and_period(
    shimonoseki: Municipality, manager: Client, staff: User
) -> None:
    with acting_as(shimonoseki, actor_id=staff.pk):
        Department.objects.create(name="課")
    with acting_as(shimonoseki):
        Department.objects.create(name="自動課")
    today = timezone.localdate()
    tomorrow, yesterday = today + timedelta(days=1), today - timedelta(days=1)

    def found(query: str) -> list[str]:
        traces = manager.get(f"{CHANGES}?kind=accounts_department&{query}").context["traces"]
        return sorted(trace.change.after["name"] for trace in traces)

    assert found("") == ["自動課", "課"]
    assert found(f"person={staff.pk}") == ["課"]
    assert found(f"{typed('first', today)}&{typed('last', today)}") == ["自動課", "課"]
    assert found(typed("last", yesterday)) == []
    assert found(typed("first", tomorrow)) == []
    assert found(f"{typed('first', date(1873, 1, 1))}&{typed('last', date.max)}") == ["自動課", "課"]


@pytest.mark.parametrize(
    "query",
    [
        "kind=auth_user",
        "kind=audit_change",
        "person=999999999",
        "person=x",
        "first_year=2026&first_month=13&first_day=1",
        "first_year=2026&first_month=2&first_day=30",
        "last_year=x&last_month=1&last_day=1",
        "last_year=2026",
    ],
)
def test_a_wrong_filter_is_a_400_that_shows_the_form(manager: Client, query: str) -> None:
    for address in (CHANGES, VIEWINGS):
        answer = manager.get(f"{address}?{query}")
        assert answer.status_code == 400
        assert answer.context["form"].errors


def test_somebody_of_another_municipality_is_no_choice(
    yamaguchi: Municipality, member: MakeMember, manager: Client
) -> None:
    other = member(yamaguchi, Role.STAFF)
    assert manager.get(f"{CHANGES}?person={other.pk}").status_code == 400


@pytest.mark.parametrize("wrong", ["0", "2", "-1", "x", "9" * 40])
def test_a_page_that_is_not_there_is_404(manager: Client, wrong: str) -> None:
    assert manager.get(f"{CHANGES}?kind=accounts_department&page={wrong}").status_code == 404


@pytest.mark.parametrize("address", [CHANGES, VIEWINGS])
def test_a_page_takes_as_many_queries_for_many_rows_as_for_few(
    shimonoseki: Municipality, manager: Client, address: str
) -> None:
    counts = []
    for rows in (2, 40):
        for number in range(rows):
            person = User.objects.create_user(f"person{rows}-{number}@example.jp")
            Membership.objects.create(user=person, municipality=shimonoseki, role=Role.STAFF)
            with acting_as(shimonoseki, actor_id=person.pk):
                record_viewing(person, Department.objects.create(name=f"{person.pk}課"), "確認")
        with CaptureQueriesContext(connection) as queries:
            manager.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_opened_a_personal_record_is_listed(
    shimonoseki: Municipality, yamaguchi: Municipality, manager: Client, staff: User
) -> None:
    with acting_as(yamaguchi):
        record_viewing(staff, Department.objects.create(name="課"), "よその目的")
    with acting_as(shimonoseki):
        department = Department.objects.create(name="課")
        before = timezone.now()
        record_viewing(staff, department, "登録内容の確認")
        view = PersonalRecordView.objects.get()
    assert (view.viewer_id, view.table_name, view.row_id) == (staff.pk, "accounts_department", department.pk)
    assert abs(view.at - before) < timedelta(minutes=1)
    page = words(manager, VIEWINGS)
    assert "登録内容の確認" in page
    assert "センター職員の人" in page
    assert "よその目的" not in page
    assert "登録内容の確認" not in words(
        manager, f"{VIEWINGS}?person={User.objects.get(email__startswith='manager').pk}"
    )


def test_somebody_whose_account_is_gone_is_still_told_apart(shimonoseki: Municipality, manager: Client) -> None:
    with acting_as(shimonoseki, actor_id=999_999):
        Department.objects.create(name="課")
    assert "削除された利用者（番号999999）" in words(manager, CHANGES)


def test_every_kind_of_record_has_a_japanese_name(db: None) -> None:
    for table, model in recorded_models().items():
        assert not kind_of(table).isascii(), f"{model._meta.label} has no verbose_name"
        for field in model._meta.concrete_fields:
            if field.column not in ("id", "municipality_id") and not field.generated:
                assert label_of(field) != field.name.replace("_", " "), f"{field} has no verbose_name"
