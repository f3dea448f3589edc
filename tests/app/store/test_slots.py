"""The slot file: what opens it, what is noticed, and what a replaced store key means for it."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.desk.ports.keys import FromKeychain, FromOpenPgp, RecoveryCode, Secret
from app.domain.errors import Defect, Environment, Rejected
from app.domain.recovery_code import recovery_code
from app.store.keys import FLOOR, KdfCost, StoreKeys, canonical
from app.store.slot_kinds import Doors, keychain_way, openpgp_way, passphrase_way, recovery_way
from app.store.slots import FORMAT, SlotFile, SlotsDamaged, new_slot_file, read_slot_file
from tests.app.store.building import CHEAP, SeededIds
from tests.fakes_secrets import ADAS_KEY, NOORS_KEY, FakeKeychain, FakeOpenPgp

STORE = "A" * 26
RIGHT = "aster"
KEYS = StoreKeys(b"k" * 32, STORE)
NEXT = StoreKeys(b"n" * 32, STORE)
CODE = recovery_code(bytes(range(20)))
WHEN = "2026-03-02T09:00:00+00:00"
FORMAT_1 = Path(__file__).resolve().parents[2] / "data" / "stores" / "format-1" / "keyslots.json"


def named(number: int, label: str = "") -> dict[str, str]:
    return {"slot_id": f"S{number}", "label": label or f"way {number}", "created": WHEN, "changed": WHEN}


def made(passphrase: str = RIGHT, cost: KdfCost = CHEAP) -> SlotFile:
    ids = SeededIds()
    return new_slot_file(STORE).with_way(KEYS, passphrase_way(passphrase, cost, ids), **named(1), ids=ids)


def with_all(doors: Doors) -> SlotFile:
    """A file with a way in of every kind."""
    ids = SeededIds(3)
    file = made().with_way(KEYS, recovery_way(CODE, ids), **named(2), ids=ids)
    file = file.with_way(KEYS, keychain_way(doors, STORE, "S3", ids), **named(3), ids=ids)
    return file.with_way(KEYS, openpgp_way(doors, ADAS_KEY, ids), **named(4), ids=ids)


def written(content: dict[str, Any]) -> bytes:
    """The bytes of a content, its sum made anew, as whoever has no key can do it."""
    content["sum"] = hashlib.sha256(canonical({k: v for k, v in content.items() if k != "sum"})).hexdigest()
    return SlotFile(content).to_bytes()


def edited(change: Callable[[dict[str, Any]], object]) -> bytes:
    content = json.loads(made().to_bytes())
    change(content)
    return written(content)


def reason_of(data: bytes) -> str:
    with pytest.raises(SlotsDamaged) as caught:
        read_slot_file(data, CHEAP).unlock("aster")
    return caught.value.reason


def opens(file: SlotFile, secret: Secret, doors: Doors | None = None) -> bytes | None:
    keys = read_slot_file(file.to_bytes(), CHEAP).unlock(secret, doors)
    return None if keys is None else keys.store_key()


def test_the_right_passphrase_opens_and_any_other_does_not() -> None:
    file = made()
    assert opens(file, "aster") == KEYS.store_key()
    assert opens(file, "Aster") is None


def test_every_kind_of_way_opens_with_its_own_secret_alone() -> None:
    keychain, openpgp = FakeKeychain(), FakeOpenPgp()
    doors = Doors(keychain, openpgp)
    file = with_all(doors)
    for secret in (RIGHT, RecoveryCode(CODE.lower().replace("-", " ")), FromKeychain(), FromOpenPgp()):
        assert opens(file, secret, doors) == KEYS.store_key()
    assert opens(file, RecoveryCode(recovery_code(b"x" * 20)), doors) is None
    keychain.kept[STORE, "S3"] = b"y" * 32
    assert opens(file, FromKeychain(), doors) is None
    keychain.kept.clear()
    assert opens(file, FromKeychain(), doors) is None
    openpgp.spoils = True
    assert opens(file, FromOpenPgp(), doors) is None


def test_where_one_openpgp_key_is_not_here_another_one_opens() -> None:
    openpgp, ids = FakeOpenPgp(ADAS_KEY, NOORS_KEY), SeededIds(5)
    doors = Doors(None, openpgp)
    file = made().with_way(KEYS, openpgp_way(doors, ADAS_KEY, ids), **named(2), ids=ids)
    file = file.with_way(KEYS, openpgp_way(doors, NOORS_KEY, ids), **named(3), ids=ids)
    openpgp.here = {NOORS_KEY}
    assert opens(file, FromOpenPgp(), doors) == KEYS.store_key()
    openpgp.here = set()
    assert opens(file, FromOpenPgp(), doors) is None
    assert doors.refusal is not None
    assert doors.refusal.code == "openpgp.no-key"


def test_without_a_keychain_or_openpgp_nothing_is_tried_and_it_is_said() -> None:
    keychain = FakeKeychain()
    file = with_all(Doors(keychain, FakeOpenPgp()))
    keychain.is_there = False
    for secret, doors, code in (
        (FromKeychain(), Doors(), "keychain.missing"),
        (FromKeychain(), Doors(keychain), "keychain.missing"),
        (FromOpenPgp(), Doors(), "openpgp.missing"),
    ):
        with pytest.raises(Environment) as caught:
            opens(file, secret, doors)
        assert caught.value.code == code


def test_a_keychain_that_does_not_keep_and_an_openpgp_that_does_not_give_back_make_no_way_in() -> None:
    keychain, openpgp = FakeKeychain(), FakeOpenPgp()
    keychain.forgets = openpgp.spoils = True
    doors = Doors(keychain, openpgp)
    with pytest.raises(Environment) as refused:
        keychain_way(doors, STORE, "S3", SeededIds())
    assert refused.value.code == "keychain.refused"
    with pytest.raises(Environment) as spoilt:
        openpgp_way(doors, ADAS_KEY, SeededIds())
    assert spoilt.value.code == "openpgp.refused"


def test_nothing_secret_stands_in_the_file() -> None:
    keychain = FakeKeychain()
    data = with_all(Doors(keychain, FakeOpenPgp())).to_bytes()
    for secret in (RIGHT.encode(), KEYS.store_key(), *keychain.kept.values(), CODE.encode(), bytes(range(20))):
        assert secret not in data
        assert secret.hex().encode() not in data


@pytest.mark.parametrize("name", ["memory_kib", "iterations", "lanes"])
def test_edited_parameters_open_nothing(name: str) -> None:
    def change(content: dict[str, Any]) -> None:
        content["slots"][0]["kdf"][name] *= 2

    assert read_slot_file(edited(change), CHEAP).unlock("aster") is None


@pytest.mark.parametrize("name", ["created", "changed", "id", "public"])
def test_every_field_of_a_slot_is_bound_to_its_key(name: str) -> None:
    other = with_all(Doors(FakeKeychain(), FakeOpenPgp())).slot("S2")["public"] if name == "public" else "other"
    data = edited(lambda content: content["slots"][0].update({name: other}))
    assert read_slot_file(data, CHEAP).unlock("aster") is None


def test_a_label_and_an_epoch_are_bound_to_what_is_sealed() -> None:
    assert reason_of(edited(lambda content: content["slots"][0].update({"label": "other"}))) == "seal"
    assert reason_of(edited(lambda content: content.update({"epoch": 2}))) == "seal"


def test_a_slot_of_another_store_opens_nothing() -> None:
    assert read_slot_file(edited(lambda c: c.update({"store_id": "B" * 26})), CHEAP).unlock("aster") is None


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
        content["slots"].append({**content["slots"][0], "id": "S2", "type": "later"})

    assert reason_of(edited(change)) == "mac"


def test_whoever_has_no_secret_of_the_store_can_not_lead_one_to_a_key_of_their_choice() -> None:
    """The public keys lie in the open: sealing to them takes what only the store and the holder know as well."""
    theirs, ids = StoreKeys(b"e" * 32, STORE), SeededIds(77)
    file = SlotFile(json.loads(made().to_bytes()))
    slot = file._sealed(file.slot("S1"), bytes(32), theirs, file.epoch, ids)
    forged = file._written(theirs, {"slots": [slot]})
    forged.check(theirs)
    assert reason_of(forged.to_bytes()) == "seal"


def test_a_slot_taken_out_or_an_old_revision_is_noticed() -> None:
    assert reason_of(edited(lambda content: content.update({"revision": 7}))) == "mac"
    content = json.loads(with_all(Doors(FakeKeychain(), FakeOpenPgp())).to_bytes())
    content["slots"].pop()
    assert reason_of(written(content)) == "mac"


def test_every_flipped_byte_is_damage_and_no_wrong_passphrase() -> None:
    data = bytearray(made().to_bytes())
    for at in range(len(data)):
        for bit in (1, 32):
            data[at] ^= bit
            assert reason_of(bytes(data)) in ("sum", "malformed", "newer")
            data[at] ^= bit
    assert opens(made(), "aster") == KEYS.store_key()


def test_a_file_that_was_cut_or_grew_is_damage() -> None:
    data = made().to_bytes()
    for length in range(0, len(data), 7):
        assert reason_of(data[:length]) == "malformed"
    assert reason_of(data + b"\n") == "sum"


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
        b'{"format": "holdfast-keyslots-2"}',
        b'{"format": "holdfast-keyslots-02"}',
        b"[" * 2000,
        edited(lambda content: content.update({"slots": []})),
        edited(lambda content: content.update({"slots": [1]})),
        edited(lambda content: content.update({"slots": [{"type": "passphrase", "id": "x"}]})),
        edited(lambda content: content.update({"slots": content["slots"] * 2})),
        edited(lambda content: content.update({"epoch": "1"})),
        edited(lambda content: content.update({"revision": -1})),
        edited(lambda content: content.update({"mac": 1})),
        edited(lambda content: content.update({"store_id": "../x"})),
        edited(lambda content: content.update({"pending": {"epoch": 1}})),
        edited(lambda content: content.update({"pending": 1})),
        edited(lambda content: content["slots"][0]["kdf"].update({"name": "md5"})),
        edited(lambda content: content["slots"][0]["kdf"].update({"salt": "AA=="})),
        edited(lambda content: content["slots"][0]["kdf"].update({"memory_kib": "64"})),
        edited(lambda content: content["slots"][0]["private"].update({"nonce": "!"})),
        edited(lambda content: content["slots"][0]["private"].update({"nonce": 3})),
        edited(lambda content: content["slots"][0]["private"].update({"more": "x"})),
        edited(lambda content: content["slots"][0]["sealed"].update({"content": "AA=="})),
        edited(lambda content: content["slots"][0].update({"sealed": 1})),
        edited(lambda content: content["slots"][0].update({"bond": 1})),
        edited(lambda content: content["slots"][0].pop("bond")),
        edited(lambda content: content["slots"][0].update({"type": "later", "bond": None})),
        edited(lambda content: content["slots"][0].update({"public": "AA=="})),
        edited(lambda content: content["slots"][0].update({"public": None})),
        edited(lambda content: content["slots"][0].update({"changed": 1})),
        edited(lambda content: content["slots"][0].update({"more": 1})),
    ],
)
def test_a_file_of_another_shape_is_damaged_and_nothing_else_happens(data: bytes) -> None:
    assert reason_of(data) == "malformed"


def test_no_bytes_whatever_do_anything_but_be_damaged() -> None:
    chance, whole = random.Random(4), made().to_bytes()
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(data))
            data[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
        if bytes(data) != whole:
            assert reason_of(bytes(data)) in ("malformed", "sum", "newer")


def test_a_public_key_that_is_none_is_damage_when_the_store_key_is_sealed_to_it() -> None:
    content = json.loads(made().to_bytes())
    content["slots"][0]["public"] = "A" * 43 + "="
    with pytest.raises(SlotsDamaged):
        SlotFile(content).rekeyed(KEYS, NEXT, SeededIds())


def test_a_file_of_a_later_version_says_so() -> None:
    assert reason_of(b'{"format": "holdfast-keyslots-3"}') == "newer"


def test_a_slot_of_a_later_kind_is_kept_and_sealed_to_when_the_store_key_is_replaced() -> None:
    content = json.loads(with_all(Doors(FakeKeychain(), FakeOpenPgp())).to_bytes())
    content["slots"][1] |= {"type": "paper", "future": {"fields": [1, 2]}}
    file = SlotFile(content).with_label(KEYS, "S1", "renamed", SeededIds(8))
    read = read_slot_file(file.to_bytes(), CHEAP)
    assert read.slot("S2")["future"] == {"fields": [1, 2]}
    assert opens(read, RecoveryCode(CODE)) is None
    later = read_slot_file(read.rekeyed(KEYS, NEXT, SeededIds(9)).to_bytes(), CHEAP)
    assert later.slot("S2")["sealed"] != read.slot("S2")["sealed"]
    assert later.slot("S2")["future"] == {"fields": [1, 2]}


def test_a_new_name_leaves_the_secret_and_a_new_secret_leaves_the_others() -> None:
    doors = Doors(FakeKeychain(), FakeOpenPgp())
    file = with_all(doors).with_label(KEYS, "S2", "Sheet in the safe", SeededIds(11))
    assert file.slot("S2")["label"] == "Sheet in the safe"
    assert opens(file, RecoveryCode(CODE), doors) == KEYS.store_key()
    ids = SeededIds(12)
    changed = file.with_way(KEYS, passphrase_way("borealis", CHEAP, ids), **named(1), ids=ids)
    assert opens(changed, "borealis") == KEYS.store_key()
    assert opens(changed, RIGHT) is None
    assert opens(changed, RecoveryCode(CODE), doors) == KEYS.store_key()
    assert [slot["id"] for slot in changed.slots] == [slot["id"] for slot in file.slots]
    assert changed.revision == file.revision + 1
    gone = changed.without(KEYS, "S2")
    assert opens(gone, RecoveryCode(CODE), doors) is None


def test_every_way_opens_the_next_store_key_and_nobody_was_asked() -> None:
    doors = Doors(FakeKeychain(), FakeOpenPgp())
    before = with_all(doors)
    pending = before.rekeyed(KEYS, NEXT, SeededIds(21))
    for secret in (RIGHT, RecoveryCode(CODE), FromKeychain(), FromOpenPgp()):
        assert opens(pending, secret, doors) == NEXT.store_key()
    old = pending.pending_keys(NEXT)
    assert old is not None
    assert old.store_key() == KEYS.store_key()
    settled = read_slot_file(pending.settled(NEXT).to_bytes(), CHEAP)
    assert settled.pending_keys(NEXT) is None
    assert (settled.epoch, settled.revision) == (2, before.revision + 2)
    back = pending.taken_back(NEXT, KEYS, SeededIds(22))
    assert opens(back, RIGHT) == KEYS.store_key()
    assert (back.epoch, back.revision) == (1, before.revision + 2)
    assert back.pending_keys(KEYS) is None


def test_an_old_store_key_tells_nothing_of_the_next_one() -> None:
    """Neither authenticates nor opens anything of the file that came after it."""
    settled = made().rekeyed(KEYS, NEXT, SeededIds(31)).settled(NEXT)
    assert not settled.is_of(KEYS)
    with pytest.raises(Environment):
        made().rekeyed(KEYS, NEXT, SeededIds(31)).pending_keys(KEYS)
    sealed = settled.slot("S1")["sealed"]
    assert sealed != made().slot("S1")["sealed"]


def test_a_file_of_format_1_opens_and_becomes_one_of_today() -> None:
    old = read_slot_file(FORMAT_1.read_bytes())
    doors = Doors()
    opened = old.open("Zürich boréalis 1", doors)
    assert opened is not None
    assert old.is_first_format
    with pytest.raises(Defect):
        old.with_label(opened.keys, opened.slot, "no", SeededIds())
    today = read_slot_file(old.upgraded(opened, SeededIds()).to_bytes())
    again = today.open("Zürich boréalis 1", doors)
    assert again is not None
    assert again.keys.store_key() == opened.keys.store_key()
    assert (today.content["format"], today.revision) == (FORMAT, old.revision + 1)
    assert today.slot(opened.slot)["kdf"] == old.slot(opened.slot)["kdf"]


def test_a_way_in_that_is_not_there_is_said_so() -> None:
    with pytest.raises(Rejected) as caught:
        made().slot("S9")
    assert caught.value.code == "keys.unknown"
    assert made().cost_of("S1") == CHEAP
    assert with_all(Doors(FakeKeychain(), FakeOpenPgp())).cost_of("S2") is None
