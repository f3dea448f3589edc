"""The hub hands each change to everybody who listens."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.changes import Changes
from app.presenters.hub import Hub

CHANGE = Changes(refs=frozenset({"H-2026-001"}), topics=frozenset({"case"}))


def test_everybody_who_listens_hears_in_order() -> None:
    hub, heard = Hub(), list[str]()
    hub.listen(lambda _c: heard.append("first"))
    hub.listen(lambda _c: heard.append("second"))
    hub.publish(CHANGE)
    assert heard == ["first", "second"]


def test_who_stopped_hears_nothing_and_may_stop_twice() -> None:
    hub, heard = Hub(), list[Changes]()
    stop = hub.listen(heard.append)
    stop()
    stop()
    hub.publish(CHANGE)
    assert heard == []


def test_who_is_sent_away_by_the_change_itself_hears_no_more() -> None:
    hub, heard = Hub(), list[Changes]()
    stops: list[Callable[[], None]] = []
    hub.listen(lambda _c: stops[0]())
    stops.append(hub.listen(heard.append))
    hub.publish(CHANGE)
    assert heard == []


def test_after_a_lock_nobody_listens() -> None:
    hub, heard = Hub(), list[Changes]()
    hub.listen(heard.append)
    hub.clear()
    hub.publish(CHANGE)
    assert heard == []
