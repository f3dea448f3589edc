"""The affected tab: the matrix of lines, what every export will say, and more about the line in hand."""

from __future__ import annotations

from typing import Final, cast, final

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.untrusted import safe_line
from app.domain.values import LineStatus
from app.presenters.case import CaseFacts
from app.presenters.case_affected import (
    AffectedPresenter,
    EditField,
    Key,
    LineRow,
    Matrix,
)
from ui.kit.dialogs import Question, Reason
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.kit.theme import theme
from ui.screens.case import words
from ui.screens.case.affected_cards import AboutCard, WordsCard
from ui.screens.case.affected_delegate import LINE_ROW, PRODUCT_ROW, MatrixDelegate
from ui.screens.case.affected_matrix import MatrixView
from ui.screens.case.affected_model import COLUMNS, EDITED, MatrixModel
from ui.screens.case.facts import clear_widget
from ui.screens.case.room import Room
from ui.screens.case.scroll_tab import ScrollTab
from ui.screens.case.try_version import TryVersion
from ui.widgets.banner import Banner
from ui.widgets.button import Button, LinkButton, button
from ui.widgets.card import Card
from ui.widgets.empty_page import EmptyPage
from ui.widgets.icon_label import IconLabel
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel
from ui.widgets.table_view import TableView

_WIDTHS: Final = (128, 152, 92, 104, 96, 128, 120)
_TALLEST: Final = 12
"""Lines that the matrix shows before it scrolls itself."""


