"""The use case of taking in: files become cases and releases, each record whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized

import msgspec

from app.desk.desk import Desk
from app.desk.ports.clock import Clock
from app.desk.ports.exchange import CaseDraft, Draft, Importer, Refusal, ReleaseDraft, SourceFile, TeamDraft
from app.desk.ports.reading import refusal, refused
from app.desk.ports.vault import Cancelled, Progress, Queries, Transaction, Vault
from app.domain.changes import Changes, changes_of
from app.domain.commands import CaseCommand
from app.domain.commands.case_commands import AddAttachment, ImportRecord, Receive
from app.domain.commands.release_commands import BundleCase, PlanRelease
from app.domain.errors import Defect, Environment, Rejected
from app.domain.events.team_events import ImportFinished
from app.domain.json_limits import load_json
from app.domain.team import TEAM_STREAM
from app.domain.untrusted import safe_line
from app.domain.values import Blob, Person

RECORDS_AT_ONCE = 50
"""Records of one transaction: many are much faster, and few are lost when the machine stops."""

BYTES_AT_ONCE = 64 * 1024 * 1024
"""Attachments of one transaction, after which it ends early."""


class ImportFormat(msgspec.Struct, frozen=True, kw_only=True):
    """A format that can come in."""

    format: str
    title: str
    suffixes: tuple[str, ...]


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an import: references of what came in and of what was here already, and each refusal.

    `passed` names files that hold nothing of their own, such as an index, or nothing that was not known; `learnt` names
    those that told the team something, such as newer releases of a product. When `cancelled`, what is named here is
    in the store all the same.
    """

    cases: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    learnt: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    passed: tuple[str, ...] = ()
    cancelled: bool = False
    changes: Changes = Changes()


class PreviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """A record that would come in; `ref` is set where its key is here already, `same` if with the same content."""

    kind: str
    file: str
    where: str
    title: str
    ref: str = ""
    same: bool = False


class ImportPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What an import would do as things are; nothing was changed."""

    rows: tuple[PreviewRow, ...] = ()
    refused: tuple[Refusal, ...] = ()
    passed: tuple[str, ...] = ()
    cancelled: bool = False


class _Found(msgspec.Struct, frozen=True):
    """A draft and the file it is from; without one, the file holds nothing of its own."""

    file: str
    draft: Draft | None


class _Tally:
    """What a batch did; it counts once its transaction is through."""

    def __init__(self) -> None:
        self.cases: list[str] = []
        self.releases: list[str] = []
        self.known: list[str] = []
        self.learnt: list[str] = []
        self.refused: list[Refusal] = []
        self.passed: list[str] = []
        self.changes = Changes()

    def add(self, other: _Tally) -> None:
        self.cases += other.cases
        self.releases += other.releases
        self.known += other.known
        self.learnt += other.learnt
        self.refused += other.refused
        self.passed += other.passed
        self.changes |= other.changes

    def report(self, *, cancelled: bool) -> ImportReport:
        return ImportReport(
            cases=tuple(self.cases),
            releases=tuple(self.releases),
            known=tuple(dict.fromkeys(self.known)),
            learnt=tuple(self.learnt),
            refused=tuple(self.refused),
            passed=tuple(self.passed),
            cancelled=cancelled,
            changes=self.changes,
        )


class Intake:
    """Takes files in through the importers; used from the vault's thread only."""

    def __init__(self, vault: Vault, desk: Desk, importers: Sequence[Importer], clock: Clock, actor: Person) -> None:
        self._vault = vault
        self._desk = desk
        self._importers = tuple(importers)
        self._clock = clock
        self._actor = actor

    def formats(self) -> tuple[ImportFormat, ...]:
        """What can come in."""
        return tuple(ImportFormat(format=i.format, title=i.title, suffixes=i.suffixes) for i in self._importers)

    def preview(
        self,
        sources: Iterable[SourceFile | Refusal],
        *,
        as_format: str | None = None,
        cancelled: Cancelled | None = None,
    ) -> ImportPreview:
        """What `run` would take in; rules that only a real command meets may still refuse a record.

        Raises Rejected("import.format-unknown").
        """
        rows: list[PreviewRow] = []
        refused: list[Refusal] = []
        passed: list[str] = []
        for found in self._drafts(sources, self._chosen(as_format)):
            if cancelled is not None and cancelled():
                return ImportPreview(rows=tuple(rows), refused=tuple(refused), passed=tuple(passed), cancelled=True)
            if isinstance(found.draft, Refusal):
                refused.append(found.draft)
            elif found.draft is None:
                passed.append(found.file)
            else:
                rows.append(_preview_row(found.file, found.draft, self._vault.queries))
        return ImportPreview(rows=tuple(rows), refused=tuple(refused), passed=tuple(passed))

    def run(
        self,
        sources: Iterable[SourceFile | Refusal],
        *,
        as_format: str | None = None,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> ImportReport:
        """Takes in every record that is right; one that is wrong changes nothing and keeps no other out.

        `progress` is called after each record. What was committed before a cancellation stays. Raises
        Rejected("import.format-unknown") before anything is read, and Environment where the machine stands in the
        way, with the number of records that are safe as fact `imported`.
        """
        drafts = self._drafts(sources, self._chosen(as_format))
        steps = _Steps(len(sources) if isinstance(sources, Sized) else 0, progress, cancelled)
        total = _Tally()
        try:
            more = True
            while more:
                batch = _Tally()
                with self._vault.transaction(self._actor, self._clock.now()) as tx:
                    more = self._batch(tx, drafts, batch, steps)
                total.add(batch)
            self._finish(total)
        except Environment as fault:
            fault.facts.setdefault("imported", len(total.cases) + len(total.releases))
            raise
        return total.report(cancelled=steps.cancelled)

    def _chosen(self, as_format: str | None) -> Importer | None:
        if not as_format:
            return None
        for importer in self._importers:
            if importer.format == as_format:
                return importer
        raise Rejected("import.format-unknown", value=safe_line(as_format, 40), formats=self._names(), needs="as")

    def _names(self) -> str:
        return ", ".join(importer.format for importer in self._importers)

    def _drafts(self, sources: Iterable[SourceFile | Refusal], chosen: Importer | None) -> Iterator[_Found]:
        for source in sources:
            if isinstance(source, Refusal):
                yield _Found(source.file, source)
                continue
            importer = chosen or next((i for i in self._importers if i.recognises(source)), None)
            if importer is None:
                yield _Found(source.name, self._unrecognised(source))
                continue
            empty = True
            try:
                for draft in importer.read(source):
                    empty = False
                    yield _Found(source.name, draft)
            except Rejected as fault:
                empty = False
                yield _Found(source.name, refusal(source.name, fault))
            if empty:
                yield _Found(source.name, None)

    def _unrecognised(self, source: SourceFile) -> Refusal:
        """For a JSON text that is broken, where it is; else which formats there are."""
        if source.data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            try:
                load_json(source.data, source.name)
            except Rejected as fault:
                return refusal(source.name, fault)
        return refused(source.name, "import.unrecognised", "", {"formats": self._names()})

    def _batch(self, tx: Transaction, drafts: Iterator[_Found], tally: _Tally, steps: _Steps) -> bool:
        """Takes in the next few records; whether there may be more."""
        taken = 0
        for _ in range(RECORDS_AT_ONCE):
            if steps.stop():
                return False
            found = next(drafts, None)
            if found is None:
                return False
            self._record(tx, found, tally)
            steps.step()
            if isinstance(found.draft, CaseDraft):
                taken += sum(len(attachment.data) for attachment in found.draft.attachments)
            if taken > BYTES_AT_ONCE:
                break
        return True

    def _record(self, tx: Transaction, found: _Found, tally: _Tally) -> None:
        draft = found.draft
        if draft is None:
            tally.passed.append(found.file)
            return
        if isinstance(draft, Refusal):
            tally.refused.append(draft)
            return
        if isinstance(draft, TeamDraft):
            self._learnt(tx, found.file, draft, tally)
            return
        known = tx.queries.known(draft.key)
        if known is not None:
            self._known(found.file, draft, known, tally)
            return
        try:
            with tx.savepoint():
                ref, changes = self._case(tx, draft) if isinstance(draft, CaseDraft) else self._release(tx, draft)
        except Rejected as fault:
            tally.refused.append(refusal(found.file, fault, draft.where))
            return
        (tally.cases if isinstance(draft, CaseDraft) else tally.releases).append(ref)
        tally.changes |= changes

    def _learnt(self, tx: Transaction, file: str, draft: TeamDraft, tally: _Tally) -> None:
        is_new = False
        for command in draft.commands:
            try:
                with tx.savepoint():
                    tally.changes |= self._desk.apply(tx, None, command).changes
            except Rejected as fault:
                if fault.code != "change.nothing":
                    tally.refused.append(refusal(file, fault, draft.where))
                    return
            else:
                is_new = True
        (tally.learnt if is_new else tally.passed).append(file)

    def _known(self, file: str, draft: CaseDraft | ReleaseDraft, known: tuple[str, str], tally: _Tally) -> None:
        ref, digest = known
        if digest == draft.sha256:
            tally.known.append(ref)
        else:
            tally.refused.append(refused(file, "import.differs", draft.where, {"ref": ref}))

    def _case(self, tx: Transaction, draft: CaseDraft) -> tuple[str, Changes]:
        blobs = tuple(tx.put_blob(one.data, one.name, one.media_type) for one in draft.attachments)
        first, *others = draft.commands
        if isinstance(first, Receive):
            first = _received(first, blobs, tx)
        elif isinstance(first, ImportRecord):
            others = [*(AddAttachment(blob=blob) for blob in blobs), *others]
        else:
            raise Defect("import.first-command", verb=type(first).__name__)
        done = self._desk.apply(tx, None, first)
        ref, changes = done.ref, done.changes
        for command in others:
            changes |= self._desk.apply(tx, ref, command).changes
        return ref, changes

    def _release(self, tx: Transaction, draft: ReleaseDraft) -> tuple[str, Changes]:
        first, *others = draft.commands
        if not isinstance(first, PlanRelease):
            raise Defect("import.first-command", verb=type(first).__name__)
        bundles = tuple(_bundles(draft, tx.queries))
        if draft.members and not bundles:
            raise Rejected("import.no-members", field=draft.where)
        done = self._desk.apply(tx, None, first)
        ref, changes = done.ref, done.changes
        for command in (*others, *bundles):
            changes |= self._desk.apply(tx, ref, command).changes
        return ref, changes

    def _finish(self, total: _Tally) -> None:
        """One line in the history of the store; an import that brought nothing leaves no trace."""
        if not (total.cases or total.releases):
            return
        now = self._clock.now()
        finished = ImportFinished(
            at=now,
            cases=len(total.cases),
            releases=len(total.releases),
            known=len(total.known),
            refused=len(total.refused),
        )
        with self._vault.transaction(self._actor, now) as tx:
            tx.append(TEAM_STREAM, (finished,))
        total.changes |= changes_of(TEAM_STREAM, (finished,))


class _Steps:
    """Tells how far an import is, and hears when to end it."""

    def __init__(self, of: int, progress: Progress | None, cancelled: Cancelled | None) -> None:
        self._of = of
        self._done = 0
        self._progress = progress
        self._asked = cancelled
        self.cancelled = False

    def stop(self) -> bool:
        if self._asked is not None and self._asked():
            self.cancelled = True
        return self.cancelled

    def step(self) -> None:
        self._done += 1
        if self._progress is not None:
            # A file may hold many records: then there were more to come than it seemed.
            self._progress(self._done, max(self._of, self._done) if self._of else 0)


def _received(command: Receive, blobs: tuple[Blob, ...], tx: Transaction) -> Receive:
    """With its attachments; a moment that is not yet is no moment of receipt, whatever the sender's clock said."""
    moment = command.received_at
    if moment is not None and moment > tx.now:
        moment = None
    return msgspec.structs.replace(command, attachments=blobs, received_at=moment)


def _bundles(draft: ReleaseDraft, queries: Queries) -> Iterator[BundleCase]:
    """The cases of a release that are here; one that was refused has said so itself."""
    for key in draft.members:
        known = queries.known(key)
        if known is not None:
            yield BundleCase(case=known[0])


def _preview_row(file: str, draft: CaseDraft | ReleaseDraft | TeamDraft, queries: Queries) -> PreviewRow:
    if isinstance(draft, TeamDraft):
        return PreviewRow(kind="catalogue", file=file, where=draft.where, title="")
    known = queries.known(draft.key)
    kind = "case" if isinstance(draft, CaseDraft) else "release"
    return PreviewRow(
        kind=kind,
        file=file,
        where=draft.where,
        title=_title_of(draft),
        ref=known[0] if known else "",
        same=known is not None and known[1] == draft.sha256,
    )


def _title_of(draft: CaseDraft | ReleaseDraft) -> str:
    first: CaseCommand | object = draft.commands[0]
    if isinstance(first, Receive | ImportRecord):
        return first.title
    if isinstance(first, PlanRelease):
        return first.title or first.target.date().isoformat()
    return ""
