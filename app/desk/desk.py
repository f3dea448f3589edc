"""The door of the desk: one command, one transaction, and an answer that says what changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from app.desk.ports.clock import Clock, Ids
from app.desk.ports.resources import Policies
from app.desk.ports.vault import Queries, Transaction, Vault
from app.domain.case.context import Context
from app.domain.case.decide import decide as decide_case
from app.domain.case.state import Case
from app.domain.changes import Changes, changes_of
from app.domain.commands import CaseCommand, Command, ReleaseCommand, TeamCommand
from app.domain.commands.case_commands import AssignCve, Erase, ImportRecord, MarkDuplicate, ProposeErasure, Receive
from app.domain.commands.release_commands import BundleCase, PlanRelease
from app.domain.errors import Defect, Rejected
from app.domain.policy import Policy
from app.domain.release.decide import ReleaseContext
from app.domain.release.decide import decide as decide_release
from app.domain.release.state import Release
from app.domain.team import TEAM_STREAM, Team
from app.domain.team_decide import decide as decide_team
from app.domain.untrusted import safe_line
from app.domain.values import Blob, Person, Source

CASE_PREFIX = "H"
RELEASE_PREFIX = "R"
_ECOSYSTEM_POLICY = "npm-ecosystem"


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What a command did: the reference of what it was about, and what changed."""

    ref: str
    changes: Changes
    compacted: bool = True
    """False where something was erased and the store could not be written anew at once; see `Vault.compact`."""


class NewFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that goes into the store with the command that names it."""

    data: bytes
    name: str
    media_type: str = "application/octet-stream"

    def blob(self) -> Blob:
        """How a command names the file."""
        digest = hashlib.sha256(self.data).hexdigest()
        return Blob(sha256=digest, size=len(self.data), name=self.name, media_type=self.media_type)


class Desk:
    """Everything a person can do, by command; used from the vault's thread only."""

    def __init__(self, vault: Vault, clock: Clock, ids: Ids, policies: Policies, actor: Person) -> None:
        self._vault = vault
        self._clock = clock
        self._ids = ids
        self._policies = policies
        self._actor = actor

    @property
    def actor(self) -> Person:
        """Who acts."""
        return self._actor

    @property
    def queries(self) -> Queries:
        """The read side."""
        return self._vault.queries

    def perform(self, ref: str | None, command: Command, files: Sequence[NewFile] = ()) -> Done:
        """Carries out a command on the case or release of this reference; None for commands that create or concern
        the team. The files that its blobs stand for go into the store with it.

        Raises Rejected where a rule forbids it, and then nothing changed.
        """
        with self._vault.transaction(self._actor, self._clock.now()) as tx:
            for file in files:
                tx.put_blob(file.data, file.name, file.media_type)
            done = self.apply(tx, ref, command)
        if isinstance(command, Erase) and not self._vault.compact():
            return msgspec.structs.replace(done, compacted=False)
        return done

    def perform_with_file(
        self, ref: str, data: bytes, name: str, media_type: str, make: Callable[[Blob], Command]
    ) -> Done:
        """Stores a file and carries out the command that `make` gives for it, in one transaction."""
        with self._vault.transaction(self._actor, self._clock.now()) as tx:
            return self.apply(tx, ref, make(tx.put_blob(data, name, media_type)))

    def apply(self, tx: Transaction, ref: str | None, command: Command) -> Done:
        """The same inside a transaction that is already open."""
        if isinstance(command, TeamCommand):
            return self._apply_team(tx, command)
        if isinstance(command, ReleaseCommand):
            return self._apply_release(tx, ref, command)
        return self._apply_case(tx, ref, command)

    def create_case(self, tx: Transaction, command: Receive | ImportRecord) -> Case:
        """Opens a case inside a transaction."""
        done = self._apply_case(tx, None, command)
        return _found(tx.queries.case(done.ref), done.ref)

    def create_release(self, tx: Transaction, command: PlanRelease) -> Release:
        """Plans a release inside a transaction."""
        done = self._apply_release(tx, None, command)
        release = tx.queries.release(done.ref)
        if release is None:
            raise Defect("release.missing", ref=done.ref)
        return release

    def save_draft(self, ref: str, field: str, text: str | None) -> None:
        """Keeps the unsaved text of an editor in the store, or forgets it with None.

        Raises Rejected("case.erased"): what was erased must not come back with the text of an editor that was open.
        """
        with self._vault.transaction(self._actor, self._clock.now()) as tx:
            case = tx.queries.case(ref) if text is not None else None
            if case is not None and case.is_erased:
                raise Rejected("case.erased", ref=case.ref, rule="erased")
            tx.keep_draft(ref, field, text)

    def team(self) -> Team:
        """The store and its team."""
        return self._vault.queries.team()

    def policy_of(self, case: Case) -> Policy:
        """The policy version the case is pinned to."""
        return self._policies.get(case.policy, case.policy_version)

    def _apply_case(self, tx: Transaction, ref: str | None, command: CaseCommand) -> Done:
        case = None if ref is None else _found(tx.queries.case(ref), ref)
        context = self._case_context(tx, case, command)
        events = decide_case(case, self._among_others(tx, case, command), context)
        stream = f"case:{case.id if case else context.new_id}"
        after = tx.append(stream, events)
        if not isinstance(after, Case):
            raise Defect("case.missing", ref=stream)
        return Done(ref=after.ref, changes=changes_of(after.ref, events))

    def _case_context(self, tx: Transaction, case: Case | None, command: CaseCommand) -> Context:
        team = tx.queries.team()
        if case is not None:
            policy = self._policies.get(case.policy, case.policy_version)
            return Context(now=tx.now, actor=tx.actor, policy=policy, people=team.people)
        if not isinstance(command, Receive | ImportRecord):
            raise Rejected("case.unknown", ref="", needs="ref")
        name = command.policy or (_ECOSYSTEM_POLICY if command.track == "ecosystem" else team.policy)
        return Context(
            now=tx.now,
            actor=tx.actor,
            policy=self._policies.latest(name),
            people=team.people,
            new_id=self._ids.new_id(),
            new_ref=tx.new_ref(CASE_PREFIX, tx.now.year),
        )

    def _among_others(self, tx: Transaction, case: Case | None, command: CaseCommand) -> CaseCommand:
        """The command, after a look at what other cases hold: one CVE id, one record and one problem have one case."""
        if isinstance(command, AssignCve):
            owner = tx.queries.cve_owner(command.id.strip().upper())
            if owner is not None and (case is None or owner != case.ref):
                raise Rejected("cve.taken", cve=safe_line(command.id, 40), ref=owner, rule="cve", needs="id")
        if isinstance(command, Receive | ImportRecord):
            _refuse_known(tx.queries, command.source)
        if isinstance(command, ImportRecord):
            _refuse_handled(tx.queries, command)
        if isinstance(command, ProposeErasure | Erase) and case is not None:
            _refuse_needed(tx.queries, case)
        if isinstance(command, MarkDuplicate) and case is not None:
            return msgspec.structs.replace(command, of=_original(tx.queries, case, command.of))
        return command

    def _apply_release(self, tx: Transaction, ref: str | None, command: ReleaseCommand) -> Done:
        release = None
        if ref is not None:
            release = tx.queries.release(ref)
            if release is None:
                raise Rejected("release.unknown", ref=safe_line(ref, 40), needs="ref")
        elif not isinstance(command, PlanRelease):
            raise Rejected("release.unknown", ref="", needs="ref")
        if isinstance(command, PlanRelease):
            _refuse_known(tx.queries, command.source)
        context = self._release_context(tx, release, command)
        decided = decide_release(release, command, context)
        stream = f"release:{release.id if release else context.base.new_id}"
        after = tx.append(stream, decided.events)
        if not isinstance(after, Release):
            raise Defect("release.missing", ref=stream)
        changes = changes_of(after.ref, decided.events)
        for case_id, events in decided.cases.items():
            moved: Any = tx.append(f"case:{case_id}", events)
            changes |= changes_of(moved.ref, events)
        return Done(ref=after.ref, changes=changes)

    def _release_context(self, tx: Transaction, release: Release | None, command: ReleaseCommand) -> ReleaseContext:
        team = tx.queries.team()
        base = Context(
            now=tx.now,
            actor=tx.actor,
            policy=self._policies.latest(team.policy),
            people=team.people,
            new_id=self._ids.new_id() if release is None else "",
            new_ref=tx.new_ref(RELEASE_PREFIX, tx.now.year) if release is None else "",
        )
        members = tuple(_found(tx.queries.case(m.case), m.ref) for m in release.members) if release else ()
        candidate = tx.queries.case(command.case.strip().upper()) if isinstance(command, BundleCase) else None
        slugs = _slugs(tx.queries) if release is None else frozenset()
        return ReleaseContext(base=base, members=members, candidate=candidate, slugs=slugs)

    def _apply_team(self, tx: Transaction, command: TeamCommand) -> Done:
        team = tx.queries.team()
        context = Context(
            now=tx.now,
            actor=tx.actor,
            policy=self._policies.latest(team.policy),
            people=team.people,
            new_id=self._ids.new_id(),
        )
        events = decide_team(team, command, context)
        tx.append(TEAM_STREAM, events)
        return Done(ref=TEAM_STREAM, changes=changes_of(TEAM_STREAM, events))


