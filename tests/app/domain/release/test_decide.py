"""A release moves its cases with it: bundling, postponing, announcing; and keeps its slug."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.case.evolve import evolve as evolve_case
from app.domain.case.state import Case
from app.domain.commands import release_commands as c
from app.domain.errors import Rejected
from app.domain.release.decide import ReleaseContext, decide, make_slug
from app.domain.release.evolve import evolve
from app.domain.release.state import Release
from app.domain.values import ReleaseLine
from tests.builders import ADA, Story, scheduled

TARGET = datetime(2026, 7, 28, 14, 0, tzinfo=UTC)


class Plan:
    """A release with one scheduled case, moved by real commands."""

    def __init__(self) -> None:
        self.story: Story = scheduled()
        self.now = self.story.now
        self.release: Release | None = None
        self.case: Case = self.story.it

    def do(self, command: c.ReleaseCommand) -> Plan:
        base = self.story.context()
        context = ReleaseContext(
            base=type(base)(
                now=self.now, actor=ADA, policy=base.policy, people=(ADA,), new_id="r", new_ref="R-2026-001"
            ),
            members=(self.case,) if self.release and self.release.members else (),
            candidate=self.case,
        )
        decided = decide(self.release, command, context)
        for event in decided.events:
            self.release = evolve(self.release, event, self.now, ADA)
        for events in decided.cases.values():
            for moved in events:
                self.case = evolve_case(self.case, moved, self.now, ADA)
        return self

    @property
    def it(self) -> Release:
        assert self.release is not None
        return self.release


def planned() -> Plan:
    lines = (ReleaseLine(line="8.x"), ReleaseLine(line="22.x", version="22.9.1"), ReleaseLine(line="10.x"))
    return Plan().do(c.PlanRelease(target=TARGET, lines=lines))


def test_lines_are_kept_newest_first_by_number_not_as_text() -> None:
    assert [line.line for line in planned().it.lines] == ["22.x", "10.x", "8.x"]


def test_the_slug_is_made_from_the_first_month_and_survives_postponement() -> None:
    plan = planned().do(c.Postpone(target=TARGET + timedelta(days=9), reason="Tests are red"))
    assert plan.it.target.month == 8
    assert plan.it.slug == "july-2026-security-releases"
    assert plan.it.postponements[0].reason == "Tests are red"


def test_a_second_release_of_the_month_gets_its_own_slug() -> None:
    taken = frozenset({"july-2026-security-releases", "july-2026-security-releases-2"})
    assert make_slug(TARGET, taken) == "july-2026-security-releases-3"


def test_bundling_a_case_moves_its_embargo_to_the_release_and_postponing_moves_it_again() -> None:
    plan = planned().do(c.BundleCase(case="H-2026-001"))
    assert (plan.case.release, plan.case.embargo.until) == ("R-2026-001", TARGET)
    later = TARGET + timedelta(days=2)
    plan.do(c.Postpone(target=later, reason="A line is not ready"))
    assert plan.case.embargo.until == later
    assert [m.what for m in plan.case.embargo.moves] == ["agreed", "moved", "moved"]


def test_announcing_waits_for_the_embargo_of_every_case() -> None:
    plan = planned().do(c.BundleCase(case="H-2026-001"))
    with pytest.raises(Rejected, match=r"embargo\.running"):
        plan.do(c.AnnounceRelease(destination="list@aster.example"))
    plan.now = TARGET
    plan.do(c.AnnounceRelease(destination="list@aster.example"))
    assert plan.case.announced_at == TARGET


def test_only_planned_versions_can_be_released_and_only_of_their_own_line() -> None:
    plan = planned()
    with pytest.raises(Rejected, match=r"release\.not-planned"):
        plan.do(c.ReleaseVersions(versions=("22.9.2",)))
    with pytest.raises(Rejected, match=r"line\.foreign-version"):
        plan.do(c.PlanLine(line="10.x", version="12.0.0"))


def test_a_case_is_in_one_release_and_leaves_a_cancelled_one() -> None:
    plan = planned().do(c.BundleCase(case="H-2026-001"))
    with pytest.raises(Rejected, match=r"release\.already-bundled"):
        plan.do(c.BundleCase(case="H-2026-001"))
    plan.do(c.CancelRelease(reason="Folded into the next one"))
    assert plan.case.release == ""
    with pytest.raises(Rejected, match=r"release\.closed"):
        plan.do(c.PlanLine(line="10.x"))


def test_the_post_waits_for_the_mail_and_the_end_for_the_post() -> None:
    plan = planned().do(c.BundleCase(case="H-2026-001"))
    with pytest.raises(Rejected, match=r"release\.not-announced"):
        plan.do(c.PostRelease(url="https://aster.example/blog"))
    plan.now = TARGET
    plan.do(c.AnnounceRelease(destination="list@aster.example"))
    with pytest.raises(Rejected, match=r"release\.not-posted"):
        plan.do(c.CloseRelease())
    plan.do(c.PostRelease(url="https://aster.example/blog")).do(c.CloseRelease())
    assert plan.case.blog is not None
    assert plan.it.closed is not None
