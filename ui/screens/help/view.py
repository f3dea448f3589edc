"""The help: a list of topics and the page of the chosen one, with every shortcut of the window."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Final, final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.presenters.target import Target
from ui.kit.names import named
from ui.kit.preview import MarkdownPreview
from ui.screens.help.topics import TopicList
from ui.screens.page import Action, Context, Crumb
from ui.widgets.card import Card

TOPICS: Final = (
    "getting-started",
    "the-process",
    "import-and-export",
    "ways-in",
    "backups",
    "retention",
    "damage",
    "security",
    "keyboard",
)
_MARGIN: Final = 24
_WIDEST: Final = 820


def help_text(topic: str) -> str:
    """The Markdown of a topic that comes with the program."""
    return files("resources").joinpath("help", f"{topic}.md").read_text(encoding="utf-8")


def shortcut_table(shortcuts: tuple[tuple[str, str], ...], act: str, keys: str) -> str:
    """Words and keys as a Markdown table; `act` and `keys` are the heads."""
    lines = [f"| {act} | {keys} |", "|---|---|"]
    lines += [f"| {text.replace('|', '')} | `{key.replace('+', ' ')}` |" for text, key in shortcuts]
    return "\n".join(lines)


@final
class HelpScreen(QWidget):
    """Satisfies Page; `tab` of a target names a topic."""

    def __init__(
        self, ctx: Context, shortcuts: Callable[[], tuple[tuple[str, str], ...]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("help")
        self._ctx = ctx
        self._shortcuts = shortcuts
        titles = {
            "getting-started": self.tr("Getting started"),
            "the-process": self.tr("The process"),
            "import-and-export": self.tr("Import and export"),
            "ways-in": self.tr("Ways into the store"),
            "backups": self.tr("Backups"),
            "retention": self.tr("Keeping and erasing"),
            "damage": self.tr("When a store is damaged"),
            "security": self.tr("What is protected, and what not"),
            "keyboard": self.tr("Keyboard"),
        }
        self.topics = named(TopicList([titles[t] for t in TOPICS]), "help.topics", self.tr("Topics"))
        self.topics.currentRowChanged.connect(self._show)
        self.page = named(MarkdownPreview(), "help.page", self.tr("Help"))
        self.page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        card = Card()
        card.body.setContentsMargins(24, 16, 8, 8)
        card.body.addWidget(self.page)
        card.setMaximumWidth(_WIDEST)
        side = QVBoxLayout()
        side.addWidget(self.topics)
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN, 16, _MARGIN, 16)
        row.setSpacing(16)
        row.addLayout(side)
        row.addWidget(card, 1)
        row.addStretch(0)

    def _show(self, row: int) -> None:
        if not 0 <= row < len(TOPICS):
            return
        text = help_text(TOPICS[row])
        if TOPICS[row] == "keyboard":
            text = f"{text}\n\n{shortcut_table(self._shortcuts(), self.tr('Act'), self.tr('Keys'))}\n"
        self.page.verticalScrollBar().setValue(0)
        self.page.show_markdown(text)
        self.page.verticalScrollBar().setValue(0)

    @property
    def widget(self) -> QWidget:
        return self

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(self.tr("Help")),)

    def page_actions(self) -> tuple[Action, ...]:
        return ()

    def open(self, target: Target, /) -> None:
        row = TOPICS.index(target.tab) if target.tab in TOPICS else max(0, self.topics.currentRow())
        self.topics.setCurrentRow(row)
        self._show(row)
        self.topics.setFocus(Qt.FocusReason.OtherFocusReason)

    def minute(self) -> None:
        """Nothing here tells the time."""

    def save_unsaved(self) -> None:
        """Nothing is typed here."""

    @override
    def close(self) -> bool:
        self.page.show_markdown("")
        return super().close()
