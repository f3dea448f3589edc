"""The pages of an encrypted database as they lie in the file, read without SQLite, which gives up at the first bad one.

SQLCipher 4 keeps each page of 4096 bytes by itself: ciphertext (AES-256-CBC), then 16 bytes IV, then HMAC-SHA512 over
both and the little-endian page number. The first 16 bytes of the file are a salt in the open; the HMAC key is PBKDF2 of
the raw key over that salt with every bit pattern of 0x3a turned (zetetic.net/sqlcipher/design). A page whose HMAC fails
is decrypted all the same: a flipped bit spoils 16 bytes and a bit of it, and what can be proven elsewhere may be told.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
import struct
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from app.domain.errors import Environment
from app.domain.untrusted import safe_line

PAGE: Final = 4096
"""Bytes of a page."""
RESERVED: Final = 80
"""Bytes at the end of each page that hold no content."""
USABLE: Final = PAGE - RESERVED
SALT: Final = 16
FILE_HEADER: Final = 100
"""Bytes before the content of page 1 (sqlite.org/fileformat2.html, section 1.3)."""

_IV: Final = 16
_MASK: Final = 0x3A
_ROUNDS: Final = 2
_KEPT: Final = 512
# Bad pages are tried under each other's number only while they are few.
_MOST_MOVED: Final = 256
_PLAIN: Final = b"SQLite format 3\0"
_ZEROS: Final = bytes(PAGE)


class PageCipher:
    """Opens and checks pages with the raw key of the database."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        self._key = key
        masked = bytes(byte ^ _MASK for byte in salt)
        self._mac_key = hashlib.pbkdf2_hmac("sha512", key, masked, _ROUNDS, 32)

    def is_sound(self, number: int, page: bytes) -> bool:
        """Whether these are the bytes that were written as this page; pages count from 1."""
        start = SALT if number == 1 else 0
        made = hmac.digest(self._mac_key, page[start : USABLE + _IV] + struct.pack("<I", number), "sha512")
        return hmac.compare_digest(made, page[USABLE + _IV :])

    def content(self, number: int, page: bytes) -> bytes:
        """What the page holds; rubbish where its bytes are. The salt is left in front of page 1."""
        start = SALT if number == 1 else 0
        opened = Cipher(algorithms.AES(self._key), modes.CBC(page[USABLE : USABLE + _IV])).decryptor()
        return page[:start] + opened.update(page[start:USABLE]) + opened.finalize()


class PageFile:
    """A database file page by page; it is only read."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Raises Environment: store.database-missing, store.database-empty, store.not-encrypted, disk.io."""
        try:
            # A pipe of this name would let everybody wait who opens it.
            self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            raise Environment("store.database-missing") from None
        except OSError as fault:
            raise Environment("disk.io", file=safe_line(path.name, 60)) from fault
        if not stat.S_ISREG(os.fstat(self._descriptor).st_mode):
            os.close(self._descriptor)
            raise Environment("store.database-missing")
        self._kept: OrderedDict[int, tuple[bytes, bool]] = OrderedDict()
        self._moved: dict[int, int] = {}
        self.size = os.fstat(self._descriptor).st_size
        self.count = -(-self.size // PAGE)
        """How many pages the file holds, one that is cut short among them."""
        self._key = key
        head = self._raw(1)[:SALT]
        if self.size == 0 or head == _PLAIN:
            os.close(self._descriptor)
            raise Environment("store.not-encrypted" if self.size else "store.database-empty")
        self._cipher = PageCipher(key, head)
        self.sound = 0
        """How many pages are as they were written; known after `mend`."""

    def close(self) -> None:
        """Lets go of the file."""
        os.close(self._descriptor)

    def page(self, number: int) -> tuple[bytes, bool]:
        """What a page holds, and whether it is as it was written; nothing for a page that is not there."""
        found = self._kept.get(number)
        if found is None:
            found = self._kept[number] = self._read(number)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def stated(self) -> int:
        """How many pages the database says it has; 0 where its first page can't be believed."""
        content, is_sound = self.page(1)
        return int.from_bytes(content[28:32], "big") if is_sound else 0

    def bad(self) -> Iterator[int]:
        """Every page that is not as it was written, told as they are met; a page of zeros is one of them."""
        for number in range(1, self.count + 1):
            if not self._cipher.is_sound(number, self._raw(number)):
                yield number

    def mend(self) -> None:
        """Finds the salt again where one bit of it was turned, and pages that lie in the place of others."""
        bad = list(self.bad())
        if bad and len(bad) == self.count:
            self._find_salt()
            bad = list(self.bad())
        self.sound = self.count - len(bad)
        if len(bad) > _MOST_MOVED:
            return
        for place in bad:
            raw = self._raw(place)
            for number in bad:
                if number != place and self._cipher.is_sound(number, raw):
                    self._moved[number] = place
        self._kept.clear()

    def _find_salt(self) -> None:
        salt = bytearray(self._raw(1)[:SALT])
        raw = {number: self._raw(number) for number in range(2, min(self.count, 4) + 1)}
        for bit in range(8 * SALT):
            salt[bit >> 3] ^= 1 << (bit & 7)
            tried = PageCipher(self._key, bytes(salt))
            if any(tried.is_sound(number, page) for number, page in raw.items()):
                self._cipher = tried
                return
            salt[bit >> 3] ^= 1 << (bit & 7)

    def _read(self, number: int) -> tuple[bytes, bool]:
        if not 0 < number <= max(self.count, *self._moved, 0):
            return b"", False
        raw = self._raw(self._moved.get(number, number))
        if raw == _ZEROS:
            return b"", False
        return self._cipher.content(number, raw), self._cipher.is_sound(number, raw)

    def _raw(self, number: int) -> bytes:
        try:
            raw = os.pread(self._descriptor, PAGE, (number - 1) * PAGE)
        except OSError:
            # A sector that the disk can't read any more is a page that is lost, not the end of the work.
            raw = b""
        return raw.ljust(PAGE, b"\0")
