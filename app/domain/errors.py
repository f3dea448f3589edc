"""Every failure the application can name: who can mend it, a code, and facts; the words live in the face.

AppError
├── Rejected      the person can mend it: a rule, a field, a missing step
├── Environment   the machine stands in the way: a file, a lock, a full disk
└── Defect        we are at fault
"""

from __future__ import annotations

from typing import Final

from typing_extensions import override

FactValue = str | int | float


class AppError(Exception):
    """A failure with a stable dotted code and facts that may be shown.

    Facts are short, already made safe to show, and never hold the text of a case, so that they may be logged.
    """

    kind: Final[str] = "error"

    def __init__(self, code: str, /, *, rule: str = "", needs: str = "", **facts: FactValue) -> None:
        super().__init__(code)
        self.code = code
        self.rule = rule
        """The rule that refused, as a key of a policy clock or a short name of its source."""
        self.needs = needs
        """What would satisfy the rule: a verb of the command line, or a field name."""
        self.facts: dict[str, FactValue] = dict(facts)

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r})"


class Rejected(AppError):
    """Refused because of a rule or of what was given; the person can mend it."""


class Environment(AppError):
    """The machine stands in the way: disk, permission, lock, damaged or newer file."""


class Defect(AppError):
    """Something that must not happen did: a fault of the program."""
