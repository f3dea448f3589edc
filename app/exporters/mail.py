"""Announcement mails: a short one with the link to the project's list, the full advisories to every other list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typing_extensions import override

from app.desk.ports.exchange import Bundle, Exporter, Missing, Rendered, Scope
from app.domain.announcement import Bulletin, Gap, bulletin_of, case_gaps, fix_gaps, public_gaps
from app.domain.announcement_mail import (
    advisory_letter,
    answered_id,
    every_list,
    file_name,
    mail_gaps,
    other_lists,
    short_letter,
)
from app.domain.mail_message import Letter, wire_bytes
from app.domain.values import Audience


class MailExporter(Exporter):
    """Writes one `.eml` file for each mail to send, for a release or for a single case."""

    format = "mail"
    title = "Announcement (mail)"
    audience: Audience = "public"
    scopes: tuple[Scope, ...] = ("release", "case")

    @override
    def missing(self, bundle: Bundle) -> tuple[Missing, ...]:
        project = bundle.project
        bulletin = bulletin_of(project, bundle.cases, bundle.release, bundle.now)
        gaps: list[Gap] = []
        if _is_whole_release(bundle, bulletin):
            gaps += public_gaps(bulletin, project)
        else:
            for case in bulletin.cases:
                gaps += (*case_gaps(case, project), *fix_gaps(bulletin, case))
        gaps += mail_gaps(bulletin, project, others=True)
        return tuple(Missing(code=gap.code, ref=gap.ref, what=gap.what) for gap in gaps)

    @override
    def render(self, bundle: Bundle) -> tuple[Rendered, ...]:
        letters = [
            Rendered(name=file_name(letter), data=wire_bytes(letter), media_type="message/rfc822")
            for letter in _letters(bundle)
        ]
        return tuple(letters)


def _letters(bundle: Bundle) -> Iterator[Letter]:
    project, release, now = bundle.project, bundle.release, bundle.now
    bulletin = bulletin_of(project, bundle.cases, release, now)
    lists = every_list(project)
    if release is not None and _is_whole_release(bundle, bulletin):
        # Texts that were copied to the list went stale; there the page alone tells the details.
        yield short_letter(bulletin, project, now, answered_id(release.exports, project))
        lists = other_lists(project)
    for to in lists:
        for case in bulletin.cases:
            yield advisory_letter(case, to, bulletin, project, now)


def _is_whole_release(bundle: Bundle, bulletin: Bulletin) -> bool:
    return bundle.release is not None and not (bulletin.absent and bulletin.cases)


EXPORTER: Final = MailExporter()
