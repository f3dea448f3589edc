"""What is said of backups, in English; the window translates these templates, the command line prints them."""

from __future__ import annotations

from typing import Final

from app.desk.ports.backups import BackupReport, DrillReport, ListedBackup
from app.desk.ports.vault import Finding
from app.domain.backups import BackupDue
from app.presenters.audit_words import finding_words
from app.presenters.words import ERRORS, fill

Facts = dict[str, str | int | float]

WORRIES: Final[dict[str, str]] = {
    "none": "There is no backup of this store yet: a broken disk would take everything.",
    "old": "The last good backup is {days} days old: a broken disk would take all that came since.",
    "none-nowhere": (
        "There is no backup of this store yet, and no folder to put one in: a broken disk would take everything."
    ),
    "old-nowhere": "The last good backup is {days} days old, and no folder for the next one is chosen.",
}
"""What the desk says above everything else, by the worry of `BackupDue`."""

MADE: Final = "{name} was written, read back and verified: {events} events, {size}."
DEEPLY_MADE: Final = "{name} was written, read back and verified, every state and row too: {events} events, {size}."
DRILLED: Final = "{name} was restored to a scratch place, opened and verified: all {events} events are there."
FAILED: Final = "{name} could not be restored. {why}"
DROPPED: Final = "Too old to keep, and removed: {names}."
ROTTEN: Final = "Not as it was written, and left where it is: {names}. Look at that disk."

FINDINGS: Final[dict[str, str]] = {
    "pages.damaged": "A page of the database is not the one that was written.",
    "database.inconsistent": "The pages of the database do not make a whole database.",
    "file.other": "What was read back is not what was written: the disk or the way to it can't be trusted.",
    "log.other": "The log does not end where the backup says it does.",
}
"""What the proof of a copy finds, beside what a verification does."""


def worry_template(due: BackupDue) -> str:
    """What the desk warns of, before its facts are filled in; "" where there is nothing to worry about."""
    if not due.warning:
        return ""
    return WORRIES[due.warning if due.has_folder else f"{due.warning}-nowhere"]


def worry_facts(due: BackupDue) -> Facts:
    """The facts of the warning."""
    return {"days": due.days}


def worry_words(due: BackupDue) -> str:
    """What the desk warns of, in English."""
    return fill(worry_template(due), worry_facts(due))


def made_template(report: BackupReport) -> str:
    """What is said of a new backup, before its facts are filled in."""
    return DEEPLY_MADE if report.deep else MADE


def made_facts(report: BackupReport) -> Facts:
    """The facts of a new backup."""
    return {"name": report.name, "events": f"{report.events:,}", "size": size_words(report.size)}


def made_words(report: BackupReport) -> str:
    """What is said of a new backup, in English."""
    return fill(made_template(report), made_facts(report))


def drill_words(report: DrillReport) -> str:
    """How a drill went, in English."""
    if not report.problem:
        return fill(DRILLED, {"name": report.name, "events": f"{report.events:,}"})
    return fill(FAILED, {"name": report.name, "why": drill_reason(report)})


def drill_reason(report: DrillReport) -> str:
    """Why a drill failed, in English; "" where it held."""
    if not report.problem:
        return ""
    if report.findings:
        more = len(report.findings) - 1
        first = found_words(report.findings[0])
        return f"{first} ({more} more)" if more else first
    return problem_words(report.problem)


def found_words(finding: Finding) -> str:
    """What a finding of a drill or a proof means, in English."""
    return FINDINGS.get(finding.code) or finding_words(finding)


def problem_words(code: str) -> str:
    """What is wrong with a file that can't be taken for a good backup, in English."""
    template = ERRORS.get(code, "It can't be used ({code}).")
    return fill(template, {"code": code, "reason": "changed bytes", "finding": "", "seq": 0, "file": "The file"})


def listed_words(row: ListedBackup) -> str:
    """Whether a file counts as a backup of this store, in one short English phrase."""
    if row.problem:
        return problem_words(row.problem)
    if not row.from_here:
        return "sealed by this store, made before it was restored or by another copy of it"
    return "made and sealed by this store"


def size_words(size: int) -> str:
    """Bytes as a person reads them: 950 B, 4.2 MB."""
    if size < 1000:
        return f"{size} B"
    amount, unit = size / 1000, "kB"
    for larger in ("MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.1f} {unit}"
