"""A person in little room."""

from __future__ import annotations

import pytest

from app.presenters.person_words import initials, short_name


@pytest.mark.parametrize(
    ("name", "letters", "short"),
    [
        ("Ada Example", "AE", "Ada E."),
        ("Ada van der Example", "AE", "Ada E."),
        ("ada", "A", "ada"),
        ("", "?", ""),
        ("!!! ???", "?", "!!! ???"),
        ("Ögmundur Þór", "ÖÞ", "Ögmundur Þ."),
    ],
)
def test_names_are_shortened_without_losing_the_person(name: str, letters: str, short: str) -> None:
    assert initials(name) == letters
    assert short_name(name) == short


def test_hidden_characters_in_a_name_are_spelt_out() -> None:
    assert "\u202e" not in short_name("\u202eevil")
    assert "202E" in short_name("\u202eevil")
