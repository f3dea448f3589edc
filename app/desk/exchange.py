"""The use case of giving out: a text or record is made, guarded, recorded with its bytes, and only then written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

import msgspec

from app.desk.ports.clock import Clock
from app.desk.ports.exchange import Bundle, Exporter, Missing, Rendered, Scope
from app.desk.ports.vault import Queries, Transaction, Vault
from app.domain.case.embargo import embargo_runs
from app.domain.case.state import Case, ExportRecord
from app.domain.changes import Changes, changes_of
from app.domain.errors import Rejected
from app.domain.events.case_events import Exported
from app.domain.events.release_events import ReleaseExported
from app.domain.events.team_events import DatasetExported
from app.domain.identifiers import ref_order
from app.domain.project import Project
from app.domain.release.state import Release
from app.domain.team import TEAM_STREAM
from app.domain.untrusted import safe_line
from app.domain.values import Audience, OutFile, Person

OVERRIDE_LIMIT: Final = 4_000
"""Characters of the reason for passing a guard."""

_NAMED: Final = 5
"""How many of the missing facts a refusal names."""

_PLAIN_GAPS: Final = ("line.", "release.", "project.")
"""Gaps whose `what` is a line, a number or a key."""


Record = Exported | ReleaseExported | DatasetExported


class ExportFormat(msgspec.Struct, frozen=True, kw_only=True):
    """A format that can go out: for whom it is, and what it can be made of."""

    format: str
    title: str
    audience: Audience
    scopes: tuple[Scope, ...]


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A case that is still secret; `until` (UTC) is None while no date is agreed."""

    ref: str
    until: datetime | None = None


class PreviewResult(msgspec.Struct, frozen=True, kw_only=True):
    """What an export would give out as things are; nothing was recorded.

    `left_out` counts cases that are not public, or erased, in an export of everything.
    """

    files: tuple[Rendered, ...]
    missing: tuple[Missing, ...] = ()
    blocked_by: tuple[Hold, ...] = ()
    left_out: int = 0


class ExportResult(msgspec.Struct, frozen=True, kw_only=True):
    """What went out: the files still to be written, and their digests as they stand in the log already.

    `override` is the reason if a guard was passed with it.
    """

    ref: str
    files: tuple[Rendered, ...]
    record: tuple[OutFile, ...]
    override: str = ""
    missing: tuple[Missing, ...] = ()
    left_out: int = 0
    changes: Changes = Changes()


class _Passed(msgspec.Struct, frozen=True, kw_only=True):
    """What stood in the way, and the reason it was passed with; without either there is no reason to keep."""

    missing: tuple[Missing, ...]
    holds: tuple[Hold, ...]
    reason: str


class _Selection(msgspec.Struct, frozen=True, kw_only=True):
    ref: str
    stream: str
    bundle: Bundle
    left_out: int = 0


