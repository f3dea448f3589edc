"""The questions of an export say what is secret, what is missing, and what will happen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.desk.exchange import ExportFormat, Hold
from app.desk.ports.exchange import Missing
from app.presenters.exporting import Standing, Subject, Written
from tests.fakes_interaction import FakeInteraction
from tests.release_world import NOW, TARGET, TZ
from ui.kit.dates import Dates
from ui.kit.exporting import ExportDialogs

POST = ExportFormat(format="blog-post", title="Security release (web page)", audience="public", scopes=("release",))
NOTICE = ExportFormat(format="blog-pre", title="Notice (web page)", audience="notice", scopes=("release",))
RELEASE = Subject(release="R-2026-001")


class Desk:
    """The dialogs, and everything that they asked, said and copied."""

    def __init__(self) -> None:
        self.interaction = FakeInteraction()
        self.toasts: list[tuple[str, str]] = []
        self.copied: list[str] = []
        self.problems: list[Exception] = []
        self.dialogs = ExportDialogs(
            self.interaction,
            Dates(TZ),
            now=lambda: NOW,
            toast=self.toast,
            problem=self.problems.append,
            copy=self.copied.append,
        )

    def toast(self, text: str, action: str = "", run: object = None) -> None:
        self.toasts.append((text, action))
        if callable(run):
            run()


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    return Desk()


def test_the_guard_names_the_cases_the_instant_and_what_is_missing(desk: Desk) -> None:
    holds = (Hold(ref="H-2026-001", until=TARGET), Hold(ref="H-2026-002", until=TARGET))
    missing = (Missing(code="cve.none", ref="H-2026-002"), Missing(code="nswg.number", ref="H-2026-001"))
    reasons: list[str] = []
    desk.dialogs.ask_reason(RELEASE, Standing(format=POST, holds=holds, missing=missing), reasons.append)
    question = desk.interaction.asked[0]
    assert question.title == "Export before the embargo ends?"
    assert "H-2026-001, H-2026-002 become public on Tue 24 Nov 2026, 12:00 CET, in 6 d 21 h." in question.body
    assert "• H-2026-002 has no CVE id." in question.body
    assert "• The dataset entry of H-2026-001 has no number yet" in question.body
    assert question.strong == ("Tue 24 Nov 2026, 12:00 CET",)
    assert question.risky
    assert reasons == ["because the test says so"]


def test_without_an_agreed_date_everything_is_secret(desk: Desk) -> None:
    standing = Standing(format=POST, holds=(Hold(ref="H-2026-001"),))
    desk.dialogs.ask_reason(Subject(case="H-2026-001"), standing, lambda reason: None)
    assert "no embargo date is agreed, so everything is still secret" in desk.interaction.asked[0].body


def test_a_text_that_only_lacks_something_is_called_incomplete(desk: Desk) -> None:
    standing = Standing(format=POST, missing=(Missing(code="cve.none", ref="H-2026-002"),))
    desk.dialogs.ask_reason(RELEASE, standing, lambda reason: None)
    assert desk.interaction.asked[0].title == "Export an incomplete text?"


def test_a_long_list_is_cut_with_its_count(desk: Desk) -> None:
    holds = tuple(Hold(ref=f"H-2026-{n:03}", until=TARGET) for n in range(1, 10))
    missing = tuple(Missing(code="cve.none", ref=f"H-2026-{n:03}") for n in range(1, 10))
    desk.dialogs.ask_reason(RELEASE, Standing(format=POST, holds=holds, missing=missing), lambda reason: None)
    body = desk.interaction.asked[0].body
    assert "H-2026-006 and 3 more become public" in body
    assert "• and 3 more" in body


def test_exporting_all_names_what_goes_and_what_stays(desk: Desk) -> None:
    held = Standing(format=POST, holds=(Hold(ref="H-2026-001", until=TARGET),))
    chosen: list[str] = []
    desk.dialogs.ask_all([Standing(format=NOTICE)], [held], lambda: chosen.append("folder"))
    body = desk.interaction.asked[0].body
    assert "Ready: Notice (web page)." in body
    assert "• Security release (web page): embargo until Tue 24 Nov 2026, 12:00 CET" in body
    assert chosen == ["folder"]


def test_with_nothing_ready_there_is_only_something_to_know(desk: Desk) -> None:
    held = Standing(format=POST, missing=(Missing(code="cve.none", ref="H-2026-002"),))
    chosen: list[str] = []
    desk.dialogs.ask_all([], [held], lambda: chosen.append("folder"))
    assert (desk.interaction.asked, chosen) == ([], [])
    assert "1 missing" in desk.interaction.told[0].body


def test_what_was_written_is_told_with_its_folder_which_is_offered_again(desk: Desk) -> None:
    out = Path("/out/november")
    desk.dialogs.show_written(Written(folder=out, paths=(out / "a.md", out / "b.eml")))
    assert desk.toasts == [("Exported 2 files to /out/november", "Copy path")]
    assert desk.copied == ["/out/november"]
    desk.dialogs.ask_folder(RELEASE, lambda folder: None)
    assert desk.interaction.chosen[0].start == out


def test_a_problem_goes_where_the_page_shows_it(desk: Desk) -> None:
    desk.dialogs.show_problem(OSError("full"))
    assert len(desk.problems) == 1
