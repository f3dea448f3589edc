"""The work on backups: one at a time, stopped when asked, told to whoever listens, and never nagging."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from app.domain.changes import Changes
from app.domain.commands.team_commands import ChangeSetting
from app.domain.errors import Environment
from app.domain.team import Backup
from app.presenters.backup_page import BackupPagePresenter
from app.presenters.backup_work import BackupState, BackupWork
from app.presenters.hub import Hub
from tests.fakes_runner import InlineRunner
from tests.fakes_session import NOON, MemorySession
from tests.fakes_ways import PROOF


class Scene:
    """An open store with a folder for backups; `worker` is another thread than the vault's."""

    def __init__(self, *, folder: str = "/backups") -> None:
        self.session = MemorySession()
        if folder:
            self.session.desk.perform(None, ChangeSetting(key="backup.folder", value=folder))
        self.backups = self.session.fake_backups
        self.runner = InlineRunner()
        self.worker = InlineRunner()
        self.hub = Hub()
        self.changes: list[Changes] = []
        self.hub.listen(self.changes.append)
        self.work = BackupWork(cast("Any", self.session), self.runner, self.worker, self.hub)
        self.states: list[BackupState] = []
        self.work.listen(self.states.append)

    def doings(self) -> list[str]:
        """What was done, each step once."""
        return list(dict.fromkeys(state.doing for state in self.states if state.doing))


def test_a_backup_is_copied_proved_put_on_record_and_the_old_ones_thinned_out() -> None:
    scene = Scene()
    assert scene.work.make()
    assert scene.doings() == ["copying", "proving", "thinning"]
    assert scene.states[-1].made is not None
    assert scene.states[-1].pruned is not None
    assert scene.session.desk.team().backup == Backup(
        at=NOON, name="aster-20261124T133200Z.holdfast-backup", sha256="0" * 64, events=1234
    )
    assert "team" in scene.changes[-1].topics


def test_the_proof_runs_where_the_vault_does_not_wait_for_it() -> None:
    scene = Scene()
    scene.worker.held = True
    scene.work.make()
    assert scene.states[-1].doing == "proving"
    ran: list[bool] = []
    scene.runner.run(lambda: True, ran.append, lambda _problem: None)
    assert ran == [True]


def test_only_one_thing_is_done_at_a_time() -> None:
    scene = Scene()
    scene.worker.held = True
    assert scene.work.make()
    assert not scene.work.make()
    assert not scene.work.drill(Path("/backups/x"), PROOF)
    scene.worker.held = False
    scene.worker.release()
    assert not scene.work.is_busy


def test_a_backup_that_was_stopped_is_no_failure() -> None:
    scene = Scene()
    scene.worker.held = True
    scene.work.make()
    scene.work.cancel()
    scene.worker.release()
    assert scene.states[-1] == BackupState()
    assert scene.backups.rows == []


def test_what_goes_wrong_is_told_and_not_tried_again_at_once() -> None:
    scene = Scene()
    scene.backups.problem = Environment("disk.full")
    scene.work.tick()
    assert scene.states[-1].problem is scene.backups.problem
    scene.backups.problem = None
    scene.work.tick()
    assert scene.session.fake_backups.rows == []
    scene.session.clock.pass_by(minutes=31)
    scene.work.tick()
    assert len(scene.backups.rows) == 1


def test_a_clock_that_is_set_back_after_a_failure_does_not_keep_the_next_backup_waiting() -> None:
    scene = Scene()
    scene.backups.problem = Environment("disk.full")
    scene.work.tick()
    scene.backups.problem = None
    scene.session.clock.pass_by(minutes=-60 * 24 * 365)
    scene.work.tick()
    assert len(scene.backups.rows) == 1


def test_the_clock_makes_a_backup_when_one_is_due_and_not_before() -> None:
    scene = Scene()
    scene.work.tick()
    assert [state.by_clock for state in scene.states if state.made][-1]
    scene.session.clock.pass_by(hours=23)
    scene.work.tick()
    assert len(scene.backups.rows) == 1
    scene.session.clock.pass_by(hours=2)
    scene.work.tick()
    assert len(scene.backups.rows) == 2


def test_without_a_folder_the_clock_makes_none() -> None:
    scene = Scene(folder="")
    scene.work.tick()
    assert scene.states == []


def test_a_drill_is_put_on_record_however_it_went() -> None:
    scene = Scene()
    scene.work.drill(Path("/backups/aster.holdfast-backup"), PROOF)
    assert scene.states[-1].drilled is not None
    held = scene.session.desk.team().drill
    scene.backups.drill_problem = "backup.damaged"
    scene.work.drill(Path("/backups/bad.holdfast-backup"), PROOF)
    drilled = scene.states[-1].drilled
    assert drilled is not None
    assert drilled.problem == "backup.damaged"
    assert scene.session.desk.team().drill == held
    assert isinstance(held, Backup)


def test_after_the_lock_what_was_begun_is_dropped_and_nobody_hears_of_it() -> None:
    scene = Scene()
    scene.worker.held = True
    scene.work.make()
    told = len(scene.states)
    scene.work.close()
    scene.worker.release()
    assert len(scene.states) == told
    assert scene.backups.rows == []
    assert not scene.work.make()


class FakeView:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        def tell(*values: Any, **_named: Any) -> None:
            self.told.append((name, values))

        return tell

    def last(self, name: str) -> Any:
        return next(values for told, values in reversed(self.told) if told == name)


def page_of(scene: Scene) -> tuple[FakeView, BackupPagePresenter]:
    view = FakeView()
    page = BackupPagePresenter(
        cast("Any", view), cast("Any", scene.session), scene.runner, scene.worker, scene.hub, scene.work
    )
    page.start()
    return view, page


def test_the_page_reads_the_rule_and_what_lies_in_the_folder() -> None:
    scene = Scene()
    scene.work.make()
    view, page = page_of(scene)
    assert view.last("show_backups")[0].rule.folder == "/backups"
    assert view.last("show_backups")[0].proofs == ("passphrase",)
    assert len(view.last("show_rows")[0]) == 1
    assert page.shown is not None


def test_a_folder_that_can_not_be_read_is_told_in_its_place() -> None:
    scene = Scene()
    scene.backups.list_problem = Environment("file.missing", file="backups")
    view, _page = page_of(scene)
    assert view.last("show_rows_problem") == (scene.backups.list_problem,)


def test_a_relative_folder_is_refused_beside_its_field() -> None:
    scene = Scene()
    view, page = page_of(scene)
    page.choose_folder("backups")
    assert view.last("show_folder_problem")[0].code == "backup.folder-relative"
    page.choose_folder("/elsewhere")
    assert view.last("show_backups")[0].rule.folder == "/elsewhere"


def test_without_a_folder_a_backup_asks_for_one() -> None:
    scene = Scene(folder="")
    view, page = page_of(scene)
    page.make()
    assert view.last("show_folder_problem")[0].code == "backup.no-folder"
    assert scene.backups.copies == []


def test_a_new_backup_stands_on_the_list_at_once() -> None:
    scene = Scene()
    view, page = page_of(scene)
    page.make()
    assert len(view.last("show_rows")[0]) == 1
    assert view.last("show_backups")[0].due.warning == ""
    page.close()
    told = len(view.told)
    scene.work.make()
    assert len(view.told) == told
