"""Giving out the texts of one case: the formats to choose from, then the questions of an export."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QCoreApplication, QObject, QPoint
from PySide6.QtWidgets import QMenu, QWidget

from app.desk.exchange import ExportFormat
from app.domain.untrusted import safe_line
from app.presenters.exporting import ExportPresenter, Subject
from ui.kit.clipboard import clipboard
from ui.kit.exporting import ExportDialogs
from ui.screens.case.room import Room


@final
class CaseExport(QObject):
    """Asks the store for what it can make of a case; nothing leaves before every question is answered."""

    def __init__(self, room: Room, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = room
        self._parent = parent
        ctx = room.ctx
        self._dialogs = ExportDialogs(
            ctx.interaction,
            room.dates,
            now=ctx.now,
            toast=ctx.toast,
            problem=room.problem,
            copy=lambda text: clipboard().copy(text),
        )
        self._presenter = ExportPresenter(self._dialogs, ctx.session, ctx.runner, ctx.hub)

    def offer(self, at: QPoint) -> None:
        """Show the formats in a menu at a place of the screen."""
        page = self._room.page

        def arrived(formats: tuple[ExportFormat, ...]) -> None:
            if page.is_open:
                menu = self.make_menu(formats)
                menu.aboutToHide.connect(menu.deleteLater)
                menu.popup(at)

        page.runner.run(page.session.exchange.formats, arrived, self._room.problem)

    def make_menu(self, formats: tuple[ExportFormat, ...]) -> QMenu:
        """One entry for each format that can be made of a case."""
        menu = QMenu(self._parent)
        menu.setObjectName("case.export.menu")
        for known in formats:
            if "case" not in known.scopes:
                continue
            title = QCoreApplication.translate("formats", known.title)
            made = menu.addAction(self.tr("{format}…").format(format=safe_line(title, 80)))
            made.setObjectName(f"case.export.{known.format}")
            made.triggered.connect(lambda _on=False, name=known.format: self.export(name))
        return menu

    def export(self, name: str) -> None:
        """Begin the export of a format."""
        self._presenter.export(name, Subject(case=self._room.page.ref))

    def close(self) -> None:
        """Answers that are still to come change nothing any more."""
        self._presenter.close()
