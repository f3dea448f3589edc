"""When a backup is due, when the desk should worry, and which backups are kept by their age."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import msgspec

from app.domain.team import Backup, Team
from app.domain.values import Value

FOLDER: Final = "backup.folder"
EVERY_HOURS: Final = "backup.every-hours"
KEEP_DAILY: Final = "backup.keep-daily"
KEEP_WEEKLY: Final = "backup.keep-weekly"
KEEP_MONTHLY: Final = "backup.keep-monthly"
WARN_DAYS: Final = "backup.warn-days"

NUMBERS: Final[dict[str, tuple[int, int, int]]] = {
    EVERY_HOURS: (0, 8760, 24),
    KEEP_DAILY: (0, 366, 7),
    KEEP_WEEKLY: (0, 520, 4),
    KEEP_MONTHLY: (0, 600, 12),
    WARN_DAYS: (1, 365, 7),
}
"""Settings that are whole numbers: the lowest, the highest, and what holds when nobody chose."""

Worry = Literal["", "none", "old"]


class BackupRule(Value, frozen=True):
    """What the team wants: where to, how often (hours, 0 for never), how many are kept, when to worry (days)."""

    folder: str = ""
    every_hours: int = 24
    daily: int = 7
    weekly: int = 4
    monthly: int = 12
    warn_days: int = 7


class BackupDue(Value, frozen=True):
    """Whether a backup is due now, when the next one is (UTC; None where none will come by itself), and what to say.

    `warning`: `none` where there is no good backup, `old` where the last one is older than the team allows; `days` is
    its age in whole days. `last` and `drill` are the last good backup and the last one that a drill restored.
    """

    is_due: bool = False
    next: datetime | None = None
    warning: Worry = ""
    days: int = 0
    last: Backup | None = None
    drill: Backup | None = None
    has_folder: bool = False


class Held(Value, frozen=True):
    """A backup that lies in the folder: its path, when it was made (UTC), and whether it may be dropped at all.

    Only one that this copy of the store made and sealed is `own`; nothing else counts, and nothing else is dropped.
    """

    path: str
    at: datetime
    own: bool = True


def rule_of(team: Team) -> BackupRule:
    """The team's wishes, each with what holds when nobody chose or when what was kept can't be meant."""
    return BackupRule(
        folder=team.setting(FOLDER),
        every_hours=_number(team, EVERY_HOURS),
        daily=_number(team, KEEP_DAILY),
        weekly=_number(team, KEEP_WEEKLY),
        monthly=_number(team, KEEP_MONTHLY),
        warn_days=_number(team, WARN_DAYS),
    )


def due(team: Team, now: datetime) -> BackupDue:
    """What is to be done and said about backups at `now` (UTC)."""
    rule = rule_of(team)
    last = None if team.backup is msgspec.UNSET else team.backup
    drill = None if team.drill is msgspec.UNSET else team.drill
    following = _following(rule, last, now)
    # A backup from the future says that the clock was wrong, then or now: it is no reason to wait.
    age = now - last.at if last is not None else timedelta(0)
    warning: Worry = "none" if last is None else "old" if age >= timedelta(days=rule.warn_days) else ""
    return BackupDue(
        is_due=following is not None and following <= now,
        next=following,
        warning=warning,
        days=max(age.days, 0),
        last=last,
        drill=drill,
        has_folder=bool(rule.folder),
    )


def _following(rule: BackupRule, last: Backup | None, now: datetime) -> datetime | None:
    if not rule.folder or rule.every_hours == 0:
        return None
    if last is None or last.at > now:
        return now
    return last.at + timedelta(hours=rule.every_hours)


def keep(backups: Iterable[Held], now: datetime, rule: BackupRule) -> tuple[tuple[Held, ...], tuple[Held, ...]]:
    """Which backups stay and which may go: the newest of each of the last so many days, weeks and months that have one.

    Days, weeks (from Monday) and months are those of UTC. The newest own backup always stays, and so does every one
    from the future, which only a wrong clock can have made. Pure.
    """
    held = sorted(backups, key=lambda backup: (backup.at, backup.path), reverse=True)
    own = [backup for backup in held if backup.own and backup.at <= now]
    stays = {backup.path for backup in held if not backup.own or backup.at > now} | {b.path for b in own[:1]}
    for most, period in ((rule.daily, _day), (rule.weekly, _week), (rule.monthly, _month)):
        stays |= _newest_of_each(own, most, period)
    return tuple(b for b in held if b.path in stays), tuple(b for b in held if b.path not in stays)


def _newest_of_each(newest_first: list[Held], most: int, period: Callable[[datetime], tuple[int, ...]]) -> set[str]:
    newest: dict[tuple[int, ...], str] = {}
    for backup in newest_first:
        key = period(backup.at.astimezone(UTC))
        if key not in newest:
            if len(newest) == most:
                break
            newest[key] = backup.path
    return set(newest.values())


def _day(at: datetime) -> tuple[int, ...]:
    return (at.year, at.month, at.day)


def _week(at: datetime) -> tuple[int, ...]:
    return tuple(at.isocalendar()[:2])


def _month(at: datetime) -> tuple[int, ...]:
    return (at.year, at.month)


def _number(team: Team, key: str) -> int:
    low, high, default = NUMBERS[key]
    value = team.setting(key)
    is_number = value.isascii() and value.isdecimal() and len(value) < 6
    return int(value) if is_number and low <= int(value) <= high else default
