"""The verb that saves what a damaged store still tells into a new one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from app.bootstrap import rescue_store
from app.cli import DONE, REFUSED
from app.cli.output import answer, say
from app.cli.passphrase import read_new_passphrase
from app.cli.run import secret_of
from app.presenters.rescue_words import report_words

_STEPS = 10


def rescue(arguments: argparse.Namespace) -> int:
    """`holdfast rescue`: 0 where nothing is lost and the new store verifies, 1 where something is lost."""
    secret = secret_of(arguments)
    wants_new = arguments.new_passphrase_file or arguments.new_passphrase_fd is not None
    # A passphrase opens the new store as it opened the old one; any other way in was of the old store alone.
    passphrase = secret if isinstance(secret, str) and not wants_new else read_new_passphrase(arguments)
    report = rescue_store(
        Path(arguments.store),
        Path(arguments.target),
        secret,
        passphrase=passphrase,
        slots=Path(arguments.slots) if arguments.slots else None,
        parts=arguments.parts,
        progress=_tenths() if sys.stderr.isatty() else None,
    )
    if arguments.json:
        answer(msgspec.to_builtins(report))
    else:
        for sentence in report_words(report):
            say(sentence)
    is_whole = not (report.lost or report.lost_files or report.cut_pages or report.findings)
    return DONE if is_whole else REFUSED


def _tenths() -> Callable[[int, int], None]:
    said = [0]

    def progress(done: int, of: int) -> None:
        tenth = done * _STEPS // max(1, of)
        if tenth > said[0]:
            said[0] = tenth
            say(f"{tenth * 100 // _STEPS} %")

    return progress


COMMANDS = {"rescue": rescue}
