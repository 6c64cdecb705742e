"""A setting that is missing or wrong is one line that names it, and every setting is written down."""

import re

import pytest

from civic.environment import Environment
from civic.runtime.processes import PROJECT


@pytest.mark.parametrize("word", ["perhaps", "flase", "2"])
def test_a_word_that_is_neither_yes_nor_no_is_refused(word: str) -> None:
    with pytest.raises(SystemExit, match=f"^civic: SERVE_OVER_HTTPS={word} is neither true nor false.$"):
        Environment({"SERVE_OVER_HTTPS": word}).bool("SERVE_OVER_HTTPS", default=True)


@pytest.mark.parametrize(("word", "meaning"), [("yes", True), ("On", True), ("FALSE", False), ("0", False), ("", True)])
def test_yes_no_and_nothing_are_understood(word: str, meaning: bool) -> None:
    assert Environment({"SERVE_OVER_HTTPS": word}).bool("SERVE_OVER_HTTPS", default=True) is meaning


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(SystemExit, match=r"^civic: DATABASE_POOL_SIZE=many cannot be read as int.$"):
        Environment({"DATABASE_POOL_SIZE": "many"}).int("DATABASE_POOL_SIZE", default=8)


@pytest.mark.parametrize("variables", [{}, {"SECRET_KEY": ""}])
def test_what_must_be_there_is_asked_for(variables: dict[str, str]) -> None:
    with pytest.raises(SystemExit, match=r"^civic: SECRET_KEY is not set: .*$"):
        Environment(variables).str("SECRET_KEY")


@pytest.mark.parametrize(
    "address",
    ["civic", "mysql://user:secret@host/civic", "postgres://user:secret@host:port/civic", "postgres://host/civic"],
)
def test_what_is_no_address_of_a_database_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(SystemExit, match=r"^civic: DATABASE_URL is no address of a database: .*$") as refused:
        Environment({"DATABASE_URL": address}).postgres("DATABASE_URL")
    assert "secret" not in str(refused.value)


def test_an_address_may_lead_to_a_socket() -> None:
    address = "postgres://user:secret@/civic?host=/run/Postgres"
    config = Environment({"DATABASE_URL": address}).postgres("DATABASE_URL")
    assert (config["NAME"], config["USER"], config["OPTIONS"]) == ("civic", "user", {"host": "/run/Postgres"})


@pytest.mark.parametrize("address", ["localhost:6379", "http://localhost", "unix://relative"])
def test_what_is_no_address_of_redis_is_refused(address: str) -> None:
    with pytest.raises(SystemExit, match=r"^civic: REDIS_URL is no address of Redis: .*$"):
        Environment({"REDIS_URL": address}).broker("REDIS_URL")


@pytest.mark.parametrize("address", ["mail.example.jp", "smtp://host:port"])
def test_what_is_no_address_of_a_mail_server_is_refused(address: str) -> None:
    with pytest.raises(SystemExit, match=r"^civic: EMAIL_URL is no address of a mail server: .*$"):
        Environment({"EMAIL_URL": address}).mail("EMAIL_URL", default="consolemail://")


def test_every_setting_is_written_down() -> None:
    read = set(re.findall(r'env\.\w+\("(\w+)"', (PROJECT / "civic" / "settings.py").read_text()))
    table = (PROJECT / "docs" / "architecture" / "running.md").read_text()
    written = set(re.findall(r"`([A-Z_]+)`", table))
    assert {name for name in read if not name.startswith("JOBS_")} <= written
