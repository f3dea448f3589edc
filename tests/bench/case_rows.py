"""Opening a case about which everybody wrote: queries, page and paint, as one answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QStackedWidget

from app.bootstrap import Parts, Session
from app.presenters.target import case_target
from tests.bench.frame import CPU, Budget, Line, Result, Sample, worked
from tests.bench.large_store import LONG_HISTORY, OWNER, START, opened, store_of
from tests.bench.screen_setting import PAGE, context, dressed
from tests.bench.setting import Setting
from tests.bench.standing_clock import StandingClock
from tests.fakes_runner import InlineRunner
from ui.screens.case.view import CaseScreen

_ID: Final = "B0000000"
_SHORT: Final = "B0000008"


def measure(setting: Setting) -> Iterator[Result]:
    """The page as it is made anew each time a case is opened, with every answer of the store before the paint."""
    vault = opened(store_of(setting.cases))
    application = dressed()
    stack = QStackedWidget()
    stack.resize(*PAGE)
    stack.show()
    try:
        session = Session(vault, Parts(StandingClock(START)), OWNER)
        references = [session.queries.case(one) for one in (_ID, _SHORT)]
        long, short = (case.ref for case in references if case is not None)
        events = session.queries.history_count(long)
        line = Line(row="case", what=f"opening a case with {events} events", budget=Budget(most=50), unit=CPU)
        opening = _opening(stack, session, application, long)
        yield line.measured(_tidied(opening), rounds=setting.many, warm=2)
        history = Line(row="case", what=f"opening its history, {events} events", budget=Budget(most=50), unit=CPU)
        opening = _opening(stack, session, application, long, tab="history")
        yield history.measured(_tidied(opening), rounds=setting.many, warm=2)
        usual = Line(row="case", what="opening a case with some twenty events", budget=Budget(most=50), unit=CPU)
        opening = _opening(stack, session, application, short)
        yield usual.measured(_tidied(opening), rounds=setting.many, warm=2)
    finally:
        vault.close()
    if events != LONG_HISTORY:
        raise AssertionError(events)


def _tidied(opening: Callable[[], None]) -> Sample:
    """Between two rounds there is nothing else to do, and what was taken down goes."""
    opened_once = worked(opening)

    def sample() -> float:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        return opened_once()

    return sample


def _opening(
    stack: QStackedWidget, session: Session, application: QApplication, ref: str, tab: str = ""
) -> Callable[[], None]:
    """Opens the case; the page of the time before is taken down first, as when one goes from case to case."""
    runner = InlineRunner(held=True)
    ctx = context(session, application, runner)
    shown: list[CaseScreen] = []

    def opening() -> None:
        while shown:
            _take_down(stack, shown.pop())
        screen = CaseScreen(ctx, ref)
        shown.append(screen)
        stack.addWidget(screen)
        stack.setCurrentWidget(screen)
        screen.open(case_target(ref, tab=tab))
        # As in the window, the page stands when the store answers; answers may ask again.
        _answer_all(runner)
        QApplication.sendPostedEvents()  # layouts, which no painting waits for
        stack.repaint()

    return opening


def _answer_all(runner: InlineRunner) -> None:
    ran = -1
    while ran != runner.ran:
        ran = runner.ran
        runner.release()


def _take_down(stack: QStackedWidget, screen: CaseScreen) -> None:
    """As the workspace does it: the widgets themselves go when there is nothing else to do."""
    screen.close()
    stack.removeWidget(screen)
    screen.deleteLater()
