"""An open store as presenters see it; filled by the bootstrap, in tests by fakes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from app.desk.backups import Backups
from app.desk.desk import Done
from app.desk.intake import Intake
from app.desk.keys import Keys
from app.desk.ports.clock import Clock
from app.desk.ports.exchange import Rendered
from app.desk.ports.files import PrivateFiles
from app.desk.ports.reading import Sources
from app.desk.ports.resources import Policies
from app.desk.ports.vault import Queries, Transaction, Vault
from app.desk.retention import Retention
from app.domain.commands import CaseCommand, ReleaseCommand, TeamCommand
from app.domain.errors import Environment
from app.domain.team import Team
from app.domain.values import Person


class Desk(Protocol):
    """Where commands are performed, one transaction each."""

    def perform(self, ref: str | None, command: CaseCommand | ReleaseCommand | TeamCommand) -> Done:
        """Raises Rejected where a rule or a field stands in the way; then nothing has changed."""
        ...

    def apply(self, tx: Transaction, ref: str | None, command: CaseCommand | ReleaseCommand | TeamCommand) -> Done:
        """The same inside a transaction that is already open, as when a file is stored with its command."""
        ...

    def save_draft(self, ref: str, field: str, text: str | None) -> None:
        """Keep the unsaved text of an editor in the store, or forget it with None."""
        ...

    def team(self) -> Team: ...


class Session(Protocol):
    """An open store. All but `clock` and `me` is called on the vault's thread only, through the Runner."""

    @property
    def me(self) -> Person: ...
    @property
    def warnings(self) -> tuple[Environment, ...]:
        """What the place of the store brings with it (`place.network`, `place.synced` …), to be shown once."""
        ...

    @property
    def queries(self) -> Queries: ...
    @property
    def policies(self) -> Policies: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def desk(self) -> Desk: ...
    @property
    def vault(self) -> Vault: ...
    @property
    def files(self) -> PrivateFiles:
        """Files of this machine that a person chose: one to put in, one to save a copy to."""
        ...

    @property
    def keys(self) -> Keys: ...

    @property
    def backups(self) -> Backups: ...

    @property
    def retention(self) -> Retention: ...

    @property
    def intake(self) -> Intake: ...
    def import_sources(self, paths: Sequence[str]) -> Sources:
        """The files behind these paths, folders walked; each is read when its turn comes."""
        ...

    @property
    def exchange(self) -> Any:
        """`app.desk.exchange.Exchange`."""
        ...

    def write_export(self, folder: Path, files: Sequence[Rendered]) -> tuple[Path, ...]:
        """Write what an export gave into a folder, each file for its owner alone; raises Environment."""
        ...
