"""Real PostgreSQL and Redis for the tests: thrown away afterwards, unless the environment names servers.

A plugin (`-p tests.servers`), because pytest-django reads the settings before any conftest is loaded. The workers of
pytest-xdist inherit the environment and so share the servers of the process that started them, each with a database of
its own: pytest-django names PostgreSQL's after the worker, and Redis has numbers.
"""

import os
from contextlib import ExitStack

import pytest

from civic.runtime.throwaway import throwaway_servers

_servers = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    os.environ.update(_servers.enter_context(throwaway_servers()))
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ["REDIS_URL"] += "?db=" + worker.removeprefix("gw")


def pytest_unconfigure() -> None:
    _servers.close()
