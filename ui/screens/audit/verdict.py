"""The verdict: whether the record is whole, in words; what was found, each with what it means; the work under way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desk.ports.vault import Finding, VerifyReport
from app.presenters.audit_words import Group, can_rebuild, groups_of, verdict_of
from ui.kit.dates import Dates
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.theme import theme
from ui.screens.audit import words
from ui.widgets.banner import Banner
from ui.widgets.button import button
from ui.widgets.card import Card
from ui.widgets.icon_label import IconLabel
from ui.widgets.list_area import ListArea
from ui.widgets.plain_label import PlainLabel
from ui.widgets.progress_row import ProgressRow

MOST: Final = 50
HIGHEST: Final = 300
"""Logical pixels that findings may take; the rest is scrolled."""


@final
class VerdictPanel(QWidget):
    """A banner with `Verify` and `Checkpoint…`, the progress below it while it runs, and the findings."""

    def __init__(
        self,
        verify: Callable[[], None],
        rebuild: Callable[[], None],
        cancel: Callable[[], None],
        checkpoint: Callable[[], None],
    ) -> None:
        super().__init__()
        self._banner = named(Banner("note", self.tr("Not verified yet"), "", tall=True), "audit.verdict", "")
        self.verify = button(self.tr("Verify"), "primary", "audit.verify", verify, icon="audit")
        self.checkpoint = button(self.tr("Checkpoint…"), "secondary", "audit.checkpoint", checkpoint, icon="print")
        words = self.tr("Make lists again")
        self.rebuild = button(words, "secondary", "audit.rebuild", rebuild, icon="undo")
        self.rebuild.hide()
        self._banner.add_action(self.rebuild)
        self._banner.add_action(self.verify)
        self._banner.add_action(self.checkpoint)
        self.progress = ProgressRow("audit.progress", self.tr("Cancel"), cancel)
        self.progress.hide()
        self._card = named(Card(flush=True), "audit.findings", self.tr("What was found"))
        self._findings = ListArea()
        self._card.body.addWidget(self._findings)
        self._card.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self._banner, self.progress, self._card):
            column.addWidget(part)

    def tell_count(self, count: int) -> None:
        """Before anything was verified: how much there is to verify."""
        sentence = self.tr("{n} events. Verifying checks chain, signatures, projections and stored files.")
        self._banner.say("note", self.tr("Not verified since unlock"), sentence.format(n=thousands(count)))

    def tell_progress(self, done: int, of: int) -> None:
        self.verify.setEnabled(False)
        self.rebuild.setEnabled(False)
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
        self.rebuild.setEnabled(True)

    def tell_verdict(self, report: VerifyReport, at: datetime, dates: Dates, now: datetime) -> None:
        self.tell_stopped()
        self.verify.setText(self.tr("Verify again"))
        self.verify.setAccessibleName(self.tr("Verify again"))
        # What was done is no longer the next thing to do.
        self.verify.set_kind("secondary")
        when = dates.moment(at, now)
        verdict = verdict_of(report)
        self.rebuild.setVisible(can_rebuild(report))
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
        self._fill(report.findings, report.remarks, report.erased, lambda instant: dates.moment(instant, now))

    def tell_comparison(
        self, count: int, findings: tuple[Finding, ...], when: str, moment: Callable[[datetime], str]
    ) -> None:
        """What a checkpoint over so many events says of the store; `when` they were compared."""
        n = thousands(count)
        if findings:
            word = self.tr("The store does not agree with the checkpoint")
            sentence = self.tr("The checkpoint vouches for {n} events. Nothing was changed. {when}.")
            self._banner.say("blocker", word, sentence.format(n=n, when=when))
        else:
            word = self.tr("The store goes on from the checkpoint")
            sentence = self.tr("Its first {n} events are those that the checkpoint vouches for. Compared {when}.")
            self._banner.say("good", word, sentence.format(n=n, when=when))
        self.rebuild.hide()
        self._fill(findings, (), 0, moment)

    def _counts(self, report: VerifyReport) -> str:
        devices = len(report.devices)
        one, many = self.tr("{n} events from one device."), self.tr("{n} events from {devices} devices.")
        return (one if devices == 1 else many).format(n=thousands(report.events), devices=devices)

    def _fill(
        self,
        findings: tuple[Finding, ...],
        remarks: tuple[Finding, ...],
        erased: int,
        moment: Callable[[datetime], str],
    ) -> None:
        self._findings.clear()
        groups = groups_of(findings)
        for group in groups[:MOST]:
            self._findings.column.addWidget(self._row(group, moment))
        if len(groups) > MOST:
            self._add_line(self.tr("{n} more kinds are not shown.").format(n=thousands(len(groups) - MOST)))
        for remark in remarks[:MOST]:
            self._add_line(words.remark_sentence(remark, moment))
        if erased:
            one, many = self.tr("The text of one event was erased."), self.tr("The texts of {n} events were erased.")
            self._add_line((one if erased == 1 else many).format(n=thousands(erased)))
        count = self._findings.column.count()
        self._card.setVisible(count > 0)
        self._findings.setMaximumHeight(theme().px(HIGHEST))
        self._findings.setMinimumHeight(theme().px(min(HIGHEST, 116 * len(groups) + 28 * (count - len(groups)) + 12)))

    def _add_line(self, text: str) -> None:
        label = PlainLabel(text, "small", "muted", wrap=True)
        label.setContentsMargins(15, 4, 15, 4)
        self._findings.column.addWidget(label)

    def _row(self, group: Group, moment: Callable[[datetime], str]) -> QWidget:
        """What differs, which events, and then what it means and what to do."""
        told = words.finding_words(group, moment)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(15, 8, 15, 8)
        row.setSpacing(10)
        row.addWidget(IconLabel("octagon-alert", "overdue", 16), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(PlainLabel(told.what, "body-medium", wrap=True))
        if told.which:
            column.addWidget(PlainLabel(told.which, "small", "text-2", wrap=True))
        advice = " ".join(part for part in (told.means, told.remedy) if part)
        if advice:
            column.addWidget(PlainLabel(advice, "small", "muted", wrap=True))
        row.addLayout(column, 1)
        row.addWidget(PlainLabel(group.code[:60], "mono-small", "muted"), 0, Qt.AlignmentFlag.AlignTop)
        holder.setAccessibleName(told.what)
        return holder
