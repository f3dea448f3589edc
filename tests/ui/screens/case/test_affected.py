"""The matrix of lines under the keyboard: one key decides, fields are there in the current row only."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.commands import case_commands as c
from app.domain.values import AffectedLine
from app.presenters.case_affected import Key
from app.presenters.target import Target
from tests.case_world import HOSTILE, CaseWorld
from ui.kit.theme import hub
from ui.screens.case.affected import AffectedTab
from ui.screens.case.affected_model import COLUMNS, MatrixModel
from ui.screens.case.try_version import TryVersion
from ui.screens.case.view import CaseScreen

Show = Callable[[CaseWorld], tuple[CaseScreen, AffectedTab]]
OPEN: Key = ("", "20.x")


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    """Opens the affected tab of a world's case."""
    made: list[CaseScreen] = []

    def opened(world: CaseWorld) -> tuple[CaseScreen, AffectedTab]:
        page = CaseScreen(world.context(hub()), world.ref)
        qtbot.addWidget(page)
        page.resize(1400, 850)
        page.show()
        page.open(Target(page="case", ref=world.ref, tab="affected"))
        qtbot.waitExposed(page)
        made.append(page)
        tab = page.findChild(AffectedTab)
        assert tab is not None
        return page, tab

    yield opened
    for page in made:
        page.close()


def worked() -> CaseWorld:
    return CaseWorld().receive().triage().list_lines()


def stored(world: CaseWorld, key: Key = OPEN) -> AffectedLine:
    return next(line for line in world.case.lines if (line.product, line.line) == key)


def field(tab: AffectedTab, name: str) -> QLineEdit:
    """A field of the row in hand."""
    found = [e for e in tab.table.findChildren(QLineEdit, f"case.affected.{name}") if e.isVisible()]
    assert len(found) == 1
    return found[0]


def test_the_first_undecided_line_is_in_hand(show: Show) -> None:
    _, tab = show(worked())
    assert tab.table.currentIndex().siblingAtColumn(0).data() == "20.x"


@pytest.mark.parametrize(
    ("key", "status"),
    [
        (Qt.Key.Key_A, "affected"),
        (Qt.Key.Key_N, "not-affected"),
        (Qt.Key.Key_U, "unsupported"),
    ],
)
def test_one_key_decides_the_line_in_hand(show: Show, qtbot: QtBot, key: Qt.Key, status: str) -> None:
    world = worked()
    _, tab = show(world)
    qtbot.keyClick(tab.table, key)
    assert stored(world).status == status


def test_a_letter_in_a_field_is_only_a_letter(show: Show, qtbot: QtBot) -> None:
    world = worked()
    _, tab = show(world)
    qtbot.keyClick(tab.table, Qt.Key.Key_Return)
    qtbot.keyClicks(field(tab, "introduced"), "20.0.0-a")
    assert stored(world).status == "investigating"
    assert field(tab, "introduced").text() == "20.0.0-a"


def test_fields_are_there_in_the_row_in_hand_only(show: Show, qtbot: QtBot) -> None:
    _, tab = show(worked())
    before = field(tab, "fixed")
    qtbot.keyClick(tab.table, Qt.Key.Key_Down)
    assert tab.table.currentIndex().siblingAtColumn(0).data() == "18.x"
    assert field(tab, "introduced").text() == "18.4.0"
    assert before is not field(tab, "fixed")


def test_leaving_the_row_saves_what_was_typed(show: Show, qtbot: QtBot) -> None:
    world = worked()
    _, tab = show(world)
    qtbot.keyClick(tab.table, Qt.Key.Key_Return)
    qtbot.keyClicks(field(tab, "introduced"), "20.0.0")
    qtbot.keyClick(field(tab, "introduced"), Qt.Key.Key_Down)
    assert stored(world).introduced == "20.0.0"


def test_enter_saves_and_goes_on_in_the_same_column(show: Show, qtbot: QtBot) -> None:
    world = worked()
    _, tab = show(world)
    qtbot.keyClick(tab.table, Qt.Key.Key_F2)
    qtbot.keyClicks(field(tab, "introduced"), "20.0.0")
    qtbot.keyClick(field(tab, "introduced"), Qt.Key.Key_Return)
    assert stored(world).introduced == "20.0.0"
    assert tab.table.currentIndex().siblingAtColumn(0).data() == "18.x"


