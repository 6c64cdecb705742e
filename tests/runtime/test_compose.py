"""The containers run what the embedded run runs, and each knows no more secrets than its work takes."""

import re
import shlex
from typing import Any

import pytest
import yaml

from civic.runtime.processes import PROJECT
from civic.runtime.services import PREPARE, SERVICES

SERVICE_NAMES = [service.name for service in SERVICES]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((PROJECT / "docker-compose.yml").read_text())


def test_commands_are_those_of_the_supervisor(compose: dict[str, Any]) -> None:
    supervised = {"prepare": PREPARE} | {service.name: service.command for service in SERVICES}
    composed = {
        name: tuple(shlex.split(service["command"]))
        for name, service in compose["services"].items()
        if "build" in service and name != "roles"  # an embedded server's roles are made by the supervisor itself
    }
    assert composed == supervised


def test_only_what_migrates_knows_the_owner(compose: dict[str, Any]) -> None:
    knowing = {
        name for name, service in compose["services"].items() if "DATABASE_OWNER" in str(service.get("environment"))
    }
    assert knowing == {"roles", "prepare"}


def test_every_secret_comes_from_the_environment() -> None:
    text = (PROJECT / "docker-compose.yml").read_text()
    secrets = re.findall(r"(?:PASSWORD|SECRET_KEY|AUTH): (\S+)", text) + re.findall(r"://\w*:(\S+)@", text)
    assert secrets
    assert [secret for secret in secrets if not secret.startswith("${")] == []


@pytest.mark.parametrize("name", [*SERVICE_NAMES, "postgres", "redis", "proxy"])
def test_what_stays_up_is_watched_and_restarted(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["healthcheck"]["test"]
    assert service["restart"] == "unless-stopped"
    assert service["volumes"]


@pytest.mark.parametrize("name", SERVICE_NAMES)
def test_services_wait_until_everything_is_prepared(compose: dict[str, Any], name: str) -> None:
    waits_for = compose["services"][name]["depends_on"]
    assert waits_for["prepare"] == {"condition": "service_completed_successfully"}
    assert {waits_for[server]["condition"] for server in ("postgres", "redis")} == {"service_healthy"}


def test_the_image_runs_as_an_ordinary_user() -> None:
    instructions = (PROJECT / "Dockerfile").read_text().splitlines()
    assert [line for line in instructions if line.startswith("USER")] == ["USER civic"]
