"""Looking something up on the command line needs no store and no passphrase."""

from __future__ import annotations

import json

import pytest

from app.cli import main

WORST = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"


def look(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["look", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_weakness_is_found_by_words_and_one_that_is_discouraged_names_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = look(capsys, "cwe", "request", "smuggling")
    assert (code, out.splitlines()[0].split()[0]) == (0, "CWE-444")
    _, _, err = look(capsys, "cwe", "119")
    assert "should not name CWE-119" in err
    code, out, _ = look(capsys, "cwe", "400", "--json")
    assert json.loads(out)[0]["cwe"] == "CWE-400"
    assert look(capsys, "cwe", "zebra crossing ahead")[0] == 1


def test_a_vector_is_scored_and_each_metric_explained(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = look(capsys, "cvss", WORST + "/E:U")
    assert code == 0
    assert "Attack vector" in out
    assert "10.0, 9.1 with everything" in err
    assert json.loads(look(capsys, "cvss", WORST, "--json")[1])["rating"] == "critical"
    assert look(capsys, "cvss", "AV:N/AC:L/Au:N/C:P/I:P/A:P")[0] == 0
    code, _, err = look(capsys, "cvss", WORST.replace("AV:N", "AV:Q"))
    assert (code, "no answer to Attack vector" in err) == (1, True)


def test_a_decision_is_made_or_the_open_questions_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    answers = ("exploitation=active", "automatable=yes", "technical-impact=total", "mission=high")
    assert look(capsys, "ssvc", "cisa", *answers)[2].startswith("Act:")
    code, out, _ = look(capsys, "ssvc", "cisa", "exploitation=public_poc")
    assert (code, out.split()[0]) == (1, "automatable")
    assert look(capsys, "ssvc", "weather")[0] == 1


def test_a_range_is_explained_linted_and_mended(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = look(capsys, "range", "20.x", "^20.20.2")
    assert code == 1
    assert "covers the whole line" in err
    assert "Rather: >=20.0.0 <20.20.2 with ^20.20.2 patched" in err
    assert look(capsys, "range", ">=20.0.0 <20.20.2")[0] == 0
    assert json.loads(look(capsys, "range", "latest", "--json")[1])["findings"][0]["code"] == "range.malformed"
    assert look(capsys, "range", ">=3.1.4 <3.1.9", "--product", "nodejs")[0] == 1
