"""First drafts of letters to a reporter, from facts; a person reads and changes them before sending."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.domain.case.state import Case
from app.domain.policy import Policy, parse_span
from app.domain.project import Project
from app.domain.values import AffectedLine

_GREETING: Final = "Hello {name},\n\n"
_CLOSE: Final = "\n\nRegards,\n{me}\n{team}\n"

_BODIES: Final[dict[str, str]] = {
    "acknowledge": (
        "Thank you for your report “{title}”. It has arrived and is known here as {ref}.\n\n"
        "I am the primary handler of this report. {reply}\n\n"
        "Until we have agreed on a date, keep the report between us. Name {ref} in every message."
    ),
    "reply": (
        "This is about {ref}, “{title}”.\n\n"
        "What we found so far:\n\n- \n\n"
        "The next steps are:\n\n"
        "- confirm the problem and list every affected version\n"
        "- look for similar problems in the code\n"
        "- prepare fixes for every maintained line, kept private until the announcement\n"
        "- ask for a CVE id and agree with you on the day of the announcement\n\n"
        "{update}"
    ),
    "update-reporter": ("This is about {ref}, “{title}”.\n\nSince the last message:\n\n- \n\nNext:\n\n- \n\n{update}"),
    "wait-for-reporter": "",
}


def letter(verb: str, case: Case, policy: Policy, project: Project | None, me: str) -> str:
    """The first draft of the letter that a verb sends; empty for verbs that send none."""
    body = _BODIES.get(verb, "")
    if not body:
        return ""
    reporter = case.reporters[0] if case.reporters else None
    facts = {
        "name": (reporter.name or reporter.handle) if reporter else "",
        "title": case.title,
        "ref": case.ref,
        "me": me,
        "team": f"{project.name} security team" if project else "",
        "reply": _promise(policy, "reply", "You will have a detailed reply within {span} of your report."),
        "update": _promise(policy, "update", "You will hear from us again within {span}."),
    }
    greeting = _GREETING if facts["name"] else "Hello,\n\n"
    # One pass over the template: braces that a title or a name brings along stay text.
    return (greeting + body + _CLOSE).format_map(facts).rstrip() + "\n"


def _promise(policy: Policy, clock: str, words: str) -> str:
    rule = policy.clock(clock)
    return words.format(span=_span(rule.within)) if rule and rule.within else ""


def _span(text: str) -> str:
    number, unit = parse_span(text)
    if unit == "h" and number % 24 == 0 and number > timedelta(days=2) / timedelta(hours=1):
        number, unit = number // 24, "d"
    word = {"m": "minute", "h": "hour", "d": "day", "b": "business day"}[unit]
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def cve_request(case: Case, project: Project | None) -> str:
    """The facts that a CVE numbering authority asks for, to be copied; what is not known yet says so."""
    severity = case.severity
    lines = [
        f"Product: {case.product or (project.product if project else '') or 'not set'}",
        f"Vendor: {(project.vendor if project else '') or 'not set'}",
        f"Title: {case.title}",
        f"Our reference: {case.ref}",
        f"Weakness: {(severity.cwe if severity else '') or 'not set'}",
        f"Severity: {severity.rating if severity else 'not rated'}",
        f"CVSS vector: {(severity.vector if severity else '') or 'not set'}",
        "Affected versions:",
    ]
    lines += [f"  {_cve_line(line)}" for line in case.lines] or ["  not listed yet"]
    lines.append(f"Reported by: {', '.join(c.name for c in case.credits if c.consent == 'granted') or 'not set'}")
    return "\n".join(lines) + "\n"


def _cve_line(line: AffectedLine) -> str:
    name = f"{line.product} {line.line}".strip()
    if line.status == "not-affected":
        return f"{name}: not affected"
    if line.status == "investigating":
        return f"{name}: under investigation"
    start = f"from {line.introduced}" if line.introduced else "all versions"
    if line.fixed:
        return f"{name}: {start}, before {line.fixed}"
    return f"{name}: {start}, up to {line.last_affected}" if line.last_affected else f"{name}: {start}, no fix"
