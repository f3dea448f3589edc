"""The look at the clock of the backups: soon after the store is open, then every few minutes, never after the lock."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from app.domain.commands.team_commands import ChangeSetting
from app.presenters.hub import Hub
from tests.fakes_runner import InlineRunner
from tests.fakes_session import MemorySession
from ui.shell.backup_clock import EVERY, FIRST, BackupClock


def test_it_looks_soon_and_then_every_few_minutes_until_it_is_stopped(qtbot: QtBot) -> None:
    session = MemorySession()
    session.desk.perform(None, ChangeSetting(key="backup.folder", value="/backups"))
    parent = QObject()
    clock = BackupClock(cast("Any", session), InlineRunner(), InlineRunner(), Hub(), parent)
    timer = clock.findChild(QTimer)
    assert timer is not None
    assert (timer.isActive(), timer.interval()) == (True, FIRST)
    timer.timeout.emit()
    assert timer.interval() == EVERY
    assert len(session.fake_backups.rows) == 1
    clock.stop()
    assert not timer.isActive()
    session.clock.pass_by(days=3)
    clock.work.tick()
    assert len(session.fake_backups.rows) == 1
