"""The advisory of a case: Markdown in sections, with `{places}` that the facts of the case fill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from app.domain.case.state import Case
from app.domain.markdown import fact, link, safe_inline
from app.domain.project import Project
from app.domain.untrusted import safe_line, safe_text
from app.domain.values import AffectedLine, Credit, Value
from app.domain.versions import line_key
from app.domain.wording import affected_text, impact_sentences, missing, product_of, thanks

SUMMARY: Final = "Summary"
IMPACT: Final = "Impact"
PLACES: Final = ("affected", "credits", "cve", "fixed", "impact", "severity")
"""What `{…}` can name."""

_HEADING = re.compile(r" {0,3}##[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_PLACE = re.compile(r"\{([a-z][a-z-]{0,30})\}")
_CODE_OR_PLACE = re.compile(
    r"(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)|\{(?P<place>[a-z][a-z-]{0,30})\}", re.DOTALL
)
_MOST_TICKS: Final = 1_000
"""A line with more of them is no prose, and looking for its code spans would take long: its places stay as they are."""

_VERSION = re.compile(r"(?<![\w.])v?([0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,5})(?![\w]|\.[0-9])")
_CUT_END = re.compile(
    r"(?:…|\.\.\.|[-–,:;(\[{/&+]|\b(?:a|an|and|at|by|for|from|in|of|on|or|the|to|via|with|without))\Z",
    re.IGNORECASE,
)
_PAIRS: Final = (("(", ")"), ("[", "]"), ("{", "}"))

SKELETON: Final = f"""\
## {SUMMARY}

## {IMPACT}

{{impact}}

## Affected versions

{{affected}}

## What you should do

Update to one of these versions:

{{fixed}}

## Credits

{{credits}}
"""


class Section(Value, frozen=True):
    """A part of an advisory under one heading; `line` is the line of its heading in the body, from 1."""

    heading: str
    body: str
    line: int = 1

    def named(self, heading: str) -> bool:
        """Whether this is the section of that name, however it is spelt."""
        return self.heading.casefold() == heading.casefold()


class AdvisoryFinding(Value, frozen=True):
    """Something to mend before the advisory is public: `blocks` an export, or is only worth a `look`.

    `what` is the line, place, version or heading it is about; `line` its line in the body, 0 for none.
    """

    code: str
    level: Literal["blocks", "look"]
    what: str = ""
    line: int = 0


def skeleton(_case: Case) -> str:
    """What a new advisory starts from: every section, the facts as places."""
    return SKELETON


def sections_of(body: str) -> tuple[Section, ...]:
    """The sections of an advisory in order; text before the first heading belongs to the summary."""
    found: list[tuple[str, int, list[str]]] = [(SUMMARY, 0, [])]
    for number, line, in_code in _lines(safe_text(body)):
        heading = None if in_code else _HEADING.fullmatch(line)
        if heading is not None:
            found.append((safe_line(heading[1].strip(), 200), number, []))
        else:
            found[-1][2].append(line)
    sections = [Section(heading=h, body="\n".join(t).strip("\n"), line=max(n, 1)) for h, n, t in found]
    preamble, *rest = sections
    return tuple(sections if preamble.body.strip() else rest)


def _lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Each line with its number and whether it is part of a code fence."""
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        match = _FENCE.fullmatch(line)
        closes = bool(fence and match and match[1].startswith(fence) and not match[2].strip())
        yield number, line, bool(fence or match)
        if closes:
            fence = ""
        elif match and not fence:
            fence = match[1]


def summary_of(case: Case) -> str:
    """The summary as it was written, places not filled."""
    parts = [s.body.strip() for s in sections_of(case.advisory.body) if s.named(SUMMARY)]
    return "\n\n".join(part for part in parts if part)


