"""What the texts lack, above everything else: the first gap with the act that mends it, and all of them on demand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.presenters.release_gaps import Blocker
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.theme import theme
from ui.screens.release.words import blocker_act, blocker_sentence
from ui.widgets.banner import Banner
from ui.widgets.button import Button, LinkButton, button
from ui.widgets.card import Card
from ui.widgets.icon_label import IconLabel
from ui.widgets.plain_label import PlainLabel

MOST: Final = 50


@final
class BlockersPanel(QWidget):
    """A banner for the first gap; `Show all` opens the list of every one, each with its act."""

    def __init__(self, mend: Callable[[Blocker], None]) -> None:
        super().__init__()
        self._mend = mend
        self._blockers: tuple[Blocker, ...] = ()
        self._banner = named(Banner("blocker", "", ""), "release.blockers", "")
        self._act = named(Button(""), "release.blockers.act", "")
        self._act.clicked.connect(self._mend_first)
        self._all = button(self.tr("Show all"), "secondary", "release.blockers.all", self._toggle)
        self._banner.add_action(self._act)
        self._banner.add_action(self._all)
        self._list = named(Card(flush=True), "release.blockers.list", self.tr("What the texts lack"))
        self._list.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._banner)
        column.addWidget(self._list)
        self.hide()

    def tell(self, blockers: tuple[Blocker, ...]) -> None:
        """Show these; none hides the whole."""
        if blockers == self._blockers and not self.isHidden():
            return
        self._blockers = blockers
        self.setVisible(bool(blockers))
        if not blockers:
            return
        first = blockers[0]
        count = len(blockers)
        word = self.tr("1 blocker") if count == 1 else self.tr("{n} blockers").format(n=thousands(count))
        self._banner.say("blocker", word, blocker_sentence(first))
        self._act.setText(blocker_act(first))
        self._act.setAccessibleName(f"{blocker_act(first)}: {blocker_sentence(first)}")
        self._all.setVisible(count > 1)
        self._fill()
        if count == 1:
            self._list.hide()

    def _mend_first(self) -> None:
        if self._blockers:
            self._mend(self._blockers[0])

    def _toggle(self) -> None:
        show = self._list.isHidden()
        self._list.setVisible(show)
        words = self.tr("Hide the list") if show else self.tr("Show all")
        self._all.setText(words)
        self._all.setAccessibleName(words)

    def _fill(self) -> None:
        body = self._list.body
        while body.count():
            item = body.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                # Hidden first: a row that its layout is about to show would flash up as a window of its own.
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        body.setContentsMargins(1, 4, 1, 4)
        body.setSpacing(0)
        for number, blocker in enumerate(self._blockers[:MOST]):
            body.addWidget(self._row(number, blocker))
        if len(self._blockers) > MOST:
            more = self.tr("{n} more are named once these are mended.").format(n=len(self._blockers) - MOST)
            body.addWidget(PlainLabel(more, "small", "muted"))

    def _row(self, number: int, blocker: Blocker) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(15, 2, 15, 2)
        row.setSpacing(10)
        row.addWidget(IconLabel("octagon-alert", "overdue", 16), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(PlainLabel(blocker_sentence(blocker), wrap=True), 1)
        spoken = f"{blocker_act(blocker)}: {blocker_sentence(blocker)}"
        act = named(LinkButton(blocker_act(blocker)), f"release.blockers.{number}", spoken)
        act.clicked.connect(lambda: self._mend(blocker))
        row.addWidget(act)
        holder.setMinimumHeight(theme().px(34))
        return holder
