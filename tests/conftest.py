"""What every test stands on: no screen, no network, a home of its own, and data that may be absent."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"

# Before anything imports Qt, which reads these once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.pop("QT_LOGGING_RULES", None)
os.environ.pop("QT_STYLE_OVERRIDE", None)
os.umask(0o077)

hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")

HOME_OF_ITS_OWN = pytest.StashKey[str]()
ZONES = ("UTC", "America/St_Johns", "Asia/Kathmandu", "Pacific/Kiritimati")


def refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: a test that talks to anything but a socket file or this machine fails at once."""
    if event != "socket.connect":
        return
    address = arguments[1]
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1"):
        raise PermissionError(f"a test tried to reach {address[0]}")


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a home of its own, so that no test sees or changes that of the person who runs it."""
    # Directly under the temporary folder: the path of a gpg-agent socket may not exceed 107 bytes.
    home = tempfile.mkdtemp(prefix="hf-")
    config.stash[HOME_OF_ITS_OWN] = home
    os.environ["HOME"] = home
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"):
        folder = Path(home, name.lower())
        folder.mkdir(mode=0o700)
        os.environ[name] = str(folder)
    os.environ.pop("GNUPGHOME", None)
    os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
    sys.addaudithook(refuse_network)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind, on the clipboard neither: what Python put there, Qt can't destroy after Python is gone."""
    gui = sys.modules.get("PySide6.QtGui")
    if gui is not None and gui.QGuiApplication.instance() is not None:
        gui.QGuiApplication.clipboard().clear()
    shutil.rmtree(config.stash[HOME_OF_ITS_OWN], ignore_errors=True)


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the tree."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real records to test against; they are never a part of the project and may be absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder ../shared/data with real records is not beside this tree")
    return SHARED_DATA


@pytest.fixture(params=ZONES)
def any_time_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Runs the test once in each of some awkward time zones of the machine."""
    zone: str = request.param
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        yield zone
    time.tzset()


@pytest.fixture(params=("C", "C.UTF-8", "tr_TR.UTF-8"))
def any_locale(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs the test once under each of some locales, for programs that it starts."""
    locale: str = request.param
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setenv("LANGUAGE", locale)
    return locale
