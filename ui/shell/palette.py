"""The palette: type a few letters of a case or of an action, and Enter goes there or does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.desk.ports.vault import CaseRow
from app.domain.untrusted import safe_line
from app.presenters.target import case_target
from app.presenters.words import stage_word
from ui.kit.names import named
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.screens.page import Action, Context
from ui.shell.actions import key_words, run_action
from ui.shell.rail import paint_cap
from ui.widgets.field import LineEdit
from ui.widgets.lines import HLine
from ui.widgets.plain_label import PlainLabel

_WIDTH: Final = 600
_ROW: Final = 34
_SHOWN: Final = 10
_PAUSE: Final = 120  # milliseconds without a keystroke before the store is asked
_Index = QModelIndex | QPersistentModelIndex
_DISPLAY: Final = Qt.ItemDataRole.DisplayRole


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the palette: what it does, how it looks; `ref` marks a case."""

    text: str
    icon: str
    run: Callable[[], None]
    ref: str = ""
    note: str = ""
    key: str = ""


def matching(actions: tuple[Action, ...], text: str) -> tuple[Action, ...]:
    """The actions whose words begin with every word of the text, those that begin with the first one first."""
    wanted = text.casefold().split()
    if not wanted:
        return actions
    found = [a for a in actions if _begins(a.text.casefold().split(), wanted)]
    return tuple(sorted(found, key=lambda a: not a.text.casefold().startswith(wanted[0])))


