"""The report as it was received: who sent it, its text as plain text, its files."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import Qt
from typing_extensions import override

from app.domain.case.state import Case
from app.domain.untrusted import contains_hidden, safe_line, safe_text
from app.presenters.case import CaseFacts
from app.presenters.case_files import files_of
from ui.kit.names import named
from ui.kit.theme import theme
from ui.screens.case.facts import Fact, FactsCard
from ui.screens.case.files import FileList
from ui.screens.case.room import Room
from ui.screens.case.scroll_tab import ScrollTab
from ui.widgets.banner import Banner
from ui.widgets.button import LinkButton
from ui.widgets.card import Card
from ui.widgets.plain_text import PlainTextView

_SHOWN: Final = 400_000


@final
class ReportTab(ScrollTab):
    """Headers, text, files."""

    def __init__(self, room: Room) -> None:
        super().__init__("case.report")
        self._room = room
        self._hidden = Banner(
            "warning",
            self.tr("Hidden characters"),
            self.tr("The text holds characters that cannot be seen; they are spelt out, like <U+202E>."),
        )
        self._head = FactsCard(self.tr("As received"), "case.report.head")
        self._text_card = Card(self.tr("Text"))
        self.text = named(PlainTextView(mono=True), "case.report.text", self.tr("Text of the report"))
        self.text.setMinimumHeight(theme().px(280))
        self._text_card.body.addWidget(self.text)
        self._files_card = Card(self.tr("Files"), flush=True)
        add = named(LinkButton(self.tr("Add file…"), icon="plus"), "case.report.addFile", self.tr("Add file…"))
        add.clicked.connect(lambda: room.act("add-attachment"))
        self._files_card.add_action(add)
        self.files = FileList(room, "case.report.file")
        self._files_card.body.addWidget(self.files)
        for part in (self._hidden, self._head, self._text_card, self._files_card):
            self.column.addWidget(part)
        self.column.addStretch(1)
        self._hidden.hide()
        self._shown = ""

    def show_facts(self, facts: CaseFacts) -> None:
        case = facts.case
        self._head.set_facts(self._head_facts(case))
        text = safe_text(case.report.text, _SHOWN) or self.tr("The report has no text.")
        if text != self._shown:
            self._shown = text
            self.text.setPlainText(text)
            self._hidden.setVisible(contains_hidden(case.report.text.replace("\n", "").replace("\t", "")))
        rows = files_of(case)
        self.files.set_rows(rows)
        self._files_card.set_note(f"{len(rows):,}" if rows else "")

    def begin(self) -> None:
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def close_tab(self) -> None:
        self.text.clear()

    def _head_facts(self, case: Case) -> list[Fact]:
        now, dates = self._room.now(), self._room.dates
        report = case.report
        facts = []
        for person in case.reporters[:6]:
            shown = ", ".join(p for p in (person.name, person.email, person.handle, person.website) if p)
            facts.append(Fact(label=self.tr("From"), value=safe_line(shown, 300)))
        if report.subject:
            facts.append(Fact(label=self.tr("Subject"), value=safe_line(report.subject, 500)))
        facts.append(
            Fact(
                label=self.tr("Received"),
                value=dates.moment(report.received_at, now, year=True),
                tip=dates.utc(report.received_at),
            )
        )
        facts.append(Fact(label=self.tr("Channel"), value=self._channel(report.channel)))
        if report.message_id:
            facts.append(Fact(label="Message-ID", value=safe_line(report.message_id, 300), style="mono"))
        if report.references:
            facts.append(
                Fact(
                    label=self.tr("References"),
                    value=safe_line(" ".join(report.references[:6]), 400),
                    style="mono",
                    role="muted",
                )
            )
        if report.source:
            said = self.tr("{format}, file {file}").format(
                format=safe_line(report.source.format, 40), file=safe_line(report.source.file, 120)
            )
            facts.append(Fact(label=self.tr("Imported from"), value=said, tip=f"SHA-256 {report.source.sha256}"))
        return facts

    def _channel(self, key: str) -> str:
        return {
            "email": self.tr("Mail"),
            "hackerone": "HackerOne",
            "github": "GitHub",
            "phone": self.tr("Phone"),
            "form": self.tr("Form"),
            "handover": self.tr("Hand-over file"),
            "dataset": self.tr("Public record"),
        }.get(key, key)
