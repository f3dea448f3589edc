"""Rescue: what a damaged store still tells comes back whole, in order and verified, and what does not is named."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import msgspec
import pytest

from app.domain.case.state import Case
from app.domain.errors import Environment
from app.domain.events.case_events import NoteAdded
from app.domain.events.erasure_events import CaseErased
from app.domain.events.team_events import StoreRescued
from app.presenters.rescue_words import report_words
from app.store.pages import PAGE, PageFile
from app.store.place import DATABASE, LOCK
from app.store.rescue.finds import Finds
from tests.app.store.building import (
    ADA,
    START,
    happen,
    keys_of,
    reopen,
)
from tests.faults.damage import Damage
from tests.faults.figures import count, tell
from tests.faults.rescuing import (
    LATER,
    damaged,
    lost_numbers,
    numbered,
    opened,
    rescued,
    spoil,
    told_by,
    without_new_device,
)


def test_a_whole_store_comes_back_with_every_event_in_order(rich: Path) -> None:
    vault = reopen(rich)
    before, cases = told_by(vault), [vault.queries.case(ref) for ref in vault.queries.refs()]
    old_id, old_device = vault.store_id, vault.device
    vault.close()
    content = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in rich.iterdir()}
    report, target = rescued(rich)
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in rich.iterdir()} == content
    assert (report.lost, report.missing, report.unproven, report.guessed, report.bad_pages) == (0, (), 0, 0, 0)
    assert (report.cases, report.lost_files, report.findings) == ((), (), 0)
    vault = opened(target)
    assert without_new_device(told_by(vault)) == before
    assert [vault.queries.case(ref) for ref in vault.queries.refs()] == cases
    assert (vault.store_id, vault.device) != (old_id, old_device)
    assert report.new_store == vault.store_id
    assert report.old_store == old_id
    assert vault.queries.draft("case:C000003", "note") == "half a sentence"
    event = next(row.event for row in vault.queries.history(limit=10_000) if isinstance(row.event, StoreRescued))
    assert (event.store_id, event.events, event.lost, event.at) == (old_id, report.events, 0, LATER)
    assert vault.verify().ok
    vault.close()
    assert list(report_words(report))[-1] == "Nothing is lost."


TALLY = ("trials", "events lost", "events without time or person", "files lost", "nothing lost")
Kind = Callable[[Random, int], Damage]


def one_bit(chance: Random, page: int) -> Damage:
    place_, bit = page * PAGE + chance.randrange(PAGE), chance.randrange(8)

    def damage(data: bytearray) -> None:
        data[place_] ^= 1 << bit

    return damage


def zeros(_chance: Random, page: int) -> Damage:
    def damage(data: bytearray) -> None:
        data[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)

    return damage


def rubbish(chance: Random, page: int) -> Damage:
    filler = chance.randbytes(PAGE)

    def damage(data: bytearray) -> None:
        data[page * PAGE : (page + 1) * PAGE] = filler

    return damage


def a_cut(chance: Random, page: int) -> Damage:
    size = page * PAGE + chance.randrange(1, PAGE)

    def damage(data: bytearray) -> None:
        del data[size:]

    return damage


def swapped(chance: Random, page: int) -> Damage:
    def damage(data: bytearray) -> None:
        other = chance.randrange(len(data) // PAGE)
        here, there = slice(page * PAGE, (page + 1) * PAGE), slice(other * PAGE, (other + 1) * PAGE)
        data[here], data[there] = data[there], data[here]

    return damage


@pytest.mark.parametrize("kind", [one_bit, zeros, rubbish, swapped, a_cut])
def test_whatever_page_is_damaged_the_rest_comes_back_and_what_does_not_is_named(rich: Path, kind: Kind) -> None:
    vault = reopen(rich)
    before = dict(numbered(vault))
    vault.close()
    whole = (rich / DATABASE).read_bytes()
    pages = len(whole) // PAGE
    chance = Random(21)
    chosen = range(pages) if count(0, 1) else sorted(chance.sample(range(pages), 3))
    outcomes: Counter[str] = Counter()
    for page in chosen:
        (rich / DATABASE).write_bytes(whole)
        damaged(rich, kind(chance, page))
        try:
            report, target = rescued(rich)
        except Environment as fault:
            outcomes[fault.code] += 1
            continue
        vault = opened(target)
        assert vault.verify().ok
        assert report.findings == 0
        lost = lost_numbers(report)
        after = {row for _, row in numbered(vault)}
        # What came after the last number that anything speaks of is lost with the end of the file; that is told.
        gone = [seq for seq in before if seq > report.last]
        assert not gone or report.cut_pages or kind is a_cut
        missing = {seq for seq, row in before.items() if row not in after and seq <= report.last}
        # An event is there as it was, named as lost, or told without its instant or person, which is counted.
        assert len(missing - lost) <= report.guessed
        assert not {seq for seq in lost if before.get(seq) in after and before[seq][-1] is not None} - missing
        vault.close()
        shutil.rmtree(target)
        outcomes["trials"] += 1
        outcomes["events lost"] += report.lost
        outcomes["events without time or person"] += report.guessed
        outcomes["files lost"] += len(report.lost_files)
        outcomes["nothing lost"] += not report.lost
    # Only a file that is cut before its first row may hold nothing.
    assert set(outcomes) <= {*TALLY, *({"rescue.nothing"} if kind is a_cut else ())}
    tell("T5", f"rescue after {kind.__name__.replace('_', ' ')}", events=len(before), **outcomes)


@pytest.mark.parametrize(
    "place_", [slice(0, 16), slice(0, 1), slice(16, PAGE), slice(0, PAGE)], ids=["salt", "byte", "content", "page"]
)
def test_the_first_page_is_not_needed(rich: Path, place_: slice) -> None:
    vault = reopen(rich)
    before = told_by(vault)
    vault.close()
    filler = Random(3).randbytes(place_.stop - place_.start)
    damaged(rich, lambda data: data.__setitem__(place_, filler))
    report, target = rescued(rich)
    assert (report.lost, report.lost_files, report.findings) == (0, (), 0)
    vault = opened(target)
    assert without_new_device(told_by(vault)) == before
    vault.close()


def test_a_bit_turned_in_every_page_costs_little(rich: Path) -> None:
    chance = Random(5)

    def damage(data: bytearray) -> None:
        for start in range(0, len(data), PAGE):
            data[start + chance.randrange(PAGE)] ^= 1

    vault = reopen(rich)
    before = dict(numbered(vault))
    vault.close()
    damaged(rich, damage)
    report, target = rescued(rich)
    assert report.findings == 0
    assert report.bad_pages == report.pages
    vault = opened(target)
    after = {row for _, row in numbered(vault)}
    # A long text lies on several pages, each with its bit; the short ones come back.
    assert len(after & set(before.values())) > len(before) // 3
    assert {seq for seq, row in before.items() if row not in after} == lost_numbers(report) & set(before)
    assert vault.verify().ok
    vault.close()


def test_a_case_whose_beginning_is_lost_comes_back_from_its_last_state(rich: Path) -> None:
    vault = reopen(rich)
    first = next(row for row in vault.queries.history("H-2026-010"))
    old = vault.queries.case("H-2026-010")
    vault.close()
    spoil(rich, {"body": {first.seq}})
    report, target = rescued(rich)
    assert first.seq in lost_numbers(report)
    touched = {case.ref: case for case in report.cases}
    assert touched["H-2026-010"].is_complete
    vault = opened(target)
    new = vault.queries.case("H-2026-010")
    assert isinstance(old, Case)
    assert isinstance(new, Case)
    same = {"events": 0, "updated_at": LATER}
    assert msgspec.structs.replace(new, **same) == msgspec.structs.replace(old, **same)
    kinds = [type(row.event).__name__ for row in vault.queries.history("H-2026-010")]
    assert kinds == ["CaseSalvaged", "AttachmentAdded", "NoteAdded", "CaseSalvaged"]
    assert vault.verify().ok
    vault.close()


def test_a_case_with_holes_and_no_state_says_in_a_note_what_is_lost(rich: Path) -> None:
    vault = reopen(rich)
    seqs = [row.seq for row in vault.queries.history("H-2026-010")]
    vault.close()
    keys = keys_of(rich)
    pages = PageFile(rich / DATABASE, keys.database())
    finds = Finds(pages, keys.store_id)
    finds.scan()
    stream = next(no for no, names in finds.streams.items() if "case:C000010" in names)
    pages.close()
    spoil(rich, {"body": {seqs[1]}, "state": {stream}})
    report, target = rescued(rich)
    touched = {case.ref: case for case in report.cases}
    assert not touched["H-2026-010"].is_complete
    vault = opened(target)
    case = vault.queries.case("H-2026-010")
    assert case is not None
    assert str(seqs[1]) in case.notes[-1].text
    assert vault.verify().ok
    vault.close()
    assert any("H-2026-010" in sentence and "note" in sentence for sentence in report_words(report))


def test_a_file_that_is_lost_is_named_and_the_new_store_verifies_all_the_same(rich: Path) -> None:
    keys = keys_of(rich)
    pages = PageFile(rich / DATABASE, keys.database())
    finds = Finds(pages, keys.store_id)
    finds.scan()
    number = finds.numbers("blob_chunk")[3]
    pages.close()
    spoil(rich, {"blob_chunk": {number}})
    report, target = rescued(rich)
    assert len(report.lost_files) >= 1
    vault = opened(target)
    assert vault.verify().ok
    with pytest.raises(Environment) as caught:
        list(vault.queries.blob(report.lost_files[0]))
    assert caught.value.code == "blob.missing"
    vault.close()


def test_what_was_erased_for_retention_stays_erased(story: Path) -> None:
    vault = reopen(story)
    case = vault.queries.case("H-2026-002")
    assert case is not None
    happen(vault, 2, CaseErased(reason="two years are over", remains=msgspec.structs.replace(case, title="H-2026-002")))
    vault.close()
    report, target = rescued(story)
    assert report.erased == 3
    assert (report.lost, report.findings) == (0, 0)
    vault = opened(target)
    again = vault.queries.case("H-2026-002")
    assert again is not None
    assert again.is_erased
    vault.close()


def test_a_transaction_that_a_crash_cut_short_is_taken_back_first(story: Path, tmp_path: Path) -> None:
    vault = reopen(story)
    crashed = tmp_path / "crashed.holdfast"
    db = vault._db._db
    db.set_authorizer(None)
    # So small a cache spills: pages of the transaction reach the file, and the journal has what was there.
    db.execute("PRAGMA cache_size = 2").fetchall()

    def crash() -> None:
        with vault.transaction(ADA, START) as tx:
            for _ in range(8):
                tx.append("case:C000001", [NoteAdded(text="x" * 30_000)])
            shutil.copytree(story, crashed)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crash()
    vault.close()
    assert (crashed / DATABASE).read_bytes() != (story / DATABASE).read_bytes()
    before = {path.name: path.read_bytes() for path in crashed.iterdir()}
    assert before[f"{DATABASE}-journal"] != b""
    report, target = rescued(crashed)
    assert {path.name: path.read_bytes() for path in crashed.iterdir()} == before
    assert (report.lost, report.findings) == (0, 0)
    again = opened(target)
    assert not any(isinstance(event, NoteAdded) and len(event.text) > 1000 for _, _, _, event in told_by(again))
    again.close()


def test_a_rescue_of_a_rescue_tells_the_same(story: Path) -> None:
    report, target = rescued(story)
    again, second = rescued(target, "second.holdfast")
    assert (again.lost, again.findings) == (0, 0)
    one, other = opened(target), opened(second)
    assert without_new_device(told_by(other)) == told_by(one)
    assert one.queries.team().name == other.queries.team().name
    one.close()
    other.close()
    assert again.old_store == report.new_store
    assert json.loads(msgspec.json.encode(again))["lost"] == 0
    assert not (second / LOCK).exists() or (second / LOCK).read_bytes() == b""
