"""The lines of the release: version, releaser, whether it is out; edited in place, judged by the desk while typing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, final

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.commands.release_commands import DropLine, PlanLine, ReleaseCommand
from app.domain.errors import AppError
from app.domain.release.state import Release
from app.domain.untrusted import safe_line
from app.domain.values import ReleaseLine
from app.domain.versions import line_key
from app.presenters.release import ReleaseFacts
from ui.kit.dates import Dates
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.kit.theme import theme
from ui.screens.release.header import initials
from ui.widgets.avatar import Avatar
from ui.widgets.button import button, icon_button
from ui.widgets.field import LineEdit
from ui.widgets.icon_label import IconLabel
from ui.widgets.lines import HLine
from ui.widgets.list_area import ListArea
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tip import set_tip


class LinesPort(Protocol):
    """What the lines ask of the page."""

    def judge(self, command: ReleaseCommand) -> AppError | None:
        """What the rules would say."""
        ...

    def perform(
        self, command: ReleaseCommand, done: Callable[[], None], failed: Callable[[Exception], None]
    ) -> None: ...


@final
class _LineRow(QWidget):
    """A line as it is read."""

    def __init__(self, line: ReleaseLine, out: datetime | None, dates: Dates, now: datetime) -> None:
        super().__init__()
        px = theme().px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(15), 0, px(15), 0)
        row.setSpacing(px(10))
        name = PlainLabel(safe_line(line.line, 40), "mono")
        name.setFixedWidth(px(46))
        version = PlainLabel(
            safe_line(line.version, 40) or self.tr("not decided"), "mono", "text" if line.version else "muted"
        )
        version.setFixedWidth(px(86))
        row.addWidget(name)
        row.addWidget(version)
        who = safe_line(line.releaser, 60)
        if who:
            row.addWidget(Avatar(who, initials(who), who, size=20))
        right = Qt.TextElideMode.ElideRight
        row.addWidget(PlainLabel(who or self.tr("no releaser"), "small", "text-2" if who else "muted", elide=right), 1)
        row.addWidget(IconLabel("check-circle" if line.released else "minus", "done" if line.released else "muted"))
        state = PlainLabel(self._state(line, out, dates), "small", "text-2" if line.released else "muted")
        state.setFixedWidth(px(92))
        if out is not None:
            set_tip(state, f"{dates.moment(out, now)} · {dates.utc(out)}")
        row.addWidget(state)
        self.setFixedHeight(px(35))

    def _state(self, line: ReleaseLine, out: datetime | None, dates: Dates) -> str:
        if not line.released:
            return self.tr("not out yet")
        if out is None:
            return self.tr("out")
        return self.tr("Out {time}").format(time=dates.clock(out))


@final
class _LineEditor(QFrame):
    """A line while it is edited; what is typed is judged at once and saved on Enter or on leaving the row."""

    def __init__(self, line: ReleaseLine | None, port: LinesPort) -> None:
        super().__init__()
        self._was = line
        self._port = port
        self._busy = False
        key = self.key = safe_line(line.line, 40) if line else "new"
        self.setObjectName(f"release.lines.{key}")
        self.name = self._edit(key, "line", self.tr("Line"), line.line if line else "")
        self.version = self._edit(key, "version", self.tr("Version"), line.version if line else "")
        self.releaser = self._edit(key, "releaser", self.tr("Releaser"), line.releaser if line else "")
        self.name.setReadOnly(line is not None)
        self._note = named(PlainLabel("", "caption", "overdue", wrap=True), f"release.lines.{key}.note", "")
        self._note.hide()
        self._lay_out(key)

    def _edit(self, key: str, field: str, spoken: str, text: str) -> LineEdit:
        made = LineEdit(spoken, size="row", mono=field != "releaser")
        made.setText(text)
        made.setMaxLength(120)
        made.textEdited.connect(lambda _text: self._judge())
        made.returnPressed.connect(self.save)
        made.editingFinished.connect(self._left)
        return named(made, f"release.lines.{key}.{field}", spoken)

    def _lay_out(self, key: str) -> None:
        px = theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(2), px(8), px(2))
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(px(6))
        self.name.setFixedWidth(px(84))
        row.addWidget(self.name)
        row.addWidget(self.version, 2)
        row.addWidget(self.releaser, 3)
        if self._was is None:
            add = button(self.tr("Add"), "soft", "release.lines.new.add", self.save, size="row")
            row.addWidget(add)
        else:
            spoken = self.tr("Take line {line} out").format(line=safe_line(self._was.line, 40))
            row.addWidget(icon_button("close", f"release.lines.{key}.drop", spoken, self._drop, size="row"))
        column.addLayout(row)
        column.addWidget(self._note)

    def command(self) -> PlanLine | None:
        """What the row means; None where nothing was changed or typed."""
        old = self._was
        command = PlanLine(
            line=self.name.text().strip(),
            version=self.version.text().strip(),
            releaser=self.releaser.text().strip(),
            released=old.released if old else False,
            label=old.label if old else "",
        )
        if old is None:
            return command if command.line or command.version else None
        same = (command.version, command.releaser) == (old.version, old.releaser)
        return None if same else command

    @property
    def is_dirty(self) -> bool:
        """Whether something is typed that was not saved."""
        return self.command() is not None

    @property
    def texts(self) -> tuple[str, str, str]:
        """Line, version and releaser as typed."""
        return self.name.text(), self.version.text(), self.releaser.text()

    def type_again(self, name: str, version: str, releaser: str) -> None:
        """What was typed the last time and not saved."""
        if self._was is None:
            self.name.setText(name)
        self.version.setText(version)
        self.releaser.setText(releaser)
        self._judge()

    def save(self) -> None:
        """Plan the line as typed; what is wrong with it is said below and the text stays."""
        command = self.command()
        if command is None or self._busy or not self._judge():
            return
        self._busy = True
        self._port.perform(command, self._done, self._failed)

    def refresh(self, line: ReleaseLine) -> None:
        """Take on what is planned now; what is typed and not saved yet stays."""
        if self.is_dirty or self._busy:
            return
        self._was = line
        for edit, text in ((self.version, line.version), (self.releaser, line.releaser)):
            if edit.text() != text:
                edit.setText(text)

    def _done(self) -> None:
        self._busy = False
        command = self.command()
        if self._was is None:
            for edit in (self.name, self.version, self.releaser):
                edit.clear()
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        elif command is not None:
            self._was = ReleaseLine(
                line=command.line,
                version=command.version,
                releaser=command.releaser,
                released=command.released,
                label=command.label,
            )

    def _failed(self, problem: Exception) -> None:
        self._busy = False
        self._say(problem)

    def _drop(self) -> None:
        if self._was is not None:
            self._port.perform(DropLine(line=self._was.line), lambda: None, self._failed)

    def _left(self) -> None:
        # A new line is added by Enter or its button; leaving a half-typed one only keeps it.
        if self._was is not None and not self._holds_focus():
            self.save()

    def _holds_focus(self) -> bool:
        focus: QWidget | None = self.window().focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _judge(self) -> bool:
        command = self.command()
        problem = self._port.judge(command) if command is not None else None
        self._say(problem)
        return problem is None

    def _say(self, problem: Exception | None) -> None:
        words = error_text(problem).whole if problem is not None else ""
        self._note.setText(words)
        self._note.setVisible(bool(words))
        wrong = self.name if self._was is None and not self.version.text().strip() else self.version
        for edit in (self.name, self.version):
            edit.set_problem(wrong=problem is not None and edit is wrong)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()
        else:
            super().keyPressEvent(event)


@final
class LinesPanel(QWidget):
    """Rows to read, or, while the plan is edited, rows to type into."""

    def __init__(self, port: LinesPort, dates: Dates, edit_ended: Callable[[], None]) -> None:
        super().__init__()
        self._port = port
        self._dates = dates
        self._edit_ended = edit_ended
        self._editors: list[_LineEditor] = []
        self._release: Release | None = None
        self._now: datetime | None = None
        self._shown: tuple[object, ...] = ()
        self.editing = False
        self._list = ListArea()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._list)

    def renew(self) -> None:
        """Make the rows anew the next time; those that are typed into stay."""
        self._shown = ()

    def tell(self, facts: ReleaseFacts, now: datetime) -> None:
        """Show the lines; rows in which something is typed stay as they are."""
        self._release, self._now = facts.release, now
        if not facts.release.is_open:
            self.editing = False
        self._show()

    def typed(self) -> str | None:
        """What is typed and not saved, as a draft; None where there is nothing."""
        kept = {editor.key: editor.texts for editor in self._editors if editor.is_dirty}
        return msgspec.json.encode(kept).decode() if kept else None

    def restore(self, draft: str) -> None:
        """Put typed texts back into their rows."""
        try:
            kept = msgspec.json.decode(draft.encode(), type=dict[str, tuple[str, str, str]])
        except msgspec.DecodeError:
            return
        self.edit(on=True)
        for editor in self._editors:
            if editor.key in kept:
                editor.type_again(*kept[editor.key])

    def edit(self, *, on: bool) -> bool:
        """Begin or end editing; ending saves what is typed and stays where that is refused."""
        if self.editing and not on:
            for editor in self._editors:
                editor.save()
            held = [editor for editor in self._editors if editor.is_dirty]
            if held:
                held[0].version.setFocus(Qt.FocusReason.OtherFocusReason)
                return False
        self.editing = on
        self._show()
        if on and self._editors:
            first = self._editors[0]
            (first.name if len(self._editors) == 1 else first.version).setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _show(self) -> None:
        release, now = self._release, self._now
        if release is None or now is None:
            return
        lines = sorted(release.lines, key=lambda line: line_key(line.line), reverse=True)
        if self._editors and self.editing and self._edited_lines() == [line.line for line in lines]:
            for editor, line in zip(self._editors[:-1], lines, strict=True):
                editor.refresh(line)
            return
        shown = (self.editing, release.lines, release.released)
        if shown == self._shown or any(editor.is_dirty for editor in self._editors):
            return
        self._shown = shown
        focus: QWidget | None = self.window().focusWidget()
        place = focus.objectName() if focus is not None and self.isAncestorOf(focus) else ""
        self._list.clear()
        self._editors = []
        if self.editing:
            self._show_editors(lines)
        else:
            self._show_rows(lines, release, now)
        self._list.column.addStretch(1)
        again = self.findChild(QWidget, place) if place else None
        if again is not None:
            again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edited_lines(self) -> list[str]:
        return [editor.name.text() for editor in self._editors[:-1]]

    def _show_rows(self, lines: list[ReleaseLine], release: Release, now: datetime) -> None:
        out = {publication.what: publication.at for publication in release.released}
        for number, line in enumerate(lines):
            if number:
                self._list.column.addWidget(HLine(self))
            self._list.column.addWidget(_LineRow(line, out.get(line.version), self._dates, now))
        if not lines:
            none = PlainLabel(self.tr("None planned. Edit the plan to name them."), "small", "muted", wrap=True)
            none.setContentsMargins(15, 12, 15, 0)
            self._list.column.addWidget(none)

    def _show_editors(self, lines: list[ReleaseLine]) -> None:
        for line in [*lines, None]:
            editor = _LineEditor(line, self._port)
            self._editors.append(editor)
            self._list.column.addWidget(editor)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.editing:
            self._edit_ended()
        else:
            super().keyPressEvent(event)
