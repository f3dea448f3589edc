"""The plan of the fault tests: what it names is there, what did not hold shows, and figures come through."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.__main__ import PLAN, ROOT, Outcome, main, table
from tests.faults.figures import COLLECTED_IN, Figures, collected, said, tell


def outcome(**changes: int) -> Outcome:
    given = {"passed": 3, "failed": 0, "skipped": 0, **changes}
    figures = [Figures(test="T4", what="flipped bits", counts={"trials": 204_800, "silent": 0})]
    return Outcome(test="T4", what="one bit flipped", seconds=1.5, figures=figures, **given)


def test_every_test_of_the_plan_is_there() -> None:
    missing = [path for part in PLAN.values() for path in part.paths if not (ROOT / "tests" / path).exists()]
    assert missing == []


def test_a_number_that_is_not_in_the_plan_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["T99"])
    assert stopped.value.code == 2
    assert "T99" in capsys.readouterr().err


def test_the_list_names_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(PLAN)


@pytest.mark.parametrize(
    ("result", "verdict"),
    [
        (outcome(), "held"),
        (outcome(failed=1), "FAILED"),
        (outcome(passed=0, skipped=3), "not run"),
        (outcome(skipped=1), "held"),
    ],
)
def test_the_table_says_what_held_with_its_figures(result: Outcome, verdict: str) -> None:
    shown = table([result])
    assert shown.startswith(f"T4   {verdict}")
    assert "trials 204,800, silent 0" in shown


def test_what_a_test_tells_is_collected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(COLLECTED_IN, str(tmp_path / "figures"))
    told = tell("T1", "a kill", trials=1_000, lost=0, share=99.5)
    assert collected(tmp_path / "figures") == [told]
    assert said(told) == "T1  a kill: trials 1,000, lost 0, share 99.5"


def test_nothing_told_is_nothing_collected(tmp_path: Path) -> None:
    assert collected(tmp_path / "none") == []
