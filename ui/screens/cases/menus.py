"""The menus of the case table: what can be done with a row, and which columns are shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QWidget

from app.presenters.case_columns import FIXED, Column
from ui.kit.icons import icon
from ui.screens.page import Action


def row_menu(parent: QWidget, actions: tuple[Action, ...]) -> QMenu:
    """What can be done with the row that is chosen."""
    menu = QMenu(parent)
    menu.setObjectName("cases.rowMenu")
    for action in actions:
        if action.name in ("cases.open", "cases.copyRef", "cases.take"):
            made = menu.addAction(icon(action.icon), f"{action.text}\t{action.shortcut.replace('+', ' ')}")
            made.setObjectName(f"menu.{action.name}")
            made.triggered.connect(action.run)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def columns_menu(
    parent: QWidget,
    columns: list[tuple[Column, str]],
    chosen: tuple[Column, ...],
    choose: Callable[[tuple[Column, ...]], None],
) -> QMenu:
    """Every column with a tick; those that say which case it is stay."""
    menu = QMenu(parent)
    menu.setObjectName("cases.columnsMenu")
    for column, title in columns:
        made = menu.addAction(title)
        made.setObjectName(f"cases.column.{column.key}")
        made.setCheckable(True)
        made.setChecked(column in chosen)
        made.setEnabled(column.key not in FIXED)
        made.triggered.connect(_toggler(column, [c for c, _title in columns], chosen, choose))
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _toggler(
    column: Column,
    every: list[Column],
    chosen: tuple[Column, ...],
    choose: Callable[[tuple[Column, ...]], None],
) -> Callable[[], None]:
    def toggle() -> None:
        choose(tuple(c for c in every if (c in chosen) != (c is column)))

    return toggle
