"""Icons by name: SVG line drawings, recoloured, drawn at a constant line width, cached as pixmaps."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, final

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from typing_extensions import override

import resources
from ui.kit.theme import theme
from ui.kit.tokens import Role

_NAME: Final = re.compile(r"[a-z][a-z0-9-]*\Z")
_LINE: Final = 1.4  # the width in logical pixels that a line lands near, whatever the size


def icon_folder() -> Path:
    return Path(resources.__path__[0]) / "icons"


def icon_pixmap(name: str, colour: QColor, size: int, ratio: float = 1.0) -> QPixmap:
    """The drawing `name` in `colour`, `size` logical pixels square, for a screen of device pixel `ratio`."""
    key = f"holdfast:{name}:{colour.name(QColor.NameFormat.HexArgb)}:{size}:{ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    pixmap = _render(name, colour, size, ratio)
    QPixmapCache.insert(key, pixmap)
    return pixmap


def _render(name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
    side = max(1, round(size * ratio))
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_drawing(name, colour.name(), size)))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _drawing(name: str, colour: str, size: int) -> bytes:
    if not _NAME.match(name):
        raise ValueError(f"no name of an icon: {name!r}")
    text = (icon_folder() / f"{name}.svg").read_text(encoding="utf-8")
    width = min(2.2, max(1.5, _LINE * 24 / size))
    text = text.replace('stroke-width="1.5"', f'stroke-width="{width:.2f}"')
    return text.replace("currentColor", colour).encode()


def draw_icon(painter: QPainter, rect: QRect | QRectF, name: str, colour: QColor) -> None:
    """Draw the icon in the middle of `rect`, as large as its shorter side, on whole device pixels."""
    size = int(min(rect.width(), rect.height()))
    ratio = painter.device().devicePixelRatioF()
    pixmap = icon_pixmap(name, colour, size, ratio)
    left = round((rect.x() + (rect.width() - size) / 2) * ratio) / ratio
    top = round((rect.y() + (rect.height() - size) / 2) * ratio) / ratio
    painter.drawPixmap(QPointF(left, top), pixmap)


@final
class _Engine(QIconEngine):
    """Draws one icon in the colour that its role has at the moment of painting."""

    def __init__(self, name: str, role: Role) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def _colour(self, mode: QIcon.Mode) -> QColor:
        return theme().colour("muted" if mode == QIcon.Mode.Disabled else self._role)

    @override
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        draw_icon(painter, rect, self._name, self._colour(mode))

    @override
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return icon_pixmap(self._name, self._colour(mode), min(size.width(), size.height()))

    @override
    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # Qt 6.11 passes the size in logical pixels and the ratio beside it.
        return icon_pixmap(self._name, self._colour(mode), min(size.width(), size.height()), scale)

    @override
    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._role)


def icon(name: str, role: Role = "text-2") -> QIcon:
    """A QIcon that follows the theme, for actions and controls of Qt's own."""
    return QIcon(_Engine(name, role))
