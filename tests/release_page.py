"""Hands for the release page: press, type, read what it says."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget

from app.domain.release.state import Release
from tests.release_world import World
from ui.screens.case.form_dialog import FormDialog
from ui.screens.release.view import ReleaseScreen
from ui.widgets.plain_label import PlainLabel

Show = Callable[[World, str], ReleaseScreen]
HOSTILE = "<img src=file:///etc/passwd> \u202eevil\u2066 <b>bold</b> " + "W" * 120
"""HTML, direction marks and a word that never ends."""


def press(page: ReleaseScreen, name: str) -> None:
    """Press a button by its name, as a click does."""
    QApplication.processEvents()
    found = [b for b in page.widget.window().findChildren(QAbstractButton, name) if b.isVisible()]
    assert len(found) == 1, name
    assert found[0].isEnabled(), name
    found[0].click()


def form(page: ReleaseScreen) -> FormDialog:
    """The form that is open."""
    found = [d for d in page.widget.window().findChildren(FormDialog) if d.isVisible()]
    assert len(found) == 1
    return found[0]


def write(page: ReleaseScreen, name: str, text: str) -> None:
    """Type a text into a field of the open form."""
    field = form(page).findChild(QWidget, name)
    if isinstance(field, QPlainTextEdit):
        field.setPlainText(text)
    else:
        assert isinstance(field, QLineEdit), name
        field.setText(text)


def words(page: ReleaseScreen) -> str:
    """Everything that labels of the page say."""
    QApplication.processEvents()
    return "\n".join(label.text() for label in page.widget.findChildren(PlainLabel) if label.isVisible())


def kept(world: World, ref: str) -> Release:
    """The release as it is in the store now."""
    release = world.session.queries.release(ref)
    assert isinstance(release, Release)
    return release
