"""The bar at the top: where the window is, the door to the palette, the time here and in UTC, and a new case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.presenters.target import Target
from ui.kit.dates import Dates
from ui.kit.names import named
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.screens.page import Crumb
from ui.shell.rail import paint_cap
from ui.widgets.button import Button
from ui.widgets.focus_ring import outline_focus
from ui.widgets.icon_label import IconLabel
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tip import set_tip

HEIGHT: Final = 52
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@final
class PaletteDoor(QAbstractButton):
    """Looks like a search field and opens the palette."""

    def __init__(self, words: str, key: str) -> None:
        super().__init__()
        self.setText(words)
        self._key = key
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        outline_focus(self, 6)

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(400), theme().px(30))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(160), theme().px(30))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        px = look.px
        area = QRectF(self.rect())
        paint.plate(area, 6, look.colour("hover" if self.underMouse() else "sunken"), look.colour("border"))
        paint.icon(QRectF(px(10), 0, px(16), area.height()), "search", look.colour("text-2"))
        left = paint_cap(paint, area.adjusted(0, 0, -px(7), 0), self._key)
        room = QRectF(px(34), 0, left - px(40), area.height())
        paint.words(room, self.text(), "body", look.colour("text-2"))


@final
class _CrumbLink(QAbstractButton):
    """A step of the path that can be gone to."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setText(words)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        outline_focus(self, 4)

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        return QSize(round(look.metric("body-medium").horizontalAdvance(self.text()) + 1), look.px(24))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        ink = look.colour("text" if self.underMouse() else "text-2")
        paint.words(self.rect(), self.text(), "body-medium", ink)
        if self.underMouse():
            low = self.height() / 2 + look.metric("body-medium").ascent() / 2 + 1
            paint.q.fillRect(QRectF(0, round(low), self.width(), 1), ink)


@final
class Crumbs(QWidget):
    """The path to the page; all but the last step can be gone to."""

    gone = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("topBar.crumbs")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._shown: tuple[Crumb, ...] = ()

    def show_path(self, crumbs: tuple[Crumb, ...]) -> None:
        if crumbs == self._shown:
            return
        self._shown = crumbs
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, crumb in enumerate(crumbs):
            if number:
                self._row.addWidget(IconLabel("chevron-right", "muted", 14))
            self._row.addWidget(self._part(crumb, number, last=number == len(crumbs) - 1))
        self._row.addStretch(1)
        self.setAccessibleName(" / ".join(crumb.text for crumb in crumbs))

    def _part(self, crumb: Crumb, number: int, *, last: bool) -> QWidget:
        elide = Qt.TextElideMode.ElideRight
        if last or crumb.target is None:
            return PlainLabel(crumb.text, "h2" if len(self._shown) == 1 else "strong", elide=elide)
        target = crumb.target
        made = named(_CrumbLink(crumb.text), f"topBar.crumb{number}", crumb.text)
        made.clicked.connect(lambda: self.gone.emit(target))
        return made


@final
class TopBar(QWidget):
    """Everything that stays the same from page to page."""

    def __init__(
        self,
        dates: Dates,
        palette_key: str,
        open_palette: Callable[[], None],
        new_case: Callable[[], None],
        go: Callable[[Target], None],
    ) -> None:
        super().__init__()
        self.setObjectName("topBar")
        self._dates = dates
        self.crumbs = Crumbs()
        self.crumbs.gone.connect(go)
        self.door = named(
            PaletteDoor(self.tr("Search cases and actions"), palette_key),
            "topBar.search",
            self.tr("Search cases and actions"),
        )
        self.door.clicked.connect(open_palette)
        self.new_case = named(
            Button(self.tr("New case"), "secondary", icon="plus"), "topBar.newCase", self.tr("New case")
        )
        self.new_case.clicked.connect(new_case)
        self.here = PlainLabel("", "small-medium")
        self.utc = PlainLabel("", "caption", "text-2")
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 1)
        row.setSpacing(24)
        row.addWidget(self.crumbs, 3)
        row.addWidget(self.door, 4)
        row.addLayout(self._make_time(), 2)
        row.addSpacing(12)
        row.addWidget(self.new_case)
        hub().changed.connect(self._dress)
        self._dress()

    def _make_time(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        for label in (self.here, self.utc):
            label.setAlignment(_RIGHT)
            column.addWidget(label)
        column.addStretch(1)
        return column

    def show_time(self, now: datetime) -> None:
        """This minute, here and in UTC."""
        self.here.setText(self._dates.moment(now, now, year=True))
        utc = f"{now:%H:%M} UTC"
        self.utc.setText(utc)
        self.utc.setVisible(self._dates.clock(now) != utc)
        set_tip(self.here, self._dates.utc(now))

    def squeeze(self, *, narrow: bool) -> None:
        """In a narrow window the words of the button go, its icon stays."""
        self.new_case.setText("" if narrow else self.tr("New case"))
        set_tip(self.new_case, self.tr("New case") if narrow else "")

    def _dress(self) -> None:
        self.setFixedHeight(theme().px(HEIGHT))
        self.door.setMaximumWidth(theme().px(400))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        paint.fill(self.rect(), "surface")
        paint.hairline(0, self.width(), self.height() - 1)
