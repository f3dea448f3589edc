"""The values that events and states are made of: small, frozen, in the field's own terms."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every value; every field is always written, so that equal values give equal bytes and equal digests.

    Leaving defaults out would go by identity, which differs between a value just made and one just read, and between
    versions of Python. A field that is added later is `T | msgspec.UnsetType = msgspec.UNSET`: unset, it is not
    written.
    """


Track = Literal["core", "ecosystem"]
Channel = Literal["email", "hackerone", "github", "phone", "form", "handover", "dataset"]
Rating = Literal["unknown", "none", "low", "medium", "high", "critical"]
Tlp = Literal["RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"]
LineStatus = Literal["investigating", "affected", "not-affected", "unsupported"]
FixState = Literal["needed", "in-progress", "in-review", "ready", "landed", "released"]
EmbargoStatus = Literal["none", "proposed", "agreed", "ended"]
CreditRole = Literal[
    "finder",
    "reporter",
    "analyst",
    "coordinator",
    "remediation developer",
    "remediation reviewer",
    "remediation verifier",
    "tool",
    "sponsor",
    "other",
]
Consent = Literal["not-asked", "asked", "granted", "declined", "anonymous"]
Direction = Literal["in", "out"]
Purpose = Literal[
    "report",
    "acknowledgement",
    "detailed-reply",
    "progress-update",
    "question",
    "embargo",
    "cve-request",
    "pre-notification",
    "other",
]
Verdict = Literal["unchecked", "affected", "not-affected"]
Audience = Literal["public", "notice", "party", "internal"]
StageName = Literal[
    "received", "acknowledged", "triaged", "fixing", "ready", "scheduled", "announced", "published", "closed"
]

RATING_ORDER: dict[str, int] = {"unknown": 0, "none": 0, "low": 1, "medium": 2, "high": 3, "critical": 4}
STAGES: tuple[StageName, ...] = (
    "received",
    "acknowledged",
    "triaged",
    "fixing",
    "ready",
    "scheduled",
    "announced",
    "published",
    "closed",
)


class Person(Value, frozen=True):
    """Somebody of the team; `id` is stable, the name and address may change."""

    id: str
    name: str
    email: str = ""


class Blob(Value, frozen=True):
    """A stored file by its digest; `name` is the name it came with, as data only."""

    sha256: str
    size: int
    name: str = ""
    media_type: str = "application/octet-stream"


class Source(Value, frozen=True):
    """Where imported facts came from: the format, the file's shown name, its SHA-256, and the key of the record."""

    format: str
    file: str
    sha256: str
    key: str


class Reporter(Value, frozen=True):
    """Who found or reported the problem, as they named themselves."""

    name: str
    email: str = ""
    handle: str = ""
    website: str = ""


class ExternalId(Value, frozen=True):
    """The case's name elsewhere: `kind` is hackerone, ghsa, pull-request, nswg-core, nswg-npm, url …"""

    kind: str
    value: str


class Stretch(Value, frozen=True):
    """Versions of one line that have the problem: [introduced, fixed), or [introduced, last_affected] without a fix."""

    introduced: str = ""
    last_affected: str = ""
    fixed: str = ""


class AffectedLine(Value, frozen=True):
    """What is known of one release line; versions are plain version texts, empty when unknown.

    `fixed` is the first version of the line without the problem; the affected range is [introduced, fixed),
    or [introduced, last_affected] when no fix is known. Where the problem came back, `also` holds what followed.
    """

    line: str
    product: str = ""
    status: LineStatus = "investigating"
    introduced: str = ""
    last_affected: str = ""
    fixed: str = ""
    platforms: tuple[str, ...] = ()
    justification: str = ""
    note: str = ""
    also: tuple[Stretch, ...] | msgspec.UnsetType = msgspec.UNSET
    """Further stretches of the line, in ascending order."""

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """All that is affected of the line, in ascending order."""
        own = Stretch(introduced=self.introduced, last_affected=self.last_affected, fixed=self.fixed)
        return (own,) if self.also is msgspec.UNSET else (own, *self.also)


class AuditPlace(Value, frozen=True):
    """One place looked at in the search for similar problems."""

    where: str
    verdict: Verdict = "unchecked"
    note: str = ""


class Fix(Value, frozen=True):
    """The fix of one line, held in the store until the announcement."""

    line: str
    product: str = ""
    state: FixState = "needed"
    author: str = ""
    reviewer: str = ""
    patch: Blob | None = None
    pull_request: str = ""
    tests: str = ""
    behaviour_change: bool = False
    revert_option: str = ""


class Severity(Value, frozen=True):
    """A rating with the vector it rests on; `score` is the base score of the vector, 0.0 to 10.0."""

    rating: Rating = "unknown"
    vector: str = ""
    score: float | None = None
    cwe: str = ""
    reason: str = ""


class Credit(Value, frozen=True):
    """A person to thank, in a role, as they wish to be named."""

    name: str
    role: CreditRole = "reporter"
    consent: Consent = "not-asked"
    link: str = ""


class CveId(Value, frozen=True):
    """A CVE id of this case, with when and by whom it was assigned."""

    id: str
    assigned_at: datetime
    cna: str = ""


class EmbargoMove(Value, frozen=True):
    """One step in the history of the embargo date."""

    at: datetime
    what: Literal["proposed", "agreed", "declined", "moved", "ended"]
    until: datetime | None = None
    party: str = ""
    reason: str = ""


class Pause(Value, frozen=True):
    """A stretch in which an answer of the reporter was awaited."""

    since: datetime
    until: datetime


class Backdated(Value, frozen=True):
    """Something that was put on record later than it happened: the kind of event, both instants."""

    what: str
    at: datetime
    recorded_at: datetime


class Announcement(Value, frozen=True):
    """A mail that went to a list: when, where to, and its Message-ID."""

    at: datetime
    destination: str
    message_id: str = ""


class Publication(Value, frozen=True):
    """Something made public: when and where."""

    at: datetime
    url: str = ""
    what: str = ""


class Postponement(Value, frozen=True):
    """A release moved from one instant to another, with the reason as told in public."""

    at: datetime
    old: datetime
    new: datetime
    reason: str
    heading: str = ""


class ReleaseLine(Value, frozen=True):
    """One line of a security release: `version` is empty until it is decided; never guessed."""

    line: str
    version: str = ""
    releaser: str = ""
    released: bool = False
    label: str = ""


class Dependency(Value, frozen=True):
    """A dependency updated by a release: versions as named, the lines that get them, its advisory if any."""

    name: str
    versions: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    url: str = ""
    note: str = ""


class OutFile(Value, frozen=True):
    """One file that left the store."""

    name: str
    sha256: str
    size: int
