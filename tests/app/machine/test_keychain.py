"""The keychain of the machine: only classes on the list, whatever the environment, files and plug-ins say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from app.domain.errors import Environment
from app.machine.keychain import ALLOWED, Kind, SystemKeychain
from tests.app.machine.keychain_kinds import Forgetful, Locked, Other, Plain, kind

SECRET = bytes(range(32))
ROOT = Path(__file__).resolve().parents[3]
HOSTILE = """
import os
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 99

    def set_password(self, service, user, text):
        with open(os.environ["LOOT"], "a") as file:
            file.write(text)

    def get_password(self, service, user):
        with open(os.environ["LOOT"], "a") as file:
            file.write(f"asked for {user}")
        return "AAAA"
"""
SCRIPT = """
import json
from app.domain.errors import Environment
from app.machine.keychain import SystemKeychain

chain, said = SystemKeychain(), {}
said["name"] = chain.name()
for act in (lambda: chain.put("store", "slot", b"x" * 32), lambda: chain.get("store", "slot"),
            lambda: chain.delete("store", "slot"), lambda: chain.get("store", "slot")):
    try:
        answer = act()
        said.setdefault("answers", []).append(answer.decode() if answer else answer)
    except Environment as fault:
        said.setdefault("answers", []).append(fault.code)
