"""What the desk warns of above everything else: no good backup, or a store that lies where it should not."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.backups import BackupDue
from app.domain.errors import AppError
from app.presenters.backup_words import worry_facts, worry_template
from app.presenters.backup_work import BackupState
from app.presenters.words import fill
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.widgets.banner import Banner
from ui.widgets.button import button, icon_button


@final
class Cautions(QWidget):
    """At most two banners; takes no room while there is nothing to say. `act` hears whether a folder is chosen."""

    def __init__(self, act: Callable[[bool], None]) -> None:
        super().__init__()
        self._act = act
        self._due = BackupDue()
        self._failure = ""
        self.backup = named(Banner("warning", "", "", icon="archive"), "desk.backup", "")
        self.now = button("", "secondary", "desk.backup.act", self._pressed, size="row")
        self.backup.add_action(self.now)
        self.place = named(Banner("warning", "", "", tall=True), "desk.place", "")
        self.place.add_action(icon_button("close", "desk.place.dismiss", self.tr("Dismiss"), self._dismiss))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for banner in (self.backup, self.place):
            column.addWidget(banner)
            banner.hide()
        self.hide()

    def show_backup(self, due: BackupDue) -> None:
        """Warn of a backup that is missing or too old, or stop warning."""
        self._due = due
        if self._failure:
            self.backup.say("warning", self.tr("The last backup failed"), self._failure, "archive")
        elif due.warning:
            words = fill(QCoreApplication.translate("backups", worry_template(due)), worry_facts(due))
            head = self.tr("No backup") if due.warning == "none" else self.tr("Old backup")
            self.backup.say("warning", head, words, "archive")
        act = self.tr("Back up now") if due.has_folder else self.tr("Choose a folder")
        self.now.setText(act)
        self.now.setAccessibleName(act)
        self.backup.setVisible(bool(due.warning or self._failure))
        self._fit()

    def show_work(self, state: BackupState) -> None:
        """Say that a backup failed that nobody watched; the next good one takes that back."""
        if state.problem is not None and state.by_clock:
            self._failure = error_text(state.problem).sentence
        elif state.made is not None:
            self._failure = ""
        self.show_backup(self._due)

    def show_warnings(self, warnings: tuple[AppError, ...]) -> None:
        """Say once what the place of the store brings with it."""
        if warnings:
            said = " ".join(error_text(warning).sentence for warning in warnings)
            of_place = all(warning.code.startswith("place.") for warning in warnings)
            head = self.tr("Look at where this store lies") if of_place else self.tr("Look at this first")
            self.place.say("warning", head, said)
        self.place.setVisible(bool(warnings))
        self._fit()

    def _dismiss(self) -> None:
        self.place.hide()
        self._fit()

    def _fit(self) -> None:
        self.setVisible(not (self.backup.isHidden() and self.place.isHidden()))

    def _pressed(self) -> None:
        self._act(self._due.has_folder)
