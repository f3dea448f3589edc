"""One file in the folder of backups: when it was made, how far it goes, and whether it counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desk.ports.backups import ListedBackup
from app.domain.untrusted import safe_line
from app.presenters.backup_words import problem_words, size_words
from ui.kit.dates import Dates
from ui.kit.numbers import thousands
from ui.widgets.button import button
from ui.widgets.icon_label import IconLabel
from ui.widgets.plain_label import PlainLabel


@final
class BackupRow(QWidget):
    """`drill` hears which one is to be tried. Names: `backups.try.FILE`."""

    def __init__(self, row: ListedBackup, dates: Dates, now: datetime, drill: Callable[[ListedBackup], None]) -> None:
        super().__init__()
        name = safe_line(row.name, 120)
        self.setObjectName(f"backups.row.{name}")
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 8, 12, 8)
        line.setSpacing(12)
        counts = not row.problem and row.facts is not None
        line.addWidget(IconLabel("check-circle" if counts else "triangle-alert", "done" if counts else "today", 18))
        words = QVBoxLayout()
        words.setSpacing(2)
        head = dates.moment(row.facts.at, now, year=True) if row.facts is not None else name
        words.addWidget(PlainLabel(head, "strong", elide=Qt.TextElideMode.ElideRight))
        words.addWidget(PlainLabel(name, "mono-small", "text-2", elide=Qt.TextElideMode.ElideMiddle))
        line.addLayout(words, 1)
        about = self._about(row)
        line.addWidget(PlainLabel(about, "small", "text-2", elide=Qt.TextElideMode.ElideRight))
        self.setAccessibleName(f"{head}. {about}")
        if counts:
            spoken = self.tr("Try a restore of {name}").format(name=name)
            line.addWidget(
                button(
                    self.tr("Try a restore…"),
                    "secondary",
                    f"backups.try.{name}",
                    lambda: drill(row),
                    size="row",
                    spoken=spoken,
                )
            )

    def _about(self, row: ListedBackup) -> str:
        if row.problem or row.facts is None:
            return QCoreApplication.translate("backups", problem_words(row.problem))
        return self.tr("{events} events, {size}").format(events=thousands(row.facts.events), size=size_words(row.size))
