"""Telling a story again in a new store: the same events in the same order, by the same people at the same instants.

What speaks of the old store alone is not told again: its creation, since the new one has its own, and its checkpoints,
which vouch for a log that is no more. A case or release whose beginning is lost begins with what its last kept state
says of its identity; one with holes ends with that state, so that what the lost events did is not lost with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

import msgspec

from app.desk.ports.vault import Progress, Transaction
from app.domain.case.state import Case, Report
from app.domain.errors import Defect, Rejected
from app.domain.events import Event
from app.domain.events.case_events import NoteAdded, RecordImported, ReportReceived
from app.domain.events.erasure_events import CaseErased, CaseSalvaged
from app.domain.events.release_events import ReleasePlanned, ReleaseSalvaged
from app.domain.events.team_events import (
    CheckpointMade,
    PersonAdded,
    PersonChanged,
    ProjectDescribed,
    SettingChanged,
    StoreCreated,
)
from app.domain.policy import Policy
from app.domain.release.state import Release
from app.domain.team import TEAM_STREAM, Team
from app.domain.untrusted import TEXT_LIMIT
from app.domain.values import Person
from app.store.rescue.story import Found, Story, gaps, ranges
from app.store.streams import State, kind_of
from app.store.vault import SqlVault
from app.store.verify.blob_check import blobs_of

NOBODY: Final = Person(id="not-known", name="(not known)")
"""Who did what nobody can tell who did."""
_AT_ONCE: Final = 500
_BEGINNINGS: Final = (ReportReceived, RecordImported, CaseErased, CaseSalvaged, ReleasePlanned, ReleaseSalvaged)
_OF_THE_OLD_STORE: Final = (StoreCreated, CheckpointMade)
_NO_YEAR: Final = 1970
"""The year in the reference of a case of which nothing is left that says how it was called."""

_CANNOT: Final = (Rejected, Defect, LookupError, AttributeError, TypeError, ValueError, OverflowError)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The last kept state of a stream: after how many of its events, and after which event of the log."""

    state: State
    version: int
    last: int


Words = Callable[[tuple[str, ...], tuple[str, ...]], str]
"""Makes the text of a note: the numbers that are lost, and what was found but could not be told as it stands."""


class Strand:
    """A stream while it is told: what of it came, what did not."""

    __slots__ = ("begun", "erased", "has_holes", "last", "lost", "told", "untold")

    def __init__(self) -> None:
        self.last = 0
        self.told = 0
        self.erased = 0
        self.lost: set[int] = set()
        self.untold: list[tuple[int, Event]] = []
        self.begun = False
        self.has_holes = False


