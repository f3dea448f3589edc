"""Every setting once, with its home: the store for what concerns the team, else this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol

Home = Literal["vault", "machine"]


@dataclass(frozen=True, slots=True)
class Setting:
    """A preference: its key, what it is when nobody chose, and where it lives.

    Values are texts. `choices` limits them; `low` and `high` bound a whole number. What names a person, a
    product or a path of the work lives in the vault; the one exception is the folder of the last store, which
    can lie nowhere else and is kept only after the person asked for it.
    """

    key: str
    default: str
    home: Home
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None

    def valid(self, value: str) -> bool:
        """Whether the value is one that this setting can have."""
        if self.choices:
            return value in self.choices
        if self.low is None or self.high is None:
            return len(value) <= _LONGEST
        return value.isascii() and value.isdigit() and len(value) < 6 and self.low <= int(value) <= self.high


_LONGEST: Final = 4096

THEME: Final = Setting("ui.theme", "system", "machine", choices=("system", "light", "dark"))
TEXT_SIZE: Final = Setting("ui.text-size", "100", "machine", low=90, high=150)
CASE_COLUMNS: Final = Setting("cases.columns", "", "machine")
REMEMBER_STORE: Final = Setting("store.remember", "no", "machine", choices=("no", "yes"))
LAST_STORE: Final = Setting("store.last", "", "machine")
SEEN_STORES: Final = Setting("store.seen", "yes", "machine", choices=("yes", "no"))
"""Whether this machine remembers, without any name, how far each store went, so that an older copy put back shows."""
HIDE_FROM_CAPTURE: Final = Setting("window.hide-from-capture", "yes", "machine", choices=("yes", "no"))
IDLE_MINUTES: Final = Setting("lock.idle-minutes", "10", "vault", low=1, high=60)
RETENTION_DAYS: Final = Setting("retention.days", "0", "vault", low=0, high=36_500)
"""How long a closed case is kept before erasing it is proposed; 0 for ever."""
# The same as in app/domain/backups.py, which the first page can't wait for.
BACKUP_FOLDER: Final = Setting("backup.folder", "", "vault")
BACKUP_EVERY_HOURS: Final = Setting("backup.every-hours", "24", "vault", low=0, high=8760)
BACKUP_KEEP_DAILY: Final = Setting("backup.keep-daily", "7", "vault", low=0, high=366)
BACKUP_KEEP_WEEKLY: Final = Setting("backup.keep-weekly", "4", "vault", low=0, high=520)
BACKUP_KEEP_MONTHLY: Final = Setting("backup.keep-monthly", "12", "vault", low=0, high=600)
BACKUP_WARN_DAYS: Final = Setting("backup.warn-days", "7", "vault", low=1, high=365)
BACKUP_SETTINGS: Final = (
    BACKUP_FOLDER,
    BACKUP_EVERY_HOURS,
    BACKUP_KEEP_DAILY,
    BACKUP_KEEP_WEEKLY,
    BACKUP_KEEP_MONTHLY,
    BACKUP_WARN_DAYS,
)

SETTINGS: Final = (
    THEME,
    TEXT_SIZE,
    CASE_COLUMNS,
    REMEMBER_STORE,
    LAST_STORE,
    SEEN_STORES,
    IDLE_MINUTES,
    RETENTION_DAYS,
    HIDE_FROM_CAPTURE,
    *BACKUP_SETTINGS,
)


class SettingsFile(Protocol):
    """Where the settings of this machine lie: one small private file."""

    def read(self) -> dict[str, str]:
        """What is kept; nothing where there is no file or it can't be read."""
        ...

    def write(self, values: Mapping[str, str]) -> None:
        """Keep exactly these; raises Environment where the file can't be written."""
        ...


class MachineSettings:
    """The settings of this machine, read once and written at each change."""

    def __init__(self, file: SettingsFile) -> None:
        self._file = file
        known = {s.key: s for s in SETTINGS if s.home == "machine"}
        # A value that a hand or an older program left there and that can't be meant is as good as none.
        self._values = {k: v for k, v in file.read().items() if k in known and known[k].valid(v)}

    def get(self, setting: Setting) -> str:
        """The value of a setting, or its default."""
        return self._values.get(setting.key, setting.default)

    def number(self, setting: Setting) -> int:
        """The value of a setting that is a whole number."""
        return int(self.get(setting))

    def set(self, setting: Setting, value: str) -> None:
        """Keep a value; raises ValueError for one that can't be, Environment if it can't be written."""
        if setting.home != "machine" or not setting.valid(value):
            raise ValueError(setting.key)
        values = {k: v for k, v in self._values.items() if k != setting.key}
        if value != setting.default:
            values[setting.key] = value
        if values != self._values:
            self._values = values
            self._file.write(values)


class MemorySettings:
    """A settings file that is none: for tests and for programs that leave no trace."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.values = dict(values or {})

    def read(self) -> dict[str, str]:
        return dict(self.values)

    def write(self, values: Mapping[str, str]) -> None:
        self.values = dict(values)


def team_number(setting: Setting, value: str) -> int:
    """A whole number that the store keeps, or the default where what it keeps can't be meant."""
    return int(value if setting.valid(value) else setting.default)
