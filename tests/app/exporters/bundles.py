"""Invented cases, releases and bundles for the exporters: the Aster runtime and its people do not exist."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from app.desk.ports.exchange import Bundle
from app.domain.case.state import Advisory, Case, DatasetEntry, Embargo, Report
from app.domain.project import Project
from app.domain.release.state import Member, Release
from app.domain.values import (
    AffectedLine,
    Announcement,
    Credit,
    CveId,
    Dependency,
    Person,
    Postponement,
    Publication,
    ReleaseLine,
    Reporter,
    Severity,
)
from app.machine.resources import PackagedProjects

ADA = Person(id="ada", name="Ada Example", email="ada@aster.example")
TOVE = Person(id="tove", name="Tove Lindqvist", email="tove@aster.example")
RECEIVED = datetime(2099, 6, 1, 9, 30, tzinfo=UTC)
PRE_ANNOUNCED = datetime(2099, 7, 7, 3, 0, tzinfo=UTC)
FIRST_TARGET = datetime(2099, 7, 14, 15, 0, tzinfo=UTC)
TARGET = datetime(2099, 7, 16, 15, 0, tzinfo=UTC)
RELEASED = datetime(2099, 7, 16, 15, 20, 30, 123456, tzinfo=UTC)
NOW = datetime(2099, 7, 16, 16, 0, tzinfo=UTC)
LINES = ("24.x", "22.x", "20.x")
FIXED = {"24.x": "24.8.2", "22.x": "22.19.1", "20.x": "20.19.6"}


def aster(**changes: Any) -> Project:
    """The invented project, as it comes with the program."""
    return replace(PackagedProjects().get("aster"), **changes)


def affected(*names: str, **changes: Any) -> tuple[AffectedLine, ...]:
    """Affected lines with their first fixed version."""
    return tuple(
        AffectedLine(line=name, status="affected", introduced=f"{name.split('.')[0]}.0.0", fixed=FIXED[name], **changes)
        for name in names
    )


def a_case(number: int = 1, **changes: Any) -> Case:
    """A case with every fact that a public text needs."""
    facts: dict[str, Any] = {
        "id": f"{number:026}",
        "ref": f"H-2099-{number:03}",
        "title": "Folded header lines hide a second request",
        "track": "core",
        "policy": "node-core",
        "policy_version": 1,
        "opened_at": RECEIVED,
        "opened_by": "Ada Example",
        "updated_at": TARGET,
        "events": 20,
        "report": Report(received_at=RECEIVED, channel="email", subject="A parser problem"),
        "reporters": (Reporter(name="Robin Reporter"),),
        "handler": ADA,
        "severity": Severity(rating="high", score=8.1, vector="CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H"),
        "lines": affected(*LINES),
        "cves": (CveId(id=f"CVE-2099-1000{number}", assigned_at=RECEIVED),),
        "embargo": Embargo(status="agreed", until=TARGET),
        "advisory": Advisory(revision=1, body=ADVISORY, at=RECEIVED),
        "credits": (
            Credit(name="Robin Reporter", role="reporter", consent="granted"),
            Credit(name="Noor Sample", role="remediation developer", consent="granted"),
        ),
        "release": "R-2099-001",
    }
    return Case(**(facts | changes))


ADVISORY = """\
## Summary

A request whose header value is folded over two lines is read differently by the `Borealis parser` and by most
proxies in front of it. An attacker can hide a second request inside the first one.

The option `--strict-folding` makes no difference.
"""

WINDOWS_ADVISORY = """\
## Summary

Names such as `CON` are taken for files.

## Impact

This vulnerability affects only Windows users who build paths from requests.

## Workaround

Refuse the names before joining them:

