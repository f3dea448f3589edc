"""Tells every open presenter what a command changed."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.changes import Changes

Listener = Callable[[Changes], None]


class Hub:
    """Hands each change to everybody who listens, on the UI thread, in the order they came.

    A presenter that ran a command publishes the Changes of its answer; everyone, itself included, refetches
    what it shows. Listeners may come and go while a change is being handed out.
    """

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hear of every change from now on; gives back the act that stops it, which may be called twice."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def publish(self, changes: Changes) -> None:
        """Hand out what changed."""
        for listener in tuple(self._listeners):
            if listener in self._listeners:
                listener(changes)

    def clear(self) -> None:
        """Forget every listener, as when the store is locked."""
        self._listeners.clear()
