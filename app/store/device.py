"""The device's own signing key: made with the store, kept wrapped inside it, used for everything that is appended."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.desk.ports.clock import Ids
from app.domain.errors import Environment
from app.store.connection import Connection
from app.store.keys import KEY_BYTES, NONCE_BYTES, StoreKeys


class Device:
    """An installation that signs."""

    __slots__ = ("_key", "id", "no", "public")

    def __init__(self, no: int, device_id: str, private: bytes) -> None:
        self.no = no
        self.id = device_id
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature (RFC 8032), 64 bytes."""
        return self._key.sign(message)


def new_device(db: Connection, keys: StoreKeys, ids: Ids) -> Device:
    """Makes a signing key and keeps it wrapped; the event that enrols it is the caller's."""
    device_id, private, nonce = ids.new_id(), ids.secret(KEY_BYTES), ids.secret(NONCE_BYTES)
    no = db.run("INSERT INTO device (id) VALUES (?)", (device_id,))
    wrapped = keys.wrap(private, nonce, _purpose(keys.store_id, device_id))
    db.run("INSERT INTO device_key (device, nonce, wrapped) VALUES (?, ?, ?)", (no, nonce, wrapped))
    return Device(no, device_id, private)


def own_device(db: Connection, keys: StoreKeys, old: StoreKeys | None = None) -> Device:
    """The device of this store; raises Environment("store.damaged") where its key is gone or changed.

    `old` are the keys of before, where replacing them was cut short.
    """
    row = db.one(
        "SELECT d.no, d.id, k.nonce, k.wrapped FROM device_key k JOIN device d ON d.no = k.device ORDER BY d.no DESC"
    )
    if row is None:
        raise Environment("store.damaged", part="device-key")
    no, device_id, nonce, wrapped = row
    return Device(no, device_id, _unwrapped(device_id, nonce, wrapped, keys, old))


def rewrap_devices(db: Connection, old: StoreKeys, new: StoreKeys, ids: Ids) -> None:
    """Wraps every signing key of this store under the new keys; raises Environment("store.damaged")."""
    for no, device_id, nonce, wrapped in db.all(
        "SELECT k.device, d.id, k.nonce, k.wrapped FROM device_key k JOIN device d ON d.no = k.device"
    ):
        private, fresh = _unwrapped(device_id, nonce, wrapped, new, old), ids.secret(NONCE_BYTES)
        again = new.wrap(private, fresh, _purpose(new.store_id, device_id))
        db.run("UPDATE device_key SET nonce = ?, wrapped = ? WHERE device = ?", (fresh, again, no))


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the holder of this public key signed the message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _unwrapped(device_id: str, nonce: bytes, wrapped: bytes, keys: StoreKeys, old: StoreKeys | None) -> bytes:
    purpose = _purpose(keys.store_id, device_id)
    try:
        return keys.unwrap(wrapped, nonce, purpose)
    except Environment:
        if old is None:
            raise
    return old.unwrap(wrapped, nonce, purpose)


def _purpose(store_id: str, device_id: str) -> bytes:
    return f"holdfast device {store_id} {device_id}".encode()
