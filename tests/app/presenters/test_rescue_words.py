"""What a rescue says: what was saved first, what is lost and where, and what to do with it."""

from __future__ import annotations

from typing import Any

import pytest

from app.desk.ports.rescue import RescueReport, Touched
from app.presenters.rescue_words import note_words, report_words


def said(**changes: Any) -> list[str]:
    """The sentences of a report."""
    usual: dict[str, Any] = {
        "old_store": "OLD", "new_store": "NEW", "events": 20, "lost": 0, "missing": (), "last": 20, "erased": 0,
        "unproven": 0, "guessed": 0, "unattributed": (), "pages": 59, "bad_pages": 0, "cut_pages": 0, "cases": (),
        "files": 1, "lost_files": (), "findings": 0,
    }  # fmt: skip
    return list(report_words(RescueReport(**(usual | changes))))


def test_a_rescue_that_lost_nothing_says_so() -> None:
    assert said() == [
        "Saved 20 events and 1 files into a new store; the damaged one is as it was.",
        "The new store was verified: everything in it agrees.",
        "Nothing is lost.",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lost": 4, "missing": ("3", "7-9")}, "Lost: 4 events, by their old numbers 3, 7-9."),
        (
            {"lost": 1, "unattributed": ('{"type":"NoteAdded"}',)},
            "Of these, 1 could be read, but not whose they were; with --json they are printed.",
        ),
        ({"cut_pages": 12}, "The file ends 12 pages too early: events after 20 may be lost without a trace."),
        ({"lost_files": ("ab" * 32,)}, "Lost: 1 files whose content could not be read; the cases still name them."),
        ({"erased": 3}, "3 events had been erased for retention before, and stay so."),
        ({"bad_pages": 2}, "2 of 59 pages were not as they were written."),
        ({"findings": 1}, "The new store does not verify (1 findings). Keep the damaged one."),
    ],
)
def test_each_loss_has_its_sentence(changes: dict[str, Any], words: str) -> None:
    assert words in said(**changes)


def test_a_case_says_whether_its_last_state_made_up_for_what_is_lost() -> None:
    cases = (
        Touched(ref="H-2026-001", stream="case:A", lost=2, is_complete=True),
        Touched(ref="H-2026-002\u202e", stream="case:B", lost=1, is_complete=False),
    )
    sentences = said(cases=cases, lost=3, missing=("1-3",))
    assert any(s.startswith("H-2026-001: 2 events are lost, but its last state") for s in sentences)
    assert any("\u202e" not in s and "a note in the case says which" in s for s in sentences)


def test_a_long_list_of_numbers_is_cut() -> None:
    missing = tuple(str(number) for number in range(1, 200, 2))
    (sentence,) = (s for s in said(lost=100, missing=missing) if s.startswith("Lost: 100"))
    assert sentence.endswith("77, 79, ….")


def test_the_note_in_a_case_names_numbers_and_keeps_what_could_not_be_told() -> None:
    assert note_words(("3", "7-9"), ()) == (
        "This case was saved from a damaged store.\nEvents that could not be read, by their old numbers: 3, 7-9."
    )
    assert note_words((), ('{"type":"CaseClosed"}',)).endswith('{"type":"CaseClosed"}')
