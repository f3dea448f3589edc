"""The dialog that shows a form: says what is wrong while somebody types, keeps what was typed, does it once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol, final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.errors import AppError
from app.presenters.case_forms import Values, field_of
from ui.kit.dialog_frame import FORM, WIDE, Dialog
from ui.kit.names import named
from ui.kit.theme import theme
from ui.screens.case.facts import clear_widget
from ui.screens.case.form import Entry, Form
from ui.screens.case.form_fields import Control, make_control
from ui.widgets.button import Button
from ui.widgets.paragraph import Paragraph
from ui.widgets.tip import set_tip

_FRAME: Final = 170
"""What the dialog needs above and below its fields."""


class FormPort(Protocol):
    """What a form asks of its page."""

    def judge(self, form: Form, values: Values) -> AppError | None:
        """What the rules would say to these values."""
        ...

    def explain(self, key: str, values: Values) -> str:
        """The helper of a field that depends on what was typed, such as a score; empty keeps the fixed one."""
        ...

    def error_text(self, problem: Exception) -> str:
        """An error in words."""
        ...

    def submit(self, form: Form, values: Values, done: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        """Carry it out; calls exactly one of the two, later."""
        ...

    def keep(self, form: Form, values: Values | None) -> None:
        """Keep what was typed for the next time, or forget it."""
        ...

    def copy(self, text: str) -> None: ...
    def choose_file(self, form: Form, then: Callable[[Path], None]) -> None: ...


@final
class _Fields(QScrollArea):
    """The fields, scrolled only where the window is too low for them."""

    def __init__(self, dialog: Dialog, width: int) -> None:
        super().__init__()
        self._dialog = dialog
        self._wide = width
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = clear_widget()
        self.viewport().setProperty("kind", "clear")
        self.column = QVBoxLayout(inner)
        # Their outlines lie inside of the fields, so that these stand below the words of the form.
        self.column.setContentsMargins(0, 3, 3, 3)
        self.column.setSpacing(theme().px(12))
        self.setWidget(inner)

    @override
    def sizeHint(self) -> QSize:
        inner = self.column.totalSizeHint()
        parent = self._dialog.parentWidget()
        room = parent.window().height() if parent else theme().px(800)
        wanted = self.column.totalHeightForWidth(theme().px(self._wide - 60)) if self.column.hasHeightForWidth() else 0
        # A row of fields may be taller than what its layout says to be enough for a width.
        height = max(inner.height(), wanted, self.column.totalMinimumSize().height()) + 2
        return QSize(inner.width(), max(theme().px(80), min(height, room - theme().px(_FRAME))))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


@final
class FormDialog(Dialog):
    """One form. Object names: `form.VERB.FIELD`, `form.VERB.act`, `form.VERB.safe`, `form.VERB.copy`."""

    def __init__(self, parent: QWidget, form: Form, values: Values, port: FormPort) -> None:
        super().__init__(
            parent,
            name=f"form.{form.verb}",
            title=form.title,
            icon=form.icon or ("triangle-alert" if form.risky else ""),
            warns=form.risky,
            width=WIDE if form.wide else FORM,
        )
        self._form = form
        self._port = port
        self._controls: dict[str, Control] = {}
        self._touched: set[str] = set()
        self._busy = False
        self._filling = True
        self._fields = _Fields(self, WIDE if form.wide else FORM)
        if form.body:
            self.content.addWidget(Paragraph(form.body, "body", "text-2"))
        if form.entries:
            self.content.addWidget(self._fields, 1)
        self._make_controls()
        self._problem = named(Paragraph("", "small", "overdue"), f"form.{form.verb}.problem", "")
        self._problem.hide()
        self.content.addWidget(self._problem)
        self._make_choices()
        for key, value in values.items():
            if key in self._controls:
                self._controls[key].set_value(value)
        self._filling = False
        self._first = self.values()
        self._judge()

    def values(self) -> Values:
        """What stands in the fields now."""
        shown = {entry.key: entry for entry in self._form.entries}
        return {k: c.value() for k, c in self._controls.items() if shown[k].kind != "fact"}

    @override
    def open(self) -> None:
        super().open()
        first = next((c for k, c in self._controls.items() if self._kind(k) != "fact"), None)
        if first is not None:
            first.focus.setFocus(Qt.FocusReason.TabFocusReason)

    @override
    def accept(self) -> None:
        """Carry the form out; the dialog closes only when that worked."""
        if self._busy:
            return
        self._touched.update(self._controls)
        if self._judge() is not None:
            return
        self._set_busy(busy=True)
        self._port.submit(self._form, self.values(), self._done, self._failed)

    @override
    def reject(self) -> None:
        if self._busy:
            return
        self.keep_typed()
        super().reject()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter makes a new line in a text of several lines, so there is a key that always does it.
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.accept()
            return
        super().keyPressEvent(event)

    def put_away(self) -> None:
        """Close without an answer, also while the command is under way, as when the page is left for good."""
        if not self._busy:
            self.keep_typed()
        super().reject()

    def keep_typed(self) -> None:
        """Keep what was typed, as when the page is left or the store locks."""
        typed = self.values()
        if typed != self._first:
            self._port.keep(self._form, typed)

    def _kind(self, key: str) -> str:
        entry = self._form.entry(key)
        return entry.kind if entry else ""

    def _make_controls(self) -> None:
        row: QHBoxLayout | None = None
        for entry in self._form.entries:
            control = self._make(entry)
            self._controls[entry.key] = control
            if not entry.beside or row is None:
                row = QHBoxLayout()
                row.setSpacing(theme().px(12))
                self._fields.column.addLayout(row)
            row.addWidget(control.widget, 1, Qt.AlignmentFlag.AlignTop)

    def _make(self, entry: Entry) -> Control:
        name = f"form.{self._form.verb}.{entry.key}"
        return make_control(entry, name, self._touch, lambda then: self._port.choose_file(self._form, then))

    def _make_choices(self) -> None:
        if self._form.copies:
            words = self.tr("Copy text")
            copy = named(Button(words, "ghost", icon="copy"), f"form.{self._form.verb}.copy", words)
            copy.clicked.connect(self._copy)
            self.footer.insertWidget(0, copy)
        self.add_safe(self.tr("Cancel"), "primary" if self._form.risky else "secondary")
        self._act = self.add_act(self._form.act, "danger" if self._form.risky else "primary")

    def _copy(self) -> None:
        self._port.copy(str(self._controls[self._form.copies].value()))

    def _touch(self, key: str) -> None:
        if self._filling:
            return
        self._touched.add(key)
        self._judge()

    def _judge(self) -> AppError | None:
        values = self.values()
        problem = self._port.judge(self._form, values)
        field = field_of(problem) if problem is not None else ""
        words = self._port.error_text(problem) if problem is not None else ""
        for key, control in self._controls.items():
            entry = self._form.entry(key)
            fixed = entry.helper if entry else ""
            wrong = words if key == field and key in self._touched else ""
            control.say(self._port.explain(key, values) or fixed, wrong)
        # A refusal that is about no field of this form concerns the whole of it; that nothing was changed yet is none.
        whole = problem is not None and field not in self._controls
        if problem is not None and problem.code == "change.nothing" and not self._touched:
            whole = False
        self._say(words if whole else "")
        self._act.setEnabled(problem is None)
        set_tip(self._act, words)
        # A helper that came or went changes the height of its field, and no scroll area tells its layout so.
        self._fields.updateGeometry()
        return problem

    def _say(self, words: str) -> None:
        self._problem.set_text(words)
        self._problem.setVisible(bool(words))

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self._act.setEnabled(not busy)
        self._fields.setEnabled(not busy)

    def _done(self) -> None:
        self._busy = False
        self._port.keep(self._form, None)
        super().accept()

    def _failed(self, problem: Exception) -> None:
        self._set_busy(busy=False)
        words = self._port.error_text(problem)
        control = self._controls.get(field_of(problem))
        if control is not None:
            control.say("", words)
            control.focus.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._say(words)
        self._port.keep(self._form, self.values())


def storable(values: Values) -> dict[str, Any]:
    """What can be kept as a draft: texts, truths and rows, no files."""
    return {k: v for k, v in values.items() if isinstance(v, str | bool | tuple | list)}
