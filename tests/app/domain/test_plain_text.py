"""Markdown as lines of mail."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.plain_text import WIDTH, plain_line, plain_text


def test_paragraphs_are_filled_and_addresses_never_broken() -> None:
    address = "https://aster.example/" + "long/" * 20
    text = plain_text(f"{'word ' * 30}\n{address} end")
    assert address in text.split("\n")
    assert all(len(line) <= WIDTH or line == address for line in text.split("\n"))


def test_code_stands_apart_as_it_was_written() -> None:
    assert plain_text("See:\n\n```js\nif (a)  {\n  b\n}\n```") == "See:\n\n    if (a)  {\n      b\n    }"


def test_lists_hang_under_their_marks() -> None:
    text = plain_text("- " + "one two three " * 8 + "\n- b\n\n1. c\n   - d")
    first, second, third = text.split("\n")[:3]
    assert (first[:5], second[:2], third) == ("- one", "  ", "- b")
    assert "1. c\n   - d" in text


def test_links_are_written_out() -> None:
    assert plain_text("[Ada](https://ada.example/)") == "Ada <https://ada.example/>"
    assert plain_text("<https://ada.example/>") == "https://ada.example/"
    assert plain_text("[v1](/blog/v1/)") == "v1"


def test_quotes_tables_and_hard_breaks_stay_readable() -> None:
    assert plain_text("> a\n> b") == "> a b"
    assert plain_text("|a|b|\n|-|-|\n|1|2|") == "a | b\n1 | 2"
    assert plain_text("a\\\nb") == "a\nb"


def test_a_mark_of_what_is_missing_stays_visible() -> None:
    assert plain_text("**MISSING: version of 22.x**") == "*MISSING: version of 22.x*"


def test_a_line_has_no_marks_and_no_end() -> None:
    assert plain_line("# A *title*\n\nand `code`") == "A title and `code`"


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    assert "\r" not in plain_text(text)
    assert "\n" not in plain_line(text)
