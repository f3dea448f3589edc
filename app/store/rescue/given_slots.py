"""A slot file from elsewhere: by itself, or out of a backup, whose other parts may be as damaged as the store."""

from __future__ import annotations

from pathlib import Path

from app.desk.ports.files import PrivateFiles
from app.desk.ports.streams import Streams
from app.domain.errors import Environment
from app.store.container import MAGIC, read_front
from app.store.slots import FILE_LIMIT


def given_slots(path: Path, files: PrivateFiles, streams: Streams) -> bytes:
    """The bytes of the slot file; it is authenticated by itself, so nothing else of a backup is asked.

    Raises Environment: file.*, backup.damaged, backup.newer, rescue.no-slots (the file holds none).
    """
    stream = streams.open(path)
    try:
        is_backup = stream.read(len(MAGIC)) == MAGIC
    finally:
        stream.close()
    if not is_backup:
        return files.read(path, FILE_LIMIT)
    stream = streams.open(path)
    try:
        front = read_front(stream)
        slots = stream.read(front.manifest.slots)
    finally:
        stream.close()
    if not slots or len(slots) > FILE_LIMIT:
        raise Environment("rescue.no-slots", reason="size")
    return slots
