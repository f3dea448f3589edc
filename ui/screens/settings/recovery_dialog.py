"""A new recovery code: shown once on its sheet, printed or written down, and typed back from there."""

from __future__ import annotations

from pathlib import Path
from typing import Final, final

from PySide6.QtCore import QCoreApplication, QDir, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.presenters.unlock import store_name
from app.presenters.ways_in import WaysInPresenter
from ui.kit.dialog_frame import WIDE, Dialog
from ui.kit.dialogs import FileChoice, Question
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.kit.recovery_sheet import RecoverySheet, SheetFacts, SheetPreview
from ui.kit.theme import theme
from ui.screens.page import Context
from ui.widgets.button import button
from ui.widgets.code_edit import CodeEdit
from ui.widgets.field import Field
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel

_COLUMNS: Final = 4
_SHOWN, _TYPED = 0, 1


@final
class RecoveryDialog(Dialog):
    """Closed before the code was typed back, nothing has changed. Names: `recovery.print`, `.save`, `.code`, `.act`."""

    def __init__(self, ctx: Context, presenter: WaysInPresenter, home: QWidget, facts: SheetFacts) -> None:
        title = QCoreApplication.translate("RecoveryDialog", "A recovery code for this store")
        super().__init__(home, name="recovery", title=title, icon="key", width=WIDE)
        self._ctx = ctx
        self._presenter = presenter
        self._store = facts.store
        self._confirmed = False
        self._busy = False
        self._sheet: RecoverySheet | None = RecoverySheet(facts, self)
        self.pages = QStackedWidget()
        self.pages.addWidget(self._make_sheet(facts.groups))
        self.pages.addWidget(self._make_typing())
        self.content.addWidget(self.pages)
        self.problem = named(Paragraph("", "small", "overdue"), "recovery.problem", "")
        self.problem.hide()
        self.content.addWidget(self.problem)
        self.back = button(self.tr("Back to the sheet"), "ghost", "recovery.back", self._show_sheet)
        self.footer.insertWidget(0, self.back)
        self.add_safe(self.tr("Cancel, use no code"))
        self.act = self.add_act("")
        self._turn(_SHOWN)
        self.finished.connect(self.deleteLater)

    def _make_sheet(self, groups: tuple[str, ...]) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        self._preview: SheetPreview | None = None
        if self._sheet is not None:
            self._preview = SheetPreview(self._sheet)
            self._preview.setFixedSize(theme().px(268), theme().px(379))
            self._preview.setAccessibleName(self.tr("The sheet as it will be printed"))
            row.addWidget(self._preview, 0, Qt.AlignmentFlag.AlignTop)
        side = QVBoxLayout()
        side.setSpacing(10)
        side.addWidget(PlainLabel(self.tr("Print this sheet now"), "strong", wrap=True))
        side.addWidget(
            Paragraph(
                self.tr("The code is never shown again. Without a printer, write the groups down by hand."),
                "body",
                "text-2",
            )
        )
        side.addLayout(self._make_groups(groups))
        side.addSpacing(4)
        side.addWidget(button(self.tr("Print…"), "secondary", "recovery.print", self._print, icon="print"))
        side.addWidget(button(self.tr("Save as a file…"), "secondary", "recovery.save", self._ask_save, icon="file"))
        words = self.tr("The queue of a printer may keep a copy for a while; one in an office may keep it for long.")
        side.addWidget(Paragraph(words, "small", "text-2"))
        side.addStretch(1)
        row.addLayout(side, 1)
        return page

    def _make_groups(self, groups: tuple[str, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        for number, group in enumerate(groups):
            row, column = divmod(number, _COLUMNS)
            grid.addWidget(PlainLabel(str(number + 1), "caption", "muted"), row * 2, column)
            label = named(PlainLabel(group, "mono"), f"recovery.group.{number + 1}", group)
            # Read off by hand, perhaps across the desk.
            font = QFont(label.font())
            font.setPixelSize(theme().px(17))
            label.setFont(font)
            grid.addWidget(label, row * 2 + 1, column)
        grid.setColumnStretch(_COLUMNS, 1)
        return grid

    def _make_typing(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(PlainLabel(self.tr("Type the code from the paper"), "strong", wrap=True))
        column.addWidget(
            Paragraph(
                self.tr(
                    "So that a code that was printed badly or written down wrong is found today, and not on the day it "
                    "is needed. Capital letters, spaces and hyphens do not matter."
                ),
                "body",
                "text-2",
            )
        )
        self.code = CodeEdit()
        self.field = Field(self.tr("Recovery code"), self.code, object_name="recovery.code")
        self.code.textChanged.connect(self._typed)
        column.addWidget(self.field)
        column.addStretch(1)
        return page

    def _turn(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.back.setVisible(page == _TYPED)
        words = self.tr("Turn the code on") if page == _TYPED else self.tr("It is on paper")
        self.act.setText(words)
        self.act.setAccessibleName(words)
        self._say("")
        self._judge()
        (self.code if page == _TYPED else self.act).setFocus(Qt.FocusReason.TabFocusReason)

    def _show_sheet(self) -> None:
        self.code.clear()
        self._turn(_SHOWN)

    def _typed(self) -> None:
        self.field.set_error("")
        self._judge()

    def _judge(self) -> None:
        shown = self.pages.currentIndex() == _SHOWN
        self.act.setEnabled(not self._busy and (shown or bool(self.code.text().strip())))

    @override
    def accept(self) -> None:
        if self._busy or not self.act.isEnabled():
            return
        if self.pages.currentIndex() == _SHOWN:
            self._turn(_TYPED)
            return
        self._busy = True
        self._judge()
        self._presenter.confirm_recovery(self.code.text(), self._done, self._failed)

    @override
    def reject(self) -> None:
        if not self._busy:
            if not self._confirmed:
                self._presenter.drop_recovery()
            self._forget()
            super().reject()

    def _done(self, _way: str) -> None:
        self._busy = False
        self._confirmed = True
        self._forget()
        QDialog.accept(self)
        self._ctx.toast(self.tr("The recovery code opens the store from now on"))

    def _failed(self, problem: Exception) -> None:
        self._busy = False
        self.field.set_error(error_text(problem).whole)
        self._judge()
        self.code.setFocus()

    def _say(self, words: str) -> None:
        self.problem.set_text(words)
        self.problem.setVisible(bool(words))

    def _forget(self) -> None:
        """The code goes from every widget before the dialog does."""
        self._sheet = None
        self.code.clear()
        if self._preview is not None:
            self._preview.forget()
        for label in self.findChildren(PlainLabel):
            if label.objectName().startswith("recovery.group."):
                label.clear()
                label.setAccessibleName("")

    def _print(self) -> None:
        if self._sheet is None:
            return
        from ui.kit.printing import open_print_dialog

        sheet = self._sheet
        open_print_dialog(self, sheet.print_on, lambda: self._say(self.tr("The printer took nothing.")))

    def _ask_save(self) -> None:
        question = Question(
            name="recovery.saveQuestion",
            title=self.tr("Save a file that opens the store?"),
            body=self.tr(
                "Whoever gets the file and a copy of the store can read every case. It is written for you alone, but "
                "backups and synchronised folders copy it on. Paper is safer; a file belongs on a stick in a safe."
            ),
            act=self.tr("Save file…"),
            keep=self.tr("Keep it on paper"),
        )
        self._ctx.interaction.ask(question, self._choose_file)

    def _choose_file(self) -> None:
        choice = FileChoice(
            name="recovery.chooser",
            title=self.tr("Save the recovery sheet as"),
            start=Path(QDir.homePath()),
            file_name=f"{store_name(self._store) or 'store'}-recovery.pdf",
        )
        self._ctx.interaction.save_file(choice, self._save)

    def _save(self, path: Path) -> None:
        if self._sheet is None:
            return
        target = path if path.suffix else path.with_suffix(".pdf")
        self._presenter.save_sheet(target, self._sheet.pdf(), lambda _nothing: self._saved(), self._not_saved)

    def _saved(self) -> None:
        self._ctx.toast(self.tr("Sheet saved, readable by you alone"))

    def _not_saved(self, problem: Exception) -> None:
        self._say(error_text(problem).whole)
