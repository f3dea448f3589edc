"""The head of the case page: title line, facts line and tabs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, final

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.untrusted import safe_line
from app.presenters.case_page import TABS, Head, Tab
from ui.kit.dates import Dates
from ui.kit.names import named
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role, Severity
from ui.screens.case import words
from ui.widgets.avatar import Avatar
from ui.widgets.button import LinkButton, button
from ui.widgets.chips import Chip, SeverityChip, StageChip, TlpChip
from ui.widgets.icon_label import IconLabel
from ui.widgets.lines import VLine
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tabs import Tabs
from ui.widgets.tip import set_tip

SEVERITIES: Final[dict[str, Severity]] = {
    "critical": "critical",
    "high": "high",
    "medium": "medium",
    "low": "low",
}


def initials(name: str) -> str:
    """Two letters of a name for its avatar."""
    parts = [part for part in safe_line(name, 80).split() if part[0].isalnum()]
    if not parts:
        return "?"
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


@final
class _FactsLine(QWidget):
    """Stage, severity, TLP | embargo | next due | handler; drops the least needed words where it is narrow."""

    next_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.stage = named(StageChip("", 0), "case.stage", "")
        self.severity = SeverityChip("unrated", "")
        self.tlp = TlpChip("AMBER+STRICT")
        self.outcome = Chip("", "paused")
        self._lock = IconLabel("lock", "accent")
        self._embargo = PlainLabel("", "small", "text-2")
        self._left = PlainLabel("", "strong")
        self._until = PlainLabel("", "small", "muted")
        self._next_icon = IconLabel("clock", "soon")
        self._next_word = PlainLabel(self.tr("Next due"), "small", "text-2")
        self.following = named(LinkButton(""), "case.next", self.tr("What is due next"))
        self.following.clicked.connect(self.next_pressed)
        self._handler = PlainLabel("", "small", "text-2")
        self.avatar = Avatar("", "?", "")
        self._lines = (VLine(self), VLine(self))
        self._wanted: dict[QWidget, bool] = {}
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        parts: tuple[QWidget, ...] = (self.stage, self.severity, self.tlp, self.outcome)
        for part in parts:
            row.addWidget(part)
        row.addSpacing(4)
        row.addWidget(self._lines[0])
        row.addSpacing(4)
        for part in (self._lock, self._embargo, self._left, self._until):
            row.addWidget(part)
        row.addSpacing(4)
        row.addWidget(self._lines[1])
        row.addSpacing(4)
        for part in (self._next_icon, self._next_word, self.following):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self._handler)
        row.addWidget(self.avatar)
        for line in self._lines:
            line.setFixedHeight(theme().px(20))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def tell(self, head: Head, dates: Dates, now: datetime) -> None:
        self.stage.set_stage(words.stage(head.stage), head.filled)
        self.severity.set_severity(SEVERITIES.get(head.rating, "unrated"), words.rating(head.rating, head.score))
        self.tlp.set_level(head.tlp)
        self._tell_outcome(head)
        self._tell_embargo(head, dates, now)
        self._tell_next(head, dates, now)
        name = safe_line(head.handler.name, 60) if head.handler else self.tr("No handler yet")
        self._handler.setText(name)
        self._want(self._handler, on=True)
        self._want(self.avatar, on=head.handler is not None)
        if head.handler:
            self.avatar.set_person(head.handler.id, initials(head.handler.name), name)
        self._fit()

    def _tell_outcome(self, head: Head) -> None:
        if head.waiting_since is not None and head.outcome == "open":
            self.outcome.set_state(self.tr("Waiting on the reporter"), "paused", "pause")
        elif head.outcome == "rejected":
            self.outcome.set_state(self.tr("Not a vulnerability"), "paused", "ban")
        elif head.outcome == "duplicate":
            said = self.tr("Duplicate of {ref}").format(ref=safe_line(head.duplicate_of, 40))
            self.outcome.set_state(said, "paused", "copy")
        self._want(self.outcome, on=head.waiting_since is not None or head.outcome in ("rejected", "duplicate"))

    def _tell_embargo(self, head: Head, dates: Dates, now: datetime) -> None:
        before, strong, at = words.embargo_words(head, dates, now)
        role: Role = {"running": "accent", "over": "today", "ended": "done"}.get(head.embargo, "muted")  # type: ignore[assignment]
        self._lock.set_icon("check-circle" if head.embargo == "ended" else "lock", role)
        self._embargo.setText(before)
        self._left.setText(strong)
        self._until.setText(at)
        tip = dates.utc(head.embargo_at) if head.embargo_at else ""
        for part in (self._embargo, self._left, self._until):
            set_tip(part, tip)
        self._want(self._left, on=bool(strong))
        self._want(self._until, on=bool(at))

    def _tell_next(self, head: Head, dates: Dates, now: datetime) -> None:
        due = head.next
        for part in (self._lines[1], self._next_icon, self._next_word, self.following):
            self._want(part, on=due is not None)
        if due is None:
            return
        text = words.following(due.what)
        icon, role = "clock", "soon"
        if due.paused:
            text = self.tr("{what}, paused").format(what=text)
            icon, role = "pause", "paused"
        elif due.due is not None:
            when = dates.due(due.due, now)
            text = f"{text}, {when.relative}"
            role = {"overdue": "overdue", "today": "today", "soon": "soon"}[when.state]
            icon = "octagon-alert" if due.late else "clock"
            set_tip(self.following, f"{when.absolute} · {when.utc}")
        self._next_icon.set_icon(icon, role)  # type: ignore[arg-type]
        self.following.setText(text)
        self.following.setAccessibleName(self.tr("Next: {what}").format(what=text))

    def _want(self, part: QWidget, *, on: bool) -> None:
        self._wanted[part] = on
        part.setVisible(on)

    def _fit(self) -> None:
        """Leave away, one after the other, what says the least, until the line fits."""
        layout = self.layout()
        if layout is None:
            return
        spare: tuple[QWidget, ...] = (self._handler, self._until, self._next_word, self.tlp, self._embargo)
        for part in spare:
            part.setVisible(self._wanted.get(part, True))
        for part in spare:
            layout.activate()
            if layout.sizeHint().width() <= self.width():
                return
            part.setVisible(False)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(400), theme().px(28))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(200), theme().px(28))


@final
class CaseHeader(QWidget):
    """136 high: 52 title line, 40 facts line, 44 tabs."""

    tab_chosen = Signal(str)
    next_pressed = Signal()

    def __init__(self, act: Callable[[str], None], show_panel: Callable[[], None]) -> None:
        super().__init__()
        self._act = act
        self.ref = named(PlainLabel("", "mono", "muted"), "case.ref", self.tr("Reference"))
        self.title = named(PlainLabel("", "title", elide=Qt.TextElideMode.ElideMiddle), "case.title", self.tr("Title"))
        self.note = button(self.tr("Add note"), "secondary", "case.addNote", lambda: act("add-note"), icon="edit")
        self.hand_over = button(self.tr("Hand over"), "secondary", "case.handOver", lambda: act("assign"), icon="user")
        self.checklist = button(self.tr("Checklist"), "secondary", "case.checklist", show_panel, icon="check-circle")
        more = self.tr("More to do with this case")
        self.more = button("", "secondary", "case.more", self._open_menu, icon="more", spoken=more)
        set_tip(self.more, more)
        self.facts = _FactsLine()
        self.facts.next_pressed.connect(self.next_pressed)
        self.tabs = named(Tabs(), "case.tabs", self.tr("Parts of the case"))
        for tab in TABS:
            self.tabs.add(tab, words.tab(tab))
        self.tabs.currentChanged.connect(lambda _index: self.tab_chosen.emit(self.tabs.current_key))
        self._groups: tuple[tuple[str, ...], ...] = ()
        self._lay_out()
        hub().changed.connect(self.update)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 1)
        column.setSpacing(0)
        first = QHBoxLayout()
        first.setContentsMargins(0, 0, 0, 0)
        first.setSpacing(8)
        first.addWidget(self.ref)
        first.addSpacing(4)
        first.addWidget(self.title, 1)
        for part in (self.checklist, self.note, self.hand_over, self.more):
            first.addWidget(part)
        upper, middle = QWidget(), QWidget()
        upper.setLayout(first)
        facts = QHBoxLayout(middle)
        facts.setContentsMargins(0, 0, 0, 14)
        facts.addWidget(self.facts)
        for room, height in ((upper, 52), (middle, 40)):
            room.setProperty("kind", "clear")
            room.setMinimumHeight(theme().px(height))
        column.addWidget(upper)
        column.addWidget(middle)
        column.addWidget(self.tabs)
        self.checklist.hide()

    def tell(self, head: Head, dates: Dates, now: datetime) -> None:
        self.ref.setText(head.ref)
        self.title.setText(safe_line(head.title, 300))
        self.title.setAccessibleName(safe_line(head.title, 300))
        words_on = self.tr("Hand over") if head.handler else self.tr("Assign")
        self.hand_over.setText(words_on)
        self.hand_over.setAccessibleName(words_on)
        self.facts.tell(head, dates, now)
        for tab, count in head.tabs:
            self.tabs.set_count(tab, count)

    def set_menu(self, groups: tuple[tuple[str, ...], ...]) -> None:
        """The verbs behind the button with the three dots; the buttons beside it go where nothing can be added."""
        self._groups = groups
        for control in (self.note, self.hand_over, self.more):
            control.setVisible(bool(groups))

    def show_checklist_button(self, *, on: bool) -> None:
        """Where the process panel is a drawer, a button brings it."""
        self.checklist.setVisible(on)

    def choose(self, tab: Tab) -> None:
        self.tabs.choose(tab)

    def make_menu(self) -> QMenu:
        """The menu of everything else that can be done now."""
        menu = QMenu(self)
        menu.setObjectName("case.menu")
        for number, group in enumerate(self._groups):
            if number:
                menu.addSeparator()
            for verb in group:
                made = menu.addAction(words.verb_menu(verb))
                made.setObjectName(f"case.menu.{verb}")
                made.triggered.connect(lambda _on=False, verb=verb: self._act(verb))
        return menu

    def _open_menu(self) -> None:
        menu = self.make_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(self.more.width() - menu.sizeHint().width(), self.more.height() + 2)))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        paint.fill(self.rect(), "surface")
        paint.hairline(0, self.width(), self.height() - 1)
