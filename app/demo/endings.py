"""How the made-up cases end: a past release, a planned and postponed one, single announcements, rejections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from app.demo import cases, cases_past
from app.demo.specs import DAY
from app.demo.story import Story
from app.domain.commands import Command
from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.release.decide import make_slug
from app.domain.values import Dependency, ReleaseLine

LIST = "announce@lists.aster.example"
OSS = "oss-security@lists.openwall.example"
SITE = "https://aster.example/en/blog/vulnerability/"
_LINES = (
    ReleaseLine(line="24.x", version="24.8.2", releaser="Juno Kestrel"),
    ReleaseLine(line="22.x", version="22.19.1", releaser="Noor Sample"),
    ReleaseLine(line="20.x", version="20.19.6", releaser="Tove Lindqvist"),
)
_BUSINESS_DAYS = (1, 2)


def _day(story: Story, hours: float) -> datetime:
    """A Tuesday or Wednesday at 15:00 UTC near so many hours from the end, as release days are."""
    moment = story.hour(hours).replace(hour=15, minute=0)
    while moment.weekday() not in _BUSINESS_DAYS:
        moment += timedelta(days=1)
    return moment


def _hours(story: Story, moment: datetime) -> float:
    return (moment - story.now).total_seconds() / 3600


def tell_releases(story: Story) -> None:
    """The past release with everything done, and the planned one."""
    _past(story)
    _planned(story)


def _bundle(key: str) -> Callable[[dict[str, str]], Command]:
    return lambda refs: r.BundleCase(case=refs[key])


def _past(story: Story) -> None:
    day = _day(story, -42 * DAY)
    hour = _hours(story, day)
    key = "past"
    url = SITE + make_slug(day, frozenset())
    story.opens(key, hour - 12 * DAY, r.PlanRelease(target=day, title="Autumn security release", lines=_LINES), "tove")
    for spec in cases_past.PAST:
        story.with_refs(key, hour - 11 * DAY, _bundle(spec.key), "tove")
    story.exports(key, hour - 7.1 * DAY, "blog-pre")
    story.does(key, hour - 7 * DAY, r.PreAnnounceRelease(url=url), "tove")
    story.does(key, hour + 0.1, r.ReleaseVersions(), "tove")
    story.exports(key, hour + 0.2, "mail")
    mail = r.AnnounceRelease(destination=LIST, message_id="<made-up-1@aster.example>")
    story.does(key, hour + 0.3, mail, "tove")
    story.does(key, hour + 0.5, r.AnnounceRelease(destination=OSS, message_id="<made-up-2@aster.example>"), "tove")
    story.exports(key, hour + 1.0, "blog-post")
    story.does(key, hour + 1.2, r.PostRelease(url=url), "tove")
    for spec in cases_past.PAST:
        story.does(spec.key, hour + 26, c.RecordPublication(kinds=("nswg",), url=SITE), "tove")
        story.does(spec.key, hour + 27, c.Close(resolution="Published with the autumn release."), "tove")
    story.does(key, hour + 28, r.CloseRelease(), "tove")


def _planned(story: Story) -> None:
    first, second = _day(story, 5 * DAY), _day(story, 11 * DAY)
    if first == second:
        second += timedelta(days=7)
    key = "planned"
    lines = tuple(ReleaseLine(line=x.line, releaser=x.releaser) for x in _LINES)
    plan = r.PlanRelease(target=first, title="Winter security release", lines=lines)
    story.opens(key, -9 * DAY, plan, "tove")
    for number, spec in enumerate(cases.PLANNED):
        story.with_refs(key, -8 * DAY + number, _bundle(spec.key), "tove")
    dependency = Dependency(name="made-up-tls", versions=("9.1.4",), lines=("24.x", "22.x"))
    story.does(key, -6 * DAY, r.SetDependency(dependency=dependency), "tove")
    reason = "Tests of the 20.x line are not green yet, and a release needs all of its lines."
    story.does(key, -1.4 * DAY, r.Postpone(target=second, reason=reason), "tove")
    for entry in _LINES[:2]:
        story.does(key, -20, r.PlanLine(line=entry.line, version=entry.version, releaser=entry.releaser), "tove")


def tell_alone(story: Story) -> None:
    """Cases announced by themselves: one waits for its post, one for its records, one of the ecosystem is closed."""
    alone = cases_past.ALONE
    story.does(alone.key, -2.24, c.RecordRelease(), "tove")
    mail = c.RecordAnnouncement(destination=LIST, message_id="<made-up-3@aster.example>")
    story.does(alone.key, -2.2, mail, "tove")
    posted = cases_past.POSTED
    story.does(posted.key, -29.5, c.RecordRelease(), "juno")
    mail = c.RecordAnnouncement(destination=LIST, message_id="<made-up-5@aster.example>")
    story.does(posted.key, -29.4, mail, "juno")
    story.does(posted.key, -26, c.RecordPost(url=SITE + "cve-2099-10029"), "juno")
    hour = -50 * DAY + 1
    proposed = c.ProposeEmbargo(until=_day(story, 24 * DAY), party="Yuki Unreal", reason="After their conference.")
    story.does("timing", -10, proposed)
    glob = "glob"
    story.does(glob, hour, c.RecordRelease(versions=("2.7.1",)), "juno")
    story.does(glob, hour + 0.2, c.RecordAnnouncement(destination=LIST, message_id="<made-up-4@aster.example>"), "juno")
    story.does(glob, hour + 2, c.RecordPost(url=SITE + "pebble-glob"), "juno")
    story.does(glob, hour + 20, c.RecordPublication(kinds=("nswg", "osv")), "juno")
    story.does(glob, hour + 21, c.Close(resolution="Fixed in 2.7.1."), "juno")


def tell_rejections(story: Story) -> None:
    """Reports that were no vulnerability, or one that was known."""
    story.does(
        "debugger",
        -9.5 * DAY,
        c.Reject(reason="Who can reach the port can run code already.", clause="trusted host"),
        "juno",
    )
    story.does("debugger", -9.4 * DAY, c.Close(resolution="Not a vulnerability."), "juno")
    story.with_refs("twice", -6 * DAY, lambda refs: c.MarkDuplicate(of=refs["folding"], note="Same cause."))
    story.does("twice", -5.9 * DAY, c.Close(resolution="Followed there."))
    story.does("spam", -4 * DAY, c.Reject(reason="The site is not part of the runtime.", clause="scope"), "tove")
    story.does("spam", -3.9 * DAY, c.Close(resolution="Not a vulnerability."), "tove")
