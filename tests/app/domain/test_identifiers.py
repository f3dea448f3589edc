"""Identifiers are taken in their canonical spelling or refused with what was expected."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import identifiers
from app.domain.errors import Rejected
from tests.app.domain.hostile import hostile

PARSERS: dict[str, Callable[[str], str]] = {
    name: getattr(identifiers, name) for name in dir(identifiers) if name.startswith("parse_")
}


@pytest.mark.parametrize(
    ("parse", "text", "canonical"),
    [
        ("parse_cve_id", "CVE-2099-0001", "CVE-2099-0001"),
        ("parse_cve_id", " cve-1999-1234567890123456789 ", "CVE-1999-1234567890123456789"),
        ("parse_cwe_id", "cwe-79", "CWE-79"),
        ("parse_ghsa_id", "ghsa-2345-CFGH-vwxx", "GHSA-2345-cfgh-vwxx"),
        ("parse_case_ref", "h-2099-001", "H-2099-001"),
        ("parse_case_ref", "H-2099-1000", "H-2099-1000"),
        ("parse_release_ref", "R-2099-012", "R-2099-012"),
        ("parse_email_address", "Ada.O'Neil+desk@Mail.EXAMPLE.org", "Ada.O'Neil+desk@mail.example.org"),
        ("parse_email_address", "ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("parse_email_address", "ada@xn--wgv71a119e.example", "ada@xn--wgv71a119e.example"),
        ("parse_slug", "aster-2099-07-security", "aster-2099-07-security"),
        ("parse_message_id", " <a.b$1@mail.example.org>\r\n", "<a.b$1@mail.example.org>"),
        ("parse_message_id", "<1=2:3@[192.0.2.1]>", "<1=2:3@[192.0.2.1]>"),
        (
            "parse_http_url",
            "HTTPS://Example.org:8443/a/(b)?c=%20#d",
            "HTTPS://Example.org:8443/a/(b)?c=%20#d",
        ),
        ("parse_http_url", "http://[2001:db8::1]/", "http://[2001:db8::1]/"),
        ("parse_http_url", "http://192.0.2.1/", "http://192.0.2.1/"),
        ("parse_http_url", "http://localhost:8080", "http://localhost:8080"),
    ],
)
def test_a_good_identifier_comes_out_canonical(parse: str, text: str, canonical: str) -> None:
    assert PARSERS[parse](text) == canonical
    assert PARSERS[parse](canonical) == canonical


@pytest.mark.parametrize(
    ("parse", "text", "code", "expected"),
    [
        ("parse_cve_id", "CVE-1998-0001", "identifier.cve", "cve-year-from-1999"),
        ("parse_cve_id", "CVE-2099-123", "identifier.cve", "cve-id"),
        ("parse_cve_id", "CVE-2099-12345678901234567890", "identifier.cve", "cve-id"),
        ("parse_cve_id", "see CVE-2099-12345 there", "identifier.cve", "cve-id"),
        ("parse_cve_id", "CVE-2099-1234A", "identifier.cve", "cve-id"),
        ("parse_cve_id", "CVE-\u0662\u0660\u0669\u0669-1234", "identifier.cve", "cve-id"),
        ("parse_cwe_id", "CWE-0", "identifier.cwe", "cwe-id"),
        ("parse_cwe_id", "CWE-79: Cross-site Scripting", "identifier.cwe", "cwe-id"),
        ("parse_ghsa_id", "GHSA-aaaa-bbbb-cccc", "identifier.ghsa", "ghsa-id"),
        ("parse_ghsa_id", "GH\u017fA-2345-cfgh-vwxx", "identifier.ghsa", "ghsa-id"),
        ("parse_case_ref", "H-2099-000", "identifier.case-ref", "case-ref"),
        ("parse_case_ref", "H-2099-0100", "identifier.case-ref", "case-ref"),
        ("parse_case_ref", "R-2099-001", "identifier.case-ref", "case-ref"),
        ("parse_release_ref", "H-2099-001", "identifier.release-ref", "release-ref"),
        ("parse_email_address", "ada@b\u00fccher.example", "identifier.email", "email-ascii"),
        ("parse_email_address", "ada@example", "identifier.email", "email-domain"),
        ("parse_slug", "a--b", "identifier.slug", "slug"),
        ("parse_slug", "../a", "identifier.slug", "slug"),
        ("parse_slug", "Aster", "identifier.slug", "slug"),
        ("parse_slug", "con", "identifier.slug", "slug"),
        ("parse_slug", "a" * 101, "identifier.slug", "slug"),
        ("parse_message_id", "a@b", "identifier.message-id", "message-id"),
        ("parse_message_id", "<a b@c>", "identifier.message-id", "message-id"),
        ("parse_message_id", "<a@b>\r\nBcc: eve@example.org", "identifier.message-id", "message-id"),
        ("parse_message_id", "<a@b> <c@d>", "identifier.message-id", "message-id"),
        ("parse_message_id", f"<{'a' * 900}@b>", "identifier.message-id", "message-id"),
        ("parse_http_url", "https://ada@example.org/", "identifier.url", "http-url-without-user"),
        ("parse_http_url", "https:///a", "identifier.url", "http-url-host"),
    ],
)
def test_a_bad_identifier_is_refused_with_what_was_expected(parse: str, text: str, code: str, expected: str) -> None:
    with pytest.raises(Rejected) as refusal:
        PARSERS[parse](text)
    assert (refusal.value.code, refusal.value.facts["expected"]) == (code, expected)


@pytest.mark.parametrize("text", hostile("email_addresses"))
def test_nothing_but_one_plain_address_is_an_address(text: str) -> None:
    with pytest.raises(Rejected, match=r"identifier\.email"):
        identifiers.parse_email_address(text)


@pytest.mark.parametrize("text", hostile("links"))
def test_nothing_but_an_absolute_web_link_is_a_link(text: str) -> None:
    with pytest.raises(Rejected, match=r"identifier\.url"):
        identifiers.parse_http_url(text)


@pytest.mark.parametrize("name", PARSERS)
@given(text=st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_is_taken_in_visible_ascii_or_refused_safely(name: str, text: str) -> None:
    try:
        result = PARSERS[name](text)
    except Rejected as refusal:
        value = refusal.facts["value"]
        assert isinstance(value, str)
        assert len(value) <= 80
        assert value.encode().decode() == value
    else:
        assert result.isascii()
        assert result.isprintable()
        assert PARSERS[name](result) == result


@given(st.from_regex(r"CVE-[0-9]{4}-[0-9]{4,19}", fullmatch=True, alphabet="CVE-0123456789"))
def test_every_year_from_1999_on_is_a_cve_year(text: str) -> None:
    if int(text[4:8]) >= 1999:
        assert identifiers.parse_cve_id(text) == text
    else:
        with pytest.raises(Rejected):
            identifiers.parse_cve_id(text)


def test_references_are_made_and_sorted_by_number() -> None:
    refs = [identifiers.case_ref(2099, number) for number in (1000, 999, 7)]
    assert refs == ["H-2099-1000", "H-2099-999", "H-2099-007"]
    assert sorted(refs, key=identifiers.ref_order) == refs[::-1]
    assert identifiers.release_ref(2099, 1) == "R-2099-001"
