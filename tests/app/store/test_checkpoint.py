"""Checkpoints: what a witness outside the store can prove, and what without one nobody can."""

from __future__ import annotations

import base64
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.domain.checkpoint_note import checkpoint_line, read_checkpoint, read_note
from app.domain.errors import Rejected
from app.domain.events import case_events as e
from app.domain.events.team_events import CheckpointMade
from app.store.checkpoint import key_hash
from app.store.vault import SqlVault
from tests.app.store.building import ADA, START, add_case, happen, new_store, reopen, tampering


def findings(vault: SqlVault, note: str) -> set[str]:
    return {finding.code for finding in vault.check_against(note)}


@pytest.fixture
def noted(vault: SqlVault) -> str:
    """A note made in the middle of a case; more happens afterwards."""
    add_case(vault, 1, e.HandlerAssigned(person=ADA))
    note = vault.checkpoint(ADA, START + timedelta(hours=1), "export").text
    happen(vault, 1, e.EmbargoAgreed(until=START + timedelta(days=9)))
    return note


def test_a_note_is_a_true_prefix_of_the_log_it_came_from(vault: SqlVault, noted: str) -> None:
    assert vault.check_against(noted) == ()
    again = vault.checkpoint(ADA, START + timedelta(hours=2), "lock")
    assert vault.check_against(again.text) == ()
    assert vault.check_against(noted.replace("\n", "\r\n")) == ()
    assert vault.check_against(noted.rstrip("\n")) == ()
    assert vault.verify().ok


def test_a_checkpoint_tells_count_root_head_and_time_and_is_logged(vault: SqlVault) -> None:
    add_case(vault)
    before = vault.verify()
    made = vault.checkpoint(ADA, START + timedelta(hours=1), "publication")
    assert (made.count, made.root, made.head, made.at) == (
        before.events,
        before.root,
        before.head,
        START + timedelta(hours=1),
    )
    event = vault.queries.history("team")[-1].event
    assert event == CheckpointMade(count=made.count, root=made.root, head=made.head, at=made.at, reason="publication")
    assert (vault.queries.team().checkpoints, vault.queries.team().checkpointed) == (1, made.count)


def test_a_note_is_in_the_form_of_c2sp(vault: SqlVault) -> None:
    made = vault.checkpoint(ADA, START, "test")
    text, _, signature = made.text.partition("\n\n")
    origin, count, root, head, time = text.split("\n")
    assert origin == f"holdfast/{vault.store_id}"
    assert (count, base64.b64decode(root).hex()) == (str(made.count), made.root)
    assert (head, time) == (f"head {made.head}", "time 2026-03-02T09:00:00Z")
    dash, name, encoded = signature.rstrip("\n").split(" ")
    assert (dash, name) == ("\u2014", f"{origin}/{vault.device}")
    public = bytes.fromhex(vault.queries.team().devices[0].public_key)
    raw = base64.b64decode(encoded)
    assert raw[:4] == key_hash(name, public)
    Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], (text + "\n").encode())


def test_signatures_of_witnesses_do_no_harm(vault: SqlVault, noted: str) -> None:
    witnessed = noted + "\u2014 witness.example.org/one AAAAAGFi\n"
    assert vault.check_against(witnessed) == ()
    assert len(read_note(witnessed).signatures) == 2


@pytest.mark.parametrize("hours", [1, 2])
def test_a_store_put_back_to_an_older_copy_shows_against_the_note(
    vault: SqlVault, folder: Path, tmp_path: Path, hours: int
) -> None:
    add_case(vault, 1)
    vault.close()
    shutil.copytree(folder, tmp_path / "older")
    vault = reopen(folder)
    happen(vault, 1, *[e.NoteAdded(text=str(hour)) for hour in range(hours)])
    note = vault.checkpoint(ADA, START, "export").text
    vault.close()
    older = reopen(tmp_path / "older")
    assert older.verify().ok
    assert findings(older, note) == {"checkpoint.ahead"}
    older.close()


def test_a_store_that_went_another_way_shows_against_the_note(vault: SqlVault, folder: Path, tmp_path: Path) -> None:
    add_case(vault, 1)
    vault.close()
    shutil.copytree(folder, tmp_path / "other")
    vault = reopen(folder)
    happen(vault, 1, e.NoteAdded(text="this is what happened"))
    note = vault.checkpoint(ADA, START, "export").text
    vault.close()
    other = reopen(tmp_path / "other")
    happen(other, 1, e.NoteAdded(text="this is what they wish had happened"))
    happen(other, 1, e.NoteAdded(text="and more"))
    assert other.verify().ok
    assert findings(other, note) == {"checkpoint.root", "checkpoint.head"}
    other.close()


def test_a_note_of_another_store_is_called_that(vault: SqlVault, noted: str, tmp_path: Path) -> None:
    other = new_store(tmp_path / "other", seed=8)
    assert findings(other, noted) == {"checkpoint.other-store"}
    other.close()


def test_a_note_that_was_edited_is_not_signed(vault: SqlVault, noted: str) -> None:
    assert findings(vault, noted.replace("time 2026-03-02T10", "time 2026-03-02T11")) == {"checkpoint.signature"}
    number = read_note(noted).count
    assert findings(vault, noted.replace(f"\n{number}\n", f"\n{number - 1}\n")) == {
        "checkpoint.root",
        "checkpoint.head",
        "checkpoint.signature",
    }
    unsigned = noted.partition("\u2014")[0] + "\u2014 somebody/else AAAAAGFi\n"
    assert findings(vault, unsigned) == {"checkpoint.unsigned"}


