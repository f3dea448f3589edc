"""The kinds of ways in: how each secret becomes the key around a slot's private key.

passphrase   Argon2id over the passphrase, parameters and salt in the slot
recovery     HKDF over the 160 random bits of a recovery code: no guess can reach them, so no slow derivation
keychain     HKDF over 32 random bytes that the keychain of this machine keeps
openpgp      HKDF over 32 random bytes in a message to one OpenPGP key, which lies in the slot
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final, Literal, get_args

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from typing_extensions import override

from app.desk.ports.clock import Ids
from app.desk.ports.keys import SLOT_SECRET_BYTES, FromKeychain, FromOpenPgp, Keychain, OpenPgp, RecoveryCode, Secret
from app.domain.errors import Environment, Rejected
from app.domain.recovery_code import recovery_secret
from app.store.keys import CEILING, KEY_BYTES, SALT_BYTES, KdfCost, derive

Kind = Literal["passphrase", "recovery", "keychain", "openpgp"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
MESSAGE_LIMIT: Final = 8 * 1024
"""Bytes of an OpenPGP message in a slot."""


class SlotsDamaged(Exception):
    """This copy of the slot file can't be used: `reason` is a short key."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Kdf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the key of a passphrase slot is made."""

    name: Literal["argon2id"]
    memory_kib: int
    iterations: int
    lanes: int
    salt: str

    def cost(self) -> KdfCost:
        """The parameters without the salt."""
        return KdfCost(memory_kib=self.memory_kib, iterations=self.iterations, lanes=self.lanes)


class NewWay(msgspec.Struct, frozen=True, kw_only=True):
    """A way in that is about to be added: what stands in its slot, and the key that its secret gives."""

    kind: Kind
    parameters: dict[str, Any]
    key: bytes

    @override
    def __repr__(self) -> str:
        return f"NewWay(kind={self.kind!r})"


class Doors:
    """What turns a secret into the key of a slot; remembers the slow derivations of one opening."""

    def __init__(self, keychain: Keychain | None = None, openpgp: OpenPgp | None = None) -> None:
        self._keychain = keychain
        self._openpgp = openpgp
        self._derived: dict[tuple[str, bytes, KdfCost], bytes] = {}
        self.refusal: Environment | None = None
        """What an OpenPGP key that is not here said; another slot may open all the same."""

    def key(self, store_id: str, slot: dict[str, Any], secret: Secret) -> bytes | None:
        """The key that this secret gives for this slot, right or wrong; None where there is none to try."""
        if isinstance(secret, str):
            return self._from_passphrase(msgspec.convert(slot["kdf"], Kdf), secret)
        salt = decoded(slot["salt"], SALT_BYTES)
        if isinstance(secret, RecoveryCode):
            return _expanded(recovery_secret(secret.code), salt, "recovery")
        if isinstance(secret, FromKeychain):
            kept = self.keychain.get(store_id, slot["id"])
            return None if kept is None else _expanded(kept, salt, "keychain")
        content = self._from_openpgp(decoded(slot["message"]))
        return None if content is None else _expanded(content, salt, "openpgp")

    @property
    def keychain(self) -> Keychain:
        """The keychain; raises Environment("keychain.missing") where there is none that may be used."""
        if self._keychain is None or not self._keychain.name():
            raise Environment("keychain.missing")
        return self._keychain

    @property
    def openpgp(self) -> OpenPgp:
        """OpenPGP; raises Environment("openpgp.missing") where there is none."""
        if self._openpgp is None:
            raise Environment("openpgp.missing")
        return self._openpgp

    def _from_passphrase(self, kdf: Kdf, passphrase: str) -> bytes:
        salt = decoded(kdf.salt, SALT_BYTES)
        known = (passphrase, salt, kdf.cost())
        if known not in self._derived:
            self._derived[known] = _slowly(passphrase, salt, kdf.cost())
        return self._derived[known]

    def _from_openpgp(self, message: bytes) -> bytes | None:
        try:
            return self.openpgp.unwrap(message)
        except Environment as fault:
            if fault.code != "openpgp.no-key":
                raise
            self.refusal = fault
            return None


