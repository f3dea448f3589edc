"""Opening a case about which everybody wrote: queries, page and paint, as one answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QStackedWidget

from app.bootstrap import Parts, Session
from app.presenters.target import case_target
from tests.bench.frame import Budget, Line, Result, timed
from tests.bench.large_store import LONG_HISTORY, OWNER, START, opened, store_of
from tests.bench.screen_setting import PAGE, context, dressed
from tests.bench.setting import Setting
from tests.bench.standing_clock import StandingClock
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
        line = Line(row="case", what=f"opening a case with {events} events", budget=Budget(most=50))
        yield line.measured(timed(_opening(stack, session, application, long)), rounds=setting.many, warm=2)
        history = Line(row="case", what=f"opening its history, {events} events", budget=Budget(most=50))
        opening = _opening(stack, session, application, long, tab="history")
        yield history.measured(timed(opening), rounds=setting.many, warm=2)
        usual = Line(row="case", what="opening a case with some twenty events", budget=Budget(most=50))
        yield usual.measured(timed(_opening(stack, session, application, short)), rounds=setting.many, warm=2)
    finally:
        vault.close()
    if events != LONG_HISTORY:
        raise AssertionError(events)


def _opening(
    stack: QStackedWidget, session: Session, application: QApplication, ref: str, tab: str = ""
) -> Callable[[], None]:
    ctx = context(session, application)

    def opening() -> None:
        screen = CaseScreen(ctx, ref)
        stack.addWidget(screen)
        stack.setCurrentWidget(screen)
        screen.open(case_target(ref, tab=tab))
        stack.repaint()
        _drop(stack, screen)

    return opening


def _drop(stack: QStackedWidget, screen: CaseScreen) -> None:
    """What a page leaves behind is a part of its price."""
    screen.close()
    stack.removeWidget(screen)
    screen.deleteLater()
    QApplication.sendPostedEvents(screen, QEvent.Type.DeferredDelete.value)
