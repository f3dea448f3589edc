"""The page of the releases: their table, or what to do first."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QModelIndex, QObject, QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.desk.ports.vault import ReleaseRow
from app.presenters.releases import ReleasesPresenter
from app.presenters.target import Target, release_target
from ui.kit.clipboard import clipboard
from ui.kit.dates import Dates
from ui.kit.error_text import error_text
from ui.kit.icons import icon
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.theme import hub, theme
from ui.screens.page import Action, Context, Crumb
from ui.screens.releases.delegate import ReleaseDelegate
from ui.screens.releases.plan import PlanDesk
from ui.screens.releases.table_model import ReleaseTableModel
from ui.widgets.banner import Banner
from ui.widgets.button import button, icon_button
from ui.widgets.card import Card
from ui.widgets.empty_page import EmptyPage
from ui.widgets.plain_label import PlainLabel
from ui.widgets.table_view import TableView

_LEAVES_BELOW: Final = {"postponed": 1020, "lines": 880}


@final
class _Table(TableView):
    """Leaves columns away where it is narrow, never scrolls sideways."""

    def fit(self) -> None:
        model = self.model()
        if not isinstance(model, ReleaseTableModel):
            return
        keys = [column.key for column in model.columns]
        self.set_widths([column.width for column in model.columns], keys.index("title"))
        for key, width in _LEAVES_BELOW.items():
            self.setColumnHidden(keys.index(key), self.width() < theme().px(width))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


@final
class ReleasesScreen(QObject):
    """Satisfies Page. Enter opens a release; Ctrl+Shift+P plans one."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._widget = QWidget()
        self._widget.setObjectName("releases")
        self._ctx = ctx
        self._presenter = ReleasesPresenter(self, ctx.session, ctx.runner, ctx.hub, ctx.tz)
        self._plan = PlanDesk(ctx, self._presenter, self._widget, self._planned)
        self._wanted = ""
        self._model = ReleaseTableModel(self._presenter.more, Dates(ctx.tz), ctx.now, self)
        self._build()
        self._presenter.start()

    def _build(self) -> None:
        self._banner = named(Banner("blocker", "", ""), "releases.banner", "")
        self._banner.add_action(icon_button("close", "releases.dismiss", self.tr("Dismiss"), self._banner.hide))
        self._banner.hide()
        column = QVBoxLayout(self._widget)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self._banner)
        self._stack = QStackedWidget()
        self._stack.addWidget(QWidget())
        self._stack.addWidget(self._make_list())
        self._stack.addWidget(self._make_empty())
        column.addWidget(self._stack, 1)

    def _make_list(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        head = QHBoxLayout()
        self._count = PlainLabel("", "small", "muted")
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(button(self.tr("Plan a release"), "primary", "releases.plan", self.plan, icon="plus"))
        column.addLayout(head)
        card = Card(flush=True)
        self._table = named(_Table(), "releases.table", self.tr("Releases"))
        self._table.setItemDelegate(ReleaseDelegate(self._model, self._table))
        self._table.setModel(self._model)
        self._table.opened.connect(self._opened)
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._table.customContextMenuRequested.connect(self._open_menu)
        card.body.addWidget(self._table)
        column.addWidget(card, 1)
        column.addWidget(PlainLabel(self.tr("Enter opens. Newest target first."), "small", "muted"))
        hub().changed.connect(self._table.fit)
        return page

    def _make_empty(self) -> QWidget:
        first = button(self.tr("Plan a release"), "primary", "releases.planFirst", self.plan, icon="plus")
        sentence = self.tr("A release bundles cases that become public together.")
        empty = EmptyPage("release", self.tr("No release is planned"), sentence, first)
        return named(empty, "releases.empty", self.tr("No release is planned"))

    # ----------------------------------------------------------------------------------------- Page
    @property
    def widget(self) -> QWidget:
        return self._widget

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(self.tr("Releases")),)

    def page_actions(self) -> tuple[Action, ...]:
        return (
            Action("releases.planOne", self.tr("Plan a release"), self.plan, "Ctrl+Shift+P", "plus"),
            Action("releases.focusTable", self.tr("Go to the table of releases"), self._focus, "", "release"),
        )

    def open(self, target: Target) -> None:
        self._focus()
        if target.act in ("plan", "plan-release"):
            self.plan()

    def minute(self) -> None:
        self._model.refresh_rows()

    def save_unsaved(self) -> None:
        self._plan.keep_unsaved()

    def close(self) -> None:
        self._plan.close()
        self._presenter.close()
        self._model.set_rows((), more=False)

    def plan(self) -> None:
        """Open the form of a new release."""
        self._plan.open()

    # ----------------------------------------------------------------------------------- ReleasesView
    def show_rows(self, rows: tuple[ReleaseRow, ...], *, more: bool) -> None:
        chosen = self._chosen() or self._wanted
        self._wanted = ""
        self._model.set_rows(rows, more=more)
        self._stack.setCurrentIndex(1 if rows else 2)
        self._say_count()
        at = next((i for i, row in enumerate(rows) if row.ref == chosen), 0)
        if rows:
            self._table.setCurrentIndex(self._model.index(at, 0))

    def add_rows(self, rows: tuple[ReleaseRow, ...], *, more: bool) -> None:
        self._model.append_rows(rows, more=more)
        self._say_count()

    def show_problem(self, problem: Exception) -> None:
        text = error_text(problem)
        self._banner.say("blocker", text.headline, text.whole)
        self._banner.show()

    # ------------------------------------------------------------------------------------------ inside
    def _say_count(self) -> None:
        count = thousands(self._model.rowCount())
        words = self.tr("{n} shown, more as you scroll") if not self._model.complete else self.tr("{n} in all")
        self._count.setText(words.format(n=count))

    def _chosen(self) -> str:
        index = self._table.currentIndex()
        return self._model.row(index.row()).ref if index.isValid() else ""

    def _focus(self) -> None:
        if self._stack.currentIndex() == 2:
            first = self._widget.findChild(QWidget, "releases.planFirst")
            if first is not None:
                first.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _planned(self, ref: str) -> None:
        self._wanted = ref
        self._ctx.toast(self.tr("Release planned"))
        self._ctx.navigate(release_target(ref))

    def _opened(self, index: QModelIndex) -> None:
        self._ctx.navigate(release_target(self._model.row(index.row()).ref))

    def _open_menu(self, at: QPoint) -> None:
        index = self._table.indexAt(at)
        if not index.isValid():
            return
        row = self._model.row(index.row())
        menu = QMenu(self._widget)
        menu.addAction(icon("release"), self.tr("Open")).triggered.connect(lambda: self._opened(index))
        copy = menu.addAction(icon("copy"), self.tr("Copy reference"))
        copy.triggered.connect(lambda: clipboard().copy(row.ref))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._table.viewport().mapToGlobal(at))
