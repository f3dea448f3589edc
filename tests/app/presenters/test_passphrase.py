"""The estimate of a passphrase errs on the low side and never calls a short one good."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.presenters.passphrase import SHORTEST, estimate


@pytest.mark.parametrize(
    ("passphrase", "strength"),
    [
        ("", "empty"),
        ("Xy7#q", "short"),
        ("aaaaaaaaaaaaaaaa", "weak"),
        ("abcdefghijklmnop", "weak"),
        ("password password password", "weak"),
        ("correct horse battery staple", "fair"),
        ("kelp lantern orbit velvet marble", "good"),
        ("kelp lantern orbit velvet marble cedar falcon", "strong"),
    ],
)
def test_the_estimate_tells_strong_from_weak(passphrase: str, strength: str) -> None:
    assert estimate(passphrase).strength == strength


@given(st.text(max_size=80))
def test_any_text_gets_an_estimate_between_nothing_and_full(text: str) -> None:
    found = estimate(text)
    assert found.bits >= 0
    assert 0 <= found.share <= 1
    if len(text) < SHORTEST:
        assert found.strength in {"empty", "short", "weak", "fair", "good", "strong"}


@given(st.text(min_size=1, max_size=SHORTEST - 5, alphabet=st.characters(codec="ascii")))
def test_a_short_one_is_never_called_good(text: str) -> None:
    assert estimate(text).strength == "short"


def test_repeating_a_character_adds_next_to_nothing() -> None:
    assert estimate("Tq8!mmmmmmmmmmmm").bits - estimate("Tq8!mm").bits < 8
