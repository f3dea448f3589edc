"""Verbs that write outside the store: export, checkpoint."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.bootstrap import write_private
from app.cli import DONE
from app.cli.output import answer, say, tell
from app.cli.run import opened
from app.cli.words import reference
from app.desk.exchange import discreet
from app.domain.errors import Environment, Rejected
from app.domain.untrusted import safe_line
from app.presenters.qr import PICTURES, Picture, image
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
            say(f"{exported.left_out} cases are not public, or were erased, and were left out.")
    return DONE


def checkpoint(arguments: argparse.Namespace) -> int:
    """`holdfast checkpoint`: a signed note to keep outside the store, as a file, a QR code, or a line on stdout."""
    targets = [Path(name) for name in (arguments.out, arguments.qr) if name]
    kind = _picture(arguments.qr) if arguments.qr else "txt"
    for target in targets:
        # Before the checkpoint is made: one that nobody holds witnesses nothing.
        _demand_new(target)
    with opened(arguments) as session:
        made = session.vault.checkpoint(session.me, session.clock.now(), "asked for")
    if arguments.out:
        write_private(Path(arguments.out), made.text.encode("utf-8"))
    if arguments.qr:
        write_private(Path(arguments.qr), image(made.line, kind))
    if arguments.json:
        answer({"out": arguments.out, "count": made.count, "root": made.root, "head": made.head, "line": made.line})
        return DONE
    for target in targets:
        say(f"Wrote the checkpoint of {made.count:,} events to {target}")
    if arguments.line or not targets:
        tell(made.line)
    return DONE


def _demand_new(target: Path) -> None:
    if target.exists():
        raise Rejected("file.exists", file=safe_line(target.name, 120), needs="out")
    if not target.absolute().parent.is_dir():
        raise Environment("file.missing", file=safe_line(str(target.parent), 120))


def _picture(name: str) -> Picture:
    """What kind of file the ending asks for."""
    for kind in PICTURES:
        if name.lower().endswith(f".{kind}"):
            return kind
    raise Rejected("usage.picture", file=safe_line(name, 120), needs="qr")


COMMANDS = {"export": export, "checkpoint": checkpoint}
