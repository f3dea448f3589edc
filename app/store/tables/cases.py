"""The rows of a case: the list, its counts, its clocks, its people, its CVE ids."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from app.domain.errors import Rejected
from app.domain.identifiers import ref_order
from app.domain.projection import CaseProjection
from app.store.chain import microseconds
from app.store.connection import Connection
from app.store.tables.case_bits import bits_of
from app.store.tables.rows import RowWriter
from app.store.tables.texts import write_texts

COLUMNS: Final = (
    "id", "ref", "title", "stage", "track", "rating", "score", "lines", "cves", "handler", "handler_id", "embargo",
    "embargo_until", "updated", '"release"', "next_what", "next_due", "next_rule", "next_paused", "open",
    "ref_key", "title_key", "severity_key", "stage_key", "handler_key",
)  # fmt: skip
_KEY_LENGTH: Final = 120
_ROW = RowWriter("case_row", COLUMNS)
_JSON: Final = msgspec.json.Encoder()


class CaseTables:
    """Keeps the rows of cases; `old` is always what was written last."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._handlers: dict[str, int] = {}

    def forget(self) -> None:
        """Drops what a transaction that was taken back may have left in memory."""
        self._handlers.clear()

    def write(self, stream: int, old: CaseProjection | None, new: CaseProjection) -> None:
        """Brings every row of the case from `old` to `new`."""
        _ROW.write(self._db, stream, None if old is None else case_values(old), case_values(new))
        self._write_bits(stream, old, new)
        self._write_clocks(stream, () if old is None else clock_values(old), clock_values(new))
        self._write_names("person_row", "name", stream, () if old is None else old.people, new.people)
        self._write_names("cve_row", "cve", stream, () if old is None else old.cves, new.cves)
        write_texts(self._db, stream, None if old is None else old.words, new.words)

    def handler_no(self, handler_id: str) -> int:
        """The number of a handler in `bits`, 0 for nobody."""
        if not handler_id:
            return 0
        no = self._handlers.get(handler_id)
        if no is None:
            row = self._db.one("SELECT no FROM handler WHERE id = ?", (handler_id,))
            no = row[0] if row else self._db.run("INSERT INTO handler (id) VALUES (?)", (handler_id,))
            self._handlers[handler_id] = no
        return no

    def _write_bits(self, stream: int, old: CaseProjection | None, new: CaseProjection) -> None:
        now = (int(new.open), bits_of(new, self.handler_no(new.handler_id)))
        if old is None:
            self._db.run("INSERT INTO case_bits (stream, open, bits) VALUES (?, ?, ?)", (stream, *now))
        else:
            before = (int(old.open), bits_of(old, self.handler_no(old.handler_id)))
            if before == now:
                return
            self._db.run("UPDATE case_bits SET open = ?, bits = ? WHERE stream = ?", (*now, stream))
            self._db.run("UPDATE facet SET cases = cases - 1 WHERE open = ? AND bits = ?", before)
        self._db.run(
            "INSERT INTO facet (open, bits, cases) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET cases = cases + 1", now
        )

    def _write_clocks(self, stream: int, old: tuple[Any, ...], new: tuple[Any, ...]) -> None:
        if old == new:
            return
        for clock, _, due, paused, _ in set(old) - set(new):
            self._db.run(
                "DELETE FROM clock_row WHERE paused = ? AND due = ? AND stream = ? AND clock = ?",
                (paused, due, stream, clock),
            )
        for row in new:
            if row not in old:
                self._db.run(
                    "INSERT INTO clock_row (stream, clock, started, due, paused, handler_id) VALUES (?, ?, ?, ?, ?, ?)",
                    (stream, *row),
                )

    def _write_names(self, table: str, column: str, stream: int, old: tuple[str, ...], new: tuple[str, ...]) -> None:
        if old == new:
            return
        for name in set(old) - set(new):
            self._db.run(f"DELETE FROM {table} WHERE {column} = ? AND stream = ?", (name, stream))
        for name in dict.fromkeys(new):
            if name not in old:
                self._db.run(f"INSERT INTO {table} ({column}, stream) VALUES (?, ?)", (name, stream))


def case_values(case: CaseProjection) -> tuple[Any, ...]:
    """The row of a case, in the order of COLUMNS; instants are microseconds since 1970."""
    return (
        case.id,
        case.ref,
        case.title,
        case.stage,
        case.track,
        case.rating,
        case.score,
        _JSON.encode(case.lines).decode(),
        _JSON.encode(case.cves).decode(),
        case.handler,
        case.handler_id,
        case.embargo,
        instant(case.embargo_until),
        instant(case.updated),
        case.release,
        case.next_what,
        instant(case.next_due),
        case.next_rule,
        int(case.next_paused),
        int(case.open),
        ref_key(case.ref),
        title_key(case.title),
        severity_key(case.rating_order, case.score),
        case.stage_order,
        title_key(case.handler) or None,
    )


def clock_values(case: CaseProjection) -> tuple[tuple[Any, ...], ...]:
    """The rows of its clocks without the stream, one for each clock."""
    rows = {
        clock.id: (clock.id, instant(clock.started), instant(clock.due), int(clock.paused), case.handler_id)
        for clock in case.clocks
    }
    return tuple(rows.values())


def instant(moment: datetime | None) -> int | None:
    """An instant as rows keep it."""
    return None if moment is None else microseconds(moment)


def ref_key(ref: str) -> str:
    """A text that sorts references by letter, year and number."""
    try:
        letter, year, number = ref_order(ref)
    except Rejected:
        return ref[:_KEY_LENGTH]
    return f"{letter}-{year:04d}-{number:09d}"


def title_key(title: str) -> str:
    """A text that sorts titles and names whatever their letters' case."""
    return title.casefold()[:_KEY_LENGTH]


def severity_key(rating_order: int, score: float | None) -> int:
    """A number that sorts by rating, then by score."""
    return rating_order * 1000 + round((score or 0.0) * 10)
