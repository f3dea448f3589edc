"""Mail as strict RFC 5322: one plain-text part, wire lines of at most 78 characters, nothing that a fact could add.

Headers are built by the standard library from parsed addresses and from single lines; a line end in a fact can't reach
them. The same facts give the same bytes, Message-ID included.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Final

from typing_extensions import override

from app.domain.errors import Rejected
from app.domain.identifiers import parse_email_address, parse_message_id
from app.domain.untrusted import safe_line, safe_text
from app.domain.values import Value

UNKNOWN_ADDRESS: Final = "missing@invalid.example"
"""Stands where no address is known: a reserved domain (RFC 2606) that no mail reaches."""

_SUBJECT_LIMIT: Final = 200
_NAME_LIMIT: Final = 60
_THREAD_ID_LIMIT: Final = 250
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,60}[a-z0-9])?", re.IGNORECASE)
_LINE_LENGTH: Final = 78
_LONG_WORD: Final = 60


class _WirePolicy(policy.EmailPolicy):
    """Folds plain headers between words; the library would put a long one whole onto a second line."""

    @override
    def fold_binary(self, name: str, value: Any) -> bytes:
        words = str(value).split(" ")
        if name not in ("Subject", "Message-ID") or any(len(w) > _LONG_WORD or not w.isascii() for w in words):
            folded: bytes = super().fold_binary(name, value)
            return folded
        lines = [f"{name}:"]
        for word in words:
            if len(lines[-1]) + 1 + len(word) <= _LINE_LENGTH or lines == [f"{name}:"]:
                lines[-1] += f" {word}"
            else:
                lines.append(f" {word}")
        return "".join(f"{line}\r\n" for line in lines).encode("ascii")


# Below 78, since the library folds encoded words a little late.
_WIRE: Final = _WirePolicy(linesep="\r\n", max_line_length=74, cte_type="7bit", utf8=False, raise_on_defect=True)


class Letter(Value, frozen=True):
    """What a mail says: names and addresses, a subject line, a body of plain text, its moment (UTC).

    `kind` tells apart the mails of one announcement.
    `in_reply_to` is a Message-ID with its brackets, or empty.
    """

    kind: str
    sender_name: str
    sender: str
    to_name: str
    to: str
    domain: str
    subject: str = ""
    body: str = ""
    date: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    in_reply_to: str = ""


def message_digest(letter: Letter) -> str:
    """24 hexadecimal digits that stand for everything the letter says."""
    said = [letter.kind, letter.sender, letter.to, letter.subject, letter.body, _second(letter.date).isoformat()]
    said += [letter.sender_name, letter.to_name, letter.in_reply_to]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:24]


def message_id(digest: str, domain: str) -> str:
    """The Message-ID, with brackets, of the letter of this digest."""
    return f"<{digest}@{domain if _DOMAIN.fullmatch(domain) else 'localhost'}>"


def wire_bytes(letter: Letter) -> bytes:
    """The message as it goes over the wire, with CR LF: UTF-8, 7bit where ASCII allows, else quoted-printable."""
    message = EmailMessage(policy=_WIRE)
    message["Date"] = format_datetime(_second(letter.date))
    message["From"] = _mailbox(letter.sender_name, letter.sender)
    message["To"] = _mailbox(letter.to_name, letter.to)
    message["Subject"] = _header_text(letter.subject, _SUBJECT_LIMIT) or "(no subject)"
    message["Message-ID"] = message_id(message_digest(letter), letter.domain)
    answered = thread_id(letter.in_reply_to)
    if answered:
        message["In-Reply-To"] = answered
        message["References"] = answered
    _set_body(message, safe_text(letter.body).strip("\n") + "\n")
    return message.as_bytes()


def thread_id(text: str) -> str:
    """A Message-ID fit to be answered to, or nothing."""
    try:
        found = parse_message_id(text) if text.strip() else ""
    except Rejected:
        return ""
    return found if len(found) <= _THREAD_ID_LIMIT else ""


def mail_address(text: str) -> str:
    """A checked address, or nothing."""
    try:
        return parse_email_address(text) if text.strip() else ""
    except Rejected:
        return ""


def _mailbox(name: str, address: str) -> Address:
    shown = _header_text(name, _NAME_LIMIT)
    return Address(display_name=shown, addr_spec=mail_address(address) or UNKNOWN_ADDRESS)


def _header_text(text: str, limit: int) -> str:
    """One visible line; what looks like an encoded word (RFC 2047) would be decoded, line ends in it too."""
    return " ".join(safe_line(text, limit).replace("=?", "= ?").split())


def _set_body(message: EmailMessage, body: str) -> None:
    short = all(len(line) <= 78 for line in body.split("\n"))
    # Relays put a > before a line that begins with "From ", which would change what was written.
    plain = body.isascii() and short and "\nFrom " not in "\n" + body
    if plain:
        message.set_content(body, charset="utf-8", cte="7bit")
        return
    message.set_content(body, charset="utf-8", cte="quoted-printable")
    encoded = str(message.get_payload())
    message.set_payload(re.sub(r"^From ", "=46rom ", encoded, flags=re.MULTILINE))


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
