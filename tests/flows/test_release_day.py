"""A release day on a real encrypted store, with the real runner: planned, postponed, exported, closed, verified."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.bootstrap import Session, create_store
from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.values import AffectedLine, Credit, Fix, ReleaseLine, Reporter
from app.presenters.backup_work import BackupWork
from app.presenters.hub import Hub
from app.presenters.target import Target
from tests.builders import quick_parts
from tests.fakes_interaction import FakeInteraction
from tests.fakes_session import StoppedClock
from tests.release_world import NOW, TARGET, TZ
from ui.kit.jobs import QtRunner
from ui.kit.theme import hub
from ui.screens.audit.view import AuditScreen
from ui.screens.case.form_dialog import FormDialog
from ui.screens.page import Context
from ui.screens.release.view import ReleaseScreen
from ui.widgets.banner import Banner

PASSPHRASE = "seven made-up words stand in this line"


class Store:
    """A store on the disk and its one thread; `do` runs there and waits."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.clock = StoppedClock(NOW)
        self.runner = QtRunner()
        self.hub = Hub()
        self.interaction = FakeInteraction()
        self.toasts: list[str] = []
        self._qtbot = qtbot
        parts = quick_parts(self.clock)
        self.session: Session = self.do(
            lambda: create_store(
                folder, PASSPHRASE, title="Aster security", owner="Ada Example", project="aster", parts=parts
            )
        )

    def do(self, work: Callable[[], Any]) -> Any:
        """Run a work on the vault's thread and wait for its answer."""
        answers: list[Any] = []

        def failed(problem: Exception) -> None:
            raise problem

        self.runner.run(work, answers.append, failed)
        self._qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
        return answers[0]

    def settle(self) -> None:
        """Wait until nothing is asked of the store any more."""
        self._qtbot.waitUntil(lambda: self.runner.waiting == 0, timeout=20_000)

    def at(self, moment: datetime) -> None:
        self.clock.at = moment

    def context(self) -> Context:
        return Context(
            session=self.session,
            runner=self.runner,
            worker=self.runner,
            backups=BackupWork(self.session, self.runner, self.runner, self.hub),
            hub=self.hub,
            theme=hub(),
            tz=TZ,
            interaction=self.interaction,
            toast=lambda text, _action="", _run=None: self.toasts.append(text),
            navigate=lambda target: None,
            heading_changed=lambda: None,
        )


@pytest.fixture
def store(tmp_path: Path, qtbot: QtBot) -> Iterator[Store]:
    made = Store(tmp_path / "aster.holdfast", qtbot)
    yield made
    made.runner.finish(made.session.close)


def complete_case(session: Session, title: str) -> str:
    """A case that lacks nothing before its announcement."""
    do = session.desk.perform
    reporter = Reporter(name="Robin Reporter", email="robin@reporter.example")
    ref = do(None, c.Receive(title=title, reporters=(reporter,), text="It leaks.", product="Aster runtime")).ref
    for step in (c.Assign(), c.Acknowledge(text="It arrived."), c.Reply(text="We look."), c.Confirm()):
        do(ref, step)
    line = AffectedLine(line="24.x", status="affected", introduced="24.0.0", fixed="24.8.2")
    do(ref, c.SetAffected(lines=(line,)))
    do(ref, c.HoldFix(fix=Fix(line="24.x", state="ready", author="Juno Patch")))
    do(ref, c.RateSeverity(rating="high"))
    do(ref, c.AssignCve(id="CVE-2099-10001"))
    do(ref, c.DraftAdvisory(body="## Summary\n\nA header that is folded hides a second request from a proxy."))
    do(ref, c.SetCredits(credits=(Credit(name="Robin Reporter", consent="granted"),)))
    return ref


def press(page: ReleaseScreen | AuditScreen, name: str) -> None:
    found = [b for b in page.widget.window().findChildren(QAbstractButton, name) if b.isVisible()]
    assert len(found) == 1, name
    assert found[0].isEnabled(), name
    found[0].click()


