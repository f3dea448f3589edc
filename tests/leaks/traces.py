"""What a program created and opened for writing, told by strace: no file is too short-lived to be seen."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

_CALLS: Final = (
    "openat,open,creat,mkdir,mkdirat,mknod,mknodat,memfd_create,umask,chmod,fchmod,fchmodat,linkat,symlinkat"
)
_LINE: Final = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")
_TEXT: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FOLDER: Final = re.compile(r"^(?:AT_FDCWD|\d+)<([^>]*)>")
_MODE: Final = re.compile(r"\b(0[0-7]{0,4})\b")


class Trace(NamedTuple):
    """One thing that a program did to the disk; `mode` is what a new file or folder really got."""

    call: str
    path: str
    mode: int | None
    writes: bool


@cache
def strace_works() -> bool:
    """Whether this machine lets one process watch another."""
    if not shutil.which("strace"):
        return False
    probe = ["strace", "-f", "--seccomp-bpf", "-o", os.devnull, "true"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def watched(log: Path) -> list[str]:
    """The beginning of a command whose program is watched; the log is written to this file."""
    return ["strace", "-f", "--seccomp-bpf", "-y", "-s", "4096", "-e", f"trace={_CALLS}", "-o", str(log)]


def traces(log: Path) -> list[Trace]:
    """Everything that worked, in its order; the mask of the program is taken from the calls that set it."""
    found = []
    mask = 0
    for line in log.read_text("utf-8", "replace").splitlines():
        matched = _LINE.match(line)
        if matched is None or matched[3].startswith("-"):
            continue
        call, words = matched[1], matched[2]
        if call == "umask":
            mask = int(words, 8)
            continue
        one = _trace(call, words, mask)
        if one is not None:
            found.append(one)
    return found


def _trace(call: str, words: str, mask: int) -> Trace | None:
    text = _TEXT.search(words)
    path = text[1] if text else ""
    folder = _FOLDER.match(words)
    if folder and not path.startswith("/"):
        path = f"{folder[1]}/{path}"
    rest = words[text.end() :] if text else words
    modes = _MODE.findall(rest)
    if call in ("open", "openat"):
        writes = "O_WRONLY" in rest or "O_RDWR" in rest
        creates = "O_CREAT" in rest or "O_TMPFILE" in rest
        if not (writes or creates):
            return None
        return Trace(call, path, int(modes[-1], 8) & ~mask if creates and modes else None, writes)
    if call in ("mkdir", "mkdirat", "creat", "mknod", "mknodat"):
        return Trace(call, path, int(modes[-1], 8) & ~mask if modes else None, writes=True)
    if call in ("chmod", "fchmod", "fchmodat"):
        return Trace(call, path or (folder[1] if folder else ""), int(modes[-1], 8) if modes else None, writes=True)
    return Trace(call, path, None, writes=True)
