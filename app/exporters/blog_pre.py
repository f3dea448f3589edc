"""The page that announces a security release some days ahead: lines and severities, nothing of the cases."""

from __future__ import annotations

from typing import Final

from typing_extensions import override

from app.desk.ports.exchange import Bundle, Exporter, Missing, Rendered, Scope
from app.domain.announcement import bulletin_of, notice_gaps
from app.domain.post import page_name, pre_release_page
from app.domain.values import Audience
from app.domain.wording import instant


class BlogPreExporter(Exporter):
    """Writes the page for the time before the release; everyone may read it, so it is a notice, never an advisory."""

    format = "blog-pre"
    title = "Pre-release announcement (web page)"
    audience: Audience = "notice"
    scopes: tuple[Scope, ...] = ("release", "case")

    @override
    def missing(self, bundle: Bundle) -> tuple[Missing, ...]:
        bulletin = bulletin_of(bundle.project, bundle.cases, bundle.release, bundle.now)
        return tuple(Missing(code=gap.code, ref=gap.ref, what=gap.what) for gap in notice_gaps(bulletin))

    @override
    def render(self, bundle: Bundle) -> tuple[Rendered, ...]:
        bulletin = bulletin_of(bundle.project, bundle.cases, bundle.release, bundle.now)
        page = pre_release_page(bulletin, bundle.project, instant(bundle.now))
        return (Rendered(name=page_name(bulletin), data=page.encode(), media_type="text/markdown"),)


EXPORTER: Final = BlogPreExporter()
