"""The mail that announces a security release some days ahead: when, which lines, and the link."""

from __future__ import annotations

from typing import Final

from typing_extensions import override

from app.desk.ports.exchange import Bundle, Exporter, Missing, Rendered, Scope
from app.domain.announcement import bulletin_of, notice_gaps
from app.domain.announcement_mail import PRE, file_name, mail_gaps, pre_letter
from app.domain.mail_message import wire_bytes
from app.domain.values import Audience


class MailPreExporter(Exporter):
    """Writes one mail to the announcement list; the mail after the release answers it."""

    format = PRE
    title = "Pre-release announcement (mail)"
    audience: Audience = "notice"
    scopes: tuple[Scope, ...] = ("release", "case")

    @override
    def missing(self, bundle: Bundle) -> tuple[Missing, ...]:
        bulletin = bulletin_of(bundle.project, bundle.cases, bundle.release, bundle.now)
        gaps = (*notice_gaps(bulletin), *mail_gaps(bulletin, bundle.project, others=False))
        return tuple(Missing(code=gap.code, ref=gap.ref, what=gap.what) for gap in gaps)

    @override
    def render(self, bundle: Bundle) -> tuple[Rendered, ...]:
        bulletin = bulletin_of(bundle.project, bundle.cases, bundle.release, bundle.now)
        letter = pre_letter(bulletin, bundle.project, bundle.now)
        return (Rendered(name=file_name(letter), data=wire_bytes(letter), media_type="message/rfc822"),)


EXPORTER: Final = MailPreExporter()
