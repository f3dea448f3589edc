"""The keychain of this machine: classes of `keyring` on a list of ours, never what the environment or a file names."""

from __future__ import annotations

import base64
import binascii
import importlib
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, final

from typing_extensions import override

from app.desk.ports.keys import Keychain
from app.domain.errors import Environment

_SERVICE: Final = "Holdfast"


class Kind(NamedTuple):
    """A class of `keyring` that speaks to the operating system itself, and what that keychain is called there."""

    system: str
    module: str
    name: str
    called: str
    state: tuple[tuple[str, Any], ...] = ()
    """What an untouched object of this class holds; see `_made`."""


ALLOWED: Final = (
    Kind("linux", "keyring.backends.SecretService", "Keyring", "Secret Service"),
    Kind("linux", "keyring.backends.kwallet", "DBusKeyring", "KWallet", (("handle", -1),)),
    Kind("darwin", "keyring.backends.macOS", "Keyring", "macOS Keychain", (("keychain", None),)),
    Kind("win32", "keyring.backends.Windows", "WinVaultKeyring", "Windows Credential Manager"),
)
"""In the order in which they are asked. Anything else `keyring` knows may keep secrets in a plain file."""


@final
class SystemKeychain(Keychain):
    """Keeps the secrets of slots in the first keychain of the list that answers, and looks for them in each.

    `keyring.get_keyring()` is never asked: PYTHON_KEYRING_BACKEND, keyringrc.cfg and plug-ins decide what that is.
    Calls may wait for the person, whom the keychain asks to unlock it: use the vault's thread.
    """

    def __init__(self, kinds: Sequence[Kind] = ALLOWED, system: str = sys.platform) -> None:
        self._kinds = tuple(kind for kind in kinds if kind.system == system)

    @override
    def name(self) -> str:
        return next((kind.called for kind, _backend in self._usable()), "")

    @override
    def put(self, store_id: str, slot: str, secret: bytes) -> None:
        found = self._usable()
        if not found:
            raise Environment("keychain.missing")
        kind, backend = found[0]
        text = base64.b64encode(secret).decode("ascii")
        user = _user(store_id, slot)
        _asked(kind, backend.set_password, _SERVICE, user, text)
        # Some keep nothing without saying so; that must not be found out on the day it is needed.
        if _asked(kind, backend.get_password, _SERVICE, user) != text:
            raise Environment("keychain.refused", keychain=kind.called, why="kept-something-else")

    @override
    def get(self, store_id: str, slot: str) -> bytes | None:
        found = self._usable()
        if not found:
            raise Environment("keychain.missing")
        refusal: Environment | None = None
        for kind, backend in found:
            try:
                text = _asked(kind, backend.get_password, _SERVICE, _user(store_id, slot))
                if text is not None:
                    return _secret(text, kind)
            except Environment as fault:
                # The next one may have it: people change from one desktop to another.
                refusal = fault
        if refusal is not None:
            raise refusal
        return None

    @override
    def delete(self, store_id: str, slot: str) -> None:
        found = self._usable()
        if not found:
            raise Environment("keychain.missing")
        user = _user(store_id, slot)
        for kind, backend in found:
            if _asked(kind, backend.get_password, _SERVICE, user) is not None:
                _asked(kind, backend.delete_password, _SERVICE, user)

    def _usable(self) -> list[tuple[Kind, Any]]:
        """The keychains that answer now; a service may come and go while the program runs."""
        made = ((kind, _made(kind)) for kind in self._kinds)
        return [(kind, backend) for kind, backend in made if backend is not None]


def _made(kind: Kind) -> Any:
    """An object of this class, None where the system has no such keychain."""
    try:
        found = getattr(importlib.import_module(kind.module), kind.name)
        if found.priority <= 0:
            return None
        backend = found()
    except Exception:  # noqa: BLE001 - what keeps a foreign class from working means that it can't be used
        return None
    # Variables KEYRING_PROPERTY_* set any attribute: another collection, another scheme. Nothing of them stays.
    vars(backend).clear()
    vars(backend).update(kind.state)
    return backend


def _asked(kind: Kind, ask: Callable[..., object], *said: str) -> object:
    try:
        return ask(*said)
    except Exception:  # noqa: BLE001 - each keychain has errors of its own
        # What the library says may hold what it was given.
        raise Environment("keychain.refused", keychain=kind.called, why="said-no") from None


def _secret(text: object, kind: Kind) -> bytes:
    """The bytes of an entry; what is none of ours is refused, since the slot can't be opened with it."""
    try:
        return base64.b64decode(str(text).encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Environment("keychain.refused", keychain=kind.called, why="kept-something-else") from None


def _user(store_id: str, slot: str) -> str:
    return f"{store_id}/{slot}"
