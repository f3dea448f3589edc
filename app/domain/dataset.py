"""The fields of a dataset entry, made from the facts of a case or kept from the entry that it was imported from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from app.domain.advisory import fill, own_sections, summary_of
from app.domain.announcement import Gap, own_lines, rating_of
from app.domain.case.state import Case
from app.domain.errors import Rejected
from app.domain.identifiers import parse_http_url
from app.domain.line_ranges import lines_from_ranges, npm_range_patched, npm_range_vulnerable
from app.domain.project import Project
from app.domain.untrusted import safe_line, safe_text
from app.domain.values import AffectedLine, Credit
from app.domain.wording import joined

Fields = dict[str, Any]

_CORE_ORDER: Final = (
    "cve",
    "vulnerable",
    "patched",
    "publish_date",
    "author",
    "reported_by",
    "ref",
    "type",
    "description",
    "overview",
    "affectedEnvironments",
    "severity",
    "cvss",
    "cvss_score",
)
_NPM_ORDER: Final = (
    "id",
    "created_at",
    "updated_at",
    "title",
    "author",
    "module_name",
    "publish_date",
    "cves",
    "vulnerable_versions",
    "patched_versions",
    "overview",
    "recommendation",
    "references",
    "cvss_vector",
    "cvss_score",
    "coordinating_vendor",
)
_NOTHING_PATCHED: Final = "<0.0.0"
"""How npm entries say that no version is mended."""

_PLATFORM_NAMES: Final = frozenset({"all", "aix", "android", "darwin", "freebsd", "linux", "openbsd", "sunos", "win32"})
_MARK: Final = "MISSING"


def entry_gaps(case: Case, project: Project) -> Iterator[Gap]:
    """What an entry lacks; nothing for one that was imported, which is as complete as its source."""
    if case.dataset is not None:
        return
    if not case.cves:
        yield Gap(code="cve.none", ref=case.ref)
    if rating_of(case) == "unknown":
        yield Gap(code="severity.unknown", ref=case.ref)
    if not _vulnerable(case, project):
        yield Gap(code="affected.none", ref=case.ref)
    for line in case.lines:
        if line.status == "investigating":
            yield Gap(code="line.undecided", ref=case.ref, what=safe_line(line.line, 40))
    if not summary_of(case):
        yield Gap(code="advisory.no-summary", ref=case.ref)


def core_fields(case: Case, project: Project, url: str) -> Fields:
    """The fields of a core entry; `url` is the page that tells of it. Raises nothing: what is unknown is marked."""
    if case.dataset is not None:
        return _kept(dict(case.dataset.fields), _core_changes(case, project), _CORE_ORDER)
    lines = [*own_lines(case, project.product), *_unsupported(case)]
    fields: Fields = {
        "cve": [cve.id for cve in case.cves],
        "vulnerable": _range(npm_range_vulnerable, lines) or f"{_MARK}: affected versions",
        "patched": _range(npm_range_patched, lines),
        "publish_date": _published(case),
        "ref": _public_url(case, url),
        "description": _title(case),
        "overview": _overview(case, project),
        "affectedEnvironments": _environments(lines),
        "severity": rating_of(case),
    }
    return {key: value for key, value in fields.items() if value is not None and value != ""}


def npm_fields(case: Case, project: Project, number: int | None, url: str) -> Fields:
    """The fields of an npm entry, every one of the schema; null stands for what is unknown."""
    if case.dataset is not None:
        return _kept(dict(case.dataset.fields), _npm_changes(case, project), _NPM_ORDER)
    lines = [*(x for x in case.lines if x.status == "affected"), *_unsupported(case)]
    patched = _range(npm_range_patched, lines)
    severity = case.severity
    page = _public_url(case, url)
    return {
        "id": number,
        "created_at": _day(case.report.received_at),
        "updated_at": _published(case) or _day(case.updated_at),
        "title": _title(case)[:150],
        "author": _author(case.credits),
        "module_name": _product(case) or None,
        "publish_date": _published(case),
        "cves": [cve.id for cve in case.cves],
        "vulnerable_versions": _range(npm_range_vulnerable, lines) or None,
        "patched_versions": patched or None,
        "overview": _overview(case, project),
        "recommendation": _recommendation(case, project, patched),
        "references": [safe_line(url, 2048) for url in dict.fromkeys((page, *case.references)) if url] or None,
        "cvss_vector": severity.vector or None if severity else None,
        "cvss_score": severity.score if severity else None,
        "coordinating_vendor": project.organisation or None,
    }


# ------------------------------------------------------------------------------ what changed since import
def _kept(fields: Fields, changes: Mapping[str, Any], order: Sequence[str]) -> Fields:
    """The entry with the changes in their places; a key that it did not have comes after those that precede it."""
    kept = {key: changes.get(key, value) for key, value in fields.items()}
    for key in (key for key in order if key in changes and key not in fields):
        before = [name for name in kept if name in order and order.index(name) < order.index(key)]
        items = list(kept.items())
        position = list(kept).index(before[-1]) + 1 if before else len(items)
        kept = dict([*items[:position], (key, changes[key]), *items[position:]])
    return kept


def _core_changes(case: Case, project: Project) -> Fields:
    fields = dict(case.dataset.fields) if case.dataset else {}
    changes: Fields = dict(_shared_changes(case, project, fields, "cve", "description"))
    if _word(fields.get("severity")) != rating_of(case):
        changes["severity"] = rating_of(case)
    changes.update(_range_changes(case, fields, "vulnerable", "patched"))
    platforms = {x for line in case.lines for x in line.platforms}
    if case.lines and platforms != {_word(x) for x in _texts(fields.get("affectedEnvironments"))} - {"all"}:
        changes["affectedEnvironments"] = _environments(case.lines)
    changes.update(_credit_changes(case, fields))
    return changes


def _npm_changes(case: Case, project: Project) -> Fields:
    fields = dict(case.dataset.fields) if case.dataset else {}
    changes: Fields = dict(_shared_changes(case, project, fields, "cves", "title"))
    changes.update(_range_changes(case, fields, "vulnerable_versions", "patched_versions"))
    vector = case.severity.vector if case.severity else ""
    if vector != _text(fields.get("cvss_vector")).strip():
        changes["cvss_vector"] = vector or None
        changes["cvss_score"] = case.severity.score if case.severity else None
    author = fields.get("author")
    known = _author_names(author) if isinstance(author, dict) else set()
    if {c.name for c in case.credits} - known or (known and not case.credits):
        changes["author"] = _author(case.credits)
    return changes


def _shared_changes(case: Case, project: Project, fields: Fields, cves: str, title: str) -> Iterator[tuple[str, Any]]:
    ids = [cve.id for cve in case.cves]
    if ids != list(dict.fromkeys(_text(x).strip().upper() for x in _texts(fields.get(cves)))):
        yield cves, ids
    if not _is_title_of(case.title, fields, title, cves):
        yield title, _title(case)
    if case.advisory.revision:
        yield "overview", _overview(case, project)


def _is_title_of(title: str, fields: Fields, key: str, cves: str) -> bool:
    """Whether the title is the one that the entry gives: its own, or the start of its text, or its ids."""
    own = " ".join(_text(fields.get(key)).split())
    if own:
        return title == safe_line(own, 300)
    words = " ".join(_text(fields.get("overview")).replace("**", "").split())
    ids = ", ".join(_text(x).strip().upper() for x in _texts(fields.get(cves)))
    return safe_line(words).startswith(title.rstrip("…")) or title == ids or not (words or ids)


def _range_changes(case: Case, fields: Fields, vulnerable: str, patched: str) -> Fields:
    before, mended = _text(fields.get(vulnerable)), _text(fields.get(patched))
    try:
        read = lines_from_ranges(before, mended) if before else []
    except Rejected:
        read = []
    said = [(x.line, x.status, x.introduced, x.last_affected, x.fixed) for x in case.lines]
    if said == [(x.line, x.status, x.introduced, x.last_affected, x.fixed) for x in read]:
        return {}
    affected = [x for x in case.lines if x.status == "affected"]
    changes: Fields = {vulnerable: _range(npm_range_vulnerable, [*affected, *_unsupported(case)])}
    fixed = _range(npm_range_patched, affected)
    if fixed or patched in fields:
        changes[patched] = fixed or _NOTHING_PATCHED
    return changes


def _credit_changes(case: Case, fields: Fields) -> Fields:
    named = {_name(fields.get(key)) for key in ("author", "reported_by")} - {""}
    if {credit.name for credit in case.credits} == named:
        return {}
    reporters = _publicly(case.credits, "reporter", "finder")
    fixers = _publicly(case.credits, "remediation developer")
    people = {"reported_by": reporters, "author": fixers} if fixers else {"author": reporters}
    return {key: joined(names) for key, names in people.items() if names}


# ----------------------------------------------------------------------------------------- single facts
def _vulnerable(case: Case, project: Project) -> str:
    affected = case.lines if case.track == "ecosystem" else own_lines(case, project.product)
    return _range(npm_range_vulnerable, [*(x for x in affected if x.status == "affected"), *_unsupported(case)])


def _unsupported(case: Case) -> list[AffectedLine]:
    """Lines at their end of life: affected as far as is known, and mended in no version."""
    return [_as_affected(line) for line in case.lines if line.status == "unsupported"]


def _as_affected(line: AffectedLine) -> AffectedLine:
    return AffectedLine(
        line=line.line,
        product=line.product,
        status="affected",
        introduced=line.introduced,
        last_affected=line.last_affected,
        platforms=line.platforms,
    )


def _range(write: Callable[[Sequence[AffectedLine]], str], lines: Sequence[AffectedLine]) -> str:
    try:
        return write(lines)
    except Rejected:
        return ""


def _environments(lines: Sequence[AffectedLine]) -> list[str]:
    """The names of `os.platform()` that are affected; `all` as soon as one line is affected everywhere."""
    found = {name.strip().lower() for line in lines for name in line.platforms or ("all",)} & _PLATFORM_NAMES
    return ["all"] if "all" in found or not found else sorted(found)


def _overview(case: Case, project: Project) -> str:
    return safe_text(fill(summary_of(case), case, project)).strip() or f"{_MARK}: summary"


def _recommendation(case: Case, project: Project, patched: str) -> str | None:
    wanted = ("workaround", "workarounds", "what you should do", "recommendation")
    own = [fill(s.body, case, project) for s in own_sections(case) if s.heading.casefold() in wanted]
    if own:
        return safe_text("\n\n".join(own)).strip()
    return f"Update {_product(case)} to version {patched}." if patched and case.product else None


def _product(case: Case) -> str:
    return safe_line(case.product.strip(), 200)


def _title(case: Case) -> str:
    return " ".join(safe_line(case.title, 300).replace("`", "").split())


def _published(case: Case) -> str | None:
    """The day of the first announcement, in UTC."""
    return _day(case.announced_at) if case.announced_at else None


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d}"


def _public_url(case: Case, url: str) -> str:
    return _link(case.blog.url if case.blog and case.blog.url else url)


def _link(url: str) -> str:
    try:
        return parse_http_url(url) if url else ""
    except Rejected:
        return ""


def _author(people: Sequence[Credit]) -> Fields:
    found = [c for c in people if c.role in ("finder", "reporter") and c.consent not in ("declined", "anonymous")]
    names = joined(list(dict.fromkeys(_name(credit.name) for credit in found)))
    website = next((url for credit in found if (url := _link(credit.link))), None)
    return {"name": names or None, "website": website, "username": None}


def _author_names(author: Mapping[str, Any]) -> set[str]:
    return {_name(author.get(key)) for key in ("name", "username")} - {""}


def _name(value: Any) -> str:
    """A name as an imported credit holds it."""
    return safe_line(_text(value).strip(), 200)


def _publicly(people: Sequence[Credit], *roles: str) -> list[str]:
    willing = (c for c in people if c.role in roles and c.consent not in ("declined", "anonymous"))
    return list(dict.fromkeys(_name(credit.name) for credit in willing))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _word(value: Any) -> str:
    return _text(value).strip().lower()
