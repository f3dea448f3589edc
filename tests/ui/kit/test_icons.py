"""Icons: all there, all of one hand, recoloured with the theme, crisp at every ratio."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from ui.kit.icons import icon, icon_folder, icon_pixmap
from ui.kit.theme import apply_theme

NEEDED = [
    "desk",
    "cases",
    "release",
    "calendar",
    "dataset",
    "people",
    "audit",
    "settings",
    "lock",
    "unlock",
    "search",
    "plus",
    "minus",
    "close",
    "check",
    "check-circle",
    "circle",
    "circle-part",
    "octagon-alert",
    "triangle-alert",
    "info",
    "help",
    "clock",
    "pause",
    "history",
    "mail",
    "send",
    "megaphone",
    "globe",
    "flag",
    "key",
    "card",
    "eye",
    "eye-off",
    "laptop",
    "copy",
    "export",
    "import",
    "file",
    "attachment",
    "link",
    "external",
    "filter",
    "sort",
    "columns",
    "bookmark",
    "pin",
    "user",
    "more",
    "edit",
    "archive",
    "offline",
    "bug",
    "branch",
    "diff",
    "shield",
    "ban",
    "zoom-in",
    "zoom-out",
    "menu",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "chevron-down",
    "bold",
    "italic",
    "code",
    "list",
    "undo",
    "print",
    "trash",
    "drag",
    "enter",
    "logo",
]


def inked(image: QImage) -> set[str]:
    """The colours of the pixels that are fully covered."""
    found = set()
    for x in range(image.width()):
        for y in range(image.height()):
            colour = image.pixelColor(x, y)
            if colour.alpha() == 255:
                found.add(colour.name())
    return found


def test_every_icon_that_the_look_names_is_there() -> None:
    assert set(NEEDED) - {path.stem for path in icon_folder().glob("*.svg")} == set()


@pytest.mark.parametrize("name", NEEDED)
def test_each_is_a_line_drawing_on_the_same_grid(name: str) -> None:
    text = (icon_folder() / f"{name}.svg").read_text(encoding="utf-8")
    assert 'viewBox="0 0 24 24"' in text
    assert 'fill="none"' in text
    assert "currentColor" in text
    assert re.search(r"<(script|image|style|a)\b|href|url\(", text) is None


def test_every_icon_draws_something(qapp: QApplication) -> None:
    empty = [name for name in NEEDED if not inked(icon_pixmap(name, QColor("#112233"), 32, 2.0).toImage())]
    assert empty == []


def test_a_pixmap_has_the_pixels_of_its_screen(qapp: QApplication) -> None:
    pixmap = icon_pixmap("search", QColor("#112233"), 16, 1.5)
    assert pixmap.width() == 24
    assert pixmap.devicePixelRatio() == 1.5
    assert inked(icon_pixmap("search", QColor("#112233"), 16, 2.0).toImage()) <= {"#112233"}


def test_an_icon_takes_the_colour_of_the_theme_it_is_drawn_in(qapp: QApplication) -> None:
    hub = apply_theme(qapp, "light")
    shown = icon("cases", "accent")
    light = inked(shown.pixmap(QSize(32, 32), 2.0).toImage())
    hub.set_look("dark", 1.0)
    dark = inked(shown.pixmap(QSize(32, 32), 2.0).toImage())
    hub.set_look("light", 1.0)
    assert light == {"#0a6783"}
    assert dark == {"#62b9d6"}


def test_a_disabled_icon_is_muted_and_a_copied_one_still_draws(qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    copied = QIcon(icon("cases", "accent"))
    assert inked(copied.pixmap(QSize(32, 32), 2.0, QIcon.Mode.Disabled).toImage()) == {"#596571"}


@pytest.mark.parametrize("name", ["../secret", "Cases", "", "a/b", "a.svg"])
def test_a_name_that_is_no_name_is_refused(qapp: QApplication, name: str) -> None:
    with pytest.raises(ValueError, match="no name of an icon"):
        icon_pixmap(name, QColor("#112233"), 16)
