"""A case page on a store in memory: one case told by real commands, and everything the page is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from app.desk.exchange import Exchange
from app.domain.case.state import Case
from app.domain.commands import CaseCommand
from app.domain.commands import case_commands as c
from app.domain.commands.team_commands import AddPerson
from app.domain.errors import Environment
from app.domain.events.team_events import ProjectDescribed
from app.domain.project import MailingList, Project
from app.domain.team import TEAM_STREAM
from app.domain.values import AffectedLine, AuditPlace, Credit, Fix, Reporter
from app.exporters import discover
from app.presenters.case import CasePresenter
from app.presenters.hub import Hub
from app.presenters.target import Target
from tests.fakes_interaction import FakeInteraction
from tests.fakes_runner import InlineRunner
from tests.fakes_session import MemorySession, StoppedClock

NOW = datetime(2026, 11, 24, 13, 32, tzinfo=UTC)
TZ = ZoneInfo("Europe/Berlin")
TITLE = "Request header smuggling through folded lines"
HOSTILE = "<img src=file:///etc/passwd> \u202eevil\u2066 <b>bold</b> " + "W" * 400
"""HTML, direction marks and a word that never ends."""

PROJECT = Project(
    key="aster",
    name="Aster",
    product="Aster runtime",
    site="https://aster.example",
    mail_from="security@aster.example",
    announcement_list="announce",
    lists=(MailingList(key="announce", name="Announcements", address="announce@lists.example.org"),),
)
REPORT = """\
Hello,

a request whose header value is folded over two lines is read differently by the Borealis parser and by most
proxies in front of it. An attacker can hide a second request inside the first one.

Steps:
1. Send the attached request through a proxy.
2. Look at what the server answers to the next client.

Rae
"""
ADVISORY = """\
## Summary

A request whose header value is folded over two lines is read
differently by the **Borealis parser** and by most proxies in
front of it. An attacker can hide a second request inside the
first one.

## Affected versions

{affected}

## What you should do

Update to one of the versions below. If you cannot update yet,
set `--strict-header-folding`, which exists since 22.4.0.

{fixed}

## How bad is it

High, CVSS 8.1. Nobody is known to use it. It needs a proxy
that passes folded lines on unchanged.

## Credits

