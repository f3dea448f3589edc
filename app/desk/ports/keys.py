"""The sockets of what opens a store: secrets a person gives, the keychain of this machine, OpenPGP keys."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec
from typing_extensions import override

from app.domain.values import Person

SLOT_SECRET_BYTES = 32
"""How many random bytes a keychain or an OpenPGP message keeps for a slot."""


class RecoveryCode(msgspec.Struct, frozen=True):
    """A recovery code as it was typed: spaces, hyphens, case and look-alikes (O for 0, I and L for 1) are forgiven."""

    code: str

    @override
    def __repr__(self) -> str:
        return "RecoveryCode(...)"


class FromKeychain(msgspec.Struct, frozen=True):
    """Asks the keychain of this machine for the secret."""


class FromOpenPgp(msgspec.Struct, frozen=True):
    """Asks OpenPGP to decrypt the secret; the agent asks for the PIN or the passphrase of the key itself."""


Secret = str | RecoveryCode | FromKeychain | FromOpenPgp
"""What a person opens a store with; a plain str is a passphrase."""


class PgpKey(msgspec.Struct, frozen=True, kw_only=True):
    """An OpenPGP key whose secret part this machine or an inserted card holds; texts are safe to show.

    `fingerprint` is 40 or 64 upper-case hexadecimal digits; `created` and `expires` are UTC.
    """

    fingerprint: str
    name: str = ""
    created: datetime | None = None
    expires: datetime | None = None
    is_card: bool = False
    can_encrypt: bool = True


class Keychain(Protocol):
    """The keychain of the operating system, of an allow-listed kind, never whatever the environment names."""

    def name(self) -> str:
        """What the keychain of this machine is called, '' where there is none that may be used. Never raises."""
        ...

    def put(self, store_id: str, slot: str, secret: bytes) -> None:
        """Keeps the secret of a slot and reads it back.

        Raises Environment: keychain.missing (there is none that may be used), keychain.refused (it said no, or gave
        back something else).
        """
        ...

    def get(self, store_id: str, slot: str) -> bytes | None:
        """The secret of a slot, None where the keychain has none; raises Environment like `put`."""
        ...

    def delete(self, store_id: str, slot: str) -> None:
        """Forgets the secret of a slot; none there is no fault. Raises Environment like `put`."""
        ...


class OpenPgp(Protocol):
    """OpenPGP through the keys of the person who works here, smartcards too."""

    def secret_keys(self) -> tuple[PgpKey, ...]:
        """The keys whose secret part is here; raises Environment("openpgp.missing") where there is no OpenPGP."""
        ...

    def wrap(self, fingerprint: str, secret: bytes) -> bytes:
        """A message to exactly this key (whole fingerprint), its recipients checked after it was made.

        Raises Rejected("openpgp.fingerprint") for anything but a whole fingerprint, Environment: openpgp.missing,
        openpgp.no-key, openpgp.refused.
        """
        ...

    def unwrap(self, message: bytes) -> bytes:
        """The content of a message, only after the exact status sequence of a whole, intact decryption.

        Raises Environment: openpgp.missing, openpgp.no-key (none of the keys is here), openpgp.cancelled (the person
        gave no PIN), openpgp.refused (anything else).
        """
        ...


class WayInRow(msgspec.Struct, frozen=True, kw_only=True):
    """One way into the open store; `since` is when its secret was set (UTC). Texts are safe to show.

    `kind` is passphrase, recovery, keychain, openpgp, or other for one that a later version made. `revocable` is False
    where the store would be left without a way in that stands alone.
    """

    id: str
    kind: str
    label: str = ""
    since: datetime | None = None
    fingerprint: str = ""
    revocable: bool = True


class WaysIn(Protocol):
    """The ways into one open store; used on the vault's thread. Whatever is refused, nothing has changed.

    `now` is UTC. Labels are at most 60 characters and no two alike; an empty one stands for a usual name. Everything
    that changes the slot file raises Environment("store.slots-damaged") and disk.* as well.
    """

    def rows(self) -> tuple[WayInRow, ...]:
        """Every way in, the oldest first."""
        ...

    def prove(self, secret: Secret) -> None:
        """Raises Rejected: store.wrong-passphrase, recovery.*; Environment openpgp.*, unless it opens the store."""
        ...

    def opens(self, way: str, secret: Secret) -> bool:
        """Whether this secret opens this way in; raises Rejected("keys.unknown"), recovery.*, Environment keychain.*,
        openpgp.*.
        """
        ...

    def keychain_name(self) -> str:
        """What the keychain of this machine is called, '' where there is none that may be used."""
        ...

    def pgp_keys(self) -> tuple[PgpKey, ...]:
        """The OpenPGP keys whose secret part is here; raises Environment openpgp.*."""
        ...

    def new_recovery_code(self) -> str:
        """A fresh code; it opens nothing yet."""
        ...

    def add_passphrase(self, new: str, label: str, actor: Person, now: datetime) -> str:
        """Adds a passphrase; gives the id. Raises Rejected: passphrase.*, keys.label-taken, keys.too-many, text.*."""
        ...

    def add_recovery(self, code: str, label: str, actor: Person, now: datetime) -> str:
        """Lets a code open the store; gives the id. Raises Rejected recovery.*, and as `add_passphrase`."""
        ...

    def add_keychain(self, label: str, actor: Person, now: datetime) -> str:
        """Lets the keychain of this machine open the store; gives the id. Raises Environment keychain.* as well."""
        ...

    def add_openpgp(self, fingerprint: str, label: str, actor: Person, now: datetime) -> str:
        """Lets an OpenPGP key open the store, tried at once; gives the id. Raises openpgp.* as well."""
        ...

    def rename(self, way: str, label: str, actor: Person, now: datetime) -> None:
        """Calls a way in otherwise; raises Rejected: keys.unknown, keys.label-taken, text.*."""
        ...

    def change_passphrase(self, way: str, new: str, actor: Person, now: datetime) -> None:
        """Replaces the passphrase of a way in; raises Rejected: keys.unknown, keys.no-passphrase, passphrase.*."""
        ...

    def revoke(self, way: str, actor: Person, now: datetime) -> None:
        """Takes a way in out; raises Rejected: keys.unknown, keys.last, keys.only-keychain."""
        ...

    def rekey(self, actor: Person, now: datetime) -> None:
        """Replaces the store key for every way in, after a backup was made. Raises Environment("store.not-rekeyed")."""
        ...
