"""The header block of a message or of a part, cut out of the bytes under limits before anything parses it."""

from __future__ import annotations

import binascii
import codecs
import re
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final

import msgspec

from app.domain.errors import Rejected
from app.domain.untrusted import safe_line

BLOCK_LIMIT: Final = 256 * 1024
"""Bytes of all headers together."""

HEADER_LIMIT: Final = 64 * 1024
"""Bytes of one header: decoding a longer one can take minutes."""

ADDRESS_LIMIT: Final = 200
"""Addresses of one header."""

_STRUCTURED_LIMIT = 16 * 1024
_PARAMETER_LIMIT = 200
_COMMENT_LIMIT = 40
_DATE_LIMIT = 200
_EARLIEST_YEAR = 1990

PARSER_FAULTS: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError)
"""What the standard parsers let out when a header is built to hurt them."""

_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_LINE = re.compile(rb"[^\n]*\n?")
_FOLD = re.compile(r"\r?\n[ \t]*|\r")
_WORD = re.compile(r"=\?([A-Za-z0-9_.:+-]{1,40})(?:\*[A-Za-z0-9-]{0,20})?\?([BbQq])\?([^?\s]{0,2000})\?=")
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}")
_ID = re.compile(r"<[^<>\s]{1,900}>")
_ESCAPE = re.compile(rb"=([0-9A-Fa-f]{2})")

