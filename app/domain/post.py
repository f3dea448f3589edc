"""The pages of a security release in Markdown with front matter, before and after it.

The form is that of the Node.js project's security posts: the part before the release stays in the page when the part
after it is put on top, and every postponement stays between the two.
"""

from __future__ import annotations

import re
from typing import Final

from app.domain.advisory import IMPACT, credit_link, fill, own_sections, place, summary_of
from app.domain.announcement import (
    Bulletin,
    cases_of_line,
    late_fix,
    lines_without_release,
    rating_of,
    severity_counts,
    version_of,
)
from app.domain.case.state import Case
from app.domain.errors import Rejected
from app.domain.identifiers import parse_http_url, parse_slug
from app.domain.markdown import fact, link, safe_inline, safe_markdown
from app.domain.project import Project
from app.domain.untrusted import safe_line
from app.domain.values import Dependency, Postponement, ReleaseLine
from app.domain.wording import (
    counted,
    impact_sentences,
    instant,
    joined,
    line_names,
    long_day,
    missing,
    thanks,
    update_day,
)

_PLAIN_SCALAR = re.compile(r"[^\W\d_][\w ,.()/&'+-]*[\w.)]")
_YAML_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def page_name(bulletin: Bulletin) -> str:
    """The file name of the page: the slug, which was fixed when the release was planned."""
    try:
        return f"{parse_slug(bulletin.slug)}.md"
    except Rejected:
        return "security-releases.md"


def pre_release_page(bulletin: Bulletin, project: Project, now_text: str) -> str:
    """The page that announces the release: lines and severities, nothing of the cases. `now_text` is its date."""
    date = instant(bulletin.pre_announced_at) if bulletin.pre_announced_at else now_text
    blocks = [_front_matter(bulletin, project, date), *_updates(bulletin, project)]
    return "\n\n".join([*blocks, *_announced(bulletin, project, past=False)]) + "\n"


def post_release_page(bulletin: Bulletin, project: Project) -> str:
    """The page once the releases are out: what was fixed on top, the history below."""
    blocks = [_front_matter(bulletin, project, instant(bulletin.day)), "## Security releases available"]
    blocks.append(_available(bulletin, project))
    blocks += _dependencies(bulletin)
    for case in bulletin.cases:
        blocks += _issue(case, project)
    if bulletin.absent:
        noun = "issue" if bulletin.absent == 1 else "issues"
        blocks.append(missing(f"{bulletin.absent} {noun} of this release"))
    blocks += ["## Downloads and release details", _downloads(bulletin, project)]
    return "\n\n".join([*blocks, *_updates(bulletin, project), *_announced(bulletin, project, past=True)]) + "\n"


# ---------------------------------------------------------------------------------------- front matter
def _front_matter(bulletin: Bulletin, project: Project, date: str) -> str:
    fields = {
        "date": date,
        "category": _scalar(project.category),
        "title": _scalar(f"{long_day(bulletin.day)} Security Releases"),
        "slug": _scalar(page_name(bulletin).removesuffix(".md")),
        "layout": _scalar(project.layout),
        "author": _scalar(project.author or f"The {project.name} Project"),
    }
    return "\n".join(["---", *(f"{key}: {value}" for key, value in fields.items()), "---"])


def _scalar(text: str) -> str:
    """A YAML scalar that is this text and nothing else; quoted as the site does where a plain one could lie."""
    line = safe_line(text.strip(), 200)
    if _PLAIN_SCALAR.fullmatch(line) and line.lower() not in _YAML_WORDS:
        return line
    return "'" + line.replace("'", "''") + "'"


