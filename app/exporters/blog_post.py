"""The page of a security release once it is out: every issue, who is affected, who is thanked, what to download."""

from __future__ import annotations

from typing import Final

from typing_extensions import override

from app.desk.ports.exchange import Bundle, Exporter, Missing, Rendered, Scope
from app.domain.announcement import bulletin_of, public_gaps
from app.domain.post import page_name, post_release_page
from app.domain.values import Audience


class BlogPostExporter(Exporter):
    """Writes the page with the facts of every case; it replaces the pre-release page under the same name."""

    format = "blog-post"
    title = "Security release (web page)"
    audience: Audience = "public"
    scopes: tuple[Scope, ...] = ("release", "case")

    @override
    def missing(self, bundle: Bundle) -> tuple[Missing, ...]:
        bulletin = bulletin_of(bundle.project, bundle.cases, bundle.release, bundle.now)
        gaps = public_gaps(bulletin, bundle.project)
        return tuple(Missing(code=gap.code, ref=gap.ref, what=gap.what) for gap in gaps)

    @override
    def render(self, bundle: Bundle) -> tuple[Rendered, ...]:
        bulletin = bulletin_of(bundle.project, bundle.cases, bundle.release, bundle.now)
        page = post_release_page(bulletin, bundle.project)
        return (Rendered(name=page_name(bulletin), data=page.encode(), media_type="text/markdown"),)


EXPORTER: Final = BlogPostExporter()
