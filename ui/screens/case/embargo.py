"""The embargo tab: the one instant, in local time and in UTC, and how it came about."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.case.clocks import suggested_embargo
from app.domain.case.state import Case
from app.domain.untrusted import safe_line
from app.domain.values import EmbargoMove
from app.presenters.case import CaseFacts
from app.presenters.case_actions import may
from app.presenters.case_page import embargo_state
from ui.kit.names import named
from ui.kit.tokens import Role
from ui.screens.case import words
from ui.screens.case.facts import Fact, FactsCard, clear_widget, empty, one_line
from ui.screens.case.room import Room
from ui.screens.case.scroll_tab import ScrollTab
from ui.widgets.button import Button, Kind
from ui.widgets.card import Card
from ui.widgets.icon_label import IconLabel
from ui.widgets.lines import HLine
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tip import set_tip

_VERBS: Final[tuple[tuple[str, Kind], ...]] = (
    ("agree-embargo", "secondary"),
    ("propose-embargo", "secondary"),
    ("decline-embargo", "secondary"),
    ("move-embargo", "secondary"),
    ("end-embargo", "danger"),
)
_ICONS: Final[dict[str, tuple[str, Role]]] = {
    "proposed": ("help", "today"),
    "agreed": ("check-circle", "done"),
    "declined": ("ban", "paused"),
    "moved": ("calendar", "soon"),
    "ended": ("check-circle", "done"),
}


@final
class EmbargoTab(ScrollTab):
    """Status, instant, acts, and every move that was made."""

    def __init__(self, room: Room) -> None:
        super().__init__("case.embargo")
        self._room = room
        self._facts: CaseFacts | None = None
        self._moves_shown: tuple[EmbargoMove, ...] | None = None
        self._state_card = Card()
        self._mark = IconLabel("lock", "accent", 32)
        self.state = named(PlainLabel("", "small-medium", "text-2"), "case.embargo.state", "")
        self.instant = named(PlainLabel("", "display", wrap=True), "case.embargo.instant", "")
        self.utc = PlainLabel("", "body", "muted")
        self.note = PlainLabel("", "body", "text-2", wrap=True)
        self.buttons: dict[str, Button] = {}
        self._lay_out_state()
        self._rules = FactsCard(self.tr("What depends on it"), "case.embargo.rules")
        self._moves = Card(self.tr("How it came about"), flush=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._moves.body.addLayout(self._rows)
        for part in (self._state_card, self._rules, self._moves):
            self.column.addWidget(part)
        self.column.addStretch(1)

    def _lay_out_state(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        said = QVBoxLayout()
        said.setSpacing(4)
        for part in (self.state, self.instant, self.utc, self.note):
            said.addWidget(part)
        acts = QHBoxLayout()
        acts.setContentsMargins(0, 8, 0, 0)
        acts.setSpacing(8)
        for verb, kind in _VERBS:
            text = words.verb_menu(verb)
            made = named(Button(text, kind), f"case.embargo.{verb}", text)
            made.clicked.connect(lambda _on=False, verb=verb: self._room.act(verb))
            self.buttons[verb] = made
            acts.addWidget(made)
        acts.addStretch(1)
        said.addLayout(acts)
        row.addLayout(said, 1)
        self._state_card.body.addLayout(row)

    def show_facts(self, facts: CaseFacts) -> None:
        self._facts = facts
        self._tell()
        for verb, made in self.buttons.items():
            made.setVisible(may(verb, facts.case))
        if facts.case.embargo.moves != self._moves_shown:
            self._moves_shown = facts.case.embargo.moves
            self._fill(facts.case)

    def begin(self) -> None:
        first = next((b for b in self.buttons.values() if not b.isHidden()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def minute(self) -> None:
        self._tell()

    def _tell(self) -> None:
        facts = self._facts
        if facts is None:
            return
        now, dates = self._room.now(), self._room.dates
        state, at = embargo_state(facts.case, now)
        titles: dict[str, tuple[str, str, Role]] = {
            "none": (self.tr("No embargo date yet: everything stays secret"), "lock", "muted"),
            "proposed": (self.tr("Proposed, not agreed"), "help", "today"),
            "running": (self.tr("Agreed"), "lock", "accent"),
            "over": (self.tr("Its date has passed"), "clock", "today"),
            "ended": (self.tr("Ended"), "check-circle", "done"),
        }
        title, icon, role = titles[state]
        self._mark.set_icon(icon, role)
        self.state.setText(title)
        if at is None:
            self._tell_suggestion(facts)
        else:
            relative = dates.until(at, now) if at > now else dates.since(at, now)
            self.instant.setText(dates.moment(at, now, year=True))
            self.utc.setText(f"{dates.utc(at)} · {relative}")
            self.note.setText(self._note(state))
        self.note.setVisible(bool(self.note.text()))
        self._rules.set_facts(self._rule_facts(facts))

    def _tell_suggestion(self, facts: CaseFacts) -> None:
        now, dates = self._room.now(), self._room.dates
        suggested = suggested_embargo(facts.case, facts.policy, now)
        self.instant.setText(self.tr("Not agreed"))
        self.utc.setText(self.tr("The policy suggests {at}").format(at=dates.moment(suggested, now, year=True)))
        set_tip(self.utc, dates.utc(suggested))
        self.note.setText(self.tr("Until a date is agreed and has passed, nothing public leaves this store."))

    def _note(self, state: str) -> str:
        if state == "running":
            return self.tr("Before this instant nothing public leaves without a reason that is recorded.")
        if state == "over":
            return self.tr("The facts may become public now. Recording the announcement ends the embargo.")
        return ""

    def _rule_facts(self, facts: CaseFacts) -> list[Fact]:
        policy, case = facts.policy, facts.case
        after = self.tr("{span} after the CVE id").format(span=words.span(policy.embargo_after_cve))
        blog = self.tr("within {span} of the mail").format(span=words.span(policy.blog_after_mail))
        rows = [
            Fact(label=self.tr("Typical length"), value=after),
            Fact(label=self.tr("Announcement mail"), value=self.tr("on the embargo date")),
            Fact(label=self.tr("Blog post"), value=blog),
        ]
        if case.release:
            rows.append(Fact(label=self.tr("Release"), value=safe_line(case.release, 40), style="mono"))
        return rows

    def _fill(self, case: Case) -> None:
        empty(self._rows)
        moves = tuple(reversed(case.embargo.moves))
        if not moves:
            none = PlainLabel(self.tr("Nobody has proposed a date yet."), "body", "muted")
            none.setContentsMargins(15, 12, 15, 12)
            self._rows.addWidget(none)
        for number, move in enumerate(moves):
            if number:
                self._rows.addWidget(HLine(self))
            self._rows.addWidget(self._make(move))

    def _make(self, move: EmbargoMove) -> QWidget:
        now, dates = self._room.now(), self._room.dates
        made = clear_widget()
        row = QHBoxLayout(made)
        row.setContentsMargins(15, 8, 15, 8)
        row.setSpacing(10)
        icon, role = _ICONS[move.what]
        row.addWidget(IconLabel(icon, role), 0, Qt.AlignmentFlag.AlignTop)
        until = dates.moment(move.until, now, year=True) if move.until else ""
        said = {
            "proposed": self.tr("Proposed: {until}"),
            "agreed": self.tr("Agreed: {until}"),
            "declined": self.tr("Declined: {until}"),
            "moved": self.tr("Moved to {until}"),
            "ended": self.tr("Ended"),
        }[move.what].format(until=until)
        column = QVBoxLayout()
        column.setSpacing(1)
        title = PlainLabel(said, "body-medium")
        set_tip(title, dates.utc(move.until) if move.until else "")
        column.addWidget(title)
        about = ", ".join(one_line(p, 400) for p in (move.party, move.reason) if p)
        if about:
            column.addWidget(Paragraph(about, "small", "text-2"))
        row.addLayout(column, 1)
        at = PlainLabel(dates.moment(move.at, now), "small", "muted")
        set_tip(at, dates.utc(move.at))
        row.addWidget(at, 0, Qt.AlignmentFlag.AlignTop)
        return made
