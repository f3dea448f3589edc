"""The controls of a form, each with a value that can be read, set and watched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.untrusted import safe_line
from app.domain.values import Blob
from ui.kit.names import named
from ui.kit.theme import theme
from ui.screens.case.form import Column, Entry
from ui.widgets.button import Button, LinkButton, button, icon_button
from ui.widgets.check_box import CheckBox
from ui.widgets.combo import Combo
from ui.widgets.field import Field, LineEdit, TextArea
from ui.widgets.plain_label import PlainLabel

translate = QCoreApplication.translate

Touched = Callable[[str], None]


class Control(Protocol):
    """One entry of a form on the screen."""

    @property
    def widget(self) -> QWidget: ...
    @property
    def focus(self) -> QWidget:
        """Where typing begins."""
        ...

    def value(self) -> Any: ...
    def set_value(self, value: Any) -> None: ...
    def say(self, helper: str, error: str) -> None:
        """The words below the control: an error, or else a helper."""
        ...


class TextControl:
    """A line, or several lines, of text; an instant is a line too."""

    def __init__(self, entry: Entry, name: str, touched: Touched) -> None:
        self._edit: LineEdit | TextArea
        if entry.kind in ("area", "fact"):
            area = TextArea(lines=entry.lines, mono=entry.mono)
            area.setReadOnly(entry.kind == "fact")
            area.textChanged.connect(lambda: touched(entry.key))
            self._edit = area
            self._field: Field[Any] = Field(entry.label, area, helper=entry.helper, object_name=name)
        else:
            line = LineEdit(mono=entry.mono)
            line.textChanged.connect(lambda _text: touched(entry.key))
            self._edit = line
            self._field = Field(entry.label, line, helper=entry.helper, object_name=name)

    @property
    def widget(self) -> QWidget:
        return self._field

    @property
    def focus(self) -> QWidget:
        return self._edit

    def value(self) -> str:
        return self._edit.text() if isinstance(self._edit, LineEdit) else self._edit.toPlainText()

    def set_value(self, value: Any) -> None:
        text = str(value or "")
        if isinstance(self._edit, LineEdit):
            self._edit.setText(text)
        else:
            self._edit.setPlainText(text)

    def say(self, helper: str, error: str) -> None:
        if error:
            self._field.set_error(error)
        else:
            self._field.set_helper(helper)


class ChoiceControl:
    """One of a few words."""

    def __init__(self, entry: Entry, name: str, touched: Touched) -> None:
        self._combo = Combo([(words, value) for value, words in entry.choices])
        self._combo.currentIndexChanged.connect(lambda _index: touched(entry.key))
        self._field = Field(entry.label, self._combo, helper=entry.helper, object_name=name)

    @property
    def widget(self) -> QWidget:
        return self._field

    @property
    def focus(self) -> QWidget:
        return self._combo

    def value(self) -> str:
        return str(self._combo.currentData() or "")

    def set_value(self, value: Any) -> None:
        self._combo.choose(str(value or ""))

    def say(self, helper: str, error: str) -> None:
        if error:
            self._field.set_error(error)
        else:
            self._field.set_helper(helper)


class CheckControl:
    """A yes or no."""

    def __init__(self, entry: Entry, name: str, touched: Touched) -> None:
        self._box = named(CheckBox(entry.label), name, entry.label)
        self._box.toggled.connect(lambda _on: touched(entry.key))

    @property
    def widget(self) -> QWidget:
        return self._box

    @property
    def focus(self) -> QWidget:
        return self._box

    def value(self) -> bool:
        return self._box.isChecked()

    def set_value(self, value: Any) -> None:
        self._box.setChecked(bool(value))

    def say(self, helper: str, error: str) -> None:
        self._box.setAccessibleDescription(error or helper)


class FileControl:
    """A file: one that is in the store already (a Blob), or one chosen now (a Path)."""

    def __init__(
        self, entry: Entry, name: str, touched: Touched, choose: Callable[[Callable[[Path], None]], None]
    ) -> None:
        self._entry = entry
        self._touched = touched
        self._value: Path | Blob | None = None
        self._holder = QWidget()
        row = QHBoxLayout(self._holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._shown = PlainLabel("", "body", "text-2", elide=Qt.TextElideMode.ElideMiddle)
        words = translate("case", "Choose file…")
        self._button = button(
            words, "secondary", name, lambda: choose(self._chosen), icon="attachment", spoken=entry.label
        )
        self._drop = icon_button(
            "close", f"{name}.drop", translate("case", "Take the file away"), lambda: self._set(None)
        )
        row.addWidget(self._button)
        row.addWidget(self._shown, 1)
        row.addWidget(self._drop)
        self._field = Field(entry.label, self._holder, helper=entry.helper)
        self.set_value(None)

    @property
    def widget(self) -> QWidget:
        return self._field

    @property
    def focus(self) -> QWidget:
        return self._button

    def value(self) -> Path | Blob | None:
        return self._value

    def set_value(self, value: Any) -> None:
        self._value = value if isinstance(value, Path | Blob) else None
        none = translate("case", "No file")
        self._shown.setText(safe_line(self._value.name, 120) if self._value is not None else none)
        self._drop.setVisible(self._value is not None)

    def say(self, helper: str, error: str) -> None:
        self._field.note.setText(error or helper)
        self._field.note.set_style("caption", "overdue" if error else "muted")
        self._field.note.setVisible(bool(error or helper))

    def _set(self, value: Path | None) -> None:
        self.set_value(value)
        self._touched(self._entry.key)

    def _chosen(self, path: Path) -> None:
        self._set(path)


@final
class _Row:
    """One row of a list: its fields and the button that takes it away."""

    def __init__(self, owner: RowsControl, number: int) -> None:
        self.widget = QWidget()
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        row = QHBoxLayout(self.widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for column in owner.columns:
            made = owner.make(column, number)
            self.fields[column.key] = made
            row.addWidget(made, column.stretch)
        words = translate("case", "Take row {number} away").format(number=number + 1)
        self.drop = icon_button("close", f"{owner.name}.{number}.drop", words, lambda: owner.remove(self), size="row")
        row.addWidget(self.drop)

    def value(self) -> dict[str, str]:
        return {
            key: str(made.currentData() or "") if isinstance(made, QComboBox) else made.text().strip()
            for key, made in self.fields.items()
        }


class RowsControl:
    """A list of small rows that grows and shrinks."""

    def __init__(self, entry: Entry, name: str, touched: Touched) -> None:
        self.columns = entry.columns
        self.name = name
        self._key = entry.key
        self._touched = touched
        self._rows: list[_Row] = []
        self._made = 0
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme().px(6))
        self._add: Button | LinkButton = named(LinkButton(entry.add, icon="plus"), f"{name}.add", entry.add)
        self._add.clicked.connect(self._append_focused)
        self._column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self._field = Field(entry.label, self._holder, helper=entry.helper)

    @property
    def widget(self) -> QWidget:
        return self._field

    @property
    def focus(self) -> QWidget:
        return next(iter(self._rows[0].fields.values())) if self._rows else self._add

    def value(self) -> tuple[dict[str, str], ...]:
        """The rows that have something typed in them."""
        typed = [column.key for column in self.columns if not column.choices]
        rows = (row.value() for row in self._rows)
        return tuple(row for row in rows if any(row[key] for key in typed))

    def set_value(self, value: Any) -> None:
        for row in list(self._rows):
            self.remove(row)
        for given in value or ():
            self._append(dict(given))

    def say(self, helper: str, error: str) -> None:
        self._field.note.setText(error or helper)
        self._field.note.set_style("caption", "overdue" if error else "muted")
        self._field.note.setVisible(bool(error or helper))

    def make(self, column: Column, number: int) -> QLineEdit | QComboBox:
        """A field of a row."""
        made: QLineEdit | QComboBox
        if column.choices:
            combo = Combo([(words, value) for value, words in column.choices], size="row")
            combo.currentIndexChanged.connect(lambda _index: self._touched(self._key))
            made = combo
        else:
            line = LineEdit(column.label, size="row")
            line.textChanged.connect(lambda _text: self._touched(self._key))
            made = line
        return named(made, f"{self.name}.{number}.{column.key}", column.label)

    def remove(self, row: _Row) -> None:
        self._rows.remove(row)
        self._column.removeWidget(row.widget)
        # Hidden first: a row that its layout is about to show would flash up as a window of its own.
        row.widget.hide()
        row.widget.setParent(None)
        row.widget.deleteLater()
        self._touched(self._key)

    def _append(self, given: dict[str, Any]) -> _Row:
        row = _Row(self, self._made)
        self._made += 1
        for key, made in row.fields.items():
            if isinstance(made, Combo):
                made.choose(str(given.get(key, "")))
            elif isinstance(made, QLineEdit):
                made.setText(str(given.get(key, "")))
        self._rows.append(row)
        self._column.insertWidget(len(self._rows) - 1, row.widget)
        self._touched(self._key)
        return row

    def _append_focused(self) -> None:
        row = self._append({})
        next(iter(row.fields.values())).setFocus(Qt.FocusReason.TabFocusReason)


def make_control(
    entry: Entry, name: str, touched: Touched, choose: Callable[[Callable[[Path], None]], None]
) -> Control:
    """The control of an entry; `name` is its object name."""
    if entry.kind == "choice":
        return ChoiceControl(entry, name, touched)
    if entry.kind == "check":
        return CheckControl(entry, name, touched)
    if entry.kind == "rows":
        return RowsControl(entry, name, touched)
    if entry.kind == "file":
        return FileControl(entry, name, touched, choose)
    return TextControl(entry, name, touched)
