"""A person who answers every question as the test has told beforehand, and remembers what was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ui.kit.dialogs import FileChoice, Notice, Question, Reason


@dataclass
class FakeInteraction:
    """Says yes unless told otherwise; `reason` and `paths` are what is typed and chosen."""

    agrees: bool = True
    reason: str = "because the test says so"
    paths: list[Path] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    told: list[Notice] = field(default_factory=list)
    chosen: list[FileChoice] = field(default_factory=list)

    def ask(self, question: Question, then: Callable[[], None]) -> None:
        self.asked.append(question)
        if self.agrees:
            then()

    def ask_reason(self, question: Question, reason: Reason, then: Callable[[str], None]) -> None:
        self.asked.append(question)
        if self.agrees and len(self.reason.strip()) >= reason.least:
            then(self.reason.strip())

    def tell(self, notice: Notice, then: Callable[[], None] | None = None) -> None:
        self.told.append(notice)
        if then is not None:
            then()

    def open_files(self, choice: FileChoice, then: Callable[[list[Path]], None]) -> None:
        self.chosen.append(choice)
        if self.paths:
            then(list(self.paths))

    def open_folder(self, choice: FileChoice, then: Callable[[Path], None]) -> None:
        self.chosen.append(choice)
        if self.paths:
            then(self.paths[0])

    def save_file(self, choice: FileChoice, then: Callable[[Path], None]) -> None:
        self.chosen.append(choice)
        if self.paths:
            then(self.paths[0])
