"""The letters of an announcement: to whom, with which subject and text, and in which thread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from app.domain.announcement import Bulletin, Gap
from app.domain.case.state import Case, ExportRecord
from app.domain.mail_message import Letter, mail_address, message_digest, message_id
from app.domain.mail_text import advisory_subject, advisory_text, available_text, coming_text, release_subject
from app.domain.project import MailingList, Project
from app.domain.untrusted import safe_file_name

PRE: Final = "mail-pre"
"""The format of the mail before the release, as its export is recorded."""

_PRE_KIND = "pre-announcement"
_PRE_NAME = re.compile(rf"{_PRE_KIND}-([0-9a-f]{{24}})\.eml")


def announcement_list(project: Project) -> MailingList:
    """The project's own list; without an address where the project names none."""
    found = next((x for x in project.lists if x.key == project.announcement_list), None)
    return found or MailingList(key=project.announcement_list, name="announcement list", address="")


def every_list(project: Project) -> tuple[MailingList, ...]:
    """The project's own list, then the others."""
    return (announcement_list(project), *other_lists(project))


def other_lists(project: Project) -> tuple[MailingList, ...]:
    """Every other list that gets the full text."""
    return tuple(x for x in project.lists if x.key != project.announcement_list)


def mail_gaps(bulletin: Bulletin, project: Project, *, others: bool) -> Iterator[Gap]:
    """Addresses that the letters need and the project does not name; `others`: whether they go to every list."""
    if not _sender(bulletin, project)[1]:
        yield Gap(code="project.mail-from", ref=bulletin.ref)
    for entry in every_list(project) if others else (announcement_list(project),):
        if not mail_address(entry.address):
            yield Gap(code="project.list-address", ref=bulletin.ref, what=entry.key)
    if not bulletin.url:
        yield Gap(code="project.site", ref=bulletin.ref)


def file_name(letter: Letter) -> str:
    """A safe name; that of a pre-release letter holds its digest, from which its Message-ID can be told again."""
    digest = f"-{message_digest(letter)}" if letter.kind == _PRE_KIND else ""
    return safe_file_name(f"{letter.kind}{digest}.eml").saved


def pre_letter(bulletin: Bulletin, project: Project, now: datetime) -> Letter:
    """The short letter before the release."""
    draft = _addressed(_PRE_KIND, announcement_list(project), bulletin, project)
    subject, body = release_subject(bulletin, project), coming_text(bulletin, project)
    return replace(draft, subject=subject, body=body, date=now)


def short_letter(bulletin: Bulletin, project: Project, now: datetime, answered: str) -> Letter:
    """The short letter after the release, with the link; it answers the one before if that one is known."""
    draft = _addressed("announcement", announcement_list(project), bulletin, project)
    subject = release_subject(bulletin, project)
    return replace(
        draft,
        subject=f"Re: {subject}" if answered else subject,
        body=available_text(bulletin, project),
        in_reply_to=answered,
        date=now,
    )


def advisory_letter(case: Case, to: MailingList, bulletin: Bulletin, project: Project, now: datetime) -> Letter:
    """The whole advisory of one case; mails to different lists differ in their kind."""
    name = case.cves[0].id.lower() if case.cves else case.ref.lower()
    draft = _addressed(f"{_key(to)}-{name}", to, bulletin, project)
    subject, body = advisory_subject(case, project), advisory_text(case, bulletin, project)
    return replace(draft, subject=subject, body=body, date=now)


def answered_id(exports: tuple[ExportRecord, ...], project: Project) -> str:
    """The Message-ID of the last pre-release letter that was exported, or nothing."""
    for record in reversed(exports):
        for file in record.files:
            match = _PRE_NAME.fullmatch(file.name)
            if record.format == PRE and match:
                return message_id(match[1], project.mail_domain)
    return ""


def _addressed(kind: str, to: MailingList, bulletin: Bulletin, project: Project) -> Letter:
    name, address = _sender(bulletin, project)
    return Letter(
        kind=kind,
        sender_name=name,
        sender=address,
        to_name=to.title or to.name,
        to=to.address,
        domain=project.mail_domain,
    )


def _sender(bulletin: Bulletin, project: Project) -> tuple[str, str]:
    """Name and address: the project's own, or those of the first person of the announcement who has an address."""
    if mail_address(project.mail_from):
        return project.author or project.organisation or project.name, project.mail_from
    person = next((p for p in bulletin.people if mail_address(p.email)), None)
    return (person.name, person.email) if person else (project.name, "")


def _key(to: MailingList) -> str:
    return re.sub(r"[^a-z0-9]+", "-", to.key.lower()).strip("-")[:30] or "list"
