"""What a page of the window is, and what every page is given.

The shell stands above the screens, so this lives beside them: both import it from here.

    class CaseScreen(QWidget):                      # satisfies Page
        def __init__(self, ctx: Context, ref: str) -> None: ...

Life of a page: it is made with a Context; `open(target)` each time it comes to the front; `save_unsaved()`
whenever it leaves the front, before the store is locked and before the window closes; `close()` once, at the
end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QWidget

from app.presenters.backup_work import BackupWork
from app.presenters.hub import Hub
from app.presenters.runner import Runner
from app.presenters.session import Session
from app.presenters.target import Target
from ui.kit.theme import ThemeHub

if TYPE_CHECKING:
    from ui.kit.dialogs import Interaction


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the path in the top bar; without a target it is only words.

    The target of the last step is not a way to go: it is the place itself, with the tab that is in front, to come back
    to after a lock.
    """

    text: str
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do, once, wherever it is offered: menu, palette, shortcut.

    `name` is `screen.verb` and becomes the object name of its QAction. `shortcut` is a portable key text
    ("Ctrl+S"). `enabled` is asked whenever it is about to be shown or run.
    """

    name: str
    text: str
    run: Callable[[], None]
    shortcut: str = ""
    icon: str = ""
    enabled: Callable[[], bool] = field(default=lambda: True)


class Toaster(Protocol):
    """Says at the foot of the page that something is done; never errors, never titles of cases."""

    def __call__(self, text: str, action: str = "", run: Callable[[], None] | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a page works with; the same one for all pages of an open store."""

    session: Session
    runner: Runner
    """Every call of `session` but `clock` and `me` goes through it."""
    worker: Runner
    """For long work that needs nothing of the open store but its keys, such as the proof of a backup."""
    backups: BackupWork
    """The one place where backups are made and tried, whichever page asks."""
    hub: Hub
    """Publish the Changes of each command here; listen to refetch."""
    theme: ThemeHub
    tz: tzinfo
    """The zone that times are shown in."""
    interaction: Interaction
    """Questions, file choosers, notices; tests answer them."""
    toast: Toaster
    navigate: Callable[[Target], None]
    """Bring a page to the front; the page in front saves its unsaved text first."""
    heading_changed: Callable[[], None]
    """Ask the window to read `crumbs()` and `page_actions()` of the page in front again."""

    def now(self) -> datetime:
        """This instant in UTC, from the session's clock."""
        return self.session.clock.now()


class Page(Protocol):
    """A page of the window. Usually a QWidget that gives itself as `widget`."""

    @property
    def widget(self) -> QWidget: ...

    def crumbs(self) -> tuple[Crumb, ...]:
        """The path shown in the top bar; the last one is the page's own name."""
        ...

    def page_actions(self) -> tuple[Action, ...]:
        """What can be done on this page, for shortcuts and the palette while it is in front.

        (Not `actions`: a QWidget has those of its own.)
        """
        ...

    def open(self, target: Target, /) -> None:
        """Show this place of the page; give the keyboard focus where work begins."""
        ...

    def minute(self) -> None:
        """The minute has turned: say times anew. Called only while the page is in front."""
        ...

    def save_unsaved(self) -> None:
        """Queue saving of every unsaved text through the runner (`desk.save_draft`) and return at once.

        The runner keeps order, so what is queued here is written before the store closes.
        """
        ...

    def close(self) -> object:
        """Stop listening and timers and drop every text, model and row; the widget is deleted after."""
        ...