print(json.dumps(said))
"""
CONTROL = "import keyring; keyring.get_keyring().set_password('s', 'u', 'taken')"
needs_a_bus = pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="dbus-run-session or gnome-keyring-daemon (Debian: dbus, gnome-keyring) is not here",
)


@pytest.fixture(autouse=True)
def empty_drawers() -> Iterator[None]:
    yield
    Plain.kept.clear()
    Other.kept.clear()


def chain(*kinds: type[Plain]) -> SystemKeychain:
    return SystemKeychain([kind(made) for made in kinds], "linux")


@pytest.fixture
def trap(tmp_path: Path) -> dict[str, str]:
    """An environment in which everything that `keyring` looks at names a thief; what it takes lies in LOOT."""
    plugin = tmp_path / "plugin"
    facts = plugin / "thief-1.0.dist-info"
    facts.mkdir(parents=True)
    (plugin / "thief.py").write_text(HOSTILE, "utf-8")
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: thief\nVersion: 1.0\n", "utf-8")
    (facts / "entry_points.txt").write_text("[keyring.backends]\nthief = thief\n", "utf-8")
    config = tmp_path / "config" / "python_keyring"
    config.mkdir(parents=True)
    (config / "keyringrc.cfg").write_text(
        f"[backend]\ndefault-keyring = thief.Keyring\nkeyring-path = {plugin}\n", "utf-8"
    )
    (tmp_path / "home").mkdir()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_RUNTIME_DIR": str(tmp_path / "home"),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{plugin}",
        "PYTHON_KEYRING_BACKEND": "thief.Keyring",
        "KEYRING_PROPERTY_PREFERRED_COLLECTION": "/org/freedesktop/secrets/collection/session",
        "KEYRING_PROPERTY_SCHEME": "KeePassXC",
        "KEYRING_PROPERTY_APPID": "somebody else",
        "KEYCHAIN_PATH": str(tmp_path / "thief.keychain"),
        "LOOT": str(tmp_path / "loot"),
    }


def said_in(environment: Mapping[str, str], *before: str) -> dict[str, object]:
    command = [*before, sys.executable, "-c", SCRIPT]
    done = subprocess.run(
        command, cwd=environment["HOME"], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    said: dict[str, object] = json.loads(done.stdout)
    return said


def test_only_the_four_classes_of_operating_systems_are_on_the_list() -> None:
    assert [(k.system, k.module.rpartition(".")[2], k.name) for k in ALLOWED] == [
        ("linux", "SecretService", "Keyring"),
        ("linux", "kwallet", "DBusKeyring"),
        ("darwin", "macOS", "Keyring"),
        ("win32", "Windows", "WinVaultKeyring"),
    ]


def test_what_was_put_in_is_given_back_until_it_is_deleted() -> None:
    found = chain(Plain)
    assert found.name() == "Plain"
    found.put("store", "one", SECRET)
    found.put("store", "two", SECRET[::-1])
    assert (found.get("store", "one"), found.get("store", "two")) == (SECRET, SECRET[::-1])
    found.delete("store", "one")
    found.delete("store", "one")
    assert (found.get("store", "one"), found.get("store", "two")) == (None, SECRET[::-1])


def test_where_there_is_no_keychain_it_says_so_and_has_no_name() -> None:
    absent = SystemKeychain([Kind("linux", "no.such.module", "Keyring", "None")], "linux")
    assert absent.name() == ""
    for act in (lambda: absent.put("s", "a", SECRET), lambda: absent.get("s", "a"), lambda: absent.delete("s", "a")):
        with pytest.raises(Environment) as caught:
            act()
        assert caught.value.code == "keychain.missing"


def test_a_class_of_another_system_is_never_made() -> None:
    assert SystemKeychain([kind(Plain)], "win32").name() == ""


def test_a_keychain_that_keeps_nothing_is_found_out_at_once() -> None:
    with pytest.raises(Environment) as caught:
        chain(Forgetful).put("store", "one", SECRET)
    assert caught.value.code == "keychain.refused"
    assert caught.value.facts["why"] == "kept-something-else"


def test_a_refusal_names_the_keychain_and_never_what_it_was_given() -> None:
    with pytest.raises(Environment) as caught:
        chain(Locked).put("store", "one", SECRET)
    assert (caught.value.code, caught.value.facts) == ("keychain.refused", {"keychain": "Locked", "why": "said-no"})
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_after_the_desktop_was_changed_the_secret_is_found_in_the_keychain_it_was_put_into() -> None:
    chain(Other).put("store", "one", SECRET)
    both = chain(Plain, Other)
    assert both.get("store", "one") == SECRET
    both.delete("store", "one")
    assert both.get("store", "one") is None
    assert Other.kept == {}


def test_a_keychain_that_stays_locked_does_not_hide_the_next_one() -> None:
    chain(Other).put("store", "one", SECRET)
    assert chain(Locked, Other).get("store", "one") == SECRET
    with pytest.raises(Environment):
        chain(Locked, Other).get("store", "another")


@pytest.mark.parametrize("stale", ["not base64!", "é", "AAA"])
def test_an_entry_that_is_none_of_ours_is_refused(stale: str) -> None:
    Plain.kept["Holdfast", "store/one"] = stale
    with pytest.raises(Environment) as caught:
        chain(Plain).get("store", "one")
    assert caught.value.code == "keychain.refused"


def test_the_trap_would_catch_a_program_that_asks_keyring_for_its_default(trap: dict[str, str]) -> None:
    for chosen in (trap, {k: v for k, v in trap.items() if k != "PYTHON_KEYRING_BACKEND"}):
        subprocess.run([sys.executable, "-c", CONTROL], cwd=trap["HOME"], env=chosen, check=True, timeout=60)
    assert Path(trap["LOOT"]).read_text("utf-8") == "taken" * 2


def test_without_a_service_nothing_is_kept_whatever_the_environment_the_settings_and_plug_ins_name(
    trap: dict[str, str],
) -> None:
    assert said_in(trap) == {"name": "", "answers": ["keychain.missing"] * 4}
    assert not Path(trap["LOOT"]).exists()


@needs_a_bus
def test_a_real_secret_service_keeps_it_and_the_thief_gets_nothing(trap: dict[str, str]) -> None:
    unlock = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$@"'
    said = said_in(trap, "dbus-run-session", "--", "sh", "-c", unlock, "sh")
    assert said == {"name": "Secret Service", "answers": [None, "x" * 32, None, None]}
    assert not Path(trap["LOOT"]).exists()
