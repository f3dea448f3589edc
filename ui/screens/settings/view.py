"""The settings page: tabs for the general ones, the ways in, the backups and how long cases are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, final

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.presenters.settings import MachineSettings
from app.presenters.target import Target
from ui.kit.names import named
from ui.screens.page import Action, Context, Crumb
from ui.screens.settings.general import GeneralSettings
from ui.screens.settings.part import MARGIN, Part
from ui.widgets.lines import HLine
from ui.widgets.tabs import Tabs

PartName = Literal["general", "ways-in", "backups", "retention"]
PARTS: Final[tuple[PartName, ...]] = ("general", "ways-in", "backups", "retention")


@final
class SettingsScreen(QWidget):
    """Satisfies Page; the tab of a target names a part. A part is made when it is first looked at."""

    def __init__(self, ctx: Context, settings: MachineSettings, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settings")
        self._ctx = ctx
        self._settings = settings
        self._folder = folder
        self._parts: dict[PartName, Part] = {}
        self.tabs = named(Tabs(), "settings.tabs", self.tr("Parts of the settings"))
        words: dict[PartName, str] = {
            "general": self.tr("General"),
            "ways-in": self.tr("Ways in"),
            "backups": self.tr("Backups"),
            "retention": self.tr("How long cases are kept"),
        }
        for name in PARTS:
            self.tabs.add(name, words[name])
        self.stack = QStackedWidget()
        row = QHBoxLayout()
        row.setContentsMargins(MARGIN, 0, MARGIN, 0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(HLine(self))
        column.addWidget(self.stack, 1)
        self._show()
        self.tabs.currentChanged.connect(self._turned)

    # Page.

    @property
    def widget(self) -> QWidget:
        return self

    @property
    def current(self) -> PartName:
        """The part in front."""
        return next((name for name in PARTS if name == self.tabs.current_key), "general")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(self.tr("Settings"), Target(page="settings", tab=self.current)),)

    def page_actions(self) -> tuple[Action, ...]:
        general = self._part("general")
        own = general.own_actions() if isinstance(general, GeneralSettings) else ()
        words: dict[PartName, str] = {
            "general": self.tr("Show the general settings"),
            "ways-in": self.tr("Show the ways in"),
            "backups": self.tr("Show the backups"),
            "retention": self.tr("Show how long cases are kept"),
        }
        tabs = (
            Action(f"settings.tab.{name}", words[name], self._goer(name), f"Ctrl+{number}", "settings")
            for number, name in enumerate(PARTS, 1)
        )
        return (*own, *tabs)

    def open(self, target: Target, /) -> None:
        if target.tab in PARTS:
            self.tabs.choose(target.tab)
        part = self._show()
        part.start()
        part.begin()

    def minute(self) -> None:
        self._part(self.current).minute()

    def save_unsaved(self) -> None:
        """What is typed here is taken on with its button only; leaving the page leaves it as it was."""

    @override
    def close(self) -> bool:
        for part in self._parts.values():
            part.end()
        return super().close()

    def _goer(self, name: PartName) -> Callable[[], None]:
        def go() -> None:
            self.tabs.choose(name)
            self._part(name).begin()

        return go

    def _turned(self) -> None:
        self._show().start()
        self._ctx.heading_changed()

    def _show(self) -> Part:
        part = self._part(self.current)
        self.stack.setCurrentWidget(part)
        return part

    def _part(self, name: PartName) -> Part:
        if name not in self._parts:
            made = self._make(name)
            self._parts[name] = made
            self.stack.addWidget(made)
        return self._parts[name]

    def _make(self, name: PartName) -> Part:
        if name == "ways-in":
            from ui.screens.settings.ways_in import WaysInSettings

            return WaysInSettings(self._ctx)
        if name == "backups":
            from ui.screens.settings.backups import BackupSettings

            return BackupSettings(self._ctx)
        if name == "retention":
            from ui.screens.settings.retention import RetentionSettings

            return RetentionSettings(self._ctx)
        return GeneralSettings(self._ctx, self._settings, self._folder)
