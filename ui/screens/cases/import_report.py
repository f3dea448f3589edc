"""What an import brought: what came in, what was here already, and what was refused, by file, field and reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.desk.intake import ImportReport
from app.desk.ports.exchange import Refusal
from app.domain.errors import Rejected
from app.domain.untrusted import safe_line
from app.presenters.target import Target, case_target, release_target
from ui.kit.dialog_frame import Dialog
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.theme import theme
from ui.screens.page import Context
from ui.widgets.button import LinkButton
from ui.widgets.icon_label import IconLabel
from ui.widgets.lines import HLine
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel

_MOST_LINKS: Final = 30
_MOST_REFUSED: Final = 100
_PER_ROW: Final = 4


def refusal_words(refusal: Refusal) -> str:
    """Why a record was refused, in a sentence."""
    problem = Rejected(refusal.code)
    problem.facts.update({"file": refusal.file, "field": refusal.field, **refusal.facts})
    return error_text(problem).sentence


@final
class ImportReportDialog(Dialog):
    """Links open what came in; the dialog closes then."""

    def __init__(self, report: ImportReport, ctx: Context, parent: QWidget) -> None:
        super().__init__(parent, name="importReport", title=" ", icon="import")
        self._ctx = ctx
        self._report = report
        heading = self.findChild(PlainLabel)
        if heading is not None:
            heading.setText(self._title())
        self.setWindowTitle(self._title())
        self.setAccessibleName(self._title())
        if report.cancelled:
            stopped = self.tr("You stopped the import. What is named here is in the store all the same.")
            self.content.addWidget(Paragraph(stopped, "small", "text-2"))
        self.content.addWidget(self._scrolled(self._make_parts()), 1)
        refs = (*report.cases, *report.releases)
        if len(refs) == 1:
            self.add_safe(self.tr("Close"))
            self.add_act(self.tr("Open {ref}").format(ref=refs[0]))
            self.accepted.connect(lambda: ctx.navigate(self._target(refs[0])))
        else:
            self.add_safe(self.tr("Close"), "primary")
        self.finished.connect(self.deleteLater)

    def _title(self) -> str:
        report = self._report
        number = len(report.cases)
        if number:
            words = self.tr("One case came in") if number == 1 else self.tr("{number} cases came in")
            return words.format(number=thousands(number))
        number = len(report.releases)
        if number:
            words = self.tr("One release came in") if number == 1 else self.tr("{number} releases came in")
            return words.format(number=thousands(number))
        if report.learnt:
            return self.tr("The catalogue of releases was extended")
        if report.known and not report.refused:
            return self.tr("Everything was here already")
        return self.tr("Nothing came in")

    def _make_parts(self) -> QWidget:
        holder = QWidget()
        holder.setProperty("kind", "clear")
        column = QVBoxLayout(holder)
        column.setContentsMargins(3, 3, 3, 3)
        column.setSpacing(theme().px(8))
        report = self._report
        if report.cases or report.releases:
            self._add_part(column, "check-circle", self.tr("Came in"), (*report.cases, *report.releases), "new")
        if report.learnt:
            self._head(column, "check-circle", self.tr("Extended the catalogue of releases"), len(report.learnt))
        if report.known:
            self._add_part(column, "copy", self.tr("Here already, nothing changed"), report.known, "known")
        if report.refused:
            self._add_refused(column, report.refused)
        column.addStretch(1)
        return holder

    def _head(self, column: QVBoxLayout, icon: str, words: str, number: int) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(IconLabel(icon, "overdue" if icon == "octagon-alert" else "text-2"))
        row.addWidget(PlainLabel(words, "strong"))
        row.addWidget(PlainLabel(thousands(number), "small-medium", "text-2"))
        row.addStretch(1)
        column.addLayout(row)

    def _add_part(self, column: QVBoxLayout, icon: str, words: str, refs: tuple[str, ...], key: str) -> None:
        self._head(column, icon, words, len(refs))
        grid = QGridLayout()
        grid.setContentsMargins(theme().px(24), 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        for number, ref in enumerate(refs[:_MOST_LINKS]):
            link = named(LinkButton(ref), f"importReport.{key}{number}", self.tr("Open {ref}").format(ref=ref))
            link.clicked.connect(self._opener(self._target(ref)))
            grid.addWidget(link, number // _PER_ROW, number % _PER_ROW, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(_PER_ROW, 1)
        column.addLayout(grid)
        if len(refs) > _MOST_LINKS:
            more = self.tr("Show them all in the table")
            link = named(LinkButton(more), f"importReport.{key}All", more)
            link.clicked.connect(self._opener(Target(page="cases", tab="all")))
            row = QHBoxLayout()
            row.setContentsMargins(theme().px(24), 0, 0, 0)
            row.addWidget(link)
            row.addStretch(1)
            column.addLayout(row)

    def _add_refused(self, column: QVBoxLayout, refused: tuple[Refusal, ...]) -> None:
        self._head(column, "octagon-alert", self.tr("Refused"), len(refused))
        for number, refusal in enumerate(refused[:_MOST_REFUSED]):
            if number:
                column.addWidget(HLine())
            column.addWidget(self._refusal(refusal, number))
        if len(refused) > _MOST_REFUSED:
            rest = self.tr("and {number} more").format(number=thousands(len(refused) - _MOST_REFUSED))
            column.addWidget(PlainLabel(rest, "small", "text-2"))

    def _refusal(self, refusal: Refusal, number: int) -> QWidget:
        place = safe_line(refusal.file, 120)
        if refusal.field:
            place = f"{place}   {safe_line(refusal.field, 80)}"
        holder = named(QWidget(), f"importReport.refused{number}", f"{place}. {refusal_words(refusal)}")
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(theme().px(24), 2, 0, 2)
        inner.setSpacing(2)
        inner.addWidget(PlainLabel(place, "mono", "text-2", elide=Qt.TextElideMode.ElideMiddle))
        inner.addWidget(Paragraph(refusal_words(refusal), "small"))
        return holder

    @staticmethod
    def _target(ref: str) -> Target:
        return release_target(ref) if ref.startswith("R-") else case_target(ref)

    def _opener(self, target: Target) -> Callable[[], None]:
        def go() -> None:
            self.reject()
            self._ctx.navigate(target)

        return go

    @staticmethod
    def _scrolled(inner: QWidget) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.viewport().setProperty("kind", "clear")
        area.setWidget(inner)
        area.setMinimumHeight(min(theme().px(360), inner.sizeHint().height() + 8))
        return area


def show_import_report(report: ImportReport, ctx: Context, parent: QWidget) -> None:
    """Show the report over the window."""
    ImportReportDialog(report, ctx, parent).open()
