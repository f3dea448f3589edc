"""The bar above the advisory: marks, facts, how safe the text is, and saving a revision."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from app.presenters.case_advisory import AdvisoryState
from ui.kit.names import named
from ui.kit.theme import theme
from ui.widgets.button import Button
from ui.widgets.icon_label import IconLabel
from ui.widgets.lines import VLine
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tip import set_tip


@final
class AdvisoryToolbar(QWidget):
    """Buttons only; the tab connects them."""

    def __init__(self) -> None:
        super().__init__()
        self.bold = self._tool("bold", self.tr("Bold"), "Ctrl+B")
        self.italic = self._tool("italic", self.tr("Italic"), "Ctrl+I")
        self.code = self._tool("code", self.tr("Code"), "")
        self.list = self._tool("list", self.tr("List"), "")
        self.link = self._tool("link", self.tr("Link"), "")
        words = self.tr("Insert fact")
        self.fact = named(Button(words, icon="plus", trailing="chevron-down"), "case.advisory.fact", words)
        self._mark = IconLabel("check-circle", "done")
        self.state = named(
            PlainLabel("", "small", "text-2", elide=Qt.TextElideMode.ElideRight), "case.advisory.state", ""
        )
        self.revision = named(PlainLabel("", "small", "text-2"), "case.advisory.revision", "")
        self.discard = self._button(self.tr("Discard…"), "case.advisory.discard")
        self.compare = self._button(self.tr("Compare"), "case.advisory.compare", icon="diff")
        self.export = self._button(self.tr("Export"), "case.advisory.export", icon="export")
        self.save = self._button(self.tr("Save revision"), "case.advisory.save", icon="check")
        set_tip(self.save, "Ctrl+S")
        self._words: dict[Button, str] = {}
        for act in (self.compare, self.export, self.save):
            self._words[act] = act.text()
            if act is not self.save:
                set_tip(act, act.text())
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for tool in (self.bold, self.italic, self.code, self.list, self.link):
            row.addWidget(tool)
        line = VLine(self)
        line.setFixedHeight(theme().px(20))
        row.addSpacing(6)
        row.addWidget(line)
        row.addSpacing(6)
        row.addWidget(self.fact)
        row.addSpacing(12)
        row.addWidget(self._mark)
        row.addSpacing(6)
        row.addWidget(self.state, 1)
        row.addWidget(self.revision)
        row.addSpacing(10)
        for number, act in enumerate((self.discard, self.compare, self.export, self.save)):
            if number:
                row.addSpacing(6)
            row.addWidget(act)

    def _tool(self, icon: str, words: str, keys: str) -> Button:
        made = named(Button("", "ghost", icon=icon), f"case.advisory.{icon}", words)
        set_tip(made, f"{words} ({keys})" if keys else words)
        return made

    def _button(self, words: str, name: str, icon: str = "") -> Button:
        return named(Button(words, icon=icon), name, words)

    def tell(self, state: AdvisoryState, safe: tuple[str, str], revision: str) -> None:
        """Say how safe the text is, and offer what can be done with it."""
        icon, words = safe
        self._mark.set_icon(icon, "done" if icon == "check-circle" else "muted")
        self.state.setText(words)
        self.state.setAccessibleName(words)
        self.revision.setText(revision)
        for tool in (self.bold, self.italic, self.code, self.list, self.link, self.fact):
            tool.setEnabled(state.editable)
        self.discard.setVisible(state.unsaved and state.kept_at is not None)
        self.compare.setVisible(state.revision > 0 and state.unsaved)
        self.save.setEnabled(state.can_save)
        self.save.set_kind("primary" if state.can_save else "secondary")
        self._fit()

    def _fit(self) -> None:
        """Where it is narrow, first the number of the revision goes, then the words of buttons whose icons speak."""
        layout = self.layout()
        if layout is None:
            return
        self.revision.show()
        for act, words in self._words.items():
            act.setText(words)
        steps: list[Callable[[], None]] = [self.revision.hide]
        steps += [partial(act.setText, "") for act in self._words]
        for step in steps:
            layout.activate()
            # Half of what the state says is enough; its tool tip says the rest.
            spare = self.state.sizeHint().width() // 2 if self.state.text() else 0
            if layout.sizeHint().width() - spare <= self.width():
                return
            step()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(400), super().minimumSizeHint().height())
