"""Identifiers of the field, told from look-alikes: CVE, CWE, GHSA, references, addresses, slugs, links.

Every `parse_…` gives the canonical spelling or raises Rejected("identifier.<kind>") with `value` (the first
80 characters, safe to show) and `expected` (a key for the words that say what would be right).
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from app.domain.errors import Rejected
from app.domain.untrusted import safe_file_name, safe_line

URL_LIMIT: Final = 2048
MESSAGE_ID_LIMIT: Final = 900
"""Below the 998 characters of a header line (RFC 5322 2.1.1), with room for its name."""

_CVE = re.compile(r"CVE-([0-9]{4})-[0-9]{4,19}")
_CWE = re.compile(r"CWE-[1-9][0-9]{0,5}")
_GHSA = re.compile(r"GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}")
_REFERENCE = re.compile(r"([HR])-([0-9]{4})-([0-9]{3}|[1-9][0-9]{3,5})")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", re.IGNORECASE | re.ASCII)
_ADDRESS_6 = re.compile(r"[0-9a-f:.]{2,45}")


def parse_cve_id(text: str) -> str:
    """`CVE-`, a year from 1999 on, 4 to 19 digits (CVE record format 5); in capitals."""
    candidate = text.strip(" ").upper()
    match = _CVE.fullmatch(candidate)
    if match is None:
        raise _refused("cve", text, "cve-id")
    if int(match[1]) < 1999:
        raise _refused("cve", text, "cve-year-from-1999")
    return candidate


def parse_cwe_id(text: str) -> str:
    """`CWE-` and a number; `cwe-242`, as HackerOne writes it, becomes `CWE-242`."""
    return _whole(_CWE, text.strip(" ").upper(), text, "cwe", "cwe-id")


def parse_ghsa_id(text: str) -> str:
    """`GHSA-` and three groups of four of GitHub's letters and digits, which are written small."""
    candidate = text.strip(" ")
    match = _GHSA.fullmatch(candidate[:4].upper() + candidate[4:].lower())
    if match is None or not candidate.isascii():
        raise _refused("ghsa", text, "ghsa-id")
    return match[0]


def case_ref(year: int, number: int) -> str:
    """The reference of a case, `H-2026-001`; the number of a year grows past three digits."""
    return parse_case_ref(f"H-{year:04}-{number:03}")


def release_ref(year: int, number: int) -> str:
    """The reference of a release, `R-2026-001`."""
    return parse_release_ref(f"R-{year:04}-{number:03}")


def parse_case_ref(text: str) -> str:
    """`H-2026-001`: the year, then a number from 001 on; case and outer blanks are forgiven."""
    return _reference(text, "H", "case-ref")


def parse_release_ref(text: str) -> str:
    """`R-2026-001`: the year, then a number from 001 on; case and outer blanks are forgiven."""
    return _reference(text, "R", "release-ref")


def ref_order(ref: str) -> tuple[str, int, int]:
    """A sort key for references of cases and releases, by number, not by text; Rejected if neither."""
    match = _REFERENCE.fullmatch(ref)
    if match is None:
        raise _refused("ref", ref, "ref")
    return match[1], int(match[2]), int(match[3])


def parse_email_address(text: str) -> str:
    """One bare address, dot-atom at host name, ASCII only (RFC 5321 4.1.2 without quotes and literals).

    No display name, comment, list or line end passes, so the result can't add a recipient or a header. The
    domain is written small; international domains come as `xn--` and must decode to something visible.
    """
    candidate = text.strip(" ")
    local, at, domain = candidate.rpartition("@")
    if not candidate.isascii():
        raise _refused("email", text, "email-ascii")
    if not at or len(candidate) > 254 or len(local) > 64 or _LOCAL_PART.fullmatch(local) is None:
        raise _refused("email", text, "email-address")
    if not _is_host_name(domain.lower()) or "." not in domain or domain.rpartition(".")[2].isdigit():
        raise _refused("email", text, "email-domain")
    return f"{local}@{domain.lower()}"


def parse_slug(text: str) -> str:
    """Small letters, digits and single hyphens, at most 100: safe as a file name and in a link."""
    if len(text) > 100 or safe_file_name(text).saved != text:
        raise _refused("slug", text, "slug")
    return _whole(_SLUG, text, text, "slug", "slug")


def parse_message_id(text: str) -> str:
    """`<left@right>` of visible ASCII, brackets included (RFC 5322 3.6.4, as loosely as mailers are)."""
    candidate = text.strip(" \t\r\n")
    if len(candidate) > MESSAGE_ID_LIMIT:
        raise _refused("message-id", text, "message-id")
    return _whole(_MESSAGE_ID, candidate, text, "message-id", "message-id")


def parse_http_url(text: str) -> str:
    """An absolute http or https link in ASCII (RFC 3986) with a host and no user name, as it was written."""
    if len(text) > URL_LIMIT or _URL.fullmatch(text) is None:
        raise _refused("url", text, "http-url")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _refused("url", text, "http-url") from None
    if "@" in parts.netloc:
        raise _refused("url", text, "http-url-without-user")
    if port == 0 or not (_is_host_name(host) or (":" in host and _ADDRESS_6.fullmatch(host))):
        raise _refused("url", text, "http-url-host")
    return text


def _refused(kind: str, text: str, expected: str) -> Rejected:
    return Rejected(f"identifier.{kind}", value=safe_line(text, 80), expected=expected)


def _whole(pattern: re.Pattern[str], candidate: str, text: str, kind: str, expected: str) -> str:
    if pattern.fullmatch(candidate) is None:
        raise _refused(kind, text, expected)
    return candidate


def _reference(text: str, letter: str, kind: str) -> str:
    candidate = text.strip(" ").upper()
    match = _REFERENCE.fullmatch(candidate)
    if match is None or match[1] != letter or int(match[3]) == 0:
        raise _refused(kind, text, kind)
    return candidate


def _is_host_name(name: str) -> bool:
    labels = name.split(".")
    return (
        len(name) <= 253
        and all(_LABEL.fullmatch(label) is not None and _is_visible(label) for label in labels)
        and (not labels[-1].isdigit() or _is_address_4(labels))
    )


def _is_visible(label: str) -> bool:
    """A label with `--` in third place must be punycode of real, visible characters (RFC 5891 4.2.3.1)."""
    if label[2:4] != "--":
        return True
    try:
        name = label.removeprefix("xn--").encode("ascii").decode("punycode")
        canonical = name.encode("punycode").decode("ascii")
    except UnicodeError:
        return False
    seen_as_is = name == safe_line(name, 80) == name.lower()
    return label == f"xn--{canonical}" and not name.isascii() and seen_as_is


def _is_address_4(labels: list[str]) -> bool:
    return len(labels) == 4 and all(label.isdigit() and int(label) <= 255 for label in labels)
