"""The window's dates: the words that are translated are the words that are used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import QApplication

from app.presenters.dates import ENGLISH
from ui.kit.dates import Dates, local_zone, translated_words

NOW = datetime(2026, 11, 24, 13, 32, tzinfo=UTC)


def test_without_a_translation_the_words_are_english(qapp: QApplication) -> None:
    assert translated_words() == ENGLISH


def test_the_zone_of_this_computer_is_one_that_python_knows(qapp: QApplication) -> None:
    assert NOW.astimezone(local_zone()).utcoffset() is not None


def test_every_form_of_a_time_agrees(qapp: QApplication) -> None:
    dates = Dates(UTC)
    when = NOW + timedelta(hours=1, minutes=28)
    assert dates.moment(when, NOW) == "Tue 24 Nov, 15:00 UTC"
    assert dates.day(when, NOW, year=True) == "Tue 24 Nov 2026"
    assert dates.clock(when) == "15:00 UTC"
    assert dates.utc(when) == "Tue 24 Nov 2026, 15:00:00 UTC"
    assert dates.until(when, NOW) == "in 1 h 28 m"
    assert dates.since(NOW, when) == "1 h 28 m ago"
    assert dates.duration(when - NOW) == "1 h 28 m"
    assert dates.due(when, NOW).state == "today"
