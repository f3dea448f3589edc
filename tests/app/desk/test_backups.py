"""Backups at the desk: on record once proved, thinned out by the team's rule, tried; the last good one always stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.desk.backups import Backups
from app.domain.errors import Environment, Rejected
from app.domain.events.team_events import BackupDrilled, BackupMade, SettingChanged
from app.domain.team import TEAM_STREAM
from app.store.vault import SqlVault
from tests.app.store.backing import archive, restored
from tests.app.store.building import ADA, PASSPHRASE, START, add_case, new_store


class Clock:
    """Moved by the test alone."""

    def __init__(self) -> None:
        self.at = START + timedelta(days=10)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[SqlVault]:
    """An open store with a case."""
    opened = new_store(tmp_path / "team.holdfast")
    add_case(opened)
    yield opened
    opened.close()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The folder of the backups."""
    folder = tmp_path / "kept"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def backups(vault: SqlVault, clock: Clock) -> Backups:
    return Backups(vault, archive(vault), clock, ADA)


def choose(vault: SqlVault, **settings: str) -> None:
    events = [SettingChanged(key=f"backup.{k.replace('_', '-')}", value=v) for k, v in settings.items()]
    with vault.transaction(ADA, START) as tx:
        tx.append(TEAM_STREAM, events)


def days(backups: Backups, clock: Clock, kept: Path, count: int) -> list[Path]:
    """A backup on each of some days."""
    made = []
    for _ in range(count):
        made.append(Path(backups.make(kept).path))
        clock.at += timedelta(days=1)
    return made


def last_event(vault: SqlVault) -> object:
    (row,) = vault.queries.history("team", limit=1, newest_first=True)
    return row.event


def test_a_backup_is_on_record_with_its_digest(backups: Backups, vault: SqlVault, kept: Path) -> None:
    report = backups.make(kept)
    event = last_event(vault)
    assert isinstance(event, BackupMade)
    assert (event.name, event.sha256, event.events) == (report.name, report.sha256, report.events)
    team = vault.queries.team()
    assert team.backup
    assert team.backup.sha256 == report.sha256


def test_a_backup_that_was_not_proved_is_not_on_record(backups: Backups, vault: SqlVault, kept: Path) -> None:
    copy = backups.begin(kept)
    before = vault.queries.history_count()
    with pytest.raises(Rejected):
        backups.prove(copy, cancelled=lambda: True)
    assert vault.queries.history_count() == before
    assert list(kept.iterdir()) == []


def test_a_backup_goes_to_the_folder_of_the_team(backups: Backups, vault: SqlVault, kept: Path) -> None:
    with pytest.raises(Rejected, match=r"backup\.no-folder"):
        backups.make()
    choose(vault, folder=str(kept))
    assert Path(backups.make().path).parent == kept


def test_a_folder_whose_disk_is_not_there_takes_no_backup_and_no_file_of_its_name(
    backups: Backups, vault: SqlVault, kept: Path
) -> None:
    """Else the backup would lie as a file in the place where the disk is mounted, on the disk of the store."""
    choose(vault, folder=str(kept / "stick"))
    with pytest.raises(Environment) as caught:
        backups.make()
    assert caught.value.code == "backup.folder-gone"
    assert list(kept.iterdir()) == []


def test_a_folder_without_a_beginning_is_refused(backups: Backups, vault: SqlVault) -> None:
    choose(vault, folder="somewhere")
    with pytest.raises(Rejected, match=r"backup\.folder-relative"):
        backups.make()


def test_a_backup_is_due_until_one_was_made(backups: Backups, vault: SqlVault, kept: Path, clock: Clock) -> None:
    choose(vault, folder=str(kept))
    assert backups.due(clock.now()).is_due
    backups.make()
    assert not backups.due(clock.now()).is_due
    assert backups.due(clock.now() + timedelta(hours=24)).is_due
    assert backups.due(clock.now() + timedelta(days=7)).warning == "old"


def test_thinning_out_follows_the_rule_of_the_team(backups: Backups, vault: SqlVault, kept: Path, clock: Clock) -> None:
    made = days(backups, clock, kept, 6)
    choose(vault, keep_daily="2", keep_weekly="0", keep_monthly="0")
    pruned = backups.thin_out(kept, clock.now(), backups.rule())
    assert sorted(pruned.dropped) == [path.name for path in made[:4]]
    assert sorted(kept.iterdir()) == made[4:]


def test_a_backup_that_rotted_is_named_kept_and_stands_for_nothing(
    backups: Backups, vault: SqlVault, kept: Path, clock: Clock
) -> None:
    made = days(backups, clock, kept, 4)
    data = bytearray(made[-1].read_bytes())
    data[-5000] ^= 1
    made[-1].write_bytes(data)
    choose(vault, keep_daily="1", keep_weekly="0", keep_monthly="0")
    pruned = backups.thin_out(kept, clock.now(), backups.rule())
    assert pruned.damaged == (made[-1].name,)
    assert sorted(kept.iterdir()) == made[-2:]