def test_damage_before_the_note_shows_and_damage_after_it_does_not(vault: SqlVault, folder: Path, noted: str) -> None:
    vault.close()
    with tampering(folder) as db:
        db.run("UPDATE log SET at = at + 1 WHERE seq = (SELECT max(seq) FROM log)")
    vault = reopen(folder, inspect=True)
    assert vault.check_against(noted) == ()
    vault.close()
    with tampering(folder) as db:
        db.run("UPDATE log SET at = at + 1 WHERE seq = 3")
    vault = reopen(folder, inspect=True)
    assert findings(vault, noted) == {"chain.hash"}
    vault.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda note: "",
        lambda note: "x" * 20_000,
        lambda note: note.partition("\n\n")[0],
        lambda note: note.partition("\n\n")[0] + "\n\n",
        lambda note: note.replace("holdfast/", "other/"),
        lambda note: note.replace("head ", "head x"),
        lambda note: note.replace("\u2014 ", "- "),
        lambda note: note.replace("\n\n", "\nmore\n\n"),
        lambda note: note + "and more\n",
        lambda note: note.replace("\u2014 ", "\u2014\u202e "),
        lambda note: "\ud800" + note,
        lambda note: note.partition("\n\n")[0] + "\n\n" + "\u2014 a AAAA\n" * 40,
        lambda note: note.partition("\n\n")[0] + "\n\n\u2014 a A\n",
    ],
)
def test_what_is_no_note_is_refused(vault: SqlVault, noted: str, change: object) -> None:
    with pytest.raises(Rejected) as caught:
        vault.check_against(change(noted))  # type: ignore[operator]
    assert caught.value.code == "checkpoint.malformed"


def test_opening_reads_only_what_came_after_the_last_checkpoint(vault: SqlVault, folder: Path) -> None:
    add_case(vault, 1)
    vault.checkpoint(ADA, START, "lock")
    happen(vault, 1, e.NoteAdded(text="after"))
    vault.close()
    with tampering(folder) as db:
        db.run("UPDATE log SET at = at + 1 WHERE seq = 2")
    vault = reopen(folder)
    assert {finding.code for finding in vault.verify().findings} == {"chain.hash"}
    vault.close()


def test_a_long_session_vouches_for_itself_now_and_then(vault: SqlVault) -> None:
    add_case(vault, 1)
    for number in range(130):
        happen(vault, 1, e.NoteAdded(text=str(number)))
    (count,) = vault._db.one("SELECT count FROM anchor")
    assert 120 < count < vault.queries.history_count()
    with vault.transaction(ADA, START) as tx:
        tx.append("case:C000001", [e.NoteAdded(text=str(number)) for number in range(1100)])
    assert vault._db.one("SELECT count FROM anchor") == (vault.queries.history_count(),)
    assert vault.verify().ok


def test_the_line_of_a_note_proves_the_same_as_the_note(vault: SqlVault, noted: str) -> None:
    made = vault.checkpoint(ADA, START + timedelta(hours=2), "lock")
    assert made.line == checkpoint_line(made.text)
    assert len(made.line) < 300
    note, line = read_note(made.text), read_checkpoint(made.line)
    assert (line.text, line.count, line.root, line.head) == (note.text, note.count, note.root, note.head)
    assert vault.check_against(made.line) == ()
    assert vault.check_against(checkpoint_line(noted)) == ()


def test_a_line_is_read_however_it_was_broken_spaced_or_typed(vault: SqlVault, noted: str) -> None:
    line = checkpoint_line(noted)
    groups = "\n  ".join(line[at : at + 8] for at in range(0, len(line), 8))
    for typed in (groups, line.lower(), f"\t{line}\r\n", line.replace("0", "o").replace("1", "l"), "-".join(line)):
        assert vault.check_against(typed) == ()


def test_every_wrong_character_of_a_line_is_called_a_typo(noted: str) -> None:
    line = checkpoint_line(noted)
    for at in range(len("HOLDFAST1:"), len(line)):
        other = "0" if line[at] != "0" else "1"
        with pytest.raises(Rejected) as caught:
            read_checkpoint(line[:at] + other + line[at + 1 :])
        assert caught.value.code == "checkpoint.mistyped"
    for cut in (line[:-1], line[:-9], line[:40], "HOLDFAST1:", line + "0", line + "U"):
        with pytest.raises(Rejected) as caught:
            read_checkpoint(cut)
        assert caught.value.code == "checkpoint.mistyped"


def test_a_line_of_a_store_with_a_name_of_any_form_comes_back_whole(noted: str) -> None:
    for store in ("aster", "A" * 26, "0" * 26, "Z" * 64, "ABCDEFGHJKMNPQRSTVWXYZ012i"):
        note = read_note(noted)
        renamed = noted.replace(note.store_id, store)
        assert read_checkpoint(checkpoint_line(renamed)).text == read_note(renamed).text


def test_a_line_that_nobody_of_the_store_signed_says_so(vault: SqlVault, noted: str, tmp_path: Path) -> None:
    other = new_store(tmp_path / "other", seed=8)
    theirs = other.checkpoint(ADA, START, "export").text
    other.close()
    forged = theirs.replace(read_note(theirs).store_id, vault.store_id)
    line = checkpoint_line(forged)
    assert "checkpoint.unsigned" in findings(vault, line)
