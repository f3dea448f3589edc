"""Commands made from words: `--field VALUE` pairs and JSON become the fields of a command type."""

from __future__ import annotations

import sys
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import msgspec

from app.domain.commands import VERBS, Command
from app.domain.errors import Environment, Rejected
from app.domain.json_limits import load_json
from app.domain.untrusted import safe_line

_FILE_LIMIT = 32 * 1024 * 1024


def split_words(words: Sequence[str]) -> tuple[list[str], list[tuple[str, str]], dict[str, Any]]:
    """Positional words, `--field VALUE` pairs and the object of `--json FILE`."""
    plain: list[str] = []
    pairs: list[tuple[str, str]] = []
    whole: dict[str, Any] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            plain.append(word)
            continue
        name, sign, value = word[2:].partition("=")
        if not sign:
            if not rest:
                raise Rejected("usage.no-value", field=safe_line(name, 60), needs=name)
            value = rest.pop(0)
        if name == "json":
            whole = _object(value)
        else:
            pairs.append((name.replace("-", "_"), value))
    return plain, pairs, whole


def make_command(verb: str, pairs: Sequence[tuple[str, str]], whole: dict[str, Any]) -> Command:
    """The command of this verb; raises Rejected naming the field that does not fit."""
    kind = VERBS.get(verb)
    if kind is None:
        raise Rejected("usage.unknown-verb", verb=safe_line(verb, 40), needs="verb")
    hints = {f.name: f.type for f in msgspec.structs.fields(kind)}
    fields: dict[str, Any] = {k: v for k, v in whole.items() if k != "verb"}
    for name, value in pairs:
        if name not in hints:
            raise Rejected("usage.unknown-field", field=safe_line(name, 60), verb=verb, needs="field")
        _put(fields, name, value, hints[name])
    try:
        command: Command = msgspec.convert({**fields, "verb": verb}, type=kind, strict=False)
    except msgspec.ValidationError as problem:
        raise Rejected("usage.bad-field", verb=verb, reason=safe_line(str(problem), 200), needs="field") from problem
    return command


def _put(fields: dict[str, Any], name: str, value: str, hint: Any) -> None:
    inner = _element(hint)
    if inner is None:
        fields[name] = _value(value, _plain(hint))
        return
    if value.startswith("["):
        fields[name] = _json_value(value, name)
        return
    fields[name] = [*fields.get(name, ()), _value(value, inner)]


def _element(hint: Any) -> Any:
    """The type of the elements of a tuple type, or None."""
    if get_origin(hint) is tuple:
        return get_args(hint)[0]
    return None


def _plain(hint: Any) -> Any:
    """`X | None` → X."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(a for a in get_args(hint) if a is not type(None))
    return hint


def _value(value: str, hint: Any) -> Any:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return _json_value(value, hint.__name__) if value.startswith("{") else _shorthand(value, hint)
    if hint is str and value.startswith("@"):
        return _text(value[1:])
    return value


def _shorthand(value: str, hint: type[msgspec.Struct]) -> dict[str, Any]:
    """`line=22.x,status=affected` → an object; a part without `=` belongs to the value before it."""
    hints = {f.name: f.type for f in msgspec.structs.fields(hint)}
    found: dict[str, Any] = {}
    last = ""
    for part in value.split(","):
        name, sign, text = part.partition("=")
        key = name.strip().replace("-", "_")
        if sign and key in hints:
            found[key] = text.strip()
            last = key
        elif last:
            found[last] += "," + part
        else:
            raise Rejected("usage.shorthand", value=safe_line(value, 80), fields=", ".join(hints), needs="field")
    for key, text in found.items():
        if _element(hints[key]) is not None:
            found[key] = [t for t in text.split("+") if t]
    return found


def _json_value(value: str, what: str) -> Any:
    return load_json(value.encode("utf-8", "surrogateescape"), what)


def _object(name: str) -> dict[str, Any]:
    data = _bytes(name)
    loaded = load_json(data, "standard input" if name == "-" else Path(name).name)
    if not isinstance(loaded, dict):
        raise Rejected("usage.not-object", file=safe_line(name, 80), needs="json")
    return loaded


def _text(name: str) -> str:
    try:
        return _bytes(name).decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Rejected("file.not-utf8", file=safe_line(Path(name).name, 80)) from problem


def _bytes(name: str) -> bytes:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(_FILE_LIMIT + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(_FILE_LIMIT + 1)
    except OSError as problem:
        raise Environment("file.unreadable", file=safe_line(Path(name).name, 80)) from problem
    if len(data) > _FILE_LIMIT:
        raise Rejected("file.too-large", file=safe_line(Path(name).name, 80), limit=_FILE_LIMIT)
    return data
