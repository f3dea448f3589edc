"""T1: `kill -9` at random instants of a day at the desk loses nothing that was acknowledged."""

from __future__ import annotations

from tests.faults import programs
from tests.faults.figures import count, tell


def test_a_kill_at_any_moment_of_the_day_loses_nothing_that_was_acknowledged() -> None:
    hits = {"day": count(24, 700), "first-day": count(8, 200), "old-store-day": count(8, 100)}
    for report in programs.kills(hits):
        tell(
            "T1",
            f"kill -9 in {report.scenario}",
            trials=report.trials,
            kills=report.killed,
            inside_a_command=report.inside,
            acknowledged=report.acknowledged,
            left_a_journal=report.journals,
            lost=report.complaints.get("lost", 0),
            not_whole=sum(report.complaints.values()) - report.complaints.get("lost", 0),
        )
        assert report.complaints == {}, report.examples
        assert report.inside >= count(1, hits[report.scenario])
