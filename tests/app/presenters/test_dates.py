"""Times in words: zones, summer time, the year that drops, and relative words that promise nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.presenters.dates import (
    DateWords,
    clock,
    day,
    due,
    due_state,
    duration,
    moment,
    since,
    until,
    utc_moment,
    zone_name,
)

BERLIN = ZoneInfo("Europe/Berlin")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
NOW = datetime(2026, 11, 24, 13, 32, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_moment_says_weekday_day_month_time_and_zone() -> None:
    assert moment(NOW, BERLIN, NOW, year=True) == "Tue 24 Nov 2026, 14:32 CET"
    assert moment(NOW, BERLIN, NOW) == "Tue 24 Nov, 14:32 CET"
    assert moment(NOW, BERLIN, NOW, show_zone=False) == "Tue 24 Nov, 14:32"


def test_the_year_drops_within_eleven_months_and_not_beyond() -> None:
    assert day(at("2027-09-30T10:00"), UTC, NOW) == "Thu 30 Sep"
    assert day(at("2027-10-01T10:00"), UTC, NOW) == "Fri 1 Oct 2027"
    assert day(at("2026-01-01T10:00"), UTC, NOW) == "Thu 1 Jan"
    assert day(at("2025-12-31T10:00"), UTC, NOW) == "Wed 31 Dec 2025"


def test_the_day_is_the_local_one() -> None:
    assert day(at("2026-11-24T23:30"), BERLIN, NOW) == "Wed 25 Nov"
    assert day(at("2026-11-24T23:30"), UTC, NOW) == "Tue 24 Nov"


def test_summer_and_winter_time_have_their_own_names_and_hours() -> None:
    assert clock(at("2026-07-01T12:00"), BERLIN) == "14:00 CEST"
    assert clock(at("2026-12-01T12:00"), BERLIN) == "13:00 CET"
    # The hour that comes twice is told apart by its zone.
    assert clock(at("2026-10-25T00:30"), BERLIN) == "02:30 CEST"
    assert clock(at("2026-10-25T01:30"), BERLIN) == "02:30 CET"


def test_a_zone_without_a_short_name_says_its_offset() -> None:
    assert clock(at("2026-11-24T12:00"), KATHMANDU) == "17:45 UTC+05:45"
    assert zone_name(NOW.astimezone(timezone(timedelta(hours=-3, minutes=-30)))) == "UTC-03:30"
    assert zone_name(NOW.astimezone(timezone(timedelta(0)))) == "UTC"


def test_the_tool_tip_is_utc_to_the_second_with_the_year() -> None:
    assert utc_moment(datetime(2026, 11, 24, 14, 32, 7, tzinfo=BERLIN)) == "Tue 24 Nov 2026, 13:32:07 UTC"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(hours=3, minutes=46), "3 h 46 m"),
        (timedelta(hours=1, minutes=2, seconds=59), "1 h 02 m"),
        (timedelta(days=6, hours=1, minutes=28), "6 d 1 h"),
        (timedelta(days=6), "6 d"),
        (timedelta(minutes=12), "12 m"),
        (timedelta(minutes=5), "5 m"),
        (timedelta(seconds=59), "0 m"),
        (timedelta(hours=3), "3 h"),
        (-timedelta(hours=3, minutes=12), "3 h 12 m"),
    ],
)
def test_a_duration_has_its_two_largest_units(span: timedelta, words: str) -> None:
    assert duration(span) == words


def test_a_countdown_may_have_three_units_and_a_live_one_seconds() -> None:
    assert duration(timedelta(days=6, hours=1, minutes=28), parts=3) == "6 d 1 h 28 m"
    assert duration(timedelta(minutes=5, seconds=7), seconds=True) == "5 m 07 s"


def test_due_times_are_in_or_late_in_words() -> None:
    assert until(NOW + timedelta(hours=1, minutes=28, seconds=59), NOW) == "in 1 h 28 m"
    assert until(NOW - timedelta(hours=3, minutes=12), NOW) == "3 h 12 m late"
    assert until(NOW, NOW) == "now"
    assert since(NOW - timedelta(hours=2, minutes=32), NOW) == "2 h 32 m ago"
    assert since(NOW + timedelta(hours=2), NOW) == "now"


def test_today_ends_at_local_midnight() -> None:
    late_evening = at("2026-11-24T23:30")
    assert due_state(late_evening, UTC, NOW) == "today"
    assert due_state(late_evening, BERLIN, NOW) == "soon"
    assert due_state(NOW, BERLIN, NOW) == "overdue"


def test_a_due_text_has_a_big_word_its_partner_and_utc() -> None:
    late = due(at("2026-11-24T10:20"), BERLIN, NOW)
    assert (late.state, late.relative, late.absolute) == ("overdue", "3 h 12 m late", "11:20 CET")
    old = due(at("2026-11-20T10:20"), BERLIN, NOW)
    assert (old.relative, old.absolute) == ("4 d 3 h late", "Fri 20 Nov, 11:20 CET")
    soon = due(at("2026-11-26T08:00"), BERLIN, NOW)
    assert (soon.state, soon.relative, soon.absolute) == ("soon", "Thu 26 Nov", "09:00 CET")
    assert soon.utc == "Thu 26 Nov 2026, 08:00:00 UTC"


def test_another_language_is_only_other_words() -> None:
    words = DateWords(late="{duration} zu spät", hours="{n} Std.", minutes="{n} Min.")
    assert until(NOW - timedelta(hours=3, minutes=12), NOW, words=words) == "3 Std. 12 Min. zu spät"


def test_a_time_without_a_zone_is_refused_everywhere() -> None:
    naive = datetime(2026, 11, 24, 12, 0)  # noqa: DTZ001 - that is the point
    for act in (
        lambda: clock(naive, UTC),
        lambda: day(naive, UTC, NOW),
        lambda: until(naive, NOW),
        lambda: since(NOW, naive),
        lambda: due_state(naive, UTC, NOW),
    ):
        with pytest.raises(ValueError, match="without a zone"):
            act()


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000)), st.integers(1, 4))
def test_a_duration_never_promises_more_than_there_is(span: timedelta, parts: int) -> None:
    units = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
    said = duration(span, parts=parts, seconds=True).split()
    seconds = sum(int(n) * units[unit] for n, unit in zip(said[::2], said[1::2], strict=True))
    assert seconds <= span.total_seconds()
    assert span.total_seconds() - seconds < units[said[-1]] or parts < 4
