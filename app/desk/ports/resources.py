"""The sockets of the data that comes with the program."""

from __future__ import annotations

from typing import Protocol

from app.domain.policy import Policy
from app.domain.project import Project


class Policies(Protocol):
    """The policies a store can name; a case is pinned to one version."""

    def get(self, name: str, version: int) -> Policy:
        """Raises Rejected("policy.unknown") where it is not there."""
        ...

    def latest(self, name: str) -> Policy: ...
    def names(self) -> tuple[str, ...]: ...


class Projects(Protocol):
    """The project profiles that come with the program."""

    def get(self, key: str) -> Project:
        """Raises Rejected("project.unknown") where it is not there."""
        ...

    def names(self) -> tuple[str, ...]: ...
