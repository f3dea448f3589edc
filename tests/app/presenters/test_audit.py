"""The audit page: history by pages, one stream when asked for, verification with a verdict, checkpoints to keep."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

from app.desk.ports.vault import Checkpoint, Finding, HistoryRow, NamedEvent, VerifyReport
from app.domain.checkpoint_note import Note, read_checkpoint
from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.errors import Environment, Rejected
from app.domain.team import Team
from app.presenters import audit
from app.presenters.audit import AuditPresenter, device_label, facts_of, parse_filter
from app.presenters.audit_words import event_words, finding_words, group_words, groups_of, ranges, verdict_of
from app.presenters.checkpoints import checkpoint_code, checkpoint_line, checkpoint_lines
from app.presenters.words_verdicts import MEANINGS, REMEDIES, VERDICTS
from tests.fakes_runner import InlineRunner
from tests.release_world import NOW, World


class View:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.team: Team | None = None
        self.rows: list[HistoryRow] = []
        self.more = False
        self.count = 0
        self.told = 0
        self.progress: list[tuple[int, int]] = []
        self.verdicts: list[tuple[VerifyReport, datetime]] = []
        self.checkpoints: list[tuple[Checkpoint, Path]] = []
        self.compared: list[tuple[int, tuple[Finding, ...]]] = []
        self.filtered: list[Rejected] = []
        self.problems: list[Exception] = []

    def show_team(self, team: Team) -> None:
        self.team = team

    def show_rows(self, rows: tuple[HistoryRow, ...], *, more: bool, count: int) -> None:
        self.rows, self.more, self.count, self.told = list(rows), more, count, self.told + 1

    def add_rows(self, rows: tuple[HistoryRow, ...], *, more: bool) -> None:
        self.rows += rows
        self.more = more

    def show_progress(self, done: int, of: int) -> None:
        self.progress.append((done, of))

    def show_verdict(self, report: VerifyReport, at: datetime) -> None:
        self.verdicts.append((report, at))

    def show_comparison(self, note: Note, findings: tuple[Finding, ...], at: datetime) -> None:
        self.compared.append((note.count, findings))

    def show_checkpoint(self, checkpoint: Checkpoint, path: Path) -> None:
        self.checkpoints.append((checkpoint, path))

    def show_filter_problem(self, problem: Rejected) -> None:
        self.filtered.append(problem)

    def show_problem(self, problem: Exception) -> None:
        self.problems.append(problem)


def page(world: World, runner: InlineRunner | None = None) -> tuple[AuditPresenter, View]:
    view = View()
    return AuditPresenter(view, cast("Any", world.session), runner or world.runner, world.hub), view


def noted(world: World, count: int) -> str:
    ref = world.case("Noted")
    for number in range(count):
        world.session.desk.perform(ref, c.AddNote(text=f"Note {number}"))
    return ref


def test_the_newest_event_comes_first_and_older_ones_by_the_page() -> None:
    world = World()
    noted(world, audit.PAGE)
    presenter, view = page(world)
    presenter.start()
    assert (len(view.rows), view.more) == (audit.PAGE, True)
    presenter.more()
    seqs = [row.seq for row in view.rows]
    assert seqs == list(range(view.count, 0, -1))
    assert not view.more


def test_the_history_of_one_case_or_release_or_of_the_team_can_be_asked_for() -> None:
    world = World()
    ref = world.planned()
    presenter, view = page(world)
    presenter.start()
    everything = view.count
    presenter.only(ref.lower())
    assert {row.ref for row in view.rows} == {ref}
    presenter.only("H-2026-001")
    assert {row.ref for row in view.rows} == {"H-2026-001"}
    presenter.only("team")
    assert {row.stream for row in view.rows} == {"team"}
    presenter.only("")
    assert view.count == everything


@pytest.mark.parametrize("text", ["parser", "H-26-1", "R-2026", "H-2026-001; DROP"])
def test_a_filter_that_names_nothing_is_told_and_changes_nothing(text: str) -> None:
    world = World()
    world.planned()
    presenter, view = page(world)
    presenter.start()
    presenter.only(text)
    assert len(view.filtered) == 1
    assert (view.told, presenter.asked.ref) == (1, "")


def test_a_reference_that_is_not_in_the_store_is_told_at_the_filter() -> None:
    world = World()
    presenter, view = page(world)
    presenter.start()
    presenter.only("H-2099-001")
    assert [problem.code for problem in view.filtered] == ["ref.unknown"]
    assert view.problems == []


def test_a_new_event_appears_by_itself() -> None:
    world = World()
    presenter, view = page(world)
    presenter.start()
    before = view.count
    world.hub.publish(world.session.desk.perform(None, r.PlanRelease(target=NOW)).changes)
    assert view.count == before + 1


def test_verification_tells_its_progress_and_its_verdict() -> None:
    world = World()
    noted(world, 3)
    presenter, view = page(world)
    presenter.verify()
    events = len(world.session.store.content.log)
    assert view.progress == [(events // 2, events)]
    report, at = view.verdicts[0]
    assert (verdict_of(report), report.events, at) == ("whole", events, NOW)
    assert not presenter.verifying


def test_verification_can_be_stopped_and_says_so() -> None:
    world = World()
    runner = InlineRunner(held=True)
    presenter, view = page(world, runner)
    presenter.verify()
    presenter.verify()
    presenter.cancel()
    runner.release()
    assert world.session.watched.verified == 1
    assert [verdict_of(report) for report, _at in view.verdicts] == ["stopped"]


def test_findings_make_the_record_broken_whatever_else_is_said() -> None:
    found = (Finding(code="chain.hash", seq=3),)
    report = VerifyReport(ok=False, events=9, devices=("d",), blobs=0, findings=found, cancelled=True)
    assert verdict_of(report) == "broken"


def test_a_verification_that_fails_is_a_problem_and_can_be_begun_again() -> None:
    world = World()
    presenter, view = page(world)

    def broken(progress: object, cancelled: object) -> VerifyReport:
        raise Environment("disk.io", file="cases.db", error="EIO")

    cast("Any", world.session.watched).verify = broken
    presenter.verify()
    assert isinstance(view.problems[0], Environment)
    assert not presenter.verifying


def test_every_finding_that_the_store_can_make_has_words() -> None:
    folder = Path(__file__).resolve().parents[3] / "app" / "store"
    codes = set()
    for file in folder.rglob("*.py"):
        text = file.read_text("utf-8")
        for call in ('indings.add("', 'Finding(code="'):
            codes |= {part.split('"')[0] for part in text.split(call)[1:]}
    assert len(codes) > 10
    assert codes <= set(VERDICTS)


def test_every_meaning_and_remedy_that_is_named_is_there_and_none_is_left_over() -> None:
    assert {verdict.means for verdict in VERDICTS.values()} - {""} == set(MEANINGS)
    assert {verdict.remedy for verdict in VERDICTS.values()} - {""} == set(REMEDIES)


def test_findings_of_one_kind_become_one_group_the_gravest_first() -> None:
    found = (
        Finding(code="projection.differs", where="case_row case:C1", ref="H-2026-001"),
        Finding(code="chain.hash", seq=4),
        Finding(code="chain.hash", seq=5),
        Finding(code="projection.differs", where="cve_row case:C1", ref="H-2026-001"),
        Finding(code="projection.differs", where="case_row case:C2", ref="H-2026-002"),
        Finding(code="checkpoint.ahead", seq=9, detail="7"),
    )
    groups = groups_of(found)
    assert [(group.code, len(group.findings)) for group in groups] == [
        ("checkpoint.ahead", 1),
        ("chain.hash", 2),
        ("projection.differs", 2),
        ("projection.differs", 1),
    ]
    assert group_words(groups[0]).what.startswith("The checkpoint saw 9 events, the store has 7")
    assert group_words(groups[1]).which == "event 4, and events 5 (2 in all)"
    assert group_words(groups[2]).which == "H-2026-001, H-2026-002"
    assert "(case_row)" in group_words(groups[2]).what


def test_an_event_is_told_by_what_it_was_of_which_case_when_and_by_whom() -> None:
    event = NamedEvent(kind="EmbargoMoved", at=NOW, ref="H-2026-001", actor="Ada Example")
    assert event_words(1200, event) == "event 1,200 (Embargo moved, H-2026-001, 2026-11-17 13:32 UTC, by Ada Example)"
    assert event_words(3, None) == "event 3"


def test_numbers_are_told_in_stretches_and_not_all_of_them() -> None:
    assert ranges([3, 1, 2, 7, 9, 10, 2]) == "1\u20133, 7, 9\u201310"
    assert ranges(range(1, 100, 2)).endswith(" …")


def test_a_finding_without_words_is_told_by_its_code_and_hostile_facts_stay_text() -> None:
    words = finding_words(Finding(code="new.code", where="\u202eabc", detail="<b>"))
    assert "new.code" in words
    assert "<U+202E>abc" in words


def test_a_checkpoint_is_written_for_its_owner_and_gives_one_line_to_print() -> None:
    world = World()
    presenter, view = page(world)
    path = Path("/somewhere/checkpoint.txt")
    presenter.checkpoint(path, "asked for")
    made, where = view.checkpoints[0]
    assert where == path
    assert world.session.files.written[path] == made.text.encode()
    line = checkpoint_line(made)
    assert "\n" not in line
    read = read_checkpoint(line)
    assert (read.store_id, read.count) == (made.store_id, made.count)
    assert (read.root.hex(), read.head.hex()) == (made.root, made.head)
    assert read_checkpoint(checkpoint_lines(made)) == read
    assert len(checkpoint_code(made)) < 70


def test_a_checkpoint_that_was_kept_is_held_against_the_store() -> None:
    world = World()
    presenter, view = page(world)
    line = checkpoint_line(world.session.watched.checkpoint(world.session.me, NOW, "test"))
    presenter.compare(line.lower())
    world.session.watched.differs = (Finding(code="checkpoint.ahead", seq=9, detail="7"),)
    presenter.compare(line)
    count = read_checkpoint(line).count
    assert view.compared == [(count, ()), (count, world.session.watched.differs)]
    presenter.compare("no checkpoint at all")
    assert [problem.code for problem in view.problems if isinstance(problem, Rejected)] == ["checkpoint.malformed"]


def test_a_checkpoint_that_can_not_be_written_is_told() -> None:
    world = World()
    world.session.files.full = True
    presenter, view = page(world)
    presenter.checkpoint(Path("/full/checkpoint.txt"), "asked for")
    assert view.checkpoints == []
    assert isinstance(view.problems[0], Environment)


def test_a_page_that_is_closed_is_told_nothing() -> None:
    world = World()
    runner = InlineRunner(held=True)
    presenter, view = page(world, runner)
    presenter.start()
    presenter.verify()
    presenter.checkpoint(Path("/x/y.txt"), "asked for")
    presenter.close()
    runner.release()
    assert (view.told, view.verdicts, view.checkpoints, view.problems) == (0, [], [], [])


@pytest.mark.parametrize(
    ("text", "ref"), [("", ""), ("  h-2026-001 ", "H-2026-001"), ("r-2026-002", "R-2026-002"), ("TEAM", "team")]
)
def test_a_filter_is_read_as_people_type_it(text: str, ref: str) -> None:
    assert parse_filter(text) == ref


def test_a_device_is_called_by_its_label_and_else_by_the_start_of_its_id() -> None:
    world = World()
    team = world.session.store.team()
    assert device_label(team, "test device") == "laptop"
    assert device_label(team, "0123456789abcdef") == "01234567"
    assert device_label(None, "0123456789abcdef") == "01234567"


def test_the_facts_of_an_event_are_flat_and_empty_ones_are_left_out() -> None:
    world = World()
    ref = world.case("Listed")
    rows = world.session.store.history(ref)
    listed = next(row for row in rows if type(row.event).__name__ == "AffectedVersionsSet")
    facts = {fact.name: fact.value for fact in facts_of(listed)}
    assert facts["lines.1.line"] == "24.x"
    assert facts["lines.1.fixed"] == "24.8.2"
    assert "lines.1.note" not in facts
    received = {fact.name: fact for fact in facts_of(rows[0])}
    assert received["text"].value == "A folded header hides a second request."
    assert not received["text"].long


def test_a_long_text_of_an_event_is_bounded_and_marked_as_long() -> None:
    world = World()
    ref = world.case("Long")
    world.session.desk.perform(ref, c.AddNote(text="word " * 10_000))
    row = world.session.store.history(ref, newest_first=True)[0]
    note = next(fact for fact in facts_of(row) if fact.name == "text")
    assert note.long
    assert len(note.value) <= 20_000