def kind_of(secret: Secret) -> Kind:
    """Which slots a secret can open."""
    if isinstance(secret, str):
        return "passphrase"
    if isinstance(secret, RecoveryCode):
        return "recovery"
    return "openpgp" if isinstance(secret, FromOpenPgp) else "keychain"


def passphrase_way(passphrase: str, cost: KdfCost, ids: Ids) -> NewWay:
    """A way in by passphrase; raises Rejected passphrase.*."""
    salt = ids.secret(SALT_BYTES)
    kdf = {"name": "argon2id", **msgspec.structs.asdict(cost), "salt": encoded(salt)}
    return NewWay(kind="passphrase", parameters={"kdf": kdf}, key=_slowly(passphrase, salt, cost))


def recovery_way(code: str, ids: Ids) -> NewWay:
    """A way in by recovery code; raises Rejected recovery.*."""
    salt = ids.secret(SALT_BYTES)
    key = _expanded(recovery_secret(code), salt, "recovery")
    return NewWay(kind="recovery", parameters={"salt": encoded(salt)}, key=key)


def keychain_way(doors: Doors, store_id: str, slot_id: str, ids: Ids) -> NewWay:
    """A way in by a secret that the keychain keeps from here on; raises Environment keychain.*."""
    secret, salt = ids.secret(SLOT_SECRET_BYTES), ids.secret(SALT_BYTES)
    doors.keychain.put(store_id, slot_id, secret)
    if doors.keychain.get(store_id, slot_id) != secret:
        raise Environment("keychain.refused")
    key = _expanded(secret, salt, "keychain")
    return NewWay(kind="keychain", parameters={"salt": encoded(salt)}, key=key)


def openpgp_way(doors: Doors, fingerprint: str, ids: Ids) -> NewWay:
    """A way in by an OpenPGP key, tried at once, since a way that does not open is none.

    Raises openpgp.*; openpgp.unusable where the key is not here, can't be used, or lacks its secret part.
    """
    secret, salt = ids.secret(SLOT_SECRET_BYTES), ids.secret(SALT_BYTES)
    try:
        message = doors.openpgp.wrap(fingerprint, secret)
        if len(message) > MESSAGE_LIMIT or doors.openpgp.unwrap(message) != secret:
            raise Environment("openpgp.refused", why="round trip")
    except Environment as fault:
        raise (Environment("openpgp.unusable") if fault.code == "openpgp.no-key" else fault) from None
    parameters = {"salt": encoded(salt), "fingerprint": fingerprint, "message": encoded(message)}
    return NewWay(kind="openpgp", parameters=parameters, key=_expanded(secret, salt, "openpgp"))


def demand_kdf(raw: Any, floor: KdfCost) -> None:
    """Raises SlotsDamaged for a derivation that this version would never write: `malformed`, `kdf`."""
    try:
        kdf = msgspec.convert(raw, Kdf)
    except msgspec.ValidationError as fault:
        raise SlotsDamaged("malformed") from fault
    decoded(kdf.salt, SALT_BYTES)
    if not kdf.cost().is_within(floor, CEILING):
        raise SlotsDamaged("kdf")


def encoded(data: bytes) -> str:
    """Bytes as they stand in the file."""
    return base64.b64encode(data).decode()


def decoded(text: Any, size: int | None = None) -> bytes:
    """The bytes again; raises SlotsDamaged("malformed") for anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError) as fault:
        raise SlotsDamaged("malformed") from fault
    if size is not None and len(data) != size:
        raise SlotsDamaged("malformed")
    return data


def _slowly(passphrase: str, salt: bytes, cost: KdfCost) -> bytes:
    try:
        return derive(passphrase, salt, cost)
    except MemoryError:
        raise Environment("memory.full", kib=cost.memory_kib) from None


def _expanded(secret: bytes, salt: bytes, purpose: str) -> bytes:
    if not secret:
        raise Rejected("store.no-secret", needs="passphrase")
    info = f"holdfast slot {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(secret)
