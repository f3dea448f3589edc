"""The line of a checkpoint, for whoever prints, shows or scans it."""

from __future__ import annotations

from app.desk.ports.vault import Checkpoint
from app.domain import checkpoint_note
from app.presenters.qr import Matrix, matrix

_GROUP = 8
_GROUPS = 6


def checkpoint_line(checkpoint: Checkpoint) -> str:
    """The one line that is enough to show a rollback later."""
    return checkpoint.line or checkpoint_note.checkpoint_line(checkpoint.text)


def checkpoint_lines(checkpoint: Checkpoint) -> str:
    """The same in groups of eight, six to a line, for paper and for the eye; read back it is the same."""
    line = checkpoint_line(checkpoint)
    mark, rest = checkpoint_note.LINE_MARK, line.removeprefix(checkpoint_note.LINE_MARK)
    groups = [rest[at : at + _GROUP] for at in range(0, len(rest), _GROUP)]
    rows = (" ".join(groups[at : at + _GROUPS]) for at in range(0, len(groups), _GROUPS))
    return "\n".join((mark, *rows))


def checkpoint_code(checkpoint: Checkpoint) -> Matrix:
    """The line as a QR code."""
    return matrix(checkpoint_line(checkpoint))
