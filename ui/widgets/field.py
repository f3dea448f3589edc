"""Fields: a label above, the control, a helper or an error below."""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui.kit.fonts import Style
from ui.kit.icons import draw_icon
from ui.kit.theme import hub, theme
from ui.widgets.plain_label import PlainLabel
from ui.widgets.private_text import PrivateText

FieldSize = Literal["row", "normal", "large"]
_C = TypeVar("_C", bound=QWidget)


def mark_problem(control: QWidget, *, wrong: bool) -> None:
    """Give a control the red outline of an error, or take it away."""
    if bool(control.property("problem")) == wrong:
        return
    control.setProperty("problem", wrong)
    control.style().unpolish(control)
    control.style().polish(control)
    control.update()


class LineEdit(QLineEdit):
    """A line of text, 32 high (28 in rows, 42 on the unlock page); shows an octagon or a lock inside."""

    def __init__(
        self,
        placeholder: str = "",
        *,
        size: FieldSize = "normal",
        mono: bool = False,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._style_name: Style = "mono" if mono else "body"
        self._lead = icon
        self._taken = 0
        self.setProperty("room", size)
        self.setPlaceholderText(placeholder)
        hub().changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        look = theme()
        self.setFont(look.font(self._style_name))
        self._make_room()

    def _make_room(self) -> None:
        room = theme().px(24)
        right = self._taken + (room if self._mark() else 0)
        self.setTextMargins(room if self._lead else 0, 0, right, 0)

    def take_room(self, width: int) -> None:
        """Keep text and mark out of so many pixels at the right, where another control lies."""
        self._taken = width
        self._make_room()

    def set_problem(self, *, wrong: bool) -> None:
        mark_problem(self, wrong=wrong)
        self._make_room()

    def set_locked(self, *, locked: bool) -> None:
        """A fact that cannot be changed here: flat, with a lock, still readable and copied."""
        self.setReadOnly(locked)
        self._make_room()

    @override
    def sizeHint(self) -> QSize:
        # The width does not follow the mark inside, so that an error moves nothing.
        return QSize(theme().px(160), super().sizeHint().height())

    def _mark(self) -> str:
        if self.property("problem"):
            return "octagon-alert"
        return "lock" if self.isReadOnly() else ""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        mark = self._mark()
        if not mark and not self._lead:
            return
        look = theme()
        painter = QPainter(self)
        side = look.px(16)
        if self._lead:
            draw_icon(painter, QRectF(look.px(10), 0, side, self.height()), self._lead, look.colour("muted"))
        if mark:
            ink = look.colour("overdue" if mark == "octagon-alert" else "muted")
            left = self.width() - look.px(10) - side - self._taken
            draw_icon(painter, QRectF(left, 0, side, self.height()), mark, ink)


class TextArea(PrivateText):
    """Several lines of plain text, as for a reason; Tab leaves it. `lines` is its least height."""

    def __init__(
        self, placeholder: str = "", *, lines: int = 3, mono: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._lines = lines
        self._style_name: Style = "mono" if mono else "body"
        self.setProperty("kind", "field")
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        hub().changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setFont(theme().font(self._style_name))
        self.updateGeometry()

    def set_problem(self, *, wrong: bool) -> None:
        mark_problem(self, wrong=wrong)

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        line = look.metric(self._style_name).lineSpacing()
        return QSize(look.px(240), round(line * self._lines) + look.px(20))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(120), self.sizeHint().height())


class Field(QWidget, Generic[_C]):
    """A labelled control. `control` is what was given; the label is its buddy and its spoken name."""

    def __init__(
        self,
        label: str,
        control: _C,
        *,
        helper: str = "",
        object_name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.control = control
        self._helper = helper
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.label = PlainLabel(label, "small-medium", "text-2")
        self.label.setBuddy(control)
        self.note = PlainLabel(helper, "caption", "muted", wrap=True)
        column.addWidget(self.label)
        column.addWidget(control)
        column.addWidget(self.note)
        # Only now: shown before it has a parent, it would flash up as a window of its own.
        self.note.setVisible(bool(helper))
        if object_name:
            control.setObjectName(object_name)
            self.note.setObjectName(f"{object_name}.note")
        if not control.accessibleName():
            control.setAccessibleName(label)
        control.setAccessibleDescription(helper)
        vertical = control.sizePolicy().verticalPolicy()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)

    def set_error(self, text: str) -> None:
        """Show what is wrong, below, in words, with an octagon inside; an empty text takes it away."""
        self._show_note(text or self._helper, wrong=bool(text))
        if isinstance(self.control, (LineEdit, TextArea)):
            self.control.set_problem(wrong=bool(text))
        else:
            mark_problem(self.control, wrong=bool(text))

    def set_helper(self, text: str) -> None:
        self._helper = text
        self.set_error("")

    @property
    def error(self) -> str:
        """The error that is shown now, or an empty text."""
        return self.note.text() if self.control.property("problem") else ""

    def _show_note(self, text: str, *, wrong: bool) -> None:
        self.note.setText(text)
        self.note.set_style("caption", "overdue" if wrong else "muted")
        self.note.setVisible(bool(text))
        self.control.setAccessibleDescription(text)
