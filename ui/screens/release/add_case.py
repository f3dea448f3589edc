"""Adding cases: a search among those that are open and free, one key to let a case join."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from shiboken6 import isValid
from typing_extensions import override

from app.desk.ports.vault import CaseRow
from app.domain.commands.release_commands import BundleCase
from app.domain.untrusted import safe_line
from app.presenters.release import ReleasePresenter
from ui.kit.dialog_frame import FORM, Dialog
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.kit.paint import Paint
from ui.kit.table import DISPLAY, SPOKEN
from ui.kit.theme import theme
from ui.screens.release import words
from ui.widgets.field import Field, LineEdit
from ui.widgets.plain_label import PlainLabel

_PAUSE: Final = 120  # milliseconds without a keystroke before the search begins
_ROOT: Final = QModelIndex()
_MOVES: Final = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
Index = QModelIndex | QPersistentModelIndex


@final
class _FoundModel(QAbstractListModel):
    """The cases found for what was typed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[CaseRow, ...] = ()

    def set_rows(self, rows: tuple[CaseRow, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def data(self, index: Index, role: int = DISPLAY) -> object:
        if not index.isValid() or role not in {DISPLAY, SPOKEN}:
            return None
        row = self.rows[index.row()]
        return f"{row.ref} {safe_line(row.title, 200)} {words.rating_word(row.rating, row.score)}"


@final
class _FoundDelegate(QStyledItemDelegate):
    """Reference, title, severity in one line of 34."""

    def __init__(self, model: _FoundModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, theme().px(34))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        paint = Paint(painter, theme())
        look, px = paint.look, paint.look.px
        row = self._model.rows[index.row()]
        rect = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            paint.plate(rect, 6, look.colour("selected"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            paint.plate(rect, 6, look.colour("hover"))
        rating = words.rating_word(row.rating, row.score)
        severity = words.severity_of(row.rating)
        right = px(100)
        paint.words(rect.adjusted(px(10), 0, 0, 0), row.ref, "mono", look.colour("muted"))
        title = rect.adjusted(px(100), 0, -right - px(8), 0)
        paint.words(title, safe_line(row.title, 200), "body-medium", look.colour("text"))
        left = rect.right() - right
        paint.severity_bars(left, rect.center().y(), severity)
        ink = look.tone(severity).ink
        paint.words(QRectF(left + px(22), rect.y(), right - px(26), rect.height()), rating, "small-medium", ink)


@final
class AddCaseDialog(Dialog):
    """Type, choose with the arrow keys, Enter adds; it stays open for the next case until Esc."""

    def __init__(self, parent: QWidget, page: ReleasePresenter, added: Callable[[str], None]) -> None:
        super().__init__(
            parent,
            name="release.addCase",
            title=self.tr("Which case joins the release?"),
            body=self.tr("Its embargo follows the target of the release from then on."),
            width=FORM,
        )
        self._page = page
        self._added = added
        self._busy = False
        self._search = LineEdit(self.tr("Words of the title, a reference, a CVE id"), icon="search")
        self._search.setMaxLength(200)
        field = Field(self.tr("Open cases"), self._search, object_name="release.addCase.search")
        self._model = _FoundModel(self)
        self._list = named(QListView(), "release.addCase.found", self.tr("Cases found"))
        self._dress_list()
        self._note = named(PlainLabel("", "small", "muted", wrap=True), "release.addCase.note", "")
        for part in (field, self._list, self._note):
            self.content.addWidget(part)
        self.add_safe(self.tr("Done"))
        self._act = self.add_act(self.tr("Add case"))
        self._act.setEnabled(False)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._look)
        self._search.textChanged.connect(lambda _text: self._pause.start())
        self._search.installEventFilter(self)
        self._list.doubleClicked.connect(lambda _index: self.accept())
        self._look()

    def _dress_list(self) -> None:
        view = self._list
        view.setModel(self._model)
        view.setItemDelegate(_FoundDelegate(self._model, view))
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMinimumHeight(theme().px(34 * 6 + 4))
        view.setProperty("kind", "bare")
        view.viewport().setAutoFillBackground(False)

    @override
    def open(self) -> None:
        super().open()
        self._search.setFocus(Qt.FocusReason.TabFocusReason)

    @override
    def accept(self) -> None:
        """Let the chosen case join; the dialog stays for the next one."""
        index = self._list.currentIndex()
        if self._busy or not index.isValid():
            return
        row = self._model.rows[index.row()]
        self._busy = True
        self._page.perform(BundleCase(case=row.ref), lambda: self._joined(row.ref), self._failed)

    def _joined(self, ref: str) -> None:
        if not isValid(self):
            return
        self._busy = False
        self._say(self.tr("{ref} joined the release.").format(ref=ref), wrong=False)
        self._added(ref)
        self._search.clear()
        self._search.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look()

    def _failed(self, problem: Exception) -> None:
        if not isValid(self):
            return
        self._busy = False
        self._say(error_text(problem).whole, wrong=True)

    def _say(self, text: str, *, wrong: bool) -> None:
        self._note.setText(text)
        self._note.setAccessibleName(text)
        self._note.set_style("small", "overdue" if wrong else "done")

    def _look(self) -> None:
        self._page.search_cases(self._search.text(), self._found)

    def _found(self, rows: tuple[CaseRow, ...]) -> None:
        # The answer may come when the dialog was put away already.
        if not isValid(self):
            return
        self._model.set_rows(rows)
        self._act.setEnabled(bool(rows))
        if rows:
            self._list.setCurrentIndex(self._model.index(0, 0))
        elif not self._note.text() or self._search.text():
            self._say(self.tr("No open case that is free fits these words."), wrong=False)
            self._note.set_style("small", "muted")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Arrow keys move in the list while the words are being typed.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _MOVES:
            self._list.event(event)
            return True
        return super().eventFilter(watched, event)
