"""OpenPGP through gpg: only whole fingerprints reach it, and only an exact course of its status lines is success."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, final

import msgspec
from typing_extensions import override

from app.desk.ports.keys import OpenPgp, PgpKey
from app.domain.errors import Environment, Rejected
from app.domain.untrusted import safe_line
from app.machine.gpg import Gpg
from app.machine.gpg_process import Said
from app.machine.openpgp_packets import recipients

_FINGERPRINT: Final = re.compile(r"[0-9A-F]{40}|[0-9A-F]{64}")
_SERIAL: Final = re.compile(r"[0-9A-F]{8,}")
_QUICK: Final = 30.0  # seconds
_PERSON: Final = 180.0  # seconds: long enough to find the card and type its PIN
_KEY_LIST: Final = 8 * 1024 * 1024
_SMALL: Final = 4096
"""More bytes than the secret of a slot ever needs."""
_GROWTH: Final = 65_536
_ENCRYPTED: Final = ("BEGIN_ENCRYPTION", "END_ENCRYPTION")
_DECRYPTED: Final = (
    *("DECRYPTION_KEY", "BEGIN_DECRYPTION", "DECRYPTION_INFO", "PLAINTEXT"),
    *("DECRYPTION_OKAY", "GOODMDC", "END_DECRYPTION"),
)
# Lines that say nothing about success; NO_SECKEY is about the other recipients of a message to several.
_ASIDE: Final = frozenset(
    {
        *("ENC_TO", "KEY_CONSIDERED", "NO_SECKEY", "PINENTRY_LAUNCHED", "PLAINTEXT_LENGTH", "PROGRESS"),
        *("DECRYPTION_COMPLIANCE_MODE", "ENCRYPTION_COMPLIANCE_MODE", "INQUIRE_MAXLEN", "CARDCTRL"),
    }
)
_UNUSABLE: Final = frozenset("idrens")  # invalid, disabled, revoked, expired, not valid, special; doc/DETAILS field 2
_ELSEWHERE: Final = "#"  # in the place of a card: the secret part is not here; doc/DETAILS field 15
_CANCELLED: Final = frozenset({99, 198})  # GPG_ERR_CANCELED, GPG_ERR_FULLY_CANCELED
_NOT_HERE: Final = frozenset({"1", "9"})  # INV_RECP: not found, no secret key


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """An OpenPGP key as gpg lists it; the texts are safe to show, times are UTC."""

    fingerprint: str
    name: str = ""
    created: datetime | None = None
    expires: datetime | None = None
    usable: bool = True
    """Neither revoked nor expired nor disabled."""
    is_card: bool = False
    encrypting: tuple[str, ...] = ()
    """The key ids of the usable subkeys for encryption."""
    opening: tuple[str, ...] = ()
    """Those of them whose secret part is here or on a card."""


@final
class SystemOpenPgp(OpenPgp):
    """The keys of the person who works here; the agent itself asks for PIN or passphrase. For the vault's thread."""

    def __init__(self, gpg: Gpg | None = None, *, quick: float = _QUICK, person: float = _PERSON) -> None:
        self._gpg = gpg or Gpg()
        self._quick = quick
        self._person = person

    # ------------------------------------------------------------------------------------- for the ways in
    @override
    def secret_keys(self) -> tuple[PgpKey, ...]:
        return tuple(
            PgpKey(
                fingerprint=key.fingerprint,
                name=key.name,
                created=key.created,
                expires=key.expires,
                is_card=key.is_card,
                can_encrypt=key.usable and bool(key.opening),
            )
            for key in self.list_keys(secret=True)
        )

    @override
    def wrap(self, fingerprint: str, secret: bytes) -> bytes:
        return self.encrypt(secret, (fingerprint,))

    @override
    def unwrap(self, message: bytes) -> bytes:
        return self.decrypt(message, _SMALL)

    # ---------------------------------------------------------------------------------------- for anything
    def list_keys(self, *fingerprints: str, secret: bool = False) -> tuple[Key, ...]:
        """The keys with these fingerprints, all without any; with `secret` those whose secret part is known here.

        Raises Rejected("openpgp.fingerprint") and Environment: openpgp.missing, openpgp.refused.
        """
        for fingerprint in fingerprints:
            _whole(fingerprint)
        listed = self._gpg.keys(fingerprints, secret=secret, limit=_KEY_LIST, patience=self._quick)
        return tuple(key for key in map(_key, listed) if key is not None)

    def encrypt(self, data: bytes, fingerprints: Sequence[str], *, armour: bool = False) -> bytes:
        """A message to exactly these keys. Raises like `OpenPgp.wrap`."""
        wanted = tuple(dict.fromkeys(_whole(fingerprint) for fingerprint in fingerprints))
        if not wanted:
            raise Rejected("openpgp.fingerprint")
        known = {key.fingerprint: key for key in self.list_keys(*wanted)}
        if any(not known[one].usable or not known[one].encrypting if one in known else True for one in wanted):
            raise Environment("openpgp.no-key")
        most = 2 * len(data) + _GROWTH * len(wanted)
        said = self._gpg.encrypt(data, wanted, armour=armour, limit=most, patience=self._quick)
        if not _went(said, _ENCRYPTED):
            gone = any(words[:1] and words[0] in _NOT_HERE for words in said.words_of("INV_RECP"))
            raise Environment("openpgp.no-key") if gone else Environment("openpgp.refused", why="status")
        _check_recipients(said.out, [known[one] for one in wanted])
        return said.out

    def decrypt(self, message: bytes, limit: int) -> bytes:
        """The content of a message, at most `limit` bytes of it. Raises like `OpenPgp.unwrap`."""
        try:
            # Before gpg sees it: one protected message to keys, and nothing else.
            recipients(message)
        except ValueError:
            raise Environment("openpgp.refused", why="form") from None
        said = self._gpg.decrypt(message, limit=limit, patience=self._person)
        if _went(said, _DECRYPTED):
            return said.out
        raise _failure(said)


