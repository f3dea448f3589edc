"""A keychain and an OpenPGP that live in memory and can be made to fail."""

from __future__ import annotations

from typing_extensions import override

from app.desk.ports.keys import Keychain, OpenPgp, PgpKey
from app.domain.errors import Environment, Rejected

ADAS_KEY = "A" * 40
NOORS_KEY = "B" * 40


class FakeKeychain(Keychain):
    """Keeps secrets; `is_there` and `forgets` make it fail."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}
        self.is_there = True
        self.forgets = False

    @override
    def name(self) -> str:
        return "Test keychain" if self.is_there else ""

    @override
    def put(self, store_id: str, slot: str, secret: bytes) -> None:
        if not self.forgets:
            self.kept[store_id, slot] = secret

    @override
    def get(self, store_id: str, slot: str) -> bytes | None:
        return self.kept.get((store_id, slot))

    @override
    def delete(self, store_id: str, slot: str) -> None:
        self.kept.pop((store_id, slot), None)


class FakeOpenPgp(OpenPgp):
    """Wraps to keys that it knows; what it unwraps depends on which of them is here."""

    def __init__(self, *here: str) -> None:
        self.here = set(here or (ADAS_KEY,))
        self.spoils = False

    @override
    def secret_keys(self) -> tuple[PgpKey, ...]:
        return tuple(PgpKey(fingerprint=key, name="Ada Example <ada@example.org>") for key in sorted(self.here))

    @override
    def wrap(self, fingerprint: str, secret: bytes) -> bytes:
        if len(fingerprint) != 40:
            raise Rejected("openpgp.fingerprint", needs="fingerprint")
        return f"to {fingerprint}\n".encode() + bytes(byte ^ 0x55 for byte in secret)

    @override
    def unwrap(self, message: bytes) -> bytes:
        head, _, body = message.partition(b"\n")
        if head[3:].decode() not in self.here:
            raise Environment("openpgp.no-key")
        return b"x" * 32 if self.spoils else bytes(byte ^ 0x55 for byte in body)
