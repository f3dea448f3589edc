"""The hand-over files of real releases, exported as posts and laid beside the posts that people published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.desk.desk import Desk
from app.desk.exchange import Exchange
from app.desk.intake import Intake
from app.desk.ports.exchange import SourceFile
from app.domain.case.state import Case
from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.events.team_events import ProjectDescribed
from app.domain.team import TEAM_STREAM
from app.domain.values import AffectedLine, Credit
from app.exporters import discover as exporters
from app.importers import discover as importers
from app.machine.resources import PackagedProjects
from tests.builders import ADA
from tests.fakes_vault import CountingIds, MemoryVault, ShippedPolicies, StandingClock
from tests.oracles.blog_page import differences, parts_of

WEEK = timedelta(days=7)


class Told:
    """What a person enters besides the hand-over file, because the file does not hold it."""

    def __init__(
        self,
        versions: dict[str, str],
        *,
        planned: str = "",
        moves: tuple[tuple[datetime, datetime, str, str], ...] = (),
        by_cve: dict[str, tuple[c.CaseCommand, ...]] | None = None,
    ) -> None:
        self.versions = versions
        self.planned = planned
        self.moves = moves
        self.by_cve = by_cve or {}


def day(year: int, month: int, number: int, hour: int = 12) -> datetime:
    return datetime(year, month, number, hour, tzinfo=UTC)


def on_windows(*names: str) -> c.SetAffected:
    return c.SetAffected(lines=tuple(AffectedLine(line=x, status="affected", platforms=("win32",)) for x in names))


def thanked(reporters: tuple[str, ...], fixers: tuple[str, ...]) -> c.SetCredits:
    found = [Credit(name=name, consent="granted") for name in reporters]
    found += [Credit(name=name, role="remediation developer", consent="granted") for name in fixers]
    return c.SetCredits(credits=tuple(found))


JULY_2024 = Told(
    {"18.x": "18.20.4", "20.x": "20.15.1", "22.x": "22.4.1"},
    planned="2024/07/02",
    moves=(
        (day(2024, 7, 2, 9), day(2024, 7, 4), "Security Release target July 4th", "More time is needed."),
        (day(2024, 7, 4, 9), day(2024, 7, 8), "Security Release target July 8th", "It is a holiday."),
    ),
    by_cve={"CVE-2024-36138": (on_windows("22.x", "20.x", "18.x"),)},
)
JANUARY_2025 = Told(
    {"18.x": "18.20.6", "20.x": "20.18.2", "22.x": "22.13.1", "23.x": "23.6.1"},
    by_cve={"CVE-2025-23084": (thanked(("ryotak", "taise"), ("tniessen",)),)},
)
MAY_2025 = Told(
    {"20.x": "20.19.2", "22.x": "22.15.1", "23.x": "23.11.1", "24.x": "24.0.2"},
    by_cve={
        "CVE-2025-23166": (thanked(("@panva", "@tniessen"), ("@panva", "@tniessen")),),
        "CVE-2025-23165": (
            thanked(("Justin Nietzel",), ("Justin Nietzel",)),
            on_windows("22.x", "20.x"),
        ),
    },
)
JULY_2025 = Told({"20.x": "20.19.4", "22.x": "22.17.1", "24.x": "24.4.1"})
POSTS = {"july-2024": JULY_2024, "january-2025": JANUARY_2025, "may-2025": MAY_2025, "july-2025": JULY_2025}

IMPACT = {
    "CVE-2025-23167": "This vulnerability affects only Node.js 20.x users prior to the `llhttp` v9 upgrade.",
    "CVE-2025-23165": (
        "This vulnerability affects Windows systems relying on the `ReadFileUtf8` API on Node.js release lines: v20"
        " and v22."
    ),
}
"""Impact that no fact of a line can say and that a person wrote; entered as the advisory's own section."""

