"""The fixes tab: for each line that needs one, how far its fix is and what is held of it."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.case.stage import READY_FIX, fix_of, fixes_done
from app.domain.case.state import Case
from app.domain.untrusted import safe_file_name, safe_line
from app.domain.values import AffectedLine, Fix
from app.presenters.case import CaseFacts
from app.presenters.case_affected import in_order
from app.presenters.case_files import files_of
from ui.kit.names import named
from ui.kit.numbers import file_size
from ui.kit.theme import theme
from ui.kit.tokens import Tone
from ui.screens.case import words
from ui.screens.case.facts import clear_widget, empty
from ui.screens.case.files import FileList
from ui.screens.case.room import Room, focus_within
from ui.screens.case.scroll_tab import ScrollTab
from ui.widgets.button import Button, button
from ui.widgets.card import Card
from ui.widgets.chips import Chip
from ui.widgets.empty_page import EmptyPage
from ui.widgets.lines import HLine
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tip import set_tip

_STATES: Final[dict[str, tuple[str, Tone]]] = {
    "needed": ("circle", "neutral"),
    "in-progress": ("edit", "soon"),
    "in-review": ("branch", "soon"),
    "ready": ("check-circle", "done"),
    "landed": ("check-circle", "done"),
    "released": ("check-circle", "done"),
}


@final
class FixesTab(ScrollTab):
    """One row per affected line, and the patches below."""

    def __init__(self, room: Room) -> None:
        super().__init__("case.fixes")
        self._room = room
        self._case: Case | None = None
        self._shown: object = None
        self._sum = PlainLabel("", "small", "muted")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(PlainLabel(self.tr("Fixes"), "h2"))
        head.addWidget(self._sum, 1)
        self.column.addLayout(head)
        self._card = Card(flush=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._card.body.addLayout(self._rows)
        self.column.addWidget(self._card)
        go = button(self.tr("Go to affected versions"), "secondary", "case.fixes.affected", lambda: room.go("affected"))
        self._empty = EmptyPage(
            "branch",
            self.tr("No line needs a fix yet"),
            self.tr("Lines that are affected and still maintained appear here."),
            go,
        )
        self._empty.setMinimumHeight(theme().px(260))
        self.column.addWidget(self._empty)
        self._patches = Card(self.tr("Patches in the store"), flush=True)
        self.files = FileList(room, "case.fixes.file")
        self._patches.body.addWidget(self.files)
        self.column.addWidget(self._patches)
        self.column.addStretch(1)

    def show_facts(self, facts: CaseFacts) -> None:
        case = facts.case
        self._case = case
        wanted = self._wanted(case)
        ready, needed = fixes_done(case)
        self._sum.setText(self.tr("{ready} of {needed} ready").format(ready=ready, needed=needed) if needed else "")
        self._card.setVisible(bool(wanted))
        self._empty.setVisible(not wanted)
        shown = (wanted, case.fixes, case.is_open)
        if shown != self._shown:
            self._shown = shown
            self._fill(case, wanted)
        patches = [row for row in files_of(case) if row.origin == "patch"]
        self.files.set_rows(patches)
        self._patches.setVisible(bool(patches))

    def begin(self) -> None:
        first = self.findChild(Button, "case.fixes.0.hold") or self.findChild(Button, "case.fixes.affected")
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def hold_next(self) -> None:
        """Open the form of the first line whose fix is not ready."""
        case = self._case
        if case is None:
            return
        for line in self._wanted(case):
            fix = fix_of(case, line)
            if line.status == "affected" and (fix is None or fix.state not in READY_FIX):
                self._hold(line)
                return

    @staticmethod
    def _wanted(case: Case) -> tuple[AffectedLine, ...]:
        held = {(f.product, f.line) for f in case.fixes}
        return tuple(x for x in in_order(case.lines) if x.status == "affected" or (x.product, x.line) in held)

    def _hold(self, line: AffectedLine) -> None:
        self._room.forms.open("hold-fix", line=(line.product, line.line))

    def _fill(self, case: Case, wanted: tuple[AffectedLine, ...]) -> None:
        focus = focus_within(self)
        kept = focus.objectName() if focus is not None and self.isAncestorOf(focus) else ""
        empty(self._rows)
        for number, line in enumerate(wanted):
            if number:
                self._rows.addWidget(HLine(self))
            self._rows.addWidget(self._make(number, line, fix_of(case, line), editable=case.is_open))
        found = self.findChild(QWidget, kept) if kept else None
        if found is not None:
            found.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make(self, number: int, line: AffectedLine, fix: Fix | None, *, editable: bool) -> QWidget:
        made = clear_widget()
        row = QHBoxLayout(made)
        row.setContentsMargins(15, 8, 11, 8)
        row.setSpacing(12)
        row.addWidget(self._make_name(line))
        row.addWidget(self._make_state(fix))
        details = QVBoxLayout()
        details.setSpacing(1)
        upper, lower = self._details(fix)
        details.addWidget(PlainLabel(upper, "body", "text" if fix else "muted", elide=Qt.TextElideMode.ElideRight))
        details.addWidget(PlainLabel(lower, "small", "muted", elide=Qt.TextElideMode.ElideRight))
        row.addLayout(details, 1)
        if fix is not None and fix.behaviour_change:
            change = Chip(self.tr("Changes behaviour"), "today", icon="triangle-alert")
            option = safe_line(fix.revert_option, 120) or self.tr("none named")
            set_tip(change, self.tr("Way back: {option}").format(option=option))
            row.addWidget(change)
        text = self.tr("Update…") if fix else self.tr("Hold fix…")
        spoken = self.tr("{act} line {line}").format(act=text, line=safe_line(line.line, 60))
        act = named(Button(text, "secondary", size="row"), f"case.fixes.{number}.hold", spoken)
        act.clicked.connect(lambda: self._hold(line))
        row.addWidget(act)
        # Only now: shown before it has a parent, it would flash up as a window of its own.
        act.setVisible(editable)
        return made

    def _make_name(self, line: AffectedLine) -> QWidget:
        holder = clear_widget()
        name = QVBoxLayout(holder)
        name.setContentsMargins(0, 0, 0, 0)
        name.setSpacing(1)
        name.addWidget(PlainLabel(safe_line(line.line, 60), "mono"))
        about = safe_line(line.product, 60) or self._fixed(line)
        name.addWidget(PlainLabel(about, "small", "muted", elide=Qt.TextElideMode.ElideRight))
        holder.setFixedWidth(theme().px(128))
        return holder

    def _make_state(self, fix: Fix | None) -> QWidget:
        state = fix.state if fix else "needed"
        icon, tone = _STATES[state]
        holder = clear_widget()
        inside = QHBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(Chip(words.fix_state(state), tone, icon=icon))
        inside.addStretch(1)
        holder.setMinimumWidth(theme().px(104))
        return holder

    def _fixed(self, line: AffectedLine) -> str:
        if line.fixed:
            return self.tr("fixed in {version}").format(version=safe_line(line.fixed, 40))
        return self.tr("version not known")

    def _details(self, fix: Fix | None) -> tuple[str, str]:
        """Who and where in the first line; tests and patch in the second."""
        if fix is None:
            return self.tr("Nothing is held yet"), ""
        people = []
        if fix.author:
            people.append(self.tr("by {name}").format(name=safe_line(fix.author, 60)))
        if fix.reviewer:
            people.append(self.tr("reviewed by {name}").format(name=safe_line(fix.reviewer, 60)))
        upper = ", ".join(people) or self.tr("Nobody named")
        parts = [safe_line(p, 100) for p in (fix.pull_request, fix.tests) if p]
        if fix.patch is not None:
            parts.append(f"{safe_file_name(fix.patch.name).shown}, {file_size(fix.patch.size)}")
        return upper, " · ".join(parts) or self.tr("No patch in the store")
