"""The case table: pages by cursor in any order, filtered by view, stage, rating and words, each from an index.

A page is read off the index of its order until it is full; each case passed is looked up in the small table of bits,
and among the matches of the words. Where few cases can match at all, these are looked up and sorted instead. Cases
without a key (no due date, no embargo, no handler) come last in both directions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from app.desk.ports.vault import CasePage, CaseQuery, CaseRow, NextStep, Sort, View
from app.domain.values import STAGES
from app.store.chain import moment_of
from app.store.connection import Connection, bindable
from app.store.queries.cursor import Place, read_cursor, write_cursor
from app.store.queries.words import terms
from app.store.tables.case_bits import (
    EMBARGO,
    HANDLER_SHIFT,
    NO_CVE,
    RATING_SHIFT,
    RATINGS,
    STAGE_SHIFT,
    WAITING,
)
from app.store.tables.texts import PIECE_SHIFT

_ORDERS: Final[dict[Sort, tuple[str, str, bool]]] = {
    "next-due": ("next_due", "case_by_due", True),
    "updated": ("updated", "case_by_updated", False),
    "ref": ("ref_key", "case_by_ref", False),
    "title": ("title_key", "case_by_title", False),
    "severity": ("severity_key", "case_by_severity", False),
    "stage": ("stage_key", "case_by_stage", False),
    "embargo": ("embargo_until", "case_by_embargo", True),
    "handler": ("handler_key", "case_by_handler", True),
}
"""For each order its column, its index, and whether the column may be empty."""

_VIEW_BITS: Final[dict[View, int]] = {"embargo": EMBARGO, "waiting": WAITING, "no-cve": NO_CVE}
_ALL_PIECES: Final = f"SELECT rowid >> {PIECE_SHIFT} FROM case_search WHERE case_search MATCH ?"
_NOT_STALE: Final = " AND rowid NOT IN (SELECT id FROM stale_text)"
_FRESH_PIECES: Final = f"SELECT rowid >> {PIECE_SHIFT} FROM temp.fresh_search WHERE fresh_search MATCH ?"
_FEW: Final = 2000
"""Matches that are sorted at once; with more, the index of the order is walked until the page is full."""

ROW_COLUMNS: Final = (
    "id, ref, title, stage, track, updated, rating, score, lines, cves, handler, handler_id, embargo, embargo_until,"
    ' next_what, next_due, next_rule, next_paused, "release"'
)
_TEXTS: Final = msgspec.json.Decoder(tuple[str, ...])


class _Filter:
    """The conditions of a query on the table of bits."""

    def __init__(self, db: Connection, query: CaseQuery) -> None:
        self.opens: tuple[int, ...] = {"closed": (0,), "all": (1, 0)}.get(query.view, (1,))
        self.sql: list[str] = []
        self.values: list[Any] = []
        bit = _VIEW_BITS.get(query.view)
        if bit is not None:
            self._add("bits & ? <> 0", bit)
        if query.view == "mine":
            row = db.one("SELECT no FROM handler WHERE id = ?", (bindable(query.me),))
            self._add("bits >> ? = ?", HANDLER_SHIFT, row[0] if row else -1)
        if query.stages:
            self._one_of(STAGE_SHIFT, 15, [STAGES.index(s) for s in STAGES if s in query.stages])
        if query.ratings:
            self._one_of(RATING_SHIFT, 7, [place for place, rating in enumerate(RATINGS) if rating in query.ratings])

    def count(self, db: Connection) -> int:
        """How many cases fit, words aside."""
        opens = ", ".join("?" * len(self.opens))
        sql = " AND ".join((f"open IN ({opens})", *self.sql))
        return int(db.one(f"SELECT coalesce(sum(cases), 0) FROM facet WHERE {sql}", (*self.opens, *self.values))[0])

    def _one_of(self, shift: int, mask: int, places: list[int]) -> None:
        self._add("(1 << (bits >> ? & ?)) & ? <> 0", shift, mask, sum(1 << place for place in places))

    def _add(self, sql: str, *values: Any) -> None:
        self.sql.append(sql)
        self.values.extend(values)


class CaseList:
    """Reads the case table."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def page(self, query: CaseQuery, cursor: str | None, limit: int) -> CasePage:
        """Up to `limit` cases after the cursor."""
        column, index, sparse = _ORDERS[query.sort]
        place = None if cursor is None else read_cursor(cursor)
        source = self._source(query, index)
        found: list[Place] = []
        for part in (0, 1) if sparse else (0,):
            if place is not None and part < place.part:
                continue
            after = place if place is not None and place.part == part else None
            sql, values = source.statement(column, part, after, descending=query.descending)
            rows = self._db.all(sql, (*values, limit + 1 - len(found)))
            found.extend(Place(part, key, stream) for key, stream in rows)
            if len(found) > limit:
                break
        shown = found[:limit]
        more = write_cursor(shown[-1]) if len(found) > limit and shown else None
        return CasePage(rows=self._rows([p.stream for p in shown]), cursor=more)

    def count(self, query: CaseQuery) -> int:
        """How many cases the query finds."""
        chosen, words = _Filter(self._db, query), terms(query.text)
        if not words:
            return chosen.count(self._db)
        opens = ", ".join("?" * len(chosen.opens))
        matches, times = self._matches()
        sql = " AND ".join((f"open IN ({opens})", *chosen.sql, *[f"stream IN ({matches})"] * len(words)))
        values = (*chosen.opens, *chosen.values, *_repeated(words, times))
        return int(self._db.one(f"SELECT count(*) FROM case_bits WHERE {sql}", values)[0])

    def _source(self, query: CaseQuery, index: str) -> _Source:
        """Where the cases of a query come from: the way that looks at the fewest."""
        chosen, words = _Filter(self._db, query), terms(query.text)
        walk = f"case_row r INDEXED BY {index}"
        bits = " CROSS JOIN case_bits b ON b.stream = r.stream" if chosen.sql else ""
        if words:
            matches, times = self._matches()
            found = [f"r.stream IN ({matches})"] * len(words)
            table = walk if self._are_common(words) else "case_row r NOT INDEXED"
            return _Source(
                chosen.opens, table + bits, [*chosen.sql, *found], [*chosen.values, *_repeated(words, times)]
            )
        if chosen.sql and chosen.count(self._db) <= _FEW:
            few = f"r.stream IN (SELECT stream FROM case_bits WHERE {' AND '.join(chosen.sql)})"
            return _Source(chosen.opens, "case_row r NOT INDEXED", [few], chosen.values)
        return _Source(chosen.opens, walk + bits, chosen.sql, chosen.values)

    def refs(self, view: View) -> Iterator[str]:
        """References of a view in their order, read a thousand at a time."""
        query = CaseQuery(view=view, sort="ref")
        cursor: str | None = None
        while True:
            page = self.page(query, cursor, 1000)
            yield from (row.ref for row in page.rows)
            cursor = page.cursor
            if cursor is None:
                return

    def embargoes(self, limit: int) -> tuple[CaseRow, ...]:
        """Cases whose embargo is proposed or agreed, soonest first."""
        rows = self._db.all(
            f"SELECT {ROW_COLUMNS} FROM case_row INDEXED BY case_under_embargo"
            " WHERE embargo IN ('proposed', 'agreed') AND embargo_until IS NOT NULL"
            " ORDER BY embargo_until, stream LIMIT ?",
            (limit,),
        )
        return tuple(case_row(row) for row in rows)

    def _matches(self) -> tuple[str, int]:
        """The streams with a piece that a term matches, and how often the statement takes the term."""
        news = "SELECT EXISTS (SELECT 1 FROM stale_text), EXISTS (SELECT 1 FROM fresh_text)"
        has_stale, has_fresh = self._db.one(news)
        indexed = _ALL_PIECES + (_NOT_STALE if has_stale else "")
        return (f"{indexed} UNION ALL {_FRESH_PIECES}", 2) if has_fresh else (indexed, 1)

    def _are_common(self, words: tuple[str, ...]) -> bool:
        """Whether each of the words is in so many cases that walking the index of the order is the cheaper way."""
        for word in words:
            sql = "SELECT count(*) FROM (SELECT 1 FROM case_search WHERE case_search MATCH ? LIMIT ?)"
            if self._db.one(sql, (word, _FEW + 1))[0] <= _FEW:
                return False
        return True

    def _rows(self, streams: list[int]) -> tuple[CaseRow, ...]:
        columns = ", ".join(f"c.{name.strip()}" for name in ROW_COLUMNS.split(","))
        sql = f"SELECT {columns} FROM json_each(?) j CROSS JOIN case_row c ON c.stream = j.value ORDER BY j.key"
        return tuple(case_row(row) for row in self._db.all(sql, (msgspec.json.encode(streams).decode(),)))


