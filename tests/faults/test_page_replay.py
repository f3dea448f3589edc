"""Every page that changed since an older copy, put back alone over the store as it is: valid to the cipher, and found.

Without the key anybody who reaches the file twice can do that. `HOLDFAST_FAULTS=long` tries every generation.
"""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec
import pytest

from app.domain.errors import Environment
from app.domain.events import case_events as e
from app.presenters.audit_words import verdict_for
from app.presenters.words_verdicts import NOTHING_KNOWN
from app.store.folder import DATABASE
from app.store.pages import PAGE
from tests.app.store.building import ADA, START, add_case, add_release, happen, insider, reopen
from tests.faults.figures import count, tell

GENERATIONS: Final = count(4, 12)
SHARE: Final = 0.99


class Replays(msgspec.Struct, kw_only=True):
    """What became of the pages that were put back: how many there were, and which were noticed by nobody."""

    pages: int = 0
    idle: list[tuple[int, int]] = []
    """Generation and number of pages that were not noticed, and change nothing that anybody is ever told: every row
    and every search is as before. Old counters of SQLite, empty room, and shortcuts into the index of words.
    """
    missed: list[tuple[int, int]] = []
    """Pages that change something and were not noticed without a witness."""
    unseen: list[tuple[int, int]] = []
    """The same beside a note of the newest head."""
    codes: set[str] = set()


def grow(folder: Path, generation: int) -> None:
    """A day of work: a new case, changes to older ones, a file, a draft, now and then a checkpoint or a release."""
    vault = reopen(folder)
    now = START + timedelta(days=generation + 1)
    number = 10 + generation
    add_case(
        vault,
        number,
        e.HandlerAssigned(person=ADA),
        now=now,
        title=f"Report {generation}",
        text=f"word{generation} " * 300,
    )
    happen(
        vault,
        1,
        e.NoteAdded(text=f"Day {generation}. " * 40),
        e.EmbargoMoved(old=now, until=now + timedelta(days=3), reason="late"),
        now=now,
    )
    happen(vault, number, e.CveAssigned(id=f"CVE-2099-{number:05d}", at=now), now=now)
    with vault.transaction(ADA, now) as tx:
        blob = tx.put_blob(f"patch {generation} ".encode() * 2000, "fix.patch")
        tx.append(f"case:C{number:06d}", [e.AttachmentAdded(blob=blob)])
        tx.keep_draft(f"H-2026-{number:03d}", "advisory", "unsaved")
    if generation % 2:
        vault.checkpoint(ADA, now, "lock")
    if generation == 3:
        add_release(vault, 7)
    vault.close()


def what_shows(folder: Path, note: str) -> tuple[set[str], set[str]]:
    """What opening and verifying tell, and what the note adds to that."""
    codes: set[str] = set()
    try:
        vault = reopen(folder)
    except Environment as fault:
        codes.add(fault.code)
        try:
            vault = reopen(folder, inspect=True)
        except Environment:
            return codes, codes
    try:
        codes |= {finding.code for finding in vault.verify().findings}
        return codes, codes | {finding.code for finding in vault.check_against(note)}
    finally:
        vault.close()


def everything(folder: Path) -> dict[str, object]:
    """Every row of every table that is no part of the index of words, and what searching finds."""
    db = insider(folder)
    try:
        names = [
            name
            for (name,) in db.all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            if not name.startswith("case_search")
        ]
        told: dict[str, object] = {name: db.all(f"SELECT * FROM {name}") for name in names}  # noqa: S608
        for word in ("word1", "word3", "parser", "day", "borealis", "another", "rep*", "b*"):
            found = "SELECT rowid FROM case_search WHERE case_search MATCH ? ORDER BY rowid"
            told[f"search {word}"] = db.all(found, (word,))
    finally:
        db.close()
    return told


@pytest.fixture(scope="module")
def replays(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Replays:
    base = tmp_path_factory.mktemp("replay")
    folder = base / "team.holdfast"
    shutil.copytree(told, folder)
    # Opened once: what a store learns of its slots then is no part of the record.
    reopen(folder).close()
    copies = []
    for generation in range(GENERATIONS):
        copies.append((folder / DATABASE).read_bytes())
        grow(folder, generation)
    vault = reopen(folder)
    note = vault.note(START + timedelta(days=50))
    vault.close()
    new = (folder / DATABASE).read_bytes()
    now = everything(folder)
    assert what_shows(folder, note) == (set(), set())
    found = Replays()
    tried: set[tuple[int, bytes]] = set()
    for generation, old in enumerate(copies):
        for at in range(0, min(len(old), len(new)), PAGE):
            page = old[at : at + PAGE]
            if page == new[at : at + PAGE] or (at, page) in tried:
                continue
            tried.add((at, page))
            (folder / DATABASE).write_bytes(new[:at] + page + new[at + PAGE :])
            alone, beside = what_shows(folder, note)
            found.pages += 1
            found.codes |= beside
            where = (generation, at // PAGE + 1)
            if not beside and everything(folder) == now:
                found.idle.append(where)
                continue
            if not alone:
                found.missed.append(where)
            if not beside:
                found.unseen.append(where)
    return found


def test_nearly_every_page_put_back_is_found_without_any_witness(replays: Replays) -> None:
    tell(
        "T6",
        "pages of older copies put back, one at a time",
        pages=replays.pages,
        missed=len(replays.missed),
        missed_beside_a_note=len(replays.unseen),
        hold_no_fact=len(replays.idle),
        which=" ".join(f"{generation}:{page}" for generation, page in replays.idle),
    )
    assert replays.pages > 50
    assert 1 - len(replays.missed) / replays.pages >= SHARE, replays.missed
    # Of each generation hardly more than the counters and the shortcuts of the index.
    assert len(replays.idle) <= 3 * GENERATIONS


def test_beside_a_note_none_is_missed(replays: Replays) -> None:
    assert replays.unseen == []


def test_every_way_in_which_a_page_shows_has_words(replays: Replays) -> None:
    assert {code for code in replays.codes if verdict_for(code) is NOTHING_KNOWN} == set()
