"""The kinds of streams: how each state evolves, is read and is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from app.domain import team as team_rules
from app.domain.case.evolve import evolve as evolve_case
from app.domain.case.state import Case
from app.domain.errors import Defect, Environment
from app.domain.events import CASE_EVENTS, RELEASE_EVENTS, TEAM_EVENTS, Event
from app.domain.release.evolve import evolve as evolve_release
from app.domain.release.state import Release
from app.domain.team import TEAM_STREAM, Team
from app.domain.values import Person

State = Case | Release | Team

_ENCODER = msgspec.json.Encoder()
_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    "case": msgspec.json.Decoder(Case),
    "release": msgspec.json.Decoder(Release),
    TEAM_STREAM: msgspec.json.Decoder(Team),
}
_STREAM_OF: dict[type, str] = {
    **dict.fromkeys(CASE_EVENTS, "case"),
    **dict.fromkeys(RELEASE_EVENTS, "release"),
    **dict.fromkeys(TEAM_EVENTS, TEAM_STREAM),
}
_STATES: dict[str, type] = {"case": Case, "release": Release, TEAM_STREAM: Team}
_EVOLVE: dict[str, Callable[[Any, Any, datetime, Person], State]] = {
    "case": evolve_case,
    "release": evolve_release,
    TEAM_STREAM: lambda team, event, at, _actor: team_rules.evolve(team, event, at),
}
_PERSON = msgspec.json.Decoder(Person)


def kind_of(stream: str) -> str:
    """case, release or team."""
    return stream.partition(":")[0]


def evolve(kind: str, state: State | None, event: Event, at: datetime, actor: Person) -> State:
    """The state after this event; Defect("store.wrong-stream") for an event of another kind of stream."""
    # Asked of every event of the log in a row: one look into a table instead of one at each class.
    if _STREAM_OF.get(type(event)) != kind or not (state is None or type(state) is _STATES[kind]):
        raise Defect("store.wrong-stream", kind=type(event).__name__)
    changed: State = _EVOLVE[kind](state, event, at, actor)
    return changed


def write_state(state: State) -> bytes:
    """The state as compact JSON; equal states give equal bytes, and its SHA-256 is the digest in the log."""
    return _ENCODER.encode(state)


def read_state(kind: str, content: bytes) -> State:
    """The state again; raises Environment("store.damaged") where it does not fit."""
    try:
        state: State = _DECODERS[kind].decode(content)
    except msgspec.DecodeError:
        raise Environment("store.damaged", part="state") from None
    return state


def write_person(person: Person) -> str:
    """A person as the log names them."""
    return _ENCODER.encode(person).decode()


def read_person(text: str) -> Person:
    """The person again; raises Environment("store.damaged") where it does not fit."""
    try:
        return _PERSON.decode(text)
    except msgspec.DecodeError:
        raise Environment("store.damaged", part="actor") from None
