"""How dates, lists, counts, people and versions are said in public texts: English, UTC, never the machine's locale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from app.domain.case.state import Case
from app.domain.line_ranges import ANY_LINE, npm_range_vulnerable
from app.domain.markdown import code, fact
from app.domain.project import Project
from app.domain.values import AffectedLine, Credit, CreditRole
from app.domain.versions import line_key, newest_first

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_PLATFORMS: Final = {
    "aix": "AIX",
    "android": "Android",
    "darwin": "macOS",
    "freebsd": "FreeBSD",
    "linux": "Linux",
    "openbsd": "OpenBSD",
    "sunos": "SunOS",
    "win32": "Windows",
}
"""The names of `os.platform()` that the dataset uses, as people say them."""

_REPORTING: Final[tuple[CreditRole, ...]] = ("finder", "reporter")
_FIXING: Final[CreditRole] = "remediation developer"


def long_day(moment: datetime) -> str:
    """`Tuesday, July 15, 2025`, in UTC."""
    day = moment.astimezone(UTC)
    return f"{_WEEKDAYS[day.weekday()]}, {_MONTHS[day.month - 1]} {day.day}, {day.year}"


def month_and_year(moment: datetime) -> str:
    """`July 2025`, in UTC."""
    day = moment.astimezone(UTC)
    return f"{_MONTHS[day.month - 1]} {day.year}"


def update_day(moment: datetime) -> str:
    """`04-July-2025`, in UTC, as headings of updates write it."""
    day = moment.astimezone(UTC)
    return f"{day.day:02}-{_MONTHS[day.month - 1]}-{day.year}"


def instant(moment: datetime) -> str:
    """ISO 8601 with milliseconds and Z, the form of front matter dates."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03}Z"


def joined(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def counted(count: int, rating: str) -> str:
    """`1 high severity issue`, `2 low severity issues`."""
    return f"{count} {rating} severity {'issue' if count == 1 else 'issues'}"


def missing(what: str) -> str:
    """The mark of a fact that a text needs and lacks; nobody can overlook or mistake it."""
    return f"**MISSING: {fact(what)}**"


def line_names(lines: Iterable[str]) -> str:
    """Lines newest first: `24.x, 22.x, 20.x`."""
    return ", ".join(fact(line, 40) for line in newest_first(dict.fromkeys(lines)))


def product_of(line: AffectedLine, case: Case, product: str) -> str:
    """What a line is a line of: named by the line, by a case of the ecosystem, or else the project's own product."""
    return line.product or (case.product if case.track == "ecosystem" else "") or product


# ------------------------------------------------------------------------------------------------ who
def thanks(people: Iterable[Credit], named: Callable[[Credit], str]) -> str:
    """One sentence that thanks those who reported and fixed, and a second one for every other role; may be empty.

    Who declined is not named, nor hinted at; who wants to stay anonymous is thanked without a name.
    """
    known = [credit for credit in people if credit.consent != "declined" and credit.name.strip()]
    reporters = _names((c for c in known if c.role in _REPORTING), named, "an anonymous reporter")
    fixers = _names((c for c in known if c.role == _FIXING), named, "an anonymous contributor")
    sentences = []
    if reporters and set(reporters) == set(fixers):
        sentences.append(f"Thank you to {joined(reporters)} for reporting and fixing this vulnerability.")
    elif reporters and fixers:
        sentences.append(
            f"Thank you to {joined(reporters)} for reporting this vulnerability,"
            f" and thank you to {joined(fixers)} for fixing it."
        )
    elif reporters or fixers:
        what = "reporting" if reporters else "fixing"
        sentences.append(f"Thank you to {joined(reporters or fixers)} for {what} this vulnerability.")
    others = [c for c in known if c.role not in _REPORTING and c.role != _FIXING]
    if others:
        roles = [f"{_name(c, named, 'an anonymous person')} ({c.role})" for c in others]
        sentences.append(f"Thank you also to {joined(list(dict.fromkeys(roles)))}.")
    return " ".join(sentences)


def _names(people: Iterable[Credit], named: Callable[[Credit], str], anonymous: str) -> list[str]:
    return list(dict.fromkeys(_name(credit, named, anonymous) for credit in people))


def _name(credit: Credit, named: Callable[[Credit], str], anonymous: str) -> str:
    return anonymous if credit.consent == "anonymous" else named(credit)


# ---------------------------------------------------------------------------------------------- where
def on_platforms(platforms: Iterable[str]) -> str:
    """` on Windows`, ` on Linux and macOS`; nothing where every platform is meant."""
    names = platform_names(platforms)
    return f" on {joined(names)}" if names else ""


def platform_names(platforms: Iterable[str]) -> list[str]:
    """Platforms as people call them, in order; empty where every platform is meant."""
    keys = sorted({platform.strip().lower() for platform in platforms} - {""})
    return [] if "all" in keys else [_PLATFORMS.get(key, fact(key, 40)) for key in keys]


def affected_text(line: AffectedLine, case: Case, project: Project) -> str:
    """What is known of one line in words: `Aster runtime 24.x from 24.0.0, before 24.8.2, on Windows`."""
    name = fact(product_of(line, case, project.product))
    name += "" if line.line == ANY_LINE else f" {fact(line.line, 40)}"
    if line.status == "investigating":
        return f"{name} {missing('status of ' + line.line)}"
    end = ", end of life, not fixed" if line.status == "unsupported" else ""
    return f"{name} {_stretch(line)}{on_platforms(line.platforms)}{end}"


def _stretch(line: AffectedLine) -> str:
    low, high, last = (fact(t, 60) for t in (line.introduced, line.fixed, line.last_affected))
    upper = f"before {high}" if high else f"up to {last}" if last else ""
    if low:
        return f"from {low}, {upper}" if high else f"from {low} {upper}" if upper else f"from {low} on"
    return upper or "all versions"


def impact_sentences(case: Case, project: Project) -> tuple[str, ...]:
    """Who is affected, from the lines and their platforms, newest line first; one sentence for each kind of user."""
    entries = sorted(case.lines, key=lambda line: line_key(line.line), reverse=True)
    groups: dict[tuple[str, tuple[str, ...]], list[AffectedLine]] = {}
    for line in entries:
        if line.status == "affected":
            product = product_of(line, case, project.product)
            groups.setdefault((product, tuple(platform_names(line.platforms))), []).append(line)
    sentences = [_impact(product, names, group, project) for (product, names), group in groups.items()]
    unsupported = [line.line for line in entries if line.status == "unsupported"]
    if unsupported:
        sentences.append(f"End-of-Life release lines that are affected and get no update: {line_names(unsupported)}")
    undecided = [line.line for line in entries if line.status == "investigating"]
    sentences += [missing(f"status of {line}") for line in undecided]
    return tuple(sentences) or (missing("affected lines"),)


def _impact(product: str, platforms: Sequence[str], group: Sequence[AffectedLine], project: Project) -> str:
    who = f"all {platforms[0]} users" if len(platforms) == 1 else "all users"
    where = f" on {joined(platforms)}" if len(platforms) > 1 else ""
    other = f" of {fact(product)}" if product != project.product else ""
    if any(line.line == ANY_LINE for line in group):
        versions = code(npm_range_vulnerable(group)) or missing("affected versions")
        return f"This vulnerability affects {who}{other}{where} in versions {versions}"
    kind = "release lines" if other else "active release lines"
    return f"This vulnerability affects {who}{other}{where} in {kind}: {line_names(x.line for x in group)}"
