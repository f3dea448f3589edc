"""What a person proves with that the store is theirs: a passphrase, a recovery code, or an OpenPGP key."""

from __future__ import annotations

from typing import Final, Literal, final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.desk.ports.keys import FromOpenPgp, RecoveryCode, Secret
from ui.kit.names import named
from ui.widgets.code_edit import CodeEdit
from ui.widgets.combo import Combo
from ui.widgets.field import mark_problem
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel
from ui.widgets.secret_field import SecretField

ProofKind = Literal["passphrase", "recovery", "openpgp"]
KINDS: Final[tuple[ProofKind, ...]] = ("passphrase", "recovery", "openpgp")
"""The keychain is none: it answers to whoever sits there, and an unattended desk is what is guarded against."""


@final
class ProofField(QWidget):
    """Label, choice and field. `name` begins the object names: `name.kind`, `name.passphrase`, `name.code`."""

    changed = Signal()
    returnPressed = Signal()

    def __init__(self, name: str, label: str, kinds: tuple[ProofKind, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words: dict[ProofKind, str] = {
            "passphrase": self.tr("Passphrase"),
            "recovery": self.tr("Recovery code"),
            "openpgp": self.tr("OpenPGP key"),
        }
        self._kinds = kinds or ("passphrase",)
        self.label = PlainLabel(label, "small-medium", "text-2")
        self.kind = named(Combo([(words[k], k) for k in self._kinds]), f"{name}.kind", self.tr("Prove with"))
        self.secret = SecretField()
        self.secret.name(f"{name}.passphrase", label)
        self.code = named(CodeEdit(), f"{name}.code", self.tr("Recovery code"))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.secret)
        self.pages.addWidget(_top(self.code))
        self.pages.addWidget(Paragraph(self.tr("Your key asks for its PIN or its passphrase."), "small", "text-2"))
        self.note = PlainLabel("", "caption", "overdue", wrap=True)
        self.note.setObjectName(f"{name}.note")
        self._lay_out()
        for edit in (self.secret, self.code):
            edit.textChanged.connect(self._typed)
            edit.returnPressed.connect(self.returnPressed)
        self.kind.currentIndexChanged.connect(self._turned)
        self._turned()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.kind, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.pages, 1, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.label)
        column.addLayout(row)
        column.addWidget(self.note)
        self.note.hide()
        self.kind.setVisible(len(self._kinds) > 1)

    @property
    def chosen(self) -> ProofKind:
        return next(k for k in self._kinds if k == self.kind.currentData())

    def choose(self, kind: ProofKind) -> None:
        self.kind.choose(kind)

    def secret_given(self) -> Secret | None:
        """What was given, None while nothing was."""
        if self.chosen == "openpgp":
            return FromOpenPgp()
        if self.chosen == "recovery":
            return RecoveryCode(self.code.text()) if self.code.text().strip() else None
        return self.secret.text() or None

    def set_error(self, words: str) -> None:
        self.note.setText(words)
        self.note.setVisible(bool(words))
        for edit in (self.secret.edit, self.code):
            mark_problem(edit, wrong=bool(words))
            edit.setAccessibleDescription(words)

    def focus(self) -> None:
        (
            self.code if self.chosen == "recovery" else self.secret if self.chosen == "passphrase" else self.kind
        ).setFocus()

    def clear(self) -> None:
        self.secret.clear()
        self.code.clear()

    def _turned(self) -> None:
        self.pages.setCurrentIndex(KINDS.index(self.chosen))
        self.set_error("")
        self.changed.emit()

    def _typed(self) -> None:
        self.set_error("")
        self.changed.emit()


def _top(control: QWidget) -> QWidget:
    """A control at the top of a page, as high as it is by itself."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(control)
    column.addStretch(1)
    return page
