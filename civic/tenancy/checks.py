"""System checks that keep tenant models on the floor (`manage.py check`)."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, AlterField, CreateModel, RenameModel
from django.db.migrations.operations.base import Operation

from civic.tenancy import floor
from civic.tenancy.allowlist import GLOBAL_MODELS
from civic.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField
from civic.tenancy.operations import Isolate


def tenancy_faults(model: type[models.Model]) -> Iterator[CheckMessage]:
    """Yield what keeps one model from being a proper tenant model, or a proper exception."""
    if not issubclass(model, TenantModel):
        if model._meta.label not in GLOBAL_MODELS:
            yield Error(
                f"{model._meta.label} is neither a TenantModel nor on the allowlist.",
                hint="Derive it from TenantModel, or give its reason in civic/tenancy/allowlist.py.",
                obj=model,
                id="tenancy.E001",
            )
        return
    for field in model._meta.local_fields:
        target = field.related_model
        if not isinstance(field, models.ForeignKey) or not isinstance(target, type):
            continue
        has_municipality = any(f.name == "municipality" for f in target._meta.local_fields)
        if has_municipality and not isinstance(field, TenantForeignKey | TenantOneToOneField):
            yield Error(
                f"{field} refers to {target._meta.label} by its id alone.",
                hint="Use TenantForeignKey, whose key includes the municipality.",
                obj=model,
                id="tenancy.E002",
            )
    for many in model._meta.local_many_to_many:
        through = many.remote_field.through
        if through is not None and through._meta.auto_created:
            yield Error(
                f"{many} has a table of its own without a municipality.",
                hint="Write the table between as a TenantModel and give it as `through`.",
                obj=model,
                id="tenancy.E003",
            )


def _operations(loader: MigrationLoader) -> Iterator[tuple[tuple[str, str], Operation]]:
    """Yield (app label, migration name) and operation, each after those it depends on."""
    plan = dict.fromkeys(key for leaf in loader.graph.leaf_nodes() for key in loader.graph.forwards_plan(leaf))
    return ((key, operation) for key in plan for operation in loader.graph.nodes[key].operations)


def unisolated_models(loader: MigrationLoader) -> set[tuple[str, str]]:
    """Return (app label, model name) of models whose last change of keys no `Isolate` follows."""
    pending: set[tuple[str, str]] = set()
    for key, operation in _operations(loader):
        if isinstance(operation, CreateModel):
            pending.add((key[0], operation.name_lower))
        elif isinstance(operation, AddField | AlterField):
            if isinstance(operation.field, TenantForeignKey | TenantOneToOneField):
                pending.add((key[0], operation.model_name_lower))
        elif isinstance(operation, RenameModel):
            if (key[0], operation.old_name_lower) in pending:
                pending.discard((key[0], operation.old_name_lower))
                pending.add((key[0], operation.new_name_lower))
        elif isinstance(operation, Isolate):
            pending.discard((key[0], operation.model_name.lower()))
    return pending


def forgotten_columns(loader: MigrationLoader) -> Iterator[tuple[str, str, set[str]]]:
    """Yield (app label, model name, columns) where a later `Isolate` no longer names what an earlier one kept back."""
    named: dict[tuple[str, str], set[str]] = {}
    for key, operation in _operations(loader):
        if isinstance(operation, Isolate):
            model = (key[0], operation.model_name.lower())
            if lost := named.get(model, set()) - {*operation.personal, *operation.unaudited}:
                yield *model, lost
            named[model] = {*operation.personal, *operation.unaudited}


@register(Tags.models)
def check_tenant_models(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every model is a tenant model or on the allowlist, and every tenant model is isolated by its migrations."""
    faults = [fault for model in apps.get_models() for fault in tenancy_faults(model)]
    loader = MigrationLoader(None)
    pending = unisolated_models(loader)
    faults += [
        Error(
            f"No migration isolates {model._meta.label}.",
            hint=f'Add `Isolate("{model.__name__}")` to its migration.',
            obj=model,
            id="tenancy.E004",
        )
        for model in floor.tenant_models()
        if (model._meta.app_label, model._meta.model_name) in pending
    ]
    faults += [
        Error(
            f"The last Isolate of {app_label}.{model_name} no longer names {', '.join(sorted(columns))}.",
            hint="Name the same personal and unaudited columns again; else their values go into the trail.",
            id="tenancy.E006",
        )
        for app_label, model_name, columns in forgotten_columns(loader)
    ]
    return faults


@register(Tags.database)
def check_floor(app_configs: Any = None, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The database itself holds the floor; asked with `check --database default`."""
    if "default" not in (databases or []):
        return []
    return [Error(fault, id="tenancy.E005") for fault in floor.faults()]