class Exchange:
    """Gives out texts and records; used from the vault's thread only."""

    def __init__(self, vault: Vault, exporters: Iterable[Exporter], clock: Clock, actor: Person) -> None:
        self._vault = vault
        self._clock = clock
        self._actor = actor
        self._exporters = {exporter.format: exporter for exporter in exporters}

    def formats(self) -> tuple[ExportFormat, ...]:
        """Every format, by name."""
        found = (self._exporters[name] for name in sorted(self._exporters))
        return tuple(ExportFormat(format=x.format, title=x.title, audience=x.audience, scopes=x.scopes) for x in found)

    def preview(
        self,
        format_name: str,
        *,
        case: str | None = "",
        release: str | None = "",
        everything: bool = False,
        at: datetime | None = None,
    ) -> PreviewResult:
        """What would go out, what it lacks and what stands in the way; exactly one of case, release, everything.

        `at` (UTC) is the moment of writing that some texts name, now where it is not given: with that of an earlier
        export, bytes that differ show that the facts have changed since.
        Raises Rejected("export.unknown-format"), ("export.scope"), ("case.unknown"), ("release.unknown"),
        ("case.not-a-vulnerability"), ("project.missing").
        """
        scope, ref = _target(case or "", release or "", everything=everything)
        exporter = self._exporter(format_name, scope)
        selected = _select(self._vault.queries, ref, scope, at or self._clock.now())
        return PreviewResult(
            files=exporter.render(selected.bundle),
            missing=exporter.missing(selected.bundle),
            blocked_by=_holds(exporter, selected.bundle),
            left_out=selected.left_out,
        )

    def export(
        self,
        format_name: str,
        *,
        case: str | None = "",
        release: str | None = "",
        everything: bool = False,
        override: str = "",
    ) -> ExportResult:
        """Records an export with its bytes and gives the files to write; exactly one of case, release, everything.

        The record is made before any file is: what could leave must be in the log. If writing fails, the record and
        the bytes stay, and `files_of` gives them again.
        Raises Rejected("embargo.running") with `until` and `ref`, Rejected("embargo.not-agreed") where no date is
        agreed, or Rejected("export.incomplete") with what is missing, unless `override` says why; and what `preview`
        raises.
        """
        scope, ref = _target(case or "", release or "", everything=everything)
        exporter = self._exporter(format_name, scope)
        reason = _reason(override)
        with self._vault.transaction(self._actor, self._clock.now()) as tx:
            selected = _select(tx.queries, ref, scope, tx.now)
            missing = exporter.missing(selected.bundle)
            holds = _holds(exporter, selected.bundle)
            if not reason:
                _refuse_secret(holds)
                _refuse_gaps(missing)
            files = exporter.render(selected.bundle)
            passed = _Passed(missing=missing, holds=holds, reason=reason if missing or holds else "")
            event = _record(exporter, scope, _kept(tx, files), passed)
            tx.append(selected.stream, (event,))
        return ExportResult(
            ref=selected.ref,
            files=files,
            record=event.files,
            override=event.override,
            missing=missing,
            left_out=selected.left_out,
            changes=changes_of(selected.ref, (event,)),
        )

    def files_of(self, record: ExportRecord) -> Iterator[Rendered]:
        """The files of an earlier export, from the store; raises Environment("blob.damaged")."""
        for file in record.files:
            data = b"".join(self._vault.queries.blob(file.sha256))
            yield Rendered(name=file.name, data=data, media_type="application/octet-stream")

    def _exporter(self, format_name: str, scope: Scope) -> Exporter:
        exporter = self._exporters.get(format_name)
        if exporter is None:
            known = ", ".join(sorted(self._exporters))
            raise Rejected("export.unknown-format", needs="format", value=safe_line(format_name, 40), known=known)
        if scope not in exporter.scopes:
            possible = ", ".join(exporter.scopes)
            raise Rejected("export.scope", needs="scope", format=exporter.format, scope=scope, possible=possible)
        return exporter


def _target(case: str, release: str, *, everything: bool) -> tuple[Scope, str]:
    if (bool(case), bool(release), everything).count(True) != 1:
        raise Rejected("export.target", needs="case, release or all")
    if everything:
        return "all", ""
    return ("case", case) if case else ("release", release)


def _reason(override: str) -> str:
    reason = override.strip()
    if len(reason) > OVERRIDE_LIMIT:
        raise Rejected("text.too-long", needs="override", field="override", limit=OVERRIDE_LIMIT, length=len(reason))
    return reason


# ------------------------------------------------------------------------------------------- selection
def _select(queries: Queries, ref: str, scope: Scope, now: datetime) -> _Selection:
    project = queries.team().project
    if project is None:
        raise Rejected("project.missing", needs="describe-project")
    if scope == "all":
        return _everything(queries, project, now)
    if scope == "release":
        return _of_release(queries, project, ref, now)
    case = _case(queries, ref)
    _need_vulnerability(case)
    release = queries.release(case.release) if case.release else None
    bundle = Bundle(project=project, cases=(case,), release=release, now=now)
    return _Selection(ref=case.ref, stream=f"case:{case.id}", bundle=bundle)


def _of_release(queries: Queries, project: Project, ref: str, now: datetime) -> _Selection:
    release: Release | None = queries.release(ref)
    if release is None:
        raise Rejected("release.unknown", ref=safe_line(ref, 40), needs="ref")
    cases = [_case(queries, member.case) for member in release.members]
    for case in cases:
        _need_vulnerability(case)
    bundle = Bundle(project=project, cases=_by_reference(cases), release=release, now=now)
    return _Selection(ref=release.ref, stream=f"release:{release.id}", bundle=bundle)


