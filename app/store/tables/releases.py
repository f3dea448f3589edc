"""The row of a release."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from app.domain.projection import ReleaseProjection
from app.store.connection import Connection
from app.store.tables.cases import instant, ref_key
from app.store.tables.rows import RowWriter

COLUMNS: Final = (
    "id", "ref", "title", "slug", "target", "updated", "lines", "cases", "state", "postponed", "ref_key",
)  # fmt: skip
_ROW = RowWriter("release_row", COLUMNS)


def write_release(db: Connection, stream: int, old: ReleaseProjection | None, new: ReleaseProjection) -> None:
    """Brings the row of a release from `old` to `new`."""
    _ROW.write(db, stream, None if old is None else release_values(old), release_values(new))


def release_values(release: ReleaseProjection) -> tuple[Any, ...]:
    """The row of a release, in the order of COLUMNS; instants are microseconds since 1970."""
    return (
        release.id,
        release.ref,
        release.title,
        release.slug,
        instant(release.target),
        instant(release.updated),
        msgspec.json.encode(release.lines).decode(),
        release.cases,
        release.state,
        release.postponed,
        ref_key(release.ref),
    )
