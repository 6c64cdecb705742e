"""A task acts as the one municipality it was sent for."""

from collections.abc import Iterator

import pytest
from celery import shared_task
from django.db import DatabaseError

from civic.accounts.models import Department
from civic.celery import app
from civic.tenancy.context import NoMunicipality, OtherMunicipality, acting_as, current_municipality
from civic.tenancy.models import Municipality
from civic.tenancy.tasks import TenantTask


@shared_task(base=TenantTask)
def name_departments() -> list[str]:
    return [department.name for department in Department.objects.all()]


@shared_task(base=TenantTask)
def rename_departments(name: str) -> None:
    Department.objects.update(name=name)


@shared_task(base=TenantTask)
def reach_across(other_id: int) -> None:
    with acting_as(Municipality.objects.get(pk=other_id)):
        pass


@pytest.fixture
def departments(shimonoseki: Municipality, nagato: Municipality) -> Iterator[None]:
    for municipality in (shimonoseki, nagato):
        with acting_as(municipality):
            Department.objects.create(name=f"{municipality.slug}の課")
    return


@pytest.mark.usefixtures("departments")
def test_a_task_sees_its_own_municipality(shimonoseki: Municipality, nagato: Municipality) -> None:
    assert name_departments(shimonoseki.pk) == ["shimonosekiの課"]
    assert name_departments(nagato.pk) == ["nagatoの課"]


def test_a_task_cannot_act_as_another(shimonoseki: Municipality, nagato: Municipality) -> None:
    with pytest.raises(OtherMunicipality):
        reach_across(shimonoseki.pk, nagato.pk)


def test_a_task_leaves_nothing_behind(shimonoseki: Municipality) -> None:
    name_departments(shimonoseki.pk)
    with pytest.raises(NoMunicipality):
        current_municipality()
    with pytest.raises(DatabaseError):
        list(Department.objects.all())


@pytest.mark.usefixtures("departments")
def test_a_task_that_is_sent_arrives_as_its_municipality(
    nagato: Municipality, django_capture_on_commit_callbacks: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.conf, "task_always_eager", True)
    with django_capture_on_commit_callbacks(execute=True), acting_as(nagato):  # type: ignore[operator]
        rename_departments.enqueue("改められた課")
    assert name_departments(nagato.pk) == ["改められた課"]


def test_a_task_is_sent_for_the_municipality_acted_as(
    shimonoseki: Municipality, django_capture_on_commit_callbacks: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr(name_departments, "delay", lambda *ids: sent.append(ids))
    with django_capture_on_commit_callbacks(execute=True), acting_as(shimonoseki):  # type: ignore[operator]
        name_departments.enqueue()
        assert sent == [], "not before the commit"
    assert sent == [(shimonoseki.pk,)]
    with pytest.raises(NoMunicipality):
        name_departments.enqueue()
