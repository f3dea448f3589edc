"""T2: power may fail after any call of the system; what was acknowledged is on the platter by then."""

from __future__ import annotations

import pytest

from tests.faults import programs
from tests.faults.figures import count, is_long, tell
from tests.faults.power import Report
from tests.faults.scenarios import ACTS

QUICK_ACTS = ("change-passphrase", "backup", "upgrade")
"""What every change gets; a release gets them all."""


def _tell(report: Report) -> None:
    lost = report.complaints.get("lost", 0)
    tell(
        "T2",
        f"power lost in {report.scenario}",
        crash_points=report.points,
        different_disks=report.images,
        recordings=report.recordings,
        acknowledged=report.acknowledged,
        lost=lost,
        not_whole=sum(report.complaints.values()) - lost,
    )


@pytest.mark.parametrize(
    ("day", "short", "long"), [("day", 150, 10_000), ("first-day", 80, 3_000), ("old-store-day", 50, 2_000)]
)
def test_power_lost_at_any_call_of_a_day_loses_nothing_that_was_acknowledged(day: str, short: int, long: int) -> None:
    points = count(short, long)
    (report,) = programs.power({day: points})
    _tell(report)
    assert report.complaints == {}, report.examples
    assert report.points == points


@pytest.mark.parametrize("act", ACTS if is_long() else QUICK_ACTS)
def test_power_lost_while_keys_backups_or_formats_change_leaves_the_old_or_the_new(act: str) -> None:
    (report,) = programs.power({act: count(30, 1_000)})
    _tell(report)
    assert report.complaints == {}, report.examples


def test_the_same_cuts_show_that_the_settings_sqlcipher_comes_with_lose_commits() -> None:
    """The control: without it, finding nothing could mean that the model forgives everything."""
    (report,) = programs.power({"plain-default": count(150, 2_000)})
    _tell(report)
    assert report.complaints.get("lost", 0) > 0


def test_the_settings_of_the_store_lose_none_of_them() -> None:
    (report,) = programs.power({"plain-safe": count(150, 2_000)})
    _tell(report)
    assert report.complaints == {}, report.examples
