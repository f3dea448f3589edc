"""The matrix of attacks: somebody has the key and tampers; what verification says, alone and beside a witness.

A cell is `found` or `not found`, exactly as documented: whoever has every key can write anything until the next head
that somebody else has seen. Each attack that is found is named: the code says what was done, the words what it means.
"""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typing_extensions import override

from app.desk.ports.seen import Seen, SeenStores
from app.desk.ports.vault import Finding
from app.domain.checkpoint_note import read_note
from app.domain.errors import Environment
from app.domain.events import case_events as e
from app.domain.events.team_events import CheckpointMade, DeviceEnrolled
from app.presenters.audit_words import group_words, groups_of
from app.store.chain import commitment
from app.store.checkpoint import key_hash, key_name
from app.store.connection import Connection
from app.store.folder import open_store
from app.store.vault import SqlVault
from tests.app.store.building import ADA, PASSPHRASE, START, happen, keys_of, place, reopen, tampering
from tests.app.store.forging import Forger, rehash
from tests.faults.figures import tell

LATER = START + timedelta(days=1)


class Witnessed(msgspec.Struct, kw_only=True):
    """A store with a past: copies from three earlier moments, a note that somebody else holds, a machine's memory."""

    folder: Path
    older: Path
    """Before the last checkpoint of the store itself."""
    since_checkpoint: Path
    """Right after its last own checkpoint, before events that the witness saw."""
    at_witness: Path
    """As the witness saw it."""
    note: str
    seen: tuple[str, str, Seen]


class OneSeen(SeenStores):
    """The machine remembers one store and learns nothing more."""

    def __init__(self, seen: tuple[str, str, Seen]) -> None:
        self._seen = seen

    @override
    def last(self, store_id: str, device: str) -> Seen | None:
        return self._seen[2] if self._seen[:2] == (store_id, device) else None

    @override
    def remember(self, store_id: str, device: str, seen: Seen) -> None:
        """It was asked about the store as it was."""


