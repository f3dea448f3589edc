"""The keys of a store."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.domain.errors import Environment, Rejected
from app.store.keys import CEILING, FLOOR, KdfCost, StoreKeys, calibrate, canonical, derive
from tests.app.store.building import CHEAP

SALT = b"0123456789abcdef"


def test_the_same_passphrase_gives_the_same_key_however_its_letters_are_composed() -> None:
    assert derive("Zu\u0308rich", SALT, CHEAP) == derive("Z\u00fcrich", SALT, CHEAP)


@pytest.mark.parametrize(
    ("passphrase", "code"),
    [("", "passphrase.empty"), ("x" * 5000, "passphrase.too-long"), ("\ud800", "passphrase.not-text")],
)
def test_a_passphrase_that_can_not_be_one_is_refused(passphrase: str, code: str) -> None:
    with pytest.raises(Rejected) as caught:
        derive(passphrase, SALT, CHEAP)
    assert caught.value.code == code


def test_every_parameter_and_the_salt_change_the_key() -> None:
    keys = {
        derive("aster", SALT, CHEAP),
        derive("aster", SALT[::-1], CHEAP),
        derive("aster", SALT, KdfCost(memory_kib=128, iterations=1, lanes=1)),
        derive("aster", SALT, KdfCost(memory_kib=64, iterations=2, lanes=1)),
        derive("aster", SALT, KdfCost(memory_kib=64, iterations=1, lanes=2)),
        derive("Aster", SALT, CHEAP),
    }
    assert len(keys) == 6


def test_the_purposes_and_the_store_change_what_is_derived() -> None:
    one, other = StoreKeys(b"k" * 32, "A" * 26), StoreKeys(b"k" * 32, "B" * 26)
    assert len({one.database(), other.database(), one.mac(b""), other.mac(b""), one.store_key()}) == 5


def test_a_wrapped_secret_comes_back_only_for_its_own_purpose() -> None:
    keys = StoreKeys(b"k" * 32, "A" * 26)
    wrapped = keys.wrap(b"secret", b"n" * 12, b"device one")
    assert keys.unwrap(wrapped, b"n" * 12, b"device one") == b"secret"
    for nonce, purpose in ((b"n" * 12, b"device two"), (b"m" * 12, b"device one")):
        with pytest.raises(Environment) as caught:
            keys.unwrap(wrapped, nonce, purpose)
        assert caught.value.code == "store.damaged"


def test_the_floor_is_what_the_design_asks_for() -> None:
    assert (FLOOR.memory_kib, FLOOR.iterations) == (64 * 1024, 3)
    assert (CEILING.memory_kib, CEILING.iterations) == (2 * 1024 * 1024, 10)


@pytest.mark.parametrize(
    ("seconds_at_floor", "expected_kib"),
    [(0.6, 64), (0.3, 128), (0.13, 256), (0.07, 512), (0.001, 512), (2.0, 64), (0.45, 128), (0.8, 64)],
)
def test_calibration_aims_between_half_a_second_and_one_and_a_half(seconds_at_floor: float, expected_kib: int) -> None:
    turns = iter(range(10))

    def seconds_of(_: Callable[[], object]) -> float:
        return seconds_at_floor * float(2 ** next(turns))

    cost = calibrate(seconds_of)
    assert cost.memory_kib == expected_kib * 1024
    assert cost.is_within(FLOOR, CEILING)


def test_calibration_stays_below_what_would_take_too_long() -> None:
    answers = iter((0.4, 1.9))
    assert calibrate(lambda _: next(answers)) == FLOOR


def test_calibration_stays_within_the_memory_there_is() -> None:
    answers = iter((0.1,))

    def seconds_of(_: Callable[[], object]) -> float:
        for seconds in answers:
            return seconds
        raise MemoryError

    assert calibrate(seconds_of) == FLOOR


def test_calibration_measures_real_work_with_the_parameters_it_chooses() -> None:
    done: list[object] = []

    def seconds_of(work: Callable[[], object]) -> float:
        done.append(work())
        return 0.7

    assert calibrate(seconds_of, CHEAP) == CHEAP
    assert done == [derive("calibration", b"\0" * 16, CHEAP)]


def test_canonical_json_has_one_form_only() -> None:
    assert canonical({"b": 1, "a": ["\u00fc", True]}) == b'{"a":["\\u00fc",true],"b":1}'


def test_a_cost_is_brought_up_to_what_is_least_and_never_down() -> None:
    cheap, dear = KdfCost(memory_kib=64, iterations=4, lanes=2), KdfCost(memory_kib=128, iterations=3, lanes=4)
    assert not cheap.reaches(dear)
    assert cheap.raised_to(dear) == KdfCost(memory_kib=128, iterations=4, lanes=2)
    assert cheap.raised_to(dear).reaches(dear)
    assert dear.raised_to(dear) == dear
