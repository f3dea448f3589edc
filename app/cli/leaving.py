"""Verbs that write outside the store: export, checkpoint."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.bootstrap import write_private
from app.cli import DONE
from app.cli.output import answer, say
from app.cli.run import opened
from app.cli.words import reference
from app.desk.exchange import discreet
from app.domain.errors import Environment, Rejected
from app.domain.untrusted import safe_line
from app.presenters.release_gaps import blockers_of


def export(arguments: argparse.Namespace) -> int:
    """`holdfast export`: texts and records into a folder, 0600 each."""
    with opened(arguments) as session:
        exported = session.exchange.export(
            arguments.format,
            case=reference(arguments.case or ""),
            release=reference(arguments.release or ""),
            everything=arguments.all,
            override=arguments.override,
        )
        paths = session.write_export(Path(arguments.out), exported.files)
    if arguments.json:
        files = [{"name": f.name, "sha256": f.sha256, "size": f.size} for f in exported.record]
        answer({"out": arguments.out, "files": files, "missing": [m.code for m in exported.missing]})
    else:
        for path in paths:
            say(f"Wrote {path}")
        gaps = ((arguments.format, discreet(gap)) for gap in exported.missing)
        for gap in blockers_of(gaps, exported.ref, everything=True):
            say(f"Missing, and marked in the text: {gap.sentence}")
        if exported.left_out:
            say(f"{exported.left_out} cases are not public and were left out.")
    return DONE


def checkpoint(arguments: argparse.Namespace) -> int:
    """`holdfast checkpoint`: a signed note to keep outside the store."""
    target = Path(arguments.out)
    if target.exists():
        raise Rejected("file.exists", file=safe_line(target.name, 120), needs="out")
    if not target.absolute().parent.is_dir():
        # Before the checkpoint is made: one that nobody holds witnesses nothing.
        raise Environment("file.missing", file=safe_line(str(target.parent), 120))
    with opened(arguments) as session:
        made = session.vault.checkpoint(session.me, session.clock.now(), "asked for")
    write_private(target, made.text.encode("utf-8"))
    if arguments.json:
        answer({"out": str(target), "count": made.count, "root": made.root, "head": made.head})
    else:
        say(f"Wrote the checkpoint of {made.count:,} events to {target}")
    return DONE


COMMANDS = {"export": export, "checkpoint": checkpoint}