def own_sections(case: Case) -> tuple[Section, ...]:
    """The sections besides the summary that say more than the facts do: those that differ from the skeleton's."""
    untouched = {s.heading.casefold(): s.body.strip() for s in sections_of(SKELETON)}
    return tuple(
        section
        for section in sections_of(case.advisory.body)
        if not section.named(SUMMARY)
        and section.body.strip()
        and untouched.get(section.heading.casefold()) != section.body.strip()
    )


# --------------------------------------------------------------------------------------------- places
def fill(text: str, case: Case, project: Project) -> str:
    """The text with its places filled from the facts; code is left alone, an unknown place becomes a visible mark."""
    written = []
    for _number, line, in_code in _lines(text):
        alone = _PLACE.fullmatch(line.strip())
        if in_code:
            written.append(line)
        elif alone:
            written += ["", place(alone[1], case, project, block=True), ""]
        else:
            written.append(_with_places(line, case, project))
    return "\n".join(written).strip("\n")


def _with_places(line: str, case: Case, project: Project) -> str:
    if line.count("`") > _MOST_TICKS:
        return line
    return _CODE_OR_PLACE.sub(lambda match: _filled(match, case, project), line)


def _filled(match: re.Match[str], case: Case, project: Project) -> str:
    return place(match["place"], case, project) if match["place"] else match.group()


def place(name: str, case: Case, project: Project, *, block: bool = False) -> str:
    """The Markdown of one place, as a block of its own or within a sentence."""
    if name == "cve":
        return ", ".join(fact(cve.id, 40) for cve in case.cves) or missing("CVE id")
    if name == "severity":
        return severity_text(case) or missing("severity")
    if name == "credits":
        return thanks(case.credits, credit_link)
    if name not in PLACES:
        return missing("{" + name + "}")
    entries = {"affected": _affected, "fixed": _fixed, "impact": _impact}[name](case, project)
    return "\n".join(f"- {entry}" for entry in entries) if block else "; ".join(entries)


def severity_text(case: Case) -> str:
    """`high (8.1)`; empty where nobody rated it."""
    severity = case.severity
    if severity is None or severity.rating in ("unknown", "none"):
        return ""
    return severity.rating if severity.score is None else f"{severity.rating} ({severity.score:.1f})"


def credit_link(credit: Credit) -> str:
    """The name as Markdown, linked if there is a page to link to."""
    return link(safe_line(credit.name.strip(), 120), credit.link)


def _ordered(case: Case) -> list[AffectedLine]:
    newest = sorted(case.lines, key=lambda line: line_key(line.line), reverse=True)
    return sorted(newest, key=lambda line: line.product)


def _affected(case: Case, project: Project) -> list[str]:
    entries = [affected_text(x, case, project) for x in _ordered(case) if x.status != "not-affected"]
    return entries or [missing("affected versions")]


def _fixed(case: Case, project: Project) -> list[str]:
    products: dict[str, list[str]] = {}
    for line in _ordered(case):
        if line.status == "affected":
            fixed = fact(line.fixed, 60) if line.fixed else missing(f"fixed version of {line.line}")
            products.setdefault(product_of(line, case, project.product), []).append(fixed)
    return [f"{fact(p)} {', '.join(v)}" for p, v in products.items()] or [missing("fixed versions")]


def _impact(case: Case, project: Project) -> list[str]:
    return list(impact_sentences(case, project))


# ----------------------------------------------------------------------------------- the whole of it
def advisory_markdown(case: Case, project: Project) -> str:
    """The advisory as one Markdown text: title, ids and severity, the summary, then the other sections, filled.

    What the handler wrote is not altered beyond its places; whoever shows it treats it as untrusted.
    """
    ids = place("cve", case, project)
    head = f"# {safe_inline(case.title)}\n\n**{ids}, {severity_text(case) or 'severity unknown'}**"
    parts = [head]
    for section in sections_of(case.advisory.body):
        body = fill(section.body, case, project)
        if section.named(SUMMARY):
            parts.append(body.strip("\n"))
        else:
            parts.append(f"## {safe_inline(section.heading)}\n\n{body}".strip("\n"))
    return "\n\n".join(part for part in parts if part) + "\n"


