"""Text from outside is shown whole, within bounds, and hides nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.untrusted import (
    ELLIPSIS,
    FILE_NAME_BYTES,
    contains_bidi,
    contains_hidden,
    safe_file_name,
    safe_line,
    safe_text,
)
from tests.app.domain.hostile import hostile

NASTY = "\u202e\u2066\u200b\u200d\ufeff\u0338\u0301\ufe0f\u3164\ud800\udfff\x00\x1b\x85\u2028\r\n\t<>U+ \U000e0041"
any_text = st.text(st.one_of(st.sampled_from(NASTY), st.characters(exclude_categories=())), max_size=60)
any_name = st.text(st.one_of(st.sampled_from("./\\: -~_aCON1*?" + NASTY), st.characters(exclude_categories=())))


@pytest.mark.parametrize(("text", "expected"), hostile("lines"))
def test_a_hostile_line_shows_what_it_hides(text: str, expected: str) -> None:
    assert safe_line(text) == expected


def test_plain_words_pass_untouched() -> None:
    assert safe_line("Aster runtime reads past the end") == "Aster runtime reads past the end"


def test_a_long_line_ends_in_an_ellipsis_at_the_limit() -> None:
    assert safe_line("x" * 600) == "x" * 499 + ELLIPSIS


def test_a_cut_never_leaves_half_a_marker() -> None:
    assert [safe_line("ab\u202ecd", limit) for limit in range(3, 13)] == [
        *(["ab" + ELLIPSIS] * 8),
        "ab<U+202E>" + ELLIPSIS,
        "ab<U+202E>cd",
    ]


def test_a_text_keeps_line_feeds_and_tabs_and_drops_the_rest_of_a_windows_line_end() -> None:
    assert safe_text("one\r\ntwo\tthree\rfour\u2028five") == "one\ntwo\tthree<U+000D>four<U+2028>five"


def test_a_text_beyond_any_bound_is_cut_before_it_is_worked_on() -> None:
    assert safe_text("\r\n" * 5_000_000, 10) == "\n" * 9 + ELLIPSIS


@given(any_text, st.integers(1, 80))
@example("\u2066" * 20, 9)
@example("x\u0301" * 20, 5)
def test_a_safe_line_is_short_visible_well_formed_and_stays_as_it_is(text: str, limit: int) -> None:
    safe = safe_line(text, limit)
    assert len(safe) <= limit
    assert not contains_hidden(safe)
    assert safe.encode().decode() == safe
    assert unicodedata.is_normalized("NFC", safe)
    assert safe_line(safe, limit) == safe


@given(any_text, st.integers(1, 80))
def test_a_safe_text_is_short_well_formed_and_stays_as_it_is(text: str, limit: int) -> None:
    safe = safe_text(text, limit)
    assert len(safe) <= limit
    assert not contains_hidden(safe.replace("\n", " ").replace("\t", " "))
    assert unicodedata.is_normalized("NFC", safe)
    assert safe_text(safe, limit) == safe


@given(st.text(st.characters(max_codepoint=0x10FFFF, exclude_categories=())))
def test_every_direction_mark_is_noticed(text: str) -> None:
    marks = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    expected = any(unicodedata.bidirectional(c) in marks or c in "\u061c\u200e\u200f" for c in text)
    assert contains_bidi(text) is expected


def test_no_format_or_control_character_of_unicode_stays_hidden() -> None:
    # These are of class Cf but draw a sign of their own, or belong to a script that needs them.
    visible = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
    hidden = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zl", "Zp")]
    assert [f"{ord(one):04X}" for one in hidden if one not in visible and not contains_hidden(one)] == []


@pytest.mark.parametrize(("name", "saved"), hostile("file_names"))
def test_a_hostile_file_name_is_saved_under_a_tame_one(name: str, saved: str) -> None:
    assert safe_file_name(name).saved == saved


@given(any_name)
@example("x" * 300 + ".patch")
@example("\u00e4" * 300)
@example("a." + "b" * 300)
@example("x" * 5000)
def test_a_saved_name_stays_in_its_directory_on_every_system(name: str) -> None:
    found = safe_file_name(name)
    assert 0 < len(found.saved.encode()) <= FILE_NAME_BYTES
    assert not set(found.saved) & set('/\\:*?"<>|\x00')
    assert found.saved[0] not in ".-~ "
    assert found.saved[-1] not in ". "
    assert not contains_hidden(found.saved)
    assert not contains_hidden(found.shown)
    assert found.shown
    assert safe_file_name(found.saved).saved == found.saved


@pytest.mark.parametrize(
    ("name", "oddities"),
    [
        ("notes.txt", ()),
        ("archive.tar.gz", ()),
        ("fix.sh", ("program",)),
        ("invoice.pdf.exe", ("double-extension", "program")),
        ("invoice.pdf     .EXE", ("double-extension", "program", "renamed")),
        ("a/b.txt", ("directories",)),
        ("a\\..\\b.txt", ("directories",)),
        ("photo\u202egpj.exe", ("hidden-characters", "program", "renamed")),
        ("CON", ("renamed",)),
        ("", ("renamed",)),
    ],
)
def test_what_is_odd_about_a_file_name_is_told(name: str, oddities: tuple[str, ...]) -> None:
    assert safe_file_name(name).oddities == oddities


def test_a_long_file_name_keeps_its_end_on_screen_and_on_disk() -> None:
    found = safe_file_name("x" * 1000 + ".pdf.exe")
    assert found.shown.endswith("x.pdf.exe")
    assert len(found.shown) == 120
    assert found.saved.endswith(".exe")
    assert "double-extension" in found.oddities
