"""What a real page needs around it: an open store, answers at once, and nobody to ask."""

from __future__ import annotations

from datetime import UTC
from typing import cast

from PySide6.QtWidgets import QApplication

from app.presenters.backup_work import BackupWork
from app.presenters.hub import Hub
from app.presenters.session import Session
from app.presenters.settings import MachineSettings, MemorySettings
from tests.fakes_interaction import FakeInteraction
from tests.fakes_runner import InlineRunner
from ui.kit.fonts import load_faces
from ui.kit.theme import apply_theme
from ui.screens.page import Context

WINDOW = (1440, 900)
PAGE = (1224, 852)
"""What the rail and the top bar leave to a page of that window."""


def dressed() -> QApplication:
    """The application as the window dresses it."""
    running = QApplication.instance()
    application = running if isinstance(running, QApplication) else QApplication([])
    load_faces()
    apply_theme(application, "light")
    return application


def context(session: object, application: QApplication, runner: InlineRunner | None = None) -> Context:
    """Every answer comes before the question returns, or when the runner that is given says so."""
    runner, hub = runner or InlineRunner(), Hub()
    return Context(
        session=cast("Session", session),
        runner=runner,
        worker=runner,
        backups=BackupWork(cast("Session", session), runner, runner, hub),
        hub=hub,
        theme=apply_theme(application, "light"),
        tz=UTC,
        interaction=FakeInteraction(),
        toast=lambda text, action="", run=None: None,
        navigate=lambda target: None,
        heading_changed=lambda: None,
    )


def settings() -> MachineSettings:
    """The settings of a machine on which nobody has chosen anything."""
    return MachineSettings(MemorySettings())