@final
class AffectedTab(ScrollTab):
    """Everything typed is kept; a row is saved when it is left and nothing in it contradicts itself."""

    def __init__(self, room: Room) -> None:
        super().__init__("case.affected")
        self._room = room
        self._matrix = Matrix(rows=(), decided=0, editable=False, confirmed=False)
        self._case_product = ""
        self._model = MatrixModel("", self)
        self._delegate = MatrixDelegate(self)
        self._open: list[int] = []
        self.table = named(MatrixView(self), "case.affected.table", self.tr("Affected versions by line"))
        self.words = WordsCard(room)
        self.about = AboutCard(self.ask_remove, self._hold_fix)
        self._make_head()
        self._make_table()
        self._lay_out()
        room.forms.on_add_lines(self._add_lines)
        self.presenter = AffectedPresenter(self, room.page)

    # -------------------------------------------------------------------------------------- building
    def _make_head(self) -> None:
        self._sum = PlainLabel("", "small", "muted")
        self.try_button = button(self.tr("Try a version…"), "secondary", "case.affected.try", self._try, icon="search")
        self.add_button = button(
            self.tr("Add lines…"),
            "secondary",
            "case.affected.add",
            lambda: self._room.forms.open("add-lines", values={"product": self._product_typed()}),
            icon="plus",
        )
        self._wait = Banner(
            "note",
            self.tr("Not confirmed yet"),
            self.tr("Affected versions are listed once the problem is confirmed."),
        )
        words_on = self.tr("Confirm problem…")
        self.confirm_button = named(Button(words_on), "case.affected.confirm", words_on)
        self.confirm_button.clicked.connect(lambda: self._room.act("confirm"))
        self._wait.add_action(self.confirm_button)
        self._empty = EmptyPage(
            "columns",
            self.tr("No line is listed yet"),
            self.tr("Add every release line that anyone still runs, also those that are not affected."),
        )
        self._empty.setMinimumHeight(theme().px(220))

    def _make_table(self) -> None:
        self.table.setItemDelegate(self._delegate)
        self.table.viewport().setAutoFillBackground(False)
        self.table.setModel(self._model)
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.set_widths(list(_WIDTHS), len(COLUMNS) - 1)
        self.table.selectionModel().currentRowChanged.connect(self._row_changed)
        self.table.opened.connect(lambda index: self.edit(0 if index.column() not in EDITED else index.column()))
        self._delegate.typed.connect(self._typed)
        self._delegate.moved.connect(self._moved)
        self._delegate.left.connect(lambda: QTimer.singleShot(0, self, self._leave_if_gone))
        self.about.typed.connect(self._typed_about)
        self.about.left.connect(lambda: QTimer.singleShot(0, self, self._leave_if_gone))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(PlainLabel(self.tr("Affected versions"), "h2"))
        head.addWidget(self._sum, 1)
        head.addWidget(self.try_button)
        head.addWidget(self.add_button)
        self.column.addLayout(head)
        self.column.addWidget(self._wait)
        self._card = Card(flush=True)
        self._card.body.addWidget(self.table)
        self._card.body.addWidget(self._empty)
        self._card.body.addWidget(self._make_strip())
        self.column.addWidget(self._card)
        self._cards = QHBoxLayout()
        self._cards.setSpacing(16)
        self._cards.addWidget(self.words, 3)
        self._cards.addWidget(self.about, 2)
        self.column.addLayout(self._cards)
        self.column.addStretch(1)

    def _make_strip(self) -> QWidget:
        """What is wrong with the line in hand; below the table, so that nothing jumps."""
        strip = clear_widget()
        row = QHBoxLayout(strip)
        row.setContentsMargins(15, 6, 11, 6)
        row.setSpacing(8)
        self._mark = IconLabel("octagon-alert", "overdue")
        self.finding = named(Paragraph("", "small", "overdue"), "case.affected.finding", "")
        self._hint = PlainLabel(
            self.tr("A affected · N not affected · I investigating · U end of life · Enter edits the versions"),
            "caption",
            "muted",
            elide=Qt.TextElideMode.ElideRight,
        )
        words_on = self.tr("Forget what I typed")
        self.forget = named(LinkButton(words_on), "case.affected.forget", words_on)
        self.forget.clicked.connect(self._forget)
        row.addWidget(self._mark)
        row.addWidget(self.finding, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._hint, 1)
        row.addWidget(self.forget)
        return strip

    # ---------------------------------------------------------------------------------- AffectedView
    def show_matrix(self, matrix: Matrix) -> None:
        self._matrix = matrix
        key = self._current_key()
        moved = self._model.set_matrix(matrix, self._case_product)
        if moved:
            self._open = []
            self._heights()
            self._restore(key)
        self.table.setVisible(bool(matrix.rows))
        self._empty.setVisible(not matrix.rows)
        self.words.setVisible(bool(matrix.rows))
        self._wait.setVisible(not matrix.confirmed)
        self.add_button.setEnabled(matrix.editable)
        self.try_button.setEnabled(bool(matrix.rows))
        total = len(matrix.rows)
        said = self.tr("{decided} of {total} lines decided").format(decided=matrix.decided, total=total)
        self._sum.setText(said if total else "")
        self.words.tell(matrix)
        self._tell_current()

    def show_row(self, row: LineRow) -> None:
        self._model.set_row(row)
        if row.key == self._current_key():
            self._tell_current()

    def show_problem(self, problem: Exception | None, key: Key | None) -> None:
        if problem is not None:
            line = f"{key[1]}: " if key else ""
            self._say(f"{safe_line(line, 60)}{error_text(problem).whole}")
        elif key is None or key == self._current_key():
            self._tell_current()

    # ------------------------------------------------------------------------------------------- tab
    def show_facts(self, facts: CaseFacts) -> None:
        project = facts.team.project
        self._case_product = facts.case.product or (project.product if project else "")
        self._model.product = self._case_product
        self.presenter.show(facts)

    def begin(self) -> None:
        if self._matrix.rows:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            wanted = self.add_button if self.add_button.isEnabled() else self.confirm_button
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def save_unsaved(self) -> None:
        key = self._current_key()
        if key is not None:
            self.presenter.leave(key)
        self.presenter.keep_unsaved()

    def decide_next(self) -> None:
        """Go to the first line under investigation, or ask for lines where there are none."""
        key = self.presenter.next_open()
        if key is None:
            if not self._matrix.rows and self._matrix.editable:
                self._room.forms.open("add-lines")
            return
        self._select(self._model.row_of(key))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def decide(self, status: LineStatus) -> None:
        """Decide the line in hand by one key."""
        key = self._current_key()
        if key is not None and self._matrix.editable:
            self.presenter.set_status(key, status)

    def edit(self, column: int) -> None:
        """Put the cursor into a field of the line in hand."""
        editors = self._editors()
        wanted = column if column in editors else next(iter(editors), -1)
        if wanted in editors:
            editors[wanted].setFocus(Qt.FocusReason.TabFocusReason)

    def ask_remove(self) -> None:
        """Take the line in hand off the list, with the reason."""
        key = self._current_key()
        if key is None or not self._matrix.editable:
            return
        line = safe_line(key[1], 60)
        question = Question(
            name="case.affected.remove",
            title=self.tr("Take {line} off the list?").format(line=line),
            body=self.tr("What is known of it stays in the history; its fix is taken off too."),
            act=self.tr("Take it off"),
            keep=self.tr("Keep it"),
            strong=(line,),
        )
        reason = Reason(label=self.tr("Reason"), helper=self.tr("Seen by every auditor."))
        self._room.ctx.interaction.ask_reason(question, reason, lambda text: self.presenter.remove(key, text))

    # ----------------------------------------------------------------------------------------- inside
    def _hold_fix(self) -> None:
        key = self._current_key()
        if key is not None:
            self._room.forms.open("hold-fix", line=key)

    def _add_lines(self, product: str, names: str, status: str) -> None:
        self.presenter.add_lines(product, names, cast("LineStatus", status))

    def _product_typed(self) -> str:
        key = self._current_key()
        return key[0] if key else ""

    def _current_key(self) -> Key | None:
        row = self._model.line(self.table.currentIndex())
        return row.key if row else None

    def _current(self) -> LineRow | None:
        return self._model.line(self.table.currentIndex())

    def _select(self, row: int) -> None:
        if row >= 0:
            self.table.setCurrentIndex(self._model.index(row, 0))

    def _restore(self, key: Key | None) -> None:
        wanted = key or self.presenter.next_open()
        row = self._model.row_of(wanted) if wanted else -1
        self._select(row if row >= 0 else self._model.first_line())

    def _row_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        before = self._model.line(previous) if previous.isValid() and previous.row() < self._model.rowCount() else None
        for column in self._open:
            if before is not None:
                self.table.closePersistentEditor(previous.siblingAtColumn(column))
        self._open = []
        if before is not None:
            self.presenter.leave(before.key)
        if self._model.line(current) is not None and self._matrix.editable:
            for column in EDITED:
                self.table.openPersistentEditor(current.siblingAtColumn(column))
                self._open.append(column)
            for editor in self._editors().values():
                if isinstance(editor, QLineEdit):
                    # Qt marks the whole text of a fresh editor, as if it were about to be overwritten.
                    editor.deselect()
        self._tell_current()

    def _editors(self) -> dict[int, QWidget]:
        current = self.table.currentIndex()
        found = {}
        for column in self._open:
            editor = self.table.indexWidget(current.siblingAtColumn(column))
            if editor is not None:
                found[column] = editor
        return found

    def _typed(self, row: int, field: str, text: str) -> None:
        line = self._model.line(self._model.index(row, 0))
        if line is not None:
            self.presenter.typed(line.key, cast("EditField", field), text)

    def _typed_about(self, field: str, text: str) -> None:
        key = self._current_key()
        if key is not None:
            self.presenter.typed(key, cast("EditField", field), text)

    def _moved(self, move: str, column: int) -> None:
        key = self._current_key()
        if move == "leave" or key is None:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if move == "save":
            self.presenter.leave(key)
        step = -1 if move == "up" else 1
        row = self.table.currentIndex().row() + step
        while 0 <= row < self._model.rowCount() and isinstance(self._model.entry(row), str):
            row += step
        if 0 <= row < self._model.rowCount():
            self._select(row)
            self.edit(column)
        elif move == "save":
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave_if_gone(self) -> None:
        """The keyboard went elsewhere: the row in hand is left."""
        focus = QApplication.focusWidget()
        key = self._current_key()
        if key is not None and (focus is None or not self.isAncestorOf(focus)):
            self.presenter.leave(key)

    def _forget(self) -> None:
        key = self._current_key()
        if key is not None:
            self.presenter.discard(key)
            self._tell_current()

    def _tell_current(self) -> None:
        row = self._current()
        self.about.tell(row, editable=self._matrix.editable)
        self._say(words.finding_words(row.findings[0]) if row is not None and row.findings else "")
        self.forget.setVisible(row is not None and row.unsaved)

    def _say(self, text: str) -> None:
        self.finding.set_text(text)
        self.finding.setVisible(bool(text))
        self._mark.setVisible(bool(text))
        self._hint.setVisible(not text and bool(self._matrix.rows))

    def _try(self) -> None:
        lines = tuple(row.line for row in self._matrix.rows)
        TryVersion(self, lines, self._case_product).open()

    def _heights(self) -> None:
        px = theme().px
        total = px(33) + 2
        self.table.clearSpans()
        for number in range(self._model.rowCount()):
            product = isinstance(self._model.entry(number), str)
            height = px(PRODUCT_ROW if product else LINE_ROW)
            self.table.verticalHeader().setMinimumSectionSize(px(PRODUCT_ROW))
            self.table.verticalHeader().resizeSection(number, height)
            if product:
                self.table.setSpan(number, 0, 1, len(COLUMNS))
            if number < _TALLEST + 2:
                total += height
        self.table.setFixedHeight(total)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme().px(760)
        self._cards.setDirection(QVBoxLayout.Direction.TopToBottom if narrow else QVBoxLayout.Direction.LeftToRight)
        self.table.setColumnHidden(len(COLUMNS) - 1, narrow)
        self.table.setColumnHidden(5, self.width() < theme().px(620))
