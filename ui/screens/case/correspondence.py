"""The correspondence: every message in order, and the text of the one in hand as plain text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.case.state import Case
from app.domain.untrusted import safe_line, safe_text
from app.presenters.case import CaseFacts
from app.presenters.case_actions import may
from ui.kit.names import named
from ui.kit.paint import RIGHT, Paint
from ui.kit.table import Cell, Column, PagedTableModel, RowDelegate
from ui.kit.theme import theme
from ui.screens.case.forms_talk import purposes
from ui.screens.case.room import Room
from ui.widgets.button import button
from ui.widgets.card import Card
from ui.widgets.empty_page import EmptyPage
from ui.widgets.lines import HLine
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel
from ui.widgets.plain_text import PlainTextView
from ui.widgets.table_view import TableView
from ui.widgets.tip import plain_tip

Index = QModelIndex | QPersistentModelIndex
_SHOWN: Final = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message as listed; the report is the first one."""

    incoming: bool
    purpose: str
    subject: str
    counterpart: str
    at: datetime
    when: str
    tip: str
    text: str
    message_id: str


@final
class _Letters(PagedTableModel[Letter]):
    """The messages, newest first."""

    @override
    def text(self, row: Letter, key: str) -> str:
        who = self.tr("from {who}") if row.incoming else self.tr("to {who}")
        return f"{row.purpose}, {who.format(who=row.counterpart)}, {row.when}. {row.subject}"

    @override
    def tip(self, row: Letter, key: str) -> str:
        return plain_tip(row.tip)


@final
class _LetterDelegate(RowDelegate):
    """Two lines: what it is and when; with whom and about what."""

    @property
    @override
    def row_height(self) -> int:
        return theme().px(52)

    @override
    def paint_cell(self, brush: Paint, cell: Cell, row: object, key: str) -> None:
        if not isinstance(row, Letter):
            return
        look = brush.look
        side = look.px(16)
        area = cell.rect
        icon = "mail" if row.incoming else "send"
        brush.icon(QRectF(area.x(), area.y() + look.px(9), side, side), icon, look.colour("text-2"))
        left = area.x() + side + look.px(10)
        width = brush.width(row.when, "small") + 1
        upper = QRectF(left, area.y() + look.px(6), area.right() - left, look.px(20))
        brush.words(upper, row.when, "small", look.colour("muted"), align=RIGHT)
        brush.words(upper.adjusted(0, 0, -width - 8, 0), row.purpose, "body-medium", look.colour("text"))
        lower = QRectF(left, area.y() + look.px(26), area.right() - left, look.px(18))
        about = " · ".join(part for part in (row.counterpart, row.subject) if part)
        brush.words(lower, about, "small", look.colour("text-2"))


