"""The artefacts of the release: the list of every text that leaves with it, and the preview of the chosen one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.domain.untrusted import safe_line, safe_text
from app.presenters.release_artefacts import Artefact, Artefacts, ArtefactState, page_text, source_text
from ui.kit.dates import Dates
from ui.kit.error_text import error_text
from ui.kit.fonts import Style
from ui.kit.names import named
from ui.kit.numbers import file_size
from ui.kit.paint import RIGHT, Paint
from ui.kit.preview import MarkdownPreview
from ui.kit.table import DISPLAY, SPOKEN, TOOL_TIP
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role
from ui.screens.release import words
from ui.widgets.button import Button, button
from ui.widgets.lines import HLine, VLine
from ui.widgets.plain_label import PlainLabel
from ui.widgets.plain_text import PlainTextView
from ui.widgets.tip import plain_tip, set_tip

_ROW: Final = 44
_ROLES: Final[dict[ArtefactState, Role]] = {
    "ready": "text-2",
    "missing": "overdue",
    "embargoed": "muted",
    "exported": "done",
    "changed": "today",
    "left-out": "muted",
}
_ICONS: Final[dict[str, str]] = {"message/rfc822": "mail", "text/markdown": "globe", "application/json": "dataset"}
_ROOT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


@final
class ArtefactModel(QAbstractListModel):
    """The artefacts in the order of the day."""

    def __init__(self, dates: Dates, now: Callable[[], datetime], parent: QObject) -> None:
        super().__init__(parent)
        self._dates = dates
        self._now = now
        self.items: tuple[Artefact, ...] = ()

    def set_items(self, items: tuple[Artefact, ...]) -> None:
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    def title(self, item: Artefact) -> str:
        """What it is: its format, or the list that it goes to."""
        return words.artefact_word(item)

    def state_words(self, item: Artefact) -> str:
        """Its state in a word or two."""
        if item.state == "missing":
            return self.tr("%n missing", "", len(item.missing))
        said: dict[ArtefactState, str] = {
            "ready": self.tr("ready"),
            "embargoed": self.tr("embargoed"),
            "exported": self.tr("exported"),
            "changed": self.tr("changed since"),
            "left-out": self.tr("not exported"),
        }
        return said[item.state]

    def tip(self, item: Artefact) -> str:
        """More about its state: since when it is out, until when it is held."""
        if item.exported_at is not None:
            when = self._dates.moment(item.exported_at, self._now())
            if item.state == "changed":
                return self.tr("Exported {when}. The facts have changed since: export it again.").format(when=when)
            return self.tr("Exported {when}.").format(when=when)
        if item.holds:
            return self.tr("Leaves before the embargo ends only with a recorded reason.")
        return ""

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.items)

    @override
    def data(self, index: Index, role: int = DISPLAY) -> object:
        if not index.isValid() or role not in {DISPLAY, SPOKEN, TOOL_TIP}:
            return None
        item = self.items[index.row()]
        if role == TOOL_TIP:
            return plain_tip("\n".join(p for p in (self.title(item), safe_line(item.name, 120), self.tip(item)) if p))
        return f"{self.title(item)}, {safe_line(item.name, 120)}, {self.state_words(item)}"


@final
class _ArtefactDelegate(QStyledItemDelegate):
    """Icon, title over file name, state at the right."""

    def __init__(self, model: ArtefactModel, view: QListView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, theme().px(_ROW))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        paint = Paint(painter, theme())
        look, px = paint.look, paint.look.px
        item = self._model.items[index.row()]
        rect = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        plate = rect.adjusted(px(6), px(1), -px(6), -px(1))
        if chosen:
            paint.plate(plate, 6, look.colour("selected"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            paint.plate(plate, 6, look.colour("hover"))
        ink = look.colour("accent" if chosen else "text-2")
        paint.icon(QRectF(rect.x() + px(15), rect.y(), px(16), rect.height()), _ICONS.get(item.media_type, "file"), ink)
        state = self._model.state_words(item)
        width = paint.width(state, "caption") + 1
        right = QRectF(rect.right() - px(14) - width, rect.y(), width, rect.height())
        paint.words(right, state, "caption", look.colour(_ROLES[item.state]), align=RIGHT)
        left = rect.x() + px(39)
        room = right.x() - px(8) - left
        upper = QRectF(left, rect.center().y() - px(17), room, px(18))
        lower = QRectF(left, rect.center().y() + px(1), room, px(15))
        style: Style = "strong" if chosen else "body"
        # What tells two mails or two files apart stands at the end of their names.
        middle = Qt.TextElideMode.ElideMiddle
        paint.words(upper, self._model.title(item), style, look.colour("text"), elide=middle)
        paint.words(lower, safe_line(item.name, 120), "mono-small", look.colour("muted"), elide=middle)
        if chosen and self._view.hasFocus():
            paint.ring(plate, 6)


@final
class ArtefactList(QListView):
    """Arrow keys choose; the chosen one is previewed."""

    def __init__(self, model: ArtefactModel) -> None:
        super().__init__()
        self.setItemDelegate(_ArtefactDelegate(model, self))
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setProperty("kind", "bare")
        self.viewport().setProperty("kind", "clear")
        self.viewport().setAutoFillBackground(False)
        hub().changed.connect(self.doItemsLayout)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()


@final
class ArtefactsCard(QFrame):
    """List and preview side by side. `export` gets the name of the chosen artefact's format."""

    def __init__(self, dates: Dates, now: Callable[[], datetime], export: Callable[[str], None]) -> None:
        super().__init__()
        self._give_out = export
        self._chosen = ""
        self._preferred = ""
        self._model = ArtefactModel(dates, now, self)
        self.list = named(ArtefactList(self._model), "release.artefacts", self.tr("Artefacts"))
        self._summary = PlainLabel("", "small", "text-2", elide=Qt.TextElideMode.ElideRight)
        self._title = PlainLabel("", "strong", elide=Qt.TextElideMode.ElideMiddle)
        self._file = PlainLabel("", "small", "muted", elide=Qt.TextElideMode.ElideMiddle)
        self.source = named(Button(self.tr("Source"), "ghost"), "release.source", self.tr("Show the source"))
        self.source.setCheckable(True)
        self.source.toggled.connect(lambda _on: self._show())
        self.export = button(self.tr("Export…"), "soft", "release.export", self.export_chosen, icon="export")
        self._page = named(MarkdownPreview(), "release.preview", self.tr("Preview"))
        self._text = named(PlainTextView(), "release.previewText", self.tr("Preview as plain text"))
        self._note = PlainLabel("", "small", "muted", wrap=True)
        self._lay_out()
        self.list.selectionModel().currentChanged.connect(self._choose)
        hub().changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        px = theme().px
        for head in (self._left_head, self._right_head):
            head.setMinimumHeight(px(44))
        self._summary.setMinimumHeight(px(40))
        self.list.setMinimumWidth(px(236))
        self.update()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        self._left_head = PlainLabel(self.tr("Artefacts"), "h2")
        self._left_head.setContentsMargins(15, 0, 15, 0)
        left.addWidget(self._left_head)
        left.addWidget(HLine(self))
        left.addSpacing(4)
        left.addWidget(self.list, 1)
        left.addWidget(HLine(self))
        self._summary.setContentsMargins(15, 0, 15, 0)
        left.addWidget(self._summary)
        row.addLayout(left, 5)
        row.addWidget(VLine(self))
        row.addLayout(self._make_preview(), 9)

    def _make_preview(self) -> QVBoxLayout:
        px = theme().px
        right = QVBoxLayout()
        right.setSpacing(0)
        self._right_head = QWidget()
        head = QHBoxLayout(self._right_head)
        head.setContentsMargins(19, 0, 9, 0)
        head.setSpacing(px(10))
        head.addWidget(self._title)
        head.addWidget(self._file, 1)
        head.addWidget(self.source)
        head.addWidget(self.export)
        right.addWidget(self._right_head)
        right.addWidget(HLine(self))
        self._stack = QStackedWidget()
        for view in (self._page, self._text):
            inset = QWidget()
            column = QVBoxLayout(inset)
            column.setContentsMargins(px(23), px(16), px(10), px(8))
            column.addWidget(view)
            self._stack.addWidget(inset)
        nothing = QWidget()
        column = QVBoxLayout(nothing)
        column.setContentsMargins(px(23), px(16), px(23), px(8))
        column.addWidget(self._note)
        column.addStretch(1)
        self._stack.addWidget(nothing)
        right.addWidget(self._stack, 1)
        self._show()
        return right

    def tell(self, artefacts: Artefacts) -> None:
        """Show these; what was chosen stays chosen."""
        chosen = self._chosen
        self._model.set_items(artefacts.items)
        self._note.setText(self._refusals(artefacts))
        at = next((i for i, item in enumerate(artefacts.items) if item.key == chosen), -1)
        if at < 0:
            at = max(0, self._first_of(self._preferred))
        if artefacts.items:
            self.list.setCurrentIndex(self._model.index(at, 0))
        out = sum(item.state in ("exported", "changed") for item in artefacts.items)
        self._summary.setText(self.tr("{n} of {of} exported").format(n=out, of=len(artefacts.items)))
        self._show()

    def prefer(self, name: str) -> None:
        """Which format is shown at first: that of the text that is to leave next."""
        self._preferred = name

    def _first_of(self, name: str) -> int:
        return next((i for i, item in enumerate(self._model.items) if item.format.format == name), -1)

    def choose_format(self, name: str) -> None:
        """Choose the first artefact of a format and give the keyboard to its export."""
        at = self._first_of(name)
        if at >= 0:
            self.list.setCurrentIndex(self._model.index(at, 0))
            self.export.setFocus(Qt.FocusReason.OtherFocusReason)

    def export_chosen(self) -> None:
        item = self.chosen
        if item is not None:
            self._give_out(item.format.format)

    @property
    def chosen(self) -> Artefact | None:
        """The artefact that is previewed."""
        index = self.list.currentIndex()
        return self._model.items[index.row()] if index.isValid() else None

    def forget(self) -> None:
        """Drop every text."""
        self._model.set_items(())
        self._page.show_markdown("")
        self._text.clear()

    def _refusals(self, artefacts: Artefacts) -> str:
        if artefacts.items:
            return ""
        if artefacts.refusals:
            return error_text(artefacts.refusals[0][1]).sentence
        return self.tr("Nothing can be made yet. Add cases and lines first.")

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        self._chosen = self._model.items[current.row()].key if current.isValid() else ""
        self._show()

    def _show(self) -> None:
        item = self.chosen
        self.source.setEnabled(item is not None)
        self.export.setEnabled(item is not None)
        if item is None:
            self._title.setText("")
            self._file.setText("")
            self._stack.setCurrentIndex(2)
            return
        self._title.setText(self._model.title(item))
        self._file.setText(f"{safe_line(item.name, 120)}, {file_size(len(item.data))}")
        set_tip(self.export, self._model.tip(item))
        rendered = item.showing == "markdown" and not self.source.isChecked()
        if rendered:
            self._page.show_markdown(page_text(item))
        else:
            text = source_text(item) if self.source.isChecked() else page_text(item)
            self._text.setPlainText(safe_text(text))
        self._stack.setCurrentIndex(0 if rendered else 1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        paint.plate(self.rect(), 8, paint.look.colour("surface"), paint.look.colour("border"))
