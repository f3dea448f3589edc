"""Verbs for backups: backup, backups, restore, drill."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from app.bootstrap import Session, restore_store
from app.cli import DONE, REFUSED
from app.cli.output import answer, answer_list, counted, instant, say, say_error, table
from app.cli.run import opened, secret_of
from app.desk.backups import Pruned
from app.desk.ports.backups import BackupReport, DrillReport, ListedBackup
from app.desk.ports.vault import Finding
from app.domain.errors import Environment
from app.domain.untrusted import safe_line
from app.presenters.backup_words import (
    DROPPED,
    ROTTEN,
    drill_words,
    found_words,
    listed_words,
    made_words,
    size_words,
    worry_words,
)
from app.presenters.words import fill


def backup(arguments: argparse.Namespace) -> int:
    """`holdfast backup`: one file, read back and verified before it gets its name."""
    target = place_named(arguments.target) if arguments.target else None
    with opened(arguments) as session:
        try:
            report = session.backups.make(target, deep=arguments.deep)
        except Environment as fault:
            _explain(fault)
            raise
        pruned = _pruned(session, Path(report.path).parent) if arguments.prune else Pruned()
    if arguments.json:
        answer(_made(report) | {"dropped": list(pruned.dropped), "damaged": list(pruned.damaged)})
        return DONE
    say(made_words(report))
    for template, names in ((DROPPED, pruned.dropped), (ROTTEN, pruned.damaged)):
        if names:
            say(fill(template, {"names": ", ".join(safe_line(name, 120) for name in names)}))
    return DONE


def place_named(word: str) -> Path:
    """Where a backup goes: a file or a folder; what ends in a slash is a folder, and is never made a file.

    Raises Environment("file.missing") for such a folder that is not there.
    """
    path = Path(word).absolute()
    if word.endswith(("/", os.sep)) and not path.exists():
        raise Environment("file.missing", file=f"{safe_line(path.name, 120)}/")
    return path


def _pruned(session: Session, folder: Path) -> Pruned:
    return session.backups.thin_out(folder, session.clock.now(), session.backups.rule())


def backups(arguments: argparse.Namespace) -> int:
    """`holdfast backups`: what lies in a folder of backups, the newest first."""
    with opened(arguments) as session:
        folder = Path(arguments.folder).absolute() if arguments.folder else session.backups.folder()
        rows = session.backups.listed(folder)
        due = session.backups.due(session.clock.now())
    if arguments.json:
        answer_list(_listed(row) for row in rows)
        return DONE
    table(_line(row) for row in rows)
    if not rows:
        say(f"There are no backups in {folder}.")
    if due.warning:
        say(worry_words(due))
    return DONE


def restore(arguments: argparse.Namespace) -> int:
    """`holdfast restore`: a new store out of a backup, whole or not at all."""
    folder = Path(arguments.store)
    try:
        session = restore_store(Path(arguments.file), folder, secret_of(arguments), parts=arguments.parts)
    except Environment as fault:
        _explain(fault)
        raise
    for warning in session.warnings:
        say_error(warning)
    try:
        events = session.queries.history_count()
    finally:
        session.close()
    if arguments.json:
        answer({"store": str(folder), "events": events})
    else:
        say(f"Restored to {folder}: {counted(events, 'event')}, verified.")
        say("The store goes on from here as a device of its own.")
    return DONE


def drill(arguments: argparse.Namespace) -> int:
    """`holdfast drill`: 0 only if the backup could be restored, opened with this secret, and verified."""
    with opened(arguments) as session:
        path = Path(arguments.file).absolute() if arguments.file else session.backups.folder()
        if path.is_dir():
            path = session.backups.last(path)
        report = session.backups.drill(path, secret_of(arguments))
    if arguments.json:
        answer(_drilled(report))
    else:
        say(drill_words(report))
    return REFUSED if report.problem else DONE


def _explain(fault: Environment) -> None:
    """What a check of the copy found, before the refusal itself is said."""
    finding = fault.facts.get("finding")
    if fault.code == "backup.not-whole" and isinstance(finding, str):
        say(found_words(Finding(code=finding)))


def _made(report: BackupReport) -> dict[str, Any]:
    return {
        "file": report.path,
        "sha256": report.sha256,
        "size": report.size,
        "events": report.events,
        "head": report.head,
        "at": report.at.isoformat(),
        "deep": report.deep,
    }


def _listed(row: ListedBackup) -> dict[str, Any]:
    facts = row.facts
    return {
        "file": row.path,
        "size": row.size,
        "at": facts.at.isoformat() if facts else None,
        "events": facts.events if facts else None,
        "head": facts.head if facts else None,
        "program": facts.program if facts else None,
        "note": facts.note if facts else "",
        "own": not row.problem,
        "problem": row.problem,
    }


def _line(row: ListedBackup) -> tuple[str, ...]:
    events = f"{row.facts.events:,} events" if row.facts else "-"
    return (row.name, instant(row.facts.at if row.facts else None), size_words(row.size), events, listed_words(row))


def _drilled(report: DrillReport) -> dict[str, Any]:
    return {
        "ok": not report.problem,
        "name": report.name,
        "sha256": report.sha256,
        "events": report.events,
        "head": report.head,
        "problem": report.problem,
        "findings": [{"code": f.code, "where": f.where, "detail": f.detail, "seq": f.seq} for f in report.findings],
    }


COMMANDS = {"backup": backup, "backups": backups, "restore": restore, "drill": drill}
