"""The advisory tab: editor and preview side by side, the checks below; what is typed is never lost."""

from __future__ import annotations

import difflib
from typing import Final, final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.advisory import PLACES
from app.domain.plain_text import plain_text
from app.domain.untrusted import safe_line, safe_text
from app.presenters.case import CaseFacts
from app.presenters.case_advisory import AdvisoryPresenter, AdvisoryState, Preview
from ui.kit.dialog_frame import Dialog
from ui.kit.dialogs import Question
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.kit.preview import MarkdownPreview
from ui.kit.theme import theme
from ui.screens.case.advisory_checks import ChecksStrip
from ui.screens.case.advisory_editor import AdvisoryEditor
from ui.screens.case.advisory_toolbar import AdvisoryToolbar
from ui.screens.case.exporting import CaseExport
from ui.screens.case.room import Room
from ui.widgets.banner import Banner
from ui.widgets.button import Button, button
from ui.widgets.card import Card
from ui.widgets.lines import HLine
from ui.widgets.plain_label import PlainLabel
from ui.widgets.plain_text import PlainTextView
from ui.widgets.segmented import SegmentedSwitch

AUTOSAVE: Final = 1_000
"""Milliseconds without a keystroke before the text is put into the store."""

PAUSE: Final = 130
"""Milliseconds without a keystroke before the preview is composed."""


