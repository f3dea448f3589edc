"""One way in on its row: what it is, since when, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.desk.ports.keys import WayInRow
from app.domain.untrusted import safe_line
from ui.kit.icons import icon
from ui.widgets.button import button, icon_button
from ui.widgets.icon_label import IconLabel
from ui.widgets.plain_label import PlainLabel

ICONS: Final = {"passphrase": "lock", "recovery": "print", "keychain": "laptop", "openpgp": "card", "other": "key"}


@final
class WayRow(QWidget):
    """`act` hears what is wanted: `test`, `rename`, `change`, `revoke`. Names: `ways.test.ID`, `ways.more.ID`."""

    def __init__(self, way: WayInRow, about: str, act: Callable[[str, WayInRow], None]) -> None:
        super().__init__()
        self.way = way
        self._act = act
        self.setObjectName(f"ways.row.{way.id}")
        label = safe_line(way.label, 60) or self.kind_words(way.kind)
        self.setAccessibleName(f"{label}. {about}")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(IconLabel(ICONS.get(way.kind, "key"), "text-2", 20))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(label, "strong", elide=Qt.TextElideMode.ElideRight))
        words.addWidget(PlainLabel(about, "small", "text-2", elide=Qt.TextElideMode.ElideRight))
        row.addLayout(words, 1)
        spoken = self.tr("Test {label}").format(label=label)
        test = button(
            self.tr("Test…"), "secondary", f"ways.test.{way.id}", lambda: act("test", way), size="row", spoken=spoken
        )
        row.addWidget(test)
        test.setHidden(way.kind == "other")
        spoken = self.tr("More about {label}").format(label=label)
        self.more = icon_button("more", f"ways.more.{way.id}", spoken, self._show_menu, size="row")
        row.addWidget(self.more)

    def kind_words(self, kind: str) -> str:
        """What this kind of way in is called."""
        return {
            "passphrase": self.tr("Passphrase"),
            "recovery": self.tr("Recovery code"),
            "keychain": self.tr("Keychain"),
            "openpgp": self.tr("OpenPGP key"),
        }.get(kind, self.tr("Made by a later version"))

    def _show_menu(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("ways.menu")
        entries = [("rename", "edit", self.tr("Rename…"))]
        if self.way.kind == "passphrase":
            entries.append(("change", "key", self.tr("Change passphrase…")))
        entries.append(("revoke", "trash", self.tr("Revoke…")))
        for verb, name, words in entries:
            entry = menu.addAction(icon(name), words, self._doer(verb))
            entry.setObjectName(f"ways.menu.{verb}")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _doer(self, verb: str) -> Callable[[], None]:
        return lambda: self._act(verb, self.way)
