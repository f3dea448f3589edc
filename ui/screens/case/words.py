"""The words of the case page that depend on facts: steps, missing things, lines, states."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.desk.ports.vault import HistoryRow
from app.domain.line_ranges import Finding
from app.domain.policy import parse_span
from app.domain.values import AffectedLine
from app.presenters.case_page import Head, Tab
from app.presenters.case_process import Missing, NextCard
from app.presenters.words import clock_word, fill, next_word, sentence, stage_word, step_word
from app.presenters.words_steps import ACTIONS, FIX_STATES, LINE_STATUSES, RATINGS
from ui.kit.dates import Dates
from ui.widgets.checklist import Urgency

translate = QCoreApplication.translate


def stage(name: str) -> str:
    """The word of a stage."""
    return translate("words", stage_word(name))


def step(name: str) -> str:
    """The words of a step of the checklist."""
    return translate("words", step_word(name))


def following(what: str) -> str:
    """What to do next, by step or promise."""
    return translate("words", next_word(what))


def promise(clock: str) -> str:
    """The words of a promise."""
    return translate("words", clock_word(clock))


def rating(name: str, score: float | None = None) -> str:
    """A rating, with its score when there is one: `High 8.1`."""
    word = translate("words", RATINGS.get(name, name))
    return word if score is None else f"{word} {score:.1f}"


def line_status(name: str) -> str:
    """The word of what is known of a line."""
    return translate("words", LINE_STATUSES.get(name, name))


def fix_state(name: str) -> str:
    """The word of how far a fix is."""
    return translate("words", FIX_STATES.get(name, name))


def tab(name: Tab) -> str:
    """The word on a tab."""
    return {
        "overview": translate("case", "Overview"),
        "report": translate("case", "Report"),
        "affected": translate("case", "Affected"),
        "fixes": translate("case", "Fixes"),
        "advisory": translate("case", "Advisory"),
        "embargo": translate("case", "Embargo"),
        "correspondence": translate("case", "Correspondence"),
        "history": translate("case", "History"),
    }[name]


def step_button(card: NextCard) -> str:
    """The words on the one primary button of the next step."""
    if card.step == "affected":
        if card.line:
            return translate("case", "Decide {line}").format(line=card.line)
        return translate("case", "List versions…")
    if card.step == "fixes" and card.line:
        return translate("case", "Hold fix for {line}…").format(line=card.line)
    return verb_button(card.verb)


def verb_button(verb: str) -> str:
    """The words on a button that opens a form; the ellipsis says that a question follows."""
    special = {
        "confirm": translate("case", "Confirm problem…"),
        "reject": translate("case", "Reject…"),
        "draft-advisory": translate("case", "Write advisory"),
        "hold-fix": translate("case", "Hold fix…"),
        "set-affected": translate("case", "List versions…"),
        "wait-for-reporter": translate("case", "Ask reporter…"),
        "assign-me": translate("case", "Assign to me"),
        "assign": translate("case", "Choose person…"),
        "open-release": translate("case", "Open release"),
        "propose-embargo": translate("case", "Propose…"),
        "assign-cve": translate("case", "Record id…"),
    }
    if verb in special:
        return special[verb]
    return translate("case", "{words}…").format(words=translate("words", ACTIONS.get(verb, verb)))


def missing(fact: Missing | None, dates: Dates, now: datetime) -> str:
    """What a step lacks, in one sentence."""
    if fact is None:
        return ""
    names = ", ".join(fact.names[:4]) + ("…" if len(fact.names) > 4 else "")
    at = dates.moment(fact.at, now) if fact.at else ""
    template = _missing_words().get(fact.code, "")
    if fact.code == "lines-open" and fact.count == 1:
        template = translate("case", "1 line still under investigation: {names}")
    if fact.code == "fixes-open" and fact.count == 1:
        template = translate("case", "1 line has no ready fix: {names}")
    return template.format(names=names, count=fact.count, at=at)


def _missing_words() -> dict[str, str]:
    return {
        "assigned": translate("case", "Nobody handles this case yet."),
        "acknowledged": translate("case", "The reporter does not know yet that it arrived."),
        "replied": translate("case", "The reporter waits for a reply with the next steps."),
        "confirmed": translate("case", "Nobody has said yet whether it is a vulnerability."),
        "no-lines": translate("case", "No release line is on the list yet."),
        "lines-open": translate("case", "{count} lines still under investigation: {names}"),
        "audited": translate("case", "The same mistake may be made elsewhere in the code."),
        "fixes-open": translate("case", "{count} lines have no ready fix: {names}"),
        "cve-not-asked": translate("case", "No id was asked for yet."),
        "cve-asked": translate("case", "Asked for on {at}."),
        "embargo-none": translate("case", "No date is proposed yet."),
        "embargo-proposed": translate("case", "Proposed: {at}."),
        "advisory": translate("case", "No revision is saved yet."),
        "pre-announced": translate("case", "The public does not know yet that a release is coming."),
        "versions": translate("case", "Versions: {names}"),
        "versions-unknown": translate("case", "The fixed version is not known yet: {names}"),
        "in-release": translate("case", "Goes with the release {names}."),
        "embargo-runs": translate("case", "The embargo runs until {at}."),
        "announced": translate("case", "The mail was not recorded as sent yet."),
        "posted": translate("case", "The address of the post is not recorded yet."),
        "records": translate("case", "No machine-readable record is public yet."),
        "closed": translate("case", "Nothing else is left to do."),
    }


def due_line(card: NextCard, dates: Dates, now: datetime) -> str:
    """`Due Thu 26 Nov, 09:00 CET, in 1 d 18 h`."""
    if card.paused:
        return translate("case", "Paused: waiting for the reporter")
    if card.due is None:
        return ""
    at = dates.moment(card.due, now)
    # Kept together: a line that ends in "19 h" says something else than what follows.
    relative = dates.until(card.due, now).replace(" ", "\N{NO-BREAK SPACE}")
    return translate("case", "Due {at}, {relative}").format(at=at, relative=relative)


def urgency(card: NextCard, dates: Dates, now: datetime) -> Urgency:
    """How the card of the next step looks: a promise that pauses, or that is not due yet, is like any other."""
    if card.paused or card.due is None:
        return "overdue" if card.late else "soon"
    return "overdue" if card.late else dates.due(card.due, now).state


def told(row: HistoryRow, dates: Dates, now: datetime) -> str:
    """The event of a row in a sentence, its instants in this zone; tool tips say them in UTC."""
    return sentence(row.event, lambda when: dates.moment(when, now))


def embargo_words(head: Head, dates: Dates, now: datetime) -> tuple[str, str, str]:
    """The embargo in the facts line: words before, what stands out, and the instant."""
    at = dates.moment(head.embargo_at, now) if head.embargo_at else ""
    if head.embargo_at is None:
        return translate("case", "Embargo not agreed"), "", ""
    if head.embargo == "running":
        left = dates.duration(head.embargo_at - now, parts=3)
        return translate("case", "Embargo ends in"), left, at
    if head.embargo == "proposed":
        return translate("case", "Embargo proposed"), "", at
    if head.embargo == "over":
        return translate("case", "Embargo date passed"), dates.since(head.embargo_at, now), at
    return translate("case", "Embargo ended"), dates.since(head.embargo_at, now), at


def line_words(line: AffectedLine) -> str:
    """What is known of a line, in a sentence that says what every export will say."""
    if line.status == "investigating":
        return translate("case", "Not decided yet, so nothing can be exported.")
    if line.status == "not-affected":
        why = line.note or line.justification.replace("_", " ")
        return translate("case", "Not affected. {why}").format(why=why).strip()
    span = _span(line)
    if line.status == "unsupported":
        return translate("case", "{span} End of life, not fixed.").format(span=span)
    if line.fixed:
        return translate("case", "{span} Fixed in {fixed}.").format(span=span, fixed=line.fixed)
    return translate("case", "{span} No fixed version yet.").format(span=span)


def _span(line: AffectedLine) -> str:
    first, last, fixed = line.introduced, line.last_affected, line.fixed
    if first and last:
        return translate("case", "{first} up to {last}.").format(first=first, last=last)
    if last:
        return translate("case", "Everything up to {last}.").format(last=last)
    if first and fixed:
        return translate("case", "From {first} on, before {fixed}.").format(first=first, fixed=fixed)
    if first:
        return translate("case", "From {first} on.").format(first=first)
    if fixed:
        return translate("case", "Everything before {fixed}.").format(fixed=fixed)
    return translate("case", "Every version.")


def finding_words(finding: Finding) -> str:
    """What contradicts itself in a line that is being typed."""
    template = _finding_table().get(finding.code)
    if template is None:
        return translate("case", "This contradicts itself ({code}).").format(code=finding.code)
    return fill(template, {**finding.facts, "line": finding.line})


def _finding_table() -> dict[str, str]:
    return {
        "line.malformed": translate("case", "“{text}” is no release line. Write it like 22.x."),
        "line.version-malformed": translate("case", "“{text}” is no version. Write it like 22.19.1."),
        "line.introduced-outside": translate("case", "{version} does not belong to line {line}."),
        "line.last-affected-outside": translate("case", "{version} does not belong to line {line}."),
        "line.fixed-outside": translate("case", "{version} does not belong to line {line}."),
        "line.introduced-after-fixed": translate("case", "Introduced ({introduced}) after it was fixed ({fixed})."),
        "line.nothing-affected": translate("case", "Introduced and fixed in the same version, {fixed}."),
        "line.introduced-after-last-affected": translate(
            "case", "Introduced ({introduced}) after the last affected version ({last_affected})."
        ),
        "line.last-affected-not-before-fixed": translate(
            "case", "The last affected version ({last_affected}) is not before the fixed one ({fixed})."
        ),
        "line.overlapping": translate("case", "Line {other} claims the same version, {example}."),
    }


def verb_menu(verb: str) -> str:
    """The words of a verb in menus and in the palette."""
    return {
        "add-note": translate("case", "Add note…"),
        "log-message": translate("case", "Log message…"),
        "add-attachment": translate("case", "Add file…"),
        "assign": translate("case", "Assign or hand over…"),
        "acknowledge": translate("case", "Acknowledge report…"),
        "reply": translate("case", "Write detailed reply…"),
        "update-reporter": translate("case", "Tell reporter of progress…"),
        "wait-for-reporter": translate("case", "Ask reporter and wait…"),
        "resume": translate("case", "Record reporter's answer…"),
        "confirm": translate("case", "Confirm problem…"),
        "retitle": translate("case", "Change title…"),
        "rate-severity": translate("case", "Rate severity…"),
        "set-tlp": translate("case", "Change sharing label…"),
        "set-credits": translate("case", "Edit credits…"),
        "request-cve": translate("case", "Request CVE…"),
        "assign-cve": translate("case", "Record CVE id…"),
        "withdraw-cve": translate("case", "Take CVE id off…"),
        "propose-embargo": translate("case", "Propose embargo date…"),
        "agree-embargo": translate("case", "Agree embargo date…"),
        "move-embargo": translate("case", "Move embargo date…"),
        "decline-embargo": translate("case", "Record declined date…"),
        "end-embargo": translate("case", "End embargo…"),
        "mark-duplicate": translate("case", "Mark as duplicate…"),
        "reject": translate("case", "Reject as not a vulnerability…"),
        "close": translate("case", "Close case…"),
        "reopen": translate("case", "Reopen case…"),
        "propose-erasure": translate("case", "Propose to erase…"),
        "cancel-erasure": translate("case", "Keep after all…"),
        "erase": translate("case", "Erase for good…"),
    }.get(verb) or verb_button(verb)


def span(text: str) -> str:
    """A span of a policy in words: `72h` is 72 h, `2b` two business days."""
    number, unit = parse_span(text)
    if unit == "b":
        return translate("case", "{n} business days").format(n=number)
    return f"{number} {unit}"
