"""Looks for words in every page of an encrypted database, as somebody would who has its key and time enough.

Every page is decrypted, used or free, slack and all, and each word is looked for as it could have been written: UTF-8,
UTF-16 either way, hexadecimal, base64 however it falls into groups of three; whole and by halves, since a page may end
within it or an index keep only its end.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path

from app.store.pages import PageFile

_SHORTEST = 8


def traces(database: Path, key: bytes, words: Iterable[str]) -> list[str]:
    """Where a word is, as `page number: form of the word`; letters large or small are the same."""
    wanted = {form for word in words for form in forms(word)}
    file = PageFile(database, key)
    try:
        found = []
        for number in range(1, file.count + 1):
            content = file.page(number)[0].lower()
            found += [f"page {number}: {form[:12]!r}" for form in wanted if form in content]
    finally:
        file.close()
    return found


def forms(word: str) -> Iterator[bytes]:
    """The ways in which a word may lie in a page, in small letters."""
    middle = len(word) // 2
    if middle < _SHORTEST:
        raise ValueError("a word this short is found by chance")
    for part in (word, word[:middle], word[middle:]):
        text = part.encode()
        for plain in (text, part.encode("utf-16-le"), part.encode("utf-16-be"), text.hex().encode()):
            yield plain.lower()
        for skipped in range(3):
            # Without the ends, which depend on the bytes around them.
            encoded = base64.b64encode(b"\0" * skipped + text)
            yield encoded[4 if skipped else 0 : -4].lower()
