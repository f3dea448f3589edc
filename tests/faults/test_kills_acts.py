"""T3: `kill -9` while ways in, the store key, backups or formats change, or a case is erased: the old or the new."""

from __future__ import annotations

import pytest

from tests.faults import programs
from tests.faults.figures import count, tell
from tests.faults.scenarios import ACTS


@pytest.mark.parametrize("act", ACTS)
def test_a_kill_in_the_middle_leaves_what_was_or_what_shall_be(act: str) -> None:
    wanted = count(6, 200)
    (report,) = programs.kills({act: wanted})
    tell(
        "T3",
        f"kill -9 in {act}",
        trials=report.trials,
        kills=report.killed,
        inside_the_window=report.inside,
        left_a_journal=report.journals,
        **{kind: report.complaints.get(kind, 0) for kind in ("lost", "unopenable", "damaged", "half", "both", "left")},
    )
    assert report.complaints == {}, report.examples
    # A busy machine lets few kills come in time; a release does not go out with fewer.
    assert report.inside >= count(1, wanted)
