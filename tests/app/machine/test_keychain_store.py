"""A store that was let into the keychain of a machine, when that keychain is gone, changed or lies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app.bootstrap import Parts, create_store, open_store
from app.desk.ports.keys import FromKeychain, Keychain
from app.domain.errors import AppError
from app.machine.keychain import SystemKeychain
from tests.app.cli.door import Clock
from tests.app.machine.keychain_kinds import Locked, Other, Plain, kind
from tests.builders import quick_parts

PASSPHRASE = "a door of made-up words"


@pytest.fixture(autouse=True)
def empty_drawers() -> Iterator[None]:
    yield
    Plain.kept.clear()
    Other.kept.clear()


def parts_with(keychain: Keychain | None) -> Parts:
    parts = quick_parts(Clock())
    parts.place = msgspec.structs.replace(parts.place, keychain=keychain)
    return parts


def chain(*kinds: type[Plain]) -> SystemKeychain:
    return SystemKeychain([kind(made) for made in kinds], "linux")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with a passphrase and, second, the keychain `Plain`."""
    folder = tmp_path / "team.holdfast"
    session = create_store(folder, PASSPHRASE, title="Aster", owner="Ada Example", parts=parts_with(chain(Plain)))
    session.keys.add_keychain(PASSPHRASE)
    session.close()
    return folder


def test_the_keychain_opens_the_store_without_a_word(store: Path) -> None:
    session = open_store(store, FromKeychain(), parts=parts_with(chain(Plain)))
    assert session.queries.team().name == "Aster"
    session.close()


@pytest.mark.parametrize(
    "keychain",
    [None, chain(), chain(Other), chain(Locked), chain(Locked, Other)],
    ids=["none", "no service", "another one", "locked", "a locked one and another"],
)
def test_without_its_keychain_the_store_says_so_and_opens_with_the_passphrase(
    store: Path, keychain: Keychain | None
) -> None:
    with pytest.raises(AppError) as caught:
        open_store(store, FromKeychain(), parts=parts_with(keychain))
    assert caught.value.code.startswith(("keychain.", "keys."))
    open_store(store, PASSPHRASE, parts=parts_with(keychain)).close()


@pytest.mark.parametrize("entry", ["", "not base64!", "AAAA", "A" * 44])
def test_an_entry_that_is_not_the_one_that_was_put_in_opens_nothing_and_harms_nothing(store: Path, entry: str) -> None:
    for key in Plain.kept:
        Plain.kept[key] = entry
    before = (store / "keyslots.json").read_bytes()
    with pytest.raises(AppError) as caught:
        open_store(store, FromKeychain(), parts=parts_with(chain(Plain)))
    assert caught.value.code.startswith(("keychain.", "keys.", "store."))
    open_store(store, PASSPHRASE, parts=parts_with(chain(Plain))).close()
    assert (store / "keyslots.json").read_bytes() == before


def test_what_the_keychain_keeps_is_neither_the_store_key_nor_the_passphrase(store: Path) -> None:
    (text,) = Plain.kept.values()
    assert PASSPHRASE not in text
    assert text not in (store / "keyslots.json").read_text("utf-8")
