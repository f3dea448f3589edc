"""What is printed: JSON that a terminal obeys nothing of, tables of any length."""

from __future__ import annotations

import json

import pytest

from app.cli.output import answer, answer_list, counted, table

HOSTILE = "a\x1b[31m\x7f\x9b\xad\u200b\u202e\u2028\ufeff\udcff\U000e0041 é 😀"


@pytest.mark.parametrize("values", [[], [1], [{"a": [1, {"b": HOSTILE}]}, [], {}, HOSTILE]])
def test_a_list_entry_by_entry_is_the_list_at_once(values: list[object], capsys: pytest.CaptureFixture[str]) -> None:
    answer(values)
    at_once = capsys.readouterr().out
    answer_list(iter(values))
    assert capsys.readouterr().out == at_once
    assert json.loads(at_once) == values


def test_json_shows_what_is_hidden_as_escapes_and_the_rest_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    answer(HOSTILE)
    out = capsys.readouterr().out
    assert out.isprintable() or out.rstrip("\n").isprintable()
    assert "é 😀" in out
    assert json.loads(out) == HOSTILE


def test_a_table_is_as_wide_as_it_needs_and_ends_no_line_in_blanks(capsys: pytest.CaptureFixture[str]) -> None:
    table([("a", "long " * 100, ""), ("bcd", "x", "last")])
    first, second = capsys.readouterr().out.splitlines()
    assert (len(first), first[:6]) == (5 + 80 - 1 + 1, "a    l")
    assert second.endswith("  last")
    table([])
    assert capsys.readouterr().out == ""


def test_a_table_of_many_rows_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    table((str(number), "x") for number in range(2500))
    assert capsys.readouterr().out.split() == [word for number in range(2500) for word in (str(number), "x")]


def test_one_thing_is_counted_as_one() -> None:
    assert [counted(number, "event") for number in (0, 1, 1200)] == ["0 events", "1 event", "1,200 events"]
