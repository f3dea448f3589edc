"""Settings, backups: the last good one, where and how often, what lies there, a backup now, a restore on trial."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.desk.ports.backups import DrillReport, ListedBackup
from app.domain.errors import Rejected
from app.domain.untrusted import safe_line
from app.presenters.backup_page import BackupPagePresenter, BackupsShown
from app.presenters.backup_words import (
    DROPPED,
    ROTTEN,
    drill_words,
    made_facts,
    made_template,
    worry_facts,
    worry_template,
)
from app.presenters.backup_work import BackupState
from app.presenters.target import Target
from app.presenters.words import fill
from ui.kit.dates import Dates
from ui.kit.dialogs import FileChoice
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.screens.page import Context
from ui.screens.settings.act_dialog import ActDialog
from ui.screens.settings.backup_rows import BackupRow
from ui.screens.settings.backup_rule import BackupRuleCard
from ui.screens.settings.part import Part
from ui.widgets.banner import Banner, BannerKind
from ui.widgets.button import LinkButton, button
from ui.widgets.card import Card
from ui.widgets.lines import HLine
from ui.widgets.paragraph import Paragraph
from ui.widgets.progress_row import ProgressRow

_NAMED: Final = 5


@final
class BackupSettings(Part):
    """Object names begin with `backups.`."""

    def __init__(self, ctx: Context) -> None:
        super().__init__("backups")
        self._ctx = ctx
        self._dates = Dates(ctx.tz)
        self.presenter = BackupPagePresenter(self, ctx.session, ctx.runner, ctx.worker, ctx.hub, ctx.backups)
        self._told: BackupState | None = None
        self.column.addWidget(self._make_last())
        self.rule = BackupRuleCard(self.presenter.choose, self.presenter.choose_folder, self._choose_folder)
        self.column.addWidget(self.rule)
        self.column.addWidget(self._make_list())
        self.column.addWidget(self._make_help())
        self.column.addStretch(1)

    def _make_last(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.last = named(Banner("note", "", "", tall=True), "backups.last", "")
        self.now = button(self.tr("Back up now"), "primary", "backups.now", self.presenter.make, icon="archive")
        self.last.add_action(self.now)
        column.addWidget(self.last)
        self.progress = ProgressRow("backups.progress", self.tr("Stop"), self.presenter.cancel)
        self.progress.hide()
        column.addWidget(self.progress)
        self.result = named(Banner("good", "", "", tall=True), "backups.result", "")
        self.result.hide()
        column.addWidget(self.result)
        return holder

    def _make_list(self) -> Card:
        self.card = Card(self.tr("What lies there"), flush=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.card.body.addLayout(self._list)
        self.empty = Paragraph("", "small", "text-2")
        self.empty.setContentsMargins(16, 0, 16, 0)
        inset = QVBoxLayout()
        inset.setContentsMargins(16, 12, 16, 12)
        inset.addWidget(self.empty)
        self.card.body.addLayout(inset)
        return self.card

    def _make_help(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        words = self.tr("What a backup holds, what opens it, and how to restore one")
        link = named(LinkButton(words, icon="help"), "backups.help", words)
        link.clicked.connect(lambda: self._ctx.navigate(Target(page="help", tab="backups")))
        row.addWidget(link)
        row.addStretch(1)
        return holder

    @override
    def start(self) -> None:
        self.presenter.start()

    @override
    def begin(self) -> None:
        self.now.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def minute(self) -> None:
        if self.presenter.shown is not None:
            self._show_last(self.presenter.shown)

    @override
    def end(self) -> None:
        self.presenter.close()
        self._clear()

    def _choose_folder(self) -> None:
        choice = FileChoice(
            name="backups.chooser", title=self.tr("Where shall the backups lie?"), start=self.rule.start_folder()
        )
        self._ctx.interaction.open_folder(choice, lambda path: self.presenter.choose_folder(str(path)))

    # What the presenter tells.

    def show_backups(self, shown: BackupsShown) -> None:
        self._show_last(shown)
        self.rule.show_rule(shown.rule)

    def _show_last(self, shown: BackupsShown) -> None:
        due, now = shown.due, self._ctx.now()
        kind: BannerKind = "good"
        head = self.tr("No backup yet")
        if due.last is not None:
            head = self.tr("Last good backup: {time}").format(time=self._dates.moment(due.last.at, now, year=True))
        parts = []
        if due.warning:
            kind = "warning"
            parts.append(fill(QCoreApplication.translate("backups", worry_template(due)), worry_facts(due)))
        elif due.next is not None:
            parts.append(self.tr("The next one is due {time}.").format(time=self._dates.until(due.next, now)))
        else:
            parts.append(self.tr("None will be made by itself."))
        if due.drill is not None:
            tried = self._dates.day(due.drill.at, now, year=True)
            parts.append(self.tr("A restore was last tried on {day}.").format(day=tried))
        elif due.last is not None:
            parts.append(self.tr("A restore was never tried."))
        self.last.say(kind, head, " ".join(parts), "archive")

    def show_rows(self, rows: tuple[ListedBackup, ...], *, hidden: int) -> None:
        focus: QWidget | None = self.window().focusWidget()
        held = focus.objectName() if focus is not None and self.card.isAncestorOf(focus) else ""
        self._clear()
        for number, row in enumerate(rows):
            if number:
                self._list.addWidget(HLine(self))
            self._list.addWidget(BackupRow(row, self._dates, self._ctx.now(), self._ask_drill))
        if not rows:
            self._say_empty(self.tr("Nothing lies there yet. Choose a folder on another disk, then back up."))
        elif hidden:
            self._say_empty(self.tr("%n more lie in the folder.", "", hidden))
        else:
            self._say_empty("")
        self.card.set_note(self._count(len(rows) + hidden))
        if held:
            (self.findChild(QWidget, held) or self.now).setFocus()

    def _count(self, files: int) -> str:
        one, many = self.tr("1 file"), self.tr("{n} files").format(n=thousands(files))
        return (one if files == 1 else many) if files else ""

    def show_rows_problem(self, problem: Exception) -> None:
        self._clear()
        self._say_empty(error_text(problem).whole)

    def _say_empty(self, words: str) -> None:
        self.empty.set_text(words)
        self.empty.setVisible(bool(words))

    def _clear(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()

    def show_state(self, state: BackupState) -> None:
        focused = self.now.hasFocus() or self.progress.cancel.hasFocus()
        self.progress.setVisible(bool(state.doing))
        self.now.setEnabled(not state.doing)
        if focused:
            # What is pressed next stands where the keyboard is.
            (self.progress.cancel if state.doing else self.now).setFocus()
        if state.doing and not (self._told and self._told.doing) and not state.by_clock:
            # What is going on stands at the top, and so does how it ended.
            self.area.verticalScrollBar().setValue(0)
        if state.doing:
            words = {
                "copying": self.tr("Copying the store"),
                "proving": self.tr("Reading the copy back and verifying it"),
                "thinning": self.tr("Looking at the older ones"),
                "drilling": self.tr("Restoring on trial and verifying"),
            }[state.doing]
            self.progress.tell(words, state.done, state.of)
        elif state is not self._told:
            self._show_end(state)
        self._told = state

    def _show_end(self, state: BackupState) -> None:
        if state.problem is not None:
            text = error_text(state.problem)
            self.result.say("blocker", self.tr("No good backup came of it"), text.whole)
        elif state.drilled is not None:
            self._show_drill(state.drilled)
        elif state.made is not None:
            words = fill(QCoreApplication.translate("backups", made_template(state.made)), made_facts(state.made))
            self.result.say("good", self.tr("Backed up"), f"{words} {self._pruned(state)}".strip())
        self.result.setVisible(any((state.problem, state.drilled, state.made)))

    def _pruned(self, state: BackupState) -> str:
        if state.pruned is None:
            return ""
        said = []
        for template, names in ((DROPPED, state.pruned.dropped), (ROTTEN, state.pruned.damaged)):
            if names:
                shown = ", ".join(safe_line(name, 80) for name in names[:_NAMED])
                said.append(fill(QCoreApplication.translate("backups", template), {"names": shown}))
        return " ".join(said)

    def _show_drill(self, report: DrillReport) -> None:
        if report.problem:
            self.result.say("blocker", self.tr("This backup does not hold"), drill_words(report))
        else:
            self.result.say("good", self.tr("The restore worked"), drill_words(report))

    def _ask_drill(self, row: ListedBackup) -> None:
        shown = self.presenter.shown
        if shown is None:
            return
        if self._ctx.backups.is_busy:
            self._ctx.toast(self.tr("Wait until what is going on has ended, or stop it"))
            return
        dialog = ActDialog(
            self,
            name="backups.drill",
            title=self.tr("Try to restore this backup?"),
            act=self.tr("Try it"),
            body=self.tr(
                "It is restored to a scratch place, opened with what you give, verified whole, and removed. Give what "
                "opened the store when the backup was made: that proves that you could use it."
            ),
            icon="archive",
            proofs=shown.proofs or ("passphrase",),
            proof_label=self.tr("What opened the store then"),
        )

        def submit() -> None:
            secret = dialog.proof.secret_given() if dialog.proof is not None else None
            dialog.succeed()
            if secret is not None:
                self.presenter.drill(row.path, secret)

        dialog.submit = submit
        dialog.open()
        if dialog.proof is not None:
            dialog.proof.focus()

    def show_folder_problem(self, problem: Rejected) -> None:
        self.rule.show_folder_problem(error_text(problem).whole)