```js
if (reserved(name)) throw new Error(name)
```
"""


def three_cases() -> tuple[Case, ...]:
    """A high, a low and a medium case, in the order of their references."""
    low = a_case(
        2,
        title="Timer keeps the process alive",
        severity=Severity(rating="low"),
        lines=affected("24.x"),
        advisory=Advisory(revision=1, body="A timer that was cancelled twice is never freed.", at=RECEIVED),
        credits=(Credit(name="Somebody Shy", role="finder", consent="anonymous"),),
    )
    windows = a_case(
        3,
        title="Device names escape `path.join` on Windows",
        severity=Severity(rating="medium", score=5.3),
        lines=affected("24.x", "22.x", platforms=("win32",)),
        advisory=Advisory(revision=1, body=WINDOWS_ADVISORY, at=RECEIVED),
        credits=(
            Credit(name="Juno Kestrel", role="reporter", consent="granted", link="https://juno.example.org/"),
            Credit(name="Juno Kestrel", role="remediation developer", link="https://juno.example.org/"),
            Credit(name="Wren Tester", role="remediation verifier"),
        ),
    )
    return (a_case(1), low, windows)


def a_release(**changes: Any) -> Release:
    """A security release of three lines that was postponed once and is out."""
    facts: dict[str, Any] = {
        "id": "R" * 26,
        "ref": "R-2099-001",
        "slug": "july-2099-security-releases",
        "target": TARGET,
        "first_target": FIRST_TARGET,
        "opened_at": RECEIVED,
        "updated_at": RELEASED,
        "events": 12,
        "lines": tuple(ReleaseLine(line=name, version=FIXED[name]) for name in ("20.x", "24.x", "22.x")),
        "members": tuple(Member(case=f"{n:026}", ref=f"H-2099-{n:03}") for n in (1, 2, 3)),
        "dependencies": (Dependency(name="made-up-tls", versions=("9.1.4",), lines=("22.x", "24.x")),),
        "postponements": (
            Postponement(
                at=datetime(2099, 7, 13, 18, 0, tzinfo=UTC),
                old=FIRST_TARGET,
                new=TARGET,
                reason="Tests of the 20.x line are not green yet.",
            ),
        ),
        "steward": TOVE,
        "pre_announced": Publication(at=PRE_ANNOUNCED),
        "released": (Publication(at=RELEASED, what="24.8.2"),),
    }
    return Release(**(facts | changes))


def a_bundle(cases: tuple[Case, ...] | None = None, release: Release | None = None, **changes: Any) -> Bundle:
    """The three cases and their release."""
    facts: dict[str, Any] = {
        "project": aster(),
        "cases": three_cases() if cases is None else cases,
        "release": release or a_release(),
        "now": NOW,
    }
    return Bundle(**(facts | changes))


def alone(case: Case, **changes: Any) -> Bundle:
    """One case that has no release."""
    facts: dict[str, Any] = {"project": aster(), "cases": (case,), "release": None, "now": NOW}
    return Bundle(**(facts | changes))


def a_record(kind: str = "core", number: int = 7, **fields: Any) -> Case:
    """A case that was imported from an invented dataset entry."""
    known: dict[str, Any] = {
        "cve": ["CVE-2099-20007"],
        "vulnerable": "20.x || 22.x",
        "patched": "^20.1.1 || ^22.3.4",
        "ref": "https://aster.example/en/blog/vulnerability/seven/",
        "overview": "Seven things go wrong.\n\nImpact:\n* all of them",
        "affectedEnvironments": ["all"],
        "severity": "high",
    }
    record = fields or known
    return a_case(
        number,
        title="Seven things go wrong",
        cves=(CveId(id="CVE-2099-20007", assigned_at=RECEIVED),),
        lines=(
            AffectedLine(line="20.x", status="affected", introduced="20.0.0", fixed="20.1.1"),
            AffectedLine(line="22.x", status="affected", introduced="22.0.0", fixed="22.3.4"),
        ),
        severity=Severity(rating="high"),
        advisory=Advisory(),
        credits=(),
        release="",
        announcements=(Announcement(at=RECEIVED, destination="public record"),),
        dataset=DatasetEntry(kind=f"nswg:{kind}", number=number, fields=tuple(record.items())),
        track="core" if kind == "core" else "ecosystem",
    )
