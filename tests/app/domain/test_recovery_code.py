"""A recovery code survives reading aloud and hasty typing, and names the group where it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Rejected
from app.domain.recovery_code import ALPHABET, SECRET_BYTES, recovery_code, recovery_secret, wrong_groups

SECRETS = st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES)
CODE = recovery_code(bytes(range(1, 21)))


def fault_of(code: str) -> Rejected:
    with pytest.raises(Rejected) as caught:
        recovery_secret(code)
    return caught.value


@given(SECRETS)
def test_what_was_written_is_read_again(secret: bytes) -> None:
    code = recovery_code(secret)
    assert len(code.split("-")) == 8
    assert set(code) <= {*ALPHABET, "-"}
    assert recovery_secret(code) == secret
    assert wrong_groups(code) == ()


@given(SECRETS, st.sampled_from([" ", "", " - ", "\n", "\u2013", "  ", "."]))
def test_case_spaces_and_look_alikes_are_forgiven(secret: bytes, between: str) -> None:
    typed = recovery_code(secret).lower().replace("-", between).replace("0", "o").replace("1", "l")
    assert recovery_secret(f" {typed}\n") == secret


@given(SECRETS, st.integers(0, 7), st.integers(0, 4), st.sampled_from(ALPHABET + "U*"))
def test_one_wrong_character_is_named_by_its_group(secret: bytes, group: int, place: int, letter: str) -> None:
    groups = recovery_code(secret).split("-")
    changed = groups[group][:place] + letter + groups[group][place + 1 :]
    if changed != groups[group]:
        groups[group] = changed
        fault = fault_of("-".join(groups))
        assert (fault.code, fault.facts["group"]) == ("recovery.group", group + 1)
        assert wrong_groups("-".join(groups)) == (group + 1,)


@given(SECRETS, st.integers(0, 7), st.integers(0, 3), st.integers(1, 4))
def test_two_swapped_characters_of_a_group_are_found(secret: bytes, group: int, first: int, by: int) -> None:
    groups = recovery_code(secret).split("-")
    letters, second = list(groups[group]), min(first + by, 4)
    if letters[first] != letters[second]:
        letters[first], letters[second] = letters[second], letters[first]
        groups[group] = "".join(letters)
        assert fault_of(" ".join(groups)).facts["group"] == group + 1


@given(SECRETS, st.integers(0, 7), st.integers(0, 7))
def test_two_swapped_groups_are_found(secret: bytes, one: int, other: int) -> None:
    groups = recovery_code(secret).split("-")
    groups[one], groups[other] = groups[other], groups[one]
    if one != other:
        assert fault_of("-".join(groups)).facts["group"] == min(one, other) + 1


def test_a_group_that_is_too_short_is_named_and_a_missing_one_is_counted() -> None:
    groups = CODE.split("-")
    short = [*groups[:4], groups[4][:-1], *groups[5:]]
    assert (fault_of("-".join(short)).code, fault_of("-".join(short)).facts["group"]) == ("recovery.group", 5)
    fault = fault_of("-".join(groups[:7]))
    assert (fault.code, fault.facts["found"], fault.facts["wanted"]) == ("recovery.length", 35, 40)
    assert fault_of("").code == fault_of(CODE * 100).code == "recovery.length"


def test_a_code_that_is_still_being_typed_is_not_called_wrong() -> None:
    for end in range(len(CODE)):
        assert wrong_groups(CODE[:end]) == ()


@given(st.text(max_size=300))
def test_no_text_does_anything_but_be_refused(text: str) -> None:
    wrong_groups(text)
    assert fault_of(text).code in ("recovery.group", "recovery.length")


def test_only_twenty_bytes_make_a_code() -> None:
    with pytest.raises(ValueError, match="20 bytes"):
        recovery_code(b"short")
