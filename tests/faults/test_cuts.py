"""T5: a database that is cut, zeroed, shuffled, lengthened, emptied or gone: each is told by its own message."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from app.domain.errors import AppError
from app.presenters.audit_words import finding_words
from app.presenters.words import ERRORS
from app.store.folder import open_store
from app.store.pages import PAGE
from app.store.place import DATABASE, LOCK, SLOTS, SLOTS_COPY
from tests.app.store.building import PASSPHRASE, START, insider, place
from tests.faults.damage import Damage, Look, Patient
from tests.faults.figures import count, tell


@pytest.fixture
def patient(story: Path) -> Patient:
    """A whole store, about to be damaged."""
    return Patient(story)


def cut(size: int) -> Damage:
    """Everything from here on is gone."""

    def damage(data: bytearray) -> None:
        del data[size:]

    return damage


def names(look: Look, *pages: int) -> bool:
    """Whether every one of these pages was named, or the database refused as a whole."""
    named = {finding.where for finding in look.findings if finding.code == "page.damaged"}
    return look.refused == "store.damaged" or named >= {str(page) for page in pages}


def test_a_cut_at_any_page_is_called_a_cut(patient: Patient) -> None:
    pages = len(patient.whole) // PAGE
    codes = Counter(patient.after(cut(PAGE * number)).refused for number in range(pages))
    assert codes == {"store.database-empty": 1, "store.database-truncated": pages - 1}
    tell("T5", "cut at every page", trials=pages, **codes)


def test_a_cut_anywhere_is_called_a_cut(patient: Patient) -> None:
    chance = Random(5)
    trials = count(150, 1000)
    sizes = [chance.randrange(1, len(patient.whole)) for _ in range(trials)]
    codes = Counter(patient.after(cut(size)).refused for size in sizes)
    assert codes == {"store.database-truncated": trials}
    tell("T5", "cut anywhere", trials=trials, **codes)


def test_a_page_of_zeros_is_named(patient: Patient) -> None:
    pages = len(patient.whole) // PAGE
    named = silent = 0
    for number in range(1, pages + 1):

        def damage(data: bytearray, number: int = number) -> None:
            data[(number - 1) * PAGE : number * PAGE] = bytes(PAGE)

        look = patient.after(damage)
        named += names(look, number)
        silent += look.read is not None and look.read != patient.said
    assert (named, silent) == (pages, 0)
    tell("T5", "a page of zeros", trials=pages, named=named, read_differently=silent)


def test_two_pages_that_changed_places_are_both_named(patient: Patient) -> None:
    chance = Random(6)
    pages = len(patient.whole) // PAGE
    trials = count(60, 1000)
    named = silent = 0
    for _ in range(trials):
        one, other = chance.sample(range(pages), 2)

        def damage(data: bytearray, one: int = one, other: int = other) -> None:
            first, second = slice(one * PAGE, (one + 1) * PAGE), slice(other * PAGE, (other + 1) * PAGE)
            data[first], data[second] = data[second], data[first]

        look = patient.after(damage)
        named += names(look, one + 1, other + 1)
        silent += look.read is not None and look.read != patient.said
    assert (named, silent) == (trials, 0)
    tell("T5", "two pages swapped", trials=trials, named=named, read_differently=silent)


@pytest.mark.parametrize("size", [1, 100, PAGE - 1, PAGE, PAGE + 1, 10 * PAGE])
def test_what_was_added_behind_the_end_is_told_and_changes_nothing(patient: Patient, size: int) -> None:
    for filler in (bytes(size), Random(7).randbytes(size)):
        look = patient.after(lambda data, filler=filler: data.extend(filler))  # type: ignore[misc]
        assert look.refused == ""
        assert look.codes == {"file.longer"}
        assert [finding.detail for finding in look.findings] == [str(size)]
        assert look.read == patient.said


def empty(folder: Path) -> None:
    (folder / DATABASE).write_bytes(b"")


def gone(folder: Path) -> None:
    (folder / DATABASE).unlink()


def short(folder: Path) -> None:
    (folder / DATABASE).write_bytes((folder / DATABASE).read_bytes()[:100])


def other_salt(folder: Path) -> None:
    data = (folder / DATABASE).read_bytes()
    (folder / DATABASE).write_bytes(bytes(16) + data[16:])


def other_file(folder: Path) -> None:
    (folder / DATABASE).write_bytes(Random(8).randbytes(20 * PAGE))


def in_the_open(folder: Path) -> None:
    data = (folder / DATABASE).read_bytes()
    (folder / DATABASE).write_bytes(b"SQLite format 3\0" + data[16:])


def newer(folder: Path) -> None:
    db = insider(folder)
    with db.changing_schema():
        db.run("PRAGMA user_version = 999")
    db.close()
    (folder / LOCK).unlink(missing_ok=True)


def newer_slots(folder: Path) -> None:
    for name in (SLOTS, SLOTS_COPY):
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data.replace(b"holdfast-keyslots-2", b"holdfast-keyslots-9"))


def no_slots(folder: Path) -> None:
    for name in (SLOTS, SLOTS_COPY):
        (folder / name).unlink()


def short_slots(folder: Path) -> None:
    for name in (SLOTS, SLOTS_COPY):
        (folder / name).write_bytes((folder / name).read_bytes()[:60])


def empty_slots(folder: Path) -> None:
    for name in (SLOTS, SLOTS_COPY):
        (folder / name).write_bytes(b"")


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (empty, "store.database-empty"),
        (gone, "store.database-missing"),
        (short, "store.database-truncated"),
        (other_salt, "store.damaged"),
        (other_file, "store.damaged"),
        (in_the_open, "store.not-encrypted"),
        (newer, "store.newer"),
        (newer_slots, "store.newer"),
        (no_slots, "store.not-a-store"),
        (short_slots, "store.slots-damaged"),
        (empty_slots, "store.slots-damaged"),
    ],
)
def test_each_damage_has_a_message_of_its_own_and_nothing_is_written(
    story: Path, damage: Callable[[Path], None], code: str
) -> None:
    damage(story)
    before = {path.name: path.read_bytes() for path in story.iterdir() if path.name != LOCK}
    with pytest.raises(AppError) as caught:
        open_store(story, PASSPHRASE, START, place(3))
    assert caught.value.code == code
    assert ERRORS[code]
    assert {path.name: path.read_bytes() for path in story.iterdir() if path.name != LOCK} == before


def test_every_message_of_damage_says_something_else(story: Path, tmp_path: Path) -> None:
    codes = ("database-empty", "database-missing", "database-truncated", "damaged", "not-encrypted", "newer")
    words = [ERRORS[f"store.{code}"] for code in (*codes, "slots-damaged", "not-a-store")]
    assert len(set(words)) == len(words)
    copy = Path(shutil.copytree(story, tmp_path / "copy.holdfast"))
    patient = Patient(copy)
    look = patient.after(lambda data: data.extend(b"more"))
    assert [finding_words(finding) for finding in look.findings]
