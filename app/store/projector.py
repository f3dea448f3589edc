"""From a state to its rows: what is written beside the log, by every command and again by every rebuilding."""

from __future__ import annotations

from typing import Final

from app.desk.ports.resources import Policies
from app.domain.case.state import Case
from app.domain.projection import CaseProjection, ReleaseProjection, project_case, project_release
from app.domain.release.state import Release
from app.store.connection import Connection
from app.store.states import Projection
from app.store.streams import State
from app.store.tables.cases import CaseTables
from app.store.tables.releases import write_release

VERSION: Final = 1
"""The version of the rules that make rows from states; a store whose rows were made by others makes them again."""


class Projector:
    """Makes and writes the rows of states."""

    def __init__(self, db: Connection, policies: Policies) -> None:
        self._db = db
        self._policies = policies
        self.cases = CaseTables(db)

    def project(self, state: State | None) -> Projection:
        """The flat facts of a state; nothing for the team."""
        if isinstance(state, Case):
            return project_case(state, self._policies.get(state.policy, state.policy_version))
        if isinstance(state, Release):
            return project_release(state)
        return None

    def write(self, stream: int, old: Projection, new: Projection) -> None:
        """Brings the rows of a stream from `old`, or from nothing, to `new`."""
        if isinstance(new, CaseProjection):
            self.cases.write(stream, old if isinstance(old, CaseProjection) else None, new)
        elif isinstance(new, ReleaseProjection):
            write_release(self._db, stream, old if isinstance(old, ReleaseProjection) else None, new)
