"""The list of what is due: groups by how soon, each row with the one button that does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.untrusted import safe_line
from app.presenters.desk import DueItem, Group, rule_words
from app.presenters.words import action_word, next_word
from app.presenters.words_steps import RATINGS
from ui.kit.dates import Dates
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.theme import theme
from ui.kit.tokens import Severity
from ui.widgets.button import Button, LinkButton
from ui.widgets.chips import SeverityChip
from ui.widgets.due_row import DueGroup, DueRow, DueState, DueWords
from ui.widgets.tip import set_tip

_STATES: Final[dict[Group, DueState]] = {
    "overdue": "overdue",
    "today": "today",
    "week": "soon",
    "later": "soon",
    "paused": "paused",
}
_SEVERITIES: Final[dict[str, Severity]] = {
    "critical": "critical",
    "high": "high",
    "medium": "medium",
    "low": "low",
}
_Key = tuple[str, str, Group]


@final
class DueList(QScrollArea):
    """Rows are made anew only when what is due changes; a minute changes only their times."""

    actWanted = Signal(str, str)
    caseWanted = Signal(str)
    moreWanted = Signal()

    def __init__(self, dates: Dates) -> None:
        super().__init__()
        self._dates = dates
        self._keys: tuple[_Key, ...] = ()
        self._rows: list[tuple[DueItem, DueRow]] = []
        self._hidden = 0
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setProperty("kind", "clear")
        self.setObjectName("desk.due")

    def show_items(self, items: tuple[DueItem, ...], hidden: int, counts: dict[Group, int], now: datetime) -> None:
        """Show these, and say their times at `now` (UTC)."""
        keys = tuple((i.row.ref, i.row.clock, i.group) for i in items)
        if keys != self._keys or hidden != self._hidden:
            self._keys, self._hidden = keys, hidden
            self._rebuild(items, hidden, counts)
        else:
            self._rows = [(item, row) for item, (_old, row) in zip(items, self._rows, strict=True)]
        self.tell_time(now)

    def clear(self) -> None:
        """Forget every row."""
        self._keys, self._rows, self._hidden = (), [], 0
        self.setWidget(QWidget())

    def focus_first(self) -> None:
        """The keyboard begins at the most urgent button."""
        if self._rows:
            self._rows[0][1].button.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._end_whole()

    def _end_whole(self) -> None:
        """End on a whole row: a head of a group that is cut, or that stands alone at the end, says nothing."""
        holder = self.widget()
        layout = holder.layout() if holder is not None else None
        height, bottom, end = self.height(), 0, 0
        for number in range(layout.count() if layout is not None else 0):
            item = layout.itemAt(number) if layout is not None else None
            part = item.widget() if item is not None else None
            if item is None or part is None:
                continue
            bottom += item.sizeHint().height()
            if bottom <= height and not isinstance(part, DueGroup):
                end = bottom
        rest = height - end if end and bottom > height else 0
        if self.viewportMargins().bottom() != rest:
            self.setViewportMargins(0, 0, 0, rest)

    def tell_time(self, now: datetime) -> None:
        for item, row in self._rows:
            due = self._dates.due(item.row.due, now)
            relative = self.tr("paused") if item.row.paused else due.relative
            row.set_time(relative, due.absolute, _STATES[item.group])
            set_tip(row.absolute, due.utc)
            set_tip(row.relative, due.utc)

    def _rebuild(self, items: tuple[DueItem, ...], hidden: int, counts: dict[Group, int]) -> None:
        focused = next((r.button.objectName() for _i, r in self._rows if r.button.hasFocus()), "")
        place = self.verticalScrollBar().value()
        holder = QWidget()
        holder.setProperty("kind", "clear")
        column = QVBoxLayout(holder)
        column.setContentsMargins(1, 0, 1, 8)
        column.setSpacing(0)
        self._rows = []
        before: Group | None = None
        for item in items:
            if item.group != before:
                self._end_group()
                column.addWidget(self._group(item.group, counts.get(item.group, 0)))
                before = item.group
            row = self._row(item)
            self._rows.append((item, row))
            column.addWidget(row)
        self._end_group()
        if hidden:
            column.addWidget(self._more(hidden), 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.setWidget(holder)
        self._end_whole()
        # As wide as the widest, so that the columns of all rows stand below each other.
        widest = max((row.button.sizeHint().width() for _item, row in self._rows), default=0)
        for _item, row in self._rows:
            row.button.setMinimumWidth(max(widest, row.button.minimumWidth()))
        self._mark_primary(self._rows[0][1].button if self._rows else None)
        self.verticalScrollBar().setValue(place)
        for _item, row in self._rows:
            if focused and row.button.objectName() == focused:
                row.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end_group(self) -> None:
        if self._rows:
            self._rows[-1][1].last = True

    def _group(self, group: Group, count: int) -> DueGroup:
        words = {
            "overdue": self.tr("Overdue"),
            "today": self.tr("Today"),
            "week": self.tr("This week"),
            "later": self.tr("Later"),
            "paused": self.tr("Waiting for an answer"),
        }
        return DueGroup(_STATES[group], words[group], thousands(count))

    def _row(self, item: DueItem) -> DueRow:
        row = item.row
        words = DueWords(
            action=next_word(row.clock),
            ref=row.ref,
            title=safe_line(row.title, 300),
            rule=rule_words(item.rule) if item.rule else "",
            relative="",
            absolute="",
            state=_STATES[item.group],
        )
        act = action_word(item.verb) if item.verb else self.tr("Open case")
        button = named(
            Button(act, "secondary", size="row"),
            f"desk.act.{row.ref}.{row.clock}",
            self.tr("{act}, {ref}").format(act=act, ref=row.ref),
        )
        button.clicked.connect(self._actor(row.ref, item.verb))
        button.installEventFilter(self)
        chip = SeverityChip(_SEVERITIES.get(row.rating, "unrated"), RATINGS.get(row.rating, row.rating))
        made = named(DueRow(words, _framed(chip), button), f"desk.row.{row.ref}.{row.clock}", "")
        made.setAccessibleName(f"{words.action}, {row.ref}, {words.title}")
        made.setProperty("ref", row.ref)
        made.installEventFilter(self)
        return made

    def _actor(self, ref: str, verb: str) -> Callable[[], None]:
        return lambda: self.actWanted.emit(ref, verb)

    def _more(self, hidden: int) -> QWidget:
        words = self.tr("Show {number} more").format(number=thousands(hidden))
        link = named(LinkButton(words), "desk.more", words)
        link.clicked.connect(self.moreWanted.emit)
        link.setContentsMargins(40, 8, 0, 8)
        return link

    def _mark_primary(self, button: QObject | None) -> None:
        """Only the current row's button is the primary one."""
        for _item, row in self._rows:
            kind = "primary" if row.button is button else "secondary"
            if row.button.kind != kind:
                row.button.set_kind("primary" if row.button is button else "secondary")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, Button):
            self._mark_primary(watched)
            self.ensureWidgetVisible(watched, 0, 48)
        elif event.type() == QEvent.Type.MouseButtonDblClick and isinstance(watched, DueRow):
            self.caseWanted.emit(str(watched.property("ref")))
            return True
        return super().eventFilter(watched, event)


def _framed(chip: SeverityChip) -> QWidget:
    """The chip in a frame as wide as the widest, so that what follows stands below itself in every row."""
    frame = QWidget()
    row = QHBoxLayout(frame)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(chip)
    row.addStretch(1)
    frame.setMinimumWidth(theme().px(88))
    return frame
