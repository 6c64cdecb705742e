"""Migration operations that put a table on the tenancy floor."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import truncate_name
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState

from civic.tenancy.models import SETTING

POLICY = "own_municipality"
# The form in which PostgreSQL's catalogue gives the expression back.
POLICY_EXPRESSION = f"(municipality_id = (current_setting('{SETTING}'::text))::bigint)"


def serving_role() -> str:
    """Return the name of the database role that serves."""
    return str(settings.DATABASES["default"]["USER"])


def _references(model: type[models.Model]) -> Iterator[models.ForeignKey]:
    """Foreign keys to tables that carry a municipality of their own."""
    for field in model._meta.local_fields:
        if not isinstance(field, models.ForeignKey):
            continue
        target = field.related_model
        if isinstance(target, type) and any(f.name == "municipality" for f in target._meta.local_fields):
            yield field


def _audit_triggers(model: type[models.Model], unaudited: Sequence[str], personal: Sequence[str]) -> Iterator[str]:
    table = model._meta.db_table
    lists = f"'{{{','.join(unaudited)}}}', '{{{','.join(personal)}}}'"
    for event, transition in (
        ("INSERT", "NEW TABLE AS new_rows"),
        ("UPDATE", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
        ("DELETE", "OLD TABLE AS old_rows"),
    ):
        yield (
            f'CREATE OR REPLACE TRIGGER audit_{event.lower()} AFTER {event} ON "{table}" REFERENCING {transition} '
            f"FOR EACH STATEMENT EXECUTE FUNCTION audit_record({lists})"
        )


class _Statements(Operation):
    """An operation that is SQL alone: no model changes, and going back the table goes with its model."""

    category = OperationCategory.SQL
    reduces_to_sql = True
    reversible = True

    def statements(self, app_label: str, state: ProjectState) -> Iterator[str]:
        """Yield the SQL; `state` has the models as they are by then."""
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """No model changes."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for statement in self.statements(app_label, to_state):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Rights, policies, keys and triggers go with the table or the column."""


class AdmitServingRole(_Statements):
    """Let the serving role read and write the tables of the owner, those to come included, and create nothing."""

    def statements(self, app_label: str, state: ProjectState) -> Iterator[str]:
        role = f'"{serving_role()}"'
        rights = "SELECT, INSERT, UPDATE, DELETE ON"
        yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
        yield f"GRANT USAGE ON SCHEMA public TO {role}"
        yield f"GRANT {rights} ALL TABLES IN SCHEMA public TO {role}"
        yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} TABLES TO {role}"
        yield f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}"

    def describe(self) -> str:
        return "Let the serving role read and write"


class Isolate(_Statements):
    """Hold a tenant model's table apart by municipality: row security, composite keys, audit trail.

    Put one after the CreateModel of each tenant model, and one more, with the same columns named, after any operation
    that adds a TenantForeignKey to it. Running it again changes nothing.

    unaudited: columns whose changes leave no trace (a progress figure, a file's bytes).
    personal: columns whose change is recorded without the value, so that the trail is no second store of personal data.
    audited: False only for the trail itself.
    serving: what the serving role may do with the table.
    """

    def __init__(
        self,
        model_name: str,
        *,
        unaudited: Sequence[str] = (),
        personal: Sequence[str] = (),
        audited: bool = True,
        serving: Sequence[str] = ("SELECT", "INSERT", "UPDATE", "DELETE"),
    ) -> None:
        self.model_name = model_name
        self.unaudited = list(unaudited)
        self.personal = list(personal)
        self.audited = audited
        self.serving = list(serving)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs: dict[str, Any] = {}
        if self.unaudited:
            kwargs["unaudited"] = self.unaudited
        if self.personal:
            kwargs["personal"] = self.personal
        if not self.audited:
            kwargs["audited"] = False
        if self.serving != ["SELECT", "INSERT", "UPDATE", "DELETE"]:
            kwargs["serving"] = self.serving
        return type(self).__name__, [self.model_name], kwargs

    def statements(self, app_label: str, state: ProjectState) -> Iterator[str]:
        model = state.apps.get_model(app_label, self.model_name)
        yield from self._isolation(model)
        yield from self._grants(model)
        if self.audited:
            yield from _audit_triggers(model, self.unaudited, self.personal)

    def describe(self) -> str:
        return f"Hold {self.model_name} apart by municipality"

    def _isolation(self, model: type[models.Model]) -> Iterator[str]:
        table = model._meta.db_table
        key = truncate_name(f"{table}_tenant_key", 63)
        yield (
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;'
            f'DROP POLICY IF EXISTS {POLICY} ON "{table}";'
            f'CREATE POLICY {POLICY} ON "{table}" USING {POLICY_EXPRESSION} WITH CHECK {POLICY_EXPRESSION};'
        )
        yield (
            "DO $$ BEGIN IF NOT EXISTS "
            f"(SELECT FROM pg_constraint WHERE conrelid = '\"{table}\"'::regclass AND conname = '{key}') THEN "
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{key}" UNIQUE (municipality_id, id); '
            "END IF; END $$"
        )
        for field in _references(model):
            target = field.related_model._meta.db_table
            name = truncate_name(f"{table}_{field.column}_tenant_fk", 63, hash_len=8)
            yield (
                f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}";'
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (municipality_id, "{field.column}") '
                f'REFERENCES "{target}" (municipality_id, id) DEFERRABLE INITIALLY DEFERRED'
            )

    def _grants(self, model: type[models.Model]) -> Iterator[str]:
        table = model._meta.db_table
        yield f'REVOKE ALL ON "{table}" FROM "{serving_role()}"'
        yield f'GRANT {", ".join(self.serving)} ON "{table}" TO "{serving_role()}"'


class Audit(_Statements):
    """Record the changes of a global model whose rows name a municipality in that municipality's trail."""

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model_name], {}

    def statements(self, app_label: str, state: ProjectState) -> Iterator[str]:
        return _audit_triggers(state.apps.get_model(app_label, self.model_name), (), ())

    def describe(self) -> str:
        return f"Record who changes {self.model_name}"
