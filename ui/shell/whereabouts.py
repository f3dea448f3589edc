"""Where in the open store the window was, kept over a lock: page, tab, filter, selection and scroll, and no text."""

from __future__ import annotations

import re
from typing import Final, NamedTuple, final

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QLineEdit, QWidget

from app.desk.ports.vault import CaseQuery
from app.presenters.cases import CasesPresenter
from app.presenters.runner import Runner
from app.presenters.session import Session
from app.presenters.target import Target
from ui.kit.table import ROW
from ui.screens.page import Page

_REFERENCE: Final = re.compile(r"[HR]-[0-9]{4}-[0-9]{3,6}")
_TRY_EVERY: Final = 30  # milliseconds
_TRIES: Final = 100
_SEARCH_FIELD: Final = "cases.search"
# The words of a search can be words of a case: they wait in the store, not in the memory of a locked window.
_SEARCH_DRAFT: Final = ("team", "cases-search")


class Whereabouts(NamedTuple):
    """A place of the window; references are the only thing in it that comes from a case."""

    target: Target
    query: CaseQuery | None = None
    """What narrowed and ordered the table of cases, without its words."""
    searched: bool = False
    """Whether there were words too; the store keeps them."""
    chosen: tuple[tuple[str, str], ...] = ()
    """The list or table, by its name, and the reference of the row that was chosen in it."""
    scrolled: tuple[tuple[str, int], ...] = ()
    """The area, by its name, and how far down it was."""


def whereabouts(target: Target, page: Page, session: Session, runner: Runner) -> Whereabouts:
    """Where the window is now; the words of a search are saved into the store, so ask before it is closed."""
    query, searched = None, False
    presenter = _presenter(page)
    if presenter is not None:
        text = presenter.query.text
        query, searched = replace(presenter.query, text=""), bool(text)
        if searched:
            runner.run(lambda: session.desk.save_draft(*_SEARCH_DRAFT, text), _nobody, _nobody)
    return Whereabouts(target, query, searched, _chosen(page.widget), _scrolled(page.widget))


@final
class Return(QObject):
    """Brings a page back to where it was as its parts fill; what is not there after three seconds is left."""

    def __init__(self, where: Whereabouts, page: Page, session: Session, runner: Runner) -> None:
        super().__init__(page.widget)
        self._where = where
        self._page = page
        self._session = session
        self._runner = runner
        self._chosen = dict(where.chosen)
        self._scrolled = dict(where.scrolled)
        self._left = _TRIES
        self._timer = QTimer(self)
        self._timer.setInterval(_TRY_EVERY)
        self._timer.timeout.connect(self._try)

    def prepare(self) -> None:
        """Before the page is opened: the filter, so that only what it leaves is asked for."""
        presenter = _presenter(self._page)
        if presenter is not None and self._where.query is not None:
            presenter.restore(replace(self._where.query, me=presenter.query.me))

    def start(self) -> None:
        """After the page was opened."""
        if not self._where.searched:
            self._begin()
            return
        self._runner.run(self._read, self._search, lambda _problem: self._begin())

    def _read(self) -> str | None:
        return self._session.queries.draft(*_SEARCH_DRAFT)

    def _search(self, text: str | None) -> None:
        field = self._page.widget.findChild(QLineEdit, _SEARCH_FIELD)
        presenter = _presenter(self._page)
        if text and isinstance(field, QLineEdit) and presenter is not None:
            field.setText(text)
            presenter.search(text)
            self._runner.run(lambda: self._session.desk.save_draft(*_SEARCH_DRAFT, None), _nobody, _nobody)
        # What the search finds is asked for already, so this comes after it.
        self._runner.run(_nothing, lambda _none: self._begin(), lambda _problem: self._begin())

    def _begin(self) -> None:
        if self._chosen or self._scrolled:
            self._timer.start()
            self._try()

    def _try(self) -> None:
        """Choose and scroll what can be by now; choosing may scroll, so scrolling comes last."""
        for view in self._page.widget.findChildren(QAbstractItemView):
            ref = self._chosen.get(view.objectName(), "")
            if ref and view.isVisible() and _choose(view, ref):
                del self._chosen[view.objectName()]
        if not self._chosen or self._left < _TRIES // 2:
            self._scroll()
        self._left -= 1
        if self._left <= 0 or not (self._chosen or self._scrolled):
            self._timer.stop()
            self.deleteLater()

    def _scroll(self) -> None:
        for area in self._page.widget.findChildren(QAbstractScrollArea):
            wanted = self._scrolled.get(area.objectName(), 0)
            bar = area.verticalScrollBar()
            if wanted and area.isVisible() and bar.maximum() >= wanted:
                bar.setValue(wanted)
                del self._scrolled[area.objectName()]


def _presenter(page: Page) -> CasesPresenter | None:
    """The one presenter whose page has a filter."""
    found = getattr(page, "presenter", None)
    return found if isinstance(found, CasesPresenter) else None


def _chosen(page: QWidget) -> tuple[tuple[str, str], ...]:
    found = []
    for view in page.findChildren(QAbstractItemView):
        index = view.currentIndex()
        ref = str(getattr(index.data(ROW), "ref", "")) if index.isValid() else ""
        if view.objectName() and view.isVisible() and _REFERENCE.fullmatch(ref):
            found.append((view.objectName(), ref))
    return tuple(found)


def _scrolled(page: QWidget) -> tuple[tuple[str, int], ...]:
    areas = [a for a in page.findChildren(QAbstractScrollArea) if a.objectName() and a.isVisible()]
    return tuple((a.objectName(), a.verticalScrollBar().value()) for a in areas if a.verticalScrollBar().value())


def _choose(view: QAbstractItemView, ref: str) -> bool:
    """Choose the row of this reference, if it has arrived."""
    model = view.model()
    for at in range(model.rowCount()):
        index = model.index(at, 0)
        if getattr(index.data(ROW), "ref", None) == ref:
            view.setCurrentIndex(index)
            return True
    return False


def _nothing() -> None:
    """A work that only tells when its turn came."""


def _nobody(_answer: object) -> None:
    """Nobody waits for this answer."""
