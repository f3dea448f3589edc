"""What a postponement would move, shown in its form before it is taken: embargoes, and the words of the notice."""

from __future__ import annotations

from datetime import datetime
from typing import Final, final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.untrusted import safe_line
from app.presenters.release_postponement import Move, Moved, TextLine
from ui.kit.dates import Dates
from ui.kit.names import named
from ui.kit.theme import theme
from ui.widgets.icon_label import IconLabel
from ui.widgets.list_area import ListArea
from ui.widgets.plain_label import PlainLabel

_MOST: Final = 50
_MOST_LINES: Final = 40


@final
class MovesPanel(QWidget):
    """Two parts: each case's embargo old and new, and the lines of the notice that change."""

    def __init__(self, dates: Dates) -> None:
        super().__init__()
        self._dates = dates
        self._shown: Moved | None = None
        self._head = named(PlainLabel("", "small-medium", "text-2"), "release.moves.head", "")
        self._list = named(ListArea(), "release.moves", self.tr("What moves"))
        self._list.setMinimumHeight(theme().px(190))
        self._list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(3, 4, 3, 0)
        column.setSpacing(4)
        column.addWidget(self._head)
        column.addWidget(self._list, 1)

    def tell(self, moved: Moved | None, now: datetime) -> None:
        """Show what would move; None while the form does not say enough."""
        if moved == self._shown and self._head.text():
            return
        self._shown = moved
        self._list.clear()
        if moved is None:
            self._head.setText(self.tr("Name the new target to see what moves."))
            self._list.column.addStretch(1)
            return
        self._head.setText(self._count_words(len(moved.moves)))
        for move in moved.moves[:_MOST]:
            self._list.column.addWidget(self._move(move, now))
        if moved.lines:
            head = PlainLabel(self.tr("In the public notice"), "small-medium", "text-2")
            head.setContentsMargins(0, 8, 0, 4)
            self._list.column.addWidget(head)
        for line in moved.lines[:_MOST_LINES]:
            self._list.column.addWidget(self._line(line))
        self._list.column.addStretch(1)

    def _count_words(self, count: int) -> str:
        if not count:
            return self.tr("No embargo moves")
        return self.tr("One embargo moves") if count == 1 else self.tr("{n} embargoes move").format(n=count)

    def _move(self, move: Move, now: datetime) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(theme().px(10))
        row.addWidget(PlainLabel(move.ref, "mono", "muted"))
        old = self._dates.moment(move.old, now, show_zone=False) if move.old else self.tr("not agreed")
        new = self._dates.moment(move.new, now)
        row.addWidget(PlainLabel(self.tr("{old} → {new}").format(old=old, new=new), "body-medium"))
        title = PlainLabel(safe_line(move.title, 200), "small", "text-2", elide=Qt.TextElideMode.ElideRight)
        row.addWidget(title, 1)
        return holder

    def _line(self, line: TextLine) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(8))
        mark, role = {
            "old": ("minus", "overdue"),
            "new": ("plus", "done"),
            "same": ("", "muted"),
        }[line.change]
        sign: QWidget = IconLabel(mark, "overdue" if role == "overdue" else "done", 13) if mark else QWidget()
        sign.setFixedWidth(theme().px(13))
        sign.setAccessibleName(self.tr("goes") if line.change == "old" else self.tr("comes") if mark else "")
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        style = PlainLabel(safe_line(line.text, 400), "mono-small", "muted" if not mark else "text", wrap=True)
        row.addWidget(style, 1)
        return holder
