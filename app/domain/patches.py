"""A patch as it was handed in: `git format-patch` mails, plain diffs and git bundles, read without running git.

What comes in is hostile: sizes are limited, names are data, nothing is applied. The patch id is the same for two
patches that make the same changes, wherever the lines stand: it leaves out line numbers, blanks and the text around.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from email import policy
from email.errors import MessageError
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from typing import Final, Literal

import msgspec

from app.domain.errors import Rejected
from app.domain.untrusted import safe_line

PatchKind = Literal["mailbox", "diff", "bundle"]

BYTE_LIMIT: Final = 8 * 1024 * 1024
"""A larger file is no patch that anybody reviews."""
_COMMITS: Final = 500
_FILES: Final = 5000
_BUNDLE: Final = re.compile(rb"# v[23] git bundle\n")
_FROM_LINE: Final = re.compile(rb"^From [0-9a-f]{40} .*\n", re.MULTILINE)
_DIFF: Final = re.compile(r"diff --git (.+)")
_PLAIN: Final = re.compile(r"(?:---|\+\+\+) (\S.*)")
_HUNK: Final = re.compile(r"@@ -\d{1,9}(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@")
_BINARY: Final = ("GIT binary patch", "Binary files ")
_NOISE: Final = re.compile(r"\[[^\]]{1,60}\]\s*")
_BLANKS: Final = re.compile(r"\s+")


class Commit(msgspec.Struct, frozen=True, kw_only=True):
    """One commit of a patch: who, its message, the files it touches, and what it changes."""

    subject: str
    message: str
    author: str = ""
    email: str = ""
    files: tuple[str, ...] = ()
    added: int = 0
    removed: int = 0
    is_binary: bool = False
    patch_id: str = ""
    """SHA-256, in hexadecimal, of the changes alone; "" where there are none to compare."""


class Patch(msgspec.Struct, frozen=True, kw_only=True):
    """A patch file as it was read; a bundle shows its references and no changes, since only git can unpack it."""

    kind: PatchKind
    commits: tuple[Commit, ...] = ()
    references: tuple[str, ...] = ()
    """The branches that a bundle carries."""

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that is touched, once, in order."""
        return tuple(dict.fromkeys(name for commit in self.commits for name in commit.files))

    @property
    def patch_ids(self) -> tuple[str, ...]:
        """The changes of the patch, commit by commit."""
        return tuple(commit.patch_id for commit in self.commits if commit.patch_id)


class Leak(msgspec.Struct, frozen=True, kw_only=True):
    """Words of a patch that tell the world what it is about; `where` is message, branch or file."""

    where: Literal["message", "branch", "file"]
    word: str
    text: str


def read_patch(data: bytes) -> Patch:
    """The patch in a file.

    Raises Rejected: patch.empty, patch.too-large (`limit` bytes), patch.binary (not text, and no bundle),
    patch.no-changes (text without a diff), patch.too-many (`limit`: commits or files).
    """
    if not data.strip():
        raise Rejected("patch.empty", needs="patch")
    if len(data) > BYTE_LIMIT:
        raise Rejected("patch.too-large", limit=BYTE_LIMIT, size=len(data), needs="patch")
    if _BUNDLE.match(data):
        return Patch(kind="bundle", references=tuple(_references(data)))
    if b"\0" in data:
        raise Rejected("patch.binary", needs="patch")
    marks = [found.start() for found in _FROM_LINE.finditer(data)]
    if marks:
        parts = [data[start:end] for start, end in zip(marks, [*marks[1:], len(data)], strict=True)]
        found = Patch(kind="mailbox", commits=tuple(_commit(part) for part in _few(parts)))
    elif data.lstrip().startswith((b"From: ", b"Subject: ", b"Date: ")):
        found = Patch(kind="mailbox", commits=(_commit(data.lstrip()),))
    else:
        found = Patch(kind="diff", commits=(_changes(_text(data), "", "", "", ""),))
    if not found.files:
        raise Rejected("patch.no-changes", needs="patch")
    return found


def leaks_of(patch: Patch, words: Iterable[str], branch: str = "") -> tuple[Leak, ...]:
    """Where the message, the branch or the names of the files say what the patch is about.

    `words` are the facts under embargo: CVE ids, the title's distinctive words, names; a few words that tell by
    themselves are always looked for (CVE, vulnerability, exploit, security fix and their like).
    """
    wanted = {_folded(word): word for word in (*words, *_TELLING) if len(_folded(word)) > 2}
    found: list[Leak] = []
    for where, text in _spoken(patch, branch):
        plain = f" {_folded(text)} "
        for folded, word in wanted.items():
            if f" {folded} " in plain or (where != "message" and folded in plain.replace(" ", "")):
                found.append(Leak(where=where, word=safe_line(word, 80), text=safe_line(text, 120)))
    return tuple(found)


_TELLING: Final = (
    "cve",
    "vulnerability",
    "vulnerable",
    "exploit",
    "security fix",
    "security issue",
    "embargo",
    "hackerone",
    "overflow",
    "use after free",
    "denial of service",
    "bypass",
    "rce",
)


