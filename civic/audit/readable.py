"""The trail in words: tables and columns by the names that people know them by."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from civic.accounts.models import Membership, User
from civic.audit.models import Change, PersonalRecordView
from civic.tenancy.models import TenantModel

MASK = "＊"
"""What the trigger writes in the place of a personal value."""


@dataclass(frozen=True)
class FieldChange:
    """One column before and after, in words; None where the row did not exist."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class ReadableChange:
    """A change as the office reads it."""

    change: Change
    kind: str
    person: str
    fields: list[FieldChange]


@dataclass(frozen=True)
class ReadableViewing:
    """The opening of a personal record as the office reads it."""

    viewing: PersonalRecordView
    kind: str
    person: str


@cache
def recorded_models() -> dict[str, type[models.Model]]:
    """Return the models whose changes are recorded, by table, in the order of their Japanese names."""
    recorded = [
        model
        for model in apps.get_models()
        if model is Membership
        or (issubclass(model, TenantModel) and model is not Change and model is not PersonalRecordView)
    ]
    return {model._meta.db_table: model for model in sorted(recorded, key=lambda m: str(m._meta.verbose_name))}


def kind_of(table: str) -> str:
    """Return what people call the records of a table."""
    model = recorded_models().get(table)
    return str(model._meta.verbose_name) if model else table


def readable_changes(changes: Iterable[Change]) -> list[ReadableChange]:
    """Put changes into words, with one query for all the people in them."""
    changes = list(changes)
    names = _names({person for change in changes for person in _people_in(change)})
    return [
        ReadableChange(change, kind_of(change.table_name), _name(change.actor_id, names), _fields(change, names))
        for change in changes
    ]


def readable_viewings(viewings: Iterable[PersonalRecordView]) -> list[ReadableViewing]:
    """Put viewings into words, with one query for all the people in them."""
    viewings = list(viewings)
    names = _names({viewing.viewer_id for viewing in viewings})
    return [
        ReadableViewing(viewing, kind_of(viewing.table_name), _name(viewing.viewer_id, names)) for viewing in viewings
    ]


def _names(people: set[int]) -> dict[int, str]:
    return {pk: str(user) for pk, user in User.objects.in_bulk(people).items()}


def _name(person: int | None, names: dict[int, str]) -> str:
    if person is None:
        return _("ポータル（自動）")
    return names.get(person) or _("削除された利用者（番号%(number)s）") % {"number": person}


def _people_in(change: Change) -> Iterator[int]:
    if change.actor_id is not None:
        yield change.actor_id
    columns = _columns(change.table_name)
    for image in (change.before, change.after):
        for column, value in (image or {}).items():
            field = columns.get(column)
            if field is not None and field.related_model is User and isinstance(value, int):
                yield value


@cache
def _columns(table: str) -> dict[str, models.Field]:
    model = recorded_models().get(table)
    return {str(field.column): field for field in model._meta.concrete_fields} if model else {}


def label_of(field: models.Field) -> str:
    """Return what people call a column; a reference without a name of its own goes by what it refers to."""
    name = str(field.verbose_name)
    target = field.related_model
    if isinstance(target, type) and name == field.name.replace("_", " "):
        return str(target._meta.verbose_name)
    return name


def _fields(change: Change, names: dict[int, str]) -> list[FieldChange]:
    before, after = change.before, change.after
    columns = _columns(change.table_name)
    # In the order of the model; columns that the model no longer has come last.
    present = {**(before or {}), **(after or {})}
    ordered = [column for column in columns if column in present] + [
        column for column in present if column not in columns
    ]
    return [
        FieldChange(
            label=label_of(columns[column]) if column in columns else column,
            before=None if before is None else _in_words(columns.get(column), before.get(column), names),
            after=None if after is None else _in_words(columns.get(column), after.get(column), names),
        )
        for column in ordered
        if column not in ("id", "municipality_id")
    ]


def _in_words(field: models.Field | None, value: Any, names: dict[int, str]) -> str:
    if value is None or value == "":
        return "−"
    if value == MASK:
        return _("（個人情報のため控えていません）")
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if field is None:
        return str(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.related_model is User:
        return _name(value, names)
    if field.is_relation:
        return _("番号%(number)s") % {"number": value}
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(value)):
        return moment_in_words(moment)
    if isinstance(field, models.DateField) and (day := parse_date(value)):
        return date_format(day, "Y年n月j日")
    return str(value)


def moment_in_words(moment: datetime) -> str:
    """Return a moment to the minute in the portal's time zone."""
    return date_format(timezone.localtime(moment), "Y年n月j日 G時i分")
