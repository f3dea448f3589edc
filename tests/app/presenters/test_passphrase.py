"""The estimate of a passphrase errs on the low side and never calls a short one good."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.presenters.passphrase import LOOKED_AT, SHORTEST, estimate

OWN = ("Aster security", "Ada Example", "ada@example.org")


@pytest.mark.parametrize(
    ("passphrase", "strength"),
    [
        ("", "empty"),
        ("Xy7#q", "short"),
        ("aaaaaaaaaaaaaaaa", "weak"),
        ("abcdefghijklmnop", "weak"),
        ("password password password", "weak"),
        ("M4ple.tree77", "fair"),
        ("kelp lantern orbit", "good"),
        ("kelp lantern orbit velvet marble cedar falcon", "strong"),
    ],
)
def test_the_estimate_tells_strong_from_weak(passphrase: str, strength: str) -> None:
    assert estimate(passphrase).strength == strength


@pytest.mark.parametrize(
    ("passphrase", "fault"),
    [
        ("aster security 2099", "own"),
        ("adaexample2099", "own"),
        ("letmein1234", "common"),
        ("internationalization", "word"),
        ("trustno1trustno1", "repeat"),
        ("abcdefghijklmnop", "sequence"),
        ("12.05.1987 12.06.1988", "date"),
    ],
)
def test_what_helps_a_guesser_is_named_first(passphrase: str, fault: str) -> None:
    assert estimate(passphrase, OWN).faults[0] == fault


def test_a_strong_one_has_no_fault_to_name() -> None:
    assert estimate("kelp lantern orbit velvet marble cedar falcon", OWN).faults == ()


def test_the_names_of_store_and_person_are_tried_by_a_guesser() -> None:
    alone, known = estimate("Aster security team").bits, estimate("Aster security team", OWN).bits
    assert known < alone


@given(st.text(max_size=80))
def test_any_text_gets_an_estimate_between_nothing_and_full(text: str) -> None:
    found = estimate(text)
    assert found.bits >= 0
    assert 0 <= found.share <= 1
    if len(unicodedata.normalize("NFC", text)) < SHORTEST:
        assert found.strength in {"empty", "short"}


@given(st.text(min_size=1, max_size=SHORTEST - 5, alphabet=st.characters(codec="ascii")))
def test_a_short_one_is_never_called_good(text: str) -> None:
    assert estimate(text).strength == "short"


def test_repeating_a_character_adds_next_to_nothing() -> None:
    assert estimate("Tq8!mmmmmmmmmmmm").bits - estimate("Tq8!mm").bits < 8


def test_a_text_of_any_length_is_reckoned_by_its_beginning() -> None:
    long = "kelp lantern orbit velvet " * 400
    assert estimate(long) == estimate(long[:LOOKED_AT])
