"""The run sheet through the hands of a person: each step with its form, its timer and its evidence."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.presenters.target import Target
from tests.release_page import Show, form, kept, press, words, write
from tests.release_world import ANNOUNCE, OTHER, TARGET, World


def test_the_whole_day_by_the_buttons_of_the_run_sheet(show: Show) -> None:
    world = World()
    ref = world.planned()
    page = show(world, ref)
    press(page, "release.sheet.act")  # record as published
    write(page, "form.pre-announce-release.url", "https://aster.example/blog/pre")
    press(page, "form.pre-announce-release.act")
    world.at(TARGET + timedelta(minutes=1))
    page.minute()
    press(page, "release.sheet.act")  # record versions
    press(page, "form.release-versions.act")
    press(page, "release.sheet.act")  # record the mail
    write(page, "form.announce-release.message_id", "<7f3a@lists.example.org>")
    press(page, "form.announce-release.act")
    press(page, f"release.sheet.copy:{OTHER}")
    press(page, "form.announce-release.act")
    press(page, "release.sheet.act")  # record as posted
    write(page, "form.post-release.url", "https://aster.example/blog/november")
    press(page, "form.post-release.act")
    for case in kept(world, ref).members:
        world.session.desk.perform(case.ref, c.RecordPublication(kinds=("cve",)))
    page.open(Target(page="release", ref=ref))
    world.hub.publish(world.session.desk.perform(ref, r.RetitleRelease(title="Done")).changes)
    press(page, "release.sheet.act")  # close the release
    press(page, "form.close-release.act")
    release = kept(world, ref)
    assert [(a.destination, a.message_id) for a in release.announcements] == [
        (ANNOUNCE, "<7f3a@lists.example.org>"),
        (OTHER, ""),
    ]
    assert release.blog is not None
    assert release.closed is not None


def test_a_step_that_waits_still_opens_and_its_rule_says_why_not(show: Show) -> None:
    world = World()
    page = show(world, world.planned())
    press(page, "release.sheet.mail")
    dialog = form(page)
    act = dialog.findChild(QAbstractButton, "form.announce-release.act")
    assert act is not None
    assert not act.isEnabled()
    write(page, "form.announce-release.override", "It leaked this morning.")
    assert act.isEnabled()


def test_the_live_step_counts_down_and_turns_late(show: Show) -> None:
    world = World()
    page = show(world, world.announced())
    assert "in 3 h 46 m" in words(page)
    world.at(TARGET + timedelta(hours=7))
    page.minute()
    assert "42 m late" in words(page)


def test_seconds_are_told_in_the_last_hour_only_while_the_step_is_seen(show: Show) -> None:
    world = World()
    page = show(world, world.announced())
    world.at(TARGET + timedelta(hours=6, minutes=5, seconds=55))
    page.minute()
    assert "in 12 m 05 s" in words(page)


def test_what_is_due_leads_from_the_head_to_its_step(show: Show) -> None:
    world = World()
    page = show(world, world.announced())
    page.widget.resize(960, 560)
    press(page, "release.due")
    live = page.widget.findChild(QWidget, "release.sheet.review")
    assert live is not None
    assert page.widget.window().focusWidget() is live
    assert page._body.viewport().rect().contains(live.mapTo(page._body.viewport(), live.rect().center()))


def test_the_head_leads_to_the_history_of_postponements(show: Show) -> None:
    world = World()
    ref = world.planned()
    world.session.desk.perform(ref, r.Postpone(target=TARGET + timedelta(days=1), reason="Builds are late."))
    page = show(world, ref)
    press(page, "release.postponed")
    assert "Builds are late." in words(page)


def test_reviewing_a_step_shows_its_text_and_offers_its_export(show: Show) -> None:
    world = World()
    page = show(world, world.announced())
    press(page, "release.sheet.review")
    assert page._artefacts.chosen is not None
    assert page._artefacts.chosen.format.format == "blog-post"
    assert page.widget.window().focusWidget().objectName() == "release.export"


def test_a_done_mail_gives_its_message_id_to_be_copied(show: Show, qapp: QApplication) -> None:
    world = World()
    page = show(world, world.announced())
    assert "<20261124.7f3a@lists.example.org>" in words(page)
    press(page, "release.sheet.mail.copy")
    assert qapp.clipboard().text() == "<20261124.7f3a@lists.example.org>"


def test_an_announcement_that_is_on_record_can_not_be_recorded_twice(show: Show) -> None:
    world = World()
    ref = world.announced()
    page = show(world, ref)
    press(page, f"release.sheet.copy:{OTHER}")
    write(page, "form.announce-release.destination", ANNOUNCE)
    field = form(page).findChild(QWidget, "form.announce-release.destination")
    assert field is not None
    assert "recorded already" in field.accessibleDescription()


def test_after_the_release_is_closed_the_keyboard_stays_in_the_run_sheet(show: Show) -> None:
    world = World()
    ref = world.announced()
    world.session.desk.perform(ref, r.PostRelease(url="https://aster.example/blog/november"))
    world.session.desk.perform(ref, r.AnnounceRelease(destination=OTHER))
    for case in kept(world, ref).members:
        world.session.desk.perform(case.ref, c.RecordPublication(kinds=("cve",)))
    page = show(world, ref)
    press(page, "release.sheet.act")
    press(page, "form.close-release.act")
    QApplication.processEvents()
    assert kept(world, ref).closed is not None
    focus = page.widget.window().focusWidget()
    assert focus is not None
    assert focus.objectName() == "release.sheet.closed"
