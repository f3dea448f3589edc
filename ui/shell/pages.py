"""Makes a page when it is first wanted, so that nobody waits for the import of one that is not."""

from __future__ import annotations

from collections.abc import Callable

from app.presenters.settings import MachineSettings
from app.presenters.target import Target
from ui.screens.page import Context, Page


def make_page(
    target: Target,
    ctx: Context,
    settings: MachineSettings,
    folder: str,
    shortcuts: Callable[[], tuple[tuple[str, str], ...]],
) -> Page:
    """The page that shows this place; `folder` is the open store's, `shortcuts` lists words and keys for the help."""
    makers: dict[str, Callable[[], Page]] = {
        "desk": lambda: _desk(ctx),
        "cases": lambda: _cases(ctx, settings),
        "case": lambda: _case(ctx, target.ref),
        "releases": lambda: _releases(ctx),
        "release": lambda: _release(ctx, target.ref),
        "audit": lambda: _audit(ctx),
        "settings": lambda: _settings(ctx, settings, folder),
        "help": lambda: _help(ctx, shortcuts),
    }
    return makers[target.page]()


def _desk(ctx: Context) -> Page:
    from ui.screens.desk.view import DeskScreen

    return DeskScreen(ctx)


def _cases(ctx: Context, settings: MachineSettings) -> Page:
    from ui.screens.cases.view import CasesScreen

    return CasesScreen(ctx, settings)


def _case(ctx: Context, ref: str) -> Page:
    from ui.screens.case.view import CaseScreen

    return CaseScreen(ctx, ref)


def _releases(ctx: Context) -> Page:
    from ui.screens.releases.view import ReleasesScreen

    return ReleasesScreen(ctx)


def _release(ctx: Context, ref: str) -> Page:
    from ui.screens.release.view import ReleaseScreen

    return ReleaseScreen(ctx, ref)


def _audit(ctx: Context) -> Page:
    from ui.screens.audit.view import AuditScreen

    return AuditScreen(ctx)


def _settings(ctx: Context, settings: MachineSettings, folder: str) -> Page:
    from ui.screens.settings.view import SettingsScreen

    return SettingsScreen(ctx, settings, folder)


def _help(ctx: Context, shortcuts: Callable[[], tuple[tuple[str, str], ...]]) -> Page:
    from ui.screens.help.view import HelpScreen

    return HelpScreen(ctx, shortcuts)
