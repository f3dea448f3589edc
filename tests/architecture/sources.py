"""What the rules of the house are checked against: the files of the tree, read once."""

from __future__ import annotations

import ast
import functools
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOPS = ("app", "ui", "resources")


def name_of(path: Path) -> str:
    """A file by its path from the root, as test ids and messages show it."""
    return path.relative_to(ROOT).as_posix()


def modules(*tops: str) -> list[Path]:
    """Every Python file under these folders."""
    return sorted(path for top in tops for path in (ROOT / top).rglob("*.py"))


@functools.cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def committed() -> list[Path]:
    """Every file that is, or would be, committed; in a tree without git, every file of the house."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        asked = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        listed = [ROOT / name for name in asked.stdout.decode().split("\0") if name]
    else:
        tops = (*TOPS, "tests", "packaging", ".ci")
        listed = [path for top in tops for path in (ROOT / top).rglob("*") if "__pycache__" not in path.parts]
        listed += [path for path in ROOT.iterdir() if path.name != ".git"]
    return sorted(path for path in listed if path.is_file())


def text_of(path: Path) -> str | None:
    """The text of a file, or None when it is not text, as a font or a picture."""
    content = path.read_bytes()
    if b"\0" in content:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None