# ------------------------------------------------------------------------------- before the release
def _announced(bulletin: Bulletin, project: Project, *, past: bool) -> list[str]:
    day = long_day(bulletin.day)
    timing = (
        f"The releases became available on {day}." if past else f"Releases will be available on or shortly after {day}."
    )
    blocks = ["# Summary", *_summary(bulletin, project, day, past=past), "## Impact"]
    blocks += _line_impact(bulletin, project, past=past)
    blocks.append(_end_of_life(project))
    blocks += ["## Release timing", timing, "## Contact and future updates", *_contact(project)]
    return [block for block in blocks if block]


def _summary(bulletin: Bulletin, project: Project, day: str, *, past: bool) -> list[str]:
    lines = line_names(line.line for line in bulletin.lines) or missing("release lines")
    verb, when = ("released", f"on {day}") if past else ("will release", f"on or shortly after {day}")
    start = f"The {fact(project.name)} project {verb} new versions of the {lines} release lines {when}"
    if not bulletin.cases:
        return [f"{start} in order to update dependencies with public vulnerabilities."]
    counts = severity_counts(bulletin.cases)
    if project.pre_announcement == "counts":
        items = [f"- {_count(rating, count)}." for rating, count in counts]
        return [f"{start} in order to address:", "\n".join(items)]
    verb = "was" if past else "is"
    highest = f"The highest severity among them {verb} {_highest(counts)}."
    return [f"{start} in order to address security issues.\n{highest}"]


def _line_impact(bulletin: Bulletin, project: Project, *, past: bool) -> list[str]:
    items = []
    verb = "was" if past else "is"
    for line in bulletin.lines:
        cases = cases_of_line(bulletin, line.line)
        if not cases:
            continue
        subject = f"The {line_names([line.line])} release line of {fact(project.name)} {verb} vulnerable to"
        counts = severity_counts(cases)
        if project.pre_announcement == "counts":
            items.append(f"- {subject} {joined([_count(rating, count) for rating, count in counts])}.")
        else:
            items.append(f"- {subject} issues of {_highest(counts)} severity at most.")
    undecided = {x.line for case in bulletin.cases for x in case.lines if x.status == "investigating"}
    items += [f"- {missing(f'status of {line}')}" for line in sorted(undecided)]
    if bulletin.cases and not items:
        items.append(f"- {missing('affected lines')}")
    if bulletin.absent:
        items.append(f"- {missing('other issues of this release')}")
    return ["\n".join(items)] if items else []


def _count(rating: str, count: int) -> str:
    if rating == "unknown":
        return f"{missing('severity')} of {count} {'issue' if count == 1 else 'issues'}"
    return counted(count, rating)


def _highest(counts: tuple[tuple[str, int], ...]) -> str:
    """The highest rating; while any case is unrated, nobody can know it."""
    ratings = [rating for rating, _count in counts]
    return missing("severity") if "unknown" in ratings else ratings[0]


def _end_of_life(project: Project) -> str:
    where = link("release schedule", project.schedule_url)
    see = f" Please use a version that is supported according to the {where}." if project.schedule_url else ""
    return f"End-of-Life release lines get no update and must be taken to be affected by a security release.{see}"


def _contact(project: Project) -> list[str]:
    name = fact(project.name)
    sentences = []
    if project.policy_url:
        sentences.append(
            f"How {name} handles vulnerabilities is told in its {link('security policy', project.policy_url)}."
        )
    if project.report_url:
        sentences.append(f"To report one, please follow {link('these steps', project.report_url)}.")
    listed = next((x for x in project.lists if x.key == project.announcement_list), None)
    follow = ""
    if project.list_url:
        called = link(listed.name if listed else "the announcement list", project.list_url)
        follow = f"Security releases of {name} are announced on the mailing list {called}, which carries nothing else."
    return [part for part in ("\n".join(sentences), follow) if part]


def _updates(bulletin: Bulletin, project: Project) -> list[str]:
    blocks = []
    for update in bulletin.updates:
        heading = safe_inline(update.heading) or "Security releases postponed"
        blocks.append(f"## _(Update {update_day(update.at)})_ {heading}")
        blocks += _postponed(update, project)
    return blocks


