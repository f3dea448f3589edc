"""The process panel: how far the case is, every step, and the one thing to do now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.untrusted import safe_line
from app.presenters.case_process import NextCard, Process, StepRow
from ui.kit.dates import Dates
from ui.kit.names import named
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.screens.case import words
from ui.screens.case.facts import clear_widget, one_line
from ui.screens.case.room import focus_within
from ui.widgets.button import Button, LinkButton, icon_button
from ui.widgets.checklist import ChecklistStep, NextStepCard, StepState
from ui.widgets.lines import HLine
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tip import set_tip

WIDTH: Final = 320


@final
class _Ticks(QWidget):
    """One bar per step, as many filled as are done."""

    def __init__(self) -> None:
        super().__init__()
        self._done = 0
        self._total = 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        hub().changed.connect(self.updateGeometry)

    def tell(self, done: int, total: int) -> None:
        self._done, self._total = done, max(1, total)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(200), theme().px(5))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        gap = 2.0
        width = (self.width() - gap * (self._total - 1)) / self._total
        for number in range(self._total):
            left = number * (width + gap)
            ink = paint.look.colour("done" if number < self._done else "border")
            area = self.rect().toRectF()
            area.setLeft(left)
            area.setWidth(width)
            paint.plate(area, 2, ink)


@final
class ProcessPanel(QWidget):
    """320 wide. Steps are buttons; the next one is a card with the page's one primary button."""

    def __init__(
        self,
        act: Callable[[str], None],
        skip: Callable[[str], None],
        show_evidence: Callable[[str], None],
        explain: Callable[[], None],
        hide: Callable[[], None],
    ) -> None:
        super().__init__()
        self._act = act
        self._skip = skip
        self._show_evidence = show_evidence
        self._process: Process | None = None
        self.setObjectName("case.process")
        self._note = PlainLabel("", "small", "muted", elide=Qt.TextElideMode.ElideRight)
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._close = icon_button("close", "case.process.close", self.tr("Put the checklist away"), hide)
        self._ticks = _Ticks()
        self._sum = PlainLabel("", "small", "text-2")
        self._why = named(LinkButton(self.tr("Why these steps?")), "case.process.why", self.tr("Why these steps?"))
        self._why.clicked.connect(lambda: explain())  # noqa: PLW0108 - clicked passes a truth
        self._policy = PlainLabel("", "small", "muted", elide=Qt.TextElideMode.ElideRight)
        self._policy.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._list = QVBoxLayout()
        self._lay_out()
        hub().changed.connect(self._dress)
        self._dress()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(19, 10, 20, 4)
        top.setSpacing(5)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(PlainLabel(self.tr("Process"), "h2"))
        head.addWidget(self._note, 1)
        head.addWidget(self._close)
        top.addLayout(head)
        top.addWidget(self._ticks)
        top.addWidget(self._sum)
        column.addLayout(top)
        column.addWidget(self._make_scroll(), 1)
        column.addWidget(HLine(self))
        foot = QHBoxLayout()
        foot.setContentsMargins(19, 8, 20, 8)
        foot.addWidget(self._why)
        foot.addWidget(self._policy, 1)
        column.addLayout(foot)

    def _make_scroll(self) -> QScrollArea:
        inner = clear_widget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(12, 0, 12, 2)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setProperty("kind", "clear")
        scroll.setWidget(inner)
        scroll.verticalScrollBar().rangeChanged.connect(self._make_room)
        self._scroll = scroll
        return scroll

    def _make_room(self, least: int, most: int) -> None:
        """The scroll bar stands in the margin, so that the words of the steps keep their room."""
        bar = self._scroll.verticalScrollBar().sizeHint().width() if most > least else 0
        self._list.setContentsMargins(12, 0, max(2, 12 - bar), 2)

    def _dress(self) -> None:
        self.setFixedWidth(theme().px(WIDTH))
        self.update()

    def show_close(self, *, on: bool) -> None:
        """As a drawer the panel has a button that puts it away."""
        self._close.setVisible(on)

    def tell(self, process: Process, dates: Dates, now: datetime) -> None:
        """Show the steps; the focus stays on the step it was on."""
        focus = focus_within(self)
        kept = focus.objectName() if focus is not None and self.isAncestorOf(focus) and focus.hasFocus() else ""
        self._process = process
        self._ticks.tell(process.done, process.total)
        self._sum.setText(self._sum_words(process))
        policy = self.tr("{policy}, version {version}").format(policy=process.policy, version=process.version)
        self._note.setText("")
        self._policy.setText(policy)
        self._clear()
        card = process.next
        placed = False
        for row in process.steps:
            if card is not None and not placed and (row.id == card.step or (not card.step and row.can_act)):
                self._add(self._make_card(card, dates, now), sides=0, above=2)
                placed = True
                if row.id == card.step:
                    continue
            self._add(self._make_step(row, dates, now))
        if card is not None and not placed:
            self._add(self._make_card(card, dates, now), sides=0, above=2)
        self._focus(kept)

    def focus_next(self) -> None:
        """Put the keyboard on the one thing to do now."""
        found = self.findChild(Button, "case.next.act")
        if found is not None:
            self._scroll.ensureWidgetVisible(found)
            found.setFocus(Qt.FocusReason.TabFocusReason)

    def _focus(self, name: str) -> None:
        if not name:
            return
        found = self.findChild(QWidget, name) or self.findChild(Button, "case.next.act")
        if found is not None:
            found.setFocus(Qt.FocusReason.OtherFocusReason)

    def _sum_words(self, process: Process) -> str:
        said = self.tr("{done} of {total} done").format(done=process.done, total=process.total)
        if process.skipped:
            said = self.tr("{said}, {skipped} skipped with a reason").format(said=said, skipped=process.skipped)
        return said

    def _clear(self) -> None:
        while self._list.count() > 1:
            item = self._list.takeAt(0)
            made = item.widget() if item is not None else None
            if made is not None:
                # Hidden first: a row that its layout is about to show would flash up as a window of its own.
                made.hide()
                made.setParent(None)
                made.deleteLater()

    def _add(self, made: QWidget, *, sides: int = 8, above: int = 0) -> None:
        """A card stands 8 px further out than the rows, so that their icons stay in one column."""
        holder = clear_widget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(sides, above, sides, above)
        inside.addWidget(made)
        self._list.insertWidget(self._list.count() - 1, holder)
        # A layout shows what it was given only once the events have run; until then there would be a gap.
        holder.show()

    def _make_step(self, row: StepRow, dates: Dates, now: datetime) -> ChecklistStep:
        states: dict[str, StepState] = {
            "done": "done",
            "skipped": "skipped",
            "partial": "part",
            "open": "open",
            "blocked": "waiting",
            "late": "late",
        }
        title = words.step(row.id)
        share = row.count / row.of if row.of else 0.0
        made = ChecklistStep(title, states[row.mark], self._note_of(row, dates, now), share=share)
        made.setObjectName(f"case.step.{row.id}")
        if row.mark == "blocked":
            waits = words.step(row.waits_for) if row.waits_for else ""
            set_tip(made, self.tr("Waits for: {step}").format(step=waits) if waits else "")
        elif row.reason:
            set_tip(made, one_line(row.reason, 300))
        elif row.at or row.due:
            set_tip(made, dates.utc(row.at or row.due or now))
        if row.can_act:
            made.clicked.connect(lambda: self._act(row.verb))
        else:
            made.clicked.connect(lambda: self._show_evidence(row.id))
        return made

    def _note_of(self, row: StepRow, dates: Dates, now: datetime) -> str:
        if row.mark == "skipped":
            return self.tr("skipped")
        if row.shown:
            return row.shown
        if row.mark == "late" and row.due:
            return dates.until(row.due, now)
        if row.mark == "partial":
            return self.tr("{count} of {of}").format(count=row.count, of=row.of)
        if row.at:
            return dates.day(row.at, now)
        return dates.day(row.due, now) if row.due else ""

    def _make_card(self, card: NextCard, dates: Dates, now: datetime) -> NextStepCard:
        made = NextStepCard()
        made.setObjectName("case.next.card")
        title = words.following(card.what)
        due, lacks = words.due_line(card, dates, now), words.missing(card.missing, dates, now)
        made.say(title, due, lacks, urgency=words.urgency(card, dates, now))
        if card.rule:
            set_tip(made, safe_line(card.rule, 200))
        act = words.step_button(card)
        primary = named(Button(act.rstrip("…"), "primary"), "case.next.act", act)
        primary.clicked.connect(lambda: self._act(card.verb))
        made.add_action(primary)
        if card.other:
            self._add_other(made, card)
        if card.skippable and card.step:
            skip = named(Button(self.tr("Skip…")), "case.next.skip", self.tr("Skip this step"))
            skip.clicked.connect(lambda: self._skip(card.step))
            made.add_action(skip)
        return made

    def _add_other(self, made: NextStepCard, card: NextCard) -> None:
        other = words.verb_button(card.other)
        second: Button | LinkButton = LinkButton(other) if card.skippable else Button(other)
        named(second, "case.next.other", other)
        second.clicked.connect(lambda: self._act(card.other))
        column = made.layout()
        if card.skippable and isinstance(column, QVBoxLayout):
            # Three buttons do not fit into one row of the panel.
            column.addSpacing(4)
            column.addWidget(second, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            made.add_action(second)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        paint.fill(self.rect(), "surface")
        paint.q.fillRect(0, 0, 1, self.height(), paint.look.colour("border"))
