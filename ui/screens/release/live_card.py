"""The live step of the run sheet: what is to be done now, its window, and its one act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol, final

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.presenters.release_sheet import SheetStep
from ui.kit.dates import Dates
from ui.kit.names import named
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role, Tone
from ui.screens.release import words
from ui.widgets.button import Button, Kind
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tip import set_tip

_SECOND: Final = 1_000  # milliseconds

TEXTS: Final = {"pre-announced": "blog-pre", "mail": "mail", "copy": "mail", "posted": "blog-post"}
"""The format of the text that a step is about."""


class RunSheetPort(Protocol):
    """What the steps ask of the page."""

    def do(self, step: SheetStep) -> None:
        """The one act of a step: its form, or the place where it is done."""
        ...

    def review(self, step: SheetStep) -> None:
        """The first act of a live step that is about a text: show that text, ready to be exported."""
        ...


@final
class _Bar(QWidget):
    """How much of a promise's window is used; 5 px high."""

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self._tone: Tone = "today"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, share: float, tone: Tone) -> None:
        self._share, self._tone = max(0.0, min(1.0, share)), tone
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(60, 5)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        paint.plate(self.rect(), 2.5, paint.look.colour("surface"))
        used = QRectF(0, 0, self.width() * self._share, self.height())
        paint.plate(used, 2.5, paint.look.tone(self._tone).ink)


@final
class LiveCard(QFrame):
    """The step that is to be done now; it says its time each second while it is seen and a promise runs."""

    def __init__(self, step: SheetStep, dates: Dates, now: Callable[[], datetime], port: RunSheetPort) -> None:
        super().__init__()
        self.step = step
        self._dates = dates
        self._now = now
        self._title = PlainLabel(words.step_word(step), "strong", wrap=True)
        self._left = PlainLabel("", "strong", "today")
        self._left.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._line = PlainLabel("", "small", "text-2", wrap=True)
        self._bar = _Bar()
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND)
        self._timer.timeout.connect(self.tick)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons: list[Button] = []
        self._lay_out(port)
        hub().changed.connect(self.update)
        self.tick()

    def _lay_out(self, port: RunSheetPort) -> None:
        px = theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(31), px(9), px(11), px(11))
        column.setSpacing(px(4))
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._left)
        column.addLayout(head)
        column.addWidget(self._line)
        column.addWidget(self._bar)
        self._bar.setVisible(self.step.started is not None)
        self._row.setSpacing(px(6))
        self._row.setContentsMargins(0, px(4), 0, 0)
        reviewed = self.step.id in TEXTS
        if reviewed:
            words_on = self.tr("Review and export")
            review = named(Button(words_on, "primary"), "release.sheet.review", words_on)
            review.clicked.connect(lambda: port.review(self.step))
            self._row.addWidget(review)
            self._buttons.append(review)
        kind: Kind = "secondary" if reviewed or self.step.id == "embargo" else "primary"
        act = named(Button(self._act_words(), kind), "release.sheet.act", self._act_words())
        act.clicked.connect(lambda: port.do(self.step))
        self._row.addWidget(act)
        self._buttons.append(act)
        self._row.addStretch(1)
        column.addLayout(self._row)

    def _act_words(self) -> str:
        step = self.step
        if step.place:
            return self.tr("Open {ref}").format(ref=step.place)
        if step.id == "released" and not step.of:
            return self.tr("Plan lines")
        table: dict[str, str] = {
            "cases": self.tr("Add case…"),
            "pre-announced": self.tr("Record as published…"),
            "embargo": self.tr("Postpone…"),
            "released": self.tr("Record versions…"),
            "mail": self.tr("Record as sent…"),
            "copy": self.tr("Record as sent…"),
            "posted": self.tr("Record as posted…"),
            "closed": self.tr("Close release…"),
        }
        return table.get(step.id, self.tr("Open"))

    @property
    def _tone(self) -> Tone:
        if self.step.is_late(self._now()) and self.step.id != "embargo":
            return "overdue"
        return "today" if self.step.due is not None else "accent"

    def tick(self) -> None:
        """Say the time anew."""
        step, now = self.step, self._now()
        tone = self._tone
        left = ""
        if step.due is not None:
            left = self._time_left(step.due, now)
            role: Role = "overdue" if tone == "overdue" else "today"
            self._left.set_style("strong", role)
            set_tip(self._left, self._dates.utc(step.due))
            if step.started is not None:
                self._bar.set_share((now - step.started) / (step.due - step.started), tone)
        elif step.of:
            left = self.tr("{done} of {of}").format(done=step.count, of=step.of)
            self._left.set_style("small", "text-2")
        self._left.setText(left)
        line = self._sentence(now)
        self._line.setText(line)
        self._line.setVisible(bool(line))
        self.setAccessibleName(". ".join(part for part in (self._title.text(), left, line) if part))
        self.update()

    def _time_left(self, due: datetime, now: datetime) -> str:
        span = due - now
        if timedelta() < span < timedelta(hours=1):
            return self.tr("in {time}").format(time=self._dates.duration(span, seconds=True))
        return self._dates.until(due, now)

    def _sentence(self, now: datetime) -> str:
        step = self.step
        if step.id == "posted" and step.due is not None and step.started is not None:
            window = self._dates.duration(step.due - step.started)
            return self.tr("Due {time}, {window} after the mail").format(
                time=self._dates.clock(step.due), window=window
            )
        if step.due is not None:
            when = self._dates.moment(step.due, now)
            if step.id == "embargo":
                return self.tr("Nothing public leaves before {when}.").format(when=when)
            return self.tr("Due {when}").format(when=when)
        if step.id == "cases" and not step.of:
            return self.tr("No case is in the release yet.")
        if step.lacks:
            what = ", ".join(words.lack_word(lack) for lack in step.lacks)
            return self.tr("{ref} lacks {what}.").format(ref=step.place, what=what)
        if step.id == "released" and not step.of:
            return self.tr("No release line is planned.")
        return ""

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(200), super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        # Where two buttons do not fit beside each other they stand in a column.
        super().resizeEvent(event)
        wanted = sum(button.sizeHint().width() + theme().px(6) for button in self._buttons)
        wide = wanted <= self.width() - theme().px(31 + 11)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._row.setDirection(across if wide else down)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # LOOK section 8: seconds only on the live step, and only while somebody can see it.
        if self.step.started is not None:
            self.tick()
            self._timer.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        pair = look.tone(self._tone)
        paint.plate(self.rect(), 8, pair.soft, pair.ink)
        side = look.px(16)
        top = self._title.y() + (look.metric("strong").height() - side) / 2
        mark = QRectF(look.px(7), top, side, side)
        if self._tone == "overdue":
            paint.icon(mark, "octagon-alert", pair.ink)
        else:
            paint.target(mark, pair.ink)
