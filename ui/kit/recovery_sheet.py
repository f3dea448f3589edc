"""The sheet with a recovery code: painted once for paper, for a PDF file and for a look at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPageSize, QPainter, QPaintEvent, QPdfWriter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.domain.untrusted import safe_line
from app.presenters.qr import QUIET, Matrix, matrix
from ui.kit.fonts import MONO_FAMILY, UI_FAMILY
from ui.kit.icons import draw_icon

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

WIDTH: Final = 2100
HEIGHT: Final = 2970
"""A4 in tenths of a millimetre, the unit that everything here is painted in."""

_DPI: Final = 254
_LEFT: Final = 200
_ROOM: Final = WIDTH - 2 * _LEFT
_INK: Final = QColor("#161B21")
_QUIET_INK: Final = QColor("#3F4955")
_LINE: Final = QColor("#76808D")
_WRAP: Final = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
_CODE_COLUMNS: Final = 4


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What the sheet tells; `groups` are the groups of the code in order, `made` a day in words."""

    store: str
    label: str
    made: str
    groups: tuple[str, ...]

    @property
    def code(self) -> str:
        return "-".join(self.groups)


def page_size() -> QPageSize:
    return QPageSize(QPageSize.PageSizeId.A4)


@final
class RecoverySheet(QObject):
    """Paints one sheet; it is black on white in every theme, since paper is."""

    def __init__(self, facts: SheetFacts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._facts = facts
        self._qr: Matrix = matrix(facts.code)

    def paint(self, q: QPainter) -> None:
        """Paint on an area of WIDTH x HEIGHT units."""
        q.setRenderHint(QPainter.RenderHint.Antialiasing)
        q.fillRect(QRectF(0, 0, WIDTH, HEIGHT), QColor("#FFFFFF"))
        top = self._paint_head(q)
        top = self._paint_code(q, top + 60)
        for title, words in self._chapters():
            top = self._paint_chapter(q, top + 70, title, words)
        self._paint_foot(q)

    def pdf(self) -> bytes:
        """The sheet as a PDF file."""
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setResolution(_DPI)
        writer.setPageSize(page_size())
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        writer.setCreator("Holdfast")
        q = QPainter(writer)
        self.paint(q)
        q.end()
        buffer.close()
        return bytes(data.data())

    def print_on(self, printer: QPrinter) -> bool:
        """Print one copy; False when the printer took nothing."""
        printer.setPageSize(page_size())
        printer.setFullPage(True)
        # The queue of a printer is read by others: it learns that something was printed, not for which store.
        printer.setDocName("Holdfast")
        q = QPainter()
        if not q.begin(printer):
            return False
        q.scale(printer.logicalDpiX() / _DPI, printer.logicalDpiY() / _DPI)
        self.paint(q)
        return q.end()

    def _paint_head(self, q: QPainter) -> float:
        draw_icon(q, QRectF(_LEFT - 10, 195, 90, 90), "logo", QColor("#0A6783"))
        _words(q, QRectF(_LEFT + 100, 200, 900, 80), "Holdfast", _ui(46, QFont.Weight.DemiBold), _QUIET_INK)
        _words(q, QRectF(_LEFT, 330, _ROOM, 110), self.tr("Recovery sheet"), _ui(84, QFont.Weight.DemiBold), _INK)
        name = safe_line(self._facts.store, 60)
        _words(q, QRectF(_LEFT, 450, _ROOM, 70), name, _ui(52, QFont.Weight.Medium), _INK)
        made = self.tr("“{label}”, made {day}").format(label=safe_line(self._facts.label, 60), day=self._facts.made)
        _words(q, QRectF(_LEFT, 525, _ROOM, 60), made, _ui(38), _QUIET_INK)
        return 590

    def _paint_code(self, q: QPainter, top: float) -> float:
        rows = -(-len(self._facts.groups) // _CODE_COLUMNS)
        side = 480.0
        height = max(side + 80, rows * 130 + 100)
        q.setPen(QPen(_LINE, 4))
        q.setBrush(Qt.BrushStyle.NoBrush)
        q.drawRoundedRect(QRectF(_LEFT, top, _ROOM, height), 24, 24)
        left, step = _LEFT + 50.0, (_ROOM - side - 130) / _CODE_COLUMNS
        first = top + (height - rows * 130) / 2
        for number, group in enumerate(self._facts.groups):
            x, y = left + (number % _CODE_COLUMNS) * step, first + (number // _CODE_COLUMNS) * 130
            _words(q, QRectF(x, y, step, 40), str(number + 1), _ui(30), _QUIET_INK)
            _words(q, QRectF(x, y + 36, step, 80), group, _mono(64), _INK)
        self._paint_qr(q, QRectF(WIDTH - _LEFT - side - 40, top + (height - side) / 2, side, side))
        return top + height

    def _paint_qr(self, q: QPainter, area: QRectF) -> None:
        modules = len(self._qr) + 2 * QUIET
        cell = area.width() / modules
        q.save()
        # Neighbouring cells must touch; smoothed edges would leave hairlines between them.
        q.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for y, row in enumerate(self._qr):
            for x, dark in enumerate(row):
                if dark:
                    left, top = area.x() + (x + QUIET) * cell, area.y() + (y + QUIET) * cell
                    q.fillRect(QRectF(left, top, cell + 0.5, cell + 0.5), QColor("#000000"))
        q.restore()

    def _chapters(self) -> tuple[tuple[str, str], ...]:
        return (
            (
                self.tr("What this is for"),
                self.tr(
                    "This code opens the store when its passphrase is lost or its owner is away. "
                    "Whoever holds this sheet and a copy of the store can read every case in it."
                ),
            ),
            (
                self.tr("How to use it"),
                self.tr(
                    "Start Holdfast, choose the store, and take “Recovery code” under “Other ways in”. Type the groups "
                    "or read the square with a scanner. Capital letters, spaces and hyphens do not matter."
                ),
            ),
            (
                self.tr("Where to keep it"),
                self.tr(
                    "In a sealed envelope, in a safe, or with a person the team trusts. Not beside the computer, not "
                    "as a photograph, not in a mail, a chat or a synchronised folder."
                ),
            ),
            (
                self.tr("When it is lost or was seen"),
                self.tr(
                    "Open Settings, Ways in, and revoke this code; make a new one. If a copy of the store may be out, "
                    "replace the store key as well. Backups made before still open with this code: destroy those."
                ),
            ),
        )

    @staticmethod
    def _paint_chapter(q: QPainter, top: float, title: str, words: str) -> float:
        _words(q, QRectF(_LEFT, top, _ROOM, 60), title, _ui(42, QFont.Weight.DemiBold), _INK)
        q.setFont(_ui(38))
        q.setPen(_QUIET_INK)
        area = QRectF(_LEFT, top + 66, _ROOM, 400)
        q.drawText(area, _WRAP, words)
        return q.boundingRect(area, _WRAP, words).bottom()

    def _paint_foot(self, q: QPainter) -> None:
        lines = (self.tr("Kept at"), self.tr("By"), self.tr("Since"))
        step = _ROOM / len(lines)
        for number, word in enumerate(lines):
            left = _LEFT + number * step
            q.fillRect(QRectF(left, HEIGHT - 280, step - 40, 4), _LINE)
            _words(q, QRectF(left, HEIGHT - 265, step, 50), word, _ui(32), _QUIET_INK)


@final
class SheetPreview(QWidget):
    """The sheet, small, as it will lie on the table; for a reader of the screen it is its name alone."""

    def __init__(self, sheet: RecoverySheet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet: RecoverySheet | None = sheet
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def forget(self) -> None:
        """Show nothing any more."""
        self._sheet = None
        self.update()

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        return width * HEIGHT // WIDTH

    @override
    def sizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(300))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._sheet is None:
            return
        q = QPainter(self)
        share = min(self.width() / WIDTH, self.height() / HEIGHT)
        q.scale(share, share)
        self._sheet.paint(q)
        q.setPen(QPen(_LINE, 1 / share))
        q.setBrush(Qt.BrushStyle.NoBrush)
        q.drawRect(QRectF(0, 0, WIDTH - 1 / share, HEIGHT - 1 / share))


def _words(q: QPainter, area: QRectF, text: str, font: QFont, ink: QColor) -> None:
    q.setFont(font)
    q.setPen(ink)
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
    q.drawText(area, flags, text)


def _ui(size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont()
    font.setFamilies([UI_FAMILY])
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setPixelSize(size)
    font.setWeight(weight)
    return font


def _mono(size: int) -> QFont:
    font = QFont()
    font.setFamilies([MONO_FAMILY])
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPixelSize(size)
    return font
