"""Whatever bytes come in, an importer gives drafts and refusals or rejects the file; nothing else leaves it."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.desk.desk import Desk
from app.desk.intake import Intake
from app.desk.ports.exchange import CaseDraft, Draft, Importer, Refusal, ReleaseDraft, SourceFile, TeamDraft
from app.domain.errors import Rejected
from app.importers import discover
from app.importers.eml.header_block import addresses, decode_words, parameters, sent_at, split_headers
from app.importers.eml.html_text import text_of
from app.presenters.words import ERRORS
from tests.app.importers.samples import FIXTURES, source
from tests.builders import ADA
from tests.fakes_vault import CountingIds, MemoryVault, ShippedPolicies, StandingClock

IMPORTERS = {importer.format: importer for importer in discover()}
FOLDERS = {
    "eml": "mail",
    "nswg": "dataset",
    "release-index": "catalogue",
    "release-schedule": "catalogue",
    "vulnerabilities": "handover",
}
SEEDS = {
    name: [path.read_bytes() for path in sorted((FIXTURES / folder).rglob("*")) if path.is_file()]
    for name, folder in FOLDERS.items()
}
CASES = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

SPLINTERS = [
    b"\0",
    b"\r",
    b"\n\n",
    b"--outer",
    b"--",
    b"=?utf-8?b?/w==?=",
    b'"',
    b"\xff\xfe",
    b"\xe2\x80\xae",
    b"[",
    b"{}",
    b"null",
    b"-1",
    b"1e999",
    b"99999999999999999999",
    b"Content-Type: multipart/mixed; boundary=outer\n\n",
    b"charset=utf-7",
    b";filename*1*=''%",
    b">=1 <0 || ",
    b"2099-02-30",
    b"CVE-2099-1",
    b"\\ud800",
]


@st.composite
def mutated(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """A fixture with pieces cut out, doubled, swapped or put in."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 60)))
        piece = draw(st.sampled_from([b"", data[start:end] * 2, *SPLINTERS]) | st.binary(max_size=8))
        data = data[:start] + piece + data[end:]
    return data


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def check(importer: Importer, given_file: SourceFile) -> None:
    """Reads a file and looks at everything that came out of it."""
    assert importer.recognises(given_file) in (True, False)
    drafts: list[Draft] = []
    with contextlib.suppress(Rejected):
        drafts += importer.read(given_file)
    for draft in drafts:
        assert isinstance(draft, CaseDraft | ReleaseDraft | TeamDraft | Refusal)
        if not isinstance(draft, Refusal):
            assert isinstance(draft, TeamDraft) or draft.key
            # What can't be written can't be stored: lone surrogates, numbers without bound.
            msgspec.json.decode(msgspec.json.encode(draft.commands))


@pytest.mark.parametrize("name", sorted(IMPORTERS))
@CASES
@given(data=st.data())
def test_a_mutated_fixture_gives_drafts_refusals_or_a_rejection(name: str, data: st.DataObject) -> None:
    raw = data.draw(mutated(SEEDS[name]))
    file_name = data.draw(st.sampled_from(["7.json", "index.json", "report.eml", "a\u202e/../b", ""]))
    check(IMPORTERS[name], source(raw, file_name))


@pytest.mark.parametrize("name", sorted(IMPORTERS))
@CASES
@given(raw=st.binary(max_size=300))
def test_any_bytes_give_drafts_refusals_or_a_rejection(name: str, raw: bytes) -> None:
    check(IMPORTERS[name], source(raw, "7.json"))


def replaced(value: Any, path: list[int], new: Any) -> Any:
    """The value with one member somewhere below put in place of another; the path says which way to go."""
    if not path or not isinstance(value, dict | list) or not value:
        return new
    step, rest = path[0] % len(value), path[1:]
    if isinstance(value, list):
        return [replaced(one, rest, new) if place == step else one for place, one in enumerate(value)]
    chosen = list(value)[step]
    return {key: replaced(one, rest, new) if key == chosen else one for key, one in value.items()}


@pytest.mark.parametrize("name", ["nswg", "vulnerabilities"])
@CASES
@given(data=st.data())
def test_a_member_of_any_other_type_gives_drafts_refusals_or_a_rejection(name: str, data: st.DataObject) -> None:
    record = json.loads(data.draw(st.sampled_from(SEEDS[name])))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.lists(st.integers(0, 30), min_size=1, max_size=5))
        record = replaced(record, path, data.draw(JSON))
    check(IMPORTERS[name], source(json.dumps(record), "7.json"))


HEADER_TEXT = st.text(st.sampled_from("=?utf-8qbBQ*'%;,:<>()@\"\\ \t\xe9\u202eaZ09./[]"), max_size=120)


@CASES
@given(HEADER_TEXT)
def test_headers_of_the_letters_that_parsers_stumble_over_are_read(text: str) -> None:
    raw = f"From: {text}\nContent-Type: {text}\nDate: {text}\n\n".encode()
    headers, start = split_headers(raw, "headers", 0, len(raw))
    assert start <= len(raw)
    assert isinstance(decode_words(text), str)
    assert all(isinstance(value, str) for value in parameters(headers, "content-type").values.values())
    assert all(len(pair) == 2 for pair in addresses(headers, "from"))
    moment = sent_at(headers)
    assert moment is None or moment.tzinfo is not None


@CASES
@given(st.text(st.sampled_from("<>/!-&;#x0pscriptyle \n\"'=İ"), max_size=200))
def test_html_of_any_shape_is_reduced_to_words(page: str) -> None:
    assert len(text_of(page)) <= len(page) * 2


@pytest.mark.parametrize("name", sorted(IMPORTERS))
@CASES
@given(data=st.data())
def test_a_mutated_fixture_is_taken_in_whole_or_refused_by_the_desk(name: str, data: st.DataObject) -> None:
    vault, clock = MemoryVault(), StandingClock()
    desk = Desk(vault.as_vault(), clock, CountingIds(), ShippedPolicies(), ADA)
    intake = Intake(vault.as_vault(), desk, tuple(IMPORTERS.values()), clock, ADA)
    before = len(vault.queries.log)
    report = intake.run([source(data.draw(mutated(SEEDS[name])), "7.json")])
    assert bool(report.cases or report.releases or report.learnt) == (len(vault.queries.log) > before)
    assert {one.code for one in report.refused} <= ERRORS.keys()
