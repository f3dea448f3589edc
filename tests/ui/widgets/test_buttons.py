"""Buttons and other controls that act: focus seen by keyboard, names, states, keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QPalette
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.kit.theme import apply_theme, theme
from ui.kit.tokens import Tone
from ui.widgets.button import Button, Kind, LinkButton, button, icon_button
from ui.widgets.check_box import CheckBox, RadioButton
from ui.widgets.checklist import ChecklistStep, NextStepCard, Urgency
from ui.widgets.combo import Combo
from ui.widgets.field import Field, LineEdit, TextArea
from ui.widgets.plain_label import PlainLabel
from ui.widgets.secret_field import SecretField
from ui.widgets.segmented import SegmentedSwitch
from ui.widgets.tabs import Tabs
from ui.widgets.toast import Toast


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    apply_theme(qapp, "light")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(400, 300)
    qtbot.addWidget(made)
    return made


def laid(window: QWidget, *widgets: QWidget) -> None:
    row = QHBoxLayout(window)
    for widget in widgets:
        row.addWidget(widget)
    window.show()
    QApplication.processEvents()


def spoken(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def ring(window: QWidget) -> QWidget | None:
    shown = [found for found in window.findChildren(QWidget, "focusRing") if found.isVisible()]
    assert len(shown) <= 1
    return shown[0] if shown else None


def test_focus_by_tab_is_outlined_outside_and_focus_by_mouse_is_not(window: QWidget, qtbot: QtBot) -> None:
    first, second = Button("First"), Button("Second", "primary")
    laid(window, first, second)
    first.clearFocus()
    first.setFocus(Qt.FocusReason.MouseFocusReason)
    assert ring(window) is None
    second.setFocus(Qt.FocusReason.TabFocusReason)
    outline = ring(window)
    assert outline is not None
    assert outline.geometry() == second.geometry().adjusted(-4, -4, 4, 4)
    second.clearFocus()
    assert ring(window) is None


def test_the_outline_follows_a_control_that_moves_and_goes_with_one_that_hides(window: QWidget) -> None:
    control = Button("Act")
    laid(window, control)
    control.setFocus(Qt.FocusReason.TabFocusReason)
    window.resize(600, 500)
    QApplication.processEvents()
    outline = ring(window)
    assert outline is not None
    assert outline.geometry() == control.geometry().adjusted(-4, -4, 4, 4)
    control.hide()
    assert ring(window) is None


def test_the_outline_stays_inside_the_scroll_area_of_its_control(window: QWidget) -> None:
    area, inside = QScrollArea(), QWidget()
    control = Button("Act")
    QVBoxLayout(inside).addWidget(control)
    area.setWidget(inside)
    laid(window, area)
    control.setFocus(Qt.FocusReason.TabFocusReason)
    outline = ring(window)
    assert outline is not None
    assert outline.parentWidget() is area.viewport()


def test_a_button_that_dies_with_the_focus_takes_its_outline_along(window: QWidget) -> None:
    control = Button("Act")
    laid(window, control)
    control.setFocus(Qt.FocusReason.TabFocusReason)
    control.setParent(None)
    control.deleteLater()
    QApplication.processEvents()
    assert ring(window) is None


@pytest.mark.parametrize("kind", ["primary", "secondary", "soft", "ghost", "danger"])
def test_every_kind_paints_and_is_thirty_high(kind: Kind, qtbot: QtBot) -> None:
    made = Button("Write reply", kind, icon="mail")
    qtbot.addWidget(made)
    assert made.sizeHint().height() == 30
    assert Button("x", kind, size="row").sizeHint().height() == 28
    assert Button("x", kind, size="large").sizeHint().height() == 40
    assert not made.grab().isNull()


def test_a_button_has_room_for_longer_words_and_larger_text(qapp: QApplication, qtbot: QtBot) -> None:
    made = Button("Request CVE")
    qtbot.addWidget(made)
    before = made.sizeHint()
    hub = apply_theme(qapp, "light", 1.5)
    assert made.sizeHint().width() > before.width() * 1.3
    assert made.sizeHint().height() == 45
    hub.set_look("light", 1.0)
    made.setText("Request a CVE number now")
    assert made.sizeHint().width() > before.width()


def test_primary_and_disabled_are_told_apart_by_ground(qtbot: QtBot) -> None:
    made = Button("Unlock", "primary")
    qtbot.addWidget(made)
    made.resize(100, 30)
    lit = made.grab().toImage().pixelColor(50, 3).name()
    made.setEnabled(False)
    assert (lit, made.grab().toImage().pixelColor(50, 3).name()) == ("#0a6783", "#f1f3f5")


def test_buttons_are_named_for_tests_and_for_people(qtbot: QtBot) -> None:
    acted: list[int] = []
    act = button("Write reply", "primary", "desk.reply", lambda: acted.append(1), spoken="Write reply to H-2099-001")
    copy = icon_button("copy", "case.copy", "Copy the reference", lambda: acted.append(2))
    for made in (act, copy):
        qtbot.addWidget(made)
        qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    assert (act.objectName(), spoken(act)) == ("desk.reply", "Write reply to H-2099-001")
    assert (copy.objectName(), spoken(copy)) == ("case.copy", "Copy the reference")
    assert "Copy the reference" in copy.toolTip()
    assert acted == [1, 2]


def test_a_link_acts_on_click_and_on_space(qtbot: QtBot) -> None:
    acted: list[int] = []
    link = LinkButton("Open calendar")
    qtbot.addWidget(link)
    link.clicked.connect(lambda: acted.append(1))
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    qtbot.keyClick(link, Qt.Key.Key_Space)
    assert acted == [1, 1]
    assert spoken(link) == "Open calendar"


def test_everything_that_can_have_the_focus_has_a_name(window: QWidget) -> None:
    tabs = Tabs()
    tabs.add("a", "Affected", "7")
    tabs.setAccessibleName("Parts of the case")
    switch = SegmentedSwitch([("mine", "Mine"), ("all", "Everyone")], "desk.whose", "Whose work")
    secret = SecretField()
    secret.name("unlock.passphrase", "Passphrase")
    laid(
        window,
        Button("Act"),
        LinkButton("Link"),
        Field("Title", LineEdit()),
        Field("Reason", TextArea()),
        Field("Severity", Combo([("High", "high")])),
        CheckBox("Remember"),
        RadioButton("Dark"),
        ChecklistStep("Acknowledged", "done", "Mon 9 Nov"),
        tabs,
        switch,
        secret,
    )
    focusable = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.focusProxy() is None
    ]
    unnamed = [type(widget).__name__ for widget in focusable if not spoken(widget)]
    assert len(focusable) >= 11
    assert unnamed == []


def test_tabs_move_with_the_arrows_and_say_their_count(qtbot: QtBot) -> None:
    tabs = Tabs()
    for key, words, count in (("o", "Overview", ""), ("a", "Affected", "7"), ("h", "R&D", "")):
        tabs.add(key, words, count)
    qtbot.addWidget(tabs)
    tabs.show()
    tabs.setFocus()
    qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert tabs.current_key == "a"
    assert tabs.accessibleTabName(1) == "Affected, 7"
    tabs.set_count("a", "8")
    assert tabs.accessibleTabName(1) == "Affected, 8"
    tabs.choose("h")
    assert tabs.accessibleTabName(2) == "R&D"
    assert not tabs.grab().isNull()


def test_a_count_widens_its_tab(qtbot: QtBot) -> None:
    tabs = Tabs()
    tabs.add("a", "Affected")
    tabs.add("b", "Fixes")
    qtbot.addWidget(tabs)
    tabs.show()
    before = tabs.tabRect(1).x()
    tabs.set_count("a", "1,204")
    QApplication.processEvents()
    assert tabs.tabRect(1).x() > before + 20


def test_a_switch_has_one_choice_and_arrows_move_it(window: QWidget, qtbot: QtBot) -> None:
    switch = SegmentedSwitch([("mine", "Mine"), ("all", "Everyone"), ("wait", "Waiting")], "s", "Whose")
    laid(window, switch)
    told: list[str] = []
    switch.changed.connect(told.append)
    chosen = window.findChild(QWidget, "s.mine")
    assert chosen is not None
    qtbot.keyClick(chosen, Qt.Key.Key_Right)
    assert switch.key == "all"
    switch.choose("wait")
    assert told == ["all", "wait"]
    stops = [key for key in ("mine", "all", "wait") if _tabbed(window, f"s.{key}")]
    assert stops == ["wait"]


def _tabbed(window: QWidget, name: str) -> bool:
    found = window.findChild(QWidget, name)
    return found is not None and bool(found.focusPolicy() & Qt.FocusPolicy.TabFocus)


def test_a_combo_ignores_the_wheel_and_chooses_by_value(window: QWidget) -> None:
    combo = Combo([("High", "high"), ("Low", "low")])
    laid(window, combo)
    combo.choose("low")
    assert combo.currentText() == "Low"
    combo.choose("no such")
    assert combo.currentText() == "Low"


def test_a_toast_offers_one_way_back_and_stays_at_the_foot(window: QWidget, qtbot: QtBot) -> None:
    toast = Toast(window)
    window.show()
    undone: list[str] = []
    toast.say("Fix stored", "Undo", lambda: undone.append("undone"))
    assert toast.isVisible()
    assert toast.geometry().bottom() < window.height()
    qtbot.mouseClick(toast.action, Qt.MouseButton.LeftButton)
    assert undone == ["undone"]
    assert not toast.isVisible()
    toast.say("Copied")
    assert not toast.action.isVisible()
    window.resize(700, 500)
    QApplication.processEvents()
    assert toast.geometry().bottom() > 400


def test_a_next_step_says_everything_in_its_name(window: QWidget) -> None:
    card = NextStepCard()
    card.add_action(Button("Decide 20.x", "primary"))
    card.say("List all affected versions", "Due Thu 26 Nov", "1 line open")
    laid(window, card)
    assert card.accessibleName() == "List all affected versions. Due Thu 26 Nov. 1 line open"
    assert not card.grab().isNull()


def test_a_step_can_be_clicked_and_says_its_note(window: QWidget, qtbot: QtBot) -> None:
    step = ChecklistStep("Fixes held", "part", "3 of 5", share=0.6)
    laid(window, step)
    went: list[int] = []
    step.clicked.connect(lambda: went.append(1))
    qtbot.mouseClick(step, Qt.MouseButton.LeftButton, pos=QPoint(40, 10))
    assert went == [1]
    assert spoken(step) == "Fixes held, 3 of 5"


@pytest.mark.parametrize(("urgency", "ground"), [("soon", "accent"), ("today", "accent"), ("overdue", "overdue")])
def test_only_a_late_next_step_stands_on_the_ground_of_what_is_overdue(
    window: QWidget, urgency: Urgency, ground: Tone
) -> None:
    card = NextStepCard()
    card.say("Write the reply", "Due Thu 26 Nov", urgency=urgency)
    laid(window, card)
    picture = card.grab().toImage()
    assert picture.pixelColor(picture.width() // 2, picture.height() - 5) == theme().tone(ground).soft
    due = next(label for label in card.findChildren(PlainLabel) if label.text() == "Due Thu 26 Nov")
    ink = theme().colour("text-2" if urgency == "soon" else urgency)
    assert due.palette().color(QPalette.ColorRole.WindowText) == ink
