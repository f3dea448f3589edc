"""The main job as facts: what a handler enters from the report to the closed case, whichever door is used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

REPORT = Path(__file__).resolve().parents[1] / "data" / "flows" / "report.eml"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RELEASE_DAY = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
PASSPHRASE = "a journey of made-up facts"
OWNER = ("Ada Example", "ada@aster.example")

ACKNOWLEDGEMENT = "Your report arrived."
REPLY = "Next we reproduce it on every line."
CONFIRMATION = "Reproduced on 24.3.1."
LINES = (
    {"line": "24.x", "status": "affected", "introduced": "24.0.0", "fixed": "24.3.2"},
    {"line": "22.x", "status": "affected", "introduced": "22.0.0", "fixed": "22.9.1"},
    {"line": "18.x", "status": "unsupported", "introduced": "18.4.0"},
)
PATTERN = "callers that read a folded header"
CONCLUSION = "Only the header parser does."
AUTHOR = "Juno Kestrel"
RATING = "high"
CVE = "CVE-2099-10041"
TITLE = "Request header smuggling through folded lines"
ADVISORY = """\
## Summary

A request whose header value is folded over two lines is read differently by the `Borealis` parser and by a proxy.

## Workaround

Refuse folded header values in front of the server.
"""
CREDITS = (
    {"name": "Robin Réporter", "role": "reporter", "consent": "granted"},
    {"name": AUTHOR, "role": "remediation developer", "consent": "granted"},
)
DESTINATION = "announce@lists.aster.example"
MESSAGE_ID = "<announce-1@aster.example>"
POST_URL = "https://aster.example/en/blog/vulnerability/march-2026-security-releases"

_PASSING = ("id", "sha256", "opened_at", "updated_at", "at", "since", "until", "due", "started", "kept_at", "moves")
"""Names of facts that differ from run to run: identities, and the instants of each click."""


class Hands:
    """A clock that a test moves; each look moves it a second, so that no two events share an instant."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    def move(self, **span: float) -> None:
        self._now += timedelta(**span)

    def set(self, now: datetime) -> None:
        self._now = now


def lasting(value: Any) -> Any:
    """The facts without what passes: identities and instants."""
    if isinstance(value, dict):
        return {k: lasting(v) for k, v in value.items() if not _passes(k)}
    if isinstance(value, list):
        return [lasting(v) for v in value]
    return value


def _passes(name: str) -> bool:
    return name in _PASSING or name.endswith(("_at", "_since"))