def _whole(fingerprint: str) -> str:
    """The fingerprint, if it is one; anything shorter could be another's key, anything else an option of gpg."""
    if not _FINGERPRINT.fullmatch(fingerprint):
        raise Rejected("openpgp.fingerprint", needs="fingerprint")
    return fingerprint


def _went(said: Said, course: tuple[str, ...]) -> bool:
    """Whether gpg went through exactly this, once, and nothing unknown."""
    return said.code == 0 and tuple(line[0] for line in said.status if line[0] not in _ASIDE) == course


def _failure(said: Said) -> Environment:
    """Why a message was not decrypted."""
    numbers = [words[1] for words in said.words_of("ERROR") if len(words) > 1 and words[1].isdecimal()]
    # The lower 16 bits are the error, what is above them says which part of GnuPG it comes from.
    if any(int(number) & 0xFFFF in _CANCELLED for number in numbers if len(number) < 12):
        return Environment("openpgp.cancelled")
    if said.words_of("NO_SECKEY") and not said.words_of("DECRYPTION_KEY"):
        return Environment("openpgp.no-key")
    return Environment("openpgp.refused", why="status")


def _check_recipients(message: bytes, keys: Sequence[Key]) -> None:
    """Whoever else could read it, or whoever could not, makes it no message of ours."""
    try:
        found = recipients(message)
    except ValueError:
        raise Environment("openpgp.refused", why="form") from None
    left = list(keys)
    for key_id in found:
        owner = next((key for key in left if key_id in key.encrypting), None)
        if owner is None:
            raise Environment("openpgp.refused", why="recipients")
        left.remove(owner)
    if left:
        raise Environment("openpgp.refused", why="recipients")


def _key(listed: Mapping[str, Any]) -> Key | None:
    """A key of a listing (GnuPG doc/DETAILS names the fields); one without a whole fingerprint is left out."""
    fingerprint = listed.get("fingerprint", "")
    if not _FINGERPRINT.fullmatch(fingerprint):
        return None
    parts: list[Mapping[str, str]] = [listed, *listed.get("subkey_info", {}).values()]
    encrypting = [part for part in parts if "e" in part["cap"] and part["trust"] not in _UNUSABLE]
    return Key(
        fingerprint=fingerprint,
        name=safe_line(next(iter(listed["uids"]), ""), 200),
        created=_instant(listed["date"]),
        expires=_instant(listed["expires"]),
        usable=listed["trust"] not in _UNUSABLE and "D" not in listed["cap"],
        is_card=any(_SERIAL.fullmatch(part["token"]) for part in parts),
        encrypting=tuple(part["keyid"] for part in encrypting),
        opening=tuple(p["keyid"] for p in encrypting if p["type"] in ("sec", "ssb") and p["token"] != _ELSEWHERE),
    )


def _instant(seconds: str) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if seconds.isdecimal() and len(seconds) < 12 else None
