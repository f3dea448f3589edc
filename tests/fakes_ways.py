"""Ways into a store that is none: secrets in the open, refusals as the real ones make them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from app.desk.ports.keys import FromKeychain, FromOpenPgp, PgpKey, RecoveryCode, Secret, WayInRow
from app.desk.ports.vault import Cancelled, Progress
from app.domain.errors import Environment, Rejected
from app.domain.recovery_code import recovery_code, recovery_secret

PROOF = "kelp lantern orbit"
FINGERPRINT = "0123456789ABCDEF0123456789ABCDEF89AB9F41"
SINCE = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


class FakeKeys:
    """One passphrase at first; every change is kept in `rows`, every secret in `secrets`."""

    def __init__(self) -> None:
        self.rows = [WayInRow(id="1", kind="passphrase", label="Passphrase", since=SINCE, revocable=False)]
        self.secrets: dict[str, Secret] = {"1": PROOF}
        self.keychain = ""
        self.pgp: tuple[PgpKey, ...] = ()
        self.shown = ""
        self.rekeyed: list[Path] = []
        self.problem: Exception | None = None

    def ways(self) -> tuple[WayInRow, ...]:
        return tuple(self.rows)

    def keychain_name(self) -> str:
        return self.keychain

    def pgp_keys(self) -> tuple[PgpKey, ...]:
        if self.problem is not None:
            raise self.problem
        return self.pgp

    def test(self, way: str, secret: Secret) -> bool:
        return self.secrets[way] == secret

    def add_passphrase(self, proof: Secret, new: str, label: str = "") -> str:
        return self._add(proof, "passphrase", label, new)

    def add_recovery(self, proof: Secret, label: str = "") -> str:
        self._prove(proof)
        self._label = label
        self.shown = recovery_code(bytes(range(20)))
        return self.shown

    def confirm_recovery(self, typed: str) -> str:
        if recovery_secret(typed) != recovery_secret(self.shown):
            raise Rejected("recovery.differs", groups="1")
        return self._add(PROOF, "recovery", self._label, RecoveryCode(self.shown))

    def drop_recovery(self) -> None:
        self.shown = ""

    def add_keychain(self, proof: Secret, label: str = "") -> str:
        return self._add(proof, "keychain", label, FromKeychain())

    def add_openpgp(self, proof: Secret, fingerprint: str, label: str = "") -> str:
        return self._add(proof, "openpgp", label, FromOpenPgp(), fingerprint)

    def rename(self, way: str, label: str) -> None:
        self.rows = [msgspec.structs.replace(r, label=label) if r.id == way else r for r in self.rows]

    def revoke(self, proof: Secret, way: str) -> None:
        self._prove(proof)
        if len(self.rows) == 1:
            raise Rejected("keys.last")
        self.rows = [row for row in self.rows if row.id != way]
        del self.secrets[way]

    def change_passphrase(self, way: str, old: Secret, new: str) -> None:
        self._prove(old)
        self.secrets[way] = new

    def rekey(
        self, proof: Secret, backup: Path, progress: Progress | None = None, cancelled: Cancelled | None = None
    ) -> bool:
        self._prove(proof)
        if self.problem is not None:
            raise self.problem
        if progress is not None:
            progress(1, 2)
        if cancelled is not None and cancelled():
            return False
        self.rekeyed.append(backup)
        return True

    def _prove(self, proof: Secret) -> None:
        if isinstance(proof, FromOpenPgp) and proof not in self.secrets.values():
            raise Environment("openpgp.no-key")
        if proof not in self.secrets.values():
            raise Rejected("store.wrong-passphrase", needs="passphrase")

    def _add(self, proof: Secret, kind: str, label: str, secret: Secret, fingerprint: str = "") -> str:
        self._prove(proof)
        if label in [row.label for row in self.rows]:
            raise Rejected("keys.label-taken", label=label)
        way = str(len(self.rows) + 1)
        since = SINCE + timedelta(days=len(self.rows))
        self.rows = [msgspec.structs.replace(row, revocable=True) for row in self.rows]
        self.rows.append(WayInRow(id=way, kind=kind, label=label, since=since, fingerprint=fingerprint))
        self.secrets[way] = secret
        return way
