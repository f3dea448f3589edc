"""The history: every event of the case in a sentence, with who, when and on which device, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Final, final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.desk.ports.vault import HistoryRow
from app.domain.team import Team
from app.domain.untrusted import safe_line
from app.presenters.audit import device_label
from app.presenters.case import CaseFacts
from app.presenters.case_history import HistoryPresenter
from app.presenters.words import sentence
from ui.kit.dates import Dates
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.paint import RIGHT, Paint
from ui.kit.table import Cell, Column, PagedTableModel, RowDelegate
from ui.kit.theme import theme
from ui.screens.case.room import Room
from ui.screens.case.words import told
from ui.widgets.card import Card
from ui.widgets.plain_label import PlainLabel
from ui.widgets.table_view import TableView
from ui.widgets.tip import plain_tip

_ICONS: Final[dict[str, str]] = {
    "ReportReceived": "mail",
    "RecordImported": "import",
    "HandlerAssigned": "user",
    "ReportAcknowledged": "send",
    "DetailedReplySent": "send",
    "ReporterUpdated": "send",
    "WaitingForReporter": "pause",
    "ReporterAnswered": "mail",
    "ProblemConfirmed": "check-circle",
    "ReportRejected": "ban",
    "MarkedDuplicate": "copy",
    "SeverityRated": "flag",
    "TlpSet": "flag",
    "AffectedVersionsSet": "columns",
    "AffectedLineRemoved": "columns",
    "SimilarCodeAudited": "search",
    "FixHeld": "branch",
    "CveRequested": "card",
    "CveAssigned": "card",
    "CveWithdrawn": "card",
    "EmbargoProposed": "lock",
    "EmbargoAgreed": "lock",
    "EmbargoDeclined": "lock",
    "EmbargoMoved": "lock",
    "EmbargoEnded": "lock",
    "AdvisoryDrafted": "edit",
    "CreditsSet": "people",
    "BundledInRelease": "release",
    "UnbundledFromRelease": "release",
    "PreAnnounced": "megaphone",
    "FixesReleased": "release",
    "AnnouncementSent": "megaphone",
    "BlogPublished": "globe",
    "RecordsPublished": "dataset",
    "Exported": "export",
    "MessageLogged": "mail",
    "NoteAdded": "edit",
    "AttachmentAdded": "file",
    "StepSkipped": "minus",
    "CaseClosed": "archive",
    "CaseReopened": "history",
}


@final
class _Events(PagedTableModel[HistoryRow]):
    """The events that were fetched so far."""

    def __init__(self, columns: list[Column], want_more: object, room: Room, parent: QWidget) -> None:
        super().__init__(columns, want_more, parent)  # type: ignore[arg-type]
        self._room = room

    @override
    def text(self, row: HistoryRow, key: str) -> str:
        at = self._room.dates.moment(row.at, self._room.now())
        facts = self._room.page.facts
        device = device_label(facts.team if facts else None, row.device)
        said = told(row, self._room.dates, self._room.now())
        return f"{at}: {said}. {safe_line(row.actor.name, 60)}, {device}"

    @override
    def tip(self, row: HistoryRow, key: str) -> str:
        return plain_tip(f"{self._room.dates.utc(row.at)}\n{sentence(row.event)}")


@final
class _EventDelegate(RowDelegate):
    """Time and day | icon | sentence over who | device over sequence number."""

    def __init__(self, dates: Dates, now: datetime, parent: QWidget) -> None:
        super().__init__(parent)
        self.dates = dates
        self.now = now
        self.team: Team | None = None

    @property
    @override
    def row_height(self) -> int:
        return theme().px(56)

    @override
    def paint_cell(self, brush: Paint, cell: Cell, row: object, key: str) -> None:
        if not isinstance(row, HistoryRow):
            return
        look = brush.look
        px = look.px
        area = cell.rect
        upper = QRectF(area.x(), area.y() + px(8), area.width(), px(20))
        lower = QRectF(area.x(), area.y() + px(28), area.width(), px(18))
        time_width = px(104)
        brush.words(_part(upper, 0, time_width), self.dates.clock(row.at), "body", look.colour("text"))
        brush.words(_part(lower, 0, time_width), self.dates.day(row.at, self.now), "small", look.colour("muted"))
        side = px(28)
        plate = QRectF(area.x() + time_width, area.center().y() - side / 2, side, side)
        brush.plate(plate, 6, look.colour("sunken"))
        icon = _ICONS.get(type(row.event).__name__, "info")
        brush.icon(plate.adjusted(px(6), px(6), -px(6), -px(6)), icon, look.colour("text-2"))
        right = px(120)
        start = time_width + side + px(12)
        width = area.width() - start - right - px(8)
        said = told(row, self.dates, self.now)
        brush.words(_part(upper, start, width), said, "body-medium", look.colour("text"))
        brush.words(_part(lower, start, width), safe_line(row.actor.name, 80), "small", look.colour("text-2"))
        side_x = area.width() - right
        device = device_label(self.team, row.device)
        brush.words(_part(upper, side_x, right), device, "small", look.colour("muted"), align=RIGHT)
        brush.words(_part(lower, side_x, right), thousands(row.seq), "mono-small", look.colour("muted"), align=RIGHT)


def _part(rect: QRectF, left: float, width: float) -> QRectF:
    return QRectF(rect.x() + left, rect.y(), max(0.0, width), rect.height())


@final
class HistoryTab(QWidget):
    """Fetched page by page as it is scrolled."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.setObjectName("case.history")
        self._room = room
        self._presenter = HistoryPresenter(self, room.page)
        columns = [Column(key="event", title=self.tr("Events"), width=600, stretch=True)]
        self._model = _Events(columns, self._presenter.more, room, self)
        self.list = named(TableView(), "case.history.list", self.tr("Events of the case, newest first"))
        self._delegate = _EventDelegate(room.dates, room.now(), self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setModel(self._model)
        self.list.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.list.head.hide()
        self.list.viewport().setAutoFillBackground(False)
        self._sum = PlainLabel("", "small", "muted")
        self._note = PlainLabel(
            self.tr("Each event is signed by its device and chained to the one before."), "small", "muted"
        )
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(PlainLabel(self.tr("History"), "h2"))
        head.addWidget(self._sum)
        head.addWidget(self._note, 1)
        column.addLayout(head)
        card = Card(flush=True)
        card.body.addWidget(self.list)
        column.addWidget(card, 1)

    # ----------------------------------------------------------------------------------- HistoryView
    def show_rows(self, rows: tuple[HistoryRow, ...], *, more: bool) -> None:
        self._model.set_rows(rows, more=more)
        if rows:
            self.list.setCurrentIndex(self._model.index(0, 0))

    def append_rows(self, rows: tuple[HistoryRow, ...], *, more: bool) -> None:
        self._model.append_rows(rows, more=more)

    def show_problem(self, problem: Exception) -> None:
        self._room.problem(problem)

    # ------------------------------------------------------------------------------------------- tab
    @property
    def page(self) -> QWidget:
        return self

    def show_facts(self, facts: CaseFacts) -> None:
        self._sum.setText(thousands(facts.events))
        self._delegate.now = self._room.now()
        self._delegate.team = facts.team
        self._presenter.show(facts.events)

    def begin(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def minute(self) -> None:
        self._delegate.now = self._room.now()

    def save_unsaved(self) -> None:
        """Nothing is typed here."""

    def close_tab(self) -> None:
        self._model.set_rows([], more=False)
