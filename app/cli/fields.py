"""Commands made from words: `--field VALUE` pairs, files and JSON become the fields of a command type."""

from __future__ import annotations

import re
import types
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any, Final, Literal, Union, get_args, get_origin

import msgspec

from app.cli.words import Words, read_bytes, read_text
from app.desk.desk import NewFile
from app.desk.ports.reading import FILE_LIMIT
from app.domain.commands import VERBS, Command
from app.domain.errors import Rejected
from app.domain.json_fields import refuse_large_numbers
from app.domain.json_limits import load_json
from app.domain.untrusted import safe_file_name, safe_line
from app.domain.values import Blob

_MOMENT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE | re.ASCII
)
_NUMBER: Final = re.compile(r"-?\d{1,15}", re.ASCII)
_TRUTHS: Final = {"true": True, "false": False}


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A command, and the files that its blobs stand for; they go into the store with it."""

    command: Command
    files: tuple[NewFile, ...] = ()


def make_command(verb: str, words: Words) -> Made:
    """The command of this verb; raises Rejected naming the field that does not fit."""
    kind = VERBS.get(verb)
    if kind is None:
        raise Rejected("usage.unknown-verb", verb=safe_line(verb, 40), needs="verb")
    return _Maker(verb, kind).make(words)


class _Maker:
    """Collects the fields of one command."""

    def __init__(self, verb: str, kind: type[Command]) -> None:
        self._verb = verb
        self._kind = kind
        self._hints = {f.name: f.type for f in msgspec.structs.fields(kind)}
        self._files: dict[str, NewFile] = {}

    def make(self, words: Words) -> Made:
        fields: dict[str, Any] = {k: v for k, v in words.whole.items() if k != "verb"}
        refuse_large_numbers(words.whole, "")
        told: set[str] = set()
        for name in (*fields, *(name for name, _ in words.pairs)):
            if name not in self._hints:
                raise Rejected("usage.unknown-field", field=safe_line(name, 60), verb=self._verb, needs="field")
        for name, value in words.pairs:
            element = _element(self._hints[name])
            if name in told and element is None:
                raise Rejected("usage.twice", field=_option(name), verb=self._verb, needs=name)
            fields[name] = self._put(fields.get(name) if name in told else None, name, value, element)
            told.add(name)
        command = self._converted(fields)
        self._refuse_strange_blobs(command)
        return Made(command=command, files=tuple(self._files.values()))

    def _converted(self, fields: dict[str, Any]) -> Command:
        for field in msgspec.structs.fields(self._kind):
            if field.required and field.name not in fields:
                raise Rejected("usage.no-field", verb=self._verb, field=_option(field.name), needs=field.name)
        try:
            return msgspec.convert({**fields, "verb": self._verb}, type=self._kind)
        except msgspec.ValidationError as problem:
            reason = safe_line(str(problem), 200)
            raise Rejected("usage.bad-field", verb=self._verb, reason=reason, needs="field") from problem

    def _put(self, so_far: Any, name: str, value: str, element: Any) -> Any:
        if element is None:
            return self._value(value, _plain(self._hints[name]), name)
        if value.startswith("["):
            return _json_value(value, name)
        return [*(so_far or ()), self._value(value, element, name)]

    def _value(self, value: str, hint: Any, name: str) -> Any:
        if hint is Blob:
            return self._file(value, name)
        if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
            return _json_value(value, name) if value.startswith("{") else self._shorthand(value, hint, name)
        if hint is str and value.startswith("@"):
            # Twice the sign means the sign itself: a name may begin with one.
            return value[1:] if value.startswith("@@") else read_text(value[1:])
        return _scalar(value, hint, name)

    def _file(self, value: str, name: str) -> dict[str, Any]:
        """`@PATH`: the file goes into the store with the command."""
        if not value.startswith("@"):
            raise Rejected("usage.blob", field=_option(name), needs=name)
        data = read_bytes(value[1:], FILE_LIMIT)
        file = NewFile(data=data, name=safe_file_name(PurePath(value[1:]).name).shown)
        blob = file.blob()
        self._files[blob.sha256] = file
        built: dict[str, Any] = msgspec.to_builtins(blob)
        return built

    def _shorthand(self, value: str, hint: type[msgspec.Struct], name: str) -> dict[str, Any]:
        """`line=22.x,status=affected` → an object; a part without a known name belongs to the value before it."""
        hints = {f.name: f.type for f in msgspec.structs.fields(hint)}
        texts: dict[str, str] = {}
        last = ""
        for part in value.split(","):
            key, sign, text = part.partition("=")
            field = key.strip().replace("-", "_")
            if sign and field in hints:
                if field in texts:
                    raise Rejected("usage.twice", field=field, verb=self._verb, needs=name)
                texts[field] = text.strip()
                last = field
            elif last:
                texts[last] += "," + part
            else:
                fields = ", ".join(hints)
                raise Rejected("usage.shorthand", value=safe_line(value, 80), fields=fields, needs=name)
        return {key: self._part(text, hints[key], f"{name}.{key}") for key, text in texts.items()}

    def _part(self, text: str, hint: Any, name: str) -> Any:
        if _element(hint) is not None:
            return [t for t in text.split("+") if t]
        plain = _plain(hint)
        return self._file(text, name) if plain is Blob else _scalar(text, plain, name)

    def _refuse_strange_blobs(self, value: Any) -> None:
        """A blob that is only named stands for no file of the store, and verification would find it missing."""
        if isinstance(value, Blob):
            if value.sha256 not in self._files:
                raise Rejected("usage.blob", field="blob", needs="blob")
        elif isinstance(value, msgspec.Struct):
            for name in value.__struct_fields__:
                self._refuse_strange_blobs(getattr(value, name))
        elif isinstance(value, tuple):
            for one in value:
                self._refuse_strange_blobs(one)


def _element(hint: Any) -> Any:
    """The type of the elements of a tuple type, or None."""
    kind = _plain(hint)
    return get_args(kind)[0] if get_origin(kind) is tuple else None


def _plain(hint: Any) -> Any:
    """`X | None` → X, and so without what stands for a field that is not there."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(a for a in get_args(hint) if a not in (types.NoneType, msgspec.UnsetType))
    return hint


def _scalar(value: str, hint: Any, name: str) -> Any:
    if hint is datetime:
        return _moment(value, name)
    if get_origin(hint) is Literal:
        return _choice(value, get_args(hint), name)
    if hint is bool:
        return _TRUTHS[_choice(value.lower(), tuple(_TRUTHS), name)]
    if hint is int:
        if not _NUMBER.fullmatch(value):
            raise Rejected("usage.number", field=_option(name), value=safe_line(value, 40), needs=name)
        return int(value)
    return value


def _choice(value: str, allowed: Sequence[Any], name: str) -> str:
    if value not in allowed:
        choices = ", ".join(map(str, allowed))
        raise Rejected("usage.choice", field=_option(name), value=safe_line(value, 40), choices=choices, needs=name)
    return value


def _moment(value: str, name: str) -> datetime:
    text = value.strip().upper()
    match = _MOMENT.fullmatch(text)
    try:
        moment = datetime.fromisoformat(text) if match else None
    except ValueError:
        moment = None
    if match is None or moment is None:
        raise Rejected("usage.date", field=_option(name), value=safe_line(value, 40), needs=name)
    if not match[1]:
        raise Rejected("date.no-zone", value=safe_line(value, 40), field=name, needs=name)
    return moment


def _json_value(value: str, what: str) -> Any:
    loaded = load_json(value.encode("utf-8", "surrogateescape"), _option(what))
    refuse_large_numbers(loaded, what)
    return loaded


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")
