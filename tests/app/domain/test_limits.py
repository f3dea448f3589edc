"""No field of any command is without a limit, and none keeps what hides or what no clock can bear."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, get_args, get_origin

import msgspec
import pytest

from app.domain.commands import VERBS
from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.commands.limits import ENTRY_LIMIT, cleaned
from app.domain.errors import Rejected
from app.domain.untrusted import TEXT_LIMIT
from app.domain.values import AffectedLine, AuditPlace, Credit, ReleaseLine, Reporter

LONG = "x" * (TEXT_LIMIT + 1)


def text_fields(kind: type, path: str = "") -> Iterator[str]:
    """Every text that a command of this kind can hold, nested ones too."""
    for field in msgspec.structs.fields(kind):
        yield from _of(field.type, f"{path}{field.name}")


def _of(hint: Any, path: str) -> Iterator[str]:
    if hint is str:
        yield path
    elif get_origin(hint) is tuple:
        yield from _of(get_args(hint)[0], f"{path}[]")
    elif isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        yield from text_fields(hint, f"{path}.")
    else:
        for one in get_args(hint):
            is_text = isinstance(one, type) and (one is str or issubclass(one, msgspec.Struct))
            if is_text or get_origin(one) is tuple:
                yield from _of(one, path)


def example(hint: Any, fill: str, path: str, wanted: str) -> Any:
    """A value of this type, with `fill` in the one text that is wanted."""
    if hint is str:
        return fill if path == wanted else "x"
    if get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        return () if get_origin(inner) is tuple else (example(inner, fill, f"{path}[]", wanted),)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return made(hint, fill, wanted, f"{path}.")
    return _plain_example(hint, fill, path, wanted)


def _plain_example(hint: Any, fill: str, path: str, wanted: str) -> Any:
    simple = {datetime: datetime(2026, 3, 2, tzinfo=UTC), date: date(2026, 3, 2), int: 1, bool: False, float: 1.0}
    if isinstance(hint, type) and hint in simple:
        return simple[hint]
    options = [one for one in get_args(hint) if one not in (type(None), msgspec.UnsetType)]
    first = options[0]
    return first if isinstance(first, str) else example(first, fill, path, wanted)


def made(kind: type, fill: str, wanted: str, path: str = "") -> Any:
    fields = {f.name: example(f.type, fill, f"{path}{f.name}", wanted) for f in msgspec.structs.fields(kind)}
    return kind(**fields)


EVERY = [
    (verb, field)
    for verb, kind in VERBS.items()
    for field in text_fields(kind)
    # The members of an imported record are kept as they were read; its importer has bounded them.
    if not field.startswith("fields")
]


@pytest.mark.parametrize(("verb", "field"), EVERY, ids=str)
def test_every_text_of_every_command_has_a_limit_and_the_refusal_names_it(verb: str, field: str) -> None:
    with pytest.raises(Rejected) as caught:
        cleaned(made(VERBS[verb], LONG, field))
    assert caught.value.code == "text.too-long"
    assert caught.value.facts["field"] == field.replace("[]", "[0]")


@pytest.mark.parametrize(("verb", "field"), EVERY, ids=str)
def test_no_text_of_any_command_keeps_what_can_not_be_written_down(verb: str, field: str) -> None:
    made_visible = cleaned(made(VERBS[verb], "a\x00b\udcffc", field))
    kept = msgspec.json.encode(made_visible)
    assert b"\\u0000" not in kept


def test_lines_become_visible_and_texts_stay_as_they_were() -> None:
    text = "Zero\u200bwidth\r\n\ttext \u202e e\u0301"
    told = cleaned(c.Receive(title=" a\nb\u202ec ", text=text, subject="\x1b[31m"))
    assert (told.title, told.text, told.subject) == ("a<U+000A>b<U+202E>c", text, "<U+001B>[31m")


def test_what_is_right_already_is_not_touched() -> None:
    command = c.SetAffected(lines=(AffectedLine(line="22.x", note="many\nlines"),))
    assert cleaned(command) is command


def test_a_line_is_refused_where_making_it_visible_makes_it_too_long() -> None:
    with pytest.raises(Rejected, match=r"text\.too-long"):
        cleaned(c.Retitle(title="\u202e" * 200))


def test_a_list_has_a_limit() -> None:
    line = AffectedLine(line="22.x")
    with pytest.raises(Rejected) as caught:
        cleaned(c.SetAffected(lines=(line,) * (ENTRY_LIMIT + 1)))
    assert (caught.value.code, caught.value.facts["length"]) == ("list.too-long", ENTRY_LIMIT + 1)


@pytest.mark.parametrize("place", ["at", "target"])
def test_instants_have_a_zone_and_lie_in_our_time(place: str) -> None:
    def told(moment: datetime) -> Any:
        return cleaned(c.Acknowledge(at=moment) if place == "at" else r.PlanRelease(target=moment))

    moment = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=-5)))
    assert getattr(told(moment), place).tzinfo is UTC
    for wrong, code in (
        (moment.replace(tzinfo=None), "date.no-zone"),
        (moment.replace(year=1), "date.out-of-range"),
        (moment.replace(year=9999, month=12, day=31, hour=23), "date.out-of-range"),
    ):
        with pytest.raises(Rejected) as caught:
            told(wrong)
        assert (caught.value.code, caught.value.needs) == (code, place)


def test_nested_fields_are_named_by_their_path() -> None:
    places = (AuditPlace(where="a"), AuditPlace(where="b", note="x" * 5000))
    with pytest.raises(Rejected) as caught:
        cleaned(c.AuditSimilarCode(pattern="p", places=places))
    assert caught.value.needs == "places[1].note"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Reporter(name="Ro\tbin"), "Ro<U+0009>bin"),
        (Credit(name="Ro\u202ebin"), "Ro<U+202E>bin"),
        (ReleaseLine(line="22.x", releaser="Ro\u200bbin"), "Ro<U+200B>bin"),
    ],
)
def test_names_in_values_are_visible(value: Any, shown: str) -> None:
    found = cleaned(value)
    assert shown in (getattr(found, "name", ""), getattr(found, "releaser", ""))
