"""Runs work on the vault's one thread and brings the answer home to the UI thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Final, TypeVar, final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal, Slot

from app.presenters.runner import Cancelled, Report

_T = TypeVar("_T")
_LONGEST_END: Final = 30.0  # seconds


@final
class _Progress:
    """The latest report of one long work; at most one of them waits for delivery, whatever the work sends."""

    def __init__(self, announce: Callable[[Callable[[], None]], None], heard: Report) -> None:
        self._announce = announce
        self._heard = heard
        self._lock = Lock()
        self._latest: tuple[int, int] | None = None

    def report(self, done: int, total: int) -> None:
        with self._lock:
            waiting = self._latest is not None
            self._latest = (done, total)
        if not waiting:
            self._announce(self._tell)

    def _tell(self) -> None:
        with self._lock:
            latest, self._latest = self._latest, None
        if latest is not None:
            self._heard(*latest)


@final
class QtRunner(QObject):
    """The Runner port on Qt: one thread, so that the vault sees one command at a time and in order.

    The vault must be opened, used and closed on that thread; `finish` closes it there.
    """

    busyChanged = Signal(bool)
    _answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._works: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        # A daemon, so that a program that dies without an end does not hang; `finish` is the orderly end.
        self._thread = Thread(target=self._serve, name="vault", daemon=True)
        self._thread.start()
        self._stops: set[Event] = set()
        self._waiting = 0
        self._finished = False
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def waiting(self) -> int:
        """How many works have not answered yet."""
        return self._waiting

    def run(self, work: Callable[[], _T], done: Callable[[_T], None], failed: Callable[[Exception], None]) -> None:
        self._begin()
        self._works.put(partial(self._job, work, partial(self._end, done), partial(self._end, failed)))

    def run_long(
        self,
        work: Callable[[Report, Cancelled], _T],
        done: Callable[[_T], None],
        failed: Callable[[Exception], None],
        progress: Report,
    ) -> Callable[[], None]:
        stop = Event()
        self._stops.add(stop)
        reports = _Progress(self._answered.emit, progress)

        def after(answer: Callable[[_T], None] | Callable[[Exception], None], value: object) -> None:
            self._stops.discard(stop)
            # Each answer gets the kind of value it was paired with.
            answer(value)  # type: ignore[arg-type]

        def whole() -> _T:
            return work(reports.report, stop.is_set)

        self.run(whole, partial(after, done), partial(after, failed))
        return stop.set

    def drain(self, seconds: float) -> bool:
        """Wait until everything asked for so far is done and deliver its answers; whether that came within the time."""
        if self._finished:
            return True
        done = Event()
        self._works.put(done.set)
        came = done.wait(seconds)
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)
        return came

    def finish(self, last: Callable[[], None]) -> None:
        """Let what was asked for end, run `last` (closing the vault) on the vault's thread, end the thread.

        Long works are asked to stop. Waits, but not for ever on a disk that answers no more: a store bears being left.
        Raises what `last` raised. No answer is delivered afterwards.
        """
        if self._finished:
            return
        for stop in self._stops:
            stop.set()
        problems: list[Exception] = []

        def end() -> None:
            try:
                last()
            except Exception as problem:  # noqa: BLE001 - raised again on the thread that waits
                problems.append(problem)

        self._works.put(end)
        self._works.put(None)
        self._thread.join(_LONGEST_END)
        self._finished = True
        if problems:
            raise problems[0]

    def _serve(self) -> None:
        """The vault's thread: one work after the other, until there is none to come."""
        while (work := self._works.get()) is not None:
            work()
            # The last one closes the store: kept until the next, it would keep all that the store remembers.
            del work

    def _job(self, work: Callable[[], _T], done: Callable[[_T], None], failed: Callable[[Exception], None]) -> None:
        answer: Callable[[], None]
        try:
            answer = partial(done, work())
        except Exception as problem:  # noqa: BLE001 - the boundary: nothing may escape a thread
            answer = partial(failed, problem)
        self._answered.emit(answer)

    def _begin(self) -> None:
        self._waiting += 1
        if self._waiting == 1:
            self.busyChanged.emit(True)

    def _end(self, answer: Callable[[_T], None], value: _T) -> None:
        self._waiting -= 1
        try:
            answer(value)
        finally:
            if self._waiting == 0:
                self.busyChanged.emit(False)

    @Slot(object)
    def _deliver(self, answer: Callable[[], None]) -> None:
        if not self._finished:
            answer()
