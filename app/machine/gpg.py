"""The gpg of this machine through python-gnupg: fixed options, a small environment, no options file, limits."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, final

from app.domain.errors import Environment
from app.machine.gpg_process import Said, run

if TYPE_CHECKING:
    from app.machine.gpg_library import Library

FIXED: Final = (
    "--no-options",  # a `group` or `hidden-encrypt-to` of the person's own gpg.conf would redirect what is encrypted
    "--batch",
    "--no-tty",
    "--trust-model=always",
    "--no-auto-key-retrieve",
    "--no-auto-key-locate",
    "--no-encrypt-to",
    "--no-greeting",
    "--display-charset=utf-8",
    "--fixed-list-mode",
    "--with-colons",
)
# What gpg, its agent and the window that asks for the PIN need; nothing else of the environment reaches them.
_KEPT: Final = (
    *("PATH", "HOME", "USER", "LOGNAME", "GNUPGHOME", "GPG_TTY", "TERM", "PINENTRY_USER_DATA", "SYSTEMROOT", "APPDATA"),
    *("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP"),
    "DBUS_SESSION_BUS_ADDRESS",
)
_ABOUT_ITSELF: Final = 65_536
"""More bytes than gpg tells about its version and its algorithms."""
_OLDEST: Final = (2, 1)
"""Before it gpg itself asked for passphrases, and listed secret keys without saying where they are."""


@final
class Gpg:
    """The gpg of this machine, with the keys of the person who works here (GNUPGHOME as it is).

    The caller lets only whole fingerprints come here. Everything here raises Environment: openpgp.missing,
    openpgp.refused (why: version, time, size); nothing here says whether gpg did what it was asked, see `Said`.
    """

    def __init__(self, program: str = "", environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment
        self._program = program or "gpg"
        self._checked: Library | None = None

    def keys(
        self, fingerprints: Sequence[str], *, secret: bool, limit: int, patience: float
    ) -> Sequence[Mapping[str, Any]]:
        """The keys with these fingerprints, all without any, as python-gnupg reads a listing with colons.

        Also raises openpgp.refused with why: list.
        """
        held = self._held(limit, patience)
        try:
            found = held.list_keys(secret, keys=["--", *fingerprints])
        except (AttributeError, LookupError, TypeError, ValueError):
            # python-gnupg reads a listing that is none without looking.
            raise Environment("openpgp.refused", why="list") from None
        # With fingerprints it also fails when one of them is not here.
        if found.returncode != 0 and not fingerprints:
            raise Environment("openpgp.refused", why="list")
        return tuple(found)

    def encrypt(self, data: bytes, fingerprints: Sequence[str], *, armour: bool, limit: int, patience: float) -> Said:
        """What gpg says to encrypting this to these keys."""
        extra = ["--compress-algo=none", "--output=-"]
        held = self._held(limit, patience)
        return _said(held.encrypt(data, list(fingerprints), armor=armour, extra_args=extra))

    def decrypt(self, message: bytes, *, limit: int, patience: float) -> Said:
        """What gpg says to decrypting this."""
        return _said(self._held(limit, patience).decrypt(message, extra_args=["--output=-"]))

    def _held(self, limit: int, patience: float) -> Library:
        """python-gnupg within these limits, after gpg has told its version once."""
        # Imported here: it takes longer than opening a store, and most are opened without any OpenPGP.
        from app.machine.gpg_library import Library

        bounded = functools.partial(run, environment=self._given(), patience=patience)
        if self._checked is None:
            try:
                made = Library(self._program, FIXED, functools.partial(bounded, limit=_ABOUT_ITSELF))
            except ValueError:
                raise Environment("openpgp.refused", why="version") from None
            if made.version is None or made.version < _OLDEST:
                raise Environment("openpgp.refused", why="version")
            self._checked = made
        return self._checked.through(functools.partial(bounded, limit=limit))

    def _given(self) -> dict[str, str]:
        """The environment gpg gets."""
        kept = {name: value for name, value in self._environment.items() if name in _KEPT}
        if not kept.get("GPG_TTY"):
            kept |= _terminal()
        return {**kept, "LC_ALL": "C.UTF-8"}


def _said(result: Any) -> Said:
    said: Said = result.said
    return said


def _terminal() -> dict[str, str]:
    """The terminal this program was started from: gpg's own input is a pipe, and a PIN may have no other screen."""
    for descriptor in (0, 1, 2):
        with contextlib.suppress(OSError):
            return {"GPG_TTY": os.ttyname(descriptor)}
    return {}
