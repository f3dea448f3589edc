"""The event language: one tagged union, so that decoding is validation."""

from __future__ import annotations

from typing import Any

import msgspec

from app.domain.errors import Defect, Environment
from app.domain.events import case_events, erasure_events, release_events, team_events
from app.domain.events.case_events import CaseEvent
from app.domain.events.release_events import ReleaseEvent
from app.domain.events.team_events import TeamEvent

Event = CaseEvent | ReleaseEvent | TeamEvent


def _types(module: Any, base: type) -> tuple[type, ...]:
    found = [v for v in vars(module).values() if isinstance(v, type) and issubclass(v, base) and v is not base]
    return tuple(found)


CASE_EVENTS: tuple[type, ...] = (*_types(case_events, CaseEvent), *_types(erasure_events, CaseEvent))
RELEASE_EVENTS: tuple[type, ...] = _types(release_events, ReleaseEvent)
TEAM_EVENTS: tuple[type, ...] = _types(team_events, TeamEvent)
EVENT_TYPES: dict[str, type] = {t.__name__: t for t in (*CASE_EVENTS, *RELEASE_EVENTS, *TEAM_EVENTS)}

_ENCODER = msgspec.json.Encoder()
_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {name: msgspec.json.Decoder(t) for name, t in EVENT_TYPES.items()}


def encode(event: Event) -> bytes:
    """The event as compact UTF-8 JSON with its type first; the same event always gives the same bytes."""
    return _ENCODER.encode(event)


def decode(kind: str, body: bytes) -> Event:
    """The event of this kind from its JSON.

    Raises Environment("store.newer-event") for a kind this version does not know,
    Defect("store.bad-event") where the body does not fit its kind.
    """
    decoder = _DECODERS.get(kind)
    if decoder is None:
        raise Environment("store.newer-event", kind=kind[:60])
    try:
        event: Event = decoder.decode(body)
    except msgspec.DecodeError as problem:
        raise Defect("store.bad-event", kind=kind) from problem
    return event


__all__ = [
    "CASE_EVENTS",
    "EVENT_TYPES",
    "RELEASE_EVENTS",
    "TEAM_EVENTS",
    "CaseEvent",
    "Event",
    "ReleaseEvent",
    "TeamEvent",
    "decode",
    "encode",
]
