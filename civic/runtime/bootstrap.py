"""Make a fresh machine able to run the portal: system libraries, a virtual environment, the locked packages.

Run by whatever python3 the machine has, so it uses the standard library alone and is readable to old versions.
`bootstrap.py run` sees to what the portal needs, `bootstrap.py test` to what its tests need besides.
"""

from __future__ import annotations  # an old Python reads this file in order to say that it is too old

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
ENVIRONMENT = PROJECT / ".venv"
LOCK = PROJECT / "requirements.lock"
OLDEST_PYTHON = (3, 11)

# The libraries that WeasyPrint loads by name, and Debian's packages of them.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# What the program needs that drives the browser in tests.
TEST_LIBRARIES = {"libatomic.so.1": "libatomic1"}
# The first is the one that reports are set in; any of them prints Japanese.
JAPANESE_FONTS = ("BIZ UDPGothic", "Noto Sans CJK JP", "IPAexGothic", "IPAPGothic")
JAPANESE_FONT_PACKAGES = ("fontconfig", "fonts-morisawa-bizud-gothic")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main(purpose: str) -> None:
    """Prepare the machine for `run` or `test`; exits with one line where that cannot be done."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:2]))
        sys.exit(
            f"civic: Python 3.11 or newer is needed, {sys.executable} is {found}. Type: make PYTHON=/path/to/python3"
        )
    install_system_packages(missing_packages(for_tests=purpose == "test"))
    install_python_packages()


def missing_packages(*, for_tests: bool) -> list[str]:
    """Return the Debian packages that this machine lacks."""
    libraries = {**LIBRARIES, **(TEST_LIBRARIES if for_tests else {})}
    missing = [package for library, package in libraries.items() if not is_loadable(library)]
    if not has_japanese_font():
        missing += JAPANESE_FONT_PACKAGES
    if importlib.util.find_spec("ensurepip") is None:
        missing.append("python3-venv")
    if for_tests and not any(map(shutil.which, BROWSERS)):
        missing.append("chromium")
    return missing


def is_loadable(library: str) -> bool:
    """Whether the system finds this library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_japanese_font() -> bool:
    """Whether one of the fonts that reports may use is installed."""
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", "--format", "%{family}\n"], stdout=subprocess.PIPE, check=True).stdout.decode()
    return any(font in listed for font in JAPANESE_FONTS)


def install_system_packages(packages: list[str]) -> None:
    """Install Debian packages where this user may; else exit with the line to type."""
    if not packages:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None:
        sys.exit(f"civic: install these, named as Debian names them, then try again: {' '.join(packages)}")
    if os.geteuid() == 0:
        prefix = []
    elif shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], stderr=subprocess.DEVNULL).returncode == 0:
        prefix = ["sudo", "-n"]
    else:
        sys.exit(f"civic: type this, then try again:  sudo apt-get update && sudo {' '.join(install)}")
    print(f"Installing {', '.join(packages)} ...", flush=True)
    environment = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive"]
    for command in (["apt-get", "update"], install):
        if subprocess.run([*environment, *command], stdout=subprocess.DEVNULL).returncode:
            sys.exit(f"civic: `{' '.join(prefix + command)}` failed, its words are above.")


def install_python_packages() -> None:
    """Bring the virtual environment to what the lock file says; nothing to do when it is there already."""
    stamp = ENVIRONMENT / "installed"
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing Python packages into .venv, which takes a minute ...", flush=True)
    pip = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip"]
    steps = (
        [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)],
        [*pip, "install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r", str(LOCK)],
    )
    for step in steps:
        if subprocess.run(step).returncode:
            sys.exit(f"civic: `{' '.join(step)}` failed, its words are above.")
    stamp.write_text(wanted)


if __name__ == "__main__":
    main(sys.argv[1])
