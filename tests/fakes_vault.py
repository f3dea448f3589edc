"""A vault in memory for tests of the desk: real events, the real evolve, and savepoints that undo."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, cast

from typing_extensions import override

from app.desk.ports.clock import Clock, Ids
from app.desk.ports.resources import Policies
from app.desk.ports.vault import ReleaseRow, Transaction, Vault
from app.domain.case.evolve import evolve as evolve_case
from app.domain.case.state import Case
from app.domain.errors import Rejected
from app.domain.events import Event
from app.domain.events.team_events import StoreCreated
from app.domain.identifiers import case_ref, release_ref
from app.domain.policy import Policy
from app.domain.release.evolve import evolve as evolve_release
from app.domain.release.state import Release
from app.domain.team import TEAM_STREAM, Team
from app.domain.team import evolve as evolve_team
from app.domain.values import Blob, Person, Source
from tests.builders import ADA, START, policy


class MemoryQueries:
    """The part of the read side that the desk needs."""

    def __init__(self) -> None:
        self.states: dict[str, Any] = {}
        self.log: list[tuple[str, Event]] = []
        self.blobs: dict[str, bytes] = {}
        self.counters: dict[tuple[str, int], int] = {}

    def case(self, ref: str) -> Case | None:
        found = (state for state in self.states.values() if isinstance(state, Case))
        return next((case for case in found if ref in (case.ref, case.id)), None)

    def release(self, ref: str) -> Release | None:
        found = (state for state in self.states.values() if isinstance(state, Release))
        return next((release for release in found if ref in (release.ref, release.id)), None)

    def releases(self, cursor: str | None = None, limit: int = 200) -> tuple[tuple[ReleaseRow, ...], str | None]:
        found = [state for state in self.states.values() if isinstance(state, Release)]
        return tuple(
            ReleaseRow(id=r.id, ref=r.ref, title=r.title, slug=r.slug, target=r.target, updated=r.updated_at)
            for r in found
        ), None

    def team(self) -> Team:
        team: Team = self.states[TEAM_STREAM]
        return team

    def known(self, key: str) -> tuple[str, str] | None:
        for state in self.states.values():
            source = _source_of(state)
            if source is not None and source.key == key:
                return state.ref, source.sha256
        return None

    def cve_owner(self, cve: str) -> str | None:
        found = (state for state in self.states.values() if isinstance(state, Case))
        return next((case.ref for case in found if any(one.id == cve for one in case.cves)), None)

    def events(self, kind: type[Event]) -> list[Event]:
        """Every event of a kind, in order."""
        return [event for _, event in self.log if isinstance(event, kind)]


def _source_of(state: Any) -> Source | None:
    found: Source | None = state.report.source if isinstance(state, Case) else getattr(state, "source", None)
    return found


class _Transaction:
    def __init__(self, queries: MemoryQueries, actor: Person, now: datetime) -> None:
        self.queries = queries
        self.actor = actor
        self.now = now

    def append(self, stream: str, events: Sequence[Event]) -> Case | Release | Team:
        for event in events:
            state = self.queries.states.get(stream)
            if stream.startswith("case:"):
                state = evolve_case(state, cast("Any", event), self.now, self.actor)
            elif stream.startswith("release:"):
                state = evolve_release(state, cast("Any", event), self.now, self.actor)
            else:
                state = evolve_team(state, cast("Any", event), self.now)
            self.queries.states[stream] = state
            self.queries.log.append((stream, event))
        return cast("Case | Release | Team", self.queries.states[stream])

    def new_ref(self, prefix: str, year: int) -> str:
        number = self.queries.counters.get((prefix, year), 0) + 1
        self.queries.counters[prefix, year] = number
        return case_ref(year, number) if prefix == "H" else release_ref(year, number)

    def put_blob(self, data: bytes | Iterable[bytes], name: str = "", media_type: str = "") -> Blob:
        whole = data if isinstance(data, bytes) else b"".join(data)
        digest = hashlib.sha256(whole).hexdigest()
        self.queries.blobs[digest] = whole
        return Blob(sha256=digest, size=len(whole), name=name, media_type=media_type)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        with _undone_on_error(self.queries):
            yield


@contextmanager
def _undone_on_error(queries: MemoryQueries) -> Iterator[None]:
    before = {name: copy.copy(value) for name, value in vars(queries).items()}
    try:
        yield
    except BaseException:
        vars(queries).update(before)
        raise


class MemoryVault:
    """A store that forgets everything when the test ends; `transactions` counts what was committed."""

    def __init__(self, policy_name: str = "node-core") -> None:
        self.queries = MemoryQueries()
        self.transactions = 0
        self.fails_at: int | None = None
        self.failure: BaseException = Rejected("test.failure")
        created = StoreCreated(store_id="0" * 26, name="Aster", owner=ADA, policy=policy_name)
        _Transaction(self.queries, ADA, START).append(TEAM_STREAM, (created,))

    @contextmanager
    def transaction(self, actor: Person, now: datetime) -> Iterator[Transaction]:
        with _undone_on_error(self.queries):
            yield cast("Transaction", _Transaction(self.queries, actor, now))
            if self.fails_at == self.transactions:
                raise self.failure
            self.transactions += 1

    def compact(self) -> bool:
        return True

    def as_vault(self) -> Vault:
        """The same, as the socket that the desk asks for."""
        return cast("Vault", self)


class StandingClock(Clock):
    """A clock that a test moves."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    @override
    def now(self) -> datetime:
        return self._now

    def move(self, **span: float) -> None:
        self._now += timedelta(**span)


class CountingIds(Ids):
    """Names in a row."""

    def __init__(self) -> None:
        self._count = 0

    @override
    def new_id(self) -> str:
        self._count += 1
        return f"{self._count:026d}"

    @override
    def secret(self, size: int) -> bytes:
        return bytes(size)


class ShippedPolicies(Policies):
    """The policies that come with the program."""

    @override
    def get(self, name: str, version: int) -> Policy:
        return policy(name)

    @override
    def latest(self, name: str) -> Policy:
        return policy(name)

    @override
    def names(self) -> tuple[str, ...]:
        return ("node-core", "npm-ecosystem")
