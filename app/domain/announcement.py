"""What an announcement tells, as facts: the release, its lines and versions, the issues in order, what is lacking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from app.domain.advisory import advisory_findings
from app.domain.case.state import Case
from app.domain.errors import Rejected
from app.domain.identifiers import parse_http_url
from app.domain.project import Project
from app.domain.release.state import Release
from app.domain.untrusted import safe_line
from app.domain.values import RATING_ORDER, AffectedLine, Credit, Dependency, Person, Postponement, ReleaseLine, Value
from app.domain.versions import Version, line_bounds, line_key, parse_version
from app.domain.wording import product_of

_TEXT_BLOCKERS = ("advisory.no-summary", "advisory.unknown-place", "title.cut")
_NEEDS_CONSENT = ("finder", "reporter", "analyst", "sponsor", "other")


class Gap(Value, frozen=True):
    """A fact that a text needs and lacks: a code, the reference it belongs to, and what (a line, a name, a field)."""

    code: str
    ref: str
    what: str = ""


class Bulletin(Value, frozen=True):
    """The frame of an announcement, made from a release or, for a case on its own, from the case.

    Instants are UTC. `lines` are newest first; `cases` by falling severity, then CVE id; `updates` newest first.
    """

    ref: str
    product: str
    slug: str
    planned: datetime
    first_planned: datetime
    released_at: datetime | None
    pre_announced_at: datetime | None
    lines: tuple[ReleaseLine, ...]
    cases: tuple[Case, ...]
    dependencies: tuple[Dependency, ...] = ()
    updates: tuple[Postponement, ...] = ()
    absent: int = 0
    """How many cases of the release were not handed over."""
    url: str = ""
    people: tuple[Person, ...] = ()
    """Who can speak for it in mail: the steward of the release, or the handlers of its cases."""

    @property
    def day(self) -> datetime:
        """The day of the release: when it happened, or when it is planned."""
        return self.released_at or self.planned


def bulletin_of(project: Project, cases: Sequence[Case], release: Release | None, now: datetime) -> Bulletin:
    """The announcement of a release and these of its cases, or of a single case that has no release."""
    ordered = tuple(sorted(cases, key=_case_key))
    if release is None:
        return _of_cases(project, ordered, now)
    out = sorted(publication.at for publication in release.released)
    return Bulletin(
        ref=release.ref,
        product=project.product,
        slug=release.slug,
        planned=release.target,
        first_planned=release.first_target,
        released_at=out[0] if out else None,
        pre_announced_at=release.pre_announced.at if release.pre_announced else None,
        lines=tuple(sorted(release.lines, key=lambda line: line_key(line.line), reverse=True)),
        cases=ordered,
        dependencies=release.dependencies,
        updates=tuple(sorted(release.postponements, key=lambda move: move.at, reverse=True)),
        absent=len({member.ref for member in release.members} - {case.ref for case in cases}),
        url=_public(release.blog.url if release.blog else "") or _page(project, release.slug),
        people=_speakers(release.steward, ordered),
    )


def _of_cases(project: Project, cases: tuple[Case, ...], now: datetime) -> Bulletin:
    first = cases[0] if cases else None
    fixed = {x.line: x for case in cases for x in own_lines(case, project.product)}
    planned = first and (first.announced_at or first.released_at or first.embargo.until or first.embargo.proposed)
    slug = first.cves[0].id.lower() if first and first.cves else f"security-release-{now.astimezone(UTC):%Y-%m-%d}"
    return Bulletin(
        ref=first.ref if first else "",
        product=project.product,
        slug=slug,
        planned=planned or now,
        first_planned=planned or now,
        released_at=first.released_at if first else None,
        pre_announced_at=first.pre_announced.at if first and first.pre_announced else None,
        lines=tuple(
            ReleaseLine(line=name, version=fixed[name].fixed) for name in sorted(fixed, key=line_key, reverse=True)
        ),
        cases=cases,
        url=_public(first.blog.url if first and first.blog else "") or _page(project, slug),
        people=_speakers(None, cases),
    )


def _speakers(steward: Person | None, cases: Sequence[Case]) -> tuple[Person, ...]:
    people = (steward, *(case.handler for case in cases))
    return tuple(dict.fromkeys(person for person in people if person is not None))


def _case_key(case: Case) -> tuple[int, list[tuple[int, int]], str]:
    ids = [tuple(int(part) for part in cve.id.split("-")[1:3]) for cve in case.cves]
    return -RATING_ORDER[rating_of(case)], [(year, number) for year, number in ids] or [(9999, 0)], case.ref


def rating_of(case: Case) -> str:
    """The rating in lower case; `unknown` where nobody rated it, or rated it as no severity at all."""
    rating = case.severity.rating if case.severity else "unknown"
    return "unknown" if rating == "none" else rating


def own_lines(case: Case, product: str) -> list[AffectedLine]:
    """The maintained lines of the project itself that the case affects."""
    return [x for x in case.lines if x.status == "affected" and product_of(x, case, product) == product]


def cases_of_line(bulletin: Bulletin, line: str) -> tuple[Case, ...]:
    """The cases that are a problem of this line."""
    return tuple(c for c in bulletin.cases if any(x.line == line for x in own_lines(c, bulletin.product)))


def severity_counts(cases: Sequence[Case]) -> tuple[tuple[str, int], ...]:
    """How many cases have each rating, the highest first, the unrated last."""
    counts: dict[str, int] = {}
    for case in cases:
        counts[rating_of(case)] = counts.get(rating_of(case), 0) + 1
    return tuple(sorted(counts.items(), key=lambda item: -RATING_ORDER[item[0]]))


def version_of(line: ReleaseLine) -> str:
    """The version of a line without its v; empty where there is none, or one that is not of this line."""
    try:
        version = parse_version(line.version)
        bounds = line_bounds(line.line)
    except Rejected:
        return ""
    if bounds is not None:
        first, after = bounds
        if version < first or (after is not None and version >= after):
            return ""
    return str(version)


def lines_without_release(bulletin: Bulletin) -> tuple[str, ...]:
    """Maintained lines that some case affects, that have no fix yet, and that the release leaves out; newest first."""
    names = {line.line for line in bulletin.lines}
    left_out = {
        x.line
        for case in bulletin.cases
        for x in own_lines(case, bulletin.product)
        if not x.fixed and x.line not in names
    }
    return tuple(sorted(left_out, key=line_key, reverse=True))


def late_fix(bulletin: Bulletin, line: ReleaseLine) -> str:
    """The fixed version that some case names, if it is later than what the release offers for the line; else empty."""
    offered = version_of(line)
    entries = (x for case in bulletin.cases for x in own_lines(case, bulletin.product) if x.line == line.line)
    latest = max((v for x in entries if (v := _parsed(x.fixed))), default=None)
    return str(latest) if offered and latest is not None and latest > parse_version(offered) else ""


def _parsed(text: str) -> Version | None:
    try:
        return parse_version(text) if text else None
    except Rejected:
        return None


# ------------------------------------------------------------------------------------------------ gaps
def notice_gaps(bulletin: Bulletin) -> tuple[Gap, ...]:
    """What a pre-announcement lacks: lines and severities only."""
    return (*_release_gaps(bulletin), *(gap for case in bulletin.cases for gap in _notice_gaps(case)))


def public_gaps(bulletin: Bulletin, project: Project) -> tuple[Gap, ...]:
    """What the full announcement lacks."""
    gaps = [*_release_gaps(bulletin), *_version_gaps(bulletin)]
    for case in bulletin.cases:
        gaps += case_gaps(case, project)
    return tuple(gaps)


def case_gaps(case: Case, project: Project) -> tuple[Gap, ...]:
    """What the public text about one case lacks.

    A person who was not asked yet may be named wrongly: that counts as a gap although the text names them.
    """
    gaps = list(_notice_gaps(case))
    if not case.cves:
        gaps.append(Gap(code="cve.none", ref=case.ref))
    gaps += [
        Gap(code=finding.code, ref=case.ref, what=finding.what)
        for finding in advisory_findings(case, project)
        if finding.code in _TEXT_BLOCKERS
    ]
    if case.reporters and not case.credits:
        gaps.append(Gap(code="credit.undecided", ref=case.ref))
    gaps += [Gap(code="credit.no-consent", ref=case.ref, what=_who(c)) for c in case.credits if not _may_name(c)]
    return tuple(gaps)


def fix_gaps(bulletin: Bulletin, case: Case) -> Iterator[Gap]:
    """Lines of the project that the case affects and for which neither a release nor a fixed version is known."""
    released = {line.line for line in bulletin.lines if version_of(line)}
    for line in own_lines(case, bulletin.product):
        if line.line not in released and not line.fixed:
            yield Gap(code="line.no-fix", ref=case.ref, what=safe_line(line.line, 40))


def _notice_gaps(case: Case) -> Iterator[Gap]:
    if rating_of(case) == "unknown":
        yield Gap(code="severity.unknown", ref=case.ref)
    if not any(line.status in ("affected", "unsupported") for line in case.lines):
        yield Gap(code="affected.none", ref=case.ref)
    for line in case.lines:
        if line.status == "investigating":
            yield Gap(code="line.undecided", ref=case.ref, what=safe_line(line.line, 40))


def _release_gaps(bulletin: Bulletin) -> Iterator[Gap]:
    if not bulletin.lines:
        yield Gap(code="release.no-lines", ref=bulletin.ref)
    if bulletin.absent:
        yield Gap(code="release.members", ref=bulletin.ref, what=str(bulletin.absent))


def _version_gaps(bulletin: Bulletin) -> Iterator[Gap]:
    for line in bulletin.lines:
        name = safe_line(line.line, 40)
        if not version_of(line):
            code = "release.version-outside-line" if line.version else "release.version-missing"
            yield Gap(code=code, ref=bulletin.ref, what=name)
        elif late_fix(bulletin, line):
            yield Gap(code="release.version-before-fix", ref=bulletin.ref, what=name)
    for name in lines_without_release(bulletin):
        yield Gap(code="release.line-left-out", ref=bulletin.ref, what=safe_line(name, 40))


def _may_name(credit: Credit) -> bool:
    """Whose work is public anyway, in the fix itself, is not asked again."""
    asked = credit.consent not in ("not-asked", "asked")
    return asked or credit.role not in _NEEDS_CONSENT or not credit.name.strip()


def _who(credit: Credit) -> str:
    return safe_line(credit.name.strip(), 80)


def _page(project: Project, slug: str) -> str:
    return f"{project.site.rstrip('/')}{project.blog_path}{slug}" if project.site else ""


def _public(url: str) -> str:
    try:
        return parse_http_url(url) if url else ""
    except Rejected:
        return ""
