"""One way to the records of a municipality, and only to its own."""

import pytest
from django.core.management import BaseCommand, call_command
from django.db import DataError, connection

from civic.accounts.models import Department
from civic.tenancy.context import NoMunicipality, OtherMunicipality, acting_as, current_municipality
from civic.tenancy.models import Municipality


def test_the_database_fills_the_municipality(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        department = Department.objects.create(name="まちづくり政策課")
        assert department.municipality_id == shimonoseki.pk
        assert current_municipality() == shimonoseki


def test_nothing_set_is_an_error_and_no_empty_list(db: None) -> None:
    with pytest.raises(DataError):
        list(Department.objects.all())


def test_code_outside_has_no_municipality(db: None) -> None:
    with pytest.raises(NoMunicipality):
        current_municipality()


def test_nesting_joins_the_same_and_refuses_another(shimonoseki: Municipality, nagato: Municipality) -> None:
    with acting_as(shimonoseki):
        with acting_as(shimonoseki):
            Department.objects.create(name="A課")
        with pytest.raises(OtherMunicipality), acting_as(nagato):
            pytest.fail("acted as two municipalities")
        assert Department.objects.filter(name="A課").exists()


def test_a_block_leaves_nothing_behind_in_a_running_transaction(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.municipality_id')")
        assert cursor.fetchone() == ("",)


class ReachAcross(BaseCommand):
    """A command that acts as one municipality and tries another from within."""

    def handle(self, *args: object, **options: object) -> None:
        first, second = Municipality.objects.order_by("code")[:2]
        with acting_as(first):
            Department.objects.create(name="命令の課")
            with acting_as(second):
                raise AssertionError("acted as two municipalities")


def test_a_command_acts_as_one_at_a_time_and_leaves_nothing_behind(db: None) -> None:
    with pytest.raises(OtherMunicipality):
        call_command(ReachAcross())
    with pytest.raises(NoMunicipality):
        current_municipality()
    call_command("load_municipalities")
    with pytest.raises(NoMunicipality):
        current_municipality()
    with pytest.raises(DataError):
        list(Department.objects.all())
