"""Recognises a message by the shape of its headers and reads it into the report that it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from typing_extensions import override

from app.desk.ports.exchange import Attachment, CaseDraft, Draft, Importer, SourceFile
from app.domain.commands.case_commands import AddNote, CaseCommand, Receive
from app.domain.errors import Rejected
from app.domain.identifiers import parse_email_address, parse_message_id
from app.domain.untrusted import TEXT_LIMIT, safe_file_name, safe_line, safe_text
from app.domain.values import Reporter, Source
from app.importers.eml.header_block import (
    Headers,
    addresses,
    decode_text,
    known_charset,
    message_ids,
    sent_at,
    split_headers,
)
from app.importers.eml.html_text import text_of
from app.importers.eml.parts import Part, leaves

FORMAT: Final = "eml"
SIZE_LIMIT: Final = 50 * 1024 * 1024
REFERENCE_LIMIT: Final = 100
REPORTER_LIMIT: Final = 20
TITLE_LIMIT: Final = 300
_NAME_LIMIT = 200

_LINES_LOOKED_AT = 5000
_MARK = b"\xef\xbb\xbf"
_NAME = re.compile(rb"([!-9;-~]{1,60})[ \t]*:")
_KNOWN = frozenset(
    {
        b"content-type",
        b"date",
        b"delivered-to",
        b"from",
        b"message-id",
        b"mime-version",
        b"received",
        b"reply-to",
        b"return-path",
        b"sender",
        b"subject",
        b"to",
    }
)
_NEXT_MESSAGE = re.compile(rb"\n\r?\nFrom [^\r\n]{1,300}[0-9]:[0-9][^\r\n]{0,60}\r?\n[!-9;-~]{1,60}:")
_PREFIX = re.compile(r"(?:(?:re|fwd?|aw|wg)\s*(?:\[[0-9]{1,3}\])?:\s*)+", re.IGNORECASE)

_REMARKS: Final = {
    "html": "The text was taken from the HTML part of the message; its formatting was left out.",
    "date": "The Date header of the message gives no moment to rely on: the clocks start with the import.",
    "long": f"The text is longer than {TEXT_LIMIT} characters and was cut; the original message has all of it.",
    "charset": "Part of the text names a character set that is not known; it was read as best it could be.",
    "name": "Names of attachments were changed to be safe to show:",
}
"""What an importer has to say about a message becomes an internal note of its case."""

_SUFFIXES: Final = {
    "application/json": "json",
    "application/pdf": "pdf",
    "application/pgp-encrypted": "asc",
    "application/pgp-keys": "asc",
    "application/pgp-signature": "asc",
    "application/pkcs7-mime": "p7m",
    "application/pkcs7-signature": "p7s",
    "application/zip": "zip",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "message/rfc822": "eml",
    "text/html": "html",
    "text/plain": "txt",
    "text/x-diff": "patch",
    "text/x-patch": "patch",
}


class _Body(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    used: frozenset[str]
    remarks: tuple[str, ...]


class EmlImporter(Importer):
    """Reads one message as a mail program saves it."""

    format = FORMAT
    title = "Report by mail"
    suffixes = (".eml",)

    @override
    def recognises(self, source: SourceFile) -> bool:
        """Two headers that mails have, above the first line that is none."""
        known: set[bytes] = set()
        data = _with_line_feeds(source.data)
        position = _after_mailbox_mark(data, _start(data))
        for _ in range(_LINES_LOOKED_AT):
            name = _NAME.match(data, position)
            if name is not None:
                known.update({name[1].lower()} & _KNOWN)
            elif data[position : position + 1] not in (b" ", b"\t"):
                break
            position = data.find(b"\n", position) + 1
            if len(known) > 1 or position == 0:
                break
        return len(known) > 1

    @override
    def read(self, source: SourceFile) -> Iterator[Draft]:
        data = source.data
        if len(data) > SIZE_LIMIT:
            raise Rejected("mail.too-large", field="size", size=len(data), limit=SIZE_LIMIT)
        data = _with_line_feeds(data)
        start = _start(data)
        first = _after_mailbox_mark(data, start)
        if first > start and _NEXT_MESSAGE.search(data, first):
            raise Rejected("mail.mailbox", field="body")
        headers, body = split_headers(data, "headers", first, len(data))
        if not headers.fields:
            raise Rejected("mail.no-headers", field="headers")
        yield _draft(headers, leaves(headers, data, body), source)


def _with_line_feeds(data: bytes) -> bytes:
    """The same where lines end in carriage returns alone, as on machines of old."""
    return data if b"\n" in data else data.replace(b"\r", b"\n")


def _start(data: bytes) -> int:
    """Past a byte order mark and empty lines."""
    position = len(_MARK) if data.startswith(_MARK) else 0
    while data[position : position + 1] in (b"\r", b"\n"):
        position += 1
    return position


def _after_mailbox_mark(data: bytes, start: int) -> int:
    """Past the line that a mailbox puts before a message, if there is one."""
    if not data.startswith((b"From ", b">From "), start):
        return start
    return data.find(b"\n", start) + 1 or len(data)


def _draft(headers: Headers, parts: list[Part], source: SourceFile) -> CaseDraft:
    body = _body(parts)
    attachments, renamed = _attachments(part for part in parts if part.path not in body.used)
    if not body.text and not attachments:
        raise Rejected("mail.no-body", field="body")
    message_id = _message_id(headers)
    key = f"{FORMAT}:{message_id or 'sha256:' + source.sha256}"
    reporters = tuple(_reporters(headers))
    moment = sent_at(headers)
    subject = headers.text("subject")
    receive = Receive(
        title=_title(subject, reporters, source.name),
        received_at=moment,
        channel="email",
        reporters=reporters,
        subject=subject,
        message_id=message_id,
        references=message_ids(f"{headers.raw('references')} {headers.raw('in-reply-to')}", REFERENCE_LIMIT),
        text=body.text,
        source=Source(format=FORMAT, file=source.name, sha256=source.sha256, key=key),
    )
    remarks = [*body.remarks, *([] if moment else [_REMARKS["date"]])]
    if renamed:
        remarks.append("\n".join((_REMARKS["name"], *renamed)))
    commands: list[CaseCommand] = [receive]
    if remarks:
        commands.append(AddNote(text="\n\n".join(remarks)))
    return CaseDraft(
        key=key,
        sha256=source.sha256,
        where="",
        commands=tuple(commands),
        attachments=(_original(source), *attachments),
    )


def _original(source: SourceFile) -> Attachment:
    name = safe_file_name(source.name).shown
    named = name if name.lower().endswith((".eml", ".msg", ".txt")) else f"{name}.eml"
    return Attachment(name=named, media_type="message/rfc822", data=source.data, original=True)


def _message_id(headers: Headers) -> str:
    try:
        return parse_message_id(headers.raw("message-id"))
    except Rejected:
        return ""


def _reporters(headers: Headers) -> Iterator[Reporter]:
    """Who the message says it is from; what is no plain address is kept as a handle, never as one to write to."""
    for person, address in addresses(headers, "from")[:REPORTER_LIMIT]:
        try:
            email, handle = parse_email_address(address), ""
        except Rejected:
            email, handle = "", safe_line(address.strip(), _NAME_LIMIT)
        name = safe_line(person.strip().strip('"').strip(), _NAME_LIMIT)
        if name or email or handle:
            yield Reporter(name=name or email or handle, email=email, handle=handle)


def _title(subject: str, reporters: tuple[Reporter, ...], file: str) -> str:
    prefix = _PREFIX.match(subject)
    plain = subject[prefix.end() :].strip() if prefix else subject.strip()
    return safe_line(plain or (reporters[0].name if reporters else "") or file, TITLE_LIMIT)


def _body(parts: list[Part]) -> _Body:
    """The plain text of the message, or the words of its HTML where it has none."""
    inline = [part for part in parts if not part.attached and not part.name]
    plain = [part for part in inline if part.media_type == "text/plain" and part.data.strip()]
    pages = [part for part in inline if part.media_type == "text/html" and part.data.strip()]
    remarks = []
    if plain:
        read = [decode_text(part.data, part.charset) for part in plain]
        # An alternative says the same again, and the original is kept.
        used = [*plain, *(part for part in pages if part.alternative)]
    else:
        read = [text_of(decode_text(part.data, part.charset)) for part in pages]
        used = pages
        remarks += [_REMARKS["html"]] if pages else []
    if any(part.charset and not known_charset(part.charset) for part in plain or pages):
        remarks.append(_REMARKS["charset"])
    joined = "\n\n".join(text.strip("\r\n") for text in read if text.strip())
    if len(joined) > TEXT_LIMIT:
        remarks.append(_REMARKS["long"])
    text = safe_text(joined.replace("\r\n", "\n").replace("\r", "\n"))
    paths = frozenset(part.path for part in used)
    return _Body(text=text if text.strip() else "", used=paths, remarks=tuple(remarks))


def _attachments(parts: Iterable[Part]) -> tuple[list[Attachment], list[str]]:
    """Everything else, byte by byte, under names that are safe to show; and the names that had to change."""
    found, renamed = [], []
    for part in parts:
        if not part.name and not part.data.strip():
            continue
        shown = f"part-{part.path or '1'}.{_suffix(part)}"
        if part.name:
            safe = safe_file_name(part.name)
            shown = safe.shown
            if {"directories", "hidden-characters"} & set(safe.oddities):
                renamed.append(f"{safe_line(part.name, 120)} → {shown}")
        found.append(Attachment(name=shown, media_type=part.media_type, data=part.data))
    return found, renamed


def _suffix(part: Part) -> str:
    if part.data.startswith(b"-----BEGIN PGP"):
        return "asc"
    return _SUFFIXES.get(part.media_type, "bin")


IMPORTER: Final = EmlImporter()
