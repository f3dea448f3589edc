"""The catalogue of weaknesses: found by id or words, with what CVE says of naming an entry."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Defect
from app.domain.weaknesses import Weaknesses, cwe_number, load_weaknesses
from app.machine.resources import packaged_weaknesses


@cache
def catalogue() -> Weaknesses:
    return packaged_weaknesses()


@pytest.mark.parametrize("written", ["CWE-79", "cwe-79", "79", " CWE 79 ", "cwe_79", "CWE:79", "CWE-0079"])
def test_an_entry_is_found_however_its_id_is_written(written: str) -> None:
    found = catalogue().find(written)
    assert found is not None
    assert found.cwe == "CWE-79"


@pytest.mark.parametrize("written", ["", "CWE-", "CWE-0", "79a", "CVE-2099-10001", "CWE-99999", "-1", "7" * 60])
def test_what_is_no_id_of_an_entry_finds_none(written: str) -> None:
    assert catalogue().find(written) is None


def test_an_id_comes_before_words_and_a_name_before_a_description() -> None:
    assert catalogue().search("444")[0].id == 444
    found = catalogue().search("out-of-bounds read")
    assert found[0].id == 125
    assert catalogue().search("request smuggling")[0].id == 444


def test_every_word_must_occur_and_a_beginning_is_enough() -> None:
    ids = {entry.id for entry in catalogue().search("uncontr resou consum")}
    assert 400 in ids
    assert catalogue().search("uncontr resou zebra") == ()
    assert catalogue().search("  ") == ()


def test_what_may_be_named_comes_before_what_should_not() -> None:
    found = catalogue().search("input validation")
    fit = [entry.is_fit for entry in found if "validation" in entry.name.lower()]
    assert found[0].id == 20 or found[0].is_fit
    assert True in fit


def test_a_category_and_a_deprecated_entry_are_not_fit() -> None:
    category = catalogue().find("CWE-310")
    assert category is not None
    assert category.kind == "category"
    assert not category.is_fit
    deprecated = next(entry for entry in catalogue().search("deprecated", 400) if entry.status == "deprecated")
    assert not deprecated.is_fit


def test_a_discouraged_entry_names_others_in_its_place() -> None:
    discouraged = catalogue().find("CWE-119")
    assert discouraged is not None
    assert discouraged.usage == "discouraged"
    instead = catalogue().instead_of(discouraged)
    assert instead
    assert all(entry.is_fit for entry in instead)


def test_the_whole_catalogue_is_there_with_its_edition_and_its_notice() -> None:
    assert len(catalogue()) > 1300
    assert catalogue().about.version == "4.17"
    assert "MITRE" in catalogue().about.notice


@given(st.text(max_size=300))
def test_no_text_breaks_the_search(text: str) -> None:
    found = catalogue().search(text, 7)
    assert len(found) <= 7
    assert len({entry.id for entry in found}) == len(found)


@given(st.integers(1, 99999))
def test_a_number_is_read_back_from_its_id(number: int) -> None:
    assert cwe_number(f"CWE-{number}") == number


def test_a_broken_catalogue_is_a_defect_by_name() -> None:
    with pytest.raises(Defect, match=r"cwe\.malformed"):
        load_weaknesses(b'{"about": 1}')
