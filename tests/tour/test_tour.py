"""The tour's own manners: what a picture holds, what its job leaves alone, and that the README shows what it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from tests.flows import journey as j
from tests.flows.real_window import RealWindow
from tests.flows.window_steps import WindowSteps
from tests.tour.__main__ import MODES, PICTURES, README, ROOT
from tests.tour.camera import Camera
from tests.tour.main_job import fresh_folder
from tests.tour.slim import slim
from tests.tour.stops import ROUND

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def shown(qtbot: QtBot, tmp_path: Path) -> Iterator[RealWindow]:
    made = RealWindow(j.Hands(), tmp_path)
    yield made
    made.close()


def test_a_picture_holds_the_window_and_the_dialog_that_floats_over_it(shown: RealWindow, tmp_path: Path) -> None:
    camera = Camera(shown.driver, shown.window, tmp_path / "pictures", "light")
    WindowSteps(shown).create_store()
    plain = QImage(str(camera.take("desk")))
    shown.driver.press("Ctrl+N")
    dialog = shown.driver.find("newCase")
    middle = shown.window.mapFromGlobal(dialog.mapToGlobal(dialog.rect().center()))
    floating = QImage(str(camera.take("new-case")))

    assert (plain.width(), plain.height()) == (1440, 900)
    assert plain.size() == floating.size()
    assert floating.pixelColor(middle) != plain.pixelColor(middle)
    assert [path.name for path in camera.taken] == ["desk-light.png", "new-case-light.png"]


def test_a_slim_picture_looks_the_same_and_is_smaller(shown: RealWindow, tmp_path: Path) -> None:
    taken = Camera(shown.driver, shown.window, tmp_path, "light").take("unlock")
    small = tmp_path / "small.png"
    slim(taken, small)
    one, other = QImage(str(taken)), QImage(str(small))
    assert one.size() == other.size()
    assert small.stat().st_size < taken.stat().st_size
    places = [(x, y) for x in range(0, one.width(), 37) for y in range(0, one.height(), 41)]
    assert max(distance(one.pixelColor(*place), other.pixelColor(*place)) for place in places) < 40


def distance(one: QColor, other: QColor) -> int:
    """How far two colours are apart in the channel where they differ most."""
    return max(abs(one.red() - other.red()), abs(one.green() - other.green()), abs(one.blue() - other.blue()))


def test_the_store_of_an_earlier_run_is_never_touched(tmp_path: Path) -> None:
    first = fresh_folder(tmp_path)
    (first / "keep").write_text("mine", encoding="utf-8")
    second = fresh_folder(tmp_path)
    assert second != first
    assert (first / "keep").read_text(encoding="utf-8") == "mine"
    assert list(second.iterdir()) == []


def test_the_round_has_each_stop_once() -> None:
    assert len({stop.__name__ for stop in ROUND}) == len(ROUND)


def test_the_readme_shows_the_pictures_that_the_tour_refreshes_and_no_other() -> None:
    linked = set(re.findall(r"\]\(resources/help/pictures/([\w-]+\.png)\)", (ROOT / "README.md").read_text("utf-8")))
    assert linked == {f"{name}-{mode}.png" for name in README for mode in MODES}
    assert linked == {path.name for path in PICTURES.glob("*.png")}
