"""The app's own questions, notices and file choosers, behind a Protocol that tests can answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol, final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from ui.kit.dialog_frame import FORM, NARROW, Dialog
from ui.kit.theme import theme
from ui.widgets.field import Field, TextArea

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFileDialog

_NOWHERE: Final = "/dev/null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with two answers: `act` does it, `keep` changes nothing. All words are already translated.

    A risky act is drawn in danger outline and the safe answer is primary and default; otherwise the act is
    primary. `strong` names passages of the body that stand out. `name` begins the object names.
    """

    name: str
    title: str
    body: str
    act: str
    keep: str
    risky: bool = True
    strong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """The reason that a risky act asks for; at least `least` characters that are not blank."""

    label: str
    helper: str = ""
    least: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that the person must have seen: what happened, what was kept, what to do."""

    name: str
    title: str
    body: str
    close: str
    wrong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChoice:
    """What a file chooser is asked for. `filters` are Qt's, such as `Mail (*.eml *.mbox)`."""

    name: str
    title: str
    start: Path
    filters: Sequence[str] = ()
    file_name: str = ""


class Interaction(Protocol):
    """Everything that stops and asks the person; the answer comes through `then`, later, or never."""

    def ask(self, question: Question, then: Callable[[], None]) -> None:
        """Call `then` when the person chose to act."""
        ...

    def ask_reason(self, question: Question, reason: Reason, then: Callable[[str], None]) -> None:
        """Call `then` with the reason, stripped, when the person gave one and chose to act."""
        ...

    def tell(self, notice: Notice, then: Callable[[], None] | None = None) -> None: ...

    def open_files(self, choice: FileChoice, then: Callable[[list[Path]], None]) -> None: ...

    def open_folder(self, choice: FileChoice, then: Callable[[Path], None]) -> None: ...

    def save_file(self, choice: FileChoice, then: Callable[[Path], None]) -> None: ...


@final
class Dialogs(QObject):
    """The Interaction of the real window: window-modal dialogs, none with an event loop of its own."""

    def __init__(self, window: QWidget, *, native_files: bool = False) -> None:
        super().__init__(window)
        self._window = window
        self._native = native_files

    def ask(self, question: Question, then: Callable[[], None]) -> None:
        dialog = self._question(question, NARROW)
        self._choices(dialog, question)
        dialog.accepted.connect(then)
        dialog.open()

    def ask_reason(self, question: Question, reason: Reason, then: Callable[[str], None]) -> None:
        dialog = self._question(question, NARROW)
        area = TextArea(lines=3)
        dialog.content.addWidget(Field(reason.label, area, helper=reason.helper, object_name=f"{question.name}.reason"))
        act = self._choices(dialog, question)
        act.setEnabled(False)

        def judge() -> None:
            act.setEnabled(len(area.toPlainText().strip()) >= reason.least)

        area.textChanged.connect(judge)
        dialog.accepted.connect(lambda: then(area.toPlainText().strip()))
        dialog.open()
        area.setFocus()

    def tell(self, notice: Notice, then: Callable[[], None] | None = None) -> None:
        dialog = Dialog(
            self._window,
            name=notice.name,
            title=notice.title,
            body=notice.body,
            icon="octagon-alert" if notice.wrong else "info",
            warns=notice.wrong,
            width=NARROW,
        )
        self._kept(dialog)
        dialog.add_safe(notice.close, "primary")
        if then is not None:
            dialog.finished.connect(lambda _result: then())
        dialog.open()

    def open_files(self, choice: FileChoice, then: Callable[[list[Path]], None]) -> None:
        chooser = self._chooser(choice, "files")
        chooser.accepted.connect(lambda: then([Path(name) for name in chooser.selectedFiles()]))
        chooser.open()

    def open_folder(self, choice: FileChoice, then: Callable[[Path], None]) -> None:
        chooser = self._chooser(choice, "folder")
        chooser.accepted.connect(lambda: then(Path(chooser.selectedFiles()[0])))
        chooser.open()

    def save_file(self, choice: FileChoice, then: Callable[[Path], None]) -> None:
        chooser = self._chooser(choice, "save")
        chooser.accepted.connect(lambda: then(Path(chooser.selectedFiles()[0])))
        chooser.open()

    def close_all(self) -> None:
        """Put every open question away unanswered, as when the store locks."""
        for dialog in self._window.findChildren(QDialog):
            dialog.reject()

    def _question(self, question: Question, width: int) -> Dialog:
        dialog = Dialog(
            self._window,
            name=question.name,
            title=question.title,
            body=question.body,
            strong=question.strong,
            icon="triangle-alert" if question.risky else "help",
            warns=question.risky,
            width=width,
        )
        return self._kept(dialog)

    def _choices(self, dialog: Dialog, question: Question) -> QWidget:
        if question.risky:
            dialog.add_safe(question.keep, "primary")
            return dialog.add_act(question.act, "danger")
        dialog.add_safe(question.keep)
        return dialog.add_act(question.act)

    @staticmethod
    def _kept(dialog: Dialog) -> Dialog:
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _chooser(self, choice: FileChoice, wanted: Literal["files", "folder", "save"]) -> QFileDialog:
        # Imported here: no file is chosen before the first paint of the window.
        from PySide6.QtCore import QSettings
        from PySide6.QtWidgets import QFileDialog

        if not self._native:
            # Qt's own chooser writes the folders it visited into a settings file; a place that cannot be
            # written to keeps that list from existing. System choosers keep lists of their own.
            QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, _NOWHERE)
        chooser = QFileDialog(self._window, choice.title, str(choice.start))
        chooser.setObjectName(choice.name)
        chooser.setOption(QFileDialog.Option.DontUseNativeDialog, not self._native)
        if choice.filters:
            chooser.setNameFilters(list(choice.filters))
        if wanted == "files":
            chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        elif wanted == "folder":
            chooser.setFileMode(QFileDialog.FileMode.Directory)
            chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        else:
            chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            chooser.setFileMode(QFileDialog.FileMode.AnyFile)
            chooser.selectFile(choice.file_name)
        chooser.resize(theme().px(760), theme().px(480))
        chooser.finished.connect(chooser.deleteLater)
        return chooser


__all__ = ["FORM", "NARROW", "Dialog", "Dialogs", "FileChoice", "Interaction", "Notice", "Question", "Reason"]
