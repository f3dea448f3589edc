"""What is found in the pages of a damaged store: rows by table and number, and which of them can be believed.

A row of a page that is as it was written is believed. A row of any other page is believed only where something vouches
for it: a link by its own hash, a body by the commitment in its link, a state by its digest, a file by its SHA-256.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from app.desk.ports.vault import Progress
from app.domain.values import Person
from app.store.chain import commitment, link_hash
from app.store.log import actor_digest
from app.store.pages import PageFile
from app.store.rescue.records import Row, cell_at, offsets, row_of, shape_of

_STREAM: Final = re.compile(r"team|(?:case|release):[A-Za-z0-9._-]{1,64}")
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LONGEST_NAME: Final = 4096
_CANDIDATES: Final = 8
"""Rows of one number that are looked at; a whole store has one."""
_STEP: Final = 200
_PERSON: Final = msgspec.json.Decoder(Person)


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One link of the log: `stream` and `actor` are None where their names are lost, `is_proven` by its own hash."""

    seq: int
    stream_no: int
    stream: str | None
    stream_prev: int
    kind: str
    at: int
    actor: Person | None
    begins: bool
    commitment: bytes
    state_digest: bytes
    is_proven: bool


class Content(msgspec.Struct, frozen=True):
    """The body of an event; None where it was erased for retention. Proven where its link vouches for it."""

    content: bytes | None
    is_proven: bool


class State(msgspec.Struct, frozen=True):
    """A kept state of a stream after its event `last`; proven where the link of that event vouches for it."""

    version: int
    last: int
    content: bytes
    is_proven: bool


