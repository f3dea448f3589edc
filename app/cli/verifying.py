"""`holdfast verify`: the whole verification, in words a person understands or as JSON; lists made again when asked."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from app.bootstrap import inspect_store, open_store
from app.cli import DONE, REFUSED
from app.cli.output import answer, counted, say, say_error
from app.cli.passphrase import read_secret
from app.cli.words import read_text
from app.desk.ports.vault import Finding, Vault, VerifyReport
from app.domain.checkpoint_note import is_line
from app.domain.errors import Environment
from app.presenters.audit_words import can_rebuild, event_words, finding_words, group_words, groups_of

_DAMAGE: Final = ("store.damaged", "store.log-damaged", "store.slots-old", "store.rolled-back", "store.forked")
"""What an opening refuses that a verification has more to say about."""


def verify(arguments: argparse.Namespace) -> int:
    """`holdfast verify`: 0 only if chain, signatures, projections and blobs all hold."""
    note = _note(arguments.checkpoint) if arguments.checkpoint else None
    report, extra = _verified(arguments, note)
    findings = (*extra, *report.findings)
    ok = report.ok and not extra
    if arguments.json:
        answer(
            {
                "ok": ok,
                "events": report.events,
                "devices": report.devices,
                "findings": findings,
                "remarks": report.remarks,
                "erased": report.erased,
            }
        )
    else:
        _say_report(report, ok=ok)
        _say_findings(findings)
        _say_remarks(report.remarks)
    return DONE if ok else REFUSED


def _note(given: str) -> str:
    """A checkpoint from a file or standard input, or the line itself."""
    return given if is_line(given) else read_text(given)


def _verified(arguments: argparse.Namespace, note: str | None) -> tuple[VerifyReport, tuple[Finding, ...]]:
    """What is wrong with the store; one too damaged to work with is looked at all the same, and never written to."""
    secret = read_secret(arguments)
    folder, parts = Path(arguments.store), arguments.parts
    found: tuple[Finding, ...] = ()
    vault: Vault
    try:
        vault = open_store(folder, secret, parts=parts, accept_older=arguments.accept_older).vault
    except Environment as fault:
        if fault.code not in _DAMAGE:
            raise
        say_error(fault)
        found = (Finding(code=fault.code),)
        try:
            vault = inspect_store(folder, secret, parts=parts)
        except Environment:
            return VerifyReport(ok=False, events=0, devices=(), blobs=0, findings=found), ()
    try:
        report = vault.verify()
        if arguments.rebuild and not found:
            report = _rebuilt(vault, report)
        return report, (*found, *(vault.check_against(note) if note is not None else ()))
    finally:
        vault.close()


def _rebuilt(vault: Vault, report: VerifyReport) -> VerifyReport:
    """What was made from the log is made again, where nothing else is wrong; then everything is checked once more."""
    if not report.findings:
        return report
    if not can_rebuild(report):
        say("The log itself does not hold, so nothing was made again from it.")
        return report
    _say_findings(report.findings)
    vault.rebuild()
    say("Lists and search were made again from the log.")
    return vault.verify()


def _say_report(report: VerifyReport, *, ok: bool) -> None:
    parts = ((report.events, "event"), (len(report.devices), "device"), (report.blobs, "file"))
    looked_at = ", ".join(counted(number, thing) for number, thing in parts)
    say(f"The record is whole: {looked_at} agree." if ok else f"The record is not whole ({looked_at} checked).")
    if report.erased:
        say(f"The texts of {counted(report.erased, 'event')} were erased, by events that say so.")


def _say_findings(findings: tuple[Finding, ...]) -> None:
    for group in groups_of(findings):
        words = group_words(group)
        say(f"{words.what} [{group.code}]")
        for line in (words.which, words.means, words.remedy):
            if line:
                say(f"    {line}")


def _say_remarks(remarks: tuple[Finding, ...]) -> None:
    for remark in remarks:
        say(f"Remark: {finding_words(remark)} {event_words(remark.seq, remark.event)}")


COMMANDS = {"verify": verify}