def _found(case: Case | None, ref: str) -> Case:
    if case is None:
        raise Rejected("case.unknown", ref=safe_line(ref, 40), needs="ref")
    return case


def _refuse_known(queries: Queries, source: Source | None) -> None:
    """A record has one case: whoever imports has asked before, a command line may not have."""
    known = queries.known(source.key) if source else None
    if known is not None:
        raise Rejected("source.known", ref=known[0], needs="source")


def _refuse_handled(queries: Queries, command: ImportRecord) -> None:
    """A record that is public can't be the case that somebody still works on; records may share an id among them."""
    for cve in dict.fromkeys(command.cves):
        ref = queries.cve_owner(cve.strip().upper())
        owner = queries.case(ref) if ref is not None else None
        # What is left of an erased case stands in nobody's way: the world's record of it may come back.
        if owner is not None and owner.dataset is None and not owner.is_erased:
            raise Rejected("cve.taken", cve=safe_line(cve, 40), ref=owner.ref, rule="cve", needs="cves", field="cves")


def _refuse_needed(queries: Queries, case: Case) -> None:
    """What others still work on: a release that is not over, the case that this one is a duplicate of."""
    release = queries.release(case.release) if case.release else None
    if release is not None and release.is_open:
        raise Rejected("erase.in-release", ref=case.ref, release=release.ref, needs="close-release")
    original = queries.case(case.duplicate_of) if case.duplicate_of else None
    if original is not None and original.is_open:
        raise Rejected("erase.original-open", ref=case.ref, of=original.ref, needs="close")


def _original(queries: Queries, case: Case, named: str) -> str:
    """The reference of the case that the problem is really handled in."""
    other = queries.case(named.strip().upper())
    if other is None:
        raise Rejected("case.unknown", ref=safe_line(named, 40), needs="of")
    if other.duplicate_of == case.ref:
        raise Rejected("case.own-duplicates", ref=case.ref, of=other.ref, rule="confirmed", needs="of")
    if other.duplicate_of:
        raise Rejected("case.duplicate", ref=other.ref, of=other.duplicate_of, rule="confirmed", needs="of")
    return other.ref


def _slugs(queries: Queries) -> frozenset[str]:
    slugs: set[str] = set()
    cursor: str | None = None
    while True:
        rows, cursor = queries.releases(cursor)
        slugs.update(row.slug for row in rows)
        if cursor is None:
            return frozenset(slugs)