def _repeated(words: tuple[str, ...], times: int) -> list[str]:
    return [word for word in words for _ in range(times)]


class _Source:
    """Tables and conditions that a page is read from; the conditions' values stand in their order."""

    def __init__(self, opens: tuple[int, ...], tables: str, sql: list[str], values: list[Any]) -> None:
        self._opens = opens
        self._tables = tables
        self._sql = sql
        self._values = values

    def statement(self, column: str, part: int, after: Place | None, *, descending: bool) -> tuple[str, list[Any]]:
        """The statement for cases with a key (part 0) or without one (1); its LIMIT is still to be given."""
        way, beyond = ("DESC", "<") if descending else ("ASC", ">")
        sql = [f"r.{column} IS NOT NULL" if part == 0 else f"r.{column} IS NULL", *self._sql]
        values = list(self._values)
        if after is not None and part == 0:
            sql.append(f"(r.{column}, r.stream) {beyond} (?, ?)")
            values.extend((after.key, after.stream))
        elif after is not None:
            sql.append(f"r.stream {beyond} ?")
            values.append(after.stream)
        order = f"ORDER BY key {way}, stream {way}"
        one = (
            f"SELECT r.{column} AS key, r.stream AS stream FROM {self._tables} WHERE r.open = ? AND {' AND '.join(sql)}"
            f" ORDER BY r.{column} {way}, r.stream {way}"
        )
        if len(self._opens) == 1:
            return f"{one} LIMIT ?", [self._opens[0], *values]
        both = " UNION ALL ".join(f"SELECT * FROM ({one})" for _ in self._opens)
        every = [value for is_open in self._opens for value in (is_open, *values)]
        return f"SELECT * FROM ({both}) {order} LIMIT ?", every


def case_row(row: tuple[Any, ...]) -> CaseRow:
    """A line of the table from the columns of ROW_COLUMNS."""
    (
        case_id, ref, title, stage, track, updated, rating, score, lines, cves, handler, handler_id, embargo, until,
        what, due, rule, paused, release,
    ) = row  # fmt: skip
    following = None
    if what:
        following = NextStep(what=what, due=None if due is None else moment_of(due), rule=rule, paused=bool(paused))
    return CaseRow(
        id=case_id,
        ref=ref,
        title=title,
        stage=stage,
        track=track,
        updated=moment_of(updated),
        rating=rating,
        score=score,
        lines=_TEXTS.decode(lines),
        cves=_TEXTS.decode(cves),
        handler=handler,
        handler_id=handler_id,
        embargo=embargo,
        embargo_until=None if until is None else moment_of(until),
        next=following,
        release=release,
    )