def advisory_findings(case: Case, _project: Project) -> tuple[AdvisoryFinding, ...]:
    """What is to be mended or looked at in the advisory and its title, blockers first."""
    found = [*_fact_findings(case), *_text_findings(case)]
    return tuple(sorted(found, key=lambda finding: (finding.level != "blocks", finding.line)))


def _fact_findings(case: Case) -> Iterator[AdvisoryFinding]:
    if not any(line.status in ("affected", "unsupported") for line in case.lines):
        yield AdvisoryFinding(code="affected.none", level="blocks")
    for line in case.lines:
        if line.status == "investigating":
            yield AdvisoryFinding(code="line.undecided", level="blocks", what=safe_line(line.line, 40))
    if title_is_cut(case):
        yield AdvisoryFinding(code="title.cut", level="blocks", what=safe_line(case.title, 120))
    if not summary_of(case):
        yield AdvisoryFinding(code="advisory.no-summary", level="blocks")


def _text_findings(case: Case) -> Iterator[AdvisoryFinding]:
    for number, line, in_code in _lines(safe_text(case.advisory.body)):
        if not in_code:
            yield from _place_findings(line, number)
            yield from _version_findings(line, number, case)
    for section in sections_of(case.advisory.body):
        if not section.body.strip() and not section.named(SUMMARY):
            yield AdvisoryFinding(code="advisory.empty-section", level="look", what=section.heading, line=section.line)
    if _first_words(summary_of(case)) == _plain(case.title):
        yield AdvisoryFinding(code="title.repeated", level="look")


def _place_findings(line: str, number: int) -> Iterator[AdvisoryFinding]:
    for name in unknown_places(line):
        yield AdvisoryFinding(code="advisory.unknown-place", level="blocks", what=name, line=number)


def unknown_places(line: str) -> list[str]:
    """Places on a line that nothing can fill."""
    if line.count("`") > _MOST_TICKS:
        return []
    named = (match["place"] for match in _CODE_OR_PLACE.finditer(line))
    return [name for name in named if name and name not in PLACES]


def _version_findings(line: str, number: int, case: Case) -> Iterator[AdvisoryFinding]:
    """Versions of the case's own lines that no fact names; versions of other things are none of our business."""
    known = {v.removeprefix("v") for x in case.lines for v in (x.introduced, x.last_affected, x.fixed)}
    known |= {version.removeprefix("v") for version in case.released_versions}
    majors = {x.line.split(".")[0].removeprefix("v") for x in case.lines} - {"0", "*"}
    for match in _VERSION.finditer(line):
        if match[1].split(".")[0] in majors and match[1] not in known:
            yield AdvisoryFinding(code="version.unknown", level="look", what=match[1], line=number)


def title_is_cut(case: Case) -> bool:
    """Whether the title seems to break off: an open end, an unpaired bracket, or its last word longer elsewhere."""
    title = " ".join(case.title.split())
    unpaired = title.count("`") % 2 == 1 or any(title.count(a) > title.count(b) for a, b in _PAIRS)
    if not title or unpaired or _CUT_END.search(title):
        return True
    longer = re.compile(re.escape(_plain(title)) + r"[^\W\d_]", re.IGNORECASE)
    texts = (case.report.subject, case.report.text[:20_000], case.advisory.body[:20_000])
    return len(title) >= 20 and any(longer.search(_plain(text)) for text in texts)


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "").replace("*", "").split()).casefold().rstrip(".")


def _first_words(summary: str) -> str:
    """The first sentence or line of the summary, whichever ends sooner."""
    first_line = summary.strip().split("\n", 1)[0]
    return _plain(re.split(r"(?<=[.!?])\s", first_line, maxsplit=1)[0])
