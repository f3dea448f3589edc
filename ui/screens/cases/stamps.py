"""Small pictures that the case table shows again and again, painted once for a theme and a screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap

from ui.kit.paint import Paint
from ui.kit.theme import Theme

_MOST: Final = 500
Key = tuple[str, str, str]


@final
class Stamps:
    """Bars, ticks, avatars, icons: up to a dozen plates each, which as a picture cost one copy."""

    def __init__(self, look: Theme, ratio: float) -> None:
        self._look = look
        self._ratio = ratio
        self._kept: dict[Key, QPixmap] = {}

    def get(self, key: Key, width: int, height: int, draw: Callable[[Paint], None]) -> QPixmap:
        """The picture of `key`, in logical pixels; `draw` paints it, at (0, 0), the first time."""
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            found = self._kept[key] = self._painted(width, height, draw)
        return found

    def _painted(self, width: int, height: int, draw: Callable[[Paint], None]) -> QPixmap:
        picture = QPixmap(round(width * self._ratio), round(height * self._ratio))
        picture.setDevicePixelRatio(self._ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        draw(Paint(painter, self._look))
        painter.end()
        return picture
