"""What the cells of the case table say, at a given moment and in a given zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from app.desk.ports.vault import CaseRow, NextStep
from app.presenters.case_words import case_cell, match_pattern, next_tip, stage_place
from tests.fakes_session import NOON

VIENNA = ZoneInfo("Europe/Vienna")
ROW = CaseRow(id="1", ref="H-2026-001", title="A title", stage="fixing", track="core", updated=NOON)


def says(key: str, **changes: Any) -> tuple[str, str]:
    cell = case_cell(replace(ROW, **changes), key, NOON, VIENNA)
    return cell.text, cell.state


@pytest.mark.parametrize(
    ("key", "changes", "said"),
    [
        ("ref", {}, ("H-2026-001", "plain")),
        ("stage", {}, ("Fixing", "plain")),
        ("severity", {}, ("Not rated", "muted")),
        ("severity", {"rating": "high", "score": 8.1}, ("High 8.1", "plain")),
        ("severity", {"rating": "low"}, ("Low", "plain")),
        ("lines", {}, ("not set", "muted")),
        ("lines", {"lines": ("24.x", "22.x", "main")}, ("24, 22, main", "plain")),
        ("cve", {}, ("none yet", "muted")),
        ("cve", {"cves": ("CVE-2099-1000", "CVE-2099-1001")}, ("CVE-2099-1000 +1", "plain")),
        ("handler", {}, ("Take it", "offer")),
        ("handler", {"handler": "Noor Sample"}, ("Noor S.", "plain")),
        ("handler", {"stage": "closed"}, ("nobody", "muted")),
        ("embargo", {}, ("not agreed", "muted")),
        ("embargo", {"embargo": "proposed"}, ("proposed", "muted")),
        ("embargo", {"embargo": "ended"}, ("ended", "done")),
        ("embargo", {"embargo": "agreed", "embargo_until": NOON + timedelta(days=6)}, ("30 Nov", "locked")),
        ("embargo", {"embargo": "agreed", "embargo_until": NOON + timedelta(days=400)}, ("29 Dec 2027", "locked")),
        ("updated", {}, ("Tue 24 Nov, 14:32", "muted")),
    ],
)
def test_each_cell_says_its_fact_in_words(key: str, changes: dict[str, Any], said: tuple[str, str]) -> None:
    assert says(key, **changes) == said


def due(when: datetime | None, *, paused: bool = False) -> NextStep:
    return NextStep(what="reply", due=when, rule="reply", paused=paused)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (None, ("nothing due", "muted")),
        (due(NOON - timedelta(hours=3, minutes=12)), ("3 h 12 m late", "overdue")),
        (due(NOON + timedelta(hours=1, minutes=28)), ("in 1 h 28 m", "today")),
        (due(NOON + timedelta(hours=42, minutes=28)), ("Thu 26 Nov, 09:00", "plain")),
        (due(NOON, paused=True), ("paused", "paused")),
        (due(None), ("Write the detailed reply", "muted")),
    ],
)
def test_what_is_next_says_how_late_or_when(step: NextStep | None, said: tuple[str, str]) -> None:
    assert says("next-due", next=step) == said


def test_midnight_is_that_of_the_zone_that_is_shown() -> None:
    late_evening = due(NOON.replace(hour=23, minute=30))
    assert case_cell(replace(ROW, next=late_evening), "next-due", NOON, ZoneInfo("UTC")).state == "today"
    assert case_cell(replace(ROW, next=late_evening), "next-due", NOON, VIENNA).state == "plain"


def test_the_tip_of_a_due_time_names_the_act_the_zone_and_utc() -> None:
    tip = next_tip(replace(ROW, next=due(NOON)), NOON, VIENNA)
    assert tip == "Write the detailed reply\nTue 24 Nov, 14:32 CET\nTue 24 Nov 2026, 13:32:00 UTC"
    assert next_tip(ROW, NOON, VIENNA) == ""


def test_a_hostile_title_is_one_line_with_its_hidden_characters_spelt_out() -> None:
    text, _state = says("title", title="<img src=file:///etc/x>\n\u202egpj.exe")
    assert "\n" not in text
    assert "\u202e" not in text
    assert "<img src=file:///etc/x>" in text


def test_stages_count_from_one_to_nine() -> None:
    assert (stage_place("received"), stage_place("closed"), stage_place("no such")) == (1, 9, 0)


def test_marks_begin_words_in_any_case_and_are_no_pattern() -> None:
    pattern = match_pattern("parser  (")
    assert pattern is not None
    assert [m.group() for m in pattern.finditer("Parser of subparser, parsers")] == ["Parser", "parser"]
    assert match_pattern("   ") is None
