"""JSON from outside: read strictly, within limits of size and depth, or refused naming the place."""

from __future__ import annotations

import json
import re
from itertools import accumulate
from math import isinf
from typing import TYPE_CHECKING, Final, TypeAlias

from app.domain.errors import Rejected
from app.domain.untrusted import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterator

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | float | bool | None"

MAX_BYTES: Final = 32 * 1024 * 1024
MAX_DEPTH: Final = 64
MAX_DIGITS: Final = 4300
"""Characters of one number, the limit that Python itself sets on integers."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Possessive and with an optional end: one pass whatever the text, no stack, no second look at an open string.
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'
_STRINGS = re.compile(_STRING, re.DOTALL)
_TOKENS = re.compile(rf'{_STRING}|[\[\]{{}}:,]|[^\s\[\]{{}}:,"]++', re.DOTALL)
_SUSPECT_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_NOT_A_BRACKET = bytes(code for code in range(128) if chr(code) not in "[]{}")
_STEP = {"[": 1, "{": 1, "]": -1, "}": -1}
_STEP_OF_BYTE = {ord(bracket): step for bracket, step in _STEP.items()}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CONSTANT = re.compile(r"NaN|-?Infinity")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)((?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)")
_OPENING = frozenset("[{")
_CLOSING = frozenset("]}")


class _Fault(ValueError):
    """What the parser met; the place is looked up afterwards, since only refused texts need it."""


def load_json(data: bytes, what: str, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> JsonValue:
    """The value of a UTF-8 JSON text (RFC 8259), members in their order; `what` names the file in refusals.

    One leading UTF-8 byte order mark is tolerated. Raises Rejected with `file`, and `at` as "line:column"
    (both from 1): json.too-large, json.not-utf8, json.empty, json.nul, json.too-deep, json.duplicate-key,
    json.not-finite, json.number-too-long, json.lone-surrogate, json.malformed.
    """
    file = safe_line(what, 200)
    if len(data) > max_bytes:
        raise Rejected("json.too-large", file=file, at="1:1", size=len(data), limit=max_bytes)
    text = _decoded(data, file)
    if not text.strip(" \t\r\n"):
        raise Rejected("json.empty", file=file, at="1:1")
    if "\x00" in text:
        raise Rejected("json.nul", file=file, at=_place(text, text.index("\x00")))
    _refuse_depth(text, file, max_depth)
    value = _parsed(text, file)
    if _SUSPECT_ESCAPE.search(text) is not None:
        _refuse_escapes(text, file)
    return value


def _decoded(data: bytes, file: str) -> str:
    body = data.removeprefix(_BYTE_ORDER_MARK)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as fault:
        before = body[: fault.start].decode("utf-8")
        raise Rejected("json.not-utf8", file=file, at=_place(before, len(before))) from None


def _refuse_depth(text: str, file: str, limit: int) -> None:
    brackets = _STRINGS.sub("", text).encode("ascii", "ignore").translate(None, _NOT_A_BRACKET)
    if max(accumulate(map(_STEP_OF_BYTE.__getitem__, brackets)), default=0) <= limit:
        return
    depth = 0
    for token in _TOKENS.finditer(text):
        depth += _STEP.get(token.group(), 0)
        if depth > limit:
            raise Rejected("json.too-deep", file=file, at=_place(text, token.start()), limit=limit)


def _parsed(text: str, file: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(
            text,
            object_pairs_hook=_members,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_real,
        )
    except json.JSONDecodeError as fault:
        raise Rejected("json.malformed", file=file, at=f"{fault.lineno}:{fault.colno}") from None
    except _Fault as fault:
        raise _located(str(fault), text, file) from None
    return value


def _members(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Fault("json.duplicate-key")
    return members


def _constant(_name: str) -> JsonValue:
    raise _Fault("json.not-finite")


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS + digits.startswith("-"):
        raise _Fault("json.number-too-long")
    return int(digits)


def _real(digits: str) -> float:
    if len(digits) > MAX_DIGITS:
        raise _Fault("json.number-too-long")
    value = float(digits)
    if isinf(value):
        raise _Fault("json.not-finite")
    return value


def _refuse_escapes(text: str, file: str) -> None:
    """What escapes can smuggle into a string that the bytes themselves could not hold."""
    for token in _STRINGS.finditer(text):
        if _SUSPECT_ESCAPE.search(token.group()) is None:
            continue
        value = json.loads(token.group())
        if "\x00" in value:
            raise Rejected("json.nul", file=file, at=_place(text, token.start()))
        if _LONE_SURROGATE.search(value) is not None:
            raise Rejected("json.lone-surrogate", file=file, at=_place(text, token.start()))


def _located(reason: str, text: str, file: str) -> Rejected:
    if reason == "json.duplicate-key":
        key, start = next(_repeated_keys(text))
        return Rejected(reason, file=file, at=_place(text, start), key=safe_line(key, 80))
    start = next(token.start() for token in _TOKENS.finditer(text) if _number_fault(token.group()) == reason)
    return Rejected(reason, file=file, at=_place(text, start))


def _repeated_keys(text: str) -> Iterator[tuple[str, int]]:
    seen: list[set[str]] = []
    name, start = "", 0
    for token in _TOKENS.finditer(text):
        mark = token.group()
        if mark in _OPENING:
            seen.append(set())
        elif mark in _CLOSING:
            seen.pop()
        elif mark.startswith('"'):
            name, start = mark, token.start()
        elif mark == ":":
            key = json.loads(name)
            if key in seen[-1]:
                yield key, start
            seen[-1].add(key)


def _number_fault(token: str) -> str:
    # The parser stops where a number ends, whatever follows: `1e999.0` is refused for its size.
    if _CONSTANT.match(token) is not None:
        return "json.not-finite"
    number = _NUMBER.match(token)
    if number is None:
        return ""
    try:
        _real(number[0]) if number[1] else _integer(number[0])
    except _Fault as fault:
        return str(fault)
    return ""


def _place(text: str, position: int) -> str:
    return f"{text.count(chr(10), 0, position) + 1}:{position - text.rfind(chr(10), 0, position)}"
