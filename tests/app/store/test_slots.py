"""The slot file: what opens it, what is noticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.store.keys import FLOOR, KdfCost, StoreKeys, canonical
from app.store.slots import SlotFile, SlotsDamaged, new_slot_file, read_slot_file
from tests.app.store.building import CHEAP, SeededIds

STORE = "A" * 26
RIGHT = "aster"
KEYS = StoreKeys(b"k" * 32, STORE)


def made(passphrase: str = RIGHT, cost: KdfCost = CHEAP) -> SlotFile:
    return new_slot_file(STORE, CHEAP).with_passphrase(
        KEYS, passphrase, slot_id="S1", label="passphrase", created="2026-03-02T09:00:00Z", cost=cost, ids=SeededIds()
    )


def edited(change: Callable[[dict[str, Any]], object], *, mend_sum: bool = True) -> bytes:
    content = json.loads(made().to_bytes())
    change(content)
    if mend_sum:
        import hashlib

        content["sum"] = hashlib.sha256(canonical({k: v for k, v in content.items() if k != "sum"})).hexdigest()
    return json.dumps(content).encode()


def reason_of(data: bytes) -> str:
    with pytest.raises(SlotsDamaged) as caught:
        read_slot_file(data, CHEAP).unlock("aster")
    return caught.value.reason


def test_the_right_passphrase_opens_and_any_other_does_not() -> None:
    file = read_slot_file(made().to_bytes(), CHEAP)
    keys = file.unlock("aster")
    assert keys is not None
    assert keys.store_key() == KEYS.store_key()
    assert file.unlock("Aster") is None


def test_nothing_secret_stands_in_the_file() -> None:
    data = made("open sesame of the aster team").to_bytes()
    assert b"sesame" not in data
    assert KEYS.store_key() not in data
    assert KEYS.store_key().hex().encode() not in data


@pytest.mark.parametrize("name", ["memory_kib", "iterations", "lanes"])
def test_edited_parameters_open_nothing(name: str) -> None:
    def change(content: dict[str, Any]) -> None:
        content["slots"][0]["kdf"][name] *= 2

    assert read_slot_file(edited(change), CHEAP).unlock("aster") is None


@pytest.mark.parametrize("name", ["label", "created", "id"])
def test_every_field_of_a_slot_is_bound_to_its_key(name: str) -> None:
    data = edited(lambda content: content["slots"][0].update({name: "other"}))
    assert read_slot_file(data, CHEAP).unlock("aster") is None


def test_a_slot_of_another_store_or_epoch_opens_nothing() -> None:
    for change in ({"store_id": "B" * 26}, {"epoch": 2}):
        assert read_slot_file(edited(lambda c, change=change: c.update(change)), CHEAP).unlock("aster") is None  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [("memory_kib", 63 * 1024), ("iterations", 2), ("memory_kib", 2**31), ("iterations", 11), ("lanes", 0)],
)
def test_parameters_outside_the_limits_are_never_computed(name: str, value: int) -> None:
    data = edited(
        lambda content: content["slots"][0]["kdf"].update({"memory_kib": 65536, "iterations": 3} | {name: value})
    )
    with pytest.raises(SlotsDamaged) as caught:
        read_slot_file(data, FLOOR)
    assert caught.value.reason == "kdf"


def test_a_slot_put_in_by_somebody_without_the_key_is_noticed() -> None:
    def change(content: dict[str, Any]) -> None:
        content["slots"].append({"id": "S2", "type": "recovery", "label": "mine"})

    assert reason_of(edited(change)) == "mac"


def test_a_slot_taken_out_or_an_old_revision_is_noticed() -> None:
    assert reason_of(edited(lambda content: content.update({"revision": 7}))) == "mac"


def test_accidental_damage_is_no_wrong_passphrase() -> None:
    def change(content: dict[str, Any]) -> None:
        wrapped = content["slots"][0]["wrapped"]
        content["slots"][0]["wrapped"] = ("B" if wrapped[0] == "A" else "A") + wrapped[1:]

    assert reason_of(edited(change, mend_sum=False)) == "sum"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"format": "something else"}',
        b'{"format": "holdfast-keyslots-1"}',
        b"[" * 2000,
        edited(lambda content: content.update({"slots": []})),
        edited(lambda content: content.update({"slots": [1]})),
        edited(lambda content: content.update({"slots": [{"type": "passphrase", "id": "x"}]})),
        edited(lambda content: content.update({"epoch": "1"})),
        edited(lambda content: content.update({"revision": -1})),
        edited(lambda content: content.update({"mac": 1})),
        edited(lambda content: content.update({"store_id": "../x"})),
        edited(lambda content: content["slots"][0]["kdf"].update({"name": "md5"})),
        edited(lambda content: content["slots"][0]["kdf"].update({"salt": "AA=="})),
        edited(lambda content: content["slots"][0]["kdf"].update({"memory_kib": "64"})),
        edited(lambda content: content["slots"][0].update({"nonce": "!"})),
        edited(lambda content: content["slots"][0].update({"more": 1})),
    ],
)
def test_a_file_of_another_shape_is_damaged_and_nothing_else_happens(data: bytes) -> None:
    assert reason_of(data) == "malformed"


def test_a_file_of_a_later_version_says_so() -> None:
    assert reason_of(b'{"format": "holdfast-keyslots-2"}') == "newer"


def test_a_slot_of_an_unknown_type_is_kept_when_another_one_changes() -> None:
    content = json.loads(made().to_bytes())
    content["slots"].append({"id": "S2", "type": "smartcard", "label": "card", "fingerprint": "0" * 40})
    file = SlotFile(content, CHEAP)
    changed = file.with_passphrase(
        KEYS, "borealis", slot_id="S1", label="passphrase", created="2026-03-03T09:00:00Z", cost=CHEAP, ids=SeededIds(9)
    )
    read = read_slot_file(changed.to_bytes(), CHEAP)
    assert read.unlock("borealis") is not None
    assert read.unlock("aster") is None
    assert read.content["slots"][0]["fingerprint"] == "0" * 40
    assert read.revision == file.revision + 1