def test_nothing_is_dropped_while_nothing_whole_would_stay(
    backups: Backups, vault: SqlVault, kept: Path, clock: Clock
) -> None:
    made = days(backups, clock, kept, 3)
    for path in made:
        path.write_bytes(path.read_bytes()[:-1] + b"\0" if path.read_bytes()[-1] else path.read_bytes()[:-1] + b"\1")
    choose(vault, keep_daily="1", keep_weekly="0", keep_monthly="0")
    pruned = backups.thin_out(kept, clock.now(), backups.rule())
    assert pruned.dropped == ()
    assert sorted(kept.iterdir()) == made


def test_files_of_others_are_left_alone(
    backups: Backups, vault: SqlVault, kept: Path, clock: Clock, tmp_path: Path
) -> None:
    other = new_store(tmp_path / "other.holdfast", seed=99)
    theirs = Backups(other, archive(other), clock, ADA)
    foreign = [*days(theirs, clock, kept, 2), kept / "notes.txt", kept / "odd.holdfast-backup"]
    other.close()
    for path in foreign[2:]:
        path.write_text("mine", encoding="utf-8")
    shutil.copy(days(backups, clock, kept, 2)[0], kept / "renamed by hand")
    choose(vault, keep_daily="0", keep_weekly="0", keep_monthly="0")
    backups.thin_out(kept, clock.now(), backups.rule())
    left = {path.name for path in kept.iterdir()}
    assert {path.name for path in foreign} | {"renamed by hand"} < left
    assert len(left) == 6


def test_two_copies_of_a_store_that_share_a_folder_do_not_drop_each_others_backups(
    backups: Backups, vault: SqlVault, kept: Path, clock: Clock, tmp_path: Path
) -> None:
    """A restored store knows the folder of the team too: what it does there must cost the other one nothing."""
    choose(vault, keep_daily="1", keep_weekly="0", keep_monthly="0")
    first = Path(backups.make(kept).path)
    again = restored(first, tmp_path / "again.holdfast")
    clock.at += timedelta(hours=1)
    newest = Path(backups.make(kept).path)
    clock.at += timedelta(hours=1)
    other = Backups(again, archive(again, 11), clock, ADA)
    other.make(kept)
    assert other.thin_out(kept, clock.now(), other.rule()).dropped == ()
    assert backups.thin_out(kept, clock.now(), backups.rule()).dropped == (first.name,)
    assert newest.exists()
    assert len(list(kept.iterdir())) == 2
    assert [row.problem for row in other.listed(kept)] == ["", ""]
    again.close()


def test_stopping_while_backups_are_read_drops_nothing(
    backups: Backups, vault: SqlVault, kept: Path, clock: Clock
) -> None:
    made = days(backups, clock, kept, 3)
    choose(vault, keep_daily="1", keep_weekly="0", keep_monthly="0")
    with pytest.raises(Rejected, match=r"backup\.cancelled"):
        backups.thin_out(kept, clock.now(), backups.rule(), lambda: True)
    assert sorted(kept.iterdir()) == made


def test_a_drill_is_on_record_however_it_went(backups: Backups, vault: SqlVault, kept: Path) -> None:
    path = Path(backups.make(kept).path)
    assert backups.drill(path, PASSPHRASE).problem == ""
    team = vault.queries.team()
    assert team.drill
    assert team.drill.name == path.name
    path.write_bytes(path.read_bytes()[:-4096])
    assert backups.drill(path, PASSPHRASE).problem == "backup.damaged"
    event = last_event(vault)
    assert isinstance(event, BackupDrilled)
    assert event.finding == "backup.damaged"
    assert vault.queries.team().drill == team.drill


def test_a_drill_with_a_wrong_passphrase_is_not_on_record(backups: Backups, vault: SqlVault, kept: Path) -> None:
    path = Path(backups.make(kept).path)
    before = vault.queries.history_count()
    with pytest.raises(Rejected, match=r"store\.wrong-passphrase"):
        backups.drill(path, "something else")
    assert vault.queries.history_count() == before


def test_the_last_backup_is_the_newest_of_our_own(backups: Backups, kept: Path, clock: Clock) -> None:
    with pytest.raises(Environment, match=r"backup\.none-there"):
        backups.last(kept)
    made = days(backups, clock, kept, 2)
    (kept / "zzz.holdfast-backup").write_text("mine", encoding="utf-8")
    assert backups.last(kept) == made[-1]
