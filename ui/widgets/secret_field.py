"""A field for a secret: hidden until asked, a word when Caps Lock is on, never in undo or in any list."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.widgets.field import FieldSize, LineEdit
from ui.widgets.focus_ring import outline_focus
from ui.widgets.plain_label import PlainLabel


@final
class _Reveal(QAbstractButton):
    """The eye and its word at the right of the field."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        outline_focus(self, 4)

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        words = look.metric("small-medium").horizontalAdvance(self.text())
        return QSize(round(words) + look.px(16 + 8 + 12 + 12), look.px(24))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        area = self.rect().toRectF()
        paint.q.fillRect(area.adjusted(0, 2, 1 - area.width(), -2), look.colour("border"))
        ink = look.colour("text" if self.underMouse() else "text-2")
        name = "eye-off" if self.isChecked() else "eye"
        side = look.px(16)
        paint.icon(area.adjusted(look.px(12), 0, side + look.px(12) - area.width(), 0), name, ink)
        paint.words(area.adjusted(look.px(36), 0, 0, 0), self.text(), "small-medium", ink)


@final
class SecretField(QWidget):
    """A passphrase line with Show and Hide and the Caps Lock hint. Qt cannot tell Caps Lock by itself,
    so it is judged from the letters typed: a capital without Shift, or a small letter with it."""

    textChanged = Signal(str)
    returnPressed = Signal()

    def __init__(self, *, size: FieldSize = "normal", hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = hint
        self.edit = LineEdit(size=size)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.edit.installEventFilter(self)
        self.reveal = _Reveal(self.edit)
        self.reveal.setObjectName("secret.reveal")
        self.reveal.toggled.connect(self._show)
        self.note = PlainLabel(hint, "small", "text-2")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.edit)
        column.addWidget(self.note)
        # Only now: shown before it has a parent, it would flash up as a window of its own.
        self.note.setVisible(bool(hint))
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self.textChanged)
        self.edit.returnPressed.connect(self.returnPressed)
        hub().changed.connect(self._dress)
        self._show(False)

    def name(self, object_name: str, accessible_name: str) -> None:
        """The names of the line inside; the eye is named after it."""
        self.edit.setObjectName(object_name)
        self.edit.setAccessibleName(accessible_name)
        self.reveal.setObjectName(f"{object_name}.reveal")

    def text(self) -> str:
        return self.edit.text()

    def clear(self) -> None:
        """Empty the line and hide it again, as after a lock or a wrong passphrase."""
        self.edit.clear()
        self.reveal.setChecked(False)

    def set_hint(self, text: str) -> None:
        self._hint = text
        self._say_caps(on=False)

    def _show(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        self.reveal.setText(self.tr("Hide") if shown else self.tr("Show"))
        self.reveal.setAccessibleName(self.tr("Hide the secret") if shown else self.tr("Show the secret"))
        self._dress()

    def _dress(self) -> None:
        font = QFont(theme().font("body"))
        if self.edit.echoMode() == QLineEdit.EchoMode.Password:
            # Dots stand a little apart, so that they can be counted.
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, theme().px(3))
        self.edit.setFont(font)
        self._place()

    def _place(self) -> None:
        hint = self.reveal.sizeHint()
        margin = theme().px(10)
        left = self.edit.width() - hint.width() - 2
        self.reveal.setGeometry(left, (self.edit.height() - hint.height()) // 2, hint.width(), hint.height())
        self.edit.take_room(hint.width() - margin)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent):
            self._place()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self._judge_caps(event)
        return False

    def _judge_caps(self, event: QKeyEvent) -> None:
        typed = event.text()
        if len(typed) != 1 or not typed.isalpha() or typed.upper() == typed.lower():
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._say_caps(on=typed.isupper() != shift)

    def _say_caps(self, *, on: bool) -> None:
        self.note.setText(self.tr("Caps Lock is on.") if on else self._hint)
        self.note.set_style("small", "today" if on else "text-2")
        self.note.setVisible(bool(self.note.text()))
        self.edit.setAccessibleDescription(self.note.text())
