"""The form of a new store: where it lies, who owns it, by which policy it works, and its passphrase."""

from __future__ import annotations

from typing import Any, Final, final

from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.presenters.passphrase import SHORTEST
from app.presenters.unlock import Choice, NewField, NewStore, store_folder
from ui.kit.names import named
from ui.kit.new_passphrase import NewPassphrase
from ui.widgets.banner import Banner
from ui.widgets.button import Button, button
from ui.widgets.combo import Combo
from ui.widgets.field import Field, LineEdit
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel
from ui.widgets.secret_field import SecretField

_GAP: Final = 12


@final
class NewForm(QWidget):
    """Collects a NewStore; the page decides whether it can be."""

    createWanted = Signal(object, str)
    backWanted = Signal()
    parentWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own_folder = False
        self._marked: list[Field[Any]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addWidget(PlainLabel(self.tr("New store"), "display"))
        self._add_place(column)
        self._add_owner(column)
        self._add_rules(column)
        self._add_secret(column)
        column.addWidget(
            Paragraph(
                self.tr(
                    "Without this passphrase nobody can read the store, and nobody can reset it. "
                    "Whoever loses it loses every case. Keep a copy where only the team finds it."
                ),
                "small",
                "text-2",
                strong=(self.tr("Whoever loses it loses every case."),),
            )
        )
        self.banner = Banner("blocker", "", "", tall=True)
        self.banner.setObjectName("newStore.problem")
        self.banner.hide()
        column.addWidget(self.banner)
        self._add_choices(column)

    def _add_place(self, column: QVBoxLayout) -> None:
        self.name = LineEdit(self.tr("Aster security"))
        self.name_field = Field(self.tr("Name of the store"), self.name, object_name="newStore.name")
        self.folder = LineEdit(mono=True)
        self.folder_field = Field(
            self.tr("Folder"),
            self.folder,
            helper=self.tr("It will be made, readable by you alone."),
            object_name="newStore.folder",
        )
        self.name.textChanged.connect(self._suggest_folder)
        self.folder.textEdited.connect(self._folder_typed)
        choose = button(
            self.tr("Choose…"),
            "secondary",
            "newStore.chooseFolder",
            self.parentWanted.emit,
            spoken=self.tr("Choose the folder that the store lies in"),
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.folder_field, 1)
        side = QVBoxLayout()
        side.addSpacing(self.folder_field.label.sizeHint().height() + 5)
        side.addWidget(choose)
        side.addStretch(1)
        row.addLayout(side)
        column.addWidget(self.name_field)
        column.addLayout(row)
        self.set_parent_folder(QDir.homePath())

    def _add_owner(self, column: QVBoxLayout) -> None:
        self.person = LineEdit()
        self.person_field = Field(self.tr("Your name"), self.person, object_name="newStore.person")
        self.email = LineEdit()
        self.email_field = Field(self.tr("Your email"), self.email, object_name="newStore.email")
        column.addLayout(_pair(self.person_field, self.email_field))

    def _add_rules(self, column: QVBoxLayout) -> None:
        self.policy = Combo()
        self.project = Combo()
        column.addLayout(
            _pair(
                Field(self.tr("Policy"), self.policy, object_name="newStore.policy"),
                Field(self.tr("Project"), self.project, object_name="newStore.project"),
            )
        )

    def _add_secret(self, column: QVBoxLayout) -> None:
        self.secret = NewPassphrase("newStore")
        self.secret.returnPressed.connect(self._create)
        for field in (self.name, self.person, self.email):
            field.textChanged.connect(self._tell_own)
        column.addWidget(self.secret)

    def _tell_own(self) -> None:
        self.secret.know(self.name.text(), self.person.text(), self.email.text())

    def _add_choices(self, column: QVBoxLayout) -> None:
        self.create_button = named(
            Button(self.tr("Create store"), "primary", size="large"),
            "newStore.create",
            self.tr("Create store"),
        )
        self.create_button.clicked.connect(self._create)
        self.back = named(
            Button(self.tr("Back"), "ghost", size="large"),
            "newStore.back",
            self.tr("Back to opening a store"),
        )
        self.back.clicked.connect(self.backWanted.emit)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.create_button, 1)
        row.addWidget(self.back)
        column.addLayout(row)

    def show_choices(self, policies: tuple[Choice, ...], projects: tuple[Choice, ...]) -> None:
        for combo, choices in ((self.policy, policies), (self.project, projects)):
            chosen = combo.currentData()
            combo.clear()
            for choice in choices:
                combo.addItem(choice.title, choice.key)
            combo.choose(chosen)

    def set_parent_folder(self, folder: str) -> None:
        """The folder that the store's own folder will lie in."""
        self._parent_folder = folder
        self._own_folder = False
        self._suggest_folder()

    def show_field_problem(self, field: NewField, code: str) -> None:
        """Say beside the field why it can't stay as it is; the first one gets the focus."""
        words = self._problem_words(code)
        fields: dict[NewField, Field[Any]] = {
            "name": self.name_field,
            "folder": self.folder_field,
            "person": self.person_field,
            "email": self.email_field,
            "passphrase": self.secret.secret_field,
            "again": self.secret.again_field,
        }
        target = fields[field]
        target.set_error(words)
        if isinstance(target.control, SecretField):
            target.control.edit.set_problem(wrong=True)
        if not self._marked:
            target.control.setFocus()
        self._marked.append(target)

    def show_problem(self, word: str, sentence: str) -> None:
        self.banner.say("blocker", word, sentence)
        self.banner.show()

    def show_busy(self, *, busy: bool) -> None:
        self.create_button.setEnabled(not busy)
        self.back.setEnabled(not busy)
        self.create_button.setText(self.tr("Making the keys") if busy else self.tr("Create store"))

    def clear_secrets(self) -> None:
        """Empty the passphrases, as when the form is left."""
        self.secret.clear()

    def _problem_words(self, code: str) -> str:
        return {
            "new.name": self.tr("Give the store a name."),
            "new.folder": self.tr("Give a whole path that ends in .holdfast."),
            "new.person": self.tr("Give your name; it stands beside what you do."),
            "new.email": self.tr("Write it like ada@example.org."),
            "new.passphrase-short": self.tr("At least {number} characters.").format(number=SHORTEST),
            "new.passphrase-differs": self.tr("The two differ."),
        }.get(code, code)

    def _suggest_folder(self) -> None:
        if not self._own_folder:
            self.folder.setText(store_folder(self._parent_folder, self.name.text()))

    def _folder_typed(self) -> None:
        self._own_folder = True

    def _create(self) -> None:
        for field in self._marked:
            field.set_error("")
            if isinstance(field.control, SecretField):
                field.control.edit.set_problem(wrong=False)
        self._marked.clear()
        self.banner.hide()
        wanted = NewStore(
            folder=self.folder.text().strip(),
            name=self.name.text().strip(),
            person=self.person.text().strip(),
            email=self.email.text().strip(),
            policy=str(self.policy.currentData() or ""),
            project=str(self.project.currentData() or ""),
            passphrase=self.secret.text,
        )
        self.createWanted.emit(wanted, self.secret.again.text())


def _pair(left: QWidget, right: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(_GAP)
    # Fields of a row stand on one line, however long the words below them are.
    row.addWidget(left, 1, Qt.AlignmentFlag.AlignTop)
    row.addWidget(right, 1, Qt.AlignmentFlag.AlignTop)
    return row