def _spoken(patch: Patch, branch: str) -> Iterator[tuple[Literal["message", "branch", "file"], str]]:
    for commit in patch.commits:
        for line in commit.message.splitlines():
            yield "message", line
    for name in (branch, *patch.references):
        if name:
            yield "branch", name
    for name in patch.files:
        yield "file", name


def _folded(text: str) -> str:
    return " ".join(re.findall(r"[0-9a-z]+", text.casefold()))


def _few(parts: list[bytes]) -> list[bytes]:
    if len(parts) > _COMMITS:
        raise Rejected("patch.too-many", limit=_COMMITS, what="commits", needs="patch")
    return parts


def _references(data: bytes) -> Iterator[str]:
    for line in data[: 256 * 1024].split(b"\n")[1:_COMMITS]:
        if not line:
            return
        found = re.fullmatch(rb"[0-9a-f]{40,64} (refs/\S{1,200}|HEAD)", line)
        if found:
            yield safe_line(found[1].decode("utf-8", "replace").removeprefix("refs/heads/"), 200)


def _commit(data: bytes) -> Commit:
    """One mail of format-patch: header, message up to `---`, then the diff."""
    text = data.partition(b"\n")[2] if data.startswith(b"From ") else data
    head, _, body = text.replace(b"\r\n", b"\n").partition(b"\n\n")
    try:
        header = BytesHeaderParser(policy=policy.compat32).parsebytes(head + b"\n\n")
        subject, sender = str(header.get("Subject", "")), str(header.get("From", ""))
    except (MessageError, ValueError, LookupError, RecursionError):
        subject, sender = "", ""
    name, email = parseaddr(sender)
    plain = _text(body)
    message, _, diff = plain.partition("\n---\n") if "\n---\n" in plain else plain.partition("\ndiff --git ")
    if diff and "\n---\n" not in plain:
        diff = f"diff --git {diff}"
    title = _NOISE.sub("", _BLANKS.sub(" ", subject), count=1).strip()
    whole = f"{title}\n\n{message.strip()}".strip()
    return _changes(diff or plain, safe_line(title, 300), whole[:20_000], safe_line(name, 120), safe_line(email, 200))


def _changes(diff: str, subject: str, message: str, author: str, email: str) -> Commit:
    read = _DiffReader()
    for line in diff.split("\n"):
        if read.has_ended(line):
            break
        read.line(line)
    if len(read.files) > _FILES:
        raise Rejected("patch.too-many", limit=_FILES, what="files", needs="patch")
    digest = hashlib.sha256("\n".join(read.said).encode("utf-8", "replace")).hexdigest()
    return Commit(
        subject=subject,
        message=message,
        author=author,
        email=email,
        files=tuple(read.files),
        added=read.added,
        removed=read.removed,
        is_binary=read.is_binary,
        patch_id=digest if read.added or read.removed else "",
    )


class _DiffReader:
    """One diff, line by line: names of files, counts, and what its patch id is made of."""

    def __init__(self) -> None:
        self.files: dict[str, None] = {}
        self.said: list[str] = []
        self.added = 0
        self.removed = 0
        self.is_binary = False
        self._left = [0, 0]
        """Lines of the hunk that are still to come, of the old text and of the new."""

    def has_ended(self, line: str) -> bool:
        """Whether the diff is over: format-patch ends with a signature line."""
        return line == "-- " and not any(self._left)

    def line(self, line: str) -> None:
        if any(self._left):
            self._changed(line)
        elif (hunk := _HUNK.match(line)) is not None:
            self._left = [int(hunk[1] or 1), int(hunk[2] or 1)]
        elif (header := _DIFF.match(line)) is not None:
            self._named(_second_name(header[1]))
        elif (header := _PLAIN.match(line)) is not None and _bare(header[1]) not in self.files:
            self._named(_bare(header[1]))
        elif line.startswith(_BINARY):
            self.is_binary = True

    def _named(self, name: str) -> None:
        if name:
            self.files[name] = None
            self.said.append(f"file {name}")

    def _changed(self, line: str) -> None:
        sign = line[:1]
        if sign in ("+", "-"):
            self.added, self.removed = self.added + (sign == "+"), self.removed + (sign == "-")
            self.said.append(sign + _BLANKS.sub("", line[1:]))
        if sign != "\\":
            self._left = [max(0, self._left[0] - (sign != "+")), max(0, self._left[1] - (sign != "-"))]


def _second_name(names: str) -> str:
    """`b/…` of `a/old b/new`; quoted names keep their escapes, as data."""
    half = names.rfind(" b/")
    return _bare(names[half + 1 :] if half > 0 else names)


def _bare(name: str) -> str:
    plain = name.split("\t", maxsplit=1)[0].strip().strip('"')
    if plain == "/dev/null":
        return ""
    return safe_line(plain[2:] if plain[:2] in ("a/", "b/") else plain, 300)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
