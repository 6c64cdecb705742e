"""A fresh machine is made ready, or told in one line what to type, before anything is changed."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from civic.runtime import bootstrap

PACKAGES = ["libpango-1.0-0", "chromium"]
INSTALL = "apt-get install --yes --no-install-recommends libpango-1.0-0 chromium"


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that would have been run, each taken to succeed."""
    run: list[str] = []

    def record(command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        run.append(" ".join(command))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", record)
    return run


def on_a_machine_with(monkeypatch: pytest.MonkeyPatch, *programs: str, user_id: int) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if name in programs else None)
    monkeypatch.setattr("os.geteuid", lambda: user_id)


def test_who_may_not_install_is_told_the_line_to_type(monkeypatch: pytest.MonkeyPatch, commands: list[str]) -> None:
    on_a_machine_with(monkeypatch, "apt-get", user_id=1000)
    with pytest.raises(SystemExit) as stopped:
        bootstrap.install_system_packages(PACKAGES)
    assert stopped.value.code == f"civic: type this, then try again:  sudo apt-get update && sudo {INSTALL}"
    assert commands == []


def test_who_may_installs(monkeypatch: pytest.MonkeyPatch, commands: list[str]) -> None:
    on_a_machine_with(monkeypatch, "apt-get", user_id=0)
    bootstrap.install_system_packages(PACKAGES)
    assert commands == [
        "env DEBIAN_FRONTEND=noninteractive apt-get update",
        f"env DEBIAN_FRONTEND=noninteractive {INSTALL}",
    ]


def test_another_system_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch, commands: list[str]) -> None:
    on_a_machine_with(monkeypatch, user_id=0)
    with pytest.raises(SystemExit, match=r"^civic: install these, .*: libpango-1.0-0 chromium$"):
        bootstrap.install_system_packages(PACKAGES)
    assert commands == []


def test_what_is_missing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    on_a_machine_with(monkeypatch, user_id=0)
    monkeypatch.setattr(bootstrap, "LIBRARIES", {"libc.so.6": "libc6", "libnowhere.so.1": "libnowhere1"})
    monkeypatch.setattr(bootstrap, "TEST_LIBRARIES", {"libnowhere.so.2": "libnowhere2"})
    font = ["fontconfig", "fonts-morisawa-bizud-gothic"]
    assert bootstrap.missing_packages(for_tests=False) == ["libnowhere1", *font]
    assert bootstrap.missing_packages(for_tests=True) == ["libnowhere1", "libnowhere2", *font, "chromium"]


def test_packages_are_installed_when_the_lock_changes_and_only_then(
    monkeypatch: pytest.MonkeyPatch, commands: list[str], tmp_path: Path
) -> None:
    lock = tmp_path / "requirements.lock"
    monkeypatch.setattr(bootstrap, "LOCK", lock)
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", tmp_path)
    installations = []
    for content in ("django==5.2\n", "django==5.2\n", "django==5.2.1\n"):
        lock.write_text(content)
        bootstrap.install_python_packages()
        installations.append(sum("pip install" in command for command in commands))
    assert installations == [1, 1, 2]


def test_a_package_that_is_not_the_locked_one_stops_the_installation(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "package-1.0.tar.gz"
    package.write_bytes(b"not what was locked")
    monkeypatch.setattr(bootstrap, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", tmp_path / ".venv")
    bootstrap.LOCK.write_text(f"package @ file://{package} --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SystemExit, match=r"^civic: `.*--require-hashes.*` failed"):
        bootstrap.install_python_packages()
    assert not (tmp_path / ".venv" / "installed").exists()


def test_an_old_python_reads_the_file_and_says_that_it_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    ast.parse(Path(bootstrap.__file__).read_text(), feature_version=(3, 7))
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"^civic: Python 3\.11 or newer is needed, .* is 3\.9\."):
        bootstrap.main("run")
