"""What a command changed, so that whoever shows something can decide whether to look again."""

from __future__ import annotations

import msgspec

from app.domain.events import CaseEvent, Event, ReleaseEvent

TOPICS = frozenset({"cases", "case", "releases", "release", "team", "history"})


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """References touched (cases and releases), and topics: cases, case, releases, release, team, history."""

    refs: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()

    def __or__(self, other: Changes) -> Changes:
        return Changes(refs=self.refs | other.refs, topics=self.topics | other.topics)


def changes_of(ref: str, events: tuple[Event, ...]) -> Changes:
    """The changes that these events of one stream make."""
    if not events:
        return Changes()
    topics = {"history"}
    for event in events:
        if isinstance(event, CaseEvent):
            topics |= {"cases", "case"}
        elif isinstance(event, ReleaseEvent):
            topics |= {"releases", "release"}
        else:
            topics.add("team")
    return Changes(refs=frozenset({ref}), topics=frozenset(topics))
