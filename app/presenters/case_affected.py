"""The affected tab: what is known of each line, what is being typed, and what contradicts itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, Protocol

import msgspec
from msgspec.structs import replace

from app.domain.case.stage import READY_FIX, fix_of
from app.domain.case.state import Case
from app.domain.commands.case_commands import RemoveLine, SetAffected
from app.domain.errors import Rejected
from app.domain.line_ranges import Finding, check_lines, npm_range_vulnerable
from app.domain.npm_ranges import parse_range
from app.domain.values import AffectedLine, FixState, LineStatus
from app.domain.versions import Version, line_bounds, line_key, parse_line, parse_version
from app.presenters.case import CaseFacts, CasePresenter

Key = tuple[str, str]
"""A line of the list: its product and its name."""

Pill = Literal["affected", "fix-ready", "not-affected", "investigating", "no-fix"]
EditField = Literal["introduced", "last_affected", "fixed", "note", "justification", "platforms"]

VERSION_FIELDS: Final[tuple[EditField, ...]] = ("introduced", "last_affected", "fixed")
DRAFT: Final = "affected"

STATUS_KEYS: Final[dict[str, LineStatus]] = {
    "a": "affected",
    "n": "not-affected",
    "i": "investigating",
    "u": "unsupported",
}
"""The keys that decide the current line at once."""

JUSTIFICATIONS: Final = (
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
)
"""Why a line is not affected, in the terms of OpenVEX 0.2.0."""


class LineRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line as shown: the stored facts with what was typed over them. `unsaved` tells that they differ."""

    line: AffectedLine
    pill: Pill
    fix: FixState | None
    findings: tuple[Finding, ...] = ()
    unsaved: bool = False

    @property
    def key(self) -> Key:
        return self.line.product, self.line.line

    def finding(self, field: str) -> Finding | None:
        """What is wrong with a field, or None."""
        return next((f for f in self.findings if f.field == field), None)


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """The whole table: lines by product, newest first, and how many of them are decided."""

    rows: tuple[LineRow, ...]
    decided: int
    editable: bool
    confirmed: bool

    @property
    def products(self) -> tuple[str, ...]:
        """The products in the order of the rows."""
        return tuple(dict.fromkeys(row.line.product for row in self.rows))


class AffectedView(Protocol):
    """The tab as its presenter sees it."""

    def show_matrix(self, matrix: Matrix) -> None: ...

    def show_row(self, row: LineRow) -> None:
        """One line changed under the hands of the person; its editors keep the focus and the cursor."""
        ...

    def show_problem(self, problem: Exception | None, key: Key | None) -> None:
        """Something could not be saved; what was typed is kept. None takes the words away."""
        ...


