"""One event of the log, whole: its sentence, who and when and where, and every field of it as it stands there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QWidget

from app.desk.ports.vault import HistoryRow
from app.domain.team import TEAM_STREAM, Team
from app.domain.untrusted import safe_line, safe_text
from app.presenters.audit import Fact, device_label, facts_of
from ui.kit.dates import Dates
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.theme import theme
from ui.screens.audit import words
from ui.widgets.button import LinkButton
from ui.widgets.card import Card
from ui.widgets.list_area import ListArea
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel
from ui.widgets.plain_text import PlainTextView
from ui.widgets.tip import set_tip

_LONGEST_LINES: Final = 12


@final
class EventDetail(Card):
    """`open_ref` goes to the case or release of the event."""

    def __init__(self, dates: Dates, open_ref: Callable[[str], None]) -> None:
        super().__init__(self.tr("Event"), flush=True)
        self._dates = dates
        self._open_ref = open_ref
        self._area = named(ListArea(), "audit.detail", self.tr("The event in full"))
        self.body.addWidget(self._area)
        self._shown = 0

    def tell(self, row: HistoryRow | None, team: Team | None, now: datetime) -> None:
        """Show an event, or nothing."""
        if row is not None and row.seq == self._shown:
            return
        self._shown = row.seq if row else 0
        self._area.clear()
        px = theme().px
        self._area.column.setContentsMargins(px(15), px(12), px(15), px(12))
        self._area.column.setSpacing(px(10))
        if row is None:
            self.set_note("")
            self._area.column.addWidget(PlainLabel(self.tr("Choose an event to see all of it."), "small", "muted"))
            self._area.column.addStretch(1)
            return
        self.set_note(self.tr("number {seq}").format(seq=thousands(row.seq)))
        said = Paragraph(words.sentence_of(row.event, lambda when: self._dates.moment(when, now)))
        set_tip(said, words.sentence_of(row.event))
        self._area.column.addWidget(said)
        self._area.column.addWidget(self._about(row, team, now))
        facts = facts_of(row)
        if facts:
            self._area.column.addWidget(PlainLabel(self.tr("As it stands in the log"), "strong"))
            self._area.column.addWidget(self._facts(facts))
        self._area.column.addStretch(1)

    def _about(self, row: HistoryRow, team: Team | None, now: datetime) -> QWidget:
        holder, form = _form()
        when = f"{self._dates.moment(row.at, now, year=True)} · {self._dates.utc(row.at)}"
        form.addRow(_label(self.tr("When")), PlainLabel(when, wrap=True))
        who = safe_line(row.actor.name, 120)
        mail = f" <{safe_line(row.actor.email, 120)}>" if row.actor.email else ""
        form.addRow(_label(self.tr("Who")), PlainLabel(who + mail, wrap=True))
        form.addRow(_label(self.tr("Device")), PlainLabel(device_label(team, row.device), wrap=True))
        reason = getattr(row.event, "override", "") or getattr(row.event, "reason", "")
        if reason:
            form.addRow(_label(self.tr("Reason")), PlainLabel(safe_text(str(reason), 2_000), wrap=True))
        if row.ref and row.ref != TEAM_STREAM:
            spoken = self.tr("Open {ref}").format(ref=row.ref)
            link = named(LinkButton(row.ref, style="mono"), "audit.detail.open", spoken)
            link.clicked.connect(lambda: self._open_ref(row.ref))
            form.addRow(_label(self.tr("About")), link)
        return holder

    def _facts(self, facts: tuple[Fact, ...]) -> QWidget:
        holder, form = _form()
        for fact in facts:
            name = PlainLabel(fact.name, "mono-small", "muted", elide=Qt.TextElideMode.ElideMiddle)
            if not fact.long:
                form.addRow(name, PlainLabel(safe_text(fact.value, 400), "body", wrap=True))
                continue
            text = safe_text(fact.value)
            view = named(PlainTextView(text), f"audit.detail.{fact.name}", fact.name)
            lines = min(_LONGEST_LINES, max(3, text.count("\n") + 1 + len(text) // 70))
            view.setFixedHeight(round(theme().metric("mono").lineSpacing() * lines) + theme().px(12))
            form.addRow(name, view)
        return holder


def _form() -> tuple[QWidget, QFormLayout]:
    holder = QWidget()
    form = QFormLayout(holder)
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(theme().px(16))
    form.setVerticalSpacing(theme().px(6))
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
    return holder, form


def _label(text: str) -> PlainLabel:
    made = PlainLabel(text, "small", "text-2")
    made.setMinimumWidth(theme().px(56))
    return made
