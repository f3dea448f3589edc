"""The context menu of text boxes: as much of undo, cut, copy, paste and select all as makes sense now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

from PySide6.QtWidgets import QMenu, QWidget

from ui.kit.icons import icon


@dataclass(frozen=True, slots=True, kw_only=True)
class TextActs:
    """What a text box can do now; an act that is None is not offered, one that is not able is grey."""

    copy: Callable[[], object]
    select_all: Callable[[], object]
    marked: bool
    empty: bool
    undo: Callable[[], object] | None = None
    redo: Callable[[], object] | None = None
    cut: Callable[[], object] | None = None
    paste: Callable[[], object] | None = None
    undoable: bool = False
    redoable: bool = False
    pasteable: bool = False


@final
class TextMenu(QMenu):
    """The menu for one right click; its words are spoken here, once, for every kind of text box."""

    def __init__(self, box: QWidget, acts: TextActs) -> None:
        super().__init__(box)
        self._offer(self.tr("Undo"), acts.undo, able=acts.undoable, picture="undo")
        self._offer(self.tr("Redo"), acts.redo, able=acts.redoable)
        if acts.undo is not None:
            self.addSeparator()
        self._offer(self.tr("Cut"), acts.cut, able=acts.marked)
        self._offer(self.tr("Copy"), acts.copy, able=acts.marked, picture="copy")
        self._offer(self.tr("Paste"), acts.paste, able=acts.pasteable)
        self._offer(self.tr("Select all"), acts.select_all, able=not acts.empty)

    def _offer(self, words: str, act: Callable[[], object] | None, *, able: bool, picture: str = "") -> None:
        if act is None:
            return
        made = self.addAction(icon(picture), words) if picture else self.addAction(words)
        made.setEnabled(able)
        made.triggered.connect(act)
