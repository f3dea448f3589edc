"""Asks the list of lines about one version."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.domain.errors import Rejected
from app.domain.untrusted import safe_line
from app.domain.values import AffectedLine
from app.presenters.case_affected import try_version
from ui.kit.dialog_frame import NARROW, Dialog
from ui.kit.names import named
from ui.widgets.field import Field, LineEdit
from ui.widgets.plain_label import PlainLabel


@final
class TryVersion(Dialog):
    """Answers at every keystroke; changes nothing."""

    def __init__(self, parent: QWidget, lines: tuple[AffectedLine, ...], product: str) -> None:
        super().__init__(parent.window(), name="tryVersion", title=self.tr("Is this version affected?"), width=NARROW)
        self._lines = lines
        self._product = product
        self.edit = LineEdit("22.19.0", mono=True)
        self.content.addWidget(Field(self.tr("Version"), self.edit, object_name="tryVersion.version"))
        self.answer = named(PlainLabel("", "body", wrap=True), "tryVersion.answer", "")
        self.answer.setMinimumHeight(40)
        self.content.addWidget(self.answer)
        self.add_safe(self.tr("Close"), "primary")
        self.edit.textChanged.connect(self._tell)
        self.finished.connect(self.deleteLater)

    @override
    def open(self) -> None:
        super().open()
        self.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def _tell(self, text: str) -> None:
        self.answer.setText(self._words(text) if text.strip() else "")
        self.answer.setAccessibleName(self.answer.text())

    def _words(self, text: str) -> str:
        said = []
        for product in dict.fromkeys(line.product for line in self._lines):
            try:
                tried = try_version(self._lines, text, product)
            except Rejected:
                return self.tr("This is no version. Write it like 22.19.1.")
            name = safe_line(product or self._product, 80)
            said.append(self._answer(name, tried.version, tried.line, affected=tried.affected))
        return "\n".join(said)

    def _answer(self, name: str, version: str, line: AffectedLine | None, *, affected: bool) -> str:
        if affected:
            said = self.tr("{name} {version} is affected.")
        elif line is None:
            said = self.tr("{name} {version} belongs to no line on the list.")
        elif line.status == "investigating":
            said = self.tr("{name} {version}: line {line} is not decided yet.")
        else:
            said = self.tr("{name} {version} is not affected.")
        return said.format(name=name, version=version, line=safe_line(line.line, 40) if line else "").strip()