def test_a_contradiction_is_said_at_once_and_the_text_stays(show: Show, qtbot: QtBot) -> None:
    world = worked()
    page, tab = show(world)
    qtbot.keyClick(tab.table, Qt.Key.Key_Return)
    qtbot.keyClicks(field(tab, "introduced"), "20.5.0")
    qtbot.keyClicks(field(tab, "fixed"), "20.1.0")
    assert "20.5.0" in tab.finding.text
    assert field(tab, "introduced").property("problem")
    qtbot.keyClick(field(tab, "fixed"), Qt.Key.Key_Up)
    assert stored(world).introduced == ""
    page.go("overview")
    page.go("affected")
    tab.table.setCurrentIndex(tab.table.model().index(4, 0))
    assert field(tab, "introduced").text() == "20.5.0"
    assert tab.forget.isVisible()
    tab.forget.click()
    assert field(tab, "introduced").text() == ""


def test_changes_from_elsewhere_leave_the_cursor_alone(show: Show, qtbot: QtBot) -> None:
    world = worked()
    _, tab = show(world)
    qtbot.keyClick(tab.table, Qt.Key.Key_Return)
    edit = field(tab, "introduced")
    qtbot.keyClicks(edit, "20.0.0")
    edit.setCursorPosition(2)
    world.hub.publish(world.session.desk.perform(world.ref, c.AddNote(text="meanwhile")).changes)
    assert field(tab, "introduced") is edit
    assert (edit.text(), edit.cursorPosition()) == ("20.0.0", 2)


def test_escape_goes_back_to_the_table_and_keeps_the_text(show: Show, qtbot: QtBot) -> None:
    _, tab = show(worked())
    qtbot.keyClick(tab.table, Qt.Key.Key_Return)
    qtbot.keyClicks(field(tab, "fixed"), "20")
    qtbot.keyClick(field(tab, "fixed"), Qt.Key.Key_Escape)
    assert field(tab, "fixed").text() == "20"
    assert tab.table.hasFocus() or not tab.window().isActiveWindow()


def test_leaving_the_tab_saves_the_row(show: Show, qtbot: QtBot) -> None:
    world = worked()
    page, tab = show(world)
    qtbot.keyClick(tab.table, Qt.Key.Key_Return)
    qtbot.keyClicks(field(tab, "fixed"), "20.19.6")
    page.go("history")
    assert stored(world).fixed == "20.19.6"


def test_a_note_about_the_line_is_saved_with_it(show: Show, qtbot: QtBot) -> None:
    world = worked()
    page, tab = show(world)
    qtbot.keyClicks(tab.about.note, "Parser was rewritten")
    page.save_unsaved()
    assert stored(world).note == "Parser was rewritten"


def test_a_line_that_is_not_affected_says_why(show: Show, qtbot: QtBot) -> None:
    world = worked()
    _, tab = show(world)
    qtbot.keyClick(tab.table, Qt.Key.Key_N)
    why = tab.about.why
    assert why.isVisible()
    why.setCurrentIndex(why.findData("vulnerable_code_not_present"))
    why.activated.emit(why.currentIndex())
    tab.save_unsaved()
    assert stored(world).justification == "vulnerable_code_not_present"


def test_a_line_is_taken_off_with_a_reason(show: Show, qtbot: QtBot) -> None:
    world = worked()
    _, tab = show(world)
    qtbot.keyClick(tab.table, Qt.Key.Key_Delete)
    assert world.interaction.asked[0].name == "case.affected.remove"
    assert all(line.line != "20.x" for line in world.case.lines)


def test_before_the_problem_is_confirmed_the_way_there_is_offered(show: Show) -> None:
    page, tab = show(CaseWorld().receive())
    assert not tab.add_button.isEnabled()
    assert page.findChild(QWidget, "case.affected.confirm").isVisible()  # type: ignore[union-attr]


def test_a_version_is_tried_at_every_keystroke(show: Show, qtbot: QtBot) -> None:
    page, tab = show(worked())
    tab.try_button.click()
    asked = page.window().findChild(TryVersion)
    assert asked is not None
    qtbot.keyClicks(asked.edit, "22.19.0")
    assert "Aster runtime 22.19.0 is affected" in asked.answer.text()
    asked.edit.clear()
    qtbot.keyClicks(asked.edit, "22.19.1")
    assert "22.19.1 is not affected" in asked.answer.text()


def test_hostile_names_and_notes_stay_text_and_break_nothing(show: Show) -> None:
    world = CaseWorld().receive().triage()
    line = AffectedLine(line="24.x", product=HOSTILE[:100], status="affected", note=HOSTILE)
    page, tab = show(world.do(c.SetAffected(lines=(line,))))
    assert "\u202e" not in str(tab.table.model().index(0, 0).data())
    assert page.width() == 1400


def test_the_model_keeps_the_rules_of_models(show: Show, qtmodeltester: object) -> None:
    _, tab = show(worked())
    model = tab.table.model()
    assert isinstance(model, MatrixModel)
    qtmodeltester.check(model)  # type: ignore[attr-defined]
    assert model.columnCount() == len(COLUMNS)
