"""What a person does on the case page: presses buttons by name, fills the open form."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from ui.screens.case.form_dialog import FormDialog


def press(page: QWidget, name: str) -> None:
    """Press a button by its name, as a click does."""
    found = [b for b in page.window().findChildren(QAbstractButton, name) if b.isVisible()]
    assert len(found) == 1, name
    assert found[0].isEnabled(), name
    found[0].click()


def do_step(page: QWidget, step: str) -> None:
    """Begin a step of the checklist: its row, or its card when it is the next one."""
    row = page.findChild(QAbstractButton, f"case.step.{step}")
    press(page, f"case.step.{step}" if row is not None else "case.next.act")


def form(page: QWidget) -> FormDialog:
    """The form that is open."""
    found = [d for d in page.window().findChildren(FormDialog) if d.isVisible()]
    assert len(found) == 1
    return found[0]


def write(page: QWidget, name: str, text: str) -> None:
    """Type a text into a field of the open form."""
    field = form(page).findChild(QWidget, name)
    if isinstance(field, QPlainTextEdit):
        field.setPlainText(text)
    else:
        assert isinstance(field, QLineEdit), name
        field.setText(text)


def choose(page: QWidget, name: str, value: str) -> None:
    """Choose an entry of a field of the open form."""
    field = form(page).findChild(QComboBox, name)
    assert field is not None, name
    field.setCurrentIndex(field.findData(value))
