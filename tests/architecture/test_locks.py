"""What is installed is pinned by its content, from wherever it comes."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.sources import ROOT, name_of

RUNTIME = ROOT / "packaging" / "requirements.lock"
DEV = ROOT / "packaging" / "requirements-dev.lock"
PACKAGE = ROOT / "packaging" / "requirements-package.lock"
NPM = ROOT / "packaging" / "oracles" / "package-lock.json"
LOCKS = [RUNTIME, DEV, PACKAGE]
PYTHONS = ("3.11", "3.12", "3.13")


def entries(lock: Path) -> list[str]:
    """The requirements of a lock, each with its hashes, on one line."""
    return lock.read_text("utf-8").replace("\\\n", " ").splitlines()


def pins(lock: Path) -> dict[str, Requirement]:
    """The pinned requirements of a lock by canonical name."""
    requirements = (Requirement(entry.split(" --hash=")[0]) for entry in entries(lock))
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def asked(group: str | None) -> list[Requirement]:
    """What pyproject.toml asks for: the program's own needs, or those of a group."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    listed = project["project"]["dependencies"] if group is None else project["dependency-groups"][group]
    return [Requirement(line) for line in listed]


@pytest.mark.parametrize("lock", [*LOCKS, NPM], ids=name_of)
def test_a_lock_names_no_host(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert "http" not in text
    assert "://" not in text


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_every_requirement_is_one_version_with_hashes(lock: Path) -> None:
    pattern = re.compile(r"[\w.-]+==[\w.]+( ; [^\\]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*")
    assert entries(lock)
    assert [entry for entry in entries(lock) if not pattern.fullmatch(entry)] == []


@pytest.mark.parametrize(("lock", "group"), [(RUNTIME, None), (DEV, None), (DEV, "dev"), (PACKAGE, "package")], ids=str)
def test_a_lock_pins_what_the_project_asks_for(lock: Path, group: str | None) -> None:
    pinned = pins(lock)
    for requirement in asked(group):
        pin = pinned[canonicalize_name(requirement.name)]
        version = str(pin.specifier).removeprefix("==")
        assert requirement.specifier.contains(version), requirement


def test_the_developers_lock_holds_the_programs_lock() -> None:
    dev = {str(pin) for pin in pins(DEV).values()}
    assert {str(pin) for pin in pins(RUNTIME).values()} <= dev


@pytest.mark.parametrize("python", PYTHONS)
def test_the_locks_serve_every_python_that_is_promised(python: str) -> None:
    here = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    for name in ("pyside6-essentials", "sqlcipher3", "cryptography", "pytest"):
        marker = pins(DEV)[name].marker
        assert marker is None or marker.evaluate(here)


def test_every_npm_package_is_pinned_by_its_content() -> None:
    packages = json.loads(NPM.read_text("utf-8"))["packages"]
    loose = [name for name, entry in packages.items() if name and "integrity" not in entry]
    assert loose == []


def test_the_npm_packages_are_asked_for_by_exact_version() -> None:
    wanted = json.loads((NPM.parent / "package.json").read_text("utf-8"))["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
