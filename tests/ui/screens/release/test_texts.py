"""The texts of a release on its page: what they lack, how they are shown, how they leave."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.commands import release_commands as r
from app.presenters.target import Target
from tests.release_page import Show, kept, press, words
from tests.release_world import World
from ui.screens.release.artefacts import ArtefactList


def test_an_export_before_the_embargo_asks_and_the_reason_is_on_record(show: Show) -> None:
    world = World()
    world.interaction.paths = [Path("/out")]
    world.interaction.reason = "The distributors need the draft."
    ref = world.planned()
    page = show(world, ref)
    page._artefacts.choose_format("blog-post")
    press(page, "release.export")
    question = world.interaction.asked[0]
    assert question.risky
    assert "Tue 24 Nov 2026, 12:00 CET" in question.body
    assert kept(world, ref).exports[0].override == "The distributors need the draft."
    assert list(world.session.files.written) == [Path("/out/november-2026-security-releases.md")]
    assert world.toasts == ["Exported one file to /out"]


def test_keeping_the_text_here_exports_nothing(show: Show) -> None:
    world = World()
    world.interaction.agrees = False
    ref = world.planned()
    page = show(world, ref)
    page._artefacts.choose_format("mail")
    press(page, "release.export")
    assert kept(world, ref).exports == ()


def test_exporting_all_takes_what_is_ready_and_names_the_rest(show: Show) -> None:
    world = World()
    world.interaction.paths = [Path("/out")]
    ref = world.planned()
    page = show(world, ref)
    press(page, "release.exportAll")
    assert "embargo until" in world.interaction.asked[0].body
    assert [record.format for record in kept(world, ref).exports] == ["blog-pre", "mail-pre"]
    assert "2 of 8 exported" in words(page)


def test_nothing_ready_is_told_with_its_reasons(show: Show) -> None:
    world = World()
    page = show(world, world.release(versions=False))
    world.session.desk.perform(page._ref, r.BundleCase(case=world.case("Unready", complete=False)))
    page._presenter.refresh()
    press(page, "release.exportAll")
    assert world.interaction.told[0].title == "Nothing is ready to be exported"


def test_the_banner_names_the_first_gap_and_mends_it(show: Show) -> None:
    world = World()
    ref = world.planned()
    world.session.desk.perform(ref, r.PlanLine(line="20.x"))
    page = show(world, ref)
    assert "1 blocker" in words(page)
    assert "Line 20.x has no version yet." in words(page)
    press(page, "release.blockers.act")
    editor = page.widget.findChild(QLineEdit, "release.lines.20.x.version")
    assert editor is not None
    editor.setText("20.19.6")
    editor.textEdited.emit("20.19.6")
    editor.returnPressed.emit()
    assert "blocker" not in words(page)
    assert kept(world, ref).lines[-1].version == "20.19.6"


def test_all_gaps_can_be_listed_and_one_of_a_case_leads_there(show: Show) -> None:
    world = World()
    ref = world.planned()
    bad = world.case("Timing difference", complete=False)
    world.session.desk.perform(ref, r.BundleCase(case=bad))
    page = show(world, ref)
    press(page, "release.blockers.all")
    press(page, "release.blockers.0")
    assert world.went == [Target(page="case", ref=bad, tab="overview", act="rate-severity")]


def test_the_source_of_a_page_is_one_press_away(show: Show) -> None:
    world = World()
    page = show(world, world.announced())
    page._artefacts.choose_format("blog-post")
    rendered = page.widget.findChild(QWidget, "release.preview")
    plain = page.widget.findChild(QPlainTextEdit, "release.previewText")
    assert rendered is not None
    assert plain is not None
    assert rendered.isVisible()
    press(page, "release.source")
    assert plain.isVisible()
    assert plain.toPlainText().startswith("---\ndate: 2026-11-24T")


def test_the_chosen_text_stays_chosen_when_facts_change(show: Show) -> None:
    world = World()
    ref = world.announced()
    page = show(world, ref)
    page._artefacts.choose_format("nswg")
    world.hub.publish(world.session.desk.perform(ref, r.RetitleRelease(title="Other")).changes)
    assert page._artefacts.chosen is not None
    assert page._artefacts.chosen.format.format == "nswg"


def test_a_failure_is_told_above_the_page_and_can_be_dismissed(show: Show) -> None:
    world = World()
    page = show(world, world.announced())
    world.interaction.paths = [Path("/full")]
    world.session.files.full = True
    page._artefacts.choose_format("blog-post")
    press(page, "release.export")
    banner = page.widget.findChild(QWidget, "release.banner")
    assert banner is not None
    assert banner.isVisible()
    press(page, "release.dismiss")
    assert not banner.isVisible()


def test_arrow_keys_go_through_the_texts(show: Show, qtbot: QtBot) -> None:
    world = World()
    page = show(world, world.announced())
    listed = page.widget.findChild(ArtefactList, "release.artefacts")
    assert listed is not None
    page._artefacts.choose_format("mail-pre")
    qtbot.keyClick(listed, Qt.Key.Key_Down)
    assert page._artefacts.chosen is not None
    assert page._artefacts.chosen.format.format == "blog-pre"