@pytest.fixture(scope="module")
def past(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Witnessed:
    base = tmp_path_factory.mktemp("past")
    folder = base / "team.holdfast"
    shutil.copytree(told, folder)

    def kept(name: str, *events: e.NoteAdded) -> tuple[Path, SqlVault]:
        vault = reopen(folder)
        for event in events:
            happen(vault, 1, event, now=LATER)
        vault.close()
        shutil.copytree(folder, base / name)
        return base / name, reopen(folder)

    older, vault = kept("older")
    vault.checkpoint(ADA, LATER, "lock")
    vault.close()
    since_checkpoint, vault = kept("since-checkpoint")
    for text in ("we were told", "we answered"):
        happen(vault, 1, e.NoteAdded(text=text), now=LATER)
    vault.close()
    at_witness, vault = kept("at-witness")
    # Whoever shows it to a witness does not have to put that on record; an outside copy of the head is enough.
    note = vault.note(LATER)
    happen(vault, 1, e.NoteAdded(text="nobody has seen this yet"), now=LATER)
    seen = (vault.store_id, vault.device, Seen(count=vault._writable().seq, head=vault._writable().hash.hex()))
    vault.close()
    return Witnessed(
        folder=folder, older=older, since_checkpoint=since_checkpoint, at_witness=at_witness, note=note, seen=seen
    )


# ------------------------------------------------------------------------------------------- the attacks
def edit_event(folder: Path, past: Witnessed) -> None:
    with tampering(folder) as db:
        changed(db, folder)


def changed(db: Connection, folder: Path) -> None:
    """Another CVE id, and every hash from there on made to fit."""
    body = b'{"type":"CveAssigned","id":"CVE-2099-66666","at":"2026-03-02T09:00:00Z"}'
    seq, salt = db.one("SELECT l.seq, b.salt FROM log l JOIN body b USING (seq) WHERE kind = 'CveAssigned'")
    db.run("UPDATE body SET content = ? WHERE seq = ?", (body, seq))
    db.run("UPDATE log SET commitment = ? WHERE seq = ?", (commitment(salt, body), seq))
    rehash(db, keys_of(folder).store_id, seq - 1)


def delete_event(folder: Path, past: Witnessed) -> None:
    with tampering(folder) as db:
        db.run("DELETE FROM log WHERE seq = 7")
        db.run("DELETE FROM body WHERE seq = 7")


def reorder_events(folder: Path, past: Witnessed) -> None:
    with tampering(folder) as db:
        for old, new in ((14, -1), (15, 14), (-1, 15)):
            for table in ("log", "body"):
                db.run(f"UPDATE {table} SET seq = ? WHERE seq = ?", (new, old))  # noqa: S608
        rehash(db, keys_of(folder).store_id, 13)


def delete_and_renumber(folder: Path, past: Witnessed, *kinds: str) -> None:
    with tampering(folder) as db:
        drop(db, folder, kinds or ("NoteAdded",))


def drop(db: Connection, folder: Path, kinds: tuple[str, ...]) -> None:
    """Takes every event of some kinds out and closes the ranks behind it."""
    marks = ", ".join("?" for _ in kinds)
    chosen = f"SELECT seq FROM log WHERE kind IN ({marks}) ORDER BY seq DESC"  # noqa: S608
    gone = [seq for (seq,) in db.all(chosen, kinds)]
    for seq in gone:
        for table in ("log", "body", "signature"):
            db.run(f"DELETE FROM {table} WHERE seq = ?", (seq,))  # noqa: S608
            for (later,) in db.all(f"SELECT seq FROM {table} WHERE seq > ? ORDER BY seq", (seq,)):  # noqa: S608
                db.run(f"UPDATE {table} SET seq = seq - 1 WHERE seq = ?", (later,))  # noqa: S608
        db.run("UPDATE log SET device_seq = device_seq - 1 WHERE seq >= ?", (seq,))
        db.run("UPDATE log SET stream_prev = stream_prev - 1 WHERE stream_prev > ?", (seq,))
    rehash(db, keys_of(folder).store_id, min(gone) - 1)


def edit_row(folder: Path, past: Witnessed) -> None:
    with tampering(folder) as db:
        db.run("UPDATE case_row SET embargo = 'ended' WHERE ref = 'H-2026-001'")


def insert_row(folder: Path, past: Witnessed) -> None:
    with tampering(folder) as db:
        db.run("INSERT INTO cve_row (cve, stream) VALUES ('CVE-2099-00009', 2)")


def delete_row(folder: Path, past: Witnessed) -> None:
    with tampering(folder) as db:
        db.run("DELETE FROM case_row WHERE ref = 'H-2026-002'")


def edit_file(folder: Path, past: Witnessed) -> None:
    with tampering(folder) as db:
        db.run("UPDATE blob_chunk SET content = zeroblob(length(content))")


def rewrite_chain(folder: Path, past: Witnessed) -> None:
    with tampering(folder) as db:
        changed(db, folder)
        rehash(db, keys_of(folder).store_id, 4)


def rewrite_and_drop_checkpoints(folder: Path, past: Witnessed) -> None:
    with tampering(folder) as db:
        changed(db, folder)
        drop(db, folder, ("CheckpointMade",))
        db.run("DELETE FROM anchor")


def forge_device(folder: Path, past: Witnessed) -> None:
    with tampering(folder) as db:
        db.run("INSERT INTO device (no, id) VALUES (2, 'FORGED')")
        forger = Forger(db, folder)
        public = forger.key.public_key().public_bytes_raw().hex()
        enrolment = DeviceEnrolled(device="FORGED", public_key=public)
        forger.append("DeviceEnrolled", msgspec.json.encode(enrolment), device=2)


def forge_checkpoint(folder: Path, past: Witnessed) -> None:
    with tampering(folder) as db:
        made = CheckpointMade(count=3, root="ab" * 32, head="cd" * 32, at=START, reason="forged")
        Forger(db, folder).append("CheckpointMade", msgspec.json.encode(made))


def insider_rewrites(folder: Path, past: Witnessed) -> None:
    """With the passphrase, and so with the key that signs, another story is told from an older copy on."""
    replaced(folder, past.older)
    vault = reopen(folder)
    vault.checkpoint(ADA, LATER, "lock")
    for text in ("nobody told us", "we knew nothing", "and more", "and more still"):
        happen(vault, 1, e.NoteAdded(text=text), now=LATER)
    vault.close()


def truncate_past_checkpoint(folder: Path, past: Witnessed) -> None:
    replaced(folder, past.since_checkpoint)


def put_older_copy(folder: Path, past: Witnessed) -> None:
    replaced(folder, past.older)


def drop_unwitnessed(folder: Path, past: Witnessed) -> None:
    replaced(folder, past.at_witness)


def append_false(folder: Path, past: Witnessed) -> None:
    vault = reopen(folder)
    happen(vault, 1, e.NoteAdded(text="They agreed to all of it."), now=LATER)
    vault.close()


def replaced(folder: Path, by: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(by, folder)


Attack = Callable[[Path, Witnessed], None]
NOT_FOUND: Final[frozenset[str]] = frozenset()

FORKED, OLDER = frozenset({"store.forked"}), frozenset({"store.rolled-back"})
ROOT, AHEAD = frozenset({"checkpoint.root"}), frozenset({"checkpoint.ahead"})
SIGNED, DEVICE = frozenset({"signature.bad"}), frozenset({"device.unknown"})
ROWS, FILES = frozenset({"projection.differs"}), frozenset({"blob.damaged"})
GAP, ORDER = frozenset({"chain.gap"}), frozenset({"chain.stream"})

MATRIX: Final[tuple[tuple[Attack, frozenset[str], frozenset[str], frozenset[str], str], ...]] = (
    # attack, found alone by one of, beside a note by one of, by the memory of the machine as, named by these words
    (edit_event, SIGNED, ROOT, FORKED, "signature does not fit"),
    (delete_event, GAP, ROOT, NOT_FOUND, "Events are missing"),
    (reorder_events, ORDER, ROOT, FORKED, "taken away, put in or moved"),
    (delete_and_renumber, SIGNED, AHEAD, OLDER, "end of the log was taken away"),
    (edit_row, ROWS, ROWS, NOT_FOUND, "lists and search show"),
    (insert_row, ROWS, ROWS, NOT_FOUND, "(cve_row)"),
    (delete_row, ROWS, ROWS, NOT_FOUND, "(case_row)"),
    (edit_file, FILES, FILES, NOT_FOUND, "stored file"),
    (rewrite_chain, SIGNED, ROOT, FORKED, "not those that a checkpoint"),
    (rewrite_and_drop_checkpoints, SIGNED, AHEAD | ROOT, OLDER, "signature does not fit"),
    (forge_device, DEVICE, DEVICE, NOT_FOUND, "a forged device"),
    (forge_checkpoint, SIGNED, SIGNED, NOT_FOUND, "signature does not fit"),
    (insider_rewrites, NOT_FOUND, ROOT, FORKED, "written anew"),
    (truncate_past_checkpoint, NOT_FOUND, AHEAD, OLDER, "older copy"),
    (put_older_copy, NOT_FOUND, AHEAD, OLDER, "older copy"),
    (drop_unwitnessed, NOT_FOUND, NOT_FOUND, OLDER, "older copy"),
    (append_false, NOT_FOUND, NOT_FOUND, NOT_FOUND, ""),
)  # fmt: skip
"""Open beside a note stay two: what came after the witnessed head, and what an insider adds in good form."""


@pytest.fixture
def folder(past: Witnessed, tmp_path: Path) -> Path:
    return Path(shutil.copytree(past.folder, tmp_path / "team.holdfast"))


def told_of(folder: Path, past: Witnessed, *, note: bool = False, machine: bool = False) -> tuple[Finding, ...]:
    """What `holdfast verify` tells: why it was not opened, what was found, what a note says."""
    seen = OneSeen(past.seen) if machine else None
    found: tuple[Finding, ...] = ()
    try:
        vault = open_store(folder, PASSPHRASE, LATER, place(3, seen=seen))
    except Environment as fault:
        found = (Finding(code=fault.code),)
        vault = open_store(folder, PASSPHRASE, LATER, place(3), inspect=True)
    try:
        report = vault.verify()
        return (*found, *report.findings, *(vault.check_against(past.note) if note else ()))
    finally:
        vault.close()


def codes(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.code for finding in findings}


def judge(found: set[str], expected: frozenset[str]) -> None:
    if expected:
        assert found & expected, found
    else:
        assert found == set()


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row[0].__name__)
def test_every_attack_is_found_or_not_exactly_as_documented(
    folder: Path, past: Witnessed, row: tuple[Attack, frozenset[str], frozenset[str], frozenset[str], str]
) -> None:
    attack, alone, beside_note, by_machine, words = row
    attack(folder, past)
    without = told_of(folder, past)
    judge(codes(without), alone)
    beside = told_of(folder, past, note=True)
    judge(codes(beside), beside_note)
    remembered = told_of(folder, past, machine=True)
    if by_machine:
        assert codes(remembered) & by_machine, codes(remembered)
    else:
        assert not codes(remembered) & {"store.rolled-back", "store.forked"}
    said = [group_words(group) for group in groups_of((*beside, *remembered))]
    assert words in " ".join(f"{told.what} {told.which} {told.means}" for told in said)
    assert all(told.what and told.remedy for told in said)


def test_the_figures_of_the_matrix_are_told() -> None:
    columns = {"alone": 1, "beside_a_note": 2, "by_the_machine": 3}
    found = {name: sum(bool(row[at]) for row in MATRIX) for name, at in columns.items()}
    # By the machine's memory only what also changes the head that it knows; the others show by themselves.
    either = sum(bool(row[1] or row[2] or row[3]) for row in MATRIX)
    figures = tell("T7", "attacks with every key, found", attacks=len(MATRIX), **found, by_any=either)
    assert figures.counts == {
        "attacks": 17,
        "alone": 12,
        "beside_a_note": 15,
        "by_the_machine": 9,
        "by_any": 16,
    }


def test_a_checkpoint_that_somebody_forged_proves_nothing_and_is_called_that(folder: Path, past: Witnessed) -> None:
    true = read_note(past.note)
    forger = Ed25519PrivateKey.from_private_bytes(b"f" * 32)
    vault = reopen(folder)
    name = key_name(true.store_id, vault.device)
    own_hash = key_hash(name, bytes.fromhex(vault.queries.team().devices[0].public_key))
    signature = base64.b64encode(own_hash + forger.sign(true.text.encode())).decode()
    forged = f"{true.text}\n\u2014 {name} {signature}\n"
    assert codes(vault.check_against(forged)) == {"checkpoint.signature"}
    vault.close()


def test_the_store_that_nobody_touched_has_nothing_to_tell(folder: Path, past: Witnessed) -> None:
    assert told_of(folder, past, note=True, machine=True) == ()
