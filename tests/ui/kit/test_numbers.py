"""Numbers: thousands apart and sizes in decimal units."""

from __future__ import annotations

import pytest

from ui.kit.numbers import file_size, thousands


def test_thousands_are_set_apart() -> None:
    assert [thousands(n) for n in (7, 1_000, 12_408, -5_000)] == ["7", "1,000", "12,408", "-5,000"]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (3_100, "3.1 kB"),
        (9_990, "10 kB"),
        (999_600, "1.0 MB"),
        (48_200_000, "48 MB"),
    ],
)
def test_a_size_has_one_decimal_below_ten(size: int, words: str) -> None:
    assert file_size(size) == words
