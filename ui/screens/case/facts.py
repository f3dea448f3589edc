"""Cards of facts: a quiet label at the left, what is true at the right, all of it plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QWidget

from app.domain.untrusted import safe_line
from ui.kit.fonts import Style
from ui.kit.theme import theme
from ui.kit.tokens import Role
from ui.widgets.card import Card
from ui.widgets.icon_label import IconLabel
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tip import set_tip

LABEL_WIDTH: Final = 116
_LONGEST_WORD: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One row: `value` is already safe to show; `tip` says more, such as UTC; `icon` stands before the value."""

    label: str
    value: str
    style: Style = "body"
    role: Role = "text"
    tip: str = ""
    icon: str = ""
    icon_role: Role = "muted"


class FactsCard(Card):
    """A card with rows of facts; `set_facts` replaces them."""

    def __init__(self, title: str, name: str, *, label_width: int = LABEL_WIDTH) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._label_width = label_width
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        self._shown: tuple[Fact, ...] = ()

    def set_facts(self, facts: Sequence[Fact]) -> None:
        """Show these rows; nothing is made anew where nothing changed."""
        if tuple(facts) == self._shown:
            return
        self._shown = tuple(facts)
        empty(self._grid)
        for row, fact in enumerate(facts):
            self._add(row, fact)

    def _add(self, row: int, fact: Fact) -> None:
        top = Qt.AlignmentFlag.AlignTop
        value = _value(fact)
        value.setAccessibleName(f"{fact.label}: {fact.value}" if fact.label else fact.value)
        set_tip(value, fact.tip)
        holder: QWidget = value
        if fact.icon:
            holder = QWidget()
            inside = QHBoxLayout(holder)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(8)
            inside.addWidget(IconLabel(fact.icon, fact.icon_role), 0, top)
            inside.addWidget(value, 1)
        if fact.label:
            label = PlainLabel(fact.label, "small", "muted", wrap=True)
            label.setMinimumWidth(theme().px(self._label_width))
            label.setMaximumWidth(theme().px(self._label_width))
            self._grid.addWidget(label, row, 0, top)
            self._grid.addWidget(holder, row, 1)
        else:
            self._grid.addWidget(holder, row, 0, 1, 2)


def _value(fact: Fact) -> QWidget:
    """A label that can be marked and copied; one with a word that no label can break is set as a paragraph."""
    if any(len(word) > _LONGEST_WORD for word in fact.value.split()):
        return Paragraph(fact.value, fact.style, fact.role)
    value = PlainLabel(fact.value, fact.style, fact.role, wrap=True)
    value.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    value.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return value


def one_line(text: str, limit: int) -> str:
    """The text on one line: line ends become blanks, what is hidden is spelt out, a cut shows."""
    return safe_line(" ".join(text[: limit * 4].split()), limit)


def clear_widget() -> QWidget:
    """A widget without a ground of its own, to lay things out in."""
    made = QWidget()
    made.setProperty("kind", "clear")
    return made


def empty(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        made = item.widget() if item is not None else None
        if made is not None:
            # Hidden first: a row that its layout is about to show would flash up as a window of its own.
            made.hide()
            made.setParent(None)
            made.deleteLater()
