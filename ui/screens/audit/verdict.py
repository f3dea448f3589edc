"""The verdict: whether the record is whole, in words; what was found, each with what it means; the work under way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desk.ports.vault import Finding, VerifyReport
from app.presenters.audit_words import verdict_of
from ui.kit.dates import Dates
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.theme import theme
from ui.screens.audit import words
from ui.widgets.banner import Banner
from ui.widgets.button import button
from ui.widgets.card import Card
from ui.widgets.icon_label import IconLabel
from ui.widgets.plain_label import PlainLabel
from ui.widgets.progress_row import ProgressRow

MOST: Final = 50


@final
class VerdictPanel(QWidget):
    """A banner with `Verify` and `Checkpoint…`, the progress below it while it runs, and the findings."""

    def __init__(self, verify: Callable[[], None], cancel: Callable[[], None], checkpoint: Callable[[], None]) -> None:
        super().__init__()
        self._banner = named(Banner("note", self.tr("Not verified yet"), "", tall=True), "audit.verdict", "")
        self.verify = button(self.tr("Verify"), "primary", "audit.verify", verify, icon="audit")
        self.checkpoint = button(self.tr("Checkpoint…"), "secondary", "audit.checkpoint", checkpoint, icon="print")
        self._banner.add_action(self.verify)
        self._banner.add_action(self.checkpoint)
        self.progress = ProgressRow("audit.progress", self.tr("Cancel"), cancel)
        self.progress.hide()
        self._findings = named(Card(flush=True), "audit.findings", self.tr("What was found"))
        self._findings.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self._banner, self.progress, self._findings):
            column.addWidget(part)

    def tell_count(self, count: int) -> None:
        """Before anything was verified: how much there is to verify."""
        sentence = self.tr("{n} events. Verifying checks chain, signatures, projections and stored files.")
        self._banner.say("note", self.tr("Not verified since unlock"), sentence.format(n=thousands(count)))

    def tell_progress(self, done: int, of: int) -> None:
        self.verify.setEnabled(False)
        self.progress.show()
        if of:
            said = self.tr("Verifying, {done} of {of} events").format(done=thousands(done), of=thousands(of))
        else:
            said = self.tr("Verifying, {done} events so far").format(done=thousands(done))
        self.progress.tell(said, done, of)

    def tell_stopped(self) -> None:
        """The work has ended, one way or another."""
        self.progress.hide()
        self.verify.setEnabled(True)

    def tell_verdict(self, report: VerifyReport, at: datetime, dates: Dates, now: datetime) -> None:
        self.tell_stopped()
        self.verify.setText(self.tr("Verify again"))
        self.verify.setAccessibleName(self.tr("Verify again"))
        # What was done is no longer the next thing to do.
        self.verify.set_kind("secondary")
        when = dates.moment(at, now)
        verdict = verdict_of(report)
        counts = self._counts(report)
        if verdict == "whole":
            sentence = self.tr("{counts} Chain, signatures, projections and stored files agree. Verified {when}.")
            self._banner.say("good", self.tr("The record is whole"), sentence.format(counts=counts, when=when))
        elif verdict == "stopped":
            sentence = self.tr("{counts} Nothing wrong was found up to there. Verify again to check all of it.")
            self._banner.say("warning", self.tr("Verification was stopped"), sentence.format(counts=counts))
        else:
            found = len(report.findings)
            one = self.tr("One finding: the record is not whole")
            many = self.tr("{n} findings: the record is not whole")
            sentence = self.tr("{counts} Nothing was changed. Keep this store, and compare it with a backup. {when}.")
            word = (one if found == 1 else many).format(n=thousands(found))
            self._banner.say("blocker", word, sentence.format(counts=counts, when=when))
        self._fill(report.findings)

    def _counts(self, report: VerifyReport) -> str:
        devices = len(report.devices)
        one, many = self.tr("{n} events from one device."), self.tr("{n} events from {devices} devices.")
        return (one if devices == 1 else many).format(n=thousands(report.events), devices=devices)

    def _fill(self, findings: tuple[Finding, ...]) -> None:
        body = self._findings.body
        while body.count():
            item = body.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                # Hidden first: a row that its layout is about to show would flash up as a window of its own.
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        body.setContentsMargins(1, 4, 1, 4)
        body.setSpacing(0)
        for finding in findings[:MOST]:
            body.addWidget(self._row(finding))
        if len(findings) > MOST:
            more = self.tr("{n} more are not shown.").format(n=thousands(len(findings) - MOST))
            label = PlainLabel(more, "small", "muted")
            label.setContentsMargins(15, 4, 15, 4)
            body.addWidget(label)
        self._findings.setVisible(bool(findings))

    def _row(self, finding: Finding) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(15, 3, 15, 3)
        row.setSpacing(10)
        row.addWidget(IconLabel("octagon-alert", "overdue", 16), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(PlainLabel(words.finding_sentence(finding), wrap=True), 1)
        where = self.tr("event {seq}").format(seq=thousands(finding.seq)) if finding.seq else ""
        row.addWidget(PlainLabel(where, "mono-small", "muted"))
        row.addWidget(PlainLabel(finding.code[:60], "mono-small", "muted"))
        holder.setMinimumHeight(theme().px(34))
        return holder
