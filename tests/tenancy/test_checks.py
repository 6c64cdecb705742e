"""A model that leaves the floor fails `manage.py check` and this suite."""

import os
import subprocess
import sys

import pytest
from django.core.checks import run_checks

from civic.tenancy.checks import check_tenant_models


def test_every_model_is_a_tenant_model_or_on_the_allowlist() -> None:
    assert check_tenant_models(None) == []


@pytest.fixture(scope="module")
def careless_answer() -> str:
    """What `manage.py check` says of an app that makes every mistake."""
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.tenancy.careless.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode != 0
    return answer.stderr


@pytest.mark.parametrize(
    ("model", "code"),
    [
        ("Unowned", "tenancy.E001"),
        ("Loose", "tenancy.E002"),
        ("Many", "tenancy.E003"),
        ("Unisolated", "tenancy.E004"),
        ("Outgrown", "tenancy.E004"),
    ],
)
def test_check_names_the_mistake(careless_answer: str, model: str, code: str) -> None:
    assert f"careless.{model}: ({code})" in careless_answer


def test_check_names_what_a_second_isolate_forgets(careless_answer: str) -> None:
    assert "(tenancy.E006) The last Isolate of careless.forgetful no longer names name." in careless_answer


def test_an_isolated_model_is_not_blamed(careless_answer: str) -> None:
    assert "careless.Loose: (tenancy.E004)" not in careless_answer
    assert "accounts." not in careless_answer.split("System check identified some issues:")[0]


def test_the_database_check_finds_nothing(db: None) -> None:
    assert run_checks(tags=["database"], databases=["default"]) == []
