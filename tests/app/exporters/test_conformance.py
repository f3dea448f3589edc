"""The exam that every exporter sits, by being there."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import replace

from app.desk.ports.exchange import Bundle, Exporter, Rendered, Scope
from app.domain.case.state import Advisory, Message, Note
from app.domain.untrusted import safe_file_name
from app.domain.values import Audience, ReleaseLine, Reporter
from app.exporters import discover
from tests.app.exporters.bundles import NOW, RECEIVED, a_bundle, a_case, a_record, a_release, alone, three_cases

EXPORTERS = discover()
ROOT = Path(__file__).resolve().parents[3]
HOSTILE = "x\r\nBcc: all@example.org\r\n\r\n<script>{1}</script>\n---\n# Summary\u202e\x00`"
_PRINT_DIGESTS = """
from tests.app.exporters.test_conformance import digests
print(digests())
"""
each_exporter = pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda exporter: exporter.format)


def bundle_for(exporter: Exporter) -> Bundle:
    """Something this exporter can write: a release, or imported records and new cases together."""
    if "release" in exporter.scopes and "all" not in exporter.scopes:
        return a_bundle()
    return a_bundle((a_record(), *three_cases()))


def digests() -> str:
    """One line for everything that every exporter writes."""
    lines = [
        f"{exporter.format} {file.name} {hashlib.sha256(file.data).hexdigest()}"
        for exporter in EXPORTERS
        for file in exporter.render(bundle_for(exporter))
    ]
    return ";".join(lines)


def words_of(files: tuple[Rendered, ...]) -> str:
    return "\n".join(f"{file.name}\n{file.data.decode()}" for file in files)


def test_formats_are_found_by_being_there_and_have_names_of_their_own() -> None:
    names = [exporter.format for exporter in EXPORTERS]
    assert names == sorted(set(names))
    assert {"blog-pre", "blog-post", "mail", "mail-pre", "nswg"} <= set(names)


@each_exporter
def test_an_exporter_says_what_it_is(exporter: Exporter) -> None:
    assert re.fullmatch(r"[a-z]+(?:-[a-z]+)*", exporter.format)
    assert exporter.title
    assert exporter.audience in get_args(Audience)
    assert exporter.scopes
    assert set(exporter.scopes) <= set(get_args(Scope))


@each_exporter
def test_the_same_facts_give_the_same_bytes(exporter: Exporter, any_time_zone: str) -> None:
    assert any_time_zone
    bundle = bundle_for(exporter)
    backwards = replace(bundle, cases=tuple(reversed(bundle.cases)))
    assert exporter.render(bundle) == exporter.render(bundle)
    assert {f.name: f.data for f in exporter.render(bundle)} == {f.name: f.data for f in exporter.render(backwards)}


@pytest.mark.parametrize(
    "surroundings",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "2"},
        {"TZ": "Asia/Kathmandu", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "0", "PYTHONHASHSEED": "3"},
    ],
    ids=lambda surroundings: surroundings["TZ"],
)
def test_another_process_in_another_place_writes_the_same_bytes(surroundings: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PRINT_DIGESTS],
        cwd=ROOT,
        env={**os.environ, **surroundings},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.strip() == digests()


@each_exporter
def test_names_of_files_are_safe_and_differ(exporter: Exporter) -> None:
    files = exporter.render(bundle_for(exporter))
    parts = [part for file in files for part in file.name.split("/")]
    assert files
    assert len({file.name for file in files}) == len(files)
    assert [safe_file_name(part).saved for part in parts] == parts


@each_exporter
def test_files_are_utf_8_and_hold_no_hidden_character(exporter: Exporter) -> None:
    case = a_case(
        title=HOSTILE,
        advisory=Advisory(revision=1, body=HOSTILE, at=RECEIVED),
        reporters=(Reporter(name=HOSTILE),),
        product=HOSTILE,
    )
    for bundle in (a_bundle((case,), a_release(members=())), alone(case), alone(replace(case, track="ecosystem"))):
        text = words_of(exporter.render(bundle))
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f]", text)


@each_exporter
def test_nothing_internal_goes_out(exporter: Exporter) -> None:
    secret = a_case(
        notes=(Note(at=NOW, by="Ada Example", text="canary-note"),),
        messages=(
            Message(direction="in", purpose="question", at=NOW, text="canary-message", subject="canary-subject"),
        ),
        report=replace(a_case().report, text="canary-report", subject="canary-report-subject"),
        reporters=(Reporter(name="canary-reporter", email="canary@example.org"),),
    )
    cases = (secret, *three_cases()[1:])
    release = a_release(title="canary-working-title", lines=(ReleaseLine(line="24.x", releaser="canary-releaser"),))
    text = words_of(exporter.render(a_bundle(cases, release)))
    assert "canary" not in text
    assert not re.search(r"H-2099-\d|R-2099-\d", text)


@each_exporter
def test_a_missing_fact_is_told_and_visibly_marked_or_left_out(exporter: Exporter) -> None:
    bare = a_case(cves=(), severity=None, lines=(), advisory=Advisory(), credits=(), handler=None)
    bundle = a_bundle((bare,), a_release(lines=(), members=(), steward=None, released=(), pre_announced=None))
    files = exporter.render(bundle)
    assert exporter.missing(bundle)
    assert all(gap.code and gap.ref for gap in exporter.missing(bundle))
    assert "MISSING" in words_of(files)


@each_exporter
def test_what_a_notice_says_is_not_what_an_advisory_says(exporter: Exporter) -> None:
    text = words_of(exporter.render(bundle_for(exporter)))
    told = "Folded header lines" in text or "CVE-2099-10001" in text
    assert told == (exporter.audience == "public")


def test_a_complete_bundle_lacks_nothing_but_a_number_in_the_dataset() -> None:
    gaps = {exporter.format: {gap.code for gap in exporter.missing(a_bundle())} for exporter in EXPORTERS}
    assert gaps.pop("nswg") == {"nswg.number"}
    assert set().union(*gaps.values()) == set()
