"""What is kept of closed cases, and for how long: whose time is over, what goes with a case, who still holds it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec

from app.desk.desk import Desk
from app.desk.ports.clock import Clock
from app.desk.ports.resources import Policies
from app.desk.ports.vault import CaseQuery, CaseRow, Queries, Vault
from app.domain.case.erasure import PROPOSED, erasable_at, retention_of
from app.domain.case.state import Case, Erasure
from app.domain.changes import Changes
from app.domain.commands.case_commands import ProposeErasure
from app.domain.errors import Rejected
from app.domain.events.team_events import BackupMade
from app.domain.policy import add_span
from app.domain.team import TEAM_STREAM
from app.domain.untrusted import safe_line

DAYS: Final = "retention.days"
"""The setting of the store: how many days a closed case is kept, 0 for ever; unset, its policy says."""
RULE: Final = "retention"
_PAGE: Final = 200
_NAMED: Final = 50


class Over(msgspec.Struct, frozen=True, kw_only=True):
    """A closed case whose time is over since `since` (UTC), and which nobody proposed to erase yet."""

    ref: str
    title: str
    closed: datetime
    since: datetime


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A case that waits for the second step: since when (UTC), who proposed it and why."""

    ref: str
    title: str
    at: datetime
    by: str
    reason: str


class Going(msgspec.Struct, frozen=True, kw_only=True):
    """What goes with a case: how many events lose their texts, how many files it speaks of and how many bytes.

    `backups` names backups that were made since the case was opened, the newest first: they hold it still, wherever
    they are kept.
    """

    ref: str
    events: int
    files: int
    bytes: int
    backups: tuple[str, ...] = ()


class Retention:
    """Looks after what is kept; used from the vault's thread only. Erasing itself is a command of the desk."""

    def __init__(self, vault: Vault, desk: Desk, policies: Policies, clock: Clock) -> None:
        self._vault = vault
        self._desk = desk
        self._policies = policies
        self._clock = clock

    def days(self) -> int | None:
        """How many days the team keeps a closed case, 0 for ever; None where each policy says."""
        value = self._vault.queries.team().setting(DAYS)
        return int(value) if value.isascii() and value.isdecimal() else None

    def over(self, limit: int = _PAGE) -> tuple[Over, ...]:
        """Closed cases whose time is over, those that were left alone longest first."""
        now, days = self._clock.now(), self.days()
        latest = self._latest(now, days)
        if latest is None:
            return ()
        found: list[Over] = []
        for row in _rows(self._vault.queries, CaseQuery(view="closed", sort="updated")):
            if row.updated > latest or len(found) == limit:
                break
            # What is erased is called by its reference; there may be many of them, and none is looked at again.
            case = self._vault.queries.case(row.ref) if row.title != row.ref else None
            if case is None or case.closed is None or case.erasure is not msgspec.UNSET:
                continue
            since = erasable_at(case, self._span(case, days))
            if since is not None and since <= now:
                found.append(Over(ref=case.ref, title=case.title, closed=case.closed.at, since=since))
        return tuple(found)

    def waiting(self, limit: int = _PAGE) -> tuple[Waiting, ...]:
        """Cases that somebody, or their time, proposed to erase and nobody erased yet."""
        found: list[Waiting] = []
        for row in _rows(self._vault.queries, CaseQuery(text=PROPOSED, view="closed", sort="updated")):
            if len(found) == limit:
                break
            case = self._vault.queries.case(row.ref)
            if case is not None and not case.is_erased and isinstance(case.erasure, Erasure):
                proposed = case.erasure
                found.append(
                    Waiting(ref=case.ref, title=case.title, at=proposed.at, by=proposed.by, reason=proposed.reason)
                )
        return tuple(found)

    def propose_over(self, limit: int = _PAGE) -> tuple[tuple[str, ...], Changes]:
        """Takes the first step for every case whose time is over; gives their references. The second is a person's.

        What others still work on is left out.
        """
        changes = Changes()
        refs: list[str] = []
        for over in self.over(limit):
            reason = f"Closed on {over.closed:%Y-%m-%d}; the time that it is kept was over on {over.since:%Y-%m-%d}."
            try:
                changes |= self._desk.perform(over.ref, ProposeErasure(reason=reason, rule=RULE)).changes
            except Rejected:
                continue
            refs.append(over.ref)
        return tuple(refs), changes

    def going(self, ref: str) -> Going:
        """What erasing this case would take away, to be shown before it is confirmed; Rejected("case.unknown")."""
        case = self._vault.queries.case(ref)
        if case is None:
            raise Rejected("case.unknown", ref=safe_line(ref, 40), needs="ref")
        fixes, messages = (fix.patch for fix in case.fixes), (message.original for message in case.messages)
        blobs = (*case.report.attachments, *case.attachments, *fixes, *messages)
        files = {blob.sha256: blob.size for blob in blobs if blob is not None}
        files |= {file.sha256: file.size for record in case.exports for file in record.files}
        return Going(
            ref=case.ref,
            events=case.events,
            files=len(files),
            bytes=sum(files.values()),
            backups=tuple(_backups_since(self._vault.queries, case.opened_at)),
        )

    def _span(self, case: Case, days: int | None) -> str:
        return retention_of(self._policies.get(case.policy, case.policy_version), days)

    def _latest(self, now: datetime, days: int | None) -> datetime | None:
        """When a case whose time is over may have changed last (UTC); None where every case is kept for ever."""
        if days is not None:
            return now - timedelta(days=days) if days else None
        spans = [policy.retention for policy in map(self._policies.latest, self._policies.names())]
        return max((add_span(now, span, back=True) for span in spans if span), default=None)


def _rows(queries: Queries, query: CaseQuery) -> Iterator[CaseRow]:
    """Every row of a list, page by page."""
    cursor: str | None = None
    while True:
        page = queries.cases(query, cursor, _PAGE)
        yield from page.rows
        cursor = page.cursor
        if cursor is None:
            return


def _backups_since(queries: Queries, opened: datetime) -> Iterator[str]:
    """The names of backups that were made since then, the newest first, fifty at most."""
    after, named = 0, 0
    while named < _NAMED:
        rows = queries.history(TEAM_STREAM, after, _PAGE, newest_first=True)
        for row in rows:
            if row.at < opened or named == _NAMED:
                return
            if isinstance(row.event, BackupMade):
                named += 1
                yield row.event.name
        if len(rows) < _PAGE:
            return
        after = rows[-1].seq
