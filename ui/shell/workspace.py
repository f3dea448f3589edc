"""The window of an open store: rail, top bar, the page in front, and every action that is not a page's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import Final, final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.desk.ports.vault import CaseRow
from app.domain.errors import Environment
from app.presenters.hub import Hub
from app.presenters.runner import Runner
from app.presenters.settings import IDLE_MINUTES, MachineSettings
from app.presenters.shell import ShellFacts, ShellPresenter
from app.presenters.target import PageName, Target
from app.presenters.unlock import Opened
from ui.kit.dates import Dates
from ui.kit.dialogs import Interaction
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.screens.page import Context, Page
from ui.shell.actions import ActionRegistry
from ui.shell.backup_clock import BackupClock
from ui.shell.focus import focus_next_part
from ui.shell.idle import IdleWatcher
from ui.shell.importing import Importing, dropped_paths
from ui.shell.loading import LoadingLine
from ui.shell.pages import make_page
from ui.shell.palette import Palette
from ui.shell.rail import NavItem, NavList, Rail
from ui.shell.session_runner import SessionRunner
from ui.shell.top_bar import TopBar
from ui.shell.whereabouts import Return, Whereabouts, whereabouts
from ui.shell.window_actions import NAV_PAGES, window_actions
from ui.widgets.banner import Banner
from ui.widgets.button import icon_button
from ui.widgets.toast import Toast

FOLDS_BELOW: Final = 1200
_MINUTE: Final = 60_000  # milliseconds
_KEPT_PLACES: Final = 50
_SINGLE: Final[frozenset[PageName]] = frozenset({"case", "release"})


@final
class Workspace(QWidget):
    """Lives from unlock to lock. `lockWanted` and `quitWanted` ask the window; `titleChanged` names the page.

    `machineFailed` says that the machine stood in the way of something: the disk may be gone.
    """

    lockWanted = Signal()
    quitWanted = Signal()
    titleChanged = Signal(str)
    machineFailed = Signal()

    def __init__(
        self,
        store: Opened,
        runner: Runner,
        settings: MachineSettings,
        interaction: Interaction,
        tz: tzinfo,
        *,
        worker: Runner | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("workspace")
        self.setAcceptDrops(True)
        self._settings = settings
        self._folder = store.folder
        self._pages: dict[PageName, Page] = {}
        self._places: list[Target] = []
        self._front: Target | None = None
        self.hub = Hub()
        self._runner = SessionRunner(runner, self._failed)
        self._backups = BackupClock(store.session, self._runner, worker or runner, self.hub, self)
        self.ctx = Context(
            session=store.session,
            runner=self._runner,
            worker=self._backups.worker,
            backups=self._backups.work,
            hub=self.hub,
            theme=hub(),
            tz=tz,
            interaction=interaction,
            toast=self._say,
            navigate=self.navigate,
            heading_changed=self._show_heading,
        )
        self.registry = ActionRegistry(self)
        self.presenter = ShellPresenter(self, store.session, self._runner, self.hub, tz)
        self._build(Dates(tz))
        self._loading = LoadingLine(runner, self)
        for action in window_actions(self):
            self.registry.add(action)
        self.palette_box = Palette(self, self.ctx, self.registry.usable, self.presenter.find)
        app = QApplication.instance()
        if app is None:
            raise TypeError("a workspace needs a QApplication")
        minutes = int(IDLE_MINUTES.default)
        self.idle = IdleWatcher(app, self.ctx.now, minutes, self.lockWanted.emit, self)
        self._minute_timer = QTimer(self)
        self._minute_timer.setSingleShot(True)
        self._minute_timer.timeout.connect(self.tick)
        hub().changed.connect(self._fold)
        self.presenter.start()
        self.tick()

    def _build(self, dates: Dates) -> None:
        self.rail = self._make_rail()
        self.top = TopBar(dates, "Ctrl K", self.open_palette, self.new_case, self.navigate)
        self.importing = Importing(self.ctx, self)
        self.banner = named(Banner("blocker", "", ""), "shell.problem", "")
        self.banner.add_action(icon_button("close", "shell.dismiss", self.tr("Dismiss"), self.banner.hide))
        self.banner.hide()
        self.stack = QStackedWidget()
        self._toast = Toast(self.stack)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.top, self.importing, self.banner):
            column.addWidget(part)
        column.addWidget(self.stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)

    def _make_rail(self) -> Rail:
        words: dict[PageName, tuple[str, str]] = {
            "desk": (self.tr("Desk"), "desk"),
            "cases": (self.tr("Cases"), "cases"),
            "releases": (self.tr("Releases"), "release"),
            "audit": (self.tr("Audit"), "audit"),
        }
        pages = NavList([NavItem(page, *words[page]) for page in NAV_PAGES[:4]], "rail.pages", self.tr("Pages"))
        foot = NavList(
            [
                NavItem("settings", self.tr("Settings"), "settings", key="Ctrl ,"),
                NavItem("help", self.tr("Help"), "help", key="F1"),
            ],
            "rail.more",
            self.tr("Settings and help"),
        )
        rail = Rail(pages, foot, "Ctrl L")
        for part in (pages, foot):
            part.chosen.connect(self._go_to_page)
        rail.lock.say(self.tr("Lock now"), "")
        rail.lock.clicked.connect(self.lockWanted)
        rail.store.menu.addAction(self.tr("Settings"), lambda: self.go("settings"))
        rail.store.menu.addAction(self.tr("Lock now"), self.lockWanted.emit)
        rail.store.menu.addAction(self.tr("Quit"), self.quitWanted.emit)
        return rail

    # Places.

    @property
    def place(self) -> Target | None:
        """Where the window is, to come back to after a lock: the last crumb says more than what was asked for."""
        if self._front is None:
            return None
        crumbs = self._pages[self._front.page].crumbs()
        return (crumbs[-1].target if crumbs else None) or self._front

    def go(self, page: PageName) -> None:
        self.navigate(Target(page=page))

    def _go_to_page(self, page: PageName) -> None:
        self.navigate(Target(page=page))

    def navigate(self, target: Target) -> None:
        """Bring a place to the front; `new-case` and `import` are done wherever the window is."""
        acts = {"new-case": self.new_case, "import": self.importing.choose}
        if target.act in acts:
            acts[target.act]()
            return
        here = self.place
        if here is not None:
            self._pages[here.page].save_unsaved()
            self._places.append(here)
            del self._places[:-_KEPT_PLACES]
        self._bring(target)

    def back(self) -> None:
        """Go where the window was before."""
        if self._places:
            if self._front is not None:
                self._pages[self._front.page].save_unsaved()
            self._bring(self._places.pop())

    def can_go_back(self) -> bool:
        return bool(self._places)

    def keep_place(self) -> Whereabouts | None:
        """Where the window is, to come back to after a lock; ask before the last saves begin."""
        if self._front is None or self.place is None:
            return None
        return whereabouts(self.place, self._pages[self._front.page], self.ctx.session, self._runner)

    def return_to(self, where: Whereabouts) -> None:
        """Come back to where the window was."""
        back = Return(where, self._page(where.target), self.ctx.session, self._runner)
        back.prepare()
        self.navigate(where.target)
        back.start()

    def _bring(self, target: Target) -> None:
        page = self._page(target)
        # What is kept of the place is the place, not what was to be done there once.
        self._front = Target(page=target.page, ref=target.ref, tab=target.tab)
        self.stack.setCurrentWidget(page.widget)
        self.rail.show_page(target.page)
        page.open(target)
        self._show_heading()

    def _page(self, target: Target) -> Page:
        name = target.page
        found = self._pages.get(name)
        if found is not None and name in _SINGLE and target.ref != self._shown_ref(name):
            self._drop(name)
            found = None
        if found is None:
            found = make_page(target, self.ctx, self._settings, self._folder, self.registry.shortcuts)
            self._pages[name] = found
            found.widget.setProperty("ref", target.ref)
            self.stack.addWidget(found.widget)
            _tie(found, found.widget)
        return found

    def _shown_ref(self, name: PageName) -> str:
        return str(self._pages[name].widget.property("ref") or "")

    def _drop(self, name: PageName) -> None:
        page = self._pages.pop(name)
        page.save_unsaved()
        page.close()
        self.stack.removeWidget(page.widget)
        page.widget.deleteLater()

    def _show_heading(self) -> None:
        if self._front is None:
            return
        page = self._pages[self._front.page]
        crumbs = page.crumbs()
        self.top.crumbs.show_path(crumbs)
        self.registry.set_page(page.page_actions())
        # The first step names the kind of page; what follows may name a case and stays out of the title.
        self.titleChanged.emit(crumbs[0].text if crumbs else "")

    # Acts.

    def open_palette(self) -> None:
        self.palette_box.open()

    def new_case(self) -> None:
        """Open the form of a new case."""
        from ui.screens.cases.new_case import NewCaseDialog

        NewCaseDialog(self.ctx, self).start()

    def import_files(self) -> None:
        self.importing.choose()

    def import_folder(self) -> None:
        self.importing.choose_folder()

    def lock(self) -> None:
        self.lockWanted.emit()

    def quit(self) -> None:
        self.quitWanted.emit()

    def tick(self) -> None:
        """The minute has turned."""
        now = self.ctx.now()
        self.top.show_time(now)
        self._show_idle()
        if self._front is not None:
            self._pages[self._front.page].minute()
        self._minute_timer.start(_MINUTE - (now.second * 1000 + now.microsecond // 1000) + 5)

    def _show_idle(self) -> None:
        minutes = round(self.idle.limit().total_seconds() / 60)
        words = self.tr("Locks after {number} min idle").format(number=minutes)
        self.rail.lock.say(self.tr("Lock now"), words)

    def next_part(self, step: int) -> None:
        """Move the keyboard from one part of the window to the next: rail, top bar, page."""
        focus_next_part([self.rail, self.top, self.stack], self.window().focusWidget(), step)

    def _say(self, text: str, action: str = "", run: Callable[[], None] | None = None) -> None:
        self._toast.say(text, action, run)

    def _failed(self, problem: Exception) -> None:
        if isinstance(problem, Environment):
            self.machineFailed.emit()

    def begin_last_saves(self, lost: Callable[[Exception], None] | None) -> None:
        """Before the lock: tell `lost` what can't be saved any more, since no page will be there to say it.

        None takes that back, where the window stays open after all.
        """
        self._runner.begin_last(lost)

    def save_unsaved(self) -> None:
        """Queue the saving of every unsaved text; what takes long is asked to stop, so that this does not wait."""
        self._runner.stop_long_works()
        for page in self._pages.values():
            page.save_unsaved()

    def shut(self) -> None:
        """Save what is unsaved and drop everything that was shown; the store itself is closed by the window."""
        self.idle.stop()
        self._backups.stop()
        self._minute_timer.stop()
        self.palette_box.shut()
        self.save_unsaved()
        self.importing.close_down()
        for name in tuple(self._pages):
            self._drop(name)
        self.presenter.close()
        self.hub.clear()
        self._runner.end()
        self._front = None
        self._places.clear()

    # What the presenter tells.

    def show_facts(self, facts: ShellFacts) -> None:
        nav = self.rail.pages.nav
        nav.set_count("desk", thousands(facts.urgent) if facts.urgent else "", urgent=facts.urgent > 0)
        nav.set_count("cases", thousands(facts.cases) if facts.cases else "")
        nav.set_count("releases", thousands(facts.releases) if facts.releases else "")
        self.rail.store.say(facts.store, facts.me.name)
        self.idle.set_minutes(facts.idle_minutes)
        self._show_idle()

    def show_found(self, text: str, rows: tuple[CaseRow, ...]) -> None:
        self.palette_box.show_found(text, rows)

    def show_problem(self, problem: Exception) -> None:
        text = error_text(problem)
        self.banner.say("blocker", text.headline, text.whole)
        self.banner.show()

    def show_unsaved(self) -> None:
        """Say that something was lost at the last lock; nobody was here to be told."""
        self.show_problem(Environment("draft.lost"))

    # Size, drop, ground.

    def _fold(self) -> None:
        narrow = self.width() < theme().px(FOLDS_BELOW)
        if narrow != self.rail.folded:
            self.rail.fold(folded=narrow)
        self.top.squeeze(narrow=narrow)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
        left = self.rail.width()
        self._loading.place(left, self.top.height(), self.width() - left)
        self.palette_box.setGeometry(self.rect())

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.importing.start(paths)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        Paint.on(self).fill(self.rect(), "canvas")


def _tie(page: object, widget: QWidget) -> None:
    """A page that only holds its widget goes with it, and hears of nothing after."""
    if isinstance(page, QObject) and page is not widget:
        page.setParent(widget)
