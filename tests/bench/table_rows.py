"""What the case table costs the thread of the window: a keystroke's answer shown, a page scrolled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QTableView
from typing_extensions import override

from app.bootstrap import Parts, Session
from app.desk.ports.vault import CaseQuery
from app.presenters.target import Target
from tests.bench.frame import CPU, Budget, Line, Result, worked
from tests.bench.large_store import OWNER, START, opened, store_of
from tests.bench.screen_setting import PAGE, context, dressed, settings
from tests.bench.setting import Setting
from tests.bench.standing_clock import StandingClock
from ui.screens.cases.view import CasesScreen

KEYSTROKE: Final = Line(
    row="keystroke", what="an answer of 200 cases shown and painted", budget=Budget(most=16), unit=CPU
)
NAIVE: Final = "a naive model of the same rows and columns in a plain QTableView"
SCROLL: Final = Line(
    row="keystroke", what="scrolled by a page, to rows seen before", yardstick=NAIVE, budget=Budget(times=0.5), unit=CPU
)
FIRST_SIGHT: Final = Line(
    row="keystroke", what="scrolled by a page, to rows never seen", yardstick=NAIVE, budget=Budget(times=0.5), unit=CPU
)
_ROWS: Final = 5_000
_SEEN: Final = 5  # pages that are gone through again and again
_ROOT: Final = QModelIndex()


class NaiveModel(QAbstractTableModel):
    """What one writes first: a list, and a comparison with Qt's own enum."""

    def __init__(self, rows: list[tuple[str, ...]]) -> None:
        super().__init__()
        self._rows = rows

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return len(self._rows)

    @override
    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return len(self._rows[0])

    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()][index.column()]
        return None


def measure(setting: Setting) -> Iterator[Result]:
    """The real page of cases, at the size it has in a window of 1440 × 900, on the large store."""
    vault = opened(store_of(setting.cases))
    application = dressed()
    session = Session(vault, Parts(StandingClock(START)), OWNER)
    screen = CasesScreen(context(session, application), settings())
    try:
        screen.resize(*PAGE)
        screen.show()
        screen.open(Target(page="cases"))
        application.processEvents()
        yield KEYSTROKE.measured(worked(_keystroke(screen, session)), rounds=setting.many, warm=3)
        yield from _scrolled(setting, screen, session, application)
    finally:
        screen.close()
        vault.close()


def _keystroke(screen: CasesScreen, session: Session) -> Callable[[], None]:
    """Two answers by turns, as if somebody typed and took it back."""
    queries = (CaseQuery(text="par"), CaseQuery(text="par hea", sort="updated", descending=True))
    answers = [(query, session.queries.cases(query)) for query in queries]
    turns = iter(range(1_000_000))

    def shown() -> None:
        query, page = answers[next(turns) % 2]
        screen.show_query(query)
        screen.show_rows(page.rows, more=page.cursor is not None, same=False)
        screen.show_found(len(page.rows), 1)
        QApplication.sendPostedEvents()  # layouts, which no painting waits for
        screen.repaint()

    return shown


def _scrolled(setting: Setting, screen: CasesScreen, session: Session, application: QApplication) -> Iterator[Result]:
    rows = session.queries.cases(CaseQuery(sort="updated"), limit=_ROWS).rows
    screen.show_rows(rows, more=False, same=False)
    own = screen.table
    naive = QTableView()
    cells = [tuple(screen.model.text(row, column.key) for column in screen.model.columns) for row in rows]
    model = NaiveModel(cells)
    naive.setModel(model)
    naive.verticalHeader().hide()
    naive.verticalHeader().setDefaultSectionSize(own.rowHeight(0))
    naive.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    naive.resize(own.size())
    for place in range(len(screen.model.columns)):
        naive.setColumnWidth(place, own.columnWidth(place))
    naive.show()
    application.processEvents()
    fresh = [worked(_page_down(table)) for table in (own, naive)]
    yield FIRST_SIGHT.measured(fresh[0], fresh[1], rounds=setting.many, warm=3)
    seen = [worked(_page_down(table, _SEEN)) for table in (own, naive)]
    yield SCROLL.measured(seen[0], seen[1], rounds=setting.many, warm=_SEEN + 3)


def _page_down(table: QTableView, pages: int = 0) -> Callable[[], None]:
    """A whole page further each time, from the top again at the end of so many pages, or of all."""
    bar = table.verticalScrollBar()

    def scrolled() -> None:
        page = bar.pageStep()
        further = bar.value() + page
        bar.setValue(0 if further > (page * pages if pages else bar.maximum()) else further)
        table.viewport().repaint()

    return scrolled
