"""A new passphrase typed twice, with a meter and words that say how hard it is to guess and why."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.presenters.passphrase import SHORTEST, Estimate, Fault, Strength, estimate
from ui.kit.names import named
from ui.widgets.field import Field
from ui.widgets.plain_label import PlainLabel
from ui.widgets.secret_field import SecretField
from ui.widgets.strength_meter import StrengthMeter

_LEVELS: Final[dict[Strength, int]] = {"empty": 0, "short": 0, "weak": 1, "fair": 2, "good": 3, "strong": 4}


@final
class NewPassphrase(QWidget):
    """Two fields, a meter, a word. `name` begins the object names: `name.passphrase`, `name.again`, `name.strength`."""

    changed = Signal()
    returnPressed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own: tuple[str, ...] = ()
        self.secret = SecretField()
        self.secret.name(f"{name}.passphrase", self.tr("Passphrase"))
        self.secret_field = Field(self.tr("Passphrase"), self.secret)
        self.again = SecretField()
        self.again.name(f"{name}.again", self.tr("Passphrase again"))
        self.again_field = Field(self.tr("The same again"), self.again)
        self.meter = named(StrengthMeter(), f"{name}.meter", "")
        self.strength = PlainLabel("", "caption", "muted", wrap=True)
        self.strength.setObjectName(f"{name}.strength")
        row = QHBoxLayout()
        row.setSpacing(12)
        for field in (self.secret_field, self.again_field):
            row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.meter)
        column.addWidget(self.strength)
        self.setFocusProxy(self.secret)
        self.secret.textChanged.connect(self._typed)
        self.again.textChanged.connect(self._typed_again)
        self.again.returnPressed.connect(self.returnPressed)
        self._judge()

    def know(self, *own: str) -> None:
        """Texts that a guesser knows: the names of the store and of the person, an address."""
        if own != self._own:
            self._own = own
            self._judge()

    @property
    def text(self) -> str:
        return self.secret.text()

    def is_right(self) -> bool:
        """Whether it is long enough and was typed the same twice."""
        return len(self.text) >= SHORTEST and self.text == self.again.text()

    def complain(self) -> None:
        """Say beside the field what keeps it from being right."""
        short = len(self.text) < SHORTEST
        differs = not short and self.text != self.again.text()
        self.mark("passphrase", self.tr("At least {number} characters.").format(number=SHORTEST) if short else "")
        self.mark("again", self.tr("The two differ.") if differs else "")

    def mark(self, which: str, words: str) -> None:
        """Put an error beside one of the fields, `passphrase` or `again`, or take it away with no words."""
        field = self.secret_field if which == "passphrase" else self.again_field
        field.set_error(words)
        field.control.edit.set_problem(wrong=bool(words))

    def clear(self) -> None:
        """Empty both, as when the form is left."""
        self.secret.clear()
        self.again.clear()

    def _typed(self) -> None:
        self.mark("passphrase", "")
        self._judge()
        self.changed.emit()

    def _typed_again(self) -> None:
        self.mark("again", "")
        self.changed.emit()

    def _judge(self) -> None:
        found = estimate(self.text, self._own)
        self.meter.set_level(_LEVELS[found.strength])
        words = self._words(found)
        self.meter.setAccessibleName(words)
        self.strength.setText(words)
        self.strength.set_style("caption", "today" if found.strength in ("short", "weak") else "muted")

    def _words(self, found: Estimate) -> str:
        strength = {
            "empty": self.tr("Six unrelated words are easy to keep and hard to guess."),
            "short": self.tr("Too short: at least {number} characters.").format(number=SHORTEST),
            "weak": self.tr("Weak: a program that guesses finds this one."),
            "fair": self.tr("Fair: it stops the curious, not a determined attacker."),
            "good": self.tr("Good: guessing it takes more than most attackers have."),
            "strong": self.tr("Strong: nobody guesses this one."),
        }[found.strength]
        return " ".join((strength, *(self._fault(fault) for fault in found.faults[:2])))

    def _fault(self, fault: Fault) -> str:
        return {
            "own": self.tr("It holds a name of this store or of you; those are tried first."),
            "common": self.tr("It stands on every list of stolen passwords."),
            "repeat": self.tr("A part that is repeated adds next to nothing."),
            "sequence": self.tr("Letters or digits in a row add next to nothing."),
            "keyboard": self.tr("Keys that lie side by side are tried early."),
            "date": self.tr("Years and dates are tried early."),
            "word": self.tr("One word alone is found in a word list."),
        }[fault]
