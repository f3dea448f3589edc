"""The card that says where backups go, how often, how many are kept, and when the desk warns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, final

from PySide6.QtCore import QCoreApplication, QDir
from PySide6.QtWidgets import QHBoxLayout

from app.domain.backups import BackupRule
from app.presenters.settings import (
    BACKUP_EVERY_HOURS,
    BACKUP_KEEP_DAILY,
    BACKUP_KEEP_MONTHLY,
    BACKUP_KEEP_WEEKLY,
    BACKUP_WARN_DAYS,
)
from ui.kit.names import named
from ui.screens.settings.folder_field import FolderField
from ui.screens.settings.part import labelled
from ui.widgets.button import button
from ui.widgets.card import Card
from ui.widgets.combo import Combo
from ui.widgets.paragraph import Paragraph

_HOURS: Final = (0, 4, 8, 12, 24, 48, 168)
_KEEP: Final = (0, 3, 7, 14, 30)
_WEEKS: Final = (0, 2, 4, 8, 26)
_MONTHS: Final = (0, 3, 6, 12, 24, 60)
_WARN: Final = (1, 2, 3, 7, 14, 30)


@final
class BackupRuleCard(Card):
    """`choose` keeps a key with its value, `keep_folder` the folder; `ask_folder` opens a chooser."""

    def __init__(
        self,
        choose: Callable[[str, str], None],
        keep_folder: Callable[[str], None],
        ask_folder: Callable[[], None],
    ) -> None:
        super().__init__(QCoreApplication.translate("settings", "Where, how often, how many"))
        self._choose = choose
        self._keep_folder = keep_folder
        self._filling = False
        self._kept = ""
        self._combos: dict[str, Combo] = {}
        self.folder = FolderField(
            "backups.folder",
            self.tr("Folder"),
            "",
            lambda _take: ask_folder(),
            self.tr("On another disk than the store: a backup beside it burns with it."),
        )
        self.folder.edit.returnPressed.connect(self._folder_typed)
        self.folder.changed.connect(self._judge)
        self.keep = button(self.tr("Use this folder"), "secondary", "backups.useFolder", self._folder_typed)
        self.body.addWidget(self.folder)
        row = QHBoxLayout()
        row.addWidget(self.keep)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addSpacing(4)
        self._add(BACKUP_EVERY_HOURS.key, self.tr("Make one by itself, while the store is open"), _HOURS, self._hours)
        self._add(BACKUP_KEEP_DAILY.key, self.tr("Keep the last of each day"), _KEEP, self._days)
        self._add(BACKUP_KEEP_WEEKLY.key, self.tr("Keep the last of each week"), _WEEKS, self._weeks)
        self._add(BACKUP_KEEP_MONTHLY.key, self.tr("Keep the last of each month"), _MONTHS, self._months)
        self._add(BACKUP_WARN_DAYS.key, self.tr("Warn on the desk when the last good one is older"), _WARN, self._days)
        words = self.tr("Only backups that this store made and sealed are ever removed, and never the newest one.")
        self.body.addWidget(Paragraph(words, "small", "text-2"))

    def _add(self, key: str, words: str, numbers: tuple[int, ...], say: Callable[[int], str]) -> None:
        combo = named(Combo([(say(number), number) for number in numbers]), f"backups.{key.partition('.')[2]}", words)
        combo.currentIndexChanged.connect(lambda: self._chosen(key))
        self._combos[key] = combo
        self.body.addLayout(labelled(words, combo))

    def _hours(self, number: int) -> str:
        if number == 0:
            return self.tr("never")
        if number == 168:
            return self.tr("every week")
        return self.tr("every day") if number == 24 else self.tr("every {number} hours").format(number=number)

    def _days(self, number: int) -> str:
        one, many = self.tr("1 day"), self.tr("{n} days").format(n=number)
        return (one if number == 1 else many) if number else self.tr("none")

    def _weeks(self, number: int) -> str:
        one, many = self.tr("1 week"), self.tr("{n} weeks").format(n=number)
        return (one if number == 1 else many) if number else self.tr("none")

    def _months(self, number: int) -> str:
        one, many = self.tr("1 month"), self.tr("{n} months").format(n=number)
        return (one if number == 1 else many) if number else self.tr("none")

    def start_folder(self) -> Path:
        """Where a chooser begins."""
        return Path(self.folder.folder or QDir.homePath())

    def show_rule(self, rule: BackupRule) -> None:
        """Show what is chosen; what somebody is typing as the folder stays."""
        self._filling = True
        typing = self.folder.edit.hasFocus() and self.folder.edit.text() != self._kept
        self._kept = rule.folder
        if not typing:
            self.folder.edit.setText(rule.folder)
        shown = {
            BACKUP_EVERY_HOURS.key: (rule.every_hours, self._hours),
            BACKUP_KEEP_DAILY.key: (rule.daily, self._days),
            BACKUP_KEEP_WEEKLY.key: (rule.weekly, self._weeks),
            BACKUP_KEEP_MONTHLY.key: (rule.monthly, self._months),
            BACKUP_WARN_DAYS.key: (rule.warn_days, self._days),
        }
        for key, (number, say) in shown.items():
            combo = self._combos[key]
            if combo.findData(number) < 0:
                combo.addItem(say(number), number)
            combo.choose(number)
        self._filling = False
        self._judge()

    def show_folder_problem(self, words: str) -> None:
        self.folder.field.set_error(words)
        self.folder.edit.setFocus()

    def _judge(self) -> None:
        self.keep.setEnabled(self.folder.edit.text().strip() != self._kept)

    def _chosen(self, key: str) -> None:
        if not self._filling:
            self._choose(key, str(self._combos[key].currentData()))

    def _folder_typed(self) -> None:
        if self.keep.isEnabled():
            self._keep_folder(self.folder.edit.text())
