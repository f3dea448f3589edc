"""Which backups are kept by their age, when one is due, and when the desk worries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.backups import NUMBERS, BackupRule, Held, due, keep, rule_of
from app.domain.events import team_events as e
from app.domain.team import Team, evolve
from app.domain.team_decide import SETTINGS as IN_THE_STORE
from app.domain.values import Person
from app.presenters.settings import BACKUP_SETTINGS

NOW = datetime(2026, 6, 17, 12, 0, tzinfo=UTC)
ADA = Person(id="ada", name="Ada Example")

instants = st.integers(-20_000, 1_000).map(lambda hours: NOW + timedelta(hours=hours))
helds = st.lists(st.tuples(instants, st.booleans()), max_size=60).map(
    lambda found: [Held(path=f"/kept/{number}", at=at, own=own) for number, (at, own) in enumerate(found)]
)
rules = st.builds(
    BackupRule,
    daily=st.integers(0, 10),
    weekly=st.integers(0, 8),
    monthly=st.integers(0, 14),
    warn_days=st.integers(1, 30),
)


def team(*settings: tuple[str, str], backup_at: datetime | None = None) -> Team:
    told = e.StoreCreated(store_id="S", name="Aster", owner=ADA, policy="node-core")
    made = evolve(None, told, NOW - timedelta(days=100))
    for key, value in settings:
        made = evolve(made, e.SettingChanged(key=key, value=value), NOW)
    if backup_at is not None:
        backup = e.BackupMade(name="a", sha256="ab", size=1, events=1, head="cd", at=backup_at)
        made = evolve(made, backup, backup_at)
    return made


def daily(days: int) -> list[Held]:
    return [Held(path=f"/kept/{day:03d}", at=NOW - timedelta(days=day)) for day in range(days)]


def kept_days(rule: BackupRule, days: int = 400) -> list[int]:
    kept, _ = keep(daily(days), NOW, rule)
    return [(NOW - backup.at).days for backup in kept]


@given(helds, rules)
def test_every_backup_is_either_kept_or_dropped(backups: list[Held], rule: BackupRule) -> None:
    kept, dropped = keep(backups, NOW, rule)
    assert sorted(b.path for b in (*kept, *dropped)) == sorted(b.path for b in backups)


@given(helds, rules)
def test_the_newest_own_backup_always_stays(backups: list[Held], rule: BackupRule) -> None:
    _, dropped = keep(backups, NOW, rule)
    past = [b.at for b in backups if b.own and b.at <= NOW]
    assert not past or max(past) not in {b.at for b in dropped} or past.count(max(past)) > 1


@given(helds, rules)
def test_nothing_that_is_not_our_own_is_ever_dropped(backups: list[Held], rule: BackupRule) -> None:
    _, dropped = keep(backups, NOW, rule)
    assert all(backup.own for backup in dropped)


@given(helds, rules)
def test_nothing_from_the_future_is_ever_dropped(backups: list[Held], rule: BackupRule) -> None:
    _, dropped = keep(backups, NOW, rule)
    assert all(backup.at <= NOW for backup in dropped)


@given(helds, rules)
def test_dropping_what_may_go_leaves_nothing_more_to_drop(backups: list[Held], rule: BackupRule) -> None:
    kept, _ = keep(backups, NOW, rule)
    assert keep(kept, NOW, rule)[1] == ()


@given(helds, rules)
def test_a_backup_that_is_no_good_takes_nobody_s_place(backups: list[Held], rule: BackupRule) -> None:
    with_bad, _ = keep(backups, NOW, rule)
    without, _ = keep([b for b in backups if b.own], NOW, rule)
    assert {b.path for b in with_bad if b.own} == {b.path for b in without}


@given(helds, rules)
def test_no_more_stay_than_the_rule_names(backups: list[Held], rule: BackupRule) -> None:
    kept, _ = keep(backups, NOW, rule)
    past = [b for b in kept if b.own and b.at <= NOW]
    assert len(past) <= max(1, rule.daily + rule.weekly + rule.monthly)


def test_the_usual_rule_keeps_a_week_of_days_a_month_of_weeks_and_a_year_of_months() -> None:
    weeks, months = [10, 17], [48, 78, 109, 137, 168, 199, 229, 260, 290, 321]
    assert kept_days(BackupRule()) == [0, 1, 2, 3, 4, 5, 6, *weeks, *months]


def test_a_rule_that_keeps_nothing_keeps_the_newest() -> None:
    assert kept_days(BackupRule(daily=0, weekly=0, monthly=0)) == [0]


def test_of_one_day_the_newest_stays() -> None:
    day = [Held(path=str(hour), at=NOW - timedelta(hours=hour)) for hour in range(6)]
    kept, _ = keep(day, NOW, BackupRule(weekly=0, monthly=0))
    assert [backup.path for backup in kept] == ["0"]


def test_a_backup_is_due_when_none_was_made_and_a_folder_is_chosen() -> None:
    assert due(team(("backup.folder", "/kept")), NOW).is_due
    assert not due(team(), NOW).is_due


@pytest.mark.parametrize(("hours", "is_due"), [(0, False), (23, False), (24, True), (25, True), (-1, True)])
def test_a_backup_is_due_a_day_after_the_last(hours: int, is_due: bool) -> None:
    told = due(team(("backup.folder", "/kept"), backup_at=NOW - timedelta(hours=hours)), NOW)
    assert told.is_due is is_due


def test_none_is_due_where_nobody_wants_any() -> None:
    told = due(team(("backup.folder", "/kept"), ("backup.every-hours", "0")), NOW)
    assert (told.is_due, told.next) == (False, None)


def test_the_next_one_comes_as_often_as_the_team_wants() -> None:
    last = NOW - timedelta(hours=1)
    told = due(team(("backup.folder", "/kept"), ("backup.every-hours", "6"), backup_at=last), NOW)
    assert told.next == last + timedelta(hours=6)


@pytest.mark.parametrize(("days", "warning"), [(0, ""), (6, ""), (7, "old"), (30, "old"), (-3, "")])
def test_the_desk_worries_after_a_week(days: int, warning: str) -> None:
    told = due(team(backup_at=NOW - timedelta(days=days)), NOW)
    assert (told.warning, told.days) == (warning, max(days, 0))


def test_the_desk_worries_where_there_is_no_backup() -> None:
    told = due(team(), NOW)
    assert (told.warning, told.last, told.has_folder) == ("none", None, False)


def test_a_setting_that_can_t_be_meant_is_as_good_as_none() -> None:
    odd = team(("backup.every-hours", "-4"), ("backup.keep-daily", "٣"), ("backup.warn-days", "0"))
    assert rule_of(odd) == BackupRule()


def test_every_setting_is_known_wherever_it_is_looked_at() -> None:
    declared = {s.key: (s.low, s.high, int(s.default)) for s in BACKUP_SETTINGS if s.low is not None}
    assert declared == NUMBERS
    assert {s.key for s in BACKUP_SETTINGS} <= IN_THE_STORE.keys()
    usual = BackupRule()
    numbers = (usual.every_hours, usual.daily, usual.weekly, usual.monthly, usual.warn_days)
    assert numbers == tuple(default for _, _, default in NUMBERS.values())
