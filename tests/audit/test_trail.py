"""Every change of a tenant record leaves before, after, who and when; and the serving role cannot touch the trail."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from civic.accounts.models import Department, Invitation, Membership, Role, User
from civic.audit.models import Action, Change, PersonalRecordView
from civic.tenancy.context import acting_as
from civic.tenancy.floor import tenant_models
from civic.tenancy.models import Municipality
from tests.conftest import MakeMember

DEPARTMENTS = Department._meta.db_table


def traces(**wanted: object) -> list[Change]:
    return list(Change.objects.filter(table_name=DEPARTMENTS, **wanted).order_by("id"))


def sql(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_creating_leaves_the_whole_row_and_who_and_when(shimonoseki: Municipality, member: MakeMember) -> None:
    manager = member(shimonoseki, Role.MANAGER)
    begun = timezone.now()
    with acting_as(shimonoseki, actor_id=manager.pk):
        department = Department.objects.create(name="まちづくり政策課", position=2)
        [trace] = traces()
    assert (trace.action, trace.row_id, trace.actor_id) == (Action.INSERT, department.pk, manager.pk)
    assert trace.before is None
    assert trace.after == {
        "id": department.pk,
        "name": "まちづくり政策課",
        "position": 2,
        "municipality_id": shimonoseki.pk,
    }
    assert begun <= trace.at <= timezone.now()


def test_bulk_creating_leaves_one_trace_a_row(in_shimonoseki: Municipality) -> None:
    Department.objects.bulk_create(Department(name=f"{number}課") for number in range(3))
    assert [trace.after["name"] for trace in traces(action=Action.INSERT)] == ["0課", "1課", "2課"]


def test_saving_leaves_what_changed_and_nothing_else(in_shimonoseki: Municipality) -> None:
    department = Department.objects.create(name="前の名", position=1)
    department.name = "後の名"
    department.save()
    [trace] = traces(action=Action.UPDATE)
    assert (trace.before, trace.after) == ({"name": "前の名"}, {"name": "後の名"})
    department.save()
    assert len(traces(action=Action.UPDATE)) == 1, "a save that changes nothing leaves nothing"


def test_updating_a_queryset_leaves_one_trace_a_changed_row(in_shimonoseki: Municipality) -> None:
    Department.objects.bulk_create(Department(name=f"{number}課", position=number) for number in range(3))
    Department.objects.update(position=1)
    changed = [(trace.before, trace.after) for trace in traces(action=Action.UPDATE)]
    assert sorted(changed, key=str) == [({"position": 0}, {"position": 1}), ({"position": 2}, {"position": 1})]


def test_bulk_updating_leaves_traces(in_shimonoseki: Municipality) -> None:
    departments = Department.objects.bulk_create(Department(name=f"{number}課") for number in range(2))
    for department in departments:
        department.name += "（改）"
    Department.objects.bulk_update(departments, ["name"])
    assert [trace.after for trace in traces(action=Action.UPDATE)] == [{"name": "0課（改）"}, {"name": "1課（改）"}]


def test_deleting_leaves_the_whole_row(in_shimonoseki: Municipality) -> None:
    department = Department.objects.create(name="消える課")
    pk = department.pk
    department.delete()
    [trace] = traces(action=Action.DELETE)
    assert (trace.row_id, trace.before["name"], trace.after) == (pk, "消える課", None)


def test_raw_sql_leaves_traces(shimonoseki: Municipality, member: MakeMember) -> None:
    manager = member(shimonoseki, Role.MANAGER)
    with acting_as(shimonoseki, actor_id=manager.pk):
        sql(f"INSERT INTO {DEPARTMENTS} (name, position) VALUES ('甲課', 1), ('乙課', 2)")
        sql(f"UPDATE {DEPARTMENTS} SET name = '丙課' WHERE position = 1")
        sql(f"DELETE FROM {DEPARTMENTS} WHERE position = 2")
        sql(
            f"INSERT INTO {DEPARTMENTS} (name, position) VALUES ('丙課', 9) ON CONFLICT (municipality_id, name) "
            "DO UPDATE SET position = excluded.position"
        )
        sql(f"WITH gone AS (DELETE FROM {DEPARTMENTS} RETURNING id) SELECT count(*) FROM gone")
        found = traces()
    assert [trace.action for trace in found] == ["insert", "insert", "update", "delete", "update", "delete"]
    assert (found[2].before, found[2].after) == ({"name": "甲課"}, {"name": "丙課"})
    assert (found[4].before, found[4].after) == ({"position": 1}, {"position": 9})
    assert {trace.actor_id for trace in found} == {manager.pk}


def test_what_is_rolled_back_leaves_no_trace(in_shimonoseki: Municipality) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        Department.objects.create(name="課")
        raise RuntimeError
    assert traces() == []


def test_a_request_names_its_user_and_the_portal_names_nobody(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        Department.objects.create(name="課")
        [trace] = traces()
    assert trace.actor_id is None


def test_the_trail_is_each_municipalitys_own(shimonoseki: Municipality, yamaguchi: Municipality) -> None:
    with acting_as(yamaguchi):
        Department.objects.create(name="協働推進課")
        assert len(traces()) == 1
    with acting_as(shimonoseki):
        assert traces() == []


def test_memberships_leave_traces_although_they_are_global(
    shimonoseki: Municipality, yamaguchi: Municipality, member: MakeMember
) -> None:
    staff = member(shimonoseki, Role.STAFF)
    Membership.objects.filter(user=staff).update(role=Role.PLANNER)
    with acting_as(shimonoseki):
        trace = Change.objects.get(table_name="accounts_membership", action=Action.UPDATE)
        assert (trace.before, trace.after) == ({"role": "staff"}, {"role": "planner"})
    with acting_as(yamaguchi):
        assert not Change.objects.filter(table_name="accounts_membership").exists()


def test_personal_values_are_not_repeated_in_the_trail(in_shimonoseki: Municipality) -> None:
    invitation = Invitation.objects.create(email="hanako@example.jp", role=Role.STAFF)
    invitation.email = "taro@example.jp"
    invitation.save()
    invitation.delete()
    found = Change.objects.filter(table_name="accounts_invitation").order_by("id")
    inserted, updated, deleted = found
    assert inserted.after["email"] == "＊"
    assert inserted.after["role"] == "staff", "the rest is there"
    assert (updated.before, updated.after) == ({"email": "＊"}, {"email": "＊"}), "that it changed is there"
    assert deleted.before["email"] == "＊"
    assert "example.jp" not in "".join(f"{trace.before}{trace.after}" for trace in found)


def test_columns_that_only_count_leave_no_trace(in_shimonoseki: Municipality) -> None:
    invitation = Invitation.objects.create(email="hanako@example.jp", role=Role.STAFF)
    Invitation.objects.filter(pk=invitation.pk).update(mailed_at=timezone.now())
    assert not Change.objects.filter(table_name="accounts_invitation", action=Action.UPDATE).exists()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_change (table_name, row_id, action, at) VALUES ('x', 1, 'insert', now())",
        "UPDATE audit_change SET actor_id = 1",
        "UPDATE audit_change SET after = '{}'",
        "DELETE FROM audit_change",
        "TRUNCATE audit_change",
        "DROP TABLE audit_change",
        "ALTER TABLE audit_change DISABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {DEPARTMENTS} DISABLE TRIGGER audit_update",
        f"DROP TRIGGER audit_delete ON {DEPARTMENTS}",
        "DROP FUNCTION audit_record() CASCADE",
        "CREATE OR REPLACE FUNCTION audit_record() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "SET session_replication_role = replica",
        "UPDATE audit_personalrecordview SET purpose = 'なし'",
        "DELETE FROM audit_personalrecordview",
        "TRUNCATE audit_personalrecordview",
    ],
)
def test_the_serving_role_cannot_touch_the_trail(in_shimonoseki: Municipality, statement: str) -> None:
    department = Department.objects.create(name="課")
    PersonalRecordView.objects.create(viewer_id=1, table_name=DEPARTMENTS, row_id=department.pk, purpose="確認")
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        sql(statement)
    assert len(traces()) == 1
    assert PersonalRecordView.objects.get().purpose == "確認"


@pytest.mark.parametrize("table", ["TABLE", "TEMPORARY TABLE"])
def test_the_serving_role_cannot_make_the_recorder_write_for_it(in_shimonoseki: Municipality, table: str) -> None:
    """The recorder writes past row security: a trigger of the serving role's own would forge anybody's trail."""
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        sql(f"CREATE {table} mine (id bigint, municipality_id bigint)")
        sql(
            "CREATE TRIGGER forge AFTER INSERT ON mine REFERENCING NEW TABLE AS new_rows "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_record('{}', '{}')"
        )
        sql("INSERT INTO mine VALUES (1, %s)", in_shimonoseki.pk)
    assert not Change.objects.filter(table_name="mine").exists()


def test_every_tenant_table_but_the_trail_itself_records_its_changes(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, array_agg(tgname::text ORDER BY tgname) FROM pg_trigger "
            "WHERE tgname LIKE 'audit\\_%' AND tgenabled = 'O' GROUP BY 1"
        )
        recorded = dict(cursor.fetchall())
    for model in tenant_models():
        if model in (Change, PersonalRecordView):
            assert model._meta.db_table not in recorded
        else:
            assert recorded.get(model._meta.db_table) == ["audit_delete", "audit_insert", "audit_update"], model


def test_who_deletes_an_account_does_not_delete_its_trail(shimonoseki: Municipality, member: MakeMember) -> None:
    manager: User = member(shimonoseki, Role.MANAGER)
    pk = manager.pk
    with acting_as(shimonoseki, actor_id=manager.pk):
        Department.objects.create(name="課")
        manager.delete()
        assert [trace.actor_id for trace in traces()] == [pk]
