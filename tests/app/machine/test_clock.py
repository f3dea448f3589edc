"""The real clock and the real source of chance."""

from __future__ import annotations

from datetime import UTC, timedelta

from app.machine.clock import SystemClock, SystemIds


def test_the_hour_is_told_in_utc() -> None:
    first, second = SystemClock().now(), SystemClock().now()
    assert first.tzinfo is UTC
    assert timedelta(0) <= second - first < timedelta(hours=1)


def test_identifiers_are_26_letters_of_crockfords_alphabet_and_never_twice_the_same() -> None:
    made = {SystemIds().new_id() for _ in range(2000)}
    assert len(made) == 2000
    assert {len(name) for name in made} == {26}
    assert set("".join(made)) == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_secrets_have_the_size_that_was_asked_for() -> None:
    assert [len(SystemIds().secret(size)) for size in (0, 1, 32)] == [0, 1, 32]
    assert SystemIds().secret(32) != SystemIds().secret(32)
