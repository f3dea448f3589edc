"""The audit page: the verdict on top, the history of everything, and the chosen event in full."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final, final

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.desk.ports.vault import Checkpoint, Finding, HistoryRow, VerifyReport
from app.domain.checkpoint_note import Note
from app.domain.errors import Rejected
from app.domain.team import TEAM_STREAM, Team
from app.presenters.audit import AuditPresenter
from app.presenters.target import Target, case_target, release_target
from ui.kit.dates import Dates
from ui.kit.dialogs import FileChoice, Question, Reason
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.theme import hub, theme
from ui.screens.audit.checkpoint import CheckpointDialog
from ui.screens.audit.detail import EventDetail
from ui.screens.audit.history_list import HistoryList, HistoryModel
from ui.screens.audit.verdict import VerdictPanel
from ui.screens.page import Action, Context, Crumb
from ui.widgets.banner import Banner
from ui.widgets.button import icon_button
from ui.widgets.card import Card
from ui.widgets.field import LineEdit
from ui.widgets.plain_label import PlainLabel

_REASON: Final = "asked for"


@final
class AuditScreen(QObject):
    """Satisfies Page. A target with a reference shows only the history of that case or release."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._dates = Dates(ctx.tz)
        self._team: Team | None = None
        self._verdict: tuple[VerifyReport, datetime] | None = None
        self._chosen = 0
        self._closed = False
        self._dialog: CheckpointDialog | None = None
        self._widget = QWidget()
        self._widget.setObjectName("audit")
        self._presenter = AuditPresenter(self, ctx.session, ctx.runner, ctx.hub)
        self._model = HistoryModel(self._presenter.more, self._dates, ctx.now, self)
        self._build()
        self._presenter.start()

    def _build(self) -> None:
        self._problem = named(Banner("blocker", "", ""), "audit.banner", "")
        self._problem.add_action(icon_button("close", "audit.dismiss", self.tr("Dismiss"), self._problem.hide))
        self._problem.hide()
        self._panel = VerdictPanel(self.verify, self.rebuild, self._presenter.cancel, self.make_checkpoint)
        column = QVBoxLayout(self._widget)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self._problem)
        column.addWidget(self._panel)
        column.addLayout(self._make_bar())
        row = QHBoxLayout()
        row.setSpacing(16)
        card = Card(flush=True)
        self._list = named(HistoryList(self._model), "audit.history", self.tr("History"))
        self._list.selectionModel().currentChanged.connect(self._choose)
        self._list.opened.connect(self._open_row)
        card.body.addWidget(self._list)
        self._detail = EventDetail(self._dates, self._open_ref)
        row.addWidget(card, 620)
        row.addWidget(self._detail, 540)
        column.addLayout(row, 1)
        hub().changed.connect(self._dress)

    def _make_bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setSpacing(12)
        self._count = PlainLabel("", "small", "muted")
        self._note = PlainLabel("", "small", "overdue", elide=Qt.TextElideMode.ElideRight)
        self._filter = named(
            LineEdit(self.tr("H-2026-001, R-2026-001 or team"), icon="filter"),
            "audit.filter",
            self.tr("Show only the history of this case or release"),
        )
        self._filter.setClearButtonEnabled(True)
        self._filter.setMaxLength(40)
        self._filter.returnPressed.connect(self._apply_filter)
        self._filter.textChanged.connect(self._filter_changed)
        self._filter.setFixedWidth(theme().px(280))
        bar.addWidget(PlainLabel(self.tr("History"), "h2"))
        bar.addWidget(self._count)
        bar.addWidget(self._note, 1)
        bar.addWidget(self._filter)
        return bar

    def _dress(self) -> None:
        self._filter.setFixedWidth(theme().px(280))

    # ----------------------------------------------------------------------------------------- Page
    @property
    def widget(self) -> QWidget:
        return self._widget

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(self.tr("Audit")),)

    def page_actions(self) -> tuple[Action, ...]:
        return (
            Action("audit.verifyAll", self.tr("Verify record"), self.verify, "Ctrl+Shift+V", "audit", self._is_idle),
            Action("audit.checkpointNow", self.tr("Make a checkpoint"), self.make_checkpoint, "", "print"),
            Action("audit.compare", self.tr("Compare with a checkpoint"), self.compare, "", "shield"),
            Action("audit.focusFilter", self.tr("Filter the history"), self._focus_filter, "Ctrl+F", "filter"),
        )

    def open(self, target: Target) -> None:
        if target.ref:
            self._filter.setText(target.ref)
            self._apply_filter()
        if target.act == "verify":
            self.verify()
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def minute(self) -> None:
        self._list.viewport().update()
        self._say_verdict()

    def save_unsaved(self) -> None:
        """Nothing is typed here that could be lost."""

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        hub().changed.disconnect(self._dress)
        if self._dialog is not None and isValid(self._dialog):
            self._dialog.reject()
        self._presenter.close()
        self._model.set_rows((), more=False)
        self._detail.tell(None, None, self._ctx.now())

    def verify(self) -> None:
        """Check everything, with progress and a way to stop."""
        if not self._presenter.verifying:
            self._panel.tell_progress(0, 0)
            self._presenter.verify()

    def rebuild(self) -> None:
        """Make lists and search again from the log, then check everything anew."""
        if not self._presenter.verifying:
            self._panel.tell_progress(0, 0)
            self._presenter.rebuild()

    def compare(self) -> None:
        """Ask for a checkpoint that was kept elsewhere, and hold the store against it."""
        question = Question(
            name="audit.compareWith",
            title=self.tr("Compare with a checkpoint"),
            body=self.tr("With one that was kept elsewhere, an older copy put in the place of this store shows."),
            act=self.tr("Compare"),
            keep=self.tr("Cancel"),
            risky=False,
        )
        helper = self.tr("Case, blanks and line breaks do not matter.")
        kept = Reason(label=self.tr("The line or the whole note"), helper=helper, least=40)
        self._ctx.interaction.ask_reason(question, kept, self._presenter.compare)

    def make_checkpoint(self) -> None:
        """Ask where the signed note goes, make it, and show the line to print."""
        day = self._ctx.now().strftime("%Y-%m-%d")
        choice = FileChoice(
            name="audit.checkpoint.file",
            title=self.tr("Save the checkpoint"),
            start=Path.home(),
            file_name=f"holdfast-checkpoint-{day}.txt",
        )
        self._ctx.interaction.save_file(choice, lambda path: self._presenter.checkpoint(path, _REASON))

    # ------------------------------------------------------------------------------------- AuditView
    def show_team(self, team: Team) -> None:
        self._team = team
        self._model.team = team

    def show_rows(self, rows: tuple[HistoryRow, ...], *, more: bool, count: int) -> None:
        self._note.setText("")
        self._model.set_rows(rows, more=more)
        said = self.tr("one event") if count == 1 else self.tr("{n} events").format(n=thousands(count))
        ref = self._presenter.asked.ref
        self._count.setText(self.tr("{events} of {ref}").format(events=said, ref=ref) if ref else said)
        if self._verdict is None and not ref:
            self._panel.tell_count(count)
        at = self._model.place_of(self._chosen)
        if at >= 0 and rows:
            self._list.setCurrentIndex(self._model.index(at, 0))
        else:
            self._detail.tell(None, self._team, self._ctx.now())

    def add_rows(self, rows: tuple[HistoryRow, ...], *, more: bool) -> None:
        self._model.append_rows(rows, more=more)

    def show_progress(self, done: int, of: int) -> None:
        self._panel.tell_progress(done, of)

    def show_verdict(self, report: VerifyReport, at: datetime) -> None:
        self._verdict = (report, at)
        self._say_verdict()

    def show_comparison(self, note: Note, findings: tuple[Finding, ...], at: datetime) -> None:
        self._verdict = None
        now = self._ctx.now()

        def moment(instant: datetime) -> str:
            return self._dates.moment(instant, now)

        self._panel.tell_comparison(note.count, findings, moment(at), moment)

    def show_checkpoint(self, checkpoint: Checkpoint, path: Path) -> None:
        self._dialog = CheckpointDialog(self._widget.window(), checkpoint, path, self._dates)
        self._dialog.finished.connect(self._dialog.deleteLater)
        self._dialog.open()

    def show_filter_problem(self, problem: Rejected) -> None:
        self._filter.set_problem(wrong=True)
        self._note.setText(error_text(problem).whole)

    def show_problem(self, problem: Exception) -> None:
        self._panel.tell_stopped()
        text = error_text(problem)
        self._problem.say("blocker", text.headline, text.whole)
        self._problem.show()

    # ------------------------------------------------------------------------------------------ inside
    def _say_verdict(self) -> None:
        if self._verdict is not None and not self._presenter.verifying:
            report, at = self._verdict
            self._panel.tell_verdict(report, at, self._dates, self._ctx.now())

    def _is_idle(self) -> bool:
        return not self._presenter.verifying

    def _focus_filter(self) -> None:
        self._filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._filter.selectAll()

    def _filter_changed(self, text: str) -> None:
        self._filter.set_problem(wrong=False)
        self._note.setText("")
        if not text.strip():
            self._presenter.only("")

    def _apply_filter(self) -> None:
        self._presenter.only(self._filter.text())

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        row = self._model.row_at(current.row()) if current.isValid() else None
        if row is not None:
            self._chosen = row.seq
        self._detail.tell(row, self._team, self._ctx.now())

    def _open_row(self, index: QModelIndex) -> None:
        row = self._model.row_at(index.row())
        if row is not None:
            self._open_ref(row.ref)

    def _open_ref(self, ref: str) -> None:
        if ref and ref != TEAM_STREAM:
            self._ctx.navigate(release_target(ref) if ref.startswith("R-") else case_target(ref, tab="history"))
