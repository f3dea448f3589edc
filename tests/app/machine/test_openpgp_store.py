"""A store that a real OpenPGP key opens, and what remains when that key is away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app.bootstrap import Parts, create_store, open_store
from app.desk.ports.keys import FromOpenPgp
from app.domain.errors import AppError
from tests.app.cli.door import Clock
from tests.app.machine.gpg_world import ADA, CANCELS, GpgHome
from tests.builders import quick_parts

PASSPHRASE = "a door of made-up words"
pytestmark = pytest.mark.skipif(not shutil.which("gpg"), reason="gpg (Debian: gnupg) is not here")


@pytest.fixture
def home() -> Iterator[GpgHome]:
    made = GpgHome()
    yield made
    made.end()


def parts_with(home: GpgHome) -> Parts:
    parts = quick_parts(Clock())
    parts.place = msgspec.structs.replace(parts.place, openpgp=home.pgp)
    return parts


def test_a_key_opens_the_store_and_without_it_the_passphrase_still_does(tmp_path: Path, home: GpgHome) -> None:
    folder = tmp_path / "team.holdfast"
    ada = home.make(ADA, passphrase=PASSPHRASE)
    session = create_store(folder, PASSPHRASE, title="Aster", owner="Ada Example", parts=parts_with(home))
    home.answers(f"D {PASSPHRASE}")
    session.keys.add_openpgp(PASSPHRASE, ada)
    session.close()
    opened = open_store(folder, FromOpenPgp(), parts=parts_with(home))
    assert opened.queries.team().name == "Aster"
    opened.close()
    home.answers(CANCELS)
    with pytest.raises(AppError, match=r"openpgp\.cancelled"):
        open_store(folder, FromOpenPgp(), parts=parts_with(home))
    elsewhere = GpgHome()
    try:
        with pytest.raises(AppError, match=r"openpgp\.no-key"):
            open_store(folder, FromOpenPgp(), parts=parts_with(elsewhere))
    finally:
        elsewhere.end()
    open_store(folder, PASSPHRASE, parts=parts_with(home)).close()
