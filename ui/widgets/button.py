"""Buttons of the five kinds, painted from the theme; one primary per page, danger never filled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from ui.kit.fonts import Style
from ui.kit.names import named
from ui.kit.paint import CENTRE, Paint
from ui.kit.theme import Theme, hub, theme
from ui.kit.tokens import Role, mixed
from ui.widgets.focus_ring import outline_focus
from ui.widgets.tip import set_tip

Kind = Literal["primary", "secondary", "soft", "ghost", "danger"]
Size = Literal["row", "normal", "large"]

_HEIGHTS: Final[dict[Size, int]] = {"row": 28, "normal": 30, "large": 40}
_RADIUS: Final = 6


class Button(QPushButton):
    """A push button; `icon` and `trailing` are names of icons left and right of the words."""

    def __init__(
        self,
        words: str,
        kind: Kind = "secondary",
        *,
        icon: str = "",
        trailing: str = "",
        size: Size = "normal",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind: Kind = kind
        self._size: Size = size
        self._icon = icon
        self._trailing = trailing
        self.setProperty("kind", kind)
        self.setText(words)
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        outline_focus(self, _RADIUS)
        hub().changed.connect(self._dress)
        self._dress()

    @property
    def kind(self) -> Kind:
        return self._kind

    @property
    def _style(self) -> Style:
        return "strong" if self._kind == "primary" else "body-medium"

    def set_kind(self, kind: Kind) -> None:
        self._kind = kind
        self.setProperty("kind", kind)
        self._dress()

    def set_icon_name(self, icon: str) -> None:
        self._icon = icon
        self._dress()

    def _dress(self) -> None:
        self.setFont(theme().font(self._style))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        words = look.metric(self._style).horizontalAdvance(self._shown())
        width = words + 2 * look.px(12)
        if self._icon:
            width += look.px(16) + (look.px(4) if self.text() else 0)
        if self._trailing:
            width += look.px(16) + look.px(4)
        if not self.text():
            width = look.px(_HEIGHTS[self._size])
        return QSize(round(width + 0.5), look.px(_HEIGHTS[self._size]))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _shown(self) -> str:
        """The words without the mnemonic's ampersand."""
        return self.text().replace("&&", "\0").replace("&", "").replace("\0", "&")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        ground, line, ink = self._colours(paint.look)
        if ground is not None or line is not None:
            paint.plate(self.rect(), _RADIUS, ground, line)
        self._paint_words(paint, ink)

    def _paint_words(self, paint: Paint, ink: QColor) -> None:
        px = paint.look.px
        side = px(16)
        words = self._shown()
        room = QRectF(self.rect()).adjusted(px(8), 0, -px(8), 0)
        if not words:
            paint.icon(_square(self.rect(), side), self._icon, ink)
            return
        if self._trailing:
            area = QRectF(room.right() - side - px(2), room.y(), side, room.height())
            paint.icon(area, self._trailing, ink)
            room.setRight(area.left() - px(4))
        lead = side + px(4) if self._icon else 0
        width = min(room.width() - lead, paint.width(words, self._style) + 1)
        left = room.x() + max(0.0, (room.width() - width - lead) / 2)
        if self._icon:
            paint.icon(QRectF(left, room.y(), side, room.height()), self._icon, ink)
        area = QRectF(left + lead, room.y(), width, room.height())
        paint.words(area, words, self._style, ink, align=CENTRE)

    def _colours(self, look: Theme) -> tuple[QColor | None, QColor | None, QColor]:
        """Ground, line and ink of the state that the button is in."""
        if not self.isEnabled():
            return look.colour("sunken"), look.colour("border"), look.colour("muted")
        down = self.isDown() or self.isChecked()
        over = self.underMouse()
        hover = look.colour("hover")
        step = mixed(hover, look.colour("text"), 0.08) if down else hover if over else None
        if self._kind == "primary":
            ground = look.colour("accent-pressed" if down else "accent-hover" if over else "accent")
            return ground, None, look.colour("on-accent")
        if self._kind == "soft":
            soft = look.colour("accent-soft")
            share = 0.20 if down else 0.08 if over else 0.0
            return mixed(soft, look.colour("accent"), share), None, look.colour("accent")
        if self._kind == "ghost":
            return step, None, look.colour("text" if over or down else "text-2")
        raised = look.colour("raised")
        if self._kind == "danger":
            return step or raised, look.colour("overdue"), look.colour("overdue")
        return step or raised, look.colour("border"), look.colour("text")


class LinkButton(QAbstractButton):
    """An act that reads like a link, in the accent colour, underlined under the mouse."""

    def __init__(
        self,
        words: str,
        *,
        icon: str = "",
        style: Style = "small-medium",
        role: Role = "accent",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._style: Style = style
        self._role: Role = role
        self.setText(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        outline_focus(self, 2)
        hub().changed.connect(self._dress)

    def set_role(self, role: Role) -> None:
        """Change its colour, as when what it leads to becomes late."""
        self._role = role
        self.update()

    def _dress(self) -> None:
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        lead = look.px(16) + look.px(6) if self._icon else 0
        words = look.metric(self._style).horizontalAdvance(self.text())
        return QSize(round(words + lead + 1.5), look.px(24))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        ink = look.colour(self._role if self.isEnabled() else "muted")
        area = QRectF(self.rect())
        if self._icon:
            side = look.px(16)
            paint.icon(QRectF(0, 0, side, area.height()), self._icon, ink)
            area.setLeft(side + look.px(6))
        paint.words(area, self.text(), self._style, ink)
        if self.underMouse() and self.isEnabled():
            y = area.center().y() + look.metric(self._style).ascent() / 2 + 1
            width = min(area.width(), paint.width(self.text(), self._style))
            paint.q.fillRect(QRectF(area.left(), round(y), width, 1), ink)


def button(
    words: str,
    kind: Kind,
    object_name: str,
    act: Callable[[], object],
    *,
    icon: str = "",
    size: Size = "normal",
    spoken: str = "",
) -> Button:
    """A named button wired to its act; `spoken` where the words alone do not say enough to the ear."""
    made = named(Button(words, kind, icon=icon, size=size), object_name, spoken or words)
    # Without the lambda Qt would pass `checked` to acts that happen to take an argument.
    made.clicked.connect(lambda: act())  # noqa: PLW0108
    return made


def icon_button(
    icon: str, object_name: str, spoken: str, act: Callable[[], object], *, size: Size = "normal"
) -> Button:
    """A square ghost button with an icon only; its name is its tool tip too."""
    made = named(Button("", "ghost", icon=icon, size=size), object_name, spoken)
    set_tip(made, spoken)
    # Without the lambda Qt would pass `checked` to acts that happen to take an argument.
    made.clicked.connect(lambda: act())  # noqa: PLW0108
    return made


def _square(rect: QRect, side: float) -> QRectF:
    middle = QRectF(rect).center()
    return QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
