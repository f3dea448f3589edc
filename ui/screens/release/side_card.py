"""Beside the cases: the lines, the dependency updates, and how the target moved, each behind its tab."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.release.state import Release
from app.domain.untrusted import safe_line, safe_text
from app.domain.values import Dependency, Postponement
from app.presenters.release import ReleaseFacts
from ui.kit.dates import Dates
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.screens.release.lines_panel import LinesPanel, LinesPort
from ui.widgets.button import LinkButton, icon_button
from ui.widgets.lines import HLine
from ui.widgets.list_area import ListArea
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tabs import Tabs
from ui.widgets.tip import set_tip

TABS: Final = ("lines", "dependencies", "postponed")


@final
class _DependencyRow(QWidget):
    """What the release updates: name, versions, lines, the address of its advisory."""

    def __init__(
        self, dependency: Dependency, edit: Callable[[], None] | None, drop: Callable[[], None] | None
    ) -> None:
        super().__init__()
        px = theme().px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(15), px(4), px(8), px(4))
        row.setSpacing(px(8))
        right = Qt.TextElideMode.ElideRight
        name = safe_line(dependency.name, 120)
        column = QVBoxLayout()
        column.setSpacing(0)
        first = QHBoxLayout()
        first.setSpacing(px(8))
        first.addWidget(PlainLabel(name, "body-medium", elide=right))
        versions = ", ".join(safe_line(v, 40) for v in dependency.versions)
        first.addWidget(PlainLabel(versions or self.tr("no version"), "mono", "text-2", elide=right), 1)
        lines = ", ".join(safe_line(line, 40) for line in dependency.lines) or self.tr("every line")
        second = PlainLabel(self.tr("on {lines}").format(lines=lines), "small", "muted", elide=right)
        column.addLayout(first)
        column.addWidget(second)
        row.addLayout(column, 1)
        if dependency.url:
            set_tip(self, safe_line(dependency.url, 300))
        if edit is not None and drop is not None:
            spoken = self.tr("Change {name}").format(name=name)
            row.addWidget(icon_button("edit", f"release.dependencies.{name}.edit", spoken, edit, size="row"))
            spoken = self.tr("Take {name} out").format(name=name)
            row.addWidget(icon_button("close", f"release.dependencies.{name}.drop", spoken, drop, size="row"))


@final
class _MoveRow(QWidget):
    """One postponement: from, to, why, recorded when."""

    def __init__(self, move: Postponement, dates: Dates, now: datetime) -> None:
        super().__init__()
        px = theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(15), px(6), px(15), px(6))
        column.setSpacing(2)
        old, new = dates.moment(move.old, now, show_zone=False), dates.moment(move.new, now)
        head = PlainLabel(self.tr("{old} → {new}").format(old=old, new=new), "body-medium")
        set_tip(head, f"{dates.utc(move.old)} → {dates.utc(move.new)}")
        column.addWidget(head)
        column.addWidget(PlainLabel(safe_text(move.reason, 400), "small", "text-2", wrap=True))
        said = self.tr("Recorded {when}").format(when=dates.moment(move.at, now))
        column.addWidget(PlainLabel(said, "caption", "muted"))


@final
class SideCard(QFrame):
    """A card whose head is three tabs; `change` opens the form of a dependency, `drop` takes one out.

    `edited` says that the plan is being edited, or is not any more.
    """

    edited = Signal()

    def __init__(
        self,
        port: LinesPort,
        dates: Dates,
        change: Callable[[Dependency | None], None],
        drop: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._dates = dates
        self._change = change
        self._drop = drop
        self._shown: dict[str, object] = {}
        self.tabs = named(Tabs(small=True), "release.side", self.tr("Lines, dependencies, postponements"))
        self.tabs.add("lines", self.tr("Lines"))
        self.tabs.add("dependencies", self.tr("Updates"))
        self.tabs.add("postponed", self.tr("Postponed"))
        self.act = named(LinkButton(""), "release.side.act", "")
        self.act.clicked.connect(self._acted)
        self.lines = LinesPanel(port, dates, lambda: self._set_editing(on=False))
        self._dependencies = ListArea()
        self._moves = ListArea()
        self._movable = False
        self._lay_out()
        self.tabs.currentChanged.connect(lambda _index: self._chosen())
        hub().changed.connect(self.update)
        self._chosen()

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(15, 4, 11, 0)
        head.addWidget(self.tabs, 1)
        head.addWidget(self.act)
        outer.addLayout(head)
        outer.addWidget(HLine(self))
        self._stack = QStackedWidget()
        for part in (self.lines, self._dependencies, self._moves):
            self._stack.addWidget(part)
        outer.addWidget(self._stack, 1)

    def renew(self) -> None:
        """Make the rows anew the next time, as when the text size has changed."""
        self._shown = {}
        self.lines.renew()

    def tell(self, facts: ReleaseFacts, now: datetime) -> None:
        release = facts.release
        self._movable = release.is_open
        self.tabs.set_count("lines", _count(len(release.lines)))
        self.tabs.set_count("dependencies", _count(len(release.dependencies)))
        self.tabs.set_count("postponed", _count(len(release.postponements)))
        self.lines.tell(facts, now)
        self._tell_dependencies(release)
        self._tell_moves(release, now)
        self._chosen()

    def choose(self, tab: str) -> None:
        """Bring a tab to the front."""
        self.tabs.choose(tab)

    def edit_lines(self) -> None:
        """Bring the lines to the front, to be typed into."""
        self.choose("lines")
        if self._movable:
            self._set_editing(on=True)

    def restore_lines(self, draft: str | None) -> None:
        """Put what was typed into the lines the last time back, if it was not saved."""
        if draft and self._movable:
            self.choose("lines")
            self.lines.restore(draft)
            self._chosen()
            self.edited.emit()

    def _set_editing(self, *, on: bool) -> None:
        if self.lines.edit(on=on):
            self._chosen()
            self.edited.emit()
            if not on:
                self.act.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen(self) -> None:
        self._stack.setCurrentIndex(max(0, self.tabs.currentIndex()))
        key = self.tabs.current_key
        editing = self.lines.editing
        words = {
            "lines": self.tr("Done") if editing else self.tr("Edit plan"),
            "dependencies": self.tr("Add update…"),
        }.get(key, "")
        self.act.setText(words)
        self.act.setAccessibleName(words)
        self.act.setVisible(bool(words) and self._movable)

    def _acted(self) -> None:
        if self.tabs.current_key == "lines":
            self._set_editing(on=not self.lines.editing)
        else:
            self._change(None)

    def _tell_dependencies(self, release: Release) -> None:
        shown = (release.dependencies, release.is_open)
        if self._shown.get("dependencies") == shown:
            return
        self._shown["dependencies"] = shown
        self._dependencies.clear()
        column = self._dependencies.column
        for number, dependency in enumerate(release.dependencies):
            if number:
                column.addWidget(HLine(self))
            column.addWidget(self._dependency_row(dependency, movable=release.is_open))
        if not release.dependencies:
            column.addWidget(self._none(self.tr("None. Name the updates that the release carries.")))
        column.addStretch(1)

    def _dependency_row(self, dependency: Dependency, *, movable: bool) -> QWidget:
        if not movable:
            return _DependencyRow(dependency, None, None)
        return _DependencyRow(dependency, lambda: self._change(dependency), lambda: self._drop(dependency.name))

    def _tell_moves(self, release: Release, now: datetime) -> None:
        shown = release.postponements
        if self._shown.get("moves") == shown:
            return
        self._shown["moves"] = shown
        self._moves.clear()
        column = self._moves.column
        for number, move in enumerate(reversed(release.postponements)):
            if number:
                column.addWidget(HLine(self))
            column.addWidget(_MoveRow(move, self._dates, now))
        if not release.postponements:
            column.addWidget(self._none(self.tr("Never. The target is the one of the first plan.")))
        column.addStretch(1)

    def _none(self, words: str) -> QWidget:
        made = PlainLabel(words, "small", "muted", wrap=True)
        made.setContentsMargins(15, 12, 15, 0)
        return made

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        paint.plate(self.rect(), 8, paint.look.colour("surface"), paint.look.colour("border"))


def _count(number: int) -> str:
    return thousands(number) if number else ""