{credits}
"""
VECTOR = "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H"


class FakeFiles:
    """Files of a machine that exists only in a test."""

    def __init__(self) -> None:
        self.there: dict[Path, bytes] = {}
        self.written: dict[Path, bytes] = {}
        self.fails: Environment | None = None

    def read(self, path: Path, limit: int) -> bytes:
        if path not in self.there:
            raise Environment("file.missing", file=path.name)
        return self.there[path][:limit]

    def write(self, path: Path, data: bytes) -> None:
        if self.fails is not None:
            raise self.fails
        self.written[path] = data


@dataclass
class CaseWorld:
    """Everything a case page works with, and what became of it."""

    session: MemorySession = field(default_factory=lambda: MemorySession(clock=StoppedClock(NOW)))
    runner: InlineRunner = field(default_factory=InlineRunner)
    hub: Hub = field(default_factory=Hub)
    interaction: FakeInteraction = field(default_factory=FakeInteraction)
    files: FakeFiles = field(default_factory=FakeFiles)
    toasts: list[str] = field(default_factory=list)
    went: list[Target] = field(default_factory=list)
    ref: str = ""

    def __post_init__(self) -> None:
        self.session.files = self.files
        vault = cast("Any", self.session.store)
        self.session.exchange = Exchange(vault, discover(), self.session.clock, self.session.me)
        self.session.store.append(TEAM_STREAM, (ProjectDescribed(project=PROJECT),))
        for name in ("Noor Sample", "Juno Kettle"):
            self.do_for_team(name)

    def do_for_team(self, name: str) -> None:
        """Add somebody to the team."""
        address = f"{name.split(maxsplit=1)[0].lower()}@example.org"
        self.session.do(None, AddPerson(name=name, email=address), hours_ago=2000)

    @property
    def case(self) -> Case:
        """The case as it is in the store now."""
        found = self.session.store.case(self.ref)
        assert found is not None
        return found

    def do(self, command: CaseCommand, *, days_ago: float = 0.0) -> CaseWorld:
        """Carry out a command some days ago."""
        self.session.do(self.ref, command, hours_ago=days_ago * 24)
        return self

    def receive(self, *, days_ago: float = 15.0, **changes: Any) -> CaseWorld:
        """A report comes in."""
        facts: dict[str, Any] = {
            "title": TITLE,
            "channel": "email",
            "subject": "Header smuggling",
            "message_id": "<7f3a@reporter.example>",
            "reporters": (Reporter(name="Rae Finder", email="rae@reporter.example"),),
            "text": REPORT,
            "product": "Aster runtime",
        }
        self.ref = self.session.do(None, c.Receive(**{**facts, **changes}), hours_ago=days_ago * 24)
        return self

    def triage(self) -> CaseWorld:
        """Assigned, acknowledged, answered and confirmed, as promised."""
        self.do(c.Assign(), days_ago=14.9).do(c.Acknowledge(text="It arrived."), days_ago=14.8)
        self.do(c.Reply(text="Next we look at every line."), days_ago=13.5)
        return self.do(c.Confirm(note="Reproduced on 24.8.1"), days_ago=12)

    def list_lines(self) -> CaseWorld:
        """Lines of two products, one of them not decided."""
        lines = (
            _line("main", "affected", "20.0.0"),
            _line("24.x", "affected", "24.0.0", "24.8.1", "24.8.2"),
            _line("22.x", "affected", "22.0.0", "22.19.0", "22.19.1"),
            _line("20.x", "investigating"),
            _line("18.x", "unsupported", "18.4.0", "18.20.8"),
            _line("3.x", "affected", "3.1.0", "3.4.2", "3.4.3", product="Borealis parser"),
            _line("2.x", "not-affected", product="Borealis parser", note="Vulnerable code was added in 3.1.0"),
        )
        return self.do(c.SetAffected(lines=lines), days_ago=8)

    def work(self) -> CaseWorld:
        """The case of the picture: fixing, rated, with a CVE and an agreed embargo."""
        self.receive().triage().list_lines()
        for line, state in (("main", "ready"), ("24.x", "ready"), ("22.x", "ready")):
            self.do(c.HoldFix(fix=_fix(line, state)), days_ago=5)
        self.do(c.HoldFix(fix=_fix("3.x", "in-review", "Borealis parser")), days_ago=3)
        self.do(c.RateSeverity(vector=VECTOR, cwe="CWE-444", reason="Needs a proxy in front."), days_ago=7)
        self.do(c.RequestCve(cna="Aster CNA"), days_ago=5).do(c.AssignCve(id="CVE-2099-10041"), days_ago=3)
        self.do(c.AgreeEmbargo(until=NOW + timedelta(days=6, hours=1, minutes=28)), days_ago=2.5)
        self.do(c.SkipStep(step="pre-announced", reason="Only one vendor ships it."), days_ago=2)
        self.do(c.DraftAdvisory(body=ADVISORY), days_ago=1)
        self.do(c.SetCredits(credits=(Credit(name="Rae Finder", consent="granted"),)), days_ago=1)
        self.do(c.AddNote(text="Parser was rewritten in 22.0, check by hand."), days_ago=1)
        return self.do(c.UpdateReporter(text="Fixes are under way."), days_ago=0.5)

    def audit(self) -> CaseWorld:
        """The search for similar problems."""
        places = (AuditPlace(where="lib/trailers.c", verdict="not-affected", note="Folding is refused there."),)
        return self.do(c.AuditSimilarCode(pattern="Folded values", places=places, conclusion="Nothing else."))

    def presenter(self, view: Any) -> CasePresenter:
        """The page's presenter on a view of the test's own."""
        return CasePresenter(view, cast("Any", self.session), self.runner, self.hub, self.ref)

    def context(self, theme_hub: Any) -> Any:
        """What the window gives to the page."""
        from ui.screens.page import Context

        return Context(
            session=cast("Any", self.session),
            runner=self.runner,
            worker=self.runner,
            backups=cast("Any", None),
            hub=self.hub,
            theme=theme_hub,
            tz=TZ,
            interaction=self.interaction,
            toast=self.toast,
            navigate=self.went.append,
            heading_changed=lambda: None,
        )

    def toast(self, text: str, action: str = "", run: Callable[[], None] | None = None) -> None:
        """Remember what was said at the foot of the page."""
        self.toasts.append(text)


def _line(
    line: str,
    status: Any,
    introduced: str = "",
    last: str = "",
    fixed: str = "",
    *,
    product: str = "",
    note: str = "",
) -> AffectedLine:
    return AffectedLine(
        line=line,
        product=product,
        status=status,
        introduced=introduced,
        last_affected=last,
        fixed=fixed,
        note=note,
    )


def _fix(line: str, state: Any, product: str = "") -> Fix:
    return Fix(
        line=line,
        product=product,
        state=state,
        author="Noor Sample",
        reviewer="Juno Kettle",
        pull_request="private/412",
        tests="pass on Linux and Windows",
    )
