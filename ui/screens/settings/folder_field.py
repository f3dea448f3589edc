"""A field for a folder of this machine: typed, or chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.widgets.button import button
from ui.widgets.field import Field, LineEdit

Choose = Callable[[Callable[[Path], None]], None]


@final
class FolderField(QWidget):
    """`choose` opens a chooser and hands over what was chosen. Names: `name`, `name.choose`."""

    changed = Signal()

    def __init__(self, name: str, label: str, first: str, choose: Choose, helper: str = "") -> None:
        super().__init__()
        self.edit = LineEdit(mono=True)
        self.edit.setText(first)
        self.field = Field(label, self.edit, helper=helper, object_name=name)
        self.edit.textChanged.connect(self._typed)
        spoken = self.tr("Choose: {label}").format(label=label)
        chooser = button(self.tr("Choose…"), "secondary", f"{name}.choose", lambda: choose(self.take), spoken=spoken)
        side = QVBoxLayout()
        side.addSpacing(self.field.label.sizeHint().height() + 5)
        side.addWidget(chooser)
        side.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addLayout(side)

    @property
    def folder(self) -> str:
        """The folder as it stands there; empty while it is no whole path."""
        text = self.edit.text().strip()
        return text if Path(text).is_absolute() else ""

    def take(self, path: Path) -> None:
        """Put a chosen folder in."""
        self.edit.setText(str(path))

    def _typed(self) -> None:
        self.field.set_error("")
        self.changed.emit()
