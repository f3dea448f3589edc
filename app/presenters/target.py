"""Where in the window somebody wants to go: a page, and what of it."""

from __future__ import annotations

from typing import Literal

import msgspec

PageName = Literal["desk", "cases", "case", "releases", "release", "audit", "settings", "help"]


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A place to go to.

    `ref` names the case or the release of the pages `case` and `release` (H-2026-001, R-2026-001). `tab` is
    the tab or part of the page ("affected", "history"; a view of the case table). `act` is a verb
    or the id of a step ("acknowledge", "request-cve") whose form the page opens; empty opens the page
    only.
    """

    page: PageName
    ref: str = ""
    tab: str = ""
    act: str = ""


def case_target(ref: str, *, tab: str = "", act: str = "") -> Target:
    """The page of a case."""
    return Target(page="case", ref=ref, tab=tab, act=act)


def release_target(ref: str, *, tab: str = "", act: str = "") -> Target:
    """The page of a release."""
    return Target(page="release", ref=ref, tab=tab, act=act)
