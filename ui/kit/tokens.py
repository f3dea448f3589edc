"""The colours of the light and the dark look, by role, made once and never parsed while painting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtGui import QColor

Role = Literal[
    "canvas",
    "nav",
    "surface",
    "sunken",
    "raised",
    "hover",
    "selected",
    "border",
    "border-2",
    "text",
    "text-2",
    "muted",
    "accent",
    "accent-soft",
    "accent-hover",
    "accent-pressed",
    "on-accent",
    "critical",
    "critical-soft",
    "high",
    "high-soft",
    "medium",
    "medium-soft",
    "low",
    "low-soft",
    "unrated",
    "unrated-soft",
    "overdue",
    "overdue-soft",
    "today",
    "today-soft",
    "soon",
    "soon-soft",
    "paused",
    "paused-soft",
    "done",
    "done-soft",
    "toast",
    "on-toast",
    "toast-accent",
    "toast-done",
    "toast-border",
    "tip",
    "on-tip",
    "panel-top",
    "panel-bottom",
    "panel-text",
    "panel-text-2",
    "panel-line",
]
"""Every colour role that a painter may ask for."""

Tone = Literal[
    "accent",
    "neutral",
    "critical",
    "high",
    "medium",
    "low",
    "unrated",
    "overdue",
    "today",
    "soon",
    "paused",
    "done",
]
"""A state's colour family: a text colour and the soft ground that belongs under it."""

Severity = Literal["critical", "high", "medium", "low", "unrated"]

SEVERITY_BARS: Final[Mapping[str, int]] = {"critical": 4, "high": 3, "medium": 2, "low": 1, "unrated": 0}

_LIGHT: Final[Mapping[str, str]] = {
    "canvas": "#F5F6F8",
    "nav": "#ECEFF2",
    "surface": "#FFFFFF",
    "sunken": "#F1F3F5",
    "raised": "#FFFFFF",
    "hover": "#EDF0F4",
    "selected": "#DCEBF1",
    "border": "#DDE2E7",
    "border-2": "#76808D",
    "text": "#161B21",
    "text-2": "#3F4955",
    "muted": "#596571",
    "accent": "#0A6783",
    "accent-soft": "#E0EFF5",
    "on-accent": "#FFFFFF",
    "critical": "#A3114F",
    "critical-soft": "#FBE5EE",
    "high": "#AC3F08",
    "high-soft": "#FCEADD",
    "medium": "#745600",
    "medium-soft": "#FAF0D0",
    "low": "#3F5B7A",
    "low-soft": "#E6EDF5",
    "overdue": "#B3161F",
    "overdue-soft": "#FCE6E6",
    "today": "#8A4B00",
    "today-soft": "#FDEFD8",
    "soon": "#39558A",
    "soon-soft": "#E7ECF7",
    "paused": "#595E80",
    "paused-soft": "#ECECF4",
    "done": "#1C683A",
    "done-soft": "#E1F2E7",
    "toast": "#161B21",
    "on-toast": "#FFFFFF",
    "toast-accent": "#62B9D6",
    "toast-done": "#79D09A",
    "toast-border": "#161B21",
    "tip": "#161B21",
    "on-tip": "#FFFFFF",
    "panel-top": "#0E3A49",
    "panel-bottom": "#07222C",
    "panel-text": "#F2F8FA",
    "panel-text-2": "#C5DEE6",
    "panel-line": "#78CDE1",
}

_DARK: Final[Mapping[str, str]] = {
    "canvas": "#14171B",
    "nav": "#0F1215",
    "surface": "#1B1F24",
    "sunken": "#16191D",
    "raised": "#242A30",
    "hover": "#262C33",
    "selected": "#17323D",
    "border": "#2D343B",
    "border-2": "#74808C",
    "text": "#E9ECEF",
    "text-2": "#BEC7D0",
    "muted": "#97A2AE",
    "accent": "#62B9D6",
    "accent-soft": "#15313C",
    "on-accent": "#06202A",
    "critical": "#FF85AA",
    "critical-soft": "#3B1927",
    "high": "#FF9C66",
    "high-soft": "#3A2317",
    "medium": "#E6C15E",
    "medium-soft": "#332B14",
    "low": "#A3BEDF",
    "low-soft": "#202C3A",
    "overdue": "#FF8A8A",
    "overdue-soft": "#3C1B1E",
    "today": "#F4B663",
    "today-soft": "#382911",
    "soon": "#A2BAEC",
    "soon-soft": "#1F283B",
    "paused": "#B6BAD6",
    "paused-soft": "#27293A",
    "done": "#79D09A",
    "done-soft": "#173021",
    "toast": "#242A30",
    "on-toast": "#E9ECEF",
    "toast-accent": "#62B9D6",
    "toast-done": "#79D09A",
    "toast-border": "#2D343B",
    "tip": "#242A30",
    "on-tip": "#E9ECEF",
    "panel-top": "#0C2029",
    "panel-bottom": "#0A1519",
    "panel-text": "#F2F8FA",
    "panel-text-2": "#C5DEE6",
    "panel-line": "#78CDE1",
}

TLP_GROUND: Final = QColor("#000000")
TLP_TEXT: Final[Mapping[str, QColor]] = {
    "RED": QColor("#FF2B2B"),
    "AMBER": QColor("#FFC000"),
    "AMBER+STRICT": QColor("#FFC000"),
    "GREEN": QColor("#33FF00"),
    "CLEAR": QColor("#FFFFFF"),
}
"""The Traffic Light Protocol's own colours (FIRST, TLP 2.0), the same in both looks."""


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """`first` with `share` (0 to 1) of `second` stirred in."""
    keep = 1.0 - share
    return QColor(
        round(first.red() * keep + second.red() * share),
        round(first.green() * keep + second.green() * share),
        round(first.blue() * keep + second.blue() * share),
    )


@dataclass(frozen=True, slots=True)
class TonePair:
    """A state's text colour and its soft ground."""

    ink: QColor
    soft: QColor


@dataclass(frozen=True, slots=True)
class Tokens:
    """One look's colours. `colour("text-2")` and `tone("overdue")` are plain look-ups."""

    colours: Mapping[str, QColor]
    tones: Mapping[str, TonePair]

    def colour(self, role: Role) -> QColor:
        return self.colours[role]

    def tone(self, tone: Tone) -> TonePair:
        return self.tones[tone]


def make_tokens(*, dark: bool) -> Tokens:
    """The tokens of one look; hover and pressed accents are 12 % and 20 % towards black or white."""
    colours = {role: QColor(value) for role, value in (_DARK if dark else _LIGHT).items()}
    towards = QColor("#FFFFFF") if dark else QColor("#000000")
    colours["accent-hover"] = mixed(colours["accent"], towards, 0.12)
    colours["accent-pressed"] = mixed(colours["accent"], towards, 0.20)
    colours["unrated"] = colours["muted"]
    colours["unrated-soft"] = colours["sunken"]
    named = ("critical", "high", "medium", "low", "unrated", "overdue", "today", "soon", "paused", "done")
    tones = {name: TonePair(colours[name], colours[f"{name}-soft"]) for name in (*named, "accent")}
    tones["neutral"] = TonePair(colours["text-2"], colours["sunken"])
    return Tokens(colours, tones)
