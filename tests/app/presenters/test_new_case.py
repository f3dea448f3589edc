"""A new case by hand: what is wrong stands beside its field, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec
import pytest

from app.domain.changes import Changes
from app.domain.errors import Environment, Rejected
from app.presenters.hub import Hub
from app.presenters.new_case import (
    DRAFT_FIELD,
    DRAFT_REF,
    LONGEST_TITLE,
    Field,
    NewCase,
    NewCasePresenter,
    check_new_case,
    receive,
)
from tests.fakes_runner import InlineRunner
from tests.fakes_session import NOON, MemorySession

VIENNA = ZoneInfo("Europe/Vienna")
FORM = NewCase(title="Crash on a call", reporter="Rae Finder", received="2026-11-24 09:00", text="It crashed.")


class FakeView:
    """The form as the presenter tells it."""

    def __init__(self) -> None:
        self.form: NewCase | None = None
        self.fields: list[Field] = []
        self.problems: list[Exception] = []
        self.opened_refs: list[str] = []
        self.times_left = 0

    def show_form(self, form: NewCase) -> None:
        self.form = form

    def show_field_problem(self, field: Field, problem: Rejected) -> None:
        self.fields.append(field)

    def show_problem(self, problem: Exception) -> None:
        self.problems.append(problem)

    def show_busy(self, *, busy: bool) -> None:
        pass

    def opened(self, ref: str) -> None:
        self.opened_refs.append(ref)

    def left(self) -> None:
        self.times_left += 1


class Scene:
    """The form on an empty store."""

    def __init__(self, session: MemorySession | None = None) -> None:
        self.session = session or MemorySession()
        self.view = FakeView()
        self.hub = Hub()
        self.heard: list[Changes] = []
        self.hub.listen(self.heard.append)
        self.runner = InlineRunner()
        self.presenter = NewCasePresenter(self.view, cast("Any", self.session), self.runner, self.hub, VIENNA)
        self.presenter.start()

    def draft(self) -> str | None:
        return self.session.store.draft(DRAFT_REF, DRAFT_FIELD)


def test_a_complete_form_opens_a_case_and_forgets_the_draft() -> None:
    scene = Scene()
    scene.presenter.keep(FORM)
    assert scene.draft() is not None
    scene.presenter.save(FORM)
    case = scene.session.store.case(scene.view.opened_refs[0])
    assert case is not None
    assert case.report.received_at == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert (case.title, case.report.channel, case.reporters[0].name) == ("Crash on a call", "phone", "Rae Finder")
    assert scene.draft() is None
    assert "cases" in scene.heard[0].topics


def test_an_empty_time_means_now() -> None:
    command = receive(msgspec.structs.replace(FORM, received=" "), VIENNA, NOON)
    assert command.received_at is None


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": "  "}, ["title"]),
        ({"title": "x" * (LONGEST_TITLE + 1)}, ["title"]),
        ({"received": "yesterday"}, ["received"]),
        ({"received": "2026-02-30 10:00"}, ["received"]),
        ({"received": "2026-11-24 15:00"}, ["received"]),
        ({"email": "rae at example"}, ["email"]),
        ({"reporter": ""}, ["reporter"]),
        ({"title": "", "reporter": "", "email": "x"}, ["title", "email"]),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(changes: dict[str, str], fields: list[Field]) -> None:
    form = msgspec.structs.replace(FORM, **changes)
    scene = Scene()
    scene.presenter.save(form)
    assert [f for f, _p in check_new_case(form, VIENNA, NOON)] == fields
    assert scene.view.fields == fields
    assert scene.view.opened_refs == []


def test_an_address_alone_names_the_reporter() -> None:
    form = msgspec.structs.replace(FORM, reporter="", email="rae@example.org")
    assert check_new_case(form, VIENNA, NOON) == []
    assert receive(form, VIENNA, NOON).reporters[0].name == "rae@example.org"


def test_leaving_keeps_what_was_typed_and_coming_back_shows_it() -> None:
    scene = Scene()
    scene.presenter.leave(FORM)
    assert scene.view.times_left == 1
    again = Scene(scene.session)
    assert again.view.form == FORM


def test_where_keeping_fails_the_form_stays_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()

    def full(*_parts: Any) -> None:
        raise Environment("disk.full")

    monkeypatch.setattr(scene.session.desk, "save_draft", full)
    scene.presenter.leave(FORM)
    assert scene.view.times_left == 0
    assert [getattr(p, "code", "") for p in scene.view.problems] == ["disk.full"]


def test_starting_over_forgets_the_draft() -> None:
    scene = Scene()
    scene.presenter.keep(FORM)
    scene.presenter.discard()
    assert scene.draft() is None


def test_a_draft_that_makes_no_sense_is_an_empty_form() -> None:
    session = MemorySession()
    session.store.keep_draft(DRAFT_REF, DRAFT_FIELD, '{"title": 5}')
    assert Scene(session).view.form == NewCase()


def test_a_refusal_of_the_desk_is_told_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    scene.presenter.keep(FORM)

    def refuse(*_parts: Any) -> Any:
        raise Rejected("policy.unknown")

    monkeypatch.setattr(scene.session.desk, "perform", refuse)
    scene.presenter.save(FORM)
    assert [getattr(p, "code", "") for p in scene.view.problems] == ["policy.unknown"]
    assert scene.draft() is not None