@final
class AdvisoryTab(QWidget):
    """Saves itself into the store while somebody writes; Ctrl+S makes a revision of it."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.setObjectName("case.advisory")
        self._room = room
        self._filling = False
        self._composed = ""
        self.editor = named(AdvisoryEditor(), "case.advisory.editor", self.tr("Advisory in Markdown"))
        self.preview = named(MarkdownPreview(), "case.advisory.preview", self.tr("Preview of the advisory"))
        self.plain = named(PlainTextView(mono=True), "case.advisory.plain", self.tr("Preview as plain text"))
        self.checks = ChecksStrip(room.act, lambda _what: self._write_summary())
        self.toolbar = AdvisoryToolbar()
        self.exports = CaseExport(room, self)
        self._autosave = self._timer(AUTOSAVE)
        self._pause = self._timer(PAUSE)
        self._lay_out()
        self._connect()
        self.presenter = AdvisoryPresenter(self, room.page)
        self._autosave.timeout.connect(self.presenter.keep_unsaved)
        self._pause.timeout.connect(self.presenter.preview)

    def _timer(self, span: int) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setInterval(span)
        return made

    # -------------------------------------------------------------------------------------- building
    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 9, 24, 16)
        column.setSpacing(9)
        column.addWidget(self.toolbar)
        self.conflict = named(Banner("warning", "", ""), "case.advisory.conflict", "")
        self._over = named(
            Button(self.tr("Save mine after it")), "case.advisory.saveOver", self.tr("Save mine after it")
        )
        self._over.clicked.connect(self._write_over)
        compare = button(self.tr("Compare"), "secondary", "case.advisory.compareConflict", self.compare)
        self.conflict.add_action(compare)
        self.conflict.add_action(self._over)
        self.conflict.hide()
        column.addWidget(self.conflict)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setFrameShape(QFrame.Shape.NoFrame)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.addWidget(self._make_source())
        self._split.addWidget(self._make_preview())
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 1)
        card = Card(flush=True)
        card.body.addWidget(self._split, 1)
        column.addWidget(card, 1)
        column.addSpacing(5)
        column.addWidget(self.checks)

    def _make_source(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(15, 0, 15, 0)
        head.addWidget(PlainLabel(self.tr("Markdown"), "small-medium", "muted"))
        head.addStretch(1)
        self._count = PlainLabel("", "small", "muted")
        head.addWidget(self._count)
        column.addWidget(_head(head))
        column.addWidget(HLine(side))
        column.addWidget(self.editor, 1)
        return side

    def _make_preview(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(15, 0, 11, 0)
        head.addWidget(PlainLabel(self.tr("Preview"), "small-medium", "muted"))
        head.addStretch(1)
        modes = [("advisory", self.tr("Advisory")), ("mail", self.tr("Mail")), ("plain", self.tr("Plain text"))]
        self.modes = SegmentedSwitch(modes, "case.advisory.mode", self.tr("Kind of preview"))
        head.addWidget(self.modes)
        column.addWidget(_head(head))
        column.addWidget(HLine(side))
        # Between the words and the scroll bar.
        self.preview.setViewportMargins(0, 0, theme().px(12), 0)
        self._views = QStackedWidget()
        for shown in (self.preview, self.plain):
            holder = QWidget()
            inside = QVBoxLayout(holder)
            inside.setContentsMargins(theme().px(22), theme().px(14), theme().px(4), 0)
            inside.addWidget(shown)
            self._views.addWidget(holder)
        column.addWidget(self._views, 1)
        return side

    def _connect(self) -> None:
        self.editor.textChanged.connect(self._typed)
        self.modes.changed.connect(self._mode_chosen)
        self.checks.chosen.connect(self._go_to)
        bar = self.toolbar
        bar.bold.clicked.connect(lambda: self.editor.wrap("**", "**"))
        bar.italic.clicked.connect(lambda: self.editor.wrap("_", "_"))
        bar.code.clicked.connect(lambda: self.editor.wrap("`", "`"))
        bar.list.clicked.connect(self.editor.begin_list)
        bar.link.clicked.connect(lambda: self.editor.wrap("[", "](https://)"))
        bar.fact.clicked.connect(self._open_facts)
        bar.compare.clicked.connect(self.compare)
        bar.discard.clicked.connect(self._ask_discard)
        bar.export.clicked.connect(self._offer_export)
        bar.save.clicked.connect(self.save_revision)

    # ---------------------------------------------------------------------------------- AdvisoryView
    def show_text(self, text: str) -> None:
        self._filling = True
        self.editor.show_text(text)
        self._filling = False
        self._tell_count()

    def show_state(self, state: AdvisoryState) -> None:
        now, dates = self._room.now(), self._room.dates
        self.editor.setReadOnly(not state.editable)
        self.toolbar.tell(state, self._state_words(state), self._revision_words(state))
        self.conflict.setVisible(bool(state.conflict))
        if state.conflict:
            at = dates.moment(state.at, now) if state.at else ""
            sentence = self.tr("{who} saved revision {revision} ({at}). Your text is kept here.").format(
                who=safe_line(state.by, 60), revision=state.conflict, at=at
            )
            self.conflict.say("warning", self.tr("Somebody was faster"), sentence)

    def show_preview(self, preview: Preview) -> None:
        self.checks.tell(preview.findings)
        self.editor.show_findings(preview.findings)
        if preview.mode == "mail":
            self._show_plain(preview.text)
            return
        self._composed = preview.text
        if self.modes.key == "plain":
            self._show_plain(plain_text(preview.text))
        elif self.modes.key == "advisory":
            self.preview.show_markdown(preview.text)
            self._views.setCurrentIndex(0)

    def show_problem(self, problem: Exception | None) -> None:
        if problem is None:
            return
        if self.modes.key == "mail":
            self._show_plain(error_text(problem).whole)
        elif not self.conflict.isVisible():
            self._room.problem(problem)

    # ------------------------------------------------------------------------------------------- tab
    @property
    def page(self) -> QWidget:
        return self

    def show_facts(self, facts: CaseFacts) -> None:
        self.presenter.show(facts)

    def begin(self) -> None:
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def minute(self) -> None:
        self.show_state(self.presenter.state())

    def save_unsaved(self) -> None:
        self._autosave.stop()
        self.presenter.keep_unsaved()

    def close_tab(self) -> None:
        self._autosave.stop()
        self._pause.stop()
        self.exports.close()
        self._filling = True
        self.editor.clear()
        self.preview.clear()
        self.plain.clear()

    def save_revision(self) -> None:
        """Make a revision of what stands in the editor."""
        self._autosave.stop()
        self.presenter.save()

    def next_finding(self) -> None:
        """Go to the next thing that the checks found."""
        self.checks.next_finding()

    def compare(self) -> None:
        """Show what differs between the saved revision and the text here."""
        facts = self._room.page.facts
        if facts is None:
            return
        saved, mine = facts.case.advisory.body.splitlines(), self.presenter.text.splitlines()
        lines = difflib.unified_diff(saved, mine, self.tr("saved revision"), self.tr("this text"), lineterm="", n=3)
        text = "\n".join(lines) or self.tr("Both are the same.")
        dialog = Dialog(self.window(), name="case.advisory.diff", title=self.tr("What differs?"), width=760)
        view = named(PlainTextView(safe_text(text, 400_000)), "case.advisory.diff.text", self.tr("Differences"))
        view.setMinimumHeight(theme().px(360))
        dialog.content.addWidget(view, 1)
        dialog.add_safe(self.tr("Close"), "primary")
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # ----------------------------------------------------------------------------------------- inside
    def _offer_export(self) -> None:
        self.save_unsaved()
        below = self.toolbar.export.mapToGlobal(QPoint(0, self.toolbar.export.height() + 2))
        self.exports.offer(below)

    def _typed(self) -> None:
        if self._filling:
            return
        self.presenter.typed(self.editor.toPlainText())
        self._tell_count()
        self._autosave.start()
        self._pause.start()

    def _tell_count(self) -> None:
        words = len(self.editor.toPlainText().split())
        self._count.setText(self.tr("1 word") if words == 1 else self.tr("{count} words").format(count=f"{words:,}"))

    def _state_words(self, state: AdvisoryState) -> tuple[str, str]:
        """An icon and words for how safe the text is."""
        now, dates = self._room.now(), self._room.dates
        if not state.editable:
            return "lock", self.tr("Read only")
        if state.saving:
            return "clock", self.tr("Saving the revision")
        if not state.unsaved:
            if not state.revision:
                return "edit", self.tr("Nothing written yet")
            at = dates.moment(state.at, now) if state.at else ""
            return "check-circle", self.tr("Saved {at} by {who}").format(at=at, who=safe_line(state.by, 60))
        if state.kept_at is not None:
            return "check-circle", self.tr("Draft saved {at}, in the store only").format(at=dates.clock(state.kept_at))
        return "edit", self.tr("Not in the store yet")

    def _revision_words(self, state: AdvisoryState) -> str:
        return (
            self.tr("Revision {number}").format(number=state.revision) if state.revision else self.tr("No revision yet")
        )

    def _mode_chosen(self, key: str) -> None:
        if key == "mail":
            self._show_plain("")
        self.presenter.choose_preview("mail" if key == "mail" else "advisory")

    def _show_plain(self, text: str) -> None:
        self.plain.setPlainText(safe_text(text, 400_000))
        self._views.setCurrentIndex(1)

    def _go_to(self, line: int) -> None:
        if line:
            self.editor.go_to_line(line)

    def _write_summary(self) -> None:
        for number, line in enumerate(self.editor.toPlainText().split("\n"), 1):
            if line.strip().casefold() == "## summary":
                self.editor.go_to_line(number + 1)
                return
        self.editor.moveCursor(self.editor.textCursor().MoveOperation.Start)
        self.editor.insert("## Summary\n\n\n\n")
        self.editor.go_to_line(3)

    def _write_over(self) -> None:
        self.presenter.write_over()
        self.save_revision()

    def _open_facts(self) -> None:
        menu = self.make_fact_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.toolbar.fact.mapToGlobal(QPoint(0, self.toolbar.fact.height() + 2)))

    def make_fact_menu(self) -> QMenu:
        """The facts that a text can name; each is filled in wherever the text goes."""
        menu = QMenu(self)
        menu.setObjectName("case.advisory.facts")
        words = {
            "affected": self.tr("Affected versions"),
            "credits": self.tr("Credits"),
            "cve": self.tr("CVE ids"),
            "fixed": self.tr("Fixed versions"),
            "impact": self.tr("Who is affected"),
            "severity": self.tr("Severity"),
        }
        for place in PLACES:
            made = menu.addAction(f"{words.get(place, place)}  {{{place}}}")
            made.setObjectName(f"case.advisory.fact.{place}")
            made.triggered.connect(lambda _on=False, place=place: self.editor.insert("{" + place + "}"))
        return menu

    def _ask_discard(self) -> None:
        question = Question(
            name="case.advisory.discard",
            title=self.tr("Throw the unsaved text away?"),
            body=self.tr("The editor goes back to the saved revision. What you wrote since cannot be brought back."),
            act=self.tr("Throw away"),
            keep=self.tr("Keep my text"),
        )
        self._room.ctx.interaction.ask(question, self.presenter.discard)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme().px(760)
        self._split.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)


def _head(row: QHBoxLayout) -> QWidget:
    made = QWidget()
    made.setFixedHeight(theme().px(32))
    made.setAutoFillBackground(True)
    made.setBackgroundRole(made.palette().ColorRole.AlternateBase)
    made.setLayout(row)
    return made
