"""Opens the store, reads every case and dies: `python -m tests.leaks.crash_script hardened|plain SIGNAL BOX`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.bootstrap import Parts, open_store
from app.desk.ports.vault import CaseQuery
from app.machine.process import harden
from tests.leaks.session_script import PASSPHRASE


def main(how: str, number: int, box: Path) -> None:
    """The words of the cases are in memory when it dies."""
    if how == "hardened":
        harden()
    session = open_store(box / "team.holdfast", PASSPHRASE, parts=Parts())
    rows = session.queries.cases(CaseQuery(view="all"), None, 200).rows
    held = [session.queries.case(row.ref) for row in rows]
    sys.stdout.write(f"{len(held)} cases\n")
    sys.stdout.flush()
    os.kill(os.getpid(), number)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
