"""The kelp drawing of the unlock page, the only decoration: a holdfast, its roots and its blades."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ui.kit.icons import draw_icon
from ui.kit.theme import Theme, hub, theme
from ui.kit.tokens import mixed

# Measures of the drawing on a panel of 560 x 900.
_WIDTH: Final = 560.0
_HEIGHT: Final = 900.0
_FOOT: Final = QPointF(300, 691)
_STEMS: Final = ((60, 250, 0), (198, 234, 1), (336, 216, 0), (475, 200, 1))
_FAR_STEMS: Final = (
    (106, 322, 1),
    (152, 317, 0),
    (244, 302, 1),
    (290, 300, 0),
    (382, 284, 1),
    (428, 283, 0),
    (520, 265, 1),
)
_ROOTS: Final = tuple(16 + 35.5 * i for i in range(17))
_BANDS: Final = 64
_LEAVES: Final = (0.30, 0.40, 0.50, 0.60, 0.70, 0.79, 0.88)


@final
class KelpPanel(QWidget):
    """The dark panel with the program's name; the drawing is kept as a picture for its size and theme."""

    def __init__(self, name: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._sentence = sentence
        self._picture: QPixmap | None = None
        self._made_for: tuple[int, int, float, bool] | None = None
        self.setAccessibleName(f"{name}. {sentence}")
        hub().changed.connect(self.update)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        wanted = (self.width(), self.height(), self.devicePixelRatioF(), look.dark)
        if self._picture is None or wanted != self._made_for:
            self._picture = _draw(self.width(), self.height(), self.devicePixelRatioF(), look)
            self._made_for = wanted
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        self._write(painter, look)

    def _write(self, painter: QPainter, look: Theme) -> None:
        px = look.px
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        draw_icon(painter, QRectF(px(47), px(44), px(36), px(36)), "logo", look.colour("toast-accent"))
        painter.setFont(look.font("display"))
        painter.setPen(look.colour("panel-text"))
        line = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(px(94), px(44), self.width() - px(110), px(36)), line, self._name)
        painter.setFont(look.font("h2"))
        painter.setPen(look.colour("panel-text-2"))
        wrapped = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)
        room = min(px(250), self.width() - px(64))
        painter.drawText(QRectF(px(48), px(97), room, px(90)), wrapped, self._sentence)


def _draw(width: int, height: int, ratio: float, look: Theme) -> QPixmap:
    picture = QPixmap(round(width * ratio), round(height * ratio))
    picture.setDevicePixelRatio(ratio)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # Bands finer than the colours differ look like a gradient; importing Qt's costs 2 ms of every start.
    top, bottom = look.colour("panel-top"), look.colour("panel-bottom")
    for band in range(_BANDS):
        share = band / (_BANDS - 1)
        area = QRectF(0, height * band / _BANDS, width, height / _BANDS + 1)
        painter.fillRect(area, mixed(top, bottom, share))
    scale = height / _HEIGHT
    painter.translate(width * _FOOT.x() / _WIDTH, 0)
    painter.scale(scale, scale)
    painter.translate(-_FOOT.x(), 0)
    ink = look.colour("panel-line")
    for first, strength in ((0, 0.16), (1, 0.30)):
        _stroke(painter, [_root(x) for x in _ROOTS[first::2]], ink, strength, 1.3)
    for stems, strength in ((_FAR_STEMS, 0.16), (_STEMS, 0.34)):
        lines = [_stem(stem) for stem in stems]
        _stroke(painter, lines, ink, strength, 1.2)
        leaves = [
            _leaf(line.pointAtPercent(place), to_left=(index + stem[2]) % 2 == 0)
            for line, stem in zip(lines, stems, strict=True)
            for index, place in enumerate(_LEAVES)
        ]
        _stroke(painter, leaves, ink, strength * 0.8, 1.0)
    painter.end()
    return picture


def _stroke(painter: QPainter, paths: list[QPainterPath], ink: QColor, strength: float, width: float) -> None:
    colour = QColor(ink)
    colour.setAlphaF(strength)
    pen = QPen(colour, width)
    if painter.device().devicePixelRatioF() <= 1:
        # Lines of one device pixel are drawn in half the time, and this is waited for at every start.
        pen.setWidthF(1.0)
        pen.setCosmetic(True)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for path in paths:
        painter.drawPath(path)


def _root(x: float) -> QPainterPath:
    path = QPainterPath(_FOOT)
    away = x - _FOOT.x()
    path.cubicTo(
        QPointF(_FOOT.x() + away * 0.22, _FOOT.y() + 45),
        QPointF(_FOOT.x() + away * (0.72 if abs(away) > 120 else 0.6), _FOOT.y() + 75),
        QPointF(x, _HEIGHT + 2),
    )
    return path


def _stem(stem: tuple[int, int, int]) -> QPainterPath:
    x, y, first = stem
    tall = _FOOT.y() - y
    lean = (x - _FOOT.x()) * 0.06
    path = QPainterPath(_FOOT)
    path.cubicTo(
        QPointF(_FOOT.x(), _FOOT.y() - tall * 0.30),
        QPointF(x + lean * (1 if first else -1), y + tall * 0.40),
        QPointF(x, y),
    )
    return path


def _leaf(root: QPointF, *, to_left: bool) -> QPainterPath:
    side = -1.0 if to_left else 1.0
    tip = QPointF(root.x() + side * 39, root.y() - 34)
    path = QPainterPath(root)
    path.quadTo(QPointF(root.x() + side * 8, root.y() - 30), tip)
    path.quadTo(QPointF(root.x() + side * 32, root.y() - 4), root)
    return path
