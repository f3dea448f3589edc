"""Whether this machine remembers how far each store went, so that an older copy put in its place shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

from PySide6.QtCore import QObject

from app.domain.errors import AppError
from app.presenters.settings import SEEN_STORES, MachineSettings
from ui.kit.names import named
from ui.widgets.card import Card
from ui.widgets.check_box import CheckBox
from ui.widgets.paragraph import Paragraph


@final
class _Words(QObject):
    """Speaks for this module, so that the words can be translated."""

    def card(self, settings: MachineSettings, failed: Callable[[Exception], None]) -> Card:
        card = Card(self.tr("Older copies"), self.tr("kept on this machine"))
        words = self.tr("Remember how far each store went")
        box = named(CheckBox(words), "settings.seenStores", words)
        box.setChecked(settings.get(SEEN_STORES) == "yes")

        def choose(wanted: bool) -> None:
            try:
                settings.set(SEEN_STORES, "yes" if wanted else "no")
            except AppError as problem:
                failed(problem)

        box.toggled.connect(choose)
        card.body.addWidget(box)
        said = self.tr(
            "A store that somebody put back to an older state is told before it is opened. What is remembered is a "
            "number and a hash for each store, without a name or a word of it."
        )
        card.body.addWidget(Paragraph(said, "small", "text-2"))
        return card


def memory_card(settings: MachineSettings, failed: Callable[[Exception], None]) -> Card:
    """The card of the settings page."""
    return _Words().card(settings, failed)
