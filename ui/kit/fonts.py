"""The typefaces and the eleven text styles, with metrics made once per text size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

import resources

Style = Literal[
    "display",
    "title",
    "h2",
    "strong",
    "body",
    "body-medium",
    "small",
    "small-medium",
    "caption",
    "caption-strong",
    "mono",
    "mono-small",
]
"""The text styles of the interface; nothing is smaller than 11 px at 100 %."""

_REGULAR = QFont.Weight.Normal
_MEDIUM = QFont.Weight.Medium
_SEMIBOLD = QFont.Weight.DemiBold

_STYLES: Final[Mapping[Style, tuple[str, int, QFont.Weight]]] = {
    "display": ("ui", 24, _SEMIBOLD),
    "title": ("ui", 20, _SEMIBOLD),
    "h2": ("ui", 15, _SEMIBOLD),
    "strong": ("ui", 13, _SEMIBOLD),
    "body": ("ui", 13, _REGULAR),
    "body-medium": ("ui", 13, _MEDIUM),
    "small": ("ui", 12, _REGULAR),
    "small-medium": ("ui", 12, _MEDIUM),
    "caption": ("ui", 11, _MEDIUM),
    "caption-strong": ("ui", 11, _SEMIBOLD),
    "mono": ("mono", 12, _REGULAR),
    "mono-small": ("mono", 11, _REGULAR),
}

UI_FAMILY: Final = "Inter"
MONO_FAMILY: Final = "JetBrains Mono"
FACES: Final = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "JetBrainsMono-Regular.ttf")


def load_faces() -> None:
    """Give Qt the bundled faces, once per application; where a file is missing the system's face stays."""
    folder = Path(resources.__path__[0]) / "fonts"
    for face in FACES:
        QFontDatabase.addApplicationFont(str(folder / face))


@dataclass(frozen=True, slots=True)
class Fonts:
    """The text styles at one text size, with their metrics."""

    scale: float
    fonts: Mapping[Style, QFont]
    metrics: Mapping[Style, QFontMetricsF]

    def font(self, style: Style) -> QFont:
        return self.fonts[style]

    def metric(self, style: Style) -> QFontMetricsF:
        return self.metrics[style]


def make_fonts(scale: float) -> Fonts:
    """The styles of LOOK section 3; `scale` is 0.9 to 1.5. Digits are tabular, outlines unhinted."""
    fonts = {name: _font(family, size * scale, weight) for name, (family, size, weight) in _STYLES.items()}
    return Fonts(scale, fonts, {name: QFontMetricsF(font) for name, font in fonts.items()})


def _font(family: str, size: float, weight: QFont.Weight) -> QFont:
    font = QFont()
    if family == "mono":
        font.setFamilies([MONO_FAMILY])
        font.setStyleHint(QFont.StyleHint.Monospace)
        # Ligatures would hide what a version range or a hash really says.
        font.setFeature(QFont.Tag("liga"), 0)
        font.setFeature(QFont.Tag("calt"), 0)
    else:
        font.setFamilies([UI_FAMILY])
        font.setStyleHint(QFont.StyleHint.SansSerif)
        font.setFeature(QFont.Tag("tnum"), 1)
    font.setPixelSize(max(11, round(size)))
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
