"""What each finding of a verification means, in English; the window translates these, the command line prints them."""

from __future__ import annotations

from app.desk.ports.vault import Finding, VerifyReport
from app.domain.untrusted import safe_line
from app.presenters.words import fill

VERDICTS: dict[str, str] = {
    "store.unreadable": "The database can't be read to its end ({detail}). Put it back from a backup.",
    "chain.gap": "Events are missing between their neighbours in the log.",
    "chain.link": "An event does not follow from the one before it: the log was changed behind the program's back.",
    "chain.hash": "An event is not the one that was recorded: the log was changed behind the program's back.",
    "chain.seal": "A transaction is not closed the way it was signed.",
    "chain.stream": "An event of a case or release does not follow the one before it: one was taken away or put in.",
    "chain.device-order": "The events of one device are out of order: something was taken away or put in.",
    "body.unreadable": "The content of an event can't be read ({detail}).",
    "body.commitment": "The content of an event is not the one that was signed.",
    "signature.missing": "The last events are not signed.",
    "signature.bad": "A signature does not fit what it stands under.",
    "device.unknown": "An event is signed by a device that the team did not enrol at that time.",
    "state.version": "An event was recorded by a newer program; its effect can't be checked by this one.",
    "state.digest": "What followed from an event is not what was signed with it: the database was edited.",
    "state.snapshot": "A kept state differs from what its events make.",
    "state.impossible": "Events stand in an order that no rule allows.",
    "projection.differs": "What lists and search show differs from what the log says ({where}).",
    "index.damaged": "The index of the search or of a list is damaged ({where}); rebuild it from the log.",
    "blob.damaged": "A stored file is not the one that was put in ({where}).",
    "blob.missing": "A stored file is gone ({where}).",
    "anchor.bad": "The mark of the last whole check is not signed by a device of this store.",
    "checkpoint.root": "A checkpoint does not fit the events before it.",
    "checkpoint.head": "A checkpoint names another last event than the log has there.",
    "checkpoint.ahead": "The checkpoint saw more events than the log has now: the end of the log was taken away.",
    "checkpoint.other-store": "The checkpoint belongs to another store.",
    "checkpoint.unsigned": "The checkpoint is not signed by a device of this store.",
    "checkpoint.signature": "A signature of the checkpoint is wrong.",
    "verify.more": "{detail} more findings are not listed.",
}
"""A sentence for each code; `{where}` and `{detail}` are facts of the finding."""

UNKNOWN: str = "The verification found something it has no words for ({code} {where} {detail})."


def finding_template(finding: Finding) -> str:
    """The sentence of a finding before its facts are filled in."""
    return VERDICTS.get(finding.code, UNKNOWN)


def finding_facts(finding: Finding) -> dict[str, str | int | float]:
    """The facts of a finding, short and safe to show."""
    where = finding.where if len(finding.where) <= 40 else finding.where[:16] + "…"
    return {
        "code": safe_line(finding.code, 60),
        "where": safe_line(where, 80),
        "detail": safe_line(finding.detail, 120),
        "seq": finding.seq,
    }


def finding_words(finding: Finding) -> str:
    """What a finding means, in English."""
    return fill(finding_template(finding), finding_facts(finding))


def verdict_of(report: VerifyReport) -> str:
    """`whole`, `stopped` where it was cancelled before it found anything, or `broken`."""
    if report.findings:
        return "broken"
    if report.cancelled or not report.ok:
        return "stopped"
    return "whole"
