"""KeePassXC as a yardstick: its window, and a database of ten thousand entries."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from tests.bench.setting import HOME, ROOT, Setting, say

ENTRIES: Final = 10_000
PASSWORD: Final = "ten thousand invented entries"
_DATABASE: Final = "entries-10000.kdbx"


def program(setting: Setting) -> str | None:
    """Where KeePassXC is; fetched with apt if that was asked for."""
    if setting.install and not (shutil.which("keepassxc") and shutil.which("keepassxc-cli")):
        sys.path.insert(0, str(ROOT / "packaging"))
        from environment import install

        install(["keepassxc", "xvfb"])
    return shutil.which("keepassxc")


def why_absent() -> str:
    """What to tell where a yardstick of these rows is missing."""
    missing = [name for name in ("Xvfb", "keepassxc", "keepassxc-cli") if shutil.which(name) is None]
    return f"not on this machine: {', '.join(missing)}; --install fetches what apt has"


def settings_file(folder: Path) -> Path:
    """Settings with which it asks nothing at its first start."""
    path = folder / "keepassxc.ini"
    path.write_text("[General]\nUpdateCheckMessageShown=true\n[GUI]\nCheckForUpdates=false\n", "utf-8")
    return path


def database() -> Path:
    """A database with as many entries; made once."""
    path = HOME / _DATABASE
    if not path.is_file():
        say(f"   making a KeePassXC database of {ENTRIES} entries")
        HOME.mkdir(parents=True, exist_ok=True)
        text = HOME / "entries.xml"
        text.write_text("".join(_xml()), "utf-8")
        made = path.with_suffix(".new")
        made.unlink(missing_ok=True)
        command = ("keepassxc-cli", "import", str(text), str(made), "--set-password")
        subprocess.run(command, input=f"{PASSWORD}\n{PASSWORD}\n", text=True, check=True, capture_output=True)
        text.unlink()
        made.rename(path)
    return path


def _xml() -> Iterator[str]:
    """KeePass 2 XML; each entry as long as a short case."""
    yield '<?xml version="1.0" encoding="utf-8"?><KeePassFile><Meta><Generator>bench</Generator></Meta><Root><Group>'
    yield "<UUID>AAAAAAAAAAAAAAAAAAAAAA==</UUID><Name>Root</Name>"
    note = escape("A header that is folded over two lines is read differently by a proxy. " * 8)
    for number in range(ENTRIES):
        texts = {"Title": f"Entry {number}", "UserName": f"user{number}", "URL": "https://example.org", "Notes": note}
        strings = "".join(f"<String><Key>{key}</Key><Value>{value}</Value></String>" for key, value in texts.items())
        yield f"<Entry>{strings}</Entry>"
    yield "</Group></Root></KeePassFile>"
