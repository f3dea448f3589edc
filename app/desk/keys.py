"""The ways into the open store: every act that could lock a team out, or let somebody in, asks for a secret again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.desk.ports.clock import Clock
from app.desk.ports.keys import FromKeychain, PgpKey, Secret, WayInRow, WaysIn
from app.desk.ports.vault import Cancelled, Progress
from app.domain.errors import Rejected
from app.domain.recovery_code import recovery_groups, recovery_secret
from app.domain.values import Person

BackUp = Callable[[Path, Progress | None, Cancelled | None], object]
"""Makes and proves a backup in a folder or as a file; raises where it is not whole, Rejected("backup.cancelled")."""


class Keys:
    """What a person does with the ways in; used from the vault's thread.

    `proof` is a secret that opens the store now: whoever finds the desk unattended has none. The keychain is none
    either, since it answers to whoever sits there: Rejected("keys.proof").
    """

    def __init__(self, ways: WaysIn, back_up: BackUp, clock: Clock, actor: Person) -> None:
        self._ways = ways
        self._back_up = back_up
        self._clock = clock
        self._actor = actor
        self._unconfirmed: tuple[str, str] | None = None

    def ways(self) -> tuple[WayInRow, ...]:
        """Every way in, the oldest first."""
        return self._ways.rows()

    def keychain_name(self) -> str:
        """What the keychain of this machine is called, '' where there is none that may be used."""
        return self._ways.keychain_name()

    def pgp_keys(self) -> tuple[PgpKey, ...]:
        """The OpenPGP keys that the store could be opened with; raises Environment openpgp.*."""
        return self._ways.pgp_keys()

    def test(self, way: str, secret: Secret) -> bool:
        """Whether this secret opens this way in; changes nothing. Raises as `WaysIn.opens`."""
        return self._ways.opens(way, secret)

    def add_passphrase(self, proof: Secret, new: str, label: str = "") -> str:
        """A second passphrase, as for a deputy; gives its id. Raises as `WaysIn.add_passphrase`."""
        self._prove(proof)
        return self._ways.add_passphrase(new, label, self._actor, self._clock.now())

    def add_recovery(self, proof: Secret, label: str = "") -> str:
        """Makes a recovery code and gives it, this once; it opens nothing before `confirm_recovery`."""
        self._prove(proof)
        code = self._ways.new_recovery_code()
        self._unconfirmed = (code, label)
        return code

    def confirm_recovery(self, typed: str) -> str:
        """Takes the code into force that was typed back as it was shown; gives its id.

        Raises Rejected: recovery.group (which one can't be right), recovery.length, recovery.differs (groups), and
        keys.nothing-to-confirm. The code is not shown again, and can be typed again.
        """
        if self._unconfirmed is None:
            raise Rejected("keys.nothing-to-confirm", needs="add-recovery")
        shown, label = self._unconfirmed
        if recovery_secret(typed) != recovery_secret(shown):
            pairs = zip(recovery_groups(shown), recovery_groups(typed), strict=True)
            wrong = ", ".join(str(number) for number, (one, other) in enumerate(pairs, 1) if one != other)
            raise Rejected("recovery.differs", groups=wrong, needs="recovery-code")
        way = self._ways.add_recovery(shown, label, self._actor, self._clock.now())
        self._unconfirmed = None
        return way

    def drop_recovery(self) -> None:
        """Forgets a code that nobody confirmed; it never opened anything."""
        self._unconfirmed = None

    def add_keychain(self, proof: Secret, label: str = "") -> str:
        """Lets the keychain of this machine open the store; gives the id. Raises as `WaysIn.add_keychain`."""
        self._prove(proof)
        return self._ways.add_keychain(label, self._actor, self._clock.now())

    def add_openpgp(self, proof: Secret, fingerprint: str, label: str = "") -> str:
        """Lets an OpenPGP key open the store; gives the id. Raises as `WaysIn.add_openpgp`."""
        self._prove(proof)
        return self._ways.add_openpgp(fingerprint, label, self._actor, self._clock.now())

    def rename(self, way: str, label: str) -> None:
        """Calls a way in otherwise. Raises as `WaysIn.rename`."""
        self._ways.rename(way, label, self._actor, self._clock.now())

    def change_passphrase(self, way: str, old: Secret, new: str) -> None:
        """Replaces a passphrase; the old one proves who asks, or any other way in where it is forgotten."""
        self._prove(old)
        self._ways.change_passphrase(way, new, self._actor, self._clock.now())

    def revoke(self, proof: Secret, way: str) -> None:
        """Takes a way in out. Raises as `WaysIn.revoke`.

        Whoever kept an old copy of the store can still open that copy with it; `rekey` makes the old key worthless.
        """
        self._prove(proof)
        self._ways.revoke(way, self._actor, self._clock.now())

    def rekey(
        self, proof: Secret, backup: Path, progress: Progress | None = None, cancelled: Cancelled | None = None
    ) -> bool:
        """Replaces the store key, after a backup in `backup` (a folder or a file) was made and found whole.

        False where it was cancelled before the key was touched; after that it goes to the end, also after a crash.
        Raises what the backup raises, and Environment("store.not-rekeyed"): then the old key is in force.
        """
        self._prove(proof)
        try:
            self._back_up(backup, progress, cancelled)
        except Rejected as stopped:
            if stopped.code != "backup.cancelled":
                raise
            return False
        if cancelled is not None and cancelled():
            return False
        self._ways.rekey(self._actor, self._clock.now())
        return True

    def _prove(self, proof: Secret) -> None:
        if isinstance(proof, FromKeychain):
            raise Rejected("keys.proof", needs="passphrase")
        self._ways.prove(proof)
