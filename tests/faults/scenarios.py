"""Every scenario by its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tests.faults.backup_acts import BackUp, Restore
from tests.faults.day import DeskDay, FirstDay, OldStoreDay
from tests.faults.erase_act import EraseCase, Upgrade
from tests.faults.plain_commits import PlainCommits, PlainCommitsSafely
from tests.faults.rescue_act import Rescue
from tests.faults.scenario import Scenario
from tests.faults.slot_acts import AddWay, ChangePassphrase, Rekey, RevokeWay

_DAYS: Final[Sequence[type[Scenario]]] = (DeskDay, FirstDay, OldStoreDay)
_ACTS: Final[Sequence[type[Scenario]]] = (
    ChangePassphrase,
    AddWay,
    RevokeWay,
    Rekey,
    BackUp,
    Restore,
    EraseCase,
    Upgrade,
    Rescue,
)
_PLAIN: Final[Sequence[type[Scenario]]] = (PlainCommits, PlainCommitsSafely)

SCENARIOS: Final = {scenario.name: scenario for scenario in (*_DAYS, *_ACTS, *_PLAIN)}
ACTS: Final = tuple(scenario.name for scenario in _ACTS)
"""What is killed inside one window of its own."""
