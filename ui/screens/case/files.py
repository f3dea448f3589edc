"""A list of stored files: an inert look inside, and a copy for outside only after a question."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.values import Blob
from app.presenters.case_files import FileRow, Preview, preview_of
from ui.kit.dialog_frame import Dialog
from ui.kit.dialogs import FileChoice, Question
from ui.kit.names import named
from ui.kit.numbers import file_size
from ui.kit.theme import theme
from ui.screens.case.facts import clear_widget, empty
from ui.screens.case.room import Room
from ui.widgets.button import button
from ui.widgets.chips import Chip
from ui.widgets.icon_label import IconLabel
from ui.widgets.lines import HLine
from ui.widgets.plain_label import PlainLabel
from ui.widgets.plain_text import PlainTextView
from ui.widgets.tip import set_tip


@final
class FileList(QWidget):
    """Rows of files. Object names: `NAME.0.look`, `NAME.0.save`, counted from the top."""

    def __init__(self, room: Room, name: str) -> None:
        super().__init__()
        self._room = room
        self._name = name
        self._shown: tuple[FileRow, ...] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def set_rows(self, rows: Sequence[FileRow]) -> None:
        """Show these files."""
        if tuple(rows) == self._shown:
            return
        self._shown = tuple(rows)
        empty(self._column)
        if not rows:
            none = PlainLabel(self.tr("No file."), "body", "muted")
            none.setContentsMargins(15, 12, 15, 12)
            self._column.addWidget(none)
        for number, row in enumerate(rows):
            if number:
                self._column.addWidget(HLine(self))
            self._column.addWidget(self._make(number, row))

    def _make(self, number: int, row: FileRow) -> QWidget:
        made = clear_widget()
        line = QHBoxLayout(made)
        line.setContentsMargins(15, 7, 11, 7)
        line.setSpacing(10)
        line.addWidget(IconLabel("file"))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(PlainLabel(row.name.shown, "body-medium", elide=Qt.TextElideMode.ElideMiddle))
        about = PlainLabel(self._about(row), "small", "muted", elide=Qt.TextElideMode.ElideRight)
        set_tip(about, f"SHA-256 {row.blob.sha256}")
        words.addWidget(about)
        line.addLayout(words, 1)
        odd = self._oddities(row)
        if odd:
            chip = Chip(odd[0], "today", icon="triangle-alert")
            set_tip(chip, "; ".join(odd))
            line.addWidget(chip)
        name = f"{self._name}.{number}"
        line.addWidget(
            button(self.tr("Look inside"), "ghost", f"{name}.look", lambda: self._look(row), icon="eye", size="row")
        )
        line.addWidget(
            button(self.tr("Save a copy…"), "secondary", f"{name}.save", lambda: self._ask_copy(row), size="row")
        )
        return made

    def _about(self, row: FileRow) -> str:
        origin = {
            "report": self.tr("came with the report"),
            "case": self.tr("added here"),
            "patch": self.tr("fix of {line}").format(line=row.about),
            "message": self.tr("message “{subject}”").format(subject=row.about),
        }[row.origin]
        return f"{file_size(row.blob.size)}, {origin}"

    def _oddities(self, row: FileRow) -> list[str]:
        known = {
            "program": self.tr("A program"),
            "double-extension": self.tr("Two extensions"),
            "hidden-characters": self.tr("Hidden characters in its name"),
            "directories": self.tr("Its name held folders"),
        }
        return [known[key] for key in known if key in row.name.oddities]

    # ----------------------------------------------------------------------------------- look inside
    def _look(self, row: FileRow) -> None:
        page = self._room.page
        queries, blob = page.session.queries, row.blob

        def arrived(preview: Preview) -> None:
            if page.is_open:
                self._show(row, preview)

        page.runner.run(lambda: preview_of(queries.blob(blob.sha256), blob.size), arrived, self._room.problem)

    def _show(self, row: FileRow, preview: Preview) -> None:
        body = self.tr("Shown as plain text. Nothing in it was run or loaded.")
        if not preview.is_text:
            body = self.tr("This is no text, so its first bytes are shown. Nothing in it was run or loaded.")
        if preview.cut:
            body = self.tr("{words} Only its beginning is shown.").format(words=body)
        dialog = Dialog(self.window(), name="file.preview", title=row.name.shown, body=body, width=760)
        text = named(PlainTextView(preview.text), "file.preview.text", self.tr("Text of the file"))
        text.setMinimumHeight(theme().px(340))
        dialog.content.addWidget(text, 1)
        dialog.add_safe(self.tr("Close"), "primary")
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # ------------------------------------------------------------------------------------ save a copy
    def _ask_copy(self, row: FileRow) -> None:
        odd = self._oddities(row)
        warning = self.tr("Take care: {oddities}.").format(oddities=", ".join(odd)) if odd else ""
        body = self.tr(
            "The copy leaves the encrypted store: it lies readable on this computer, and what you open may be "
            "hostile. That you saved it is noted in the case."
        )
        question = Question(
            name="file.copy",
            title=self.tr("Save a copy of this file outside the store?"),
            body=f"{row.name.shown}\n{body} {warning}".strip(),
            act=self.tr("Choose where…"),
            keep=self.tr("Keep it here"),
            strong=(row.name.shown,),
        )
        self._room.ctx.interaction.ask(question, lambda: self._choose_copy(row))

    def _choose_copy(self, row: FileRow) -> None:
        choice = FileChoice(
            name="file.chooser",
            title=self.tr("Where to save the copy"),
            start=Path.home(),
            file_name=row.name.saved,
        )
        self._room.ctx.interaction.save_file(choice, lambda path: self._copy(row.blob, path))

    def _copy(self, blob: Blob, path: Path) -> None:
        said = self.tr("Copy saved with access for you alone")
        self._room.page.save_copy(blob, path, lambda: self._room.ctx.toast(said), self._room.problem)
