"""The command language: every verb of the desk, in one tagged union by its kebab-case name."""

from __future__ import annotations

from typing import Any

from app.domain.commands import case_commands, release_commands, team_commands
from app.domain.commands.case_commands import CaseCommand, verb_of
from app.domain.commands.release_commands import ReleaseCommand
from app.domain.commands.team_commands import TeamCommand

Command = CaseCommand | ReleaseCommand | TeamCommand


def _types(module: Any, base: type) -> dict[str, type]:
    found = [v for v in vars(module).values() if isinstance(v, type) and issubclass(v, base) and v is not base]
    return {verb_of(t.__name__): t for t in found}


CASE_VERBS: dict[str, type[CaseCommand]] = _types(case_commands, CaseCommand)
RELEASE_VERBS: dict[str, type[ReleaseCommand]] = _types(release_commands, ReleaseCommand)
TEAM_VERBS: dict[str, type[TeamCommand]] = _types(team_commands, TeamCommand)
VERBS: dict[str, type[Command]] = {**CASE_VERBS, **RELEASE_VERBS, **TEAM_VERBS}

__all__ = [
    "CASE_VERBS",
    "RELEASE_VERBS",
    "TEAM_VERBS",
    "VERBS",
    "CaseCommand",
    "Command",
    "ReleaseCommand",
    "TeamCommand",
    "verb_of",
]
