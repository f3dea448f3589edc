"""The frame of every dialog: a question as the title, words or a form, and a footer with its choices."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QGuiApplication,
    QHideEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid
from typing_extensions import override

from ui.kit.names import named
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.widgets.button import Button, Kind
from ui.widgets.icon_label import IconLabel
from ui.widgets.lines import HLine
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel

NARROW: Final = 436
FORM: Final = 560
WIDE: Final = 720
_RADIUS: Final = 10


class _Scrim(QWidget):
    """Dims the window behind a dialog, so that it is plain what can be answered."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setGeometry(window.rect())
        self.raise_()
        self.show()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, 150 if theme().dark else 90))


class Dialog(QDialog):
    """Fill `content` with a form; add choices with `add_safe` and `add_act`. Esc is always the safe choice.

    `name` begins the object names: `name.safe`, `name.act`. The frame opens window-modal, without an event
    loop of its own: connect to `accepted` and call `open()`.
    """

    def __init__(
        self,
        parent: QWidget | None,
        *,
        name: str,
        title: str,
        body: str = "",
        strong: tuple[str, ...] = (),
        icon: str = "",
        warns: bool = False,
        width: int = FORM,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self._wide = width
        self._scrim: _Scrim | None = None
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(body)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        # Without a compositor a translucent window has black corners on X11; there a mask cuts them.
        self._masked = QGuiApplication.platformName() == "xcb"
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, not self._masked)
        self._build(title, body, strong, icon=icon, warns=warns)
        hub().changed.connect(self._fit)

    def _build(self, title: str, body: str, strong: tuple[str, ...], *, icon: str, warns: bool) -> None:
        px = theme().px
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        upper = QHBoxLayout()
        upper.setContentsMargins(px(20), px(20), px(20), px(16))
        upper.setSpacing(px(12))
        if icon:
            mark = IconLabel(icon, "today" if warns else "accent", 20)
            upper.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        self.content = QVBoxLayout()
        self.content.setSpacing(px(8))
        heading = PlainLabel(title, "h2", wrap=True)
        self.content.addWidget(heading)
        if body:
            self.content.addWidget(Paragraph(body, strong=strong))
        upper.addLayout(self.content, 1)
        outer.addLayout(upper, 1)
        outer.addWidget(HLine(self))
        self.footer = QHBoxLayout()
        self.footer.setContentsMargins(px(16), px(11), px(15), px(12))
        self.footer.setSpacing(px(8))
        self.footer.addStretch(1)
        outer.addLayout(self.footer)

    def add_safe(self, words: str, kind: Kind = "secondary") -> Button:
        """The choice that changes nothing; a primary one is the default too."""
        made = self._choice(words, kind, "safe")
        made.clicked.connect(self.reject)
        return made

    def add_act(self, words: str, kind: Kind = "primary") -> Button:
        """The choice that does it. Connect to `accepted`, or disable the button until the form is right."""
        made = self._choice(words, kind, "act")
        made.clicked.connect(self.accept)
        return made

    def _choice(self, words: str, kind: Kind, key: str) -> Button:
        made = named(Button(words, kind), f"{self.objectName()}.{key}", words)
        made.setAutoDefault(kind == "primary")
        made.setDefault(kind == "primary")
        self.footer.addWidget(made)
        return made

    def _fit(self) -> None:
        layout = self.layout()
        if layout is None:
            return
        width = theme().px(self._wide)
        height = max(layout.totalHeightForWidth(width), layout.totalMinimumSize().height())
        self.setFixedWidth(width)
        self.resize(width, height)
        self._centre()

    def _centre(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        window = parent.window()
        corner = window.mapToGlobal(window.rect().center())
        top = max(window.mapToGlobal(window.rect().topLeft()).y(), corner.y() - self.height() // 2)
        self.move(corner.x() - self.width() // 2, top)

    @override
    def event(self, event: QEvent) -> bool:
        answer = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._fit()
        return answer

    @override
    def showEvent(self, event: QShowEvent) -> None:
        parent = self.parentWidget()
        if parent is not None and self._scrim is None:
            self._scrim = _Scrim(parent.window())
        self._fit()
        super().showEvent(event)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._lift_scrim()
        super().hideEvent(event)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._lift_scrim()
        super().closeEvent(event)

    def _lift_scrim(self) -> None:
        if self._scrim is not None and isValid(self._scrim):
            self._scrim.hide()
            self._scrim.deleteLater()
        self._scrim = None

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._masked:
            shape = QPainterPath()
            shape.addRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
            self.setMask(QRegion(shape.toFillPolygon().toPolygon()))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        paint.plate(self.rect(), _RADIUS, look.colour("raised"), look.colour("border"))
