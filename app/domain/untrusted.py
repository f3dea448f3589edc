"""Text from outside made fit to be shown and stored: nothing hidden, nothing endless."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import msgspec

LINE_LIMIT: Final = 500
"""Characters of one line that a screen or a message repeats."""

TEXT_LIMIT: Final = 1_000_000
"""Characters of one text field (report body, advisory, note)."""

FILE_NAME_BYTES: Final = 180
"""UTF-8 bytes of a saved file name; below the usual 255 there is room for a number and a suffix."""

ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"

# Ranges are written out instead of asking unicodedata: a text must look the same under every Python version.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = (
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u2800\u3164"
    "\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffc"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_NO_CHARACTER = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_HIDDEN = _BIDI + _INVISIBLE + _NO_CHARACTER + _PRIVATE
_CONTROL_IN_TEXT = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029"
_CONTROL_IN_LINE = _CONTROL_IN_TEXT + "\t\n"

_STACKING = "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_STYLE = "\ufe0e\ufe0f"  # text or emoji style: harmless after a symbol, a hiding place elsewhere
_SYMBOL = "\xa9\xae\u203c-\u3299\U0001f000-\U0001faff"


def _suspects(control: str) -> re.Pattern[str]:
    """Everything that must be spelt out, with the accents that would otherwise sit on the spelling."""
    return re.compile(
        f"[{control}{_HIDDEN}]+[{_STACKING}{_STYLE}]*"
        f"|(?<![{_SYMBOL}])[{_STYLE}]+(?!\u20e3)"
        f"|\\A[{_STACKING}]+"
        f"|(?<=[{_STACKING}]{{8}})[{_STACKING}]+"
    )


_SUSPECT_IN_LINE = _suspects(_CONTROL_IN_LINE)
_SUSPECT_IN_TEXT = _suspects(_CONTROL_IN_TEXT)
_SURROGATE = re.compile("[\ud800-\udfff]")
_ANY_BIDI = re.compile(f"[{_BIDI}]")
_CUT_MARKER = re.compile(r"<(?:U(?:\+[0-9A-F]{0,6})?)?\Z")


def contains_bidi(text: str) -> bool:
    """Whether the text holds a character that changes the direction of its neighbours (UAX 9)."""
    return _ANY_BIDI.search(text) is not None


def contains_hidden(text: str) -> bool:
    """Whether showing the text on one line would have to spell out a character that nobody could see."""
    return _SUSPECT_IN_LINE.search(text) is not None or _SURROGATE.search(text) is not None


def safe_line(text: str, limit: int = LINE_LIMIT) -> str:
    """One line of at most `limit` (>= 1) characters; hidden ones are spelt `<U+202E>`, a cut ends in `…`.

    Controls (tab and line ends too), direction marks, zero-width and private characters are spelt out, lone
    surrogates become U+FFFD, the rest is NFC. Saying it twice changes nothing.
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    return _spelt_out(text[: _bound(limit)], _SUSPECT_IN_LINE, limit, cut=len(text) > _bound(limit))


def safe_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """Like `safe_line` for text of many lines: line feed and tab stay, CR LF becomes line feed."""
    bounded = text[: _bound(limit)].replace("\r\n", "\n")
    return _spelt_out(bounded, _SUSPECT_IN_TEXT, limit, cut=len(text) > _bound(limit))


def _bound(limit: int) -> int:
    """Work is bounded before it is done: at most four characters join into one when composed."""
    return limit * 4 + 4


def _spelt_out(text: str, suspects: re.Pattern[str], limit: int, *, cut: bool) -> str:
    well_formed = _SURROGATE.sub("\ufffd", text)
    spelt = suspects.sub(_spell, unicodedata.normalize("NFC", well_formed))
    if len(spelt) <= limit and not cut:
        return spelt
    return _CUT_MARKER.sub("", spelt[: limit - 1]) + ELLIPSIS


def _spell(match: re.Match[str]) -> str:
    return "".join(f"<U+{ord(character):04X}>" for character in match.group())


class FileName(msgspec.Struct, frozen=True, kw_only=True):
    """A file name from outside: what to show, what to write to a disk, and what is odd about it.

    `oddities` holds machine keys, sorted: directories, double-extension, hidden-characters, program, renamed.
    """

    shown: str
    saved: str
    oddities: tuple[str, ...] = ()


# Windows gives these names to devices, whatever the extension (Win32, "Naming Files, Paths, and Namespaces").
_DEVICE = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|(?:COM|LPT)[0-9\xb9\xb2\xb3])\s*(?:\.|\Z)",
    re.IGNORECASE,
)
_NOT_ON_A_DISK = re.compile('[<>:"|?*/\\\\\ufffd\u2044\u2215\u29f8\uff0f\uff3c\uff1a]')
_NAME_BOUND = 4096
_INNER_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5} ?\.[^.]*\Z")
_SPELT = re.compile(r"<U\+[0-9A-F]{4,6}>")
_PROGRAM = re.compile(
    r"\.(?:app|apk|bat|bash|bin|chm|cmd|com|command|cpl|csh|deb|desktop|dll|dmg|dylib|exe|gadget|hta|html?|inf|ins|iso"
    r"|jar|jnlp|jse?|ksh|lnk|mht|mhtml|msc|msi|msp|pif|pkg|pl|ps1|psm1|py|pyc|pyw|rb|reg|rpm|run|scf|scr|shtml|sh|so"
    r"|svg|sys|url|vb|vbe|vbs|vhdx?|wsc|wsf|wsh|xhtml|xll|zsh)\Z",
    re.IGNORECASE,
)


def safe_file_name(name: str) -> FileName:
    """The last part of `name`, for a screen and for a disk; never empty, a path, a device or a hidden file.

    Both `/` and `\\` end a directory whatever the machine. The caller still creates the file exclusively in a
    directory of its own: two attachments may well have the same saved name.
    """
    last = re.split(r"[/\\]", name[-_NAME_BOUND:])[-1]
    visible = safe_line(last.strip(), _NAME_BOUND)
    tame = _tamed(visible)
    saved = _shortened(tame, FILE_NAME_BYTES)
    program = _PROGRAM.search(tame) is not None
    found = {
        "directories": last != name[-_NAME_BOUND:],
        "hidden-characters": contains_hidden(last),
        "program": program,
        "double-extension": program and _INNER_EXTENSION.search(tame) is not None,
        "renamed": saved != last,
    }
    oddities = tuple(sorted(key for key, holds in found.items() if holds))
    return FileName(shown=_elided(visible) or saved, saved=saved, oddities=oddities)


def _elided(visible: str) -> str:
    # The end stays: it says what the file is.
    return visible if len(visible) <= 120 else visible[:79] + ELLIPSIS + visible[-40:]


def _tamed(visible: str) -> str:
    plain = _NOT_ON_A_DISK.sub("_", _SPELT.sub("_", visible))
    plain = re.sub(r"\s+", " ", plain).strip(" ").rstrip(". ")
    if not plain or plain[0] in ".-~ " or _DEVICE.match(plain):
        plain = "_" + plain
    return plain


def _shortened(name: str, limit: int) -> str:
    if len(name.encode()) <= limit:
        return name
    stem, dot, extension = name.rpartition(".")
    tail = dot + extension if stem and len(extension.encode()) <= 16 else ""
    head = (stem if tail else name).encode()[: limit - len(tail.encode())].decode(errors="ignore")
    return (head.rstrip(". ") + tail).rstrip(". ")
