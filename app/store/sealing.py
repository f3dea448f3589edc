"""A box for the holder of a key pair, closed by somebody who shares a bond with them; nobody else opens or makes it.

X25519 with a fresh pair for every box, HKDF-SHA256 over the shared secret and the bond with both public keys,
AES-256-GCM with what the box is bound to as authenticated data: RFC 9180 with a pre-shared key (section 5.1.2) in its
simplest form, with our own labels. The bond opens nothing by itself; without it a public key closes nothing that opens.
"""

from __future__ import annotations

from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.desk.ports.clock import Ids
from app.store.keys import KEY_BYTES, NONCE_BYTES

TAG_BYTES: Final = 16
_PURPOSE: Final = b"holdfast slot seal"


class Box(msgspec.Struct, frozen=True):
    """What was put in, and the public half of the pair that was made for it alone."""

    ephemeral: bytes
    nonce: bytes
    content: bytes


def public_of(private: bytes) -> bytes:
    """The public key, 32 bytes, of an X25519 private key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def sealed(public: bytes, bond: bytes, secret: bytes, bound_to: bytes, ids: Ids) -> Box:
    """A secret for the holder of `public`; `bond` is 32 bytes. Raises ValueError for a key that is none."""
    own, nonce = ids.secret(KEY_BYTES), ids.secret(NONCE_BYTES)
    ephemeral = public_of(own)
    key = _shared(own, public, bond, ephemeral + public)
    return Box(ephemeral, nonce, AESGCM(key).encrypt(nonce, secret, bound_to))


def opened(private: bytes, bond: bytes, box: Box, bound_to: bytes) -> bytes | None:
    """The secret again; None where the key, the bond, the box or what it is bound to is not what it was closed with."""
    try:
        key = _shared(private, box.ephemeral, bond, box.ephemeral + public_of(private))
        return AESGCM(key).decrypt(box.nonce, box.content, bound_to)
    except (InvalidTag, ValueError):
        return None


def _shared(private: bytes, public: bytes, bond: bytes, both: bytes) -> bytes:
    secret = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(public))
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=both, info=_PURPOSE).derive(secret + bond)
