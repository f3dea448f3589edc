"""The look in force: tokens, fonts and measures, and the hub that tells everyone when it changes.

The hub is a child of the QApplication, found through `hub()`; there is no module-level state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ui.kit.fonts import Fonts, Style, load_faces, make_fonts
from ui.kit.style_sheet import style_sheet
from ui.kit.tokens import Role, Tokens, Tone, TonePair, make_tokens

Mode = Literal["system", "light", "dark"]

HUB_NAME: Final = "themeHub"
DRESSED: Final = "beganWithFusion"
"""Property of an application that began with `-style fusion`: asking for a style by name costs 5 ms of a start."""
SMALLEST_SCALE: Final = 0.9
LARGEST_SCALE: Final = 1.5
_SCHEMES: Final[dict[Mode, Qt.ColorScheme]] = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


@dataclass(frozen=True, slots=True)
class Theme:
    """Everything a painter needs to know; made once per change, never while painting."""

    tokens: Tokens
    fonts: Fonts
    dark: bool

    @property
    def scale(self) -> float:
        return self.fonts.scale

    def px(self, size: float) -> int:
        """A measure of LOOK in logical pixels at the chosen text size."""
        return round(size * self.fonts.scale)

    def colour(self, role: Role) -> QColor:
        return self.tokens.colours[role]

    def tone(self, tone: Tone) -> TonePair:
        return self.tokens.tones[tone]

    def font(self, style: Style) -> QFont:
        return self.fonts.fonts[style]

    def metric(self, style: Style) -> QFontMetricsF:
        return self.fonts.metrics[style]


@final
class ThemeHub(QObject):
    """Holds the theme in force and says `changed` after the application has taken on a new one."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName(HUB_NAME)
        self._app = app
        self._mode: Mode = "light"
        load_faces()
        if not app.property(DRESSED):
            app.setStyle("Fusion")
        self._theme = Theme(make_tokens(dark=False), make_fonts(1.0), dark=False)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def theme(self) -> Theme:
        return self._theme

    @property
    def mode(self) -> Mode:
        return self._mode

    def set_look(self, mode: Mode, scale: float) -> None:
        """Take on a look at once; `scale` is the text size, held between 0.9 and 1.5."""
        self._mode = mode
        dark = mode == "dark" or (mode == "system" and self._system_is_dark())
        scale = min(LARGEST_SCALE, max(SMALLEST_SCALE, scale))
        fonts = self._theme.fonts if scale == self._theme.scale else make_fonts(scale)
        self._theme = Theme(make_tokens(dark=dark), fonts, dark)
        # The hint is for what the platform draws itself, such as title bars; it recolours nothing of ours.
        QGuiApplication.styleHints().setColorScheme(
            Qt.ColorScheme.Unknown if mode == "system" else Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light
        )
        self._app.setPalette(make_palette(self._theme))
        self._app.setFont(self._theme.font("body"))
        self._app.setStyleSheet(style_sheet(self._theme.tokens, self._theme.px))
        self.changed.emit()

    def _system_is_dark(self) -> bool:
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def _system_changed(self) -> None:
        if self._mode == "system" and self._system_is_dark() != self._theme.dark:
            self.set_look("system", self._theme.scale)


def apply_theme(app: QApplication, mode: Mode = "system", scale: float = 1.0) -> ThemeHub:
    """Dress the application and give back the hub; call it at start and again after a settings change."""
    found = app.findChild(ThemeHub, HUB_NAME, Qt.FindChildOption.FindDirectChildrenOnly)
    made = found or ThemeHub(app)
    made.set_look(mode, scale)
    return made


def hub() -> ThemeHub:
    """The application's hub; a program that dressed nothing gets the light look."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("a theme needs a QApplication")
    found = app.findChild(ThemeHub, HUB_NAME, Qt.FindChildOption.FindDirectChildrenOnly)
    return found or apply_theme(app, "light")


def theme() -> Theme:
    """The theme in force. Painters of many rows keep it and refetch on `hub().changed`."""
    return hub().theme


def make_palette(look: Theme) -> QPalette:
    """The QPalette of LOOK section 10, for everything that Fusion still draws."""
    roles: dict[QPalette.ColorRole, Role] = {
        QPalette.ColorRole.Window: "canvas",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "sunken",
        QPalette.ColorRole.Button: "raised",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.BrightText: "on-accent",
        QPalette.ColorRole.PlaceholderText: "muted",
        QPalette.ColorRole.Highlight: "selected",
        QPalette.ColorRole.HighlightedText: "text",
        QPalette.ColorRole.Accent: "accent",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.LinkVisited: "accent",
        QPalette.ColorRole.Light: "raised",
        QPalette.ColorRole.Midlight: "hover",
        QPalette.ColorRole.Mid: "border",
        QPalette.ColorRole.Dark: "border-2",
        QPalette.ColorRole.Shadow: "border-2",
        QPalette.ColorRole.ToolTipBase: "tip",
        QPalette.ColorRole.ToolTipText: "on-tip",
    }
    palette = QPalette()
    for role, name in roles.items():
        palette.setColor(role, look.colour(name))
    disabled = QPalette.ColorGroup.Disabled
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(disabled, role, look.colour("muted"))
    for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Button):
        palette.setColor(disabled, role, look.colour("sunken"))
    return palette
