"""The run sheet: the steps of the day on a line, the live one as a card with its window and its one act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.untrusted import safe_line
from app.presenters.release_sheet import SheetStep, live_step, sheet_progress
from ui.kit.clipboard import clipboard
from ui.kit.dates import Dates
from ui.kit.names import named
from ui.kit.paint import Paint
from ui.kit.theme import theme
from ui.screens.release import words
from ui.screens.release.live_card import LiveCard, RunSheetPort
from ui.widgets.button import icon_button
from ui.widgets.card import Card
from ui.widgets.checklist import ChecklistStep, StepState
from ui.widgets.list_area import ListArea
from ui.widgets.plain_label import PlainLabel

_LEFT: Final = 15


@final
class _Evidence(QWidget):
    """What is on record for a step that is done, to be read and copied."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__()
        shown = safe_line(text, 300)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme().px(25), 0, 0, theme().px(2))
        row.setSpacing(theme().px(4))
        row.addWidget(PlainLabel(shown, "mono-small", "text-2", elide=Qt.TextElideMode.ElideMiddle), 1)
        spoken = self.tr("Copy {what}").format(what=shown)
        copy = icon_button("copy", f"release.sheet.{key}.copy", spoken, lambda: clipboard().copy(text), size="row")
        copy.setFixedHeight(theme().px(22))
        row.addWidget(copy, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)


@final
class _Thread(QWidget):
    """Lays the steps out in a column and draws the line between their marks."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[QWidget] = []

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        px = paint.look.px
        left = px(_LEFT) + px(9) - 1
        for upper, lower in zip(self.marks, self.marks[1:], strict=False):
            start = upper.y() + (px(32) if isinstance(upper, ChecklistStep) else upper.height()) - px(6)
            if not isinstance(upper, ChecklistStep):
                start = upper.y() + upper.height()
            end = lower.y() + (px(6) if isinstance(lower, ChecklistStep) else 0)
            if end > start:
                paint.q.fillRect(QRectF(left, start, 1, end - start), paint.look.colour("border"))


@final
class RunSheet(Card):
    """`tell` shows the steps; `tick` says their times anew."""

    def __init__(self, dates: Dates, now: Callable[[], datetime], port: RunSheetPort) -> None:
        super().__init__(self.tr("Run sheet"), flush=True)
        self._dates = dates
        self._now = now
        self._port = port
        self._steps: tuple[SheetStep, ...] = ()
        self._live: LiveCard | None = None
        self._progress = PlainLabel("", "small", "text-2")
        self.add_action(self._progress)
        self._rows: dict[str, ChecklistStep] = {}
        self._list = ListArea()
        self.body.addWidget(self._list)

    def renew(self) -> None:
        """Make the rows anew the next time, as when the text size has changed."""
        self._steps = ()

    def tell(self, steps: tuple[SheetStep, ...]) -> None:
        """Show these steps; what is the same already stays."""
        done, of = sheet_progress(steps)
        self._progress.setText(self.tr("{done} of {of} done").format(done=done, of=of))
        if steps == self._steps:
            self.tick()
            return
        self._steps = steps
        focus: QWidget | None = self.window().focusWidget()
        place = focus.objectName() if focus is not None and self.isAncestorOf(focus) else ""
        self._list.clear()
        self._rows = {}
        self._live = None
        thread = _Thread()
        column = QVBoxLayout(thread)
        column.setContentsMargins(0, theme().px(8), 0, theme().px(8))
        column.setSpacing(0)
        live = live_step(steps)
        for step in steps:
            mark = self._live_card(step, column) if step is live else self._row(step, column)
            thread.marks.append(mark)
        self._list.column.addWidget(thread)
        self._list.column.addStretch(1)
        if place:
            self.focus_live()

    def focus_live(self) -> None:
        """Give the keyboard to the one act of the live step; after the last step, to that step."""
        for name in ("release.sheet.review", "release.sheet.act"):
            act = self.findChild(QWidget, name)
            if act is not None:
                act.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        if self._rows:
            list(self._rows.values())[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    def tick(self) -> None:
        """The minute has turned."""
        now = self._now()
        for step in self._steps:
            row = self._rows.get(step.key)
            if row is not None:
                self._say(row, step, now)
        if self._live is not None:
            self._live.tick()

    def _live_card(self, step: SheetStep, column: QVBoxLayout) -> QWidget:
        px = theme().px
        card = named(LiveCard(step, self._dates, self._now, self._port), "release.sheet.live", "")
        card.tick()
        holder = QHBoxLayout()
        holder.setContentsMargins(px(9), px(6), px(9), px(6))
        holder.addWidget(card)
        column.addLayout(holder)
        self._live = card
        return card

    def _row(self, step: SheetStep, column: QVBoxLayout) -> QWidget:
        px = theme().px
        row = ChecklistStep(words.step_word(step), "open")
        row.setObjectName(f"release.sheet.{step.key}")
        self._say(row, step, self._now())
        row.clicked.connect(lambda: self._port.do(step))
        holder = QVBoxLayout()
        holder.setContentsMargins(px(_LEFT), 0, px(15), 0)
        holder.setSpacing(0)
        holder.addWidget(row)
        if step.state == "done" and step.evidence and step.id in ("mail", "copy", "posted", "pre-announced"):
            holder.addWidget(_Evidence(step.key, step.evidence))
        column.addLayout(holder)
        self._rows[step.key] = row
        return row

    def _say(self, row: ChecklistStep, step: SheetStep, now: datetime) -> None:
        share = step.count / step.of if step.of else 0.0
        state, note, tip = self._state(step, now), self._note(step, now), self._tip(step, now)
        row.set_step(words.step_word(step), state, note, share=share, tip=tip)

    def _state(self, step: SheetStep, now: datetime) -> StepState:
        if step.is_late(now) and step.id != "embargo":
            return "late"
        return step.state

    def _note(self, step: SheetStep, now: datetime) -> str:
        if step.state == "skipped":
            return self.tr("not done")
        if step.state == "waiting" and step.waits_for is not None:
            return words.wait_word(step.waits_for)
        if step.at is not None:
            same_day = step.at.astimezone(self._dates.zone).date() == now.astimezone(self._dates.zone).date()
            return self._dates.clock(step.at) if same_day else self._dates.moment(step.at, now)
        if step.state in ("part", "done") and step.of:
            return self.tr("{done} of {of}").format(done=step.count, of=step.of)
        if step.due is not None:
            return self._dates.day(step.due, now)
        return ""

    def _tip(self, step: SheetStep, now: datetime) -> str:
        at = step.at or step.due
        if at is None:
            return ""
        relative = self._dates.since(at, now) if at <= now else self._dates.until(at, now)
        return f"{self._dates.utc(at)} · {relative}"
