"""T20: the store is destroyed, the backup restored: every row and the head as they were, by the secret of its day."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from app.store.connection import Connection
from app.store.folder import DATABASE, SLOTS, SLOTS_COPY
from app.store.restore import restore
from app.store.vault import SqlVault
from tests.app.store.backing import LATER, make, shelf
from tests.faults.figures import count, tell
from tests.faults.random_store import RandomStore

# Rows that going on as a device of its own adds to or replaces.
_GOES_ON = frozenset({"anchor", "device_key", "case_search_idx", "case_search_data"})
_DUMPS = {
    "log": "SELECT * FROM log WHERE seq <= ?1",
    "body": "SELECT * FROM body WHERE seq <= ?1",
    "signature": "SELECT * FROM signature WHERE seq <= ?1",
    "device": "SELECT * FROM device WHERE no IN (SELECT device FROM log WHERE seq <= ?1)",
    "state": "SELECT * FROM state WHERE last <= ?1 AND stream <> (SELECT no FROM stream WHERE name = 'team')",
}


def destroy_by_deleting(store: Path, _chance: Random) -> None:
    shutil.rmtree(store)


def destroy_by_overwriting(store: Path, chance: Random) -> None:
    database = store / DATABASE
    data = bytearray(database.read_bytes())
    for _ in range(200):
        data[chance.randrange(len(data))] ^= 0xFF
    database.write_bytes(data)


def destroy_by_cutting(store: Path, chance: Random) -> None:
    database = store / DATABASE
    database.write_bytes(database.read_bytes()[: chance.randrange(database.stat().st_size)])


def destroy_the_slots(store: Path, _chance: Random) -> None:
    (store / SLOTS).write_bytes(b"")
    (store / SLOTS_COPY).unlink()


DESTRUCTIONS: tuple[Callable[[Path, Random], None], ...] = (
    destroy_by_deleting,
    destroy_by_overwriting,
    destroy_by_cutting,
    destroy_the_slots,
)


def dump(db: Connection, head: int) -> dict[str, list[Any]]:
    """Every row of every table up to an event, whatever order it lies in."""
    names = [name for (name,) in db.all("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    tables = [name for name in names if not name.startswith("sqlite_") and name not in _GOES_ON | {"case_search"}]
    return {name: sorted(map(repr, db.all(_question(name), _values(name, head)))) for name in tables}


def _question(name: str) -> str:
    return _DUMPS.get(name, f"SELECT * FROM {name}")  # noqa: S608 - the names are those of our own schema


def _values(name: str, head: int) -> tuple[int, ...]:
    return (head,) if name in _DUMPS else ()


def head_of(vault: SqlVault) -> tuple[int, str]:
    seq, digest = vault.db.one("SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1")
    return seq, digest.hex()


def differences(seed: int, box: Path) -> list[str]:
    """One trial: what the restored store does not have as the destroyed one had it."""
    chance, store = Random(seed), RandomStore(box / "team.holdfast", seed)
    store.live(chance.randrange(1, 4))
    vault = store.opened()
    made, secret = make(vault, box / "a.holdfast-backup", deep=chance.random() < 0.5), store.secret
    seq, head = head_of(vault)
    before = dump(vault.db, seq)
    vault.close()
    if chance.random() < 0.5:
        store.another_passphrase()
    chance.choice(DESTRUCTIONS)(store.folder, chance)
    again = restore(Path(made.path), box / "again.holdfast", secret, LATER.replace(year=2040), shelf(seed))
    after = dump(again.db, seq)
    wrong = [f"{name}: {seed}" for name in before if before[name] != after.get(name)]
    if again.db.one("SELECT hash FROM log WHERE seq = ?", (seq,))[0].hex() != head or made.head != head:
        wrong.append(f"head: {seed}")
    if not again.verify().ok:
        wrong.append(f"verify: {seed}")
    again.close()
    return wrong


def test_every_destroyed_store_comes_back_from_its_backup_row_for_row(tmp_path: Path) -> None:
    trials, outcome, wrong = count(6, 100), Counter[str](), list[str]()
    for seed in range(trials):
        box = tmp_path / str(seed)
        box.mkdir()
        found = differences(seed, box)
        outcome["different" if found else "equal"] += 1
        wrong += found
        shutil.rmtree(box)
    tell(
        "T20",
        "destroyed stores restored from a backup",
        trials=trials,
        equal=outcome["equal"],
        different=outcome["different"],
    )
    assert wrong == []
    assert outcome["equal"] == trials