class Finds:
    """Everything that was found in one pass over the pages."""

    def __init__(self, pages: PageFile, store_id: str) -> None:
        self._pages = pages
        self.store_id = store_id
        # table -> number of the row -> where: page << 12 | offset, or several of them.
        self._places: dict[str, dict[int, int | tuple[int, ...]]] = {}
        self._sound: set[int] = set()
        self.streams: dict[int, list[str]] = {}
        self._actors: dict[int, list[str]] = {}
        self._devices: dict[int, list[str]] = {}
        self.bad: list[int] = []
        """Pages that are not as they were written."""

    @property
    def pages(self) -> int:
        """How many pages the file has."""
        return self._pages.count

    @property
    def cut(self) -> int:
        """How many pages the database says it has beyond the end of the file."""
        return max(0, self._pages.stated() - self._pages.count)

    def scan(self, progress: Progress | None = None) -> None:
        """Looks at every page once; `progress` is told pages."""
        count = self._pages.count
        for number in range(1, count + 1):
            content, is_sound = self._pages.page(number)
            if is_sound:
                self._sound.add(number)
            else:
                self.bad.append(number)
            for offset in offsets(number, content, is_sound=is_sound):
                self._meet(number, content, offset)
            if progress is not None and number % _STEP == 0:
                progress(number, 2 * count)

    def numbers(self, table: str) -> list[int]:
        """The numbers of all rows of a table, in order."""
        return sorted(self._places.get(table, ()))

    def rows(self, table: str, number: int) -> Iterator[tuple[Row, bool]]:
        """The rows found under a number, those of sound pages first, each with whether its pages are sound."""
        found = self._places.get(table, {}).get(number, ())
        places = (found,) if isinstance(found, int) else found
        for place in sorted(places, key=lambda place: place >> 12 not in self._sound)[:_CANDIDATES]:
            row = self._row(place)
            if row is not None:
                yield row

    def link(self, seq: int) -> Link | None:
        """The link of this event, or None."""
        believed: Link | None = None
        for row, is_sound in self.rows("log", seq):
            link = self._proven(seq, row)
            if link is not None:
                return link
            if is_sound and believed is None:
                believed = self._as_it_stands(seq, row)
        return believed

    def body(self, seq: int, link: Link | None) -> Content | None:
        """The body of this event, or None."""
        believed: Content | None = None
        for row, is_sound in self.rows("body", seq):
            salt, content = row[1], row[2]
            if isinstance(salt, bytes) and isinstance(content, bytes):
                if link is not None and commitment(salt, content) == link.commitment:
                    return Content(content, is_proven=True)
                if is_sound and believed is None:
                    believed = Content(content, is_proven=False)
            elif is_sound and believed is None:
                believed = Content(None, is_proven=True)
        return believed

    def state(self, no: int) -> State | None:
        """The newest kept state of a stream, or None."""
        found: list[State] = []
        for row, is_sound in self.rows("state", no):
            _, version, last, content = row[:4]
            if not (isinstance(version, int) and isinstance(last, int) and isinstance(content, bytes)):
                continue
            digest = hashlib.sha256(content).digest()
            vouched = {row[12] for row, _ in self.rows("log", last)}
            if digest in vouched:
                found.append(State(version, last, content, is_proven=True))
            elif is_sound and not vouched:
                found.append(State(version, last, content, is_proven=False))
        return max(found, key=lambda state: state.last, default=None)

    def said_to_be(self) -> int:
        """How many events the store itself says it had, in the rows that are left."""
        counts = [row[1] for no in self.numbers("anchor") for row, is_sound in self.rows("anchor", no) if is_sound]
        lasts = [row[2] for no in self.numbers("state") for row, is_sound in self.rows("state", no) if is_sound]
        return max((n for n in (*counts, *lasts) if isinstance(n, int)), default=0)

    def _meet(self, number: int, content: bytes, offset: int) -> None:
        cell = cell_at(content, offset)
        table = "" if cell is None else shape_of(cell.serials)
        if cell is None or not table or cell.number < 0:
            return
        place = number << 12 | offset
        if table == "name":
            if cell.size <= _LONGEST_NAME:
                self._name(cell.number, place)
            return
        rows = self._places.setdefault(table, {})
        there = rows.get(cell.number)
        if there is None:
            rows[cell.number] = place
        else:
            several = (there,) if isinstance(there, int) else there
            # Everything may be said twice by rubbish, never without end.
            rows[cell.number] = (*several, place) if len(several) < 4 * _CANDIDATES else several

    def _name(self, number: int, place: int) -> None:
        """Streams, actors and devices look alike; so do the words of cases, which no link can mean."""
        row = self._row(place)
        text = row[0][1] if row is not None else None
        if not isinstance(text, str):
            return
        if _STREAM.fullmatch(text):
            _add(self.streams, number, text)
        elif text.startswith("{"):
            if _person(text) is not None:
                _add(self._actors, number, text)
        elif _ID.fullmatch(text):
            _add(self._devices, number, text)

    def _row(self, place: int) -> tuple[Row, bool] | None:
        number, offset = place >> 12, place & 0xFFF
        content, is_sound = self._pages.page(number)
        cell = cell_at(content, offset)
        row = None if cell is None else row_of(self._pages, content, cell)
        return None if row is None else (row[0], is_sound and row[1])

    def _proven(self, seq: int, row: Row) -> Link | None:
        # One stream, one actor and one device are named in a link; of each there is one name in a whole store.
        event_id, no, prev, kind, at, actor, device, device_seq = row[1:9]
        before, seal, committed, digest, version, own = row[9:15]
        for stream in self.streams.get(_number(no), ()):
            for person in self._actors.get(_number(actor), ()):
                for device_id in self._devices.get(_number(device), ()):
                    link = (
                        self.store_id, seq, event_id, stream, prev, kind, at, actor_digest(person), device_id,
                        device_seq, _hex(before), _hex(seal), _hex(committed), _hex(digest), version,
                    )  # fmt: skip
                    if link_hash(link) == own:
                        return _link(seq, row, stream, _person(person), is_proven=True)
        return None

    def _as_it_stands(self, seq: int, row: Row) -> Link:
        streams, actors = self.streams.get(_number(row[2]), ()), self._actors.get(_number(row[6]), ())
        actor = _person(actors[0]) if actors else None
        return _link(seq, row, streams[0] if streams else None, actor, is_proven=False)


def _link(seq: int, row: Row, stream: str | None, actor: Person | None, *, is_proven: bool) -> Link:
    return Link(
        seq=seq,
        stream_no=_number(row[2]),
        stream=stream,
        stream_prev=_number(row[3]),
        kind=str(row[4]),
        at=_number(row[5]),
        actor=actor,
        begins=row[10] is not None,
        commitment=_bytes(row[11]),
        state_digest=_bytes(row[12]),
        is_proven=is_proven,
    )


def _add(names: dict[int, list[str]], number: int, text: str) -> None:
    known = names.setdefault(number, [])
    if text not in known and len(known) < _CANDIDATES:
        known.append(text)


def _person(text: str) -> Person | None:
    try:
        return _PERSON.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else b""


def _hex(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else ""
