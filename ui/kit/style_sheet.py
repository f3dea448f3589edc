"""The one short style sheet, for what is easier said than painted: fields, menus, tool tips, scroll bars."""

from __future__ import annotations

from collections.abc import Callable
from string import Template
from typing import Final

from PySide6.QtGui import QColor

from ui.kit.tokens import Role, Tokens

# Buttons, chips, cards and tabs of our own paint themselves and do not read this sheet.
# A 2 px focus border takes 1 px off the padding and 2 px off the minimum height, else the field would jump.
_SHEET: Final = Template("""
QLineEdit, QComboBox {
  background: $surface; color: $text; border: 1px solid $border_2; border-radius: 6px;
  padding: 0 ${pad}px; min-height: ${field}px; lineedit-password-character: 8226;
  selection-background-color: $selected; selection-color: $text;
}
QLineEdit:focus, QComboBox:focus, QComboBox:on {
  border: 2px solid $accent; padding: 0 ${pad_less}px; min-height: ${field_less}px;
}
QComboBox { padding: 0 ${pad_box}px; }
QComboBox:focus, QComboBox:on { padding: 0 ${pad_box_less}px; }
QLineEdit[room="row"], QComboBox[room="row"] { min-height: ${row}px; }
QLineEdit[room="row"]:focus, QComboBox[room="row"]:focus {
  min-height: ${row_less}px;
}
QLineEdit[room="large"] { min-height: ${large}px; padding: 0 ${pad_large}px; }
QLineEdit[room="large"]:focus { min-height: ${large_less}px; padding: 0 ${pad_large_less}px; }
QLineEdit[problem="true"], QComboBox[problem="true"],
QPlainTextEdit[kind="field"][problem="true"] { border-color: $overdue; }
QLineEdit:read-only, QLineEdit:disabled, QComboBox:disabled {
  background: $sunken; color: $muted; border-color: $border;
}
QLineEdit[kind="bare"], QLineEdit[kind="bare"]:focus {
  border: none; background: transparent; padding: 0; min-height: 0;
}
QLineEdit[kind="search"] { background: $sunken; border-color: $border; }
QLineEdit[kind="search"]:focus { background: $surface; border-color: $accent; }
QPlainTextEdit[kind="field"], QTextEdit[kind="field"] {
  background: $surface; color: $text; border: 1px solid $border_2; border-radius: 6px;
  padding: 4px ${pad_text}px; selection-background-color: $selected; selection-color: $text;
}
QPlainTextEdit[kind="field"]:focus { border: 2px solid $accent; padding: 3px ${pad_text_less}px; }
QPlainTextEdit[kind="field"]:read-only { background: $sunken; border-color: $border; }
QPlainTextEdit[kind="plain"], QTextBrowser[kind="plain"] {
  background: transparent; border: none; padding: 0;
}
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView {
  background: $raised; color: $text; border: 1px solid $border; padding: 3px; outline: none;
}
QComboBox QAbstractItemView::item { min-height: ${menu}px; padding: 0 8px; border-radius: 6px; }
QComboBox QAbstractItemView::item:hover, QComboBox QAbstractItemView::item:selected {
  background: $hover; color: $text;
}
QMenu { background: $raised; border: 1px solid $border; border-radius: 8px; padding: 3px; }
QMenu::item {
  color: $text; padding: 0 ${menu_right}px 0 ${menu_left}px; min-height: ${menu}px; border-radius: 6px;
  border: 1px solid transparent;
}
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $muted; }
QMenu::icon { left: 10px; }
QMenu::separator { height: 1px; background: $border; margin: 3px 8px; }
QToolTip {
  background: $tip; color: $on_tip; border: 1px solid $toast_border; padding: 6px 10px;
}
QPushButton {
  background: $raised; color: $text; border: 1px solid $border; border-radius: 6px; padding: 0 12px;
  min-height: ${button}px;
}
QPushButton:hover { background: $hover; }
QPushButton:focus { border: 2px solid $accent; padding: 0 11px; min-height: ${button_less}px; }
QPushButton:disabled { background: $sunken; color: $muted; }
QScrollArea, QAbstractScrollArea[kind="bare"] { border: none; background: transparent; }
QWidget[kind="clear"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; border: none; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; border: none; }
QScrollBar::handle { background: $handle; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover { background: $border_2; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QHeaderView { background: $sunken; border: none; }
QHeaderView::section {
  background: $sunken; color: $muted; border: none; border-bottom: 1px solid $border; padding: 0 8px;
}
""")


def style_sheet(tokens: Tokens, px: Callable[[float], int]) -> str:
    """The sheet of one look at one text size; `px` turns LOOK's measures into pixels."""
    roles: tuple[Role, ...] = (
        "surface",
        "sunken",
        "raised",
        "hover",
        "selected",
        "border",
        "border-2",
        "text",
        "muted",
        "accent",
        "overdue",
        "tip",
        "on-tip",
        "toast-border",
    )
    words = {role.replace("-", "_"): tokens.colour(role).name() for role in roles}
    words["handle"] = _halved(tokens.colour("border-2"))
    # A field's height in LOOK is its outside; the sheet counts the inside, without the border.
    inside = {"field": 32, "row": 28, "large": 42, "button": 30}
    numbers = {"pad": 7, "pad_box": 9, "pad_large": 13, "pad_text": 5, "menu_left": 10, "menu_right": 12}
    for name, height in inside.items():
        words[name] = str(px(height) - 2)
        words[f"{name}_less"] = str(px(height) - 4)
    for name, width in numbers.items():
        words[name] = str(width)
        words[f"{name}_less"] = str(width - 1)
    words["menu"] = str(px(34) - 2)
    return _SHEET.substitute(words)


def _halved(colour: QColor) -> str:
    return f"rgba({colour.red()}, {colour.green()}, {colour.blue()}, 128)"
