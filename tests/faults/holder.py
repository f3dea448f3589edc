"""A process that opens a store and keeps it until it is told to go: `python -m tests.faults.holder STORE`."""

from __future__ import annotations

import sys
from pathlib import Path

from app.domain.errors import AppError
from tests.app.store.building import reopen


def main() -> int:
    """Says `open` once the store is, and closes it when standard input ends; says the code where it is refused."""
    try:
        vault = reopen(Path(sys.argv[1]))
    except AppError as fault:
        print(fault.code, flush=True)
        return 1
    print("open", flush=True)
    sys.stdin.read()
    vault.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
