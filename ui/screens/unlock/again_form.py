"""The form that makes a store again: out of a backup, or out of what a damaged store still tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.presenters.passphrase import SHORTEST
from app.presenters.unlock import SUFFIX, Again, AgainField, StoreAgain
from ui.kit.names import named
from ui.kit.new_passphrase import NewPassphrase
from ui.kit.proof import KINDS, ProofField
from ui.widgets.banner import Banner
from ui.widgets.button import Button, button
from ui.widgets.field import Field, LineEdit
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel
from ui.widgets.progress_row import ProgressRow

_GAP: Final = 12


@final
class AgainForm(QWidget):
    """`how` says which of the two. Names begin with `restore.` or `rescue.`."""

    wanted = Signal(object, object)
    backWanted = Signal()
    fileWanted = Signal()
    parentWanted = Signal()
    cancelWanted = Signal()

    def __init__(self, how: Again, damaged: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.how: Again = how
        self._parent_folder = ""
        self._own_folder = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        restores = how == "restore"
        title = self.tr("Restore a backup") if restores else self.tr("Rescue a damaged store")
        column.addWidget(PlainLabel(title, "display"))
        column.addWidget(Paragraph(self._about(), "body", "text-2"))
        self.file, self.file_field = self._place(
            "file",
            self.tr("Backup") if restores else self.tr("Damaged store"),
            self.tr("A file that ends in .holdfast-backup.") if restores else self.tr("It is only read."),
            column,
        )
        self.folder, self.folder_field = self._place(
            "folder", self.tr("Folder of the new store"), self.tr("It will be made, readable by you alone."), column
        )
        self.secret = ProofField(f"{how}.secret", self._secret_label(), KINDS)
        self.secret.returnPressed.connect(self._act)
        column.addWidget(self.secret)
        self.new: NewPassphrase | None = None
        if how == "rescue":
            # Every other way in was of the old store alone.
            self.new = NewPassphrase("rescue.new")
            self.new.returnPressed.connect(self._act)
            self.secret.changed.connect(self._ask_new)
            column.addWidget(self.new)
            self._ask_new()
        self.banner = Banner("blocker", "", "", tall=True)
        self.banner.setObjectName(f"{how}.problem")
        self.banner.hide()
        column.addWidget(self.banner)
        self.progress = ProgressRow(f"{how}.progress", self.tr("Cancel"), self.cancelWanted.emit)
        self.progress.hide()
        column.addWidget(self.progress)
        self._add_choices(column)
        self.file.textChanged.connect(self._suggest)
        self.folder.textEdited.connect(self._typed_folder)
        self.file.setText(damaged)

    def _about(self) -> str:
        if self.how == "restore":
            return self.tr(
                "The backup becomes a new store beside the old one, which is left as it is. It is verified whole "
                "before it counts, and goes on with a device key of its own, so that the two can be told apart."
            )
        return self.tr(
            "Everything that can still be read is told again in a new store, in its order, with who and when. The "
            "damaged one is only read. What is lost is named by its numbers."
        )

    def _secret_label(self) -> str:
        if self.how == "restore":
            return self.tr("What opened the store when the backup was made")
        return self.tr("What opens the damaged store")

    def _place(self, key: str, label: str, helper: str, column: QVBoxLayout) -> tuple[LineEdit, Field[LineEdit]]:
        edit = LineEdit(mono=True)
        field = Field(label, edit, helper=helper, object_name=f"{self.how}.{key}")
        signal = self.fileWanted if key == "file" else self.parentWanted
        spoken = self.tr("Choose: {label}").format(label=label)
        choose = button(self.tr("Choose…"), "secondary", f"{self.how}.{key}.choose", signal.emit, spoken=spoken)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(field, 1)
        side = QVBoxLayout()
        side.addSpacing(field.label.sizeHint().height() + 5)
        side.addWidget(choose)
        side.addStretch(1)
        row.addLayout(side)
        column.addLayout(row)
        return edit, field

    def _add_choices(self, column: QVBoxLayout) -> None:
        words = self.tr("Restore") if self.how == "restore" else self.tr("Rescue")
        self.act = named(Button(words, "primary", size="large"), f"{self.how}.act", words)
        self.act.clicked.connect(self._act)
        self.back = named(
            Button(self.tr("Back"), "ghost", size="large"), f"{self.how}.back", self.tr("Back to opening a store")
        )
        self.back.clicked.connect(self.backWanted.emit)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.act, 1)
        row.addWidget(self.back)
        column.addLayout(row)

    def focus(self) -> None:
        """Put the keyboard where something is missing."""
        empty = next((edit for edit in (self.file, self.folder) if not edit.text()), None)
        (empty or self.secret.secret).setFocus()

    def take_file(self, path: Path) -> None:
        self.file.setText(str(path))

    def take_parent(self, folder: Path) -> None:
        """The folder that the new store's own folder will lie in."""
        self._parent_folder = str(folder)
        self._own_folder = False
        self._suggest()

    def _typed_folder(self) -> None:
        self._own_folder = True

    def _suggest(self) -> None:
        text = self.file.text().strip()
        if self._own_folder or not text:
            return
        path = Path(text)
        stem = path.name.removesuffix(SUFFIX).split("-2")[0].removesuffix(".holdfast-backup") or "store"
        word = "restored" if self.how == "restore" else "rescued"
        parent = Path(self._parent_folder) if self._parent_folder else path.parent
        self.folder.setText(str(parent / f"{stem}-{word}{SUFFIX}"))

    def show_field_problem(self, field: AgainField, code: str) -> None:
        """Say beside the field why it can't stay as it is."""
        words = {
            "again.restore-file": self.tr("Choose the file of a backup."),
            "again.rescue-file": self.tr("Choose the folder of the damaged store."),
            "again.same-folder": self.tr("Choose another folder; the damaged store is left as it is."),
            "again.secret": self.tr("Without a secret nothing in it can be read."),
            "new.passphrase-short": self.tr("The new store takes at least {number} characters.").format(
                number=SHORTEST
            ),
            "new.folder": self.tr("Give a whole path that ends in .holdfast."),
        }.get(code, code)
        if field == "passphrase" and self.new is not None and not self.new.isHidden():
            self.new.complain()
            self.new.setFocus()
            return
        if field in ("secret", "passphrase"):
            self.secret.set_error(words)
            self.secret.focus()
            return
        target: Field[Any] = self.file_field if field == "file" else self.folder_field
        target.set_error(words)
        target.control.setFocus()

    def _ask_new(self) -> None:
        """A passphrase opens the new store as it opened the old one; with anything else a new one is asked for."""
        if self.new is not None:
            self.new.setVisible(self.secret.chosen != "passphrase")

    def show_wrong_secret(self, words: str) -> None:
        self.secret.set_error(words)
        self.secret.focus()

    def show_problem(self, word: str, sentence: str) -> None:
        self.banner.say("blocker", word, sentence)
        self.banner.show()

    def show_busy(self, *, busy: bool) -> None:
        for control in (self.act, self.back, self.file, self.folder, self.secret):
            control.setEnabled(not busy)
        self.progress.setVisible(busy)
        if busy:
            self.show_progress(0, 0)

    def show_progress(self, done: int, of: int) -> None:
        words = self.tr("Restoring and verifying") if self.how == "restore" else self.tr("Reading what can be read")
        self.progress.tell(words, done, of)

    def clear_secrets(self) -> None:
        self.secret.clear()
        if self.new is not None:
            self.new.clear()

    def _act(self) -> None:
        self.banner.hide()
        for field in (self.file_field, self.folder_field):
            field.set_error("")
        given = self.secret.secret_given()
        passphrase = given if isinstance(given, str) else ""
        if self.new is not None and not self.new.isHidden():
            self.new.complain()
            passphrase = self.new.text if self.new.is_right() else ""
        wanted = StoreAgain(
            self.how,
            self.file.text().strip(),
            self.folder.text().strip(),
            passphrase if self.how == "rescue" else "",
        )
        self.wanted.emit(wanted, given)
