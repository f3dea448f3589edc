"""What every test of the face leaves behind: nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent


@pytest.fixture(autouse=True)
def no_widget_left() -> Iterator[None]:
    """Deletes what was to be deleted later: without an event loop Qt keeps it, and every look set after costs more."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
