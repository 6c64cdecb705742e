"""Acting as a municipality: the only way to its records."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from civic.tenancy.models import SETTING, Municipality

ACTOR_SETTING = "app.actor_id"
"""The PostgreSQL setting from which the audit trail takes who changed something."""

_acting: ContextVar[Municipality | None] = ContextVar("acting_municipality", default=None)


class OtherMunicipality(RuntimeError):
    """Code acting as one municipality tried to act as another."""


class NoMunicipality(RuntimeError):
    """Code asked for the municipality it acts as, and it acts as none."""


def current_municipality() -> Municipality:
    """Return the municipality the running code acts as.

    Raises NoMunicipality outside `acting_as`.
    """
    municipality = _acting.get()
    if municipality is None:
        raise NoMunicipality("This needs a municipality: run it inside acting_as(municipality).")
    return municipality


def _put(municipality_id: str, actor_id: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, true), set_config(%s, %s, true)",
            [SETTING, municipality_id, ACTOR_SETTING, actor_id],
        )


@contextmanager
def acting_as(municipality: Municipality, *, actor_id: int | None = None) -> Iterator[Municipality]:
    """Run a block in one transaction that sees and writes the records of `municipality` only.

    `actor_id` is the user whom the audit trail names; None is the portal itself. Within a block for the same
    municipality it joins the running one. Raises OtherMunicipality within a block for another.
    """
    current = _acting.get()
    if current is not None:
        if current.pk != municipality.pk:
            raise OtherMunicipality(f"Acting as {current.slug}, asked to act as {municipality.slug}.")
        with transaction.atomic():
            yield current
        return
    # PostgreSQL forgets a local setting at the end of the transaction, but not at the end of a savepoint.
    joined_a_transaction = connection.in_atomic_block
    with transaction.atomic():
        _put(str(municipality.pk), "" if actor_id is None else str(actor_id))
        token = _acting.set(municipality)
        try:
            yield municipality
        finally:
            _acting.reset(token)
        if joined_a_transaction:
            _put("", "")
