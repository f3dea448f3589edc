"""The script that sets the house up: what it passes on, what it asks for, and when it begins anew."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.sources import ROOT

DEV = ROOT / "dev"
SETTING_UP = ROOT / "packaging" / "environment.py"


def loaded(path: Path) -> ModuleType:
    """A script of its own, as a module."""
    spec = spec_from_loader(f"{path.stem}_script", SourceFileLoader(f"{path.stem}_script", str(path)))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def setting_up(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return loaded(SETTING_UP)


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return loaded(DEV)


def dev_says(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(DEV), *arguments], capture_output=True, text=True, check=False)


def test_the_help_names_every_command(dev: ModuleType) -> None:
    page = dev_says("help").stdout
    assert [name for name in dev.COMMANDS if f"\n  {name} " not in page] == []


def test_an_unknown_command_is_wrong_usage() -> None:
    said = dev_says("rnu")
    assert said.returncode == 2
    assert "no command rnu" in said.stderr


def test_an_unknown_option_of_run_stops_before_anything_is_made() -> None:
    said = dev_says("run", "--ofscreen")
    assert said.returncode == 1
    assert "--ofscreen" in said.stderr


def test_an_old_python_can_read_the_script_far_enough_to_be_told() -> None:
    assert ast.parse(DEV.read_text("utf-8"), feature_version=(3, 7)).body


def test_an_old_python_is_told_which_one_is_needed() -> None:
    pretence = (
        "import shutil, sys; sys.version_info = (3, 9, 2); shutil.which = lambda name: None; "
        f"sys.argv = ['./dev', 'test']; exec(compile(open({str(DEV)!r}).read(), 'dev', 'exec'))"
    )
    said = subprocess.run([sys.executable, "-c", pretence], capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "needs Python 3.11 or newer; this is 3.9" in said.stderr
    assert "python3.11 ./dev test" in said.stderr


def test_settings_that_lead_python_or_pip_elsewhere_are_not_passed_on(setting_up: ModuleType) -> None:
    user = {
        "PATH": "/bin",
        "PYTHONPATH": "/elsewhere",
        "VIRTUAL_ENV": "/other",
        "PIP_TARGET": "/elsewhere",
        "PIP_USER": "1",
        "PIP_INDEX_URL": "file:///packages",
    }
    passed = setting_up.environment(user)
    assert passed["PATH"] == "/bin"
    assert passed["PIP_INDEX_URL"] == "file:///packages"
    assert passed["PIP_USER"] == "0"
    assert {"PYTHONPATH", "VIRTUAL_ENV", "PIP_TARGET"} & passed.keys() == set()


def test_a_missing_library_is_told_by_the_package_that_brings_it(setting_up: ModuleType) -> None:
    things = {"libno-such-thing.so.9": "libno-such-thing9", "no-such-program": "no-such", "sh": "dash"}
    lacking = setting_up.missing(things)
    expected = {"no-such-program": "no-such"}
    if sys.platform.startswith("linux"):
        expected["libno-such-thing.so.9"] = "libno-such-thing9"
    assert lacking == expected


def test_who_may_not_install_is_told_the_exact_line(
    setting_up: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setting_up, "install", lambda packages: False)
    monkeypatch.setattr(setting_up, "present", lambda thing: False)
    monkeypatch.setattr(setting_up.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(SystemExit) as stopped:
        setting_up.ensure_system({"libEGL.so.1": "libegl1", "gpg": "gnupg"})
    assert "sudo apt-get install --no-install-recommends gnupg libegl1\n" in str(stopped.value)
    assert "may not install" in capsys.readouterr().err


def test_a_system_without_apt_is_told_what_is_missing(
    setting_up: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setting_up.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit):
        setting_up.ensure_system({"gpg": "gnupg"})
    assert "Missing on this machine: gpg" in capsys.readouterr().err


def test_an_environment_made_from_another_lock_is_not_used(setting_up: ModuleType, tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("one==1\n", "utf-8")
    setting_up.put_stamp(tmp_path, setting_up.stamp_for(lock))
    assert setting_up.stamped(tmp_path, setting_up.stamp_for(lock))
    lock.write_text("one==2\n", "utf-8")
    assert not setting_up.stamped(tmp_path, setting_up.stamp_for(lock))


def test_an_environment_that_was_never_finished_is_not_used(setting_up: ModuleType, tmp_path: Path) -> None:
    assert not setting_up.stamped(tmp_path, "anything")


def test_the_demo_store_is_made_once(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    makes = "import json, pathlib, sys; d = pathlib.Path(sys.argv[1]); (d / 's').mkdir(); (d / 'p').touch(); "
    makes += "print(json.dumps({'store': str(d / 's'), 'passphrase_file': str(d / 'p')}))"
    monkeypatch.setattr(dev, "module", lambda *words: [sys.executable, "-c", makes, words[-1]])
    first = dev.demo_store(tmp_path, False)
    assert dev.demo_store(tmp_path, False) == first
    assert json.loads((tmp_path / "demo.json").read_text("utf-8")) == first
    assert dev.demo_store(tmp_path, True) != first
    Path(dev.demo_store(tmp_path, False)["passphrase_file"]).unlink()
    assert Path(dev.demo_store(tmp_path, False)["passphrase_file"]).is_file()


def test_a_stale_display_is_no_screen(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only X11 has displays that may be stale")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":9999")
    assert not dev.screen_answers()


def test_the_script_that_checks_every_change_can_be_started() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
