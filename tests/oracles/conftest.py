"""Programs that nobody of this project wrote, as fixtures that skip in words where one is absent."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 300
RunNode = Callable[..., str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is an oracle test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("oracle")


def found(name: str) -> str:
    """The path of a program, or a skip that says which one is missing."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not on this machine; ./dev oracles installs what it may")
    return path


@pytest.fixture(scope="session")
def npm_oracles() -> Path:
    """The folder in which ./dev oracles installs npm packages; its scripts can import them."""
    found("node")
    folder = Path(os.environ.get("HOLDFAST_ORACLES") or ROOT / ".venv" / "oracles")
    if not (folder / "node_modules").is_dir():
        pytest.skip("the npm packages of the oracles are not installed; ./dev oracles does it")
    return folder


@pytest.fixture(scope="session")
def run_node(npm_oracles: Path) -> RunNode:
    """Run an ES module given as text, with words as its arguments, and give what it prints.

    The script sees the npm packages because it runs in their folder. A script that fails fails the test.
    """

    def run(script: str, *arguments: str | Path, stdin: str = "") -> str:
        node = found("node")
        command = [node, "--input-type=module", "--eval", script, "--", *map(str, arguments)]
        # A file, because node may find a pipe empty for a moment and give up.
        with tempfile.TemporaryFile() as file:
            file.write(stdin.encode("utf-8"))
            file.seek(0)
            done = subprocess.run(
                command,
                check=False,
                cwd=npm_oracles,
                stdin=file,
                capture_output=True,
                encoding="utf-8",
                timeout=SECONDS,
            )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def npm_program(npm_oracles: Path) -> Callable[[str], str]:
    """The path of a program of one of the npm packages, such as prettier."""

    def path(name: str) -> str:
        return found(str(npm_oracles / "node_modules" / ".bin" / name))

    return path


@pytest.fixture(scope="session")
def neomutt() -> str:
    """The path of a mail reader that decodes what it is given."""
    found("script")
    return found("neomutt")


@pytest.fixture(scope="session")
def notmuch() -> str:
    """The path of a mail indexer with a MIME parser of its own."""
    return found("notmuch")
