"""A real OpenPGP key as a way into a real store: without a passphrase, behind one, and away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from app.desk.ports.keys import FromOpenPgp
from app.domain.errors import AppError
from app.store.folder import open_store
from app.store.rekey import rekey
from app.store.vault import SqlVault
from app.store.ways_in import WaysIn
from tests.app.machine.gpg_world import ADA as ADAS_NAME
from tests.app.machine.gpg_world import CANCELS, PASSPHRASE, GpgHome
from tests.app.store.building import ADA, CHEAP, START, place

pytestmark = pytest.mark.skipif(not shutil.which("gpg"), reason="gpg (Debian: gnupg) is not here")


@pytest.fixture
def home() -> Iterator[GpgHome]:
    made = GpgHome()
    yield made
    made.end()


def test_a_real_key_opens_the_store_also_after_the_store_key_was_replaced(vault: SqlVault, home: GpgHome) -> None:
    fingerprint = home.make(ADAS_NAME)
    here = place(5, openpgp=home.pgp)
    ways = WaysIn(vault, here, lambda: CHEAP)
    assert [key.fingerprint for key in ways.pgp_keys()] == [fingerprint]
    way = ways.add_openpgp(fingerprint, "Card", ADA, START)
    assert ways.opens(way, FromOpenPgp())
    rekey(vault, here, ADA, START)
    vault.close()
    again = open_store(vault.folder, FromOpenPgp(), START, here)
    assert again.verify().ok
    again.close()


def test_a_key_behind_a_passphrase_asks_its_owner(vault: SqlVault, home: GpgHome) -> None:
    fingerprint = home.make(ADAS_NAME, passphrase=PASSPHRASE)
    home.answers(f"D {PASSPHRASE}")
    here = place(5, openpgp=home.pgp)
    WaysIn(vault, here, lambda: CHEAP).add_openpgp(fingerprint, "Card", ADA, START)
    vault.close()
    home.answers(CANCELS)
    with pytest.raises(AppError) as caught:
        open_store(vault.folder, FromOpenPgp(), START, here)
    assert caught.value.code == "openpgp.cancelled"
    home.answers(f"D {PASSPHRASE}")
    open_store(vault.folder, FromOpenPgp(), START, here).close()


def test_a_key_that_is_away_is_said_to_be(vault: SqlVault, home: GpgHome) -> None:
    WaysIn(vault, place(5, openpgp=home.pgp), lambda: CHEAP).add_openpgp(home.make(ADAS_NAME), "Card", ADA, START)
    vault.close()
    elsewhere = GpgHome()
    with pytest.raises(AppError) as caught:
        open_store(vault.folder, FromOpenPgp(), START, place(6, openpgp=elsewhere.pgp))
    elsewhere.end()
    assert caught.value.code == "openpgp.no-key"
