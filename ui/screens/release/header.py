"""The head of the release page: title line and facts line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import final

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.untrusted import safe_line
from app.presenters.release_head import STATES, ReleaseHead
from ui.kit.dates import Dates
from ui.kit.icons import icon
from ui.kit.names import named
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role
from ui.screens.page import Action
from ui.screens.release import words
from ui.widgets.avatar import Avatar
from ui.widgets.button import LinkButton, button
from ui.widgets.chips import Chip, SeverityChip, StageChip, TlpChip
from ui.widgets.icon_label import IconLabel
from ui.widgets.lines import VLine
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tip import set_tip


def initials(name: str) -> str:
    """Two letters of a name for its avatar."""
    parts = [part for part in safe_line(name, 80).split() if part[0].isalnum()]
    if not parts:
        return "?"
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


@final
class _FactsLine(QWidget):
    """State, severity, TLP | embargo | due | steward; leaves the least needed words away where it is narrow."""

    duePressed = Signal()
    postponedPressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.state = named(StageChip("", 0, len(STATES)), "release.state", "")
        self.cancelled = Chip("", "paused", icon="ban")
        self.severity = SeverityChip("unrated", "")
        self.tlp = TlpChip("AMBER+STRICT")
        self._lock = IconLabel("lock", "accent")
        self._embargo = PlainLabel("", "body-medium", "text")
        self._until = PlainLabel("", "small", "muted")
        self._due_icon = IconLabel("clock", "today")
        self.due = named(LinkButton("", style="body-medium"), "release.due", "")
        self.due.clicked.connect(self.duePressed)
        self.postponed = named(LinkButton(""), "release.postponed", "")
        self.postponed.clicked.connect(self.postponedPressed)
        self._steward = PlainLabel("", "small", "text-2")
        self.avatar = Avatar("", "?", "")
        self._lines = (VLine(self), VLine(self))
        self._wanted: dict[QWidget, bool] = {}
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        groups: tuple[tuple[QWidget, ...], ...] = (
            (self.state, self.cancelled, self.severity, self.tlp),
            (self._lock, self._embargo, self._until, self.postponed),
            (self._due_icon, self.due),
        )
        for number, group in enumerate(groups):
            if number:
                row.addSpacing(4)
                row.addWidget(self._lines[number - 1])
                row.addSpacing(4)
            for part in group:
                row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self._steward)
        row.addWidget(self.avatar)
        for line in self._lines:
            line.setFixedHeight(theme().px(20))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def tell(self, head: ReleaseHead, dates: Dates, now: datetime) -> None:
        self._tell_state(head)
        self._tell_embargo(head, dates, now)
        self._tell_due(head, dates, now)
        name = safe_line(head.steward.name, 60) if head.steward else ""
        self._steward.setText(self.tr("{name}, steward").format(name=name) if name else self.tr("No steward"))
        self._want(self._steward, on=True)
        self._want(self.avatar, on=head.steward is not None)
        if head.steward:
            self.avatar.set_person(head.steward.id, initials(head.steward.name), name)
        self._fit()

    def _tell_state(self, head: ReleaseHead) -> None:
        known = head.state in STATES
        self._want(self.state, on=known)
        self._want(self.cancelled, on=not known)
        if known:
            self.state.set_stage(words.state_word(head.state), head.filled, len(STATES))
        else:
            self.cancelled.set_state(words.state_word(head.state), "paused", "ban")
        self._want(self.severity, on=head.rating is not None)
        if head.rating is not None:
            self.severity.set_severity(words.severity_of(head.rating), words.rating_word(head.rating))
        self._want(self.tlp, on=head.tlp is not None)
        if head.tlp is not None:
            self.tlp.set_level(head.tlp)

    def _tell_embargo(self, head: ReleaseHead, dates: Dates, now: datetime) -> None:
        text, role, mark = self._embargo_words(head, dates, now)
        self._lock.set_icon(mark, role)
        self._embargo.setText(text)
        self._embargo.set_style("body-medium", "done" if role == "done" else "text")
        self._until.setText(dates.moment(head.embargo_at, now))
        for part in (self._embargo, self._until):
            set_tip(part, dates.utc(head.embargo_at))
        self._want(self._until, on=True)
        count = head.postponed
        self._want(self.postponed, on=count > 0)
        if count:
            said = self.tr("Postponed once") if count == 1 else self.tr("Postponed %n times", "", count)
            self.postponed.setText(said)
            self.postponed.setAccessibleName(said)

    def _embargo_words(self, head: ReleaseHead, dates: Dates, now: datetime) -> tuple[str, Role, str]:
        at = head.embargo_at
        if head.embargo == "ended":
            return self.tr("Embargo ended {when}").format(when=dates.since(at, now)), "done", "check-circle"
        if head.embargo == "empty":
            if at <= now:
                return self.tr("Target passed {when}").format(when=dates.since(at, now)), "today", "clock"
            return self.tr("Target {when}").format(when=dates.until(at, now)), "accent", "calendar"
        if head.embargo == "mixed":
            return self.tr("Last embargo ends {when}").format(when=dates.until(at, now)), "today", "lock"
        return self.tr("Embargo ends {when}").format(when=dates.until(at, now)), "accent", "lock"

    def _tell_due(self, head: ReleaseHead, dates: Dates, now: datetime) -> None:
        for part in (self._lines[1], self._due_icon, self.due):
            self._want(part, on=head.due is not None)
        if head.due is None:
            return
        when = dates.due(head.due.due, now)
        text = self.tr("{what} due {when}").format(what=words.step_word(head.due.step), when=when.relative)
        if head.due.late:
            text = self.tr("{what} {late}").format(what=words.step_word(head.due.step), late=when.relative)
        role: Role = "overdue" if head.due.late else "today" if when.state == "today" else "soon"
        self._due_icon.set_icon("octagon-alert" if head.due.late else "clock", role)
        self.due.set_role(role)
        self.due.setText(text)
        self.due.setAccessibleName(text)
        set_tip(self.due, f"{when.absolute} · {when.utc}")

    def _want(self, part: QWidget, *, on: bool) -> None:
        self._wanted[part] = on
        part.setVisible(on)

    def _fit(self) -> None:
        """Leave away, one after the other, what says the least, until the line fits."""
        layout = self.layout()
        if layout is None:
            return
        spare: tuple[QWidget, ...] = (self._steward, self.tlp, self._until, self.postponed, self.severity)
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
class ReleaseHeader(QWidget):
    """88 high: a title line of 52 and the facts line. `menu` gives the actions behind the three dots."""

    def __init__(
        self, postpone: Callable[[], None], export_all: Callable[[], None], menu: Callable[[], Sequence[Action]]
    ) -> None:
        super().__init__()
        self._menu = menu
        self.ref = named(PlainLabel("", "mono", "muted"), "release.ref", self.tr("Reference"))
        self.title = named(
            PlainLabel("", "title", elide=Qt.TextElideMode.ElideMiddle), "release.title", self.tr("Title")
        )
        self.postpone = button(self.tr("Postpone…"), "secondary", "release.postpone", postpone, icon="calendar")
        self.export = button(self.tr("Export all…"), "secondary", "release.exportAll", export_all, icon="export")
        more = self.tr("More to do with this release")
        self.more = button("", "secondary", "release.more", self._open_menu, icon="more", spoken=more)
        set_tip(self.more, more)
        self.facts = _FactsLine()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 8)
        column.setSpacing(0)
        first = QHBoxLayout()
        first.setContentsMargins(0, 8, 0, 4)
        first.setSpacing(8)
        first.addWidget(self.ref)
        first.addSpacing(4)
        first.addWidget(self.title, 1)
        for part in (self.postpone, self.export, self.more):
            first.addWidget(part)
        column.addLayout(first)
        column.addWidget(self.facts)
        hub().changed.connect(self.update)

    def tell(self, head: ReleaseHead, dates: Dates, now: datetime) -> None:
        self.ref.setText(head.ref)
        self.title.setText(safe_line(head.title, 200))
        self.title.setAccessibleName(safe_line(head.title, 200))
        self.facts.tell(head, dates, now)

    def allow(self, *, postpone: bool, why_not: str) -> None:
        """Whether the release can still be postponed, or the words that say why not."""
        self.postpone.setEnabled(postpone)
        set_tip(self.postpone, "" if postpone else why_not)

    def make_menu(self) -> QMenu:
        """Everything else that can be done now."""
        menu = QMenu(self)
        menu.setObjectName("release.menu")
        for action in self._menu():
            words_on = action.text.replace("&", "&&")
            made = menu.addAction(icon(action.icon), words_on) if action.icon else menu.addAction(words_on)
            made.setObjectName(f"release.menu.{action.name.partition('.')[2]}")
            made.setEnabled(action.enabled())
            made.triggered.connect(lambda _on=False, action=action: action.run())
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
