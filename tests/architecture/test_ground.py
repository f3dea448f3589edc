"""The ground that every test stands on holds: a home of its own, no network, any time zone."""

from __future__ import annotations

import os
import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest


def test_the_home_of_the_tests_is_private_and_not_that_of_the_person() -> None:
    home = Path.home()
    assert home.name.startswith("hf-")
    assert home.stat().st_mode & 0o077 == 0
    assert Path(os.environ["XDG_DATA_HOME"]).parent == home


def test_a_test_that_reaches_out_fails_before_anything_is_sent() -> None:
    with socket.socket() as outward, pytest.raises(PermissionError, match=r"192\.0\.2\.1"):
        outward.connect(("192.0.2.1", 443))


def test_the_time_zone_of_the_machine_can_be_any(any_time_zone: str) -> None:
    moment = datetime(2099, 7, 1, 12, tzinfo=UTC)
    offset = moment.astimezone(ZoneInfo(any_time_zone)).utcoffset()
    assert offset is not None
    assert time.localtime(moment.timestamp()).tm_gmtoff == offset.total_seconds()
