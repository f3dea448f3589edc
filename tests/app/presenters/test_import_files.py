"""Import in the window: progress, cancel, report, and one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from typing_extensions import override

from app.desk.intake import ImportReport
from app.desk.ports.exchange import CaseDraft, Draft, Importer, Refusal, SourceFile
from app.domain.changes import Changes
from app.domain.commands.case_commands import Receive
from app.presenters.hub import Hub
from app.presenters.import_files import ImportPresenter, shown_name
from tests.fakes_runner import InlineRunner
from tests.fakes_session import MemorySession


class OneLineReports(Importer):
    """Made-up format: each file is a title."""

    format = "title"
    title = "Titles"
    suffixes = (".txt",)

    @override
    def recognises(self, source: SourceFile) -> bool:
        return source.data.startswith(b"title:")

    @override
    def read(self, source: SourceFile) -> Iterator[Draft]:
        title = source.data.decode().removeprefix("title:").strip()
        if not title:
            yield Refusal(file=source.name, field="title", code="text.empty", facts={"field": "title"})
            return
        yield CaseDraft(key=f"title:{title}", sha256=source.sha256, where=source.name, commands=(Receive(title=title),))


class FakeView:
    """The import as the presenter tells it."""

    def __init__(self) -> None:
        self.progress: list[tuple[int, int]] = []
        self.reports: list[ImportReport] = []
        self.problems: list[Exception] = []

    def show_progress(self, done: int, of: int) -> None:
        self.progress.append((done, of))

    def show_report(self, report: ImportReport) -> None:
        self.reports.append(report)

    def show_problem(self, problem: Exception) -> None:
        self.problems.append(problem)


class Scene:
    """An import into an empty store."""

    def __init__(self, *files: bytes) -> None:
        self.session = MemorySession(importers=(OneLineReports(),))
        self.session.given = [
            SourceFile(name=f"{n}.txt", data=data, sha256=f"{n:064d}") for n, data in enumerate(files)
        ]
        self.view = FakeView()
        self.runner = InlineRunner()
        self.hub = Hub()
        self.heard: list[Changes] = []
        self.hub.listen(self.heard.append)
        self.presenter = ImportPresenter(self.view, cast("Any", self.session), self.runner, self.hub)


def test_what_came_in_and_what_was_refused_is_reported_and_told_to_everyone() -> None:
    scene = Scene(b"title: First", b"title:", b"nonsense", b"title: Second")
    assert scene.presenter.start(["a", "b"])
    (report,) = scene.view.reports
    assert report.cases == ("H-2026-001", "H-2026-002")
    assert [r.field for r in report.refused][:1] == ["title"]
    assert len(report.refused) == 2
    assert "cases" in scene.heard[0].topics
    assert scene.session.paths == ["a", "b"]
    assert not scene.presenter.running


def test_one_import_at_a_time() -> None:
    scene = Scene(b"title: First")
    scene.runner.held = True
    assert scene.presenter.start(["a"])
    assert not scene.presenter.start(["b"])
    scene.runner.release()
    assert len(scene.view.reports) == 1


def test_nothing_chosen_is_no_import() -> None:
    scene = Scene()
    assert not scene.presenter.start([])


def test_a_cancelled_import_says_what_is_in_the_store() -> None:
    scene = Scene(b"title: First", b"title: Second")
    scene.runner.held = True
    scene.presenter.start(["a"])
    scene.presenter.cancel()
    scene.runner.release()
    assert scene.view.reports[0].cancelled


def test_after_a_lock_nobody_is_told() -> None:
    scene = Scene(b"title: First")
    scene.runner.held = True
    scene.presenter.start(["a"])
    scene.presenter.close()
    scene.runner.release()
    assert scene.view.reports == []
    assert scene.view.progress == []


def test_the_name_of_a_path_is_its_last_part() -> None:
    assert shown_name("/tmp/reports/one.eml") == "one.eml"
