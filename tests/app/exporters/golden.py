"""The golden files of the exporters; `python -m tests.app.exporters.golden` writes them anew, to be read again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from app.domain.values import ExternalId
from app.exporters import discover
from tests.app.exporters.bundles import a_bundle, a_case, a_record, alone

FOLDER = Path(__file__).resolve().parents[2] / "data" / "exports"


def rendered() -> Iterator[tuple[str, bytes]]:
    """Every golden file by its name, as the exporters make it now."""
    numbered = a_case(1, external=(ExternalId(kind="nswg-core", value="141"),))
    bundles = {
        "release": (a_bundle(), ("blog-pre", "blog-post", "mail-pre", "mail")),
        "case": (alone(a_case(release="")), ("blog-post", "mail")),
        "entry": (alone(numbered), ("nswg",)),
        "record": (alone(a_record()), ("nswg",)),
    }
    exporters = {exporter.format: exporter for exporter in discover()}
    for name, (bundle, formats) in bundles.items():
        for form in formats:
            for file in exporters[form].render(bundle):
                yield f"{name}/{form}/{file.name}", file.data


def main() -> int:
    """Writes every golden file."""
    for name, data in rendered():
        target = FOLDER / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
