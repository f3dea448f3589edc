"""Settings, how long cases are kept: the choice is the team's, and the first of two steps is all that goes in bulk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from app.desk.retention import Over, Waiting
from app.domain.changes import Changes
from app.presenters.target import Target
from tests.fakes_session import NOON
from tests.scenes import busy_store
from tests.window_world import WindowWorld


class FakeRetention:
    """One case whose time is over; `propose_over` moves it to those that wait."""

    def __init__(self) -> None:
        day = NOON - timedelta(days=800)
        title = "Old <b>case</b>"
        self.left = [Over(ref="H-2026-001", title=title, closed=day, since=day + timedelta(days=730))]
        self.proposed: list[Waiting] = []

    def days(self) -> int | None:
        return None

    def over(self, _limit: int) -> tuple[Over, ...]:
        return tuple(self.left)

    def waiting(self, _limit: int) -> tuple[Waiting, ...]:
        return tuple(self.proposed)

    def propose_over(self) -> tuple[tuple[str, ...], Changes]:
        refs = tuple(over.ref for over in self.left)
        self.proposed += [Waiting(ref=r, title="Old", at=NOON, by="Ada", reason="over") for r in refs]
        self.left = []
        return refs, Changes()


class Scene(WindowWorld):
    """The settings with the retention in front."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, busy_store)
        self.retention = FakeRetention()
        self.session.retention = cast("Any", self.retention)
        self.unlocked()
        self.workspace.navigate(Target(page="settings", tab="retention"))
        QApplication.processEvents()


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    return Scene(qtbot)


def test_how_long_cases_are_kept_is_chosen_for_the_team(scene: Scene) -> None:
    days = scene.find(QComboBox, "retention.days")
    assert days.currentText() == "as the policy of each says"
    days.setCurrentIndex(days.findData(730))
    assert scene.session.store.team().setting("retention.days") == "730"


def test_cases_whose_time_is_over_are_named_and_proposed_after_a_question(scene: Scene) -> None:
    assert scene.sees("retention.open.H-2026-001")
    scene.interaction.agrees = False
    scene.click("retention.propose")
    assert scene.retention.proposed == []
    scene.interaction.agrees = True
    scene.click("retention.propose")
    QApplication.processEvents()
    assert [waiting.ref for waiting in scene.retention.proposed] == ["H-2026-001"]
    assert not scene.sees("retention.propose")


def test_a_case_is_opened_from_its_row(scene: Scene) -> None:
    scene.click("retention.open.H-2026-001")
    assert scene.workspace.place is not None
    assert scene.workspace.place.ref == "H-2026-001"
