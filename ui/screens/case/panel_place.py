"""Where the process panel stands: beside the page, or as a drawer over it."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.kit.theme import theme
from ui.screens.case.process_panel import ProcessPanel

DRAWER_BELOW: Final = 1280
"""Logical pixels of the window's width below which the process panel becomes a drawer."""


@final
class PanelPlace:
    """Moves the panel between the row of the page and a drawer at its right edge."""

    def __init__(self, body: QWidget, row: QHBoxLayout, panel: ProcessPanel) -> None:
        self._body = body
        self._row = row
        self._panel = panel
        self._out = False
        self._drawer = False
        row.addWidget(panel)

    @property
    def is_out(self) -> bool:
        """Whether the panel is a drawer that was brought."""
        return self._drawer and self._out

    def arrange(self, *, over: bool) -> bool:
        """Put the panel where the width allows; `over` makes it a drawer anyway. Answers whether it is one."""
        self._drawer = over or self._body.window().width() < theme().px(DRAWER_BELOW)
        self._panel.show_close(on=self._drawer)
        if self._drawer and self._row.indexOf(self._panel) >= 0:
            self._row.removeWidget(self._panel)
            self._out = False
        elif not self._drawer and self._row.indexOf(self._panel) < 0:
            self._row.addWidget(self._panel)
        self._panel.setVisible(self._out or not self._drawer)
        if self._drawer:
            width = self._panel.width()
            self._panel.setGeometry(self._body.width() - width, 0, width, self._body.height())
            self._panel.raise_()
        return self._drawer

    def toggle(self) -> None:
        """Bring the drawer or put it away; beside the page the panel only gets the keyboard."""
        if self._drawer:
            self._out = not self._out
            self._panel.setVisible(self._out)
            self._panel.raise_()
        if self._out or not self._drawer:
            self._panel.focus_next()

    def hide(self) -> bool:
        """Put the drawer away; answers whether there was one to put away."""
        was_out = self.is_out
        self._out = False
        if was_out:
            self._panel.hide()
        return was_out