# Decoders that run something else than a table, or take a square of the time, stay out.
_CHARSETS = frozenset(
    {"ascii", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "koi8-r", "koi8-u"}
) | frozenset(
    [f"iso8859-{part}" for part in (*range(1, 12), *range(13, 17))]
    + [f"cp{page}" for page in (437, 850, 852, 855, 866, 874, 932, 949, 950, *range(1250, 1259))]
    + ["gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "iso2022_jp", "iso2022_kr", "mac-roman"]
)


class Header(msgspec.Struct, frozen=True):
    """One header as it came, its name in small letters."""

    name: str
    value: bytes


class Headers(msgspec.Struct, frozen=True):
    """The headers of a message or part, in order."""

    fields: tuple[Header, ...] = ()

    def raw(self, name: str) -> str:
        """The first header of this name, unfolded but not decoded; "" where there is none."""
        found = next((field.value for field in self.fields if field.name == name), b"")
        return _FOLD.sub(" ", _eight_bit(found)).strip()

    def text(self, name: str) -> str:
        """The first header of this name with its encoded words read (RFC 2047), safe to show, on one line."""
        return safe_line(decode_words(self.raw(name)).strip())

    def has(self, name: str) -> bool:
        return any(field.name == name for field in self.fields)


def split_headers(data: bytes, where: str, start: int, end: int) -> tuple[Headers, int]:
    """The headers between two places, and where the body begins: after an empty line, or at one that is no header.

    Raises Rejected("mail.headers-too-long") or ("mail.header-too-long") with the `field`, which names `where`.
    """
    found: list[tuple[str, list[bytes]]] = []
    position = start
    for match in _LINE.finditer(data, start, min(end, start + BLOCK_LIMIT + 1)):
        line = match.group()
        if match.end() - start > BLOCK_LIMIT:
            raise Rejected("mail.headers-too-long", field=where, limit=BLOCK_LIMIT)
        if not line.rstrip(b"\r\n"):
            position = match.end()
            break
        name = _NAME.match(line)
        if line[:1] in b" \t":
            if found:
                found[-1][1].append(line)
        elif name is not None:
            found.append((name[1].decode("ascii").lower(), [line[name.end() :]]))
        else:
            position = match.start()
            break
        position = match.end()
    return Headers(tuple(_header(name, b"".join(lines), where) for name, lines in found)), position


def _header(name: str, value: bytes, where: str) -> Header:
    if len(value) > HEADER_LIMIT:
        shown = safe_line(name, 60)
        raise Rejected("mail.header-too-long", field=f"{where}: {shown}", limit=HEADER_LIMIT)
    return Header(name, value)


def _eight_bit(data: bytes) -> str:
    """Bytes above 127 in a header: UTF-8 where they are that (RFC 6532), else the usual single-byte set."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def known_charset(name: str) -> str:
    """The decoder of a charset by any of its names; "" for one that is unknown or not for texts of mails."""
    try:
        found = codecs.lookup(name.strip()[:40]).name if name.isascii() else ""
    except (LookupError, ValueError):
        return ""
    plain = {"iso8859-1": "latin-1", "utf_16": "utf-16", "utf-8-sig": "utf-8"}.get(found, found)
    return plain if plain in _CHARSETS else ""


def decode_text(data: bytes, charset: str) -> str:
    """The text of bytes in a named charset; where that is unknown or wrong, as UTF-8 or windows-1252."""
    decoder = known_charset(charset)
    if not decoder or decoder == "ascii":
        return _eight_bit(data)
    return data.decode(decoder, "replace")


def decode_words(text: str) -> str:
    """A header value with its encoded words read; blanks between two of them vanish (RFC 2047 section 6.2)."""
    pieces: list[tuple[str, bytes | str]] = []
    position = 0
    for match in _WORD.finditer(text):
        between = text[position : match.start()]
        if between.strip() or (between and not (pieces and isinstance(pieces[-1][1], bytes))):
            pieces.append(("", between))
        pieces.append((match[1], _word_bytes(match[2], match[3])))
        position = match.end()
    pieces.append(("", text[position:]))
    return _joined(pieces)


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("ascii", "replace")
    if encoding in "Qq":
        return _ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), data.replace(b"_", b" "))
    return decode_base64(data)


def _joined(pieces: list[tuple[str, bytes | str]]) -> str:
    """A character may be cut in two by the end of a word: neighbours in one charset are read together."""
    texts: list[str] = []
    run: list[bytes] = []
    charset = ""
    for name, piece in pieces:
        if run and (isinstance(piece, str) or name.lower() != charset):
            texts.append(decode_text(b"".join(run), charset))
            run = []
        if isinstance(piece, str):
            texts.append(piece)
        else:
            run.append(piece)
            charset = name.lower()
    return "".join(texts)


def decode_base64(data: bytes) -> bytes:
    """What base64 says, whatever stands between its letters and however it ends."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return b""


class Parameters(msgspec.Struct, frozen=True):
    """A structured header: its main value in small letters, and its parameters (RFC 2231 read)."""

    main: str
    values: dict[str, str] = {}


def parameters(headers: Headers, name: str) -> Parameters:
    """Content-Type or Content-Disposition; empty where it is missing or beyond reading."""
    value = headers.raw(name)
    if not value or len(value) > _STRUCTURED_LIMIT or value.count(";") > _PARAMETER_LIMIT:
        return Parameters("")
    try:
        # As one line of Latin-1, since that is what the standard parser takes for granted.
        holder = Message()
        holder[name] = value.encode("utf-8", "replace").decode("latin-1")
        pairs = holder.get_params(header=name, failobj=[]) or []
        values = {key.lower(): _parameter(key_value) for key, key_value in reversed(pairs[1:])}
        return Parameters(pairs[0][0].strip().lower() if pairs else "", values)
    except PARSER_FAULTS:
        return Parameters(value.partition(";")[0].strip().lower())


def _parameter(value: str | tuple[str | None, str | None, str]) -> str:
    if isinstance(value, tuple):
        charset, _, text = value
        return decode_text(text.encode("latin-1", "replace"), charset or "utf-8")
    return decode_words(_eight_bit(value.encode("latin-1", "replace")))


def media_type(text: str) -> str:
    """A media type fit to be stored; the plain one for bytes where it is none."""
    return text if _TYPE.fullmatch(text) else "application/octet-stream"


def addresses(headers: Headers, name: str) -> list[tuple[str, str]]:
    """Names, decoded, and addresses of a header, neither made safe yet.

    Raises Rejected("mail.too-many-addresses").
    """
    value = headers.raw(name)
    if value.count("@") > ADDRESS_LIMIT or value.count(",") > ADDRESS_LIMIT * 2:
        raise Rejected("mail.too-many-addresses", field=name, limit=ADDRESS_LIMIT)
    if len(value) > _STRUCTURED_LIMIT or value.count("(") > _COMMENT_LIMIT:
        return [(decode_words(value[:_STRUCTURED_LIMIT]), "")]
    try:
        found = getaddresses([value])
    except PARSER_FAULTS:
        found = [(value, "")]
    return [(decode_words(person), address) for person, address in found if person or address]


def message_ids(text: str, limit: int) -> tuple[str, ...]:
    """The identifiers in In-Reply-To or References, the last `limit` of them (RFC 5322 section 3.6.4)."""
    found = [safe_line(one, 1000) for one in _ID.findall(text)]
    return tuple(dict.fromkeys(found))[-limit:]


def sent_at(headers: Headers) -> datetime | None:
    """The Date header in UTC; None where it is missing, malformed, without zone or before there were such reports."""
    value = headers.raw("date")
    if not value or len(value) > _DATE_LIMIT:
        return None
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None or moment.year < _EARLIEST_YEAR:
            return None
        return moment.astimezone(UTC)
    except PARSER_FAULTS:
        return None
