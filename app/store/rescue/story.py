"""The story that the finds tell: each event in the order of the log, and what of it is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, Literal

import msgspec

from app.domain.errors import AppError
from app.domain.events import CASE_EVENTS, RELEASE_EVENTS, TEAM_EVENTS, Event, decode
from app.domain.team import TEAM_STREAM
from app.domain.values import Person
from app.store.chain import moment_of
from app.store.rescue.finds import Finds, Link

Fate = Literal["found", "erased", "lost"]
_TEAM: Final = frozenset(kind.__name__ for kind in TEAM_EVENTS)
_BEGINS_STREAM: Final = {
    **{kind.__name__: "case" for kind in CASE_EVENTS if kind.__name__ in ("ReportReceived", "RecordImported")},
    **{kind.__name__: "release" for kind in RELEASE_EVENTS if kind.__name__ == "ReleasePlanned"},
}


class _Tag(msgspec.Struct):
    """How the body of an event begins."""

    type: str
    id: str = ""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the damaged store. `at` is UTC and, like `actor`, None where only the body was left.

    `stream` is "" where nobody can tell whose event it was; `prev` is the number of the stream's event before.
    """

    seq: int
    fate: Fate
    stream: str = ""
    prev: int = 0
    at: datetime | None = None
    actor: Person | None = None
    begins: bool = True
    event: Event | None = None
    is_proven: bool = False


class Story:
    """Every event that the finds know of, in order."""

    def __init__(self, finds: Finds, lasts: Mapping[int, str]) -> None:
        """`lasts` names the streams whose last event, by their kept state, is this one."""
        self._finds = finds
        self._links: set[int] = set()
        self._owner: dict[int, str] = dict(lasts)
        """Streams of events by what the event after them or the kept state says; for links that are lost."""
        for seq in finds.numbers("log"):
            link = finds.link(seq)
            if link is None:
                continue
            self._links.add(seq)
            name = self._name_of(link)
            if name and link.stream_prev:
                self._owner[link.stream_prev] = name
        bodies = (seq for seq in finds.numbers("body") if seq in self._links or finds.body(seq, None) is not None)
        self._order = sorted({*self._links, *bodies})

    def __len__(self) -> int:
        return len(self._order)

    @property
    def last(self) -> int:
        """The highest number that any row speaks of: as many events there were at least."""
        return max(self._finds.said_to_be(), self._order[-1] if self._order else 0)

    def events(self) -> Iterator[Found]:
        """Each event that left a link or a body, in the order of the log."""
        for seq in self._order:
            link = self._finds.link(seq) if seq in self._links else None
            yield self._bare(seq) if link is None else self._whole(seq, link)

    def _whole(self, seq: int, link: Link) -> Found:
        stream = self._name_of(link) or self._owner.get(seq, "")
        body = self._finds.body(seq, link)
        found = Found(
            seq=seq,
            fate="lost",
            stream=stream,
            prev=link.stream_prev,
            at=_moment(link.at),
            actor=link.actor,
            begins=link.begins,
        )
        if body is None or found.at is None:
            return found
        if body.content is None:
            return msgspec.structs.replace(found, fate="erased")
        try:
            event = decode(link.kind, body.content)
        except AppError:
            return found
        stream = stream or _own_stream(link.kind, body.content)
        proven = link.is_proven and body.is_proven
        return msgspec.structs.replace(
            found, fate="found" if stream else "lost", stream=stream, event=event, is_proven=proven
        )

    def _bare(self, seq: int) -> Found:
        """An event whose link is lost: what it was and whose may still be told, when and by whom not."""
        body = self._finds.body(seq, None)
        stream = self._owner.get(seq, "")
        if body is None or body.content is None:
            return Found(seq=seq, fate="erased" if body is not None else "lost", stream=stream)
        try:
            kind = msgspec.json.decode(body.content, type=_Tag).type
            event = decode(kind, body.content)
        except (msgspec.DecodeError, AppError):
            return Found(seq=seq, fate="lost", stream=stream)
        stream = stream or _own_stream(kind, body.content)
        return Found(seq=seq, fate="found" if stream else "lost", stream=stream, event=event)

    def _name_of(self, link: Link) -> str:
        if link.stream is not None:
            return link.stream
        if link.kind in _TEAM:
            return TEAM_STREAM
        # The row that names the stream is lost; the event that began it tells what it was called.
        if link.stream_prev == 0:
            body = self._finds.body(link.seq, link)
            name = _own_stream(link.kind, body.content) if body is not None and body.content is not None else ""
            if name:
                self._finds.streams[link.stream_no] = [name]
            return name
        return ""


def ranges(numbers: Iterable[int]) -> tuple[str, ...]:
    """Numbers in order as `12` and `15-17`."""
    told: list[str] = []
    first = last = 0
    for number in (*numbers, 0):
        if number == last + 1 and last:
            last = number
            continue
        if last:
            told.append(str(first) if first == last else f"{first}-{last}")
        first = last = number
    return tuple(told)


def gaps(numbers: Iterable[int], last: int) -> tuple[str, ...]:
    """What is missing of 1 to `last`, as `ranges` tells it; takes no longer for a number that somebody made up."""
    told: list[str] = []
    expected = 1
    for number in (*sorted(numbers), last + 1):
        if number == expected + 1:
            told.append(str(expected))
        elif number > expected:
            told.append(f"{expected}-{number - 1}")
        expected = number + 1
    return tuple(told)


def _own_stream(kind: str, content: bytes) -> str:
    if kind in _TEAM:
        return TEAM_STREAM
    if kind not in _BEGINS_STREAM:
        return ""
    try:
        named = msgspec.json.decode(content, type=_Tag).id
    except msgspec.DecodeError:
        return ""
    return f"{_BEGINS_STREAM[kind]}:{named}" if named else ""


def _moment(at: int) -> datetime | None:
    try:
        return moment_of(at)
    except OverflowError:
        return None
