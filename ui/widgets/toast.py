"""A short word that something was done, with one way back; never for errors, never with case titles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QEnterEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget
from typing_extensions import override

from ui.kit.names import named
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.widgets.button import LinkButton
from ui.widgets.icon_label import IconLabel
from ui.widgets.plain_label import PlainLabel

SHOWN_FOR: Final = 6_000  # milliseconds


@final
class Toast(QFrame):
    """Sits at the bottom centre of `page`. Stays while the mouse is over it or its action has the focus."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._act: Callable[[], object] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 0, 15, 0)
        row.setSpacing(10)
        self._label = PlainLabel("", "strong", "on-toast")
        self.action = named(LinkButton("", style="strong", role="toast-accent"), "toast.action", "")
        self.action.clicked.connect(self._acted)
        row.addWidget(IconLabel("check-circle", "toast-done", 16))
        row.addWidget(self._label, 1)
        row.addSpacing(24)
        row.addWidget(self.action)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_FOR)
        self._timer.timeout.connect(self._over)
        page.installEventFilter(self)
        hub().changed.connect(self._place)
        self.hide()

    def say(self, words: str, action: str = "", act: Callable[[], object] | None = None) -> None:
        """Show `words`; `action` is the one thing that can be done about it, such as Undo."""
        self._label.setText(words)
        self.setAccessibleName(words)
        self._act = act
        self.action.setText(action)
        self.action.setAccessibleName(action)
        self.action.setVisible(bool(action) and act is not None)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def _acted(self) -> None:
        act, self._act = self._act, None
        self.hide()
        if act is not None:
            act()

    def _over(self) -> None:
        if self.underMouse() or self.action.hasFocus():
            self._timer.start()
        else:
            self.hide()

    def _place(self) -> None:
        page = self.parentWidget()
        if page is None:
            return
        height = theme().px(44)
        width = min(page.width() - 32, max(self.sizeHint().width(), theme().px(300)))
        self.setGeometry((page.width() - width) // 2, page.height() - height - theme().px(24), width, height)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.start()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        paint.plate(self.rect(), 8, look.colour("toast"), look.colour("toast-border"))