def fill(page: ReleaseScreen, store: Store, verb: str, **texts: str) -> None:
    """Fill the form that has just been asked for, and carry it out."""
    store.settle()
    dialog = next(d for d in page.widget.window().findChildren(FormDialog) if d.isVisible())
    for field, text in texts.items():
        control = dialog.findChild(QWidget, f"form.{verb}.{field}")
        if isinstance(control, QPlainTextEdit):
            control.setPlainText(text)
        else:
            assert isinstance(control, QLineEdit), field
            control.setText(text)
    dialog.accept()
    store.settle()


def planned(store: Store) -> str:
    """A release of one complete case, planned for the day before it will be."""
    case = store.do(lambda: complete_case(store.session, "Header smuggling through folded lines"))
    lines = (ReleaseLine(line="24.x", version="24.8.2"),)
    plan = r.PlanRelease(target=TARGET - timedelta(days=1), title="November", lines=lines)
    ref: str = store.do(lambda: store.session.desk.perform(None, plan)).ref
    store.do(lambda: store.session.desk.perform(ref, r.BundleCase(case=case)))
    return ref


def shown(page: ReleaseScreen | AuditScreen, store: Store, qtbot: QtBot) -> None:
    """Show a page in a window of its own and wait for its facts."""
    qtbot.addWidget(page.widget)
    page.widget.resize(1230, 850)
    page.widget.show()
    store.settle()


def step(page: ReleaseScreen, store: Store, qtbot: QtBot, verb: str, **texts: str) -> None:
    """Do the one act of the live step."""

    def is_there() -> bool:
        act: QAbstractButton | None = page.widget.findChild(QAbstractButton, "release.sheet.act")
        return act is not None and act.isVisible()

    qtbot.waitUntil(is_there)
    press(page, "release.sheet.act")
    fill(page, store, verb, **texts)


def test_a_release_day_from_the_plan_to_the_closed_release(store: Store, qtbot: QtBot, tmp_path: Path) -> None:
    ref = planned(store)
    page = ReleaseScreen(store.context(), ref)
    page.open(Target(page="release", ref=ref))
    shown(page, store, qtbot)
    press(page, "release.postpone")
    fill(page, store, "postpone", target="2026-11-24 12:00", reason="The builds of one platform are late.")
    step(page, store, qtbot, "pre-announce-release", url="https://aster.example/blog/pre")

    store.interaction.paths = [tmp_path]
    store.interaction.reason = "The distributors need the draft."
    page._artefacts.choose_format("blog-post")
    press(page, "release.export")
    store.settle()
    assert (tmp_path / "november-2026-security-releases.md").stat().st_mode & 0o777 == 0o600

    store.at(TARGET + timedelta(minutes=5))
    page.minute()
    step(page, store, qtbot, "release-versions")
    step(page, store, qtbot, "announce-release", message_id="<7f3a@lists.example.org>")
    step(page, store, qtbot, "post-release", url="https://aster.example/blog/november")
    page.act("close-release")
    fill(page, store, "close-release")
    release = store.do(lambda: store.session.queries.release(ref))
    assert release.closed is not None
    assert release.exports[0].override == "The distributors need the draft."
    assert release.announcements[0].message_id == "<7f3a@lists.example.org>"
    page.close()


def test_a_record_is_verified_and_its_checkpoint_holds(store: Store, qtbot: QtBot, tmp_path: Path) -> None:
    planned(store)
    audit = AuditScreen(store.context())
    shown(audit, store, qtbot)
    press(audit, "audit.verify")
    store.settle()
    banner = audit.widget.findChild(Banner, "audit.verdict")
    assert banner is not None
    assert banner.accessibleName().startswith("The record is whole.")
    note = tmp_path / "checkpoint.txt"
    store.interaction.paths = [note]
    press(audit, "audit.checkpoint")
    store.settle()
    text = note.read_text("utf-8")
    assert text.startswith("holdfast/")
    assert note.stat().st_mode & 0o777 == 0o600
    assert store.do(lambda: store.session.vault.check_against(text)) == ()
    audit.close()