def _everything(queries: Queries, project: Project, now: datetime) -> _Selection:
    """Every case that was announced; what is still secret, or erased, is no part of a public record, only counted."""
    public, left_out = [], 0
    for ref in queries.refs("all"):
        case = queries.case(ref)
        if case is not None and case.announcements and case.is_vulnerability and not case.is_erased:
            public.append(case)
        else:
            left_out += 1
    if not public:
        raise Rejected("export.nothing-public", needs="announced cases")
    bundle = Bundle(project=project, cases=_by_reference(public), release=None, now=now)
    return _Selection(ref=TEAM_STREAM, stream=TEAM_STREAM, bundle=bundle, left_out=left_out)


def _case(queries: Queries, ref: str) -> Case:
    case = queries.case(ref)
    if case is None:
        raise Rejected("case.unknown", ref=safe_line(ref, 40), needs="ref")
    return case


def _need_vulnerability(case: Case) -> None:
    if case.is_erased:
        raise Rejected("case.erased", ref=case.ref, rule="erased")
    if not case.is_vulnerability:
        raise Rejected("case.not-a-vulnerability", ref=case.ref)


def _by_reference(cases: Iterable[Case]) -> tuple[Case, ...]:
    return tuple(sorted(cases, key=lambda case: ref_order(case.ref)))


# ---------------------------------------------------------------------------------------------- guards
def _holds(exporter: Exporter, bundle: Bundle) -> tuple[Hold, ...]:
    """The cases whose embargo a public text would break; without an agreed date everything is secret.

    A release holds its texts back until its own instant too, so that one without cases says nothing early.
    """
    if exporter.audience != "public":
        return ()
    secret = [case for case in bundle.cases if embargo_runs(case, bundle.now)]
    release = bundle.release
    if not secret and release is not None and not release.announcements and bundle.now < release.target:
        return (Hold(ref=release.ref, until=release.target),)
    return tuple(Hold(ref=case.ref, until=case.embargo.until) for case in secret)


def _refuse_secret(holds: tuple[Hold, ...]) -> None:
    if not holds:
        return
    undated = next((hold for hold in holds if hold.until is None), None)
    if undated is not None:
        raise Rejected("embargo.not-agreed", rule="embargo", needs="agree-embargo", ref=undated.ref, cases=len(holds))
    last = max(holds, key=lambda hold: (hold.until or datetime.max.replace(tzinfo=UTC), hold.ref))
    until = last.until.isoformat() if last.until else ""
    raise Rejected("embargo.running", rule="embargo", needs="override", ref=last.ref, until=until, cases=len(holds))


def _refuse_gaps(missing: tuple[Missing, ...]) -> None:
    if not missing:
        return
    first = "; ".join(_said(discreet(gap)) for gap in missing[:_NAMED])
    raise Rejected(
        "export.incomplete", rule="complete", needs="override", missing=first, ref=missing[0].ref, count=len(missing)
    )


def discreet(gap: Missing) -> Missing:
    """The gap without words of the case, such as its title or a name: what a refusal says may end up in a log."""
    return gap if gap.code.startswith(_PLAIN_GAPS) else msgspec.structs.replace(gap, what="")


def _said(gap: Missing) -> str:
    return " ".join(part for part in (gap.code, gap.ref, gap.what) if part)


# ---------------------------------------------------------------------------------------------- record
def _kept(tx: Transaction, files: Iterable[Rendered]) -> tuple[OutFile, ...]:
    """The files, each put into the store by its digest."""
    out = []
    for file in files:
        tx.put_blob(file.data, file.name, file.media_type)
        digest = hashlib.sha256(file.data).hexdigest()
        out.append(OutFile(name=file.name, sha256=digest, size=len(file.data)))
    return tuple(out)


def _record(exporter: Exporter, scope: Scope, files: tuple[OutFile, ...], passed: _Passed) -> Record:
    """The event of this export."""
    kinds: dict[Scope, type[Record]] = {"case": Exported, "release": ReleaseExported, "all": DatasetExported}
    # The record of others must not hold words of a case: they would stay when its own are erased.
    missing = passed.missing if scope == "case" else tuple(map(discreet, passed.missing))
    return kinds[scope](
        format=exporter.format,
        audience=exporter.audience,
        files=files,
        override=passed.reason,
        missing=tuple(_said(gap) for gap in missing),
        embargo_until=max((hold.until for hold in passed.holds if hold.until), default=None),
    )
