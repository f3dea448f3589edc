"""Every command that a case, a release or the team knows, with a canary in each field that takes any text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import msgspec

from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.commands import team_commands as t
from app.domain.values import AffectedLine, AuditPlace, Credit, Dependency, Fix, ReleaseLine, Reporter
from tests.leaks.canaries import canary

EMBARGO: Final = datetime(2026, 9, 1, 15, 0, tzinfo=UTC)
_LATER: Final = EMBARGO + timedelta(days=2)
_T = TypeVar("_T", bound=msgspec.Struct)

CHECKED: Final = (
    "at", "base", "case", "channel", "cna", "confirm", "consent", "cwe", "destination", "direction", "email",
    "fixed", "heading", "id", "introduced", "key", "last_affected", "line", "link", "of", "person", "policy",
    "pull_request", "purpose", "rating", "resolution", "role", "slug", "state", "status", "step", "steward", "tlp",
    "track", "until", "url", "value", "vector", "verdict", "version", "website",
)  # fmt: skip
"""Fields whose text is checked, or is a name of something else: no canary fits into them."""


def told(value: _T) -> _T:
    """The same with a canary in every field of text that is still empty, in what it holds too."""
    changes: dict[str, Any] = {}
    for field in msgspec.structs.fields(value):
        found = getattr(value, field.name)
        if found == "" and field.name not in CHECKED:
            changes[field.name] = canary(f"{type(value).__name__}{field.name}".replace("_", ""))
        elif isinstance(found, msgspec.Struct):
            changes[field.name] = told(found)
        elif isinstance(found, tuple):
            changes[field.name] = tuple(told(one) if isinstance(one, msgspec.Struct) else one for one in found)
    return msgspec.structs.replace(value, **changes)


def team_commands() -> Iterator[t.TeamCommand]:
    """A second person, who then changes their name."""
    yield t.AddPerson(name=canary("person"), email="noor@example.org")
    yield told(t.ChangePerson(person="noor@example.org", name=canary("personagain")))
    yield t.ChangeSetting(key="lock.idle-minutes", value=canary("setting"))


def case_commands() -> Iterator[c.CaseCommand]:
    """What happens to a case from its report to the day on which it is opened again; some of it is refused."""
    plain = (
        *(c.Assign(), c.Acknowledge(), c.Reply(), c.UpdateReporter(), c.WaitForReporter(question=canary("question"))),
        *(c.Resume(), c.Confirm(), c.Retitle(title=canary("title"))),
        c.RateSeverity(rating="high"),
        c.SetTlp(tlp="RED"),
        c.SetAffected(lines=(AffectedLine(line="24.x", status="affected", introduced="24.0.0", fixed="24.3.2"),)),
        c.SetAffected(lines=(AffectedLine(line="18.x", status="unsupported"),)),
        c.RemoveLine(line="18.x"),
        c.AuditSimilarCode(pattern=canary("pattern"), places=(AuditPlace(where=canary("where")),)),
        c.HoldFix(fix=Fix(line="24.x", state="ready")),
        *(c.RequestCve(), c.AssignCve(id="CVE-2099-10061")),
        *(c.WithdrawCve(id="CVE-2099-10061", reason=canary("withdrawn")), c.AssignCve(id="CVE-2099-10062")),
        *(c.ProposeEmbargo(until=EMBARGO), c.DeclineEmbargo(), c.ProposeEmbargo(until=EMBARGO), c.AgreeEmbargo()),
        c.MoveEmbargo(until=_LATER, reason=canary("moved")),
        c.DraftAdvisory(body=f"## Summary\n\n{canary('advisory')}\n"),
        c.DraftAdvisory(body=f"## Summary\n\n{canary('advisorytwo')}\n", base=7),
        c.SetCredits(credits=(Credit(name=canary("credit"), consent="granted"),)),
        *(c.LogMessage(direction="out"), c.AddNote(text=canary("note")), c.RecordPreAnnouncement()),
        *(c.RecordAnnouncement(destination="announce@example.org"), c.RecordPost(url="https://example.org/post")),
        *(c.SkipStep(step="similar-code", reason=canary("skipped")), c.MarkDuplicate(of="H-2026-999")),
        *(c.Reject(reason=canary("rejected")), c.Close(), c.ProposeErasure(reason=canary("erasure"))),
        *(c.Erase(confirm=""), c.CancelErasure(reason=canary("kept")), c.Reopen(reason=canary("reopened"))),
    )
    yield from (told(command) for command in plain)
    yield told(c.Receive(title=canary("second"), reporters=(Reporter(name=canary("reporter")),)))


def release_commands(ref: str) -> list[r.ReleaseCommand]:
    """A release with this case in it, planned and postponed."""
    plain = (
        r.PlanRelease(target=EMBARGO, lines=(ReleaseLine(line="24.x", version="24.3.2"),)),
        *(r.RetitleRelease(title=canary("release")), r.BundleCase(case=ref), r.UnbundleCase(case=ref)),
        *(r.BundleCase(case=ref), r.PlanLine(line="22.x", version="22.9.1"), r.DropLine(line="22.x")),
        r.SetDependency(dependency=Dependency(name=canary("dependency"))),
        r.SetDependency(dependency=Dependency(name="borealis", versions=(canary("dependencyversion"),))),
        r.DropDependency(name="borealis"),
        *(r.Postpone(target=_LATER, reason=canary("postponed")), r.PreAnnounceRelease()),
        *(r.AnnounceRelease(destination="announce@example.org"), r.PostRelease(url="https://example.org/post")),
        *(r.CloseRelease(), r.CancelRelease(reason=canary("cancelled"))),
    )
    return [told(command) for command in plain]
