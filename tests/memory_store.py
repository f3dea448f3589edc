"""A store in memory: real events, states and projections; no SQL, no encryption, no threads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

from app.desk.ports.vault import (
    CasePage,
    CaseQuery,
    CaseRow,
    DueRow,
    HistoryRow,
    NextStep,
    ReleaseRow,
    VerifyReport,
)
from app.domain.case.evolve import evolve as evolve_case
from app.domain.case.state import Case
from app.domain.errors import Rejected
from app.domain.events import Event
from app.domain.events.team_events import StoreCreated
from app.domain.policy import Policy, load_policy
from app.domain.projection import CaseProjection, project_case, project_release
from app.domain.release.evolve import evolve as evolve_release
from app.domain.release.state import Release
from app.domain.team import TEAM_STREAM, Team
from app.domain.team import evolve as evolve_team
from app.domain.values import Blob, Person

NOON: Final = datetime(2026, 11, 24, 13, 32, tzinfo=UTC)
ADA: Final = Person(id="ada", name="Ada Example", email="ada@example.org")
_POLICIES: Final = Path(__file__).resolve().parents[1] / "resources" / "policies"
_END: Final = datetime(9999, 1, 1, tzinfo=UTC)


class ShippedPolicies:
    """The policies that come with the program."""

    def __init__(self) -> None:
        self._kept: dict[str, Policy] = {}

    def latest(self, name: str) -> Policy:
        path = _POLICIES / f"{name}.toml"
        if not path.is_file():
            raise Rejected("policy.unknown", name=name)
        if name not in self._kept:
            self._kept[name] = load_policy(path.read_bytes())
        return self._kept[name]

    def get(self, name: str, version: int) -> Policy:
        return self.latest(name)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(path.stem for path in _POLICIES.glob("*.toml")))


@dataclass
class _Content:
    """Everything that is in the store; a failed transaction puts the copy from before back."""

    states: dict[str, Any] = field(default_factory=dict)
    log: list[HistoryRow] = field(default_factory=list)
    drafts: dict[tuple[str, str], str] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)

    def copy(self) -> _Content:
        return replace(
            self,
            states=dict(self.states),
            log=list(self.log),
            drafts=dict(self.drafts),
            blobs=dict(self.blobs),
            numbers=dict(self.numbers),
        )


class MemoryStore:
    """Queries, vault and transaction in one; `closed` says that it was closed, `fails` makes the next read fail."""

    def __init__(self, policy: str = "node-core", name: str = "Aster security") -> None:
        self.content = _Content()
        self.policies = ShippedPolicies()
        self.closed = False
        self.fails: Exception | None = None
        self.asked: list[CaseQuery] = []
        self.now = NOON
        self.actor = ADA
        self._projected: dict[str, tuple[Case, CaseProjection]] = {}
        created = StoreCreated(store_id="0" * 26, name=name, owner=ADA, policy=policy)
        self.append(TEAM_STREAM, (created,))

    # Vault.

    @property
    def queries(self) -> MemoryStore:
        return self

    @contextmanager
    def transaction(self, actor: Person, now: datetime) -> Iterator[MemoryStore]:
        before = self.content.copy()
        self.actor, self.now = actor, now
        try:
            yield self
        except BaseException:
            self.content = before
            raise

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        before = self.content.copy()
        try:
            yield
        except BaseException:
            self.content = before
            raise

    def compact(self) -> bool:
        return True

    def verify(self, progress: Any = None, cancelled: Any = None) -> VerifyReport:
        return VerifyReport(ok=True, events=len(self.content.log), devices=(), blobs=0, findings=())

    def close(self) -> None:
        self.closed = True

    # Transaction.

    def append(self, stream: str, events: Sequence[Event]) -> Case | Release | Team:
        for event in events:
            state = self.content.states.get(stream)
            if stream.startswith("case:"):
                state = evolve_case(state, cast("Any", event), self.now, self.actor)
            elif stream.startswith("release:"):
                state = evolve_release(state, cast("Any", event), self.now, self.actor)
            else:
                state = evolve_team(state, cast("Any", event), self.now)
            self.content.states[stream] = state
            self._write(stream, event, getattr(state, "ref", stream))
        return cast("Case | Release | Team", self.content.states[stream])

    def _write(self, stream: str, event: Event, ref: str) -> None:
        seq = len(self.content.log) + 1
        row = HistoryRow(
            seq=seq,
            event_id=f"{seq:026d}",
            stream=stream,
            ref=ref,
            at=self.now,
            actor=self.actor,
            device="test device",
            event=event,
        )
        self.content.log.append(row)

    def new_ref(self, prefix: str, year: int) -> str:
        number = self.content.numbers.get((prefix, year), 0) + 1
        self.content.numbers[prefix, year] = number
        return f"{prefix}-{year}-{number:03d}"

    def put_blob(self, data: bytes | Iterable[bytes], name: str = "", media_type: str = "") -> Blob:
        whole = data if isinstance(data, bytes) else b"".join(data)
        digest = hashlib.sha256(whole).hexdigest()
        self.content.blobs[digest] = whole
        return Blob(sha256=digest, size=len(whole), name=name, media_type=media_type)

    def keep_draft(self, stream: str, field: str, text: str | None) -> None:
        if text is None:
            self.content.drafts.pop((stream, field), None)
        else:
            self.content.drafts[stream, field] = text

    # Queries.

    def team(self) -> Team:
        return cast("Team", self.content.states[TEAM_STREAM])

    def case(self, ref: str) -> Case | None:
        return next((c for c in self._cases() if ref in (c.ref, c.id)), None)

    def release(self, ref: str) -> Release | None:
        found = (s for s in self.content.states.values() if isinstance(s, Release))
        return next((r for r in found if ref in (r.ref, r.id)), None)

    def releases(self, cursor: str | None = None, limit: int = 200) -> tuple[tuple[ReleaseRow, ...], str | None]:
        rows = []
        for state in self.content.states.values():
            if isinstance(state, Release):
                p = project_release(state)
                rows.append(
                    ReleaseRow(
                        id=p.id,
                        ref=p.ref,
                        title=p.title,
                        slug=p.slug,
                        target=p.target,
                        updated=p.updated,
                        lines=p.lines,
                        cases=p.cases,
                        state=p.state,
                        postponed=p.postponed,
                    )
                )
        return tuple(rows[:limit]), None

    def cases(self, query: CaseQuery, cursor: str | None = None, limit: int = 200) -> CasePage:
        self._maybe_fail()
        self.asked.append(query)
        rows = [_row(p) for p in self._sorted(query)]
        start = int(cursor or 0)
        more = len(rows) > start + limit
        return CasePage(rows=tuple(rows[start : start + limit]), cursor=str(start + limit) if more else None)

    def count(self, query: CaseQuery) -> int:
        self._maybe_fail()
        return len(self._sorted(query))

    def due(self, limit: int = 200, *, me: str = "") -> tuple[DueRow, ...]:
        self._maybe_fail()
        rows = [
            DueRow(
                case=p.id,
                ref=p.ref,
                title=p.title,
                rating=p.rating,
                clock=c.id,
                started=c.started,
                due=c.due,
                paused=c.paused,
                handler_id=p.handler_id,
            )
            for p in self._projections()
            for c in p.clocks
            if not me or p.handler_id == me
        ]
        return tuple(sorted(rows, key=lambda r: (r.due, r.ref))[:limit])

    def embargoes(self, limit: int = 50) -> tuple[CaseRow, ...]:
        ahead = [p for p in self._projections() if p.embargo in ("proposed", "agreed")]
        return tuple(_row(p) for p in sorted(ahead, key=lambda p: p.embargo_until or _END))[:limit]

    def history(
        self, ref: str | None = None, after: int = 0, limit: int = 200, *, newest_first: bool = False
    ) -> tuple[HistoryRow, ...]:
        rows = [r for r in self.content.log if ref is None or ref in (r.ref, r.stream)]
        if newest_first:
            rows = [r for r in reversed(rows) if not after or r.seq < after]
        else:
            rows = [r for r in rows if r.seq > after]
        return tuple(rows[:limit])

    def history_count(self, ref: str | None = None) -> int:
        return len(self.history(ref, limit=10**9))

    def cve_owner(self, cve: str) -> str | None:
        return next((c.ref for c in self._cases() if any(x.id == cve for x in c.cves)), None)

    def known(self, key: str) -> tuple[str, str] | None:
        for case in self._cases():
            source = case.report.source
            if source is not None and source.key == key:
                return case.ref, source.sha256
        return None

    def refs(self, view: str = "all") -> Iterator[str]:
        return iter([p.ref for p in self._projections()])

    def draft(self, stream: str, field: str) -> str | None:
        return self.content.drafts.get((stream, field))

    def blob(self, sha256: str) -> Iterator[bytes]:
        return iter([self.content.blobs[sha256]])

    def _maybe_fail(self) -> None:
        if self.fails is not None:
            problem, self.fails = self.fails, None
            raise problem

    def _cases(self) -> list[Case]:
        return [s for s in self.content.states.values() if isinstance(s, Case)]

    def _projections(self) -> list[CaseProjection]:
        found = []
        for case in self._cases():
            kept = self._projected.get(case.id)
            if kept is None or kept[0] is not case:
                policy = self.policies.get(case.policy, case.policy_version)
                kept = self._projected[case.id] = (case, project_case(case, policy))
            found.append(kept[1])
        return found

    def _sorted(self, query: CaseQuery) -> list[CaseProjection]:
        kept = [p for p in self._projections() if _fits(p, query)]
        return sorted(kept, key=_SORTS[query.sort], reverse=query.descending)


_SORTS: Final[dict[str, Callable[[CaseProjection], Any]]] = {
    "next-due": lambda p: (p.next_due or _END, p.ref),
    "updated": lambda p: (p.updated, p.ref),
    "ref": lambda p: p.ref,
    "title": lambda p: (p.title.casefold(), p.ref),
    "severity": lambda p: (p.rating_order, p.score or 0.0, p.ref),
    "stage": lambda p: (p.stage_order, p.ref),
    "embargo": lambda p: (p.embargo_until or _END, p.ref),
    "handler": lambda p: (p.handler, p.ref),
}
_VIEWS: Final[dict[str, Callable[[CaseProjection, str], bool]]] = {
    "open": lambda p, me: p.open,
    "mine": lambda p, me: p.open and p.handler_id == me,
    "embargo": lambda p, me: p.embargo in ("proposed", "agreed"),
    "waiting": lambda p, me: p.open and p.waiting,
    "no-cve": lambda p, me: p.open and not p.cves,
    "closed": lambda p, me: not p.open,
    "all": lambda p, me: True,
}


def _fits(p: CaseProjection, query: CaseQuery) -> bool:
    words = " ".join(p.words).casefold().replace("-", " ").split()
    wanted = query.text.casefold().replace("-", " ").split()
    return (
        _VIEWS[query.view](p, query.me)
        and (not query.stages or p.stage in query.stages)
        and (not query.ratings or p.rating in query.ratings)
        and all(any(word.startswith(w) for word in words) for w in wanted)
    )


def _row(p: CaseProjection) -> CaseRow:
    step = NextStep(what=p.next_what, due=p.next_due, rule=p.next_rule, paused=p.next_paused)
    return CaseRow(
        id=p.id,
        ref=p.ref,
        title=p.title,
        stage=p.stage,
        track=p.track,
        updated=p.updated,
        rating=p.rating,
        score=p.score,
        lines=p.lines,
        cves=p.cves,
        handler=p.handler,
        handler_id=p.handler_id,
        embargo=p.embargo,
        embargo_until=p.embargo_until,
        next=step if p.next_what else None,
        release=p.release,
    )
