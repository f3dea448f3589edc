"""A process that adds notes to a store and says which were acknowledged: `python -m tests.faults.writer STORE`."""

from __future__ import annotations

import sys
from pathlib import Path

from app.domain.errors import AppError
from app.domain.events.case_events import NoteAdded
from app.store.vault import SqlVault
from tests.app.store.building import happen, reopen

NOTES = 8


def say(*words: object) -> None:
    """A line that the test reads."""
    print(*words, flush=True)


def main() -> int:
    """Says `open`, then a line for each note, then whether everything holds; a refusal is said by its code."""
    try:
        vault = reopen(Path(sys.argv[1]))
    except AppError as fault:
        say("refused", fault.code)
        return 0
    say("open")
    write(vault)
    try:
        say("whole" if vault.verify().ok else "broken")
    except AppError as fault:
        say("refused", fault.code)
    vault.close()
    return 0


def write(vault: SqlVault) -> None:
    """Adds the notes; one that is refused is not tried again, the next one is."""
    for number in range(NOTES):
        try:
            happen(vault, 1, NoteAdded(text=f"note {number} " + "x" * 3000))
        except AppError as fault:
            say("refused", fault.code, number)
        else:
            say("kept", number)


if __name__ == "__main__":
    raise SystemExit(main())
