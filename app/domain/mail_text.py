"""What announcement mails say, as plain text: a short one with a link, and the whole advisory of one case."""

from __future__ import annotations

from typing import Final

from app.domain.advisory import fill, own_sections, place, severity_text, summary_of
from app.domain.announcement import Bulletin, version_of
from app.domain.case.state import Case
from app.domain.plain_text import plain_line, plain_text, wrapped
from app.domain.post import public_version_url
from app.domain.project import Project
from app.domain.untrusted import safe_line
from app.domain.values import Credit
from app.domain.wording import impact_sentences, joined, long_day, month_and_year, product_of, thanks

NO_LINK: Final = "*MISSING: address of the post*"


def release_subject(bulletin: Bulletin, project: Project) -> str:
    """The subject of the thread; its month is that of the first plan, so that a postponed release keeps its thread."""
    month = month_and_year(bulletin.first_planned)
    return f"{project.name} security updates for all active release lines, {month}"


def advisory_subject(case: Case, project: Project) -> str:
    """`CVE-2099-10001: Aster runtime: Header folding …`."""
    ids = ", ".join(cve.id for cve in case.cves) or "[MISSING CVE id]"
    return f"{ids}: {_subject_of(case, project)}: {plain_line(case.title)}"


def _subject_of(case: Case, project: Project) -> str:
    names = {product_of(line, case, project.product) for line in case.lines if line.status != "not-affected"}
    return safe_line(names.pop(), 80) if len(names) == 1 else safe_line(project.product, 80)


def coming_text(bulletin: Bulletin, project: Project) -> str:
    """The mail before the release: when, which lines, and where to read more."""
    lines = ", ".join(safe_line(line.line, 40) for line in bulletin.lines) or "*MISSING: release lines*"
    first = wrapped(
        f"The {safe_line(project.name, 80)} project will release new versions of the {lines} release lines"
        f" on or shortly after {long_day(bulletin.day)}."
    )
    return f"{first}\n\nFor more information see:\n{bulletin.url or NO_LINK}\n"


def available_text(bulletin: Bulletin, project: Project) -> str:
    """The mail after the release: the versions, and where to read more."""
    versions = [version_of(line) or f"*MISSING: version of {safe_line(line.line, 40)}*" for line in bulletin.lines]
    named = f": {joined(versions)}" if versions else ""
    first = wrapped(f"The security releases of {safe_line(project.name, 80)} are now available{named}.")
    return f"{first}\n\nYou can read about the details at:\n{bulletin.url or NO_LINK}\n"


def advisory_text(case: Case, bulletin: Bulletin, project: Project) -> str:
    """Everything that is public about one case, in sections, for lists that want the text itself."""
    summary = plain_text(fill(summary_of(case), case, project)) or "*MISSING: summary*"
    severity = severity_text(case) or "*MISSING: severity*"
    vector = case.severity.vector if case.severity else ""
    parts = [
        wrapped(plain_line(case.title)),
        f"Severity: {severity}" + (f"\nVector: {safe_line(vector, 200)}" if vector else ""),
        _part("Affected versions", plain_text(place("affected", case, project, block=True))),
        _part("Description", summary),
    ]
    sections = own_sections(case)
    if not any(section.named("Impact") for section in sections):
        generated = "\n".join(f"- {text}" for text in impact_sentences(case, project))
        parts.append(_part("Impact", plain_text(generated)))
    parts += [_part(plain_line(s.heading), plain_text(fill(s.body, case, project))) for s in sections]
    parts.append(_part("Fixed versions", _fixed(case, bulletin, project)))
    credit = thanks(case.credits, _credited)
    parts.append(_part("Credit", wrapped(credit)) if credit else "")
    parts.append(_part("References", "\n".join(_references(case, bulletin))))
    return "\n\n".join(part for part in parts if part) + "\n"


def _part(heading: str, body: str) -> str:
    return f"{heading}:\n\n{body}"


def _credited(credit: Credit) -> str:
    return safe_line(credit.name.strip(), 120)


def _fixed(case: Case, bulletin: Bulletin, project: Project) -> str:
    """The released version of each line if there is one, else the first fixed one of the case."""
    released = {line.line: version_of(line) for line in bulletin.lines}
    rows = []
    for line in case.lines:
        product = product_of(line, case, project.product)
        own = product == project.product
        if line.status != "affected":
            continue
        version = (released.get(line.line, "") if own else "") or line.fixed
        if not version:
            known = f"*MISSING: fixed version of {safe_line(line.line, 40)}*"
            rows.append(f"- {known}" if own else f"- {safe_line(product, 120)}: no fixed version is known")
        elif own:
            page = public_version_url(project, version)
            rows.append(f"- {project.product} {version}" + (f"\n  {page}" if page else ""))
        else:
            rows.append(f"- {safe_line(product, 120)} {safe_line(version, 60)}")
    return "\n".join(rows) or "*MISSING: fixed versions*"


def _references(case: Case, bulletin: Bulletin) -> list[str]:
    addresses = [bulletin.url or NO_LINK, *(safe_line(url, 2048) for url in case.references)]
    return list(dict.fromkeys(addresses))