@final
class CorrespondenceTab(QWidget):
    """List at the left, text at the right; one below the other where it is narrow."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.setObjectName("case.correspondence")
        self._room = room
        self._model = _Letters(
            [Column(key="letter", title=self.tr("Messages"), width=300, stretch=True)], lambda: None, self
        )
        self._shown: object = None
        self.list = named(TableView(), "case.correspondence.list", self.tr("Messages"))
        self.list.setItemDelegate(_LetterDelegate(self.list))
        self.list.setModel(self._model)
        self.list.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.list.head.hide()
        self.list.viewport().setAutoFillBackground(False)
        self.list.selectionModel().currentRowChanged.connect(lambda now, _before: self._tell(now))
        self.text = named(PlainTextView(mono=True), "case.correspondence.text", self.tr("Text of the message"))
        self._subject = Paragraph("", "h2")
        self._about = Paragraph("", "small", "muted")
        self._make_head()
        self._lay_out()

    def _make_head(self) -> None:
        act = self._room.act
        self._ask = button(
            self.tr("Ask reporter…"), "secondary", "case.correspondence.ask", lambda: act("wait-for-reporter")
        )
        self._answer = button(
            self.tr("Record answer…"), "secondary", "case.correspondence.answer", lambda: act("resume")
        )
        self._update = button(
            self.tr("Write update…"), "secondary", "case.correspondence.update", lambda: act("update-reporter")
        )
        self._log = button(
            self.tr("Log message…"), "secondary", "case.correspondence.log", lambda: act("log-message"), icon="plus"
        )
        self._sum = PlainLabel("", "small", "muted")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(PlainLabel(self.tr("Correspondence"), "h2"))
        head.addWidget(self._sum, 1)
        for part in (self._ask, self._answer, self._update, self._log):
            head.addWidget(part)
        column.addLayout(head)
        letters = Card(flush=True)
        letters.body.addWidget(self.list)
        reading = Card()
        reading.body.addWidget(self._subject)
        reading.body.addWidget(self._about)
        reading.body.addWidget(HLine(reading))
        reading.body.addWidget(self.text, 1)
        self._split = QWidget()
        self._split.setProperty("kind", "clear")
        row = QHBoxLayout(self._split)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(letters, 2)
        row.addWidget(reading, 3)
        column.addWidget(self._split, 1)
        self._empty = EmptyPage(
            "mail", self.tr("No message yet"), self.tr("Letters to the reporter and logged messages appear here.")
        )
        column.addWidget(self._empty, 1)

    @property
    def page(self) -> QWidget:
        return self

    def show_facts(self, facts: CaseFacts) -> None:
        case = facts.case
        for verb, made in (
            ("wait-for-reporter", self._ask),
            ("resume", self._answer),
            ("update-reporter", self._update),
        ):
            made.setVisible(may(verb, case))
        shown = (case.messages, case.report.text)
        if shown == self._shown:
            return
        self._shown = shown
        letters = self._letters(case)
        self._sum.setText(f"{len(letters):,}" if letters else "")
        self._model.set_rows(letters, more=False)
        self._split.setVisible(bool(letters))
        self._empty.setVisible(not letters)
        if letters:
            self.list.setCurrentIndex(self._model.index(0, 0))

    def begin(self) -> None:
        wanted: QWidget = self._log if self.list.isHidden() or not self._model.rows else self.list
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def minute(self) -> None:
        """No time here is relative."""

    def save_unsaved(self) -> None:
        """Nothing is typed here."""

    def close_tab(self) -> None:
        self.text.clear()
        self._model.set_rows([], more=False)

    def _letters(self, case: Case) -> list[Letter]:
        now, dates = self._room.now(), self._room.dates
        names = dict(purposes())
        reporter = next((r.name or r.handle or r.email for r in case.reporters), "")
        letters = [
            Letter(
                incoming=m.direction == "in",
                purpose=names[m.purpose],
                subject=safe_line(m.subject or m.text.strip().split("\n", 1)[0], 200),
                counterpart=safe_line(m.counterpart or reporter, 120),
                at=m.at,
                when=dates.moment(m.at, now),
                tip=dates.utc(m.at),
                text=m.text,
                message_id=m.message_id,
            )
            for m in case.messages
        ]
        report = case.report
        if report.text:
            first = Letter(
                incoming=True,
                purpose=names["report"],
                subject=safe_line(report.subject or case.title, 200),
                counterpart=safe_line(reporter, 120),
                at=report.received_at,
                when=dates.moment(report.received_at, now),
                tip=dates.utc(report.received_at),
                text=report.text,
                message_id=report.message_id,
            )
            letters.append(first)
        return sorted(letters, key=lambda letter: letter.at, reverse=True)

    def _tell(self, index: Index) -> None:
        if not index.isValid():
            return
        letter = self._model.row(index.row())
        self._subject.set_text(letter.subject or letter.purpose)
        who = self.tr("From {who}") if letter.incoming else self.tr("To {who}")
        parts = [who.format(who=letter.counterpart or self.tr("nobody named")), letter.when]
        if letter.message_id:
            parts.append(safe_line(letter.message_id, 200))
        self._about.set_text(" · ".join(parts))
        self.text.setPlainText(safe_text(letter.text, _SHOWN) or self.tr("No text was recorded."))
