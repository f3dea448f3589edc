"""The manners of the release page: hostile text, names, keyboard, sizes, what it leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget

from app.domain.commands import release_commands as r
from app.domain.values import Dependency
from app.presenters.target import Target
from tests.release_page import HOSTILE, Show, words
from tests.release_world import TARGET, World
from ui.kit.theme import hub
from ui.widgets.empty_page import EmptyPage


def test_hostile_text_stays_text_everywhere(show: Show) -> None:
    world = World()
    bad = world.case(HOSTILE, complete=False)
    ref = world.release(title=HOSTILE)
    do = world.session.desk.perform
    do(ref, r.BundleCase(case=bad))
    do(ref, r.PlanLine(line="24.x", version="24.8.2", releaser=HOSTILE))
    do(ref, r.SetDependency(dependency=Dependency(name=HOSTILE[:100])))
    do(ref, r.Postpone(target=TARGET + timedelta(days=1), reason=HOSTILE))
    page = show(world, ref)
    for tab in ("dependencies", "postponed", "lines"):
        page._side.choose(tab)
        said = words(page)
        assert "\u202e" not in said
        assert "<img src=file:///etc/passwd>" in said
    assert page.widget.width() == 1230


def test_a_release_that_is_not_there_says_so(show: Show) -> None:
    page = show(World(), "R-2099-001")
    assert page.widget.findChild(EmptyPage, "release.missing") is not None


def test_only_one_button_of_the_page_is_primary(show: Show) -> None:
    world = World()
    page = show(world, world.announced())
    buttons = [b for b in page.widget.findChildren(QAbstractButton) if b.isVisible()]
    assert [b.objectName() for b in buttons if b.property("kind") == "primary"] == ["release.sheet.review"]


def test_every_control_that_tab_reaches_has_a_name_to_be_heard(show: Show) -> None:
    world = World()
    page = show(world, world.planned())
    page._side.edit_lines()
    for control in page.widget.findChildren(QWidget):
        if control.isVisible() and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
            spoken = QAccessible.queryAccessibleInterface(control)
            assert spoken is not None
            assert spoken.text(QAccessible.Text.Name), (type(control).__name__, control.objectName())


def test_f6_goes_round_the_parts_of_the_page(show: Show) -> None:
    world = World()
    page = show(world, world.planned())
    f6 = next(action for action in page.page_actions() if action.shortcut == "F6")
    seen: list[str] = []
    for _round in range(5):
        f6.run()
        seen.append(page.widget.window().focusWidget().objectName())
    assert "release.postpone" in seen
    assert "release.artefacts" in seen
    assert len(set(seen)) == 5


def test_the_page_can_be_asked_for_an_act_from_elsewhere(show: Show) -> None:
    world = World()
    ref = world.planned()
    page = show(world, ref)
    page.open(Target(page="release", ref=ref, tab="lines", act="plan-line"))
    assert page.widget.findChild(QLineEdit, "release.lines.24.x.version") is not None


def test_a_page_that_is_closed_keeps_no_text(show: Show) -> None:
    world = World()
    page = show(world, world.announced())
    page.close()
    preview = page.widget.findChild(QPlainTextEdit, "release.previewText")
    assert preview is not None
    assert preview.toPlainText() == ""
    assert page._artefacts.list.model().rowCount() == 0


def test_large_type_in_the_dark_still_says_what_matters(show: Show) -> None:
    world = World()
    page = show(world, world.announced())
    hub().set_look("dark", 1.5)
    try:
        said = words(page)
        assert "Embargo ended 2 h 32 m ago" in said
        assert "in 3 h 46 m" in said
        assert page._body.horizontalScrollBar().maximum() == 0
    finally:
        hub().set_look("light", 1.0)


@pytest.mark.parametrize("width", [720, 912, 1230, 2300])
def test_no_part_of_the_page_scrolls_sideways(show: Show, width: int) -> None:
    world = World()
    page = show(world, world.announced())
    page.widget.resize(width, 680)
    QApplication.processEvents()
    assert page._body.horizontalScrollBar().maximum() == 0
    inner: QWidget | None = page._body.widget()
    assert inner is not None
    assert inner.minimumSizeHint().width() <= width


def test_a_header_says_less_where_it_is_narrow_and_never_overlaps(show: Show) -> None:
    world = World()
    page = show(world, world.announced())
    page.widget.resize(700, 680)
    QApplication.processEvents()
    shown = [w for w in page._header.facts.findChildren(QWidget) if w.isVisible() and w.width() > 1]
    assert all(w.geometry().right() <= page._header.facts.width() for w in shown)


def test_the_menu_offers_only_what_can_be_done(show: Show) -> None:
    world = World()
    page = show(world, world.announced())
    menu = page._header.make_menu()
    usable = {action.objectName(): action.isEnabled() for action in menu.actions()}
    assert usable["release.menu.retitle-release"]
    assert not usable["release.menu.cancel-release"]
    assert not usable["release.menu.postpone"]
