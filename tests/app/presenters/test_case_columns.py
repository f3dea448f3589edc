"""The columns of the case table: what is chosen, and what gives way in a narrow window."""

from __future__ import annotations

from app.presenters.case_columns import COLUMNS, chosen_columns, column_setting, columns_that_fit


def keys(text: str) -> list[str]:
    return [c.key for c in chosen_columns(text)]


def test_at_first_everything_but_the_last_change_is_shown() -> None:
    assert keys("") == [c.key for c in COLUMNS if c.key != "updated"]


def test_a_choice_survives_being_written_down() -> None:
    chosen = chosen_columns("ref,title,updated")
    assert chosen_columns(column_setting(chosen)) == chosen


def test_the_first_choice_is_written_as_nothing() -> None:
    assert column_setting(chosen_columns("")) == ""


def test_reference_and_title_always_stay_and_unknown_columns_are_passed_over() -> None:
    assert keys("stage,nonsense") == ["ref", "title", "stage"]


def test_columns_go_in_the_order_of_the_look_as_the_window_gets_narrow() -> None:
    everything = chosen_columns(",".join(c.key for c in COLUMNS))
    gone = []
    before = {c.key for c in everything}
    for width in range(2000, 400, -10):
        now = {c.key for c in columns_that_fit(everything, width, 1.0)}
        gone += sorted(before - now)
        before = now
    assert gone == ["updated", "cve", "lines", "handler"]


def test_larger_text_needs_more_room() -> None:
    columns = chosen_columns("")
    assert len(columns_that_fit(columns, 1100, 1.5)) < len(columns_that_fit(columns, 1100, 1.0))
