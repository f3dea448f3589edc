"""What the cells of the case table say: each a text with the state that colours it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final, Literal

from app.desk.ports.vault import CaseRow
from app.domain.untrusted import safe_line
from app.domain.values import STAGES
from app.presenters import dates
from app.presenters.dates import ENGLISH, DateWords
from app.presenters.person_words import short_name
from app.presenters.words import next_word, stage_word
from app.presenters.words_steps import RATINGS

CellState = Literal["plain", "muted", "overdue", "today", "paused", "done", "locked", "offer"]
_TITLE_LIMIT: Final = 300
_LINE_END: Final = ".x"


@dataclass(frozen=True, slots=True)
class CellWords:
    """A text and its state; the state picks icon and colour, the text says it in words."""

    text: str
    state: CellState = "plain"


def case_cell(row: CaseRow, key: str, now: datetime, tz: tzinfo, words: DateWords = ENGLISH) -> CellWords:
    """What the cell of this column says at `now` (UTC), with times in `tz`."""
    writer = _CELLS.get(key)
    if writer is not None:
        return writer(row)
    if key == "embargo":
        return _embargo(row, now, tz, words)
    if key == "next-due":
        return _next(row, now, tz, words)
    return CellWords(dates.moment(row.updated, tz, now, show_zone=False, words=words), "muted")


def _title(row: CaseRow) -> CellWords:
    return CellWords(safe_line(row.title, _TITLE_LIMIT))


def _severity(row: CaseRow) -> CellWords:
    word = RATINGS.get(row.rating, row.rating)
    if row.rating in ("unknown", "none"):
        return CellWords(word, "muted")
    return CellWords(word if row.score is None else f"{word} {row.score:.1f}")


def _lines(row: CaseRow) -> CellWords:
    if not row.lines:
        return CellWords("not set", "muted")
    return CellWords(safe_line(", ".join(line.removesuffix(_LINE_END) for line in row.lines), 200))


def _cve(row: CaseRow) -> CellWords:
    if not row.cves:
        return CellWords("none yet", "muted")
    more = f" +{len(row.cves) - 1}" if len(row.cves) > 1 else ""
    return CellWords(f"{row.cves[0]}{more}")


def _handler(row: CaseRow) -> CellWords:
    if row.handler:
        return CellWords(short_name(row.handler))
    return CellWords("nobody", "muted") if row.stage == "closed" else CellWords("Take it", "offer")


_CELLS: Final[dict[str, Callable[[CaseRow], CellWords]]] = {
    "ref": lambda row: CellWords(row.ref),
    "title": _title,
    "stage": lambda row: CellWords(stage_word(row.stage)),
    "severity": _severity,
    "lines": _lines,
    "cve": _cve,
    "handler": _handler,
}


def _embargo(row: CaseRow, now: datetime, tz: tzinfo, words: DateWords) -> CellWords:
    if row.embargo == "ended":
        return CellWords("ended", "done")
    if row.embargo == "proposed":
        return CellWords("proposed", "muted")
    if row.embargo != "agreed" or row.embargo_until is None:
        return CellWords("not agreed", "muted")
    local = row.embargo_until.astimezone(tz)
    text = f"{local.day} {words.months[local.month - 1]}"
    return CellWords(text if dates.year_drops(local, now.astimezone(tz)) else f"{text} {local.year}", "locked")


def _next(row: CaseRow, now: datetime, tz: tzinfo, words: DateWords) -> CellWords:
    following = row.next
    if following is None:
        return CellWords("nothing due", "muted")
    if following.paused:
        return CellWords("paused", "paused")
    if following.due is None:
        return CellWords(next_word(following.what), "muted")
    state = dates.due_state(following.due, tz, now)
    if state == "soon":
        return CellWords(dates.moment(following.due, tz, now, show_zone=False, words=words))
    return CellWords(dates.until(following.due, now, words=words), state)


def next_tip(row: CaseRow, now: datetime, tz: tzinfo, words: DateWords = ENGLISH) -> str:
    """What is due next and when, here and in UTC; empty where nothing is."""
    following = row.next
    if following is None:
        return ""
    what = next_word(following.what)
    if following.due is None:
        return what
    local = dates.moment(following.due, tz, now, words=words)
    return f"{what}\n{local}\n{dates.utc_moment(following.due, words=words)}"


def stage_place(stage: str) -> int:
    """How far a stage is, 1 to 9; 0 for one that nobody knows."""
    return next((i for i, name in enumerate(STAGES, 1) if name == stage), 0)


def match_pattern(text: str) -> re.Pattern[str] | None:
    """Finds in a title what a search for `text` matched: beginnings of words, whatever their case."""
    parts = sorted({part for part in text.split() if part}, key=len, reverse=True)
    if not parts:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(part) for part in parts[:20]) + ")", re.IGNORECASE)
