"""The page of all cases: views, search, filters, and the table that stays fluid however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, final

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.desk.ports.vault import CaseQuery, CaseRow, View
from app.domain.errors import AppError
from app.presenters.case_columns import COLUMNS, chosen_columns, column_setting, columns_that_fit
from app.presenters.case_columns import Column as CaseColumn
from app.presenters.cases import VIEWS, CasesPresenter, Empty
from app.presenters.settings import CASE_COLUMNS, MachineSettings
from app.presenters.target import Target, case_target
from ui.kit.clipboard import clipboard
from ui.kit.dates import translated_words
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.table import Column
from ui.kit.theme import hub, theme
from ui.screens.cases.empties import empty_page
from ui.screens.cases.filters import FilterBar
from ui.screens.cases.foot import TableFoot
from ui.screens.cases.menus import columns_menu, row_menu
from ui.screens.cases.search_field import SearchField
from ui.screens.cases.table import CasesTable
from ui.screens.cases.table_model import CasesModel
from ui.screens.cases.view_tabs import ViewTabs
from ui.screens.page import Action, Context, Crumb
from ui.widgets.banner import Banner
from ui.widgets.button import Button, icon_button
from ui.widgets.card import Card
from ui.widgets.lines import HLine
from ui.widgets.plain_label import PlainLabel

_PAUSE: Final = 120  # milliseconds without a keystroke before the store is asked
_MARGIN: Final = 24


@final
class CasesScreen(QWidget):
    """Satisfies Page; tells the presenter what the person did and shows what it answers."""

    def __init__(self, ctx: Context, settings: MachineSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cases")
        self._ctx = ctx
        self._settings = settings
        self._chosen = chosen_columns(settings.get(CASE_COLUMNS))
        self._fitting: tuple[CaseColumn, ...] = ()
        self._query = CaseQuery()
        self._found = (0, 0)
        self._started = False
        self.presenter = CasesPresenter(self, ctx.session, ctx.runner, ctx.hub)
        self.model = CasesModel((), self.presenter.more, ctx.tz, translated_words(), self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._search)
        self._build()
        hub().changed.connect(self._fit_columns)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 14, _MARGIN, 16)
        column.setSpacing(0)
        column.addLayout(self._make_views())
        column.addSpacing(14)
        column.addLayout(self._make_narrowing())
        column.addSpacing(14)
        self.banner = named(Banner("blocker", "", ""), "cases.problem", "")
        self.banner.add_action(icon_button("close", "cases.dismiss", self.tr("Dismiss"), self.banner.hide))
        self.banner.hide()
        column.addWidget(self.banner)
        column.addWidget(self._make_card(), 1)

    def _make_views(self) -> QHBoxLayout:
        words: dict[View, str] = {
            "open": self.tr("Open"),
            "mine": self.tr("Mine"),
            "embargo": self.tr("Under embargo"),
            "waiting": self.tr("Waiting on the reporter"),
            "no-cve": self.tr("No CVE yet"),
            "closed": self.tr("Closed"),
            "all": self.tr("All"),
        }
        self.views = ViewTabs([(view, words[view]) for view in VIEWS], "cases.views", self.tr("Views"))
        self.views.chosen.connect(self.presenter.show_view)
        self.columns = named(
            Button(self.tr("Columns"), "secondary", icon="columns", size="row"),
            "cases.columns",
            self.tr("Choose columns"),
        )
        self.columns.clicked.connect(self._show_columns_menu)
        row = QHBoxLayout()
        row.addWidget(self.views, 1)
        row.addWidget(self.columns)
        return row

    def _make_narrowing(self) -> QHBoxLayout:
        self.search = named(
            SearchField(self.tr("Filter by words")), "cases.search", self.tr("Filter the cases by words")
        )
        self.search.textChanged.connect(self._typed)
        self.search.leftDown.connect(self._into_table)
        self.search.entered.connect(self._open_first)
        self.filters = FilterBar()
        self.filters.stagesChosen.connect(self.presenter.filter_stages)
        self.filters.ratingsChosen.connect(self.presenter.filter_ratings)
        self.count = PlainLabel("", "small", "text-2")
        self.count.setObjectName("cases.count")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.search)
        row.addWidget(self.filters, 1)
        row.addWidget(self.count)
        return row

    def _make_card(self) -> Card:
        self.table = named(CasesTable(self.model), "cases.table", self.tr("Cases"))
        self.table.opened.connect(self._open)
        self.table.clicked.connect(self._clicked)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_row_menu)
        self.table.selectionModel().selectionChanged.connect(self._show_selection)
        head = self.table.head
        head.setSortIndicatorShown(True)
        head.sectionClicked.connect(self._sort)
        self.empty = QStackedWidget()
        self.empty.addWidget(self.table)
        self._empties: dict[Empty, QWidget] = {}
        card = Card(flush=True)
        card.body.setSpacing(0)
        card.body.addWidget(self.empty, 1)
        card.body.addWidget(HLine())
        self.foot = TableFoot()
        card.body.addWidget(self.foot)
        return card

    # Page.

    @property
    def widget(self) -> QWidget:
        return self

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(self.tr("Cases"), Target(page="cases", tab=self._query.view)),)

    def page_actions(self) -> tuple[Action, ...]:
        return (
            Action("cases.focusFilter", self.tr("Filter the cases"), self._focus_search, "Ctrl+F", "filter"),
            Action(
                "cases.open", self.tr("Open the selected case"), self._open_current, "Ctrl+O", "file", self._has_row
            ),
            Action(
                "cases.copyRef",
                self.tr("Copy the reference"),
                self._copy_ref,
                "Ctrl+Shift+C",
                "copy",
                self._has_row,
            ),
            Action("cases.take", self.tr("Assign the case to me"), self._take, "Ctrl+Shift+A", "user", self._has_row),
            Action("cases.clear", self.tr("Clear search and filters"), self._clear, "Ctrl+Backspace", "close"),
        )

    def open(self, target: Target) -> None:
        self.model.set_now(self._ctx.now())
        if not self._started:
            self._started = True
            self.presenter.start()
        if target.tab in VIEWS:
            for view in VIEWS:
                if view == target.tab:
                    self.presenter.show_view(view)
        front = self.empty.currentWidget() or self.table
        front.setFocus(Qt.FocusReason.OtherFocusReason)

    def minute(self) -> None:
        self.model.set_now(self._ctx.now())

    def save_unsaved(self) -> None:
        """Nothing is typed here that would be lost."""

    @override
    def close(self) -> bool:
        self._pause.stop()
        self.presenter.close()
        self.search.blockSignals(True)
        self.search.clear()
        self.model.set_search("")
        self.model.set_rows((), more=False)
        return super().close()

    # What the person does.

    def _typed(self) -> None:
        self._pause.start()

    def _search(self) -> None:
        self.presenter.search(self.search.text())

    def _focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _into_table(self) -> None:
        self.table.setFocus(Qt.FocusReason.TabFocusReason)
        if self.model.rowCount() and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _open_first(self) -> None:
        if self._pause.isActive():
            # The answer for what was typed last is still to come; Enter waits for it in the table.
            self._pause.stop()
            self._search()
            self._into_table()
        elif self.model.rowCount():
            self._open(self.model.index(0, 0))

    def _clear(self) -> None:
        self._pause.stop()
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.presenter.clear_filters()

    def _sort(self, section: int) -> None:
        sort = self._fitting[section].sort
        if sort is not None:
            self.presenter.sort_by(sort)

    def _row(self) -> CaseRow | None:
        at = self.table.currentIndex()
        return self.model.row(at.row()) if at.isValid() and at.row() < self.model.rowCount() else None

    def _has_row(self) -> bool:
        return self._row() is not None

    def _open(self, index: QModelIndex) -> None:
        self._ctx.navigate(case_target(self.model.row(index.row()).ref))

    def _open_current(self) -> None:
        row = self._row()
        if row is not None:
            self._ctx.navigate(case_target(row.ref))

    def _copy_ref(self) -> None:
        row = self._row()
        if row is not None:
            clipboard().copy(row.ref)
            self._ctx.toast(self.tr("Reference copied for 30 seconds"))

    def _take(self) -> None:
        row = self._row()
        if row is not None:
            self.presenter.assign_to_me(row.ref)

    def _clicked(self, index: QModelIndex) -> None:
        """A click on the offer to take a case takes it; anywhere else it only selects."""
        row = self.model.row(index.row())
        key = self.model.columns[index.column()].key
        if key == "handler" and self.model.cell(row, key).state == "offer":
            self.presenter.assign_to_me(row.ref)

    def _show_row_menu(self, place: QPoint) -> None:
        if self._row() is not None:
            row_menu(self.table, self.page_actions()).popup(self.table.viewport().mapToGlobal(place))

    def _show_columns_menu(self) -> None:
        every = [(c, self._title(c.key)) for c in COLUMNS]
        menu = columns_menu(self, every, self._chosen, self._choose_columns)
        below = QPoint(self.columns.width() - menu.sizeHint().width(), self.columns.height() + 2)
        menu.popup(self.columns.mapToGlobal(below))

    def _choose_columns(self, columns: tuple[CaseColumn, ...]) -> None:
        self._chosen = columns
        self._fitting = ()
        self._fit_columns()
        try:
            self._settings.set(CASE_COLUMNS, column_setting(columns))
        except AppError as problem:
            self.show_problem(problem)

    # What the presenter tells.

    def show_query(self, query: CaseQuery) -> None:
        self._query = query
        self.views.choose(query.view)
        self.filters.show_filters(query.stages, query.ratings)
        self.model.set_search(query.text)
        self._show_order()

    def show_counts(self, counts: Mapping[View, int]) -> None:
        self.views.show_counts({view: thousands(number) for view, number in counts.items()})

    def show_rows(self, rows: tuple[CaseRow, ...], *, more: bool, same: bool) -> None:
        self.banner.hide()
        before = self._row()
        scrolled = self.table.verticalScrollBar().value()
        self.model.set_rows(rows, more=more)
        at = self.model.place_of(before.ref) if same and before is not None else -1
        if rows:
            self.table.setCurrentIndex(self.model.index(max(at, 0), 0))
        self.table.verticalScrollBar().setValue(scrolled if same else 0)
        self._show_selection()

    def add_rows(self, rows: tuple[CaseRow, ...], *, more: bool) -> None:
        self.model.append_rows(rows, more=more)

    def show_found(self, found: int, of: int) -> None:
        words = thousands(of)
        if self.presenter.is_filtered:
            words = self.tr("{found} of {of}").format(found=thousands(found), of=thousands(of))
        self.count.setText(words)

    def show_empty(self, why: Empty) -> None:
        if why and why not in self._empties:
            self._empties[why] = empty_page(why, self._ctx.navigate, self._clear)
            self.empty.addWidget(self._empties[why])
        wanted = self._empties[why] if why else self.table
        if self.empty.currentWidget() is not wanted:
            had_focus = self.empty.isAncestorOf(self.focusWidget())
            self.empty.setCurrentWidget(wanted)
            if had_focus:
                wanted.setFocus(Qt.FocusReason.OtherFocusReason)
        self.foot.show_hint(shown=not why)

    def show_problem(self, problem: Exception) -> None:
        text = error_text(problem)
        self.banner.say("blocker", text.headline, text.whole)
        self.banner.show()

    def show_assigned(self, ref: str) -> None:
        self._ctx.toast(self.tr("{ref} is yours now").format(ref=ref))

    # How it looks.

    def _title(self, key: str) -> str:
        return {
            "ref": self.tr("Reference"),
            "title": self.tr("Title"),
            "stage": self.tr("Stage"),
            "severity": self.tr("Severity"),
            "lines": self.tr("Lines"),
            "cve": self.tr("CVE"),
            "handler": self.tr("Handler"),
            "embargo": self.tr("Embargo ends"),
            "next-due": self.tr("Next due"),
            "updated": self.tr("Updated"),
        }[key]

    def _show_order(self) -> None:
        query = self._query
        section = next((i for i, c in enumerate(self._fitting) if c.sort == query.sort), -1)
        falling = Qt.SortOrder.DescendingOrder if query.descending else Qt.SortOrder.AscendingOrder
        self.table.head.setSortIndicator(section, falling)
        key = next(c.key for c in COLUMNS if c.sort == query.sort)
        self.foot.show_order(self._title(key), falling=query.descending)

    def _show_selection(self) -> None:
        self.foot.show_selected(len(self.table.selectionModel().selectedRows()))

    def _fit_columns(self) -> None:
        look = theme()
        self.search.setFixedWidth(look.px(300))
        self.columns.setText("" if self.width() < look.px(1000) else self.tr("Columns"))
        fitting = columns_that_fit(self._chosen, self.width() - 2 * _MARGIN - 2, look.scale)
        if fitting != self._fitting:
            row = self._row()
            self._fitting = fitting
            self.model.set_columns([self._column(c) for c in fitting])
            self.table.head.set_sortable(frozenset(i for i, c in enumerate(fitting) if c.sort))
            self._show_order()
            if row is not None:
                self.table.setCurrentIndex(self.model.index(self.model.place_of(row.ref), 0))
        self.table.set_widths([c.width for c in fitting], [c.key for c in fitting].index("title"))

    def _column(self, column: CaseColumn) -> Column:
        return Column(
            key=column.key,
            title=self._title(column.key),
            width=column.width,
            sort=column.sort is not None,
            stretch=column.key == "title",
        )

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()
