"""Below the matrix: what every export will say, and more about the line in hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout
from typing_extensions import override

from app.domain.untrusted import safe_line
from app.presenters.case_affected import JUSTIFICATIONS, LineRow, Matrix
from ui.kit.names import named
from ui.kit.theme import theme
from ui.screens.case import words
from ui.screens.case.facts import empty
from ui.screens.case.line_icons import line_icon
from ui.screens.case.room import Room
from ui.widgets.button import LinkButton
from ui.widgets.card import Card
from ui.widgets.combo import Combo
from ui.widgets.field import Field, LineEdit
from ui.widgets.icon_label import IconLabel
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel

_MOST = 40


@final
class WordsCard(Card):
    """Each line in words, as every export says it."""

    def __init__(self, _room: Room) -> None:
        super().__init__(self.tr("In words"), self.tr("Used by every export"), small=True)
        self.setObjectName("case.affected.words")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        self._shown: tuple[tuple[str, str, str], ...] = ()

    def tell(self, matrix: Matrix) -> None:
        rows = tuple(
            (row.line.status, safe_line(f"{row.line.product} {row.line.line}".strip(), 80), words.line_words(row.line))
            for row in matrix.rows[:_MOST]
        )
        if rows == self._shown:
            return
        self._shown = rows
        empty(self._grid)
        top = Qt.AlignmentFlag.AlignTop
        for number, (status, name, text) in enumerate(rows):
            icon, role = line_icon(status)
            shown = "check" if status == "affected" else icon
            self._grid.addWidget(IconLabel(shown, "done" if shown == "check" else role), number, 0, top)
            label = PlainLabel(name, "body-medium", elide=Qt.TextElideMode.ElideRight)
            label.setMaximumWidth(theme().px(180))
            self._grid.addWidget(label, number, 1, top)
            self._grid.addWidget(Paragraph(safe_line(text, 400), "body", "text-2"), number, 2)


@final
class AboutCard(Card):
    """The fields of a line that have no column: note, platforms, and why it is not affected."""

    typed = Signal(str, str)
    left = Signal()

    def __init__(self, remove: Callable[[], None], hold_fix: Callable[[], None]) -> None:
        super().__init__(self.tr("About the line"), small=True)
        self.setObjectName("case.affected.about")
        self.note = LineEdit()
        self.platforms = LineEdit(self.tr("all"))
        self.why = Combo([("", ""), *((j.replace("_", " "), j) for j in JUSTIFICATIONS)])
        self._why_field = Field(self.tr("Why not affected"), self.why, object_name="case.affected.justification")
        self.body.addWidget(Field(self.tr("Note"), self.note, object_name="case.affected.note"))
        self.body.addWidget(
            Field(
                self.tr("Platforms"),
                self.platforms,
                helper=self.tr("As linux, darwin, win32; empty for all."),
                object_name="case.affected.platforms",
            )
        )
        self.body.addWidget(self._why_field)
        self.note.textEdited.connect(lambda text: self.typed.emit("note", text))
        self.platforms.textEdited.connect(lambda text: self.typed.emit("platforms", text))
        self.why.activated.connect(lambda _index: self.typed.emit("justification", str(self.why.currentData())))
        for control in (self.note, self.platforms, self.why):
            control.installEventFilter(self)
        self._fix = named(LinkButton(self.tr("Hold fix…")), "case.affected.holdFix", self.tr("Hold fix…"))
        self._fix.clicked.connect(lambda: hold_fix())  # noqa: PLW0108 - clicked passes a truth
        self._remove = named(
            LinkButton(self.tr("Take off the list…")), "case.affected.removeLine", self.tr("Take off the list…")
        )
        self._remove.clicked.connect(lambda: remove())  # noqa: PLW0108 - clicked passes a truth
        row = QHBoxLayout()
        row.setSpacing(theme().px(16))
        row.addWidget(self._fix)
        row.addWidget(self._remove)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addStretch(1)

    def tell(self, row: LineRow | None, *, editable: bool) -> None:
        self.setVisible(row is not None)
        if row is None:
            return
        line = row.line
        self.set_title(self.tr("About {line}").format(line=safe_line(f"{line.product} {line.line}".strip(), 60)))
        for control, text in ((self.note, line.note), (self.platforms, " ".join(line.platforms))):
            # Typing comes back without outer blanks; the field keeps what the hand wrote.
            if " ".join(control.text().split()) != " ".join(text.split()):
                control.setText(text)
            control.setReadOnly(not editable)
        self.why.choose(line.justification)
        self.why.setEnabled(editable)
        self._why_field.setVisible(line.status == "not-affected")
        self._fix.setVisible(line.status == "affected")
        self._remove.setVisible(editable)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return super().eventFilter(watched, event)