def _begins(words: list[str], wanted: list[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in wanted)


@final
class _Entries(QAbstractListModel):
    """What the palette found."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    @override
    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    @override
    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        if role != _DISPLAY:
            return None
        entry = self.entries[index.row()]
        return " ".join(part for part in (entry.ref, entry.text, entry.note, entry.key) if part)


@final
class _EntryDelegate(QStyledItemDelegate):
    """Paints a line of the palette."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(40, theme().px(_ROW))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        if not isinstance(model, _Entries):
            return
        entry = model.entries[index.row()]
        look = theme()
        px = look.px
        paint = Paint(painter, look)
        area = QRectF(option.rect).adjusted(px(6), 1, -px(6), -1)
        if option.state & QStyle.StateFlag.State_Selected:
            paint.plate(area, 6, look.colour("selected"))
            paint.plate(QRectF(area.x(), area.center().y() - px(8), 3, px(16)), 1.5, look.colour("accent"))
        paint.icon(QRectF(area.x() + px(10), area.y(), px(16), area.height()), entry.icon, look.colour("text-2"))
        left = area.x() + px(36)
        right = area.right() - px(6)
        if entry.key:
            right = paint_cap(paint, QRectF(area.x(), area.y(), right - area.x(), area.height()), entry.key) - 8
        elif entry.note:
            wide = paint.width(entry.note, "caption")
            note = QRectF(right - wide - 4, area.y(), wide + 4, area.height())
            paint.words(note, entry.note, "caption", look.colour("text-2"))
            right = note.left() - px(8)
        if entry.ref:
            wide = paint.width(entry.ref, "mono") + px(10)
            paint.words(QRectF(left, area.y(), wide, area.height()), entry.ref, "mono", look.colour("text-2"))
            left += wide
        paint.words(QRectF(left, area.y(), right - left, area.height()), entry.text, "body", look.colour("text"))


@final
class _Panel(QFrame):
    """The plate that the palette lies on."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        Paint.on(self).plate(self.rect(), 10, look.colour("raised"), look.colour("border"))


@final
class Palette(QWidget):
    """Covers the window while it is open; a click beside it or Esc closes it."""

    def __init__(
        self,
        home: QWidget,
        ctx: Context,
        actions: Callable[[], tuple[Action, ...]],
        find: Callable[[str], None],
    ) -> None:
        super().__init__(home)
        self.setObjectName("palette")
        self._ctx = ctx
        self._actions = actions
        self._find = find
        self._cases: tuple[CaseRow, ...] = ()
        self._before: QWidget | None = None
        self.field = named(
            LineEdit(self.tr("Search cases and actions"), icon="search"),
            "palette.field",
            self.tr("Search cases and actions"),
        )
        self.list = named(QListView(), "palette.list", self.tr("What was found"))
        self._model = _Entries(self)
        self._nothing = PlainLabel(self.tr("Nothing begins with these words."), "small", "text-2")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(lambda: self._find(self.field.text()))
        self._build()
        hub().changed.connect(self._place)
        self.hide()

    def _build(self) -> None:
        self.list.setModel(self._model)
        self.list.setItemDelegate(_EntryDelegate(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.viewport().setAutoFillBackground(False)
        self.list.clicked.connect(self._run)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._typed)
        self._panel = _Panel(self)
        column = QVBoxLayout(self._panel)
        column.setContentsMargins(1, 10, 1, 8)
        column.setSpacing(8)
        head = QVBoxLayout()
        head.setContentsMargins(10, 0, 10, 0)
        head.addWidget(self.field)
        column.addLayout(head)
        column.addWidget(HLine())
        column.addWidget(self.list, 1)
        self._nothing.setContentsMargins(16, 4, 16, 8)
        column.addWidget(self._nothing)

    def open(self) -> None:
        """Show the palette, empty, over everything."""
        self._before = self.window().focusWidget()
        self.field.clear()
        self._cases = ()
        self._show_entries()
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def shut(self) -> None:
        """Put the palette away and give the focus back."""
        self._pause.stop()
        self.hide()
        self._cases = ()
        self._model.show_entries(())
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None

    def show_found(self, text: str, rows: tuple[CaseRow, ...]) -> None:
        """The cases for what is typed, if that is still what is typed."""
        if self.isVisible() and text == self.field.text():
            self._cases = rows
            self._show_entries()

    def _typed(self, text: str) -> None:
        if not text.strip():
            self._pause.stop()
            self._cases = ()
        else:
            self._pause.start()
        self._show_entries()

    def _show_entries(self) -> None:
        cases = tuple(self._case_entry(row) for row in self._cases)
        actions = tuple(self._action_entry(a) for a in matching(self._actions(), self.field.text()))
        self._model.show_entries((*cases, *actions))
        if cases or actions:
            self.list.setCurrentIndex(self._model.index(0))
        self._nothing.setVisible(not cases and not actions)
        self._place()

    def _case_entry(self, row: CaseRow) -> Entry:
        ref = row.ref
        return Entry(
            safe_line(row.title, 200),
            "file",
            lambda: self._ctx.navigate(case_target(ref)),
            ref=ref,
            note=stage_word(row.stage),
        )

    @staticmethod
    def _action_entry(action: Action) -> Entry:
        return Entry(
            action.text, action.icon or "chevron-right", lambda: run_action(action), key=key_words(action.shortcut)
        )

    def _run(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        entry = self._model.entries[index.row()]
        self.shut()
        entry.run()

    def _move(self, step: int) -> None:
        count = len(self._model.entries)
        if count:
            row = (self.list.currentIndex().row() + step) % count
            self.list.setCurrentIndex(self._model.index(row))

    def _place(self) -> None:
        home = self.parentWidget()
        if home is None:
            return
        px = theme().px
        self.setGeometry(home.rect())
        rows = min(_SHOWN, len(self._model.entries))
        height = px(32) + px(36) + rows * px(_ROW) + (0 if rows else px(28))
        width = min(px(_WIDTH), self.width() - 32)
        self._panel.setGeometry((self.width() - width) // 2, px(72), width, min(height, self.height() - px(96)))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.field or not isinstance(event, QKeyEvent):
            return False
        if event.type() != QEvent.Type.KeyPress:
            return False
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _SHOWN, Qt.Key.Key_PageUp: -_SHOWN}
        key = Qt.Key(event.key())
        if key in steps:
            self._move(steps[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._run(self.list.currentIndex())
        elif key in {Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            self.shut()
        else:
            return False
        return True

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._panel.geometry().contains(event.position().toPoint()):
            self.shut()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, 130 if theme().dark else 60))
