"""What a careless setting would do: `python -m tests.leaks.control_script FILE|MEMORY FOLDER`.

A plain encrypted database sorts more canaries than it keeps in memory, and says which nameless files hold them then.
"""

from __future__ import annotations

import sys
from pathlib import Path

import sqlcipher3

from tests.leaks.canaries import canary
from tests.leaks.unlinked import unlinked_leaks

_ROWS = 60_000


def main(where: str, folder: Path) -> int:
    """Sort with temporary files in this place, and look while the sorter is at work."""
    connection = sqlcipher3.connect(str(folder / "control.db"), isolation_level=None)
    connection.set_key("x'" + "5a" * 32 + "'")
    connection.execute(f"PRAGMA temp_store={where}")
    connection.execute("PRAGMA cache_size=100")
    connection.execute("CREATE TABLE note(text TEXT)")
    connection.execute("BEGIN")
    rows = ((f"{(number * 7919) % _ROWS:06d} {canary('sorted')} {'x' * 200}",) for number in range(_ROWS))
    connection.executemany("INSERT INTO note VALUES (?)", rows)
    connection.execute("COMMIT")
    cursor = connection.execute("SELECT text FROM note ORDER BY text")
    first = cursor.fetchone()
    sys.stdout.write(f"{first is not None} {bool(unlinked_leaks())}\n")
    connection.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