SAME_RANK = "Issues of one severity stand by CVE id; the real post has them as they came."
KNOWN: dict[str, dict[str, str]] = {
    "july-2024": {
        "front author": "The person who released signed it; since 2025 the project does.",
        "order of issues": SAME_RANK,
        "summary paragraphs": "A paragraph on an upgrade of undici, written by hand, belongs to no case.",
    },
    "january-2025": {
        "other paragraphs": "Three CVE ids for end-of-life lines, which are no part of this release's cases.",
    },
    "may-2025": {},
    "july-2025": {"order of issues": SAME_RANK},
}
"""What differs from the real post, and why; anything else that differs fails the test."""


def ours(data: Path, name: str, told: Told) -> str:
    """The post that Holdfast exports after everything was entered, by the commands a person would give."""
    raw = json.loads((data / "node-core-utils" / f"{name}-vulnerabilities.json").read_bytes())
    raw["releaseDate"] = told.planned or raw["releaseDate"]
    vault, ids = MemoryVault(), CountingIds()
    year, month, number = map(int, raw["releaseDate"].split("/"))
    clock = StandingClock(day(year, month, number) - WEEK)
    with vault.transaction(ADA, clock.now()) as tx:
        # Counts per severity were the habit of these years.
        project = replace(PackagedProjects().get("nodejs"), pre_announcement="counts")
        tx.append(TEAM_STREAM, (ProjectDescribed(project=project),))
    desk = Desk(vault.as_vault(), clock, ids, ShippedPolicies(), ADA)
    source = SourceFile(name=f"{name}.json", data=json.dumps(raw).encode(), sha256="0" * 64)
    report = Intake(vault.as_vault(), desk, importers(), clock, ADA).run([source])
    assert report.refused == ()
    (release,) = report.releases
    for ref in report.cases:
        case = vault.queries.case(ref)
        assert case is not None
        for command in entered(case, told):
            desk.perform(ref, command)
    for line, version in told.versions.items():
        desk.perform(release, r.PlanLine(line=line, version=version))
    for at, target, heading, reason in told.moves:
        clock.move(seconds=(at - clock.now()).total_seconds())
        desk.perform(release, r.Postpone(target=target, reason=reason, heading=heading))
    planned = vault.queries.release(release)
    assert planned is not None
    clock.move(seconds=(planned.target - clock.now()).total_seconds() + 60)
    desk.perform(release, r.ReleaseVersions())
    exported = Exchange(vault.as_vault(), exporters(), clock, ADA).export("blog-post", release=release)
    assert exported.missing == ()
    (file,) = exported.files
    return file.data.decode()


def entered(case: Case, told: Told) -> Iterator[c.CaseCommand]:
    """Consent for those whom the file names, then whatever else is told of the case."""
    cve = case.cves[0].id
    if case.credits:
        yield c.SetCredits(credits=tuple(replace(credit, consent="granted") for credit in case.credits))
    yield from told.by_cve.get(cve, ())
    if cve in IMPACT:
        yield c.DraftAdvisory(body=f"{case.advisory.body}\n\n## Impact\n\n{IMPACT[cve]}\n")


@pytest.mark.parametrize("name", POSTS)
def test_the_post_has_the_parts_of_the_real_one(shared_data: Path, name: str) -> None:
    real = (shared_data / "nodejs.org" / "blog" / "vulnerability" / f"{name}-security-releases.md").read_text()
    found = differences(parts_of(real), parts_of(ours(shared_data, name, POSTS[name])))
    assert set(found) == set(KNOWN[name]), found


@pytest.mark.parametrize("name", POSTS)
def test_the_parts_that_matter_were_all_found_in_the_real_post(shared_data: Path, name: str) -> None:
    """A reader that finds nothing would find no difference either."""
    real: dict[str, Any] = parts_of(
        (shared_data / "nodejs.org" / "blog" / "vulnerability" / f"{name}-security-releases.md").read_text()
    )
    ids = {key.split(" ")[0] for key in real if key.startswith("CVE-")}
    assert len(ids) >= 2
    assert all(real[f"{cve} text"] and real[f"{cve} impact"] and real[f"{cve} credits"][0] for cve in ids)
    assert len(real["downloads"]) == len(real["intro lines"]) == len(real["impact by line"])
