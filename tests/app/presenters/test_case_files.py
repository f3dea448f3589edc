"""Files and history of a case: listed safely, looked into without running anything, fetched page by page."""

from __future__ import annotations

import pytest

from app.desk.ports.vault import HistoryRow
from app.domain.commands import case_commands as c
from app.domain.values import Blob
from app.presenters.case_files import PREVIEW_BYTES, files_of, preview_of
from app.presenters.case_history import PAGE, HistoryPresenter
from tests.case_world import CaseWorld


def blob(name: str, size: int = 10) -> Blob:
    return Blob(sha256="ab" * 32, size=size, name=name)


def test_every_file_of_a_case_is_listed_with_where_it_came_from() -> None:
    world = CaseWorld().receive(attachments=(blob("repro.txt"),)).do(c.AddAttachment(blob=blob("trace.log")))
    message = c.LogMessage(direction="in", subject="Again", text="See file", original=blob("mail.eml"))
    origins = [(row.origin, row.name.shown) for row in files_of(world.do(message).case)]
    assert origins == [("report", "repro.txt"), ("case", "trace.log"), ("message", "mail.eml")]


def test_a_dangerous_name_is_made_safe_and_told() -> None:
    world = CaseWorld().receive(attachments=(blob("../../report.pdf\u202e.exe"),))
    row = files_of(world.case)[0]
    assert "/" not in row.name.saved
    assert "<U+202E>" in row.name.shown
    assert {"program", "hidden-characters"} <= set(row.name.oddities)


def test_text_is_shown_with_what_it_hides() -> None:
    preview = preview_of(iter(["one\u202etwo\n".encode()]), 12)
    assert (preview.text, preview.is_text, preview.cut) == ("one<U+202E>two\n", True, False)


def test_what_is_no_text_is_shown_in_hexadecimal() -> None:
    preview = preview_of(iter([b"\x7fELF\x00\x01"]), 6)
    assert not preview.is_text
    assert preview.text.startswith("00000000  7f 45 4c 46 00 01")


def test_a_large_file_is_only_begun() -> None:
    read: list[int] = []

    def chunks() -> object:
        for number in range(100):
            read.append(number)
            yield "ü".encode() * 50_000

    preview = preview_of(chunks(), 10_000_000)  # type: ignore[arg-type]
    assert preview.cut
    assert len(preview.text) <= PREVIEW_BYTES
    assert len(read) < 5


def test_a_character_cut_in_the_middle_is_no_reason_for_hexadecimal() -> None:
    data = b"a" * (PREVIEW_BYTES - 1) + "ü".encode() * 10
    assert preview_of(iter([data]), len(data)).is_text


class FakeList:
    """Remembers the rows."""

    def __init__(self) -> None:
        self.rows: list[HistoryRow] = []
        self.more = False
        self.problems: list[Exception] = []

    def show_rows(self, rows: tuple[HistoryRow, ...], *, more: bool) -> None:
        self.rows, self.more = list(rows), more

    def append_rows(self, rows: tuple[HistoryRow, ...], *, more: bool) -> None:
        self.rows += rows
        self.more = more

    def show_problem(self, problem: Exception) -> None:
        self.problems.append(problem)


@pytest.fixture
def long_world() -> CaseWorld:
    """A case with a history of more than one page."""
    world = CaseWorld().receive()
    for number in range(PAGE + 20):
        world.do(c.AddNote(text=f"note {number}"))
    return world


def test_a_long_history_comes_page_by_page_and_whole(long_world: CaseWorld) -> None:
    view = FakeList()
    presenter = HistoryPresenter(view, long_world.presenter(view))
    presenter.show(long_world.case.events)
    assert (len(view.rows), view.more) == (PAGE, True)
    presenter.more()
    assert (len(view.rows), view.more) == (PAGE + 21, False)
    assert [row.seq for row in view.rows] == sorted((row.seq for row in view.rows), reverse=True)


def test_the_same_history_is_not_fetched_twice(long_world: CaseWorld) -> None:
    view = FakeList()
    presenter = HistoryPresenter(view, long_world.presenter(view))
    presenter.show(5)
    ran = long_world.runner.ran
    presenter.show(5)
    assert long_world.runner.ran == ran


def test_a_page_that_comes_after_the_history_grew_is_dropped(long_world: CaseWorld) -> None:
    view = FakeList()
    presenter = HistoryPresenter(view, long_world.presenter(view))
    presenter.show(5)
    long_world.runner.held = True
    presenter.more()
    presenter.show(6)
    long_world.runner.release()
    assert len(view.rows) == PAGE