def _postponed(update: Postponement, project: Project) -> list[str]:
    sentence = (
        f"The {fact(project.name)} security releases were moved from {long_day(update.old)}"
        f" to {long_day(update.new)}, or shortly after."
    )
    reason = safe_markdown(update.reason)
    return [sentence, reason or missing("reason of the postponement")]


# -------------------------------------------------------------------------------- after the release
def _available(bulletin: Bulletin, project: Project) -> str:
    lines = line_names(line.line for line in bulletin.lines) or missing("release lines")
    start = f"Updates are now available for the {lines} {fact(project.name)} release lines"
    return f"{start} for the following issues." if bulletin.cases else f"{start}."


def _dependencies(bulletin: Bulletin) -> list[str]:
    if not bulletin.dependencies:
        return []
    items = [f"- {_dependency(dependency)}" for dependency in bulletin.dependencies]
    return ["This security release also updates dependencies because of public vulnerabilities:", "\n".join(items)]


def _dependency(dependency: Dependency) -> str:
    name = link(safe_line(dependency.name, 120), dependency.url)
    versions = ", ".join(fact(version, 60) for version in dependency.versions)
    where = f"on {line_names(dependency.lines)}" if dependency.lines else "on all release lines"
    note = f" ({safe_inline(dependency.note)})" if dependency.note.strip() else ""
    return f"{name} ({versions}) {where}{note}" if versions else f"{name} {where}{note}"


def _issue(case: Case, project: Project) -> list[str]:
    ids = place("cve", case, project)
    rating = rating_of(case)
    severity = missing("severity") if rating == "unknown" else rating
    title = safe_inline(case.title) or missing("title")
    blocks = [f"## {title} ({ids}) - ({severity})"]
    blocks.append(safe_markdown(fill(summary_of(case), case, project)) or missing("summary"))
    sections = own_sections(case)
    for section in sections:
        if not section.named(IMPACT):
            body = safe_markdown(fill(section.body, case, project), top=4)
            blocks += [f"### {safe_inline(section.heading) or 'Note'}", body]
    written = "\n\n".join(fill(s.body, case, project) for s in sections if s.named(IMPACT))
    blocks += ["Impact:", _bullets(written) or "\n".join(f"- {text}" for text in impact_sentences(case, project))]
    blocks.append(thanks(case.credits, credit_link))
    return [block for block in blocks if block]


def _bullets(text: str) -> str:
    """What the handler wrote about the impact, as a list: each paragraph an entry, unless it holds a list already."""
    written = safe_markdown(text)
    if not written or re.search(r"^(?:- |[0-9]+\. |```|\||#|>)", written, re.MULTILINE):
        return written
    paragraphs = [paragraph.replace("\n", "\n  ") for paragraph in written.split("\n\n")]
    return "\n".join(f"- {paragraph}" for paragraph in paragraphs)


def _downloads(bulletin: Bulletin, project: Project) -> str:
    items = [_download(bulletin, line, project) for line in reversed(bulletin.lines)]
    items += [f"- {missing(f'release of {line}')}" for line in reversed(lines_without_release(bulletin))]
    return "\n".join(items) or f"- {missing('released versions')}"


def _download(bulletin: Bulletin, line: ReleaseLine, project: Project) -> str:
    version = version_of(line)
    if not version:
        return f"- {missing(f'version of {line.line}')}"
    label = f"{project.download_name or project.product} v{version}"
    fix = late_fix(bulletin, line)
    contradiction = f" {missing(f'{fix}, which has the fix for {line.line}')}" if fix else ""
    return f"- {link(label, project.release_path.replace('{version}', version))}{contradiction}"


def public_version_url(project: Project, version: str) -> str:
    """The absolute address of the page of a released version; empty where the project has no site."""
    url = project.site.rstrip("/") + project.release_path.replace("{version}", version)
    try:
        return parse_http_url(url)
    except Rejected:
        return ""
