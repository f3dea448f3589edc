"""Watches for hands on the keyboard and the mouse, and locks when there were none for too long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from typing_extensions import override

from app.presenters.shell import IdleLock

_TOUCHES: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        # A key that is a shortcut is never pressed for anybody else.
        QEvent.Type.ShortcutOverride,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)
_LOOK_EVERY: Final = 5_000  # milliseconds


@final
class IdleWatcher(QObject):
    """Feeds an IdleLock from the application's events; `stop` before the store is closed."""

    def __init__(
        self,
        app: QCoreApplication,
        now: Callable[[], datetime],
        minutes: int,
        lock: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._now = now
        self._idle = IdleLock(now(), minutes, lock)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        app.installEventFilter(self)

    def set_minutes(self, minutes: int) -> None:
        self._idle.set_minutes(minutes)

    def limit(self) -> timedelta:
        return self._idle.limit

    def left(self) -> timedelta:
        """How long until it locks if nothing is touched."""
        return self._idle.left(self._now())

    def look(self) -> None:
        """Lock if the time is over; also right after the machine slept."""
        self._idle.check(self._now())

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()
        self._app.removeEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self._idle.touched(self._now())
        return False
