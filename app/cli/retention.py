"""The verb that names the closed cases whose time is over, and proposes to erase them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

import msgspec

from app.cli import DONE
from app.cli.output import answer, counted, say, table
from app.cli.run import opened
from app.desk.retention import Going, Over, Waiting


def retention(arguments: argparse.Namespace) -> int:
    """`holdfast retention STORE [--propose | --of REF] [--json]`."""
    with opened(arguments) as session:
        if arguments.of:
            return _going(session.retention.going(arguments.of), wants_json=arguments.json)
        proposed = session.retention.propose_over()[0] if arguments.propose else ()
        days, over, waiting = session.retention.days(), session.retention.over(), session.retention.waiting()
    if arguments.json:
        answer({"days": days, "over": _listed(over), "waiting": _listed(waiting), "proposed": list(proposed)})
        return DONE
    table((one.ref, f"over since {one.since:%Y-%m-%d}", one.title) for one in over)
    table((one.ref, "proposed for erasure", one.title) for one in waiting)
    if not over and not waiting:
        say("No closed case is older than it is to be kept.")
    if arguments.propose:
        say(f"Proposed to erase {counted(len(proposed), 'case')}.")
        say("Erase each with: holdfast do STORE erase REF --confirm REF")
    return DONE


def _listed(rows: Sequence[Over | Waiting]) -> list[Any]:
    return [msgspec.to_builtins(row) for row in rows]


def _going(going: Going, *, wants_json: bool) -> int:
    if wants_json:
        answer(msgspec.to_builtins(going))
        return DONE
    say(f"Erasing {going.ref} takes away the texts of {_extent(going)}.")
    say_backups(going)
    return DONE


def say_gone(going: Going, *, compacted: bool) -> None:
    """What was erased, and where it still is."""
    say(f"Erased the texts of {_extent(going)} of {going.ref}.")
    if not compacted:
        say("They were overwritten where they lay. The store could not be written anew; the next opening tries again.")
    say_backups(going)


def _extent(going: Going) -> str:
    return f"{counted(going.events, 'event')} and {counted(going.files, 'file')}"


def say_backups(going: Going) -> None:
    """Which backups hold the case still."""
    for name in going.backups:
        say(f"The backup {name} was made while the case was kept and still holds it, wherever it is.")


COMMANDS = {"retention": retention}
