"""Import in the window: the chooser, files dropped on it, the row with progress and Cancel, and the report."""

from __future__ import annotations

from pathlib import Path
from typing import final

from PySide6.QtCore import QDir, QMimeData
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desk.intake import ImportReport
from app.presenters.import_files import ImportPresenter
from ui.kit.dialogs import FileChoice
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.screens.cases.import_report import show_import_report
from ui.screens.page import Context
from ui.widgets.banner import Banner
from ui.widgets.button import icon_button
from ui.widgets.progress_row import ProgressRow


@final
class Importing(QWidget):
    """Sits above the page; takes no room while nothing is imported."""

    def __init__(self, ctx: Context, home: QWidget) -> None:
        super().__init__()
        self._ctx = ctx
        self._home = home
        self.presenter = ImportPresenter(self, ctx.session, ctx.runner, ctx.hub)
        self.row = ProgressRow("import.progress", self.tr("Cancel"), self.presenter.cancel)
        self.row.hide()
        self.banner = named(Banner("blocker", "", ""), "import.problem", "")
        self.banner.add_action(icon_button("close", "import.dismiss", self.tr("Dismiss"), self.banner.hide))
        self.banner.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.row)
        column.addWidget(self.banner)

    def choose(self) -> None:
        """Ask for files."""
        choice = FileChoice(
            name="import.chooser",
            title=self.tr("Import which files?"),
            start=Path(QDir.homePath()),
            filters=(
                self.tr("Reports and records (*.eml *.json)"),
                self.tr("All files (*)"),
            ),
        )
        self._ctx.interaction.open_files(choice, lambda paths: self.start([str(p) for p in paths]))

    def choose_folder(self) -> None:
        """Ask for a folder; everything in it is looked at."""
        choice = FileChoice(
            name="import.folderChooser",
            title=self.tr("Import which folder?"),
            start=Path(QDir.homePath()),
        )
        self._ctx.interaction.open_folder(choice, lambda path: self.start([str(path)]))

    def start(self, paths: list[str]) -> None:
        """Import these, unless an import is going on already."""
        self.banner.hide()
        if self.presenter.start(paths):
            if self.presenter.running:
                self.show_progress(0, 0)
        elif self.presenter.running:
            self._ctx.toast(self.tr("An import is going on already"))

    def close_down(self) -> None:
        """Stop what is going on; what is in stays in."""
        self.presenter.close()

    # What the presenter tells.

    def show_progress(self, done: int, of: int) -> None:
        words = self.tr("Importing")
        if of:
            words = self.tr("Importing {done} of {of}").format(done=f"{done:,}", of=f"{of:,}")
        self.row.tell(words, done, of)
        self.row.show()

    def show_report(self, report: ImportReport) -> None:
        self.row.hide()
        show_import_report(report, self._ctx, self._home)

    def show_problem(self, problem: Exception) -> None:
        self.row.hide()
        text = error_text(problem)
        self.banner.say("blocker", text.headline, text.whole)
        self.banner.show()


def dropped_paths(data: QMimeData) -> list[str]:
    """The files and folders of this machine that somebody dropped."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
