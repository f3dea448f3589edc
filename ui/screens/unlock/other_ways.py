"""The other ways in, below the passphrase: one row each, pressed to be used."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.untrusted import safe_line
from app.presenters.unlock import OutsideWay
from ui.kit.names import named
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role
from ui.widgets.focus_ring import outline_focus
from ui.widgets.lines import HLine
from ui.widgets.plain_label import PlainLabel

_ICONS: Final = {"openpgp": "card", "recovery": "key", "keychain": "laptop"}
_RADIUS: Final = 8


@final
class WayButton(QAbstractButton):
    """Icon, what it is, what it asks for."""

    def __init__(self, icon: str, title: str, about: str) -> None:
        super().__init__()
        self._icon = icon
        self._about = about
        self.setText(title)
        self.setAccessibleDescription(about)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        outline_focus(self, _RADIUS)
        hub().changed.connect(self.updateGeometry)

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(320), theme().px(52))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        px = look.px
        usable = self.isEnabled()
        ground: Role = "sunken" if not usable else "hover" if self.underMouse() or self.isDown() else "surface"
        paint.plate(self.rect(), _RADIUS, look.colour(ground), look.colour("border"))
        area = QRectF(self.rect())
        paint.icon(area.adjusted(px(14), 0, px(30) - area.width(), 0), self._icon, look.colour("text-2"))
        words = area.adjusted(px(48), px(7), -px(40), 0)
        half = (area.height() - px(14)) / 2
        ink = look.colour("text" if usable else "muted")
        paint.words(QRectF(words.x(), words.y(), words.width(), half), self.text(), "body-medium", ink)
        lower = QRectF(words.x(), words.y() + half, words.width(), half)
        paint.words(lower, self._about, "small", look.colour("text-2" if usable else "muted"))
        paint.icon(area.adjusted(area.width() - px(30), 0, -px(14), 0), "chevron-right", look.colour("text-2"))


@final
class OtherWays(QWidget):
    """`wanted` says the kind that was pressed. Names: `unlock.way.KIND`."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.has_rows = False
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(PlainLabel(self.tr("Other ways in"), "caption", "text-2"))
        head.addWidget(HLine(self), 1, Qt.AlignmentFlag.AlignVCenter)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self._rows)

    def show_ways(self, ways: tuple[OutsideWay, ...]) -> None:
        """One row for each kind; where there are several of a kind, whichever fits is found."""
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        shown: set[str] = set()
        for way in ways:
            if way.kind in _ICONS and way.kind not in shown:
                shown.add(way.kind)
                several = sum(other.kind == way.kind for other in ways) > 1
                self._rows.addWidget(self._row(way, several=several))
        self.has_rows = bool(shown)
        self.setVisible(self.has_rows)

    def _row(self, way: OutsideWay, *, several: bool) -> WayButton:
        titles = {
            "openpgp": self.tr("OpenPGP key or smartcard"),
            "recovery": self.tr("Recovery code"),
            "keychain": self.tr("Keychain of this machine"),
        }
        label = safe_line(way.label, 60)
        about = {
            "openpgp": self.tr("{label}, key …{end}").format(label=label, end=_ending(way.fingerprint)),
            "recovery": self.tr("{label}, from its sheet").format(label=label),
            "keychain": label,
        }[way.kind]
        if several:
            about = self.tr("One of several; whichever fits is found")
        row = WayButton(_ICONS[way.kind], titles[way.kind], about)
        row.clicked.connect(lambda: self.wanted.emit(way.kind))
        return named(row, f"unlock.way.{way.kind}", titles[way.kind])


def _ending(fingerprint: str) -> str:
    return f"{fingerprint[-8:-4]} {fingerprint[-4:]}".strip() or "?"
