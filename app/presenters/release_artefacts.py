"""Every text and record that leaves with a release: what it says now, what it lacks, whether it left already."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from typing import Final, Literal, Protocol

import msgspec
from msgspec.structs import replace

from app.desk.exchange import ExportFormat, Hold, PreviewResult
from app.desk.ports.exchange import Missing
from app.domain.case.state import ExportRecord
from app.domain.errors import Rejected
from app.domain.values import OutFile
from app.presenters.release_gaps import Blocker, blockers_of
from app.presenters.runner import Runner
from app.presenters.session import Session

ORDER: Final = ("mail-pre", "blog-pre", "mail", "blog-post", "nswg")
"""The formats of the day in the order they are used; any other comes after, by name."""

SHOWN_BYTES: Final = 400_000
"""Bytes of one file that are shown; a longer one is cut on the screen only."""

_CVE: Final = re.compile(r"cve-\d{4}-\d{4,19}", re.IGNORECASE)

ArtefactState = Literal["ready", "missing", "embargoed", "exported", "changed", "left-out"]
Showing = Literal["markdown", "text"]


class Artefact(msgspec.Struct, frozen=True, kw_only=True):
    """One file that would leave, or has left; `exported_at` is UTC.

    `changed` says that it left once with other bytes: the facts have changed since; `left-out` that the release is
    over without it. `to` and `cve` tell mails apart: the name of the list, and the one CVE of a mail that has one.
    """

    format: ExportFormat
    name: str
    media_type: str
    data: bytes
    state: ArtefactState
    missing: tuple[Missing, ...] = ()
    holds: tuple[Hold, ...] = ()
    exported_at: datetime | None = None
    alone: bool = True
    to: str = ""
    cve: str = ""

    @property
    def key(self) -> str:
        return f"{self.format.format}/{self.name}"

    @property
    def showing(self) -> Showing:
        """How it is shown when it is not shown as its source."""
        return "markdown" if self.media_type == "text/markdown" else "text"

    @property
    def is_mail(self) -> bool:
        return self.media_type == "message/rfc822"


class Artefacts(msgspec.Struct, frozen=True, kw_only=True):
    """All of them, and what they lack together."""

    items: tuple[Artefact, ...]
    blockers: tuple[Blocker, ...]
    refusals: tuple[tuple[ExportFormat, Rejected], ...] = ()


class ArtefactsView(Protocol):
    """The list as its presenter sees it."""

    def show_artefacts(self, artefacts: Artefacts) -> None: ...
    def show_problem(self, problem: Exception) -> None: ...


class ArtefactsPresenter:
    """Makes every text of a release anew whenever its facts change."""

    def __init__(self, view: ArtefactsView, session: Session, runner: Runner, ref: str) -> None:
        self._view = view
        self._session = session
        self._runner = runner
        self._ref = ref
        self._epoch = 0

    def refresh(self) -> None:
        """Make them; an answer to an older question is dropped."""
        self._epoch += 1
        epoch = self._epoch
        self._runner.run(
            # Read from the vault's thread: a stale number only means that the work is done in vain.
            lambda: read_artefacts(self._session, self._ref) if epoch == self._epoch else None,
            lambda artefacts: self._arrived(epoch, artefacts),
            lambda problem: self._failed(epoch, problem),
        )

    def close(self) -> None:
        self._epoch += 1

    def _arrived(self, epoch: int, artefacts: Artefacts | None) -> None:
        if epoch == self._epoch and artefacts is not None:
            self._view.show_artefacts(artefacts)

    def _failed(self, epoch: int, problem: Exception) -> None:
        if epoch == self._epoch:
            self._view.show_problem(problem)


def read_artefacts(session: Session, ref: str) -> Artefacts:
    """Makes every text of the release, on the vault's thread. A format that can't be made is named, not fatal."""
    exchange = session.exchange
    release = session.queries.release(ref)
    records = release.exports if release else ()
    project = session.desk.team().project
    lists = {each.address.lower(): each.name for each in project.lists} if project else {}
    items: list[Artefact] = []
    missing: list[tuple[str, Missing]] = []
    refusals: list[tuple[ExportFormat, Rejected]] = []
    for found in sorted(exchange.formats(), key=_order):
        if "release" not in found.scopes:
            continue
        try:
            result = exchange.preview(found.format, release=ref)
            made = _artefacts(found, result, _last(records, found.format), _again(exchange.preview, found, ref))
            # A notice is over once the announcement is out: nobody exports it again because a date in it moved.
            over = found.audience == "notice" and release is not None and bool(release.announcements)
            made = [_addressed(_settled(item) if over else item, lists) for item in made]
            items += made if release is None or release.is_open else [_left_out(item) for item in made]
            missing += [(found.format, gap) for gap in result.missing]
        except Rejected as refusal:
            refusals.append((found, refusal))
    wanted = missing if release is not None and release.is_open else []
    return Artefacts(items=tuple(items), blockers=blockers_of(wanted, ref), refusals=tuple(refusals))


def _order(found: ExportFormat) -> tuple[int, str]:
    return (ORDER.index(found.format) if found.format in ORDER else len(ORDER), found.format)


def _last(records: tuple[ExportRecord, ...], name: str) -> ExportRecord | None:
    return next((record for record in reversed(records) if record.format == name), None)


def _again(preview: Callable[..., PreviewResult], found: ExportFormat, ref: str) -> Callable[[datetime], PreviewResult]:
    """The same text as if it were written at another instant: some texts name the time of writing."""
    return lambda at: preview(found.format, release=ref, at=at)


def _artefacts(
    found: ExportFormat,
    result: PreviewResult,
    record: ExportRecord | None,
    again: Callable[[datetime], PreviewResult],
) -> list[Artefact]:
    left: dict[str, OutFile] = {file.name: file for file in record.files} if record else {}
    then = {file.name: file.data for file in again(record.at).files} if record else {}
    items = []
    for file in result.files:
        out = left.get(file.name)
        same = out is not None and out.sha256 == sha256(then.get(file.name, b"")).hexdigest()
        items.append(
            Artefact(
                format=found,
                name=file.name,
                media_type=file.media_type,
                data=file.data,
                state=_state(result, exported=out is not None, same=same),
                missing=result.missing,
                holds=result.blocked_by,
                exported_at=record.at if record and out else None,
                alone=len(result.files) == 1,
            )
        )
    return items


def _settled(item: Artefact) -> Artefact:
    return replace(item, state="exported") if item.state == "changed" else item


def _left_out(item: Artefact) -> Artefact:
    """Nothing of a release that is over is missing, ready or held any more: it left, or it did not."""
    return item if item.state in ("exported", "changed") else replace(item, state="left-out", missing=(), holds=())


def _addressed(item: Artefact, lists: dict[str, str]) -> Artefact:
    """An announcement by mail with its list, by name or else by what stands before the @, and its CVE."""
    if item.format.format != "mail":
        return item
    head = message_from_bytes(item.data[:SHOWN_BYTES], _class=EmailMessage, policy=policy.default)["To"]
    address = head.addresses[0] if head is not None and head.addresses else None
    if address is None:
        return item
    cve = _CVE.search(item.name)
    to = lists.get(address.addr_spec.lower(), "") or address.username
    return replace(item, to=to, cve=cve[0].upper() if cve else "")


def _state(result: PreviewResult, *, exported: bool, same: bool) -> ArtefactState:
    if exported:
        return "exported" if same else "changed"
    if result.missing:
        return "missing"
    return "embargoed" if result.blocked_by else "ready"


def source_text(artefact: Artefact) -> str:
    """The file as text, cut at its limit; bytes that are no UTF-8 are shown as such."""
    return artefact.data[:SHOWN_BYTES].decode("utf-8", "replace").replace("\r\n", "\n")


def page_text(artefact: Artefact) -> str:
    """What a reader sees: a page without its front matter but with its title, a mail decoded; else the source."""
    if artefact.is_mail:
        return mail_text(artefact.data[:SHOWN_BYTES])
    text = source_text(artefact)
    if artefact.media_type != "text/markdown":
        return text
    title, body = split_front_matter(text)
    return f"# {title}\n\n{body}" if title else body


def split_front_matter(text: str) -> tuple[str, str]:
    """The title of a page's front matter, and its body; an empty title where there is none."""
    if not text.startswith("---\n"):
        return "", text
    head, end, body = text[4:].partition("\n---\n")
    if not end:
        return "", text
    line = next((x for x in head.splitlines() if x.startswith("title:")), "")
    title = line.removeprefix("title:").strip()
    if len(title) > 1 and title[0] == title[-1] == "'":
        title = title[1:-1].replace("''", "'")
    return title, body.lstrip("\n")


_HEADS: Final = ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To")


def mail_text(data: bytes) -> str:
    """A mail as its reader sees it: its heads decoded, an empty line, its text."""
    message = message_from_bytes(data, _class=EmailMessage, policy=policy.default)
    heads = [f"{name}: {message[name]}" for name in _HEADS if message[name]]
    body = message.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    return "\n".join(heads) + "\n\n" + str(text).replace("\r\n", "\n")
