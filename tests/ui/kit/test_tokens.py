"""The colours: every pair that carries words or meaning is strong enough, in both looks."""

from __future__ import annotations

from typing import get_args

import pytest
from PySide6.QtGui import QColor

from ui.kit.tokens import TLP_GROUND, TLP_TEXT, Role, Tokens, Tone, make_tokens, mixed

GROUNDS: tuple[Role, ...] = ("canvas", "nav", "surface", "sunken", "raised", "hover", "selected")
TEXTS: tuple[Role, ...] = ("text", "text-2", "muted")
STATES: tuple[Tone, ...] = (
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
    "accent",
    "neutral",
)


def luminance(colour: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(c) for c in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: QColor, second: QColor) -> float:
    """WCAG 2.2, the contrast ratio."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def tokens(request: pytest.FixtureRequest) -> Tokens:
    return make_tokens(dark=request.param)


def test_every_text_is_readable_on_every_ground(tokens: Tokens) -> None:
    weak = [
        (ink, ground)
        for ink in TEXTS
        for ground in GROUNDS
        if contrast(tokens.colour(ink), tokens.colour(ground)) < 4.5
    ]
    assert weak == []


def test_every_state_is_readable_on_page_card_and_its_own_soft_ground(tokens: Tokens) -> None:
    weak = []
    for state in STATES:
        pair = tokens.tone(state)
        grounds = (tokens.colour("surface"), tokens.colour("canvas"), pair.soft)
        weak += [(state, ground.name()) for ground in grounds if contrast(pair.ink, ground) < 4.5]
    assert weak == []


def test_plain_text_is_strong_on_every_soft_ground(tokens: Tokens) -> None:
    lowest = min(contrast(tokens.colour("text"), tokens.tone(state).soft) for state in STATES)
    assert lowest >= 11.0


def test_outlines_of_controls_can_be_seen(tokens: Tokens) -> None:
    grounds: tuple[Role, ...] = ("surface", "canvas", "selected")
    assert min(contrast(tokens.colour("border-2"), tokens.colour(ground)) for ground in grounds) >= 3.0
    assert contrast(tokens.colour("accent"), tokens.colour("canvas")) >= 3.0


def test_words_on_the_primary_button_stay_readable_in_all_its_states(tokens: Tokens) -> None:
    grounds: tuple[Role, ...] = ("accent", "accent-hover", "accent-pressed")
    assert min(contrast(tokens.colour("on-accent"), tokens.colour(ground)) for ground in grounds) >= 4.5


def test_toast_tip_and_unlock_panel_are_readable(tokens: Tokens) -> None:
    pairs: tuple[tuple[Role, Role], ...] = (
        ("on-toast", "toast"),
        ("toast-accent", "toast"),
        ("toast-done", "toast"),
        ("on-tip", "tip"),
        ("panel-text", "panel-top"),
        ("panel-text-2", "panel-top"),
        ("panel-text-2", "panel-bottom"),
    )
    assert [pair for pair in pairs if contrast(tokens.colour(pair[0]), tokens.colour(pair[1])) < 4.5] == []


def test_traffic_light_labels_are_readable_on_black() -> None:
    assert set(TLP_TEXT) == {"RED", "AMBER", "AMBER+STRICT", "GREEN", "CLEAR"}
    assert min(contrast(ink, TLP_GROUND) for ink in TLP_TEXT.values()) >= 5.5


@pytest.mark.parametrize(
    ("role", "on_surface"), [("text", 17.3), ("muted", 6.0), ("border-2", 4.0), ("accent", 6.4), ("overdue", 6.9)]
)
def test_the_light_look_has_the_measured_ratios(role: Role, on_surface: float) -> None:
    tokens = make_tokens(dark=False)
    assert contrast(tokens.colour(role), tokens.colour("surface")) == pytest.approx(on_surface, abs=0.06)


def test_every_role_and_tone_has_a_colour_in_both_looks(tokens: Tokens) -> None:
    assert {role for role in get_args(Role) if not tokens.colour(role).isValid()} == set()
    assert {tone for tone in get_args(Tone) if not tokens.tone(tone).ink.isValid()} == set()


def test_mixing_meets_in_the_middle() -> None:
    assert mixed(QColor("#000000"), QColor("#FFFFFF"), 0.5).name() == "#808080"
