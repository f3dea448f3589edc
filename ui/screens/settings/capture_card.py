"""Screenshots and shared screens: the choice to be left out of them, or that this system offers none."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

from PySide6.QtCore import QObject

from app.domain.errors import AppError
from app.presenters.settings import HIDE_FROM_CAPTURE, MachineSettings
from ui.kit.capture import CaptureGuard, capture_guard
from ui.kit.names import named
from ui.widgets.card import Card
from ui.widgets.check_box import CheckBox
from ui.widgets.paragraph import Paragraph


@final
class _Words(QObject):
    """Speaks for this module, so that the words can be translated."""

    def card(self, settings: MachineSettings, failed: Callable[[Exception], None]) -> Card:
        card = Card(self.tr("Screenshots and shared screens"), self.tr("kept on this machine"))
        guard = capture_guard()
        if guard is None:
            words = self.tr(
                "This system lets no program keep its window out of screenshots, recordings and shared screens. "
                "Lock the store before you share your screen."
            )
        else:
            card.body.addWidget(self._box(settings, guard, failed))
            words = self.tr("The windows of Holdfast stay black or away in screenshots, recordings and shared screens.")
        card.body.addWidget(Paragraph(words, "small", "text-2"))
        return card

    def _box(self, settings: MachineSettings, guard: CaptureGuard, failed: Callable[[Exception], None]) -> CheckBox:
        words = self.tr("Hide the windows from capture")
        box = named(CheckBox(words), "settings.hideFromCapture", words)
        box.setChecked(settings.get(HIDE_FROM_CAPTURE) == "yes")

        def choose(hidden: bool) -> None:
            guard.set_hidden(hidden=hidden)
            try:
                settings.set(HIDE_FROM_CAPTURE, "yes" if hidden else "no")
            except AppError as problem:
                failed(problem)

        box.toggled.connect(choose)
        return box


def capture_card(settings: MachineSettings, failed: Callable[[Exception], None]) -> Card:
    """The card of the settings page; it is a sentence where there is nothing to choose."""
    return _Words().card(settings, failed)