class AffectedPresenter:
    """Keeps what is typed until it is saved; a text that contradicts itself is kept and shown, never lost."""

    def __init__(self, view: AffectedView, page: CasePresenter) -> None:
        self._view = view
        self._page = page
        self._case: Case | None = None
        self._edits: dict[Key, dict[str, str]] = {}
        # What was sent and is not among the fetched facts yet: the next change builds on it.
        self._sent: dict[Key, AffectedLine] = {}
        self._settled: set[Key] = set()
        page.fetch_draft(DRAFT, self._restore)

    def show(self, facts: CaseFacts) -> None:
        """New facts came; what was typed over them stays, unless it says the same."""
        self._case = facts.case
        for key in self._settled:
            self._sent.pop(key, None)
        self._settled.clear()
        for key in list(self._edits):
            if self._stored(key) is None:
                del self._edits[key]
        self._view.show_matrix(self.matrix())

    def matrix(self) -> Matrix:
        """The table as it stands."""
        case = self._case
        if case is None:
            return Matrix(rows=(), decided=0, editable=False, confirmed=False)
        rows = tuple(self._row(self._stored(self._key(x)) or x) for x in in_order(case.lines))
        return Matrix(
            rows=rows,
            decided=sum(line.status != "investigating" for line in case.lines),
            editable=case.is_open and case.is_vulnerability and case.confirmed_at is not None,
            confirmed=case.confirmed_at is not None,
        )

    def typed(self, key: Key, field: EditField, text: str) -> None:
        """A field of a line was changed by a keystroke; nothing is saved yet."""
        stored = self._stored(key)
        if stored is None:
            return
        edits = self._edits.setdefault(key, {})
        edits[field] = text
        if _plain(text) == _text(stored, field):
            del edits[field]
        if not edits:
            del self._edits[key]
        self._view.show_row(self._row(stored))

    def set_status(self, key: Key, status: LineStatus) -> None:
        """Decide a line; what was typed for it is saved with it if it is sound."""
        stored = self._stored(key)
        if stored is None or stored.status == status:
            return
        wanted = replace(self._edited(stored), status=status)
        sound = not check_lines([wanted])
        self._save(key, wanted if sound else replace(stored, status=status), keep_edits=not sound)

    def leave(self, key: Key) -> None:
        """The row was left: save what was typed if it contradicts nothing; else keep it as a draft."""
        stored = self._stored(key)
        if stored is None or key not in self._edits:
            return
        wanted = self._edited(stored)
        if check_lines([wanted]):
            self.keep_unsaved()
            return
        self._save(key, wanted, keep_edits=False)

    def discard(self, key: Key) -> None:
        """Forget what was typed for a line."""
        stored = self._stored(key)
        if self._edits.pop(key, None) is not None and stored is not None:
            self.keep_unsaved()
            self._view.show_row(self._row(stored))

    def add_lines(self, product: str, names: str, status: LineStatus) -> None:
        """Put lines on the list, as `24.x 22.x`; raises Rejected("line.malformed") or ("line.twice")."""
        wanted = [parse_line(name) for name in names.replace(",", " ").split()]
        if not wanted:
            raise Rejected("text.empty", needs="lines", field="lines")
        lines = tuple(AffectedLine(line=name, product=product.strip(), status=status) for name in dict.fromkeys(wanted))
        known = {self._key(line) for line in self._case.lines} if self._case else set()
        twice = next((line for line in lines if self._key(line) in known), None)
        if twice is not None:
            raise Rejected("line.twice", line=twice.line, needs="lines")
        self._page.perform(SetAffected(lines=lines), None, lambda problem: self._view.show_problem(problem, None))

    def remove(self, key: Key, reason: str) -> None:
        """Take a line off the list."""
        command = RemoveLine(product=key[0], line=key[1], reason=reason)
        self._page.perform(command, lambda: self._forget(key), lambda problem: self._view.show_problem(problem, key))

    def next_open(self) -> Key | None:
        """The first line that is still under investigation."""
        return next((row.key for row in self.matrix().rows if row.line.status == "investigating"), None)

    def keep_unsaved(self) -> None:
        """Put what was typed and not saved into the store."""
        kept = [[product, line, edits] for (product, line), edits in self._edits.items()]
        self._page.keep_draft(DRAFT, msgspec.json.encode(kept).decode() if kept else None)

    def _restore(self, text: str | None) -> None:
        if not text:
            return
        try:
            kept = msgspec.json.decode(text, type=list[tuple[str, str, dict[str, str]]])
        except msgspec.DecodeError:
            return
        for product, line, edits in kept:
            self._edits.setdefault((product, line), dict(edits))
        if self._case is not None:
            self._view.show_matrix(self.matrix())

    def _save(self, key: Key, line: AffectedLine, *, keep_edits: bool) -> None:
        self._sent[key] = line
        self._settled.discard(key)

        def saved() -> None:
            if self._sent.get(key) is line:
                self._settled.add(key)
            if not keep_edits:
                self._forget(key, line)
            self._view.show_problem(None, key)

        def refused(problem: Exception) -> None:
            if self._sent.get(key) is line:
                del self._sent[key]
            self.keep_unsaved()
            self._view.show_problem(problem, key)

        self._page.perform(SetAffected(lines=(line,)), saved, refused)

    def _forget(self, key: Key, saved: AffectedLine | None = None) -> None:
        """Forget what was saved; what was typed since then stays."""
        edits = self._edits.pop(key, {})
        newer = {f: t for f, t in edits.items() if saved is not None and _plain(t) != _text(saved, f)}
        if newer:
            self._edits[key] = newer
        self.keep_unsaved()

    def _row(self, stored: AffectedLine) -> LineRow:
        case = self._case
        edits = self._edits.get(self._key(stored))
        line = self._edited(stored)
        fix = fix_of(case, stored) if case else None
        return LineRow(
            line=line,
            pill=_pill(stored.status, fix.state if fix else None),
            fix=fix.state if fix else None,
            findings=tuple(check_lines([line])) if edits or line != stored else (),
            unsaved=bool(edits),
        )

    def _edited(self, stored: AffectedLine) -> AffectedLine:
        edits = self._edits.get(self._key(stored))
        if not edits:
            return stored
        changes: dict[str, object] = {f: t.strip() for f, t in edits.items() if f != "platforms"}
        if "platforms" in edits:
            changes["platforms"] = tuple(edits["platforms"].replace(",", " ").split())
        return replace(stored, **changes)

    def _stored(self, key: Key) -> AffectedLine | None:
        lines: Sequence[AffectedLine] = self._case.lines if self._case else ()
        return self._sent.get(key) or next((line for line in lines if self._key(line) == key), None)

    @staticmethod
    def _key(line: AffectedLine) -> Key:
        return line.product, line.line


def in_order(lines: Sequence[AffectedLine]) -> list[AffectedLine]:
    """The lines by product in the order the products came, each newest line first."""
    products = list(dict.fromkeys(line.product for line in lines))
    newest = sorted(lines, key=lambda line: line_key(line.line), reverse=True)
    return sorted(newest, key=lambda line: products.index(line.product))


def _pill(status: LineStatus, fix: FixState | None) -> Pill:
    if status == "affected":
        return "fix-ready" if fix in READY_FIX else "affected"
    return "no-fix" if status == "unsupported" else status


def _text(line: AffectedLine, field: str) -> str:
    value = getattr(line, field)
    return _plain(" ".join(value) if isinstance(value, tuple) else str(value))


def _plain(text: str) -> str:
    """What was typed without blanks that mean nothing."""
    return " ".join(text.split())


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What the list says of one version: the line that claims it, and whether it is affected."""

    version: str
    line: AffectedLine | None
    affected: bool


def try_version(lines: Sequence[AffectedLine], text: str, product: str) -> Tried:
    """Look a version up; raises Rejected("version.malformed"). Lines that are not decided claim nothing."""
    version = parse_version(text)
    for line in lines:
        if line.product != product or line.status in ("investigating", "not-affected"):
            continue
        vulnerable = npm_range_vulnerable([replace(line, status="affected")])
        if vulnerable and parse_range(vulnerable).contains(version):
            return Tried(version=str(version), line=line, affected=True)
    claims = (line for line in lines if line.product == product and _within(line.line, version))
    return Tried(version=str(version), line=next(claims, None), affected=False)


def _within(line: str, version: Version) -> bool:
    try:
        bounds = line_bounds(line)
    except Rejected:
        return False
    return bounds is not None and bounds[0] <= version and (bounds[1] is None or version < bounds[1])
