"""A dialog that does something to the keys of the store: fields, a proof of who sits there, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.presenters.ways_in import is_wrong_secret
from ui.kit.dialog_frame import FORM, Dialog
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.kit.proof import KINDS, ProofField
from ui.widgets.paragraph import Paragraph
from ui.widgets.progress_row import ProgressRow

translate = QCoreApplication.translate


class ActDialog(Dialog):
    """Fill `form`, set `submit`, open it. The act's button waits for `ready` and for the proof.

    Call `succeed` or `fail` when the answer is there. While it works nothing can be pressed but Cancel, where
    `stop` is set. Object names: `NAME.act`, `NAME.safe`, `NAME.proof.*`, `NAME.problem`, `NAME.progress`.
    """

    def __init__(
        self,
        parent: QWidget,
        *,
        name: str,
        title: str,
        act: str,
        body: str = "",
        icon: str = "key",
        risky: bool = False,
        proofs: tuple[str, ...] = (),
        proof_label: str = "",
        proof_first: bool = False,
        width: int = FORM,
    ) -> None:
        mark = "triangle-alert" if risky else icon
        super().__init__(
            parent,
            name=name,
            title=title,
            body=body,
            icon=mark,
            warns=risky,
            width=width,
        )
        self.submit: Callable[[], None] = _idle
        self.ready: Callable[[], bool] = _always
        self.stop: Callable[[], None] | None = None
        self._busy = False
        self.form = QVBoxLayout()
        self.form.setSpacing(12)
        self.content.addSpacing(4)
        self.content.addLayout(self.form)
        self.proof: ProofField | None = None
        if proofs:
            kinds = tuple(kind for kind in KINDS if kind in proofs)
            label = proof_label or translate("settings", "What opens the store now, to prove that it is you")
            self.proof = ProofField(f"{name}.proof", label, kinds)
            self.proof.changed.connect(self.judge)
            self.proof.returnPressed.connect(self.accept)
            if proof_first:
                self.form.addWidget(self.proof)
            else:
                self.content.addSpacing(4)
                self.content.addWidget(self.proof)
        self.problem = named(Paragraph("", "small", "overdue"), f"{name}.problem", "")
        self.problem.hide()
        self.content.addWidget(self.problem)
        self.progress: ProgressRow | None = None
        self.safe = self.add_safe(translate("settings", "Cancel"), "primary" if risky else "secondary")
        self.button = self.add_act(act, "danger" if risky else "primary")
        self.finished.connect(self.deleteLater)

    @override
    def open(self) -> None:
        self.judge()
        super().open()

    @property
    def is_busy(self) -> bool:
        return self._busy

    def judge(self) -> None:
        """Ask again whether everything is there."""
        proved = self.proof is None or self.proof.secret_given() is not None
        self.button.setEnabled(not self._busy and proved and self.ready())

    @override
    def accept(self) -> None:
        if self._busy or not self.button.isEnabled():
            return
        self.say("")
        self.set_busy(busy=True)
        self.submit()

    @override
    def reject(self) -> None:
        if not self._busy:
            self._drop()
            super().reject()
        elif self.stop is not None:
            self.stop()

    def succeed(self) -> None:
        """It is done: close."""
        self._busy = False
        self._drop()
        super().accept()

    def fail(self, problem: Exception) -> None:
        """It was not done: say why, beside the proof where that was wrong; what was typed stays."""
        self.set_busy(busy=False)
        words = error_text(problem).whole
        if self.proof is not None and is_wrong_secret(problem):
            self.proof.set_error(words)
            self.proof.focus()
        else:
            self.say(words)

    def say(self, words: str) -> None:
        """What is wrong with the whole of it; nothing with an empty text."""
        self.problem.set_text(words)
        self.problem.setVisible(bool(words))

    def set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        for part in (self.proof, *self._fields()):
            if part is not None:
                part.setEnabled(not busy)
        self.safe.setEnabled(not busy or self.stop is not None)
        if self.progress is not None and not busy:
            self.progress.hide()
        self.judge()

    def show_progress(self, words: str, done: int, of: int) -> None:
        """How far a long work is; `words` say what is being done."""
        if self.progress is None:
            name = f"{self.objectName()}.progress"
            self.progress = ProgressRow(name, translate("settings", "Stop"), self.reject)
            self.content.addWidget(self.progress)
        self.progress.tell(words, done, of)
        self.progress.show()

    def _fields(self) -> list[QWidget]:
        items = (self.form.itemAt(index) for index in range(self.form.count()))
        return [widget for item in items if item is not None and (widget := item.widget()) is not None]

    def _drop(self) -> None:
        """Secrets go from the fields before the dialog does."""
        if self.proof is not None:
            self.proof.clear()


def _idle() -> None:
    """Nobody has said yet what is to be done."""


def _always() -> bool:
    return True