class Retelling:
    """One telling of the whole story into a new store."""

    def __init__(self, vault: SqlVault, story: Story, kept: dict[str, Kept], policy: Policy, *, words: Words) -> None:
        """`kept` are the last states by stream, `policy` is that of a case that does not tell its own."""
        self._vault = vault
        self._story = story
        self._kept = kept
        self._policy = policy
        self._owner = vault.queries.team().owner
        self._words = words
        self._at: datetime | None = None
        self.strands: dict[str, Strand] = {}
        self.told = 0
        self.erased = 0
        self.unproven: list[int] = []
        self.guessed: list[int] = []
        self.unattributed: list[str] = []
        """Events, as JSON, of which nobody can tell whose they were."""
        self.files: dict[str, str] = {}
        """Files that events speak of: SHA-256 and the stream."""
        self._settled: set[int] = set()

    def tell(self, now: datetime, progress: Progress | None) -> None:
        """Tells every event that was found; then, at `now` (UTC), what the kept states know beyond them."""
        groups = self._groups()
        group = next(groups, None)
        done = 0
        while group is not None:
            with self._vault.retelling() as transaction:
                count = 0
                while group is not None and count < _AT_ONCE:
                    at = group[0].at or self._at or now
                    with transaction(group[0].actor or NOBODY, at) as tx:
                        for found in group:
                            self._one(tx, found)
                    self._at = at
                    count += len(group)
                    group = next(groups, None)
            done += count
            if progress is not None:
                progress(done, max(1, len(self._story)))
        with self._vault.transaction(self._owner, now) as tx:
            self._complete(tx)

    def missing(self) -> tuple[str, ...]:
        """The numbers of all events that are not in the new store."""
        return gaps(self._settled, self._story.last)

    @property
    def lost(self) -> int:
        """How many these are."""
        return self._story.last - len(self._settled)

    def _groups(self) -> Iterator[list[Found]]:
        """The events that one transaction made, as far as that can be told."""
        group: list[Found] = []
        for found in self._story.events():
            first = group[0] if group else found
            if group and (found.begins or (found.at, found.actor) != (first.at, first.actor)):
                yield group
                group = []
            group.append(found)
        if group:
            yield group

    def _one(self, tx: Transaction, found: Found) -> None:
        strand = self.strands.setdefault(found.stream, Strand())
        if found.prev and found.prev != strand.last and found.stream:
            strand.has_holes = True
            strand.lost.update({found.prev} - self._settled)
        strand.last = found.seq
        if found.fate == "erased":
            strand.erased += 1
            self.erased += 1
            self._settled.add(found.seq)
        elif found.event is None or not found.stream:
            strand.has_holes = True
            strand.lost.add(found.seq)
            if found.event is not None:
                self.unattributed.append(msgspec.json.encode(found.event).decode())
        elif isinstance(found.event, _OF_THE_OLD_STORE):
            self._settled.add(found.seq)
        else:
            self._again(tx, found, found.event, strand)

    def _again(self, tx: Transaction, found: Found, event: Event, strand: Strand) -> None:
        try:
            with tx.savepoint():
                if not strand.begun and found.stream != TEAM_STREAM and not isinstance(event, _BEGINNINGS):
                    tx.append(found.stream, [self._beginning(tx, found.stream, strand)])
                tx.append(found.stream, [event])
        except _CANNOT:
            strand.untold.append((found.seq, event))
            strand.has_holes = True
            return
        strand.begun = True
        strand.told += 1
        self.told += 1
        self._settled.add(found.seq)
        if not found.is_proven:
            (self.guessed if found.actor is None else self.unproven).append(found.seq)
        for blob in blobs_of(event):
            self.files.setdefault(blob.sha256, found.stream)

    def _beginning(self, tx: Transaction, stream: str, strand: Strand) -> Event:
        """Of a stream whose first event is lost: who it is, by its kept state or, without one, by its name alone."""
        strand.has_holes = True
        known, (kind, _, named) = self._kept.get(stream), stream.partition(":")
        kept, at = None if known is None else known.state, tx.now
        if kind == "release":
            if not isinstance(kept, Release):
                return ReleaseSalvaged(remains=self._nameless_release(tx, named))
            bare_release = Release(
                id=kept.id,
                ref=kept.ref,
                slug=kept.slug,
                title=kept.title,
                target=kept.first_target,
                first_target=kept.first_target,
                opened_at=kept.opened_at,
                updated_at=at,
                events=0,
            )
            return ReleaseSalvaged(remains=bare_release)
        if not isinstance(kept, Case):
            return CaseSalvaged(remains=self._nameless_case(tx, named))
        bare = Case(
            id=kept.id,
            ref=kept.ref,
            title=kept.title,
            track=kept.track,
            policy=kept.policy,
            policy_version=kept.policy_version,
            opened_at=kept.opened_at,
            opened_by=kept.opened_by,
            updated_at=at,
            events=0,
            report=kept.report,
            reporters=kept.reporters,
            product=kept.product,
            external=kept.external,
        )
        return CaseSalvaged(remains=bare)

    def _nameless_case(self, tx: Transaction, named: str) -> Case:
        ref = tx.new_ref("H", _NO_YEAR)
        return Case(
            id=named,
            ref=ref,
            title=ref,
            track="core",
            policy=self._policy.name,
            policy_version=self._policy.version,
            opened_at=tx.now,
            opened_by=NOBODY.name,
            updated_at=tx.now,
            events=0,
            report=Report(received_at=tx.now),
        )

    @staticmethod
    def _nameless_release(tx: Transaction, named: str) -> Release:
        ref = tx.new_ref("R", _NO_YEAR)
        slug = f"lost-{ref.lower()}"
        now = tx.now
        return Release(
            id=named, ref=ref, slug=slug, target=now, first_target=now, opened_at=now, updated_at=now, events=0
        )

    def _complete(self, tx: Transaction) -> None:
        """What the last kept states know beyond the events that could be told."""
        for stream in sorted({*self._kept, *self.strands} - {""}):
            strand = self.strands.setdefault(stream, Strand())
            kept = self._kept.get(stream)
            events = list(self._completing(tx, stream, strand, kept))
            for event in events:
                try:
                    with tx.savepoint():
                        tx.append(stream, [event])
                except _CANNOT:
                    continue
                strand.begun = True
                for blob in blobs_of(event):
                    self.files.setdefault(blob.sha256, stream)

    def _completing(self, tx: Transaction, stream: str, strand: Strand, kept: Kept | None) -> Iterator[Event]:
        # An older copy of a page may have brought back an older state: what was told since counts more.
        state = kept.state if kept is not None and kept.last >= strand.last else None
        if stream == TEAM_STREAM:
            if isinstance(state, Team):
                yield from _team_events(tx.queries.team(), state)
            return
        if kept is not None and state is not None and not isinstance(state, Team):
            lost = max(len(strand.lost), kept.version - strand.told - strand.erased, 0)
            if strand.has_holes or not strand.begun or lost:
                strand.has_holes = True
                yield _salvaged(state, lost)
        if not strand.has_holes or kind_of(stream) != "case":
            return
        untold = tuple(msgspec.json.encode(event).decode()[: TEXT_LIMIT // 4] for _, event in strand.untold[:50])
        lost_numbers = ranges(sorted(strand.lost))
        if untold or (state is None and (lost_numbers or strand.begun)):
            yield NoteAdded(text=self._words(lost_numbers, untold)[:TEXT_LIMIT])


def _salvaged(kept: Case | Release, lost: int) -> Event:
    if isinstance(kept, Case):
        return CaseSalvaged(remains=kept, lost=lost)
    return ReleaseSalvaged(remains=kept, lost=lost)


def _team_events(now: Team, kept: Team) -> Iterator[Event]:
    for person in kept.people:
        known = now.person(person.id)
        if known is None:
            yield PersonAdded(person=person)
        elif known != person:
            yield PersonChanged(person=person)
    for key, value in kept.settings:
        if now.setting(key) != value:
            yield SettingChanged(key=key, value=value)
    if kept.project is not None and now.project != kept.project:
        yield ProjectDescribed(project=kept.project)
