"""Every action of the window once: as a shortcut, in menus, in the palette and in the list of shortcuts."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from ui.kit.icons import icon
from ui.screens.page import Action


@final
class ActionRegistry(QObject):
    """Holds the window's own actions and those of the page in front; the shortcuts work while `home` is shown."""

    changed = Signal()

    def __init__(self, home: QWidget) -> None:
        super().__init__(home)
        self._home = home
        self._own: list[Action] = []
        self._page: tuple[Action, ...] = ()
        self._made: dict[str, QAction] = {}
        self._keys: dict[str, tuple[str, str]] = {}

    def add(self, action: Action) -> QAction:
        """Take in an action of the window itself; a name can be taken once."""
        if action.name in self._made:
            raise ValueError(action.name)
        self._own.append(action)
        made = self._make(action)
        self.changed.emit()
        return made

    def set_page(self, actions: tuple[Action, ...]) -> None:
        """The actions of the page that is in front now; where both want a key, the page gets it."""
        for action in self._page:
            gone = self._made.pop(action.name)
            self._home.removeAction(gone)
            gone.deleteLater()
        self._page = actions
        for action in actions:
            self._make(action)
        taken = {action.shortcut for action in actions if action.shortcut}
        for action in self._own:
            self._made[action.name].setEnabled(action.shortcut not in taken)
        self.changed.emit()

    def all(self) -> tuple[Action, ...]:
        """The page's actions, then the window's."""
        return (*self._page, *self._own)

    def usable(self) -> tuple[Action, ...]:
        """Those that can be done now."""
        return tuple(action for action in self.all() if action.enabled())

    def shortcuts(self) -> tuple[tuple[str, str], ...]:
        """Words and keys of every action so far, those of pages that were open once too."""
        return tuple(self._keys.values())

    def made(self, name: str) -> QAction:
        """The QAction of this name, for menus."""
        return self._made[name]

    def _make(self, action: Action) -> QAction:
        made = QAction(self)
        made.setObjectName(action.name)
        made.setText(action.text)
        if action.icon:
            made.setIcon(icon(action.icon))
        if action.shortcut:
            made.setShortcut(QKeySequence(action.shortcut))
            # Words only: an action would keep its page alive.
            self._keys[action.name] = (action.text, action.shortcut)
        made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        made.triggered.connect(lambda: run_action(action))
        self._made[action.name] = made
        self._home.addAction(made)
        return made


def run_action(action: Action) -> None:
    """Do it, if it can be done now."""
    if action.enabled():
        action.run()


def key_words(shortcut: str) -> str:
    """A shortcut as its key cap shows it: `Ctrl K`."""
    return shortcut.replace("Ctrl++", "Ctrl+Plus").replace("+", " ")
