"""The audit page: a verdict in words, findings with their meaning, history by keyboard, a checkpoint to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.desk.ports.vault import Finding, NamedEvent, VerifyReport
from app.domain.checkpoint_note import read_checkpoint
from app.domain.commands import case_commands as c
from app.presenters.checkpoints import checkpoint_line
from app.presenters.target import Target, case_target, release_target
from tests.fakes_runner import InlineRunner
from tests.release_world import NOW, World
from ui.kit.table import DISPLAY
from ui.kit.theme import hub
from ui.screens.audit.checkpoint import CheckpointDialog
from ui.screens.audit.history_list import HistoryList
from ui.screens.audit.view import AuditScreen
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel
from ui.widgets.plain_text import PlainTextView
from ui.widgets.qr_view import QrView

Show = Callable[[World], AuditScreen]
HOSTILE = "<img src=file:///etc/passwd> \u202eevil <b>bold</b>"


@pytest.fixture
def show(qtbot: QtBot, qapp: QApplication) -> Iterator[Show]:
    """Opens the page in a window of its own."""
    made: list[AuditScreen] = []

    def opened(world: World) -> AuditScreen:
        page = AuditScreen(world.context(hub()))
        qtbot.addWidget(page.widget)
        page.widget.resize(1230, 800)
        page.widget.show()
        page.open(Target(page="audit"))
        made.append(page)
        return page

    yield opened
    for page in made:
        page.close()


def press(page: AuditScreen, name: str) -> None:
    QApplication.processEvents()
    found = [b for b in page.widget.window().findChildren(QAbstractButton, name) if b.isVisible()]
    assert len(found) == 1, name
    found[0].click()


def words(page: AuditScreen) -> str:
    """Everything that labels of the page say."""
    QApplication.processEvents()
    labels = [label.text() for label in page.widget.findChildren(PlainLabel) if label.isVisible()]
    return "\n".join(labels + [p.text for p in page.widget.findChildren(Paragraph) if p.isVisible()])


def history(page: AuditScreen) -> HistoryList:
    found = page.widget.findChild(HistoryList, "audit.history")
    assert isinstance(found, HistoryList)
    return found


def lines(page: AuditScreen) -> list[str]:
    model = history(page).model()
    return [str(model.index(at, 0).data(DISPLAY)) for at in range(model.rowCount())]


def test_events_stand_below_their_days_newest_first(show: Show) -> None:
    world = World()
    ref = world.case("Listed")
    world.at(NOW + timedelta(days=1))
    world.session.desk.perform(ref, c.AddNote(text="Looked at again."))
    page = show(world)
    said = lines(page)
    assert said[0] == "Today, Wed 18 Nov 2026"
    assert said[1] == f"14:32 CET Ada Example: Added a note, {ref}"
    assert said[2] == "Yesterday, Tue 17 Nov 2026"


def test_a_record_that_was_not_verified_says_so(show: Show) -> None:
    page = show(World())
    assert "Not verified since unlock" in words(page)


def test_a_whole_record_is_told_in_words(show: Show) -> None:
    world = World()
    page = show(world)
    press(page, "audit.verify")
    said = words(page)
    assert "The record is whole" in said
    assert "events from one device. Chain, signatures, projections and stored files agree." in said


def test_findings_are_listed_with_what_they_mean(show: Show) -> None:
    world = World()
    found = (Finding(code="chain.hash", seq=12), Finding(code="blob.damaged", where="ab" * 32))
    world.session.watched.report = VerifyReport(
        ok=False, events=40, devices=("test device", "b"), blobs=1, findings=found
    )
    page = show(world)
    press(page, "audit.verify")
    said = words(page)
    assert "2 findings: the record is not whole" in said
    assert "An event is not the one that was recorded: its entry was changed." in said
    assert "event 12" in said
    assert "Somebody who has the key of the store changed it" in said
    assert "restore the last backup" in said
    world.session.watched.report = None
    press(page, "audit.verify")
    assert "The record is whole" in words(page)
    assert "event 12" not in words(page)


def test_very_many_findings_of_one_kind_are_one_row(show: Show) -> None:
    world = World()
    found = tuple(Finding(code="chain.hash", seq=n) for n in range(1, 300))
    world.session.watched.report = VerifyReport(ok=False, events=300, devices=("a",), blobs=0, findings=found)
    page = show(world)
    press(page, "audit.verify")
    assert "299 findings" in words(page)
    assert "events 2\u2013299 (299 in all)" in words(page)
    assert words(page).count("chain.hash") == 1


def test_an_event_that_was_found_wanting_is_named_by_what_when_and_whom(show: Show) -> None:
    world = World()
    event = NamedEvent(kind="NoteAdded", at=NOW, ref="H-2026-001", actor="Ada\u202e Example")
    found = (Finding(code="body.commitment", seq=7, ref="H-2026-001", event=event),)
    world.session.watched.report = VerifyReport(ok=False, events=9, devices=("a",), blobs=0, findings=found)
    page = show(world)
    press(page, "audit.verify")
    assert "event 7 (Note added, H-2026-001, " in words(page)
    assert "by Ada<U+202E> Example" in words(page)


def test_lists_that_differ_are_made_again_by_a_button_that_is_there_for_nothing_else(show: Show) -> None:
    world = World()
    rows = (Finding(code="projection.differs", where="case_row case:C1", ref="H-2026-001"),)
    watched = world.session.watched
    watched.report = VerifyReport(ok=False, events=9, devices=("a",), blobs=0, findings=rows)
    page = show(world)
    assert not page._panel.rebuild.isVisible()
    press(page, "audit.verify")
    watched.report = None
    press(page, "audit.rebuild")
    assert watched.rebuilt == 1
    assert "The record is whole" in words(page)
    assert not page._panel.rebuild.isVisible()
    worse = (*rows, Finding(code="chain.hash", seq=3))
    watched.report = VerifyReport(ok=False, events=9, devices=("a",), blobs=0, findings=worse)
    press(page, "audit.verify")
    assert not page._panel.rebuild.isVisible()


def test_a_kept_checkpoint_is_compared_and_the_answer_told(show: Show) -> None:
    world = World()
    watched = world.session.watched
    world.interaction.reason = checkpoint_line(watched.checkpoint(world.session.me, NOW, "test"))
    page = show(world)
    page.compare()
    assert "The store goes on from the checkpoint" in words(page)
    watched.differs = (Finding(code="checkpoint.ahead", seq=9, detail="7"),)
    page.compare()
    assert "The store does not agree with the checkpoint" in words(page)
    assert "an older copy was put in the store's place" in words(page)


def test_remarks_are_told_below_a_record_that_is_whole(show: Show) -> None:
    world = World()
    remarks = (Finding(code="time.back", seq=3, detail="0 d 2 h 0 min"),)
    world.session.watched.report = VerifyReport(
        ok=True, events=9, devices=("a",), blobs=0, findings=(), remarks=remarks, erased=4
    )
    page = show(world)
    press(page, "audit.verify")
    assert "The record is whole" in words(page)
    assert "The clock went back by 0 d 2 h 0 min before this event. event 3" in words(page)
    assert "The texts of 4 events were erased." in words(page)


def test_a_long_verification_shows_progress_and_can_be_stopped(show: Show) -> None:
    world = World()
    page = show(world)
    runner = InlineRunner(held=True)
    page._presenter._runner = runner
    press(page, "audit.verify")
    verify = page.widget.findChild(QAbstractButton, "audit.verify")
    assert verify is not None
    assert not verify.isEnabled()
    page.show_progress(1_200, 48_000)
    assert "Verifying, 1,200 of 48,000 events" in words(page)
    press(page, "audit.progress.cancel")
    runner.release()
    assert "Verification was stopped" in words(page)
    assert verify.isEnabled()


def test_a_checkpoint_is_saved_and_its_line_can_be_copied(show: Show, qapp: QApplication) -> None:
    world = World()
    world.interaction.paths = [Path("/out/checkpoint.txt")]
    page = show(world)
    press(page, "audit.checkpoint")
    assert world.interaction.chosen[0].file_name == "holdfast-checkpoint-2026-11-17.txt"
    dialog = page.widget.window().findChild(CheckpointDialog)
    assert isinstance(dialog, CheckpointDialog)
    line = dialog.findChild(PlainTextView, "audit.checkpointMade.line")
    assert line is not None
    press(page, "audit.checkpointMade.copy")
    assert read_checkpoint(qapp.clipboard().text()) == read_checkpoint(line.toPlainText())
    code = dialog.findChild(QrView, "audit.checkpointMade.code")
    assert code is not None
    assert code.width() > 100
    assert Path("/out/checkpoint.txt") in world.session.files.written
    assert "Made a checkpoint of" in lines(page)[1]


def test_a_checkpoint_that_can_not_be_written_is_told(show: Show) -> None:
    world = World()
    world.session.files.full = True
    world.interaction.paths = [Path("/full/checkpoint.txt")]
    page = show(world)
    press(page, "audit.checkpoint")
    banner = page.widget.findChild(QWidget, "audit.banner")
    assert banner is not None
    assert banner.isVisible()


def test_the_history_of_one_release_is_a_reference_away(show: Show, qtbot: QtBot) -> None:
    world = World()
    ref = world.planned()
    page = show(world)
    field = page.widget.findChild(QLineEdit, "audit.filter")
    assert field is not None
    qtbot.keyClicks(field, ref.lower())
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert all(line.endswith(ref) for line in lines(page)[1:])
    assert f"events of {ref}" in words(page)
    field.clear()
    assert not all(line.endswith(ref) for line in lines(page)[1:])


def test_a_filter_that_means_nothing_is_told_beside_it(show: Show, qtbot: QtBot) -> None:
    world = World()
    world.planned()
    page = show(world)
    before = lines(page)
    field = page.widget.findChild(QLineEdit, "audit.filter")
    assert field is not None
    field.setText("H-2099-001")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.property("problem")
    assert "H-2099-001" in words(page)
    assert lines(page) == before


def test_days_are_skipped_by_the_arrow_keys_and_enter_opens(show: Show, qtbot: QtBot) -> None:
    world = World()
    ref = world.case("Listed")
    world.at(NOW + timedelta(days=1))
    world.session.desk.perform(ref, c.AddNote(text="Looked at again."))
    page = show(world)
    view = history(page)
    assert view.currentIndex().row() == 1
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.currentIndex().row() == 3
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert world.went == [case_target(ref, tab="history")]


def test_an_event_is_shown_whole_with_who_when_and_where(show: Show) -> None:
    world = World()
    ref = world.case("Listed")
    world.session.desk.perform(ref, c.AddNote(text="Looked at again."))
    page = show(world)
    said = words(page)
    assert "Tue 17 Nov 2026, 14:32 CET · Tue 17 Nov 2026, 13:32:00 UTC" in said
    assert "Ada Example <ada@example.org>" in said
    assert "laptop" in said
    assert "Looked at again." in said


def test_an_event_of_a_release_leads_to_the_release(show: Show) -> None:
    world = World()
    ref = world.release()
    page = show(world)
    press(page, "audit.detail.open")
    assert world.went == [release_target(ref)]


def test_a_chosen_event_stays_chosen_when_new_ones_come(show: Show) -> None:
    world = World()
    ref = world.case("Listed")
    page = show(world)
    view = history(page)
    view.setCurrentIndex(view.model().index(3, 0))
    chosen = lines(page)[3]
    world.hub.publish(world.session.desk.perform(ref, c.AddNote(text="New.")).changes)
    assert lines(page)[view.currentIndex().row()] == chosen


def test_older_events_come_as_somebody_scrolls(show: Show) -> None:
    world = World()
    ref = world.case("Noted")
    for number in range(150):
        world.session.desk.perform(ref, c.AddNote(text=f"Note {number}"))
    page = show(world)
    view = history(page)
    before = view.model().rowCount()
    view.scrollToBottom()
    QApplication.processEvents()
    assert view.model().rowCount() > before
    assert lines(page).count("Today, Tue 17 Nov 2026") == 1


def test_hostile_text_stays_text(show: Show) -> None:
    world = World()
    ref = world.case(HOSTILE, complete=False)
    world.session.desk.perform(ref, c.Retitle(title=HOSTILE + " again"))
    page = show(world)
    assert "Changed the title to “<img src=file:///etc/passwd> <U+202E>evil <b>bold</b> again”" in lines(page)[1]
    assert "\u202e" not in words(page)


def test_the_model_keeps_the_rules_of_models(show: Show, qtmodeltester: ModelTester) -> None:
    world = World()
    world.planned()
    page = show(world)
    qtmodeltester.check(page._model)


def test_every_control_that_tab_reaches_has_a_name_to_be_heard(show: Show) -> None:
    world = World()
    world.planned()
    page = show(world)
    for control in page.widget.findChildren(QWidget):
        if control.isVisible() and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
            spoken = QAccessible.queryAccessibleInterface(control)
            assert spoken is not None
            assert spoken.text(QAccessible.Text.Name), (type(control).__name__, control.objectName())


def test_a_target_with_a_reference_shows_that_history(show: Show) -> None:
    world = World()
    ref = world.planned()
    page = show(world)
    page.open(Target(page="audit", ref=ref))
    assert all(line.endswith(ref) for line in lines(page)[1:])


def test_a_closed_page_keeps_nothing(show: Show) -> None:
    world = World()
    world.planned()
    page = show(world)
    page.close()
    assert lines(page) == []
