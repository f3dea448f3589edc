"""The embargoes ahead as bars on five weeks; each row is a button that opens its case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.desk.ports.vault import CaseRow
from app.domain.untrusted import safe_line
from app.presenters.words import next_word
from ui.kit.dates import Dates
from ui.kit.names import named
from ui.kit.paint import Paint, faded
from ui.kit.theme import hub, theme
from ui.kit.tokens import Severity
from ui.widgets.tip import set_tip

WEEKS: Final = 5
LABELS: Final = 252
_HEAD: Final = 26
_ROW: Final = 32
_BAR: Final = 18
_DAYS: Final = WEEKS * 7
_SEVERITIES: Final[dict[str, Severity]] = {
    "critical": "critical",
    "high": "high",
    "medium": "medium",
    "low": "low",
}


@dataclass(frozen=True, slots=True)
class Span:
    """The time that is shown: local midnight of a Monday, for five weeks."""

    start: datetime
    now: datetime

    def share(self, when: datetime) -> float:
        """Where an instant lies: 0 at the left edge, 1 at the right."""
        return (when - self.start) / timedelta(days=_DAYS)


def span_of(now: datetime, dates: Dates) -> Span:
    """The weeks from this one on."""
    local = now.astimezone(dates.zone)
    monday = local.date() - timedelta(days=local.weekday())
    return Span(datetime.combine(monday, time(), tzinfo=dates.zone), now)


@final
class _Bar(QAbstractButton):
    """One embargo: bars, reference and title at the left, the bar at the right."""

    def __init__(self, row: CaseRow, dates: Dates) -> None:
        super().__init__()
        self.row = row
        self._dates = dates
        self.span: Span | None = None
        self._title = safe_line(row.title, 200)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        hub().changed.connect(self.updateGeometry)

    def tell(self, span: Span) -> None:
        """Say the time anew."""
        self.span = span
        until = self.row.embargo_until
        if until is None:
            return
        words = (self.row.ref, self._title, self._end_words(until))
        self.setAccessibleName(", ".join(words))
        set_tip(self, f"{self._title}\n{self._dates.until(until, span.now)}\n{self._dates.utc(until)}")
        self.update()

    def _end_words(self, until: datetime) -> str:
        words = self._dates.moment(until, self.span.now if self.span else until, show_zone=False)
        return self.tr("{time} (proposed)").format(time=words) if self.row.embargo == "proposed" else words

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(600), theme().px(_ROW))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        area = QRectF(self.rect())
        if self.underMouse() or self.isDown():
            paint.q.fillRect(area, faded(look.colour("hover"), 0.6))
        self._paint_label(paint, area)
        if self.span is not None and self.row.embargo_until is not None:
            self._paint_bar(paint, area, self.span, self.row.embargo_until)
        if self.hasFocus():
            paint.ring(area.adjusted(4, 1, -4, -1), 6)

    def _paint_label(self, paint: Paint, area: QRectF) -> None:
        look = paint.look
        px = look.px
        paint.severity_bars(px(15), area.center().y(), _SEVERITIES.get(self.row.rating, "unrated"))
        ref = QRectF(px(39), 0, paint.width(self.row.ref, "mono-small") + 2, area.height())
        paint.words(ref, self.row.ref, "mono-small", look.colour("text-2"))
        left = ref.right() + px(10)
        title = QRectF(left, 0, px(LABELS) - left - px(8), area.height())
        paint.words(title, self._title, "small", look.colour("text"))

    def _paint_bar(self, paint: Paint, area: QRectF, span: Span, until: datetime) -> None:
        look = paint.look
        px = look.px
        left = px(LABELS)
        wide = area.width() - left
        end = left + wide * min(1.0, max(0.0, span.share(until)))
        proposed = self.row.embargo == "proposed"
        begin = left + wide * span.share(span.now) + px(8) if proposed else float(left)
        top = area.center().y() - px(_BAR) / 2
        pair = look.tone(_SEVERITIES.get(self.row.rating, "unrated"))
        bar = QRectF(begin, top, max(0.0, end - begin), px(_BAR))
        if proposed:
            paint.dashed_plate(bar, 4, QColor(Qt.GlobalColor.transparent), pair.ink)
        else:
            self._paint_running(paint, bar, pair.soft, pair.ink)
        x = left + wide * span.share(span.now)
        paint.q.fillRect(QRectF(x - 0.8, 0, 1.6, area.height()), look.colour("accent"))
        beyond = span.share(until) > 1.0
        if not beyond:
            self._diamond(paint, QPointF(end, area.center().y()), pair.ink)
        self._paint_words(paint, bar, end, until, beyond=beyond)

    def _paint_running(self, paint: Paint, bar: QRectF, soft: QColor, ink: QColor) -> None:
        """A bar begun earlier is open at the left."""
        edge = 0.5
        path = QPainterPath(QPointF(bar.left(), bar.top() + edge))
        path.lineTo(bar.right() - 4, bar.top() + edge)
        path.quadTo(QPointF(bar.right(), bar.top() + edge), QPointF(bar.right(), bar.top() + 4))
        path.lineTo(bar.right(), bar.bottom() - 4)
        path.quadTo(QPointF(bar.right(), bar.bottom() - edge), QPointF(bar.right() - 4, bar.bottom() - edge))
        path.lineTo(bar.left(), bar.bottom() - edge)
        paint.q.fillPath(path, soft)
        paint.q.strokePath(path, QPen(ink, 1.0))

    @staticmethod
    def _diamond(paint: Paint, middle: QPointF, ink: QColor) -> None:
        side = paint.look.px(6)
        shape = QPolygonF(
            [
                middle + QPointF(0, -side),
                middle + QPointF(side, 0),
                middle + QPointF(0, side),
                middle + QPointF(-side, 0),
            ]
        )
        paint.q.setPen(Qt.PenStyle.NoPen)
        paint.q.setBrush(ink)
        paint.q.drawPolygon(shape)

    def _paint_words(self, paint: Paint, bar: QRectF, end: float, until: datetime, *, beyond: bool) -> None:
        look = paint.look
        px = look.px
        words = self._end_words(until)
        wide = paint.width(words, "caption") + px(8)
        left = end + px(9)
        if beyond or left + wide > self.width():
            left = end - wide - px(10)
        plate = QRectF(left, bar.top(), wide, bar.height())
        paint.q.fillRect(plate, faded(look.colour("surface"), 0.86))
        paint.words(plate.adjusted(px(4), 0, 0, 0), words, "caption", look.colour("text"))
        following = self.row.next
        if following is None or self.row.embargo == "proposed" or self.span is None:
            return
        now = px(LABELS) + (self.width() - px(LABELS)) * self.span.share(self.span.now)
        room = QRectF(now + px(8), bar.top(), min(bar.right(), plate.left()) - now - px(18), bar.height())
        inner = next_word(following.what)
        if paint.width(inner, "caption") <= room.width():
            pair = look.tone(_SEVERITIES.get(self.row.rating, "unrated"))
            paint.words(room, inner, "caption", pair.ink)


@final
class EmbargoTimeline(QWidget):
    """Head with weeks and the line of now; below it a row for each embargo. Up and Down move between them."""

    caseWanted = Signal(str)

    def __init__(self, dates: Dates) -> None:
        super().__init__()
        self._dates = dates
        self._span: Span | None = None
        self._bars: list[_Bar] = []
        self._most: int | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, theme().px(_HEAD), 0, theme().px(6))
        self._column.setSpacing(0)

    def show_rows(self, rows: tuple[CaseRow, ...]) -> None:
        """Show these embargoes, soonest first."""
        for bar in self._bars:
            self._column.removeWidget(bar)
            bar.hide()
            bar.deleteLater()
        self._bars = [self._bar(row) for row in rows]
        for bar in self._bars:
            self._column.addWidget(bar)
        self.limit(self._most)
        if self._span is not None:
            self.tell(self._span.now)

    def limit(self, most: int | None) -> None:
        """Show only so many, the soonest, as where the window is low; None shows all."""
        self._most = most
        for number, bar in enumerate(self._bars):
            bar.setVisible(most is None or number < most)

    @property
    def shown(self) -> int:
        """How many embargoes are to be seen."""
        return len(self._bars) if self._most is None else min(self._most, len(self._bars))

    def _bar(self, row: CaseRow) -> _Bar:
        bar = named(_Bar(row, self._dates), f"desk.embargo.{row.ref}", row.ref)
        bar.clicked.connect(self._opener(row.ref))
        return bar

    def _opener(self, ref: str) -> Callable[[], None]:
        return lambda: self.caseWanted.emit(ref)

    def tell(self, now: datetime) -> None:
        """Say the time anew; `now` is UTC."""
        self._span = span_of(now, self._dates)
        for bar in self._bars:
            bar.tell(self._span)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._span is None:
            return
        paint = Paint.on(self)
        look = paint.look
        px = look.px
        left = float(px(LABELS))
        day = (self.width() - left) / _DAYS
        for number in range(_DAYS):
            x = left + number * day
            if number % 7 == 5:
                paint.fill(QRectF(x, 0, 2 * day, self.height()), "sunken")
            if number % 7 == 0:
                paint.q.fillRect(QRectF(round(x), 0, 1, self.height()), look.colour("border"))
                if number:
                    self._paint_date(paint, x, number)
        x = left + (self.width() - left) * self._span.share(self._span.now)
        paint.q.fillRect(QRectF(x - 0.8, px(_HEAD) / 2, 1.6, self.height()), look.colour("accent"))
        words = self.tr("now")
        wide = paint.width(words, "caption-strong") + px(12)
        plate = QRectF(x - wide / 2, px(5), wide, px(17))
        paint.plate(plate, 4, look.colour("accent"))
        paint.words(plate.adjusted(px(6), 0, 0, 0), words, "caption-strong", look.colour("on-accent"))

    def _paint_date(self, paint: Paint, x: float, number: int) -> None:
        if self._span is None:
            return
        look = paint.look
        monday = self._span.start.date() + timedelta(days=number)
        words = f"{monday.day} {self._dates.words.months[monday.month - 1]}"
        room = QRectF(x + look.px(6), look.px(5), look.px(80), look.px(17))
        paint.words(room, words, "caption", look.colour("text-2"))
