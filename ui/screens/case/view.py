"""The case page: head, the tab in front, and the process panel beside it or as a drawer over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.commands.case_commands import Assign
from app.presenters.case import CaseFacts, CasePresenter
from app.presenters.case_actions import offered
from app.presenters.case_page import TABS, Tab, head_of
from app.presenters.case_process import ASSIGN_ME, OPEN_RELEASE, place_of, process_of
from app.presenters.target import Target, release_target
from ui.kit.clipboard import clipboard
from ui.kit.dates import Dates
from ui.kit.dialogs import Notice
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.screens.case import words
from ui.screens.case.erasure import ErasureNotice, begin_erasing
from ui.screens.case.form_desk import FormDesk
from ui.screens.case.forms_public import skip_form
from ui.screens.case.header import CaseHeader
from ui.screens.case.page_actions import actions_of
from ui.screens.case.panel_place import PanelPlace
from ui.screens.case.process_panel import ProcessPanel
from ui.screens.case.room import Room, TabPage, focus_within
from ui.screens.page import Action, Context, Crumb
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.empty_page import EmptyPage

if TYPE_CHECKING:
    from ui.screens.case.advisory import AdvisoryTab

_EVIDENCE: Final[dict[str, Tab]] = {
    "assigned": "overview",
    "acknowledged": "correspondence",
    "replied": "correspondence",
    "confirmed": "history",
    "affected": "affected",
    "audited": "overview",
    "fixes": "fixes",
    "cve": "overview",
    "embargo": "embargo",
    "advisory": "advisory",
}
"""The tab that shows what a step that is done rests on."""


@final
class CaseScreen(QWidget):
    """One case. Satisfies Page; the window makes it with a Context and a reference."""

    def __init__(self, ctx: Context, ref: str) -> None:
        super().__init__()
        self._ctx = ctx
        self._ref = ref
        self._facts: CaseFacts | None = None
        self._tabs: dict[Tab, TabPage] = {}
        self._wanted: Target | None = None
        self.setObjectName("case")
        self._presenter = CasePresenter(self, ctx.session, ctx.runner, ctx.hub, ref)
        self._forms = FormDesk(ctx, self._presenter, self)
        self._dates = Dates(ctx.tz)
        self._room = Room(ctx, self._presenter, self._forms, self._dates, self.go, self.act, self.show_problem)
        self._header = CaseHeader(self.act, self.toggle_panel)
        self._header.tab_chosen.connect(lambda key: self._chosen(key))  # noqa: PLW0108 - a Tab by its key
        self._header.next_pressed.connect(self._do_due)
        self._banner = named(Banner("blocker", "", ""), "case.banner", "")
        self._stack = QStackedWidget()
        self._panel = ProcessPanel(self.act, self._skip, self._show_evidence, self._explain, self._hide_panel)
        self._lay_out()
        self._presenter.refresh()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        self._banner_room = QWidget()
        inset = QHBoxLayout(self._banner_room)
        inset.setContentsMargins(24, 12, 24, 0)
        inset.addWidget(self._banner)
        self._banner.add_action(self._dismiss_button())
        self._banner_room.hide()
        column.addWidget(self._banner_room)
        self._body = QWidget()
        self._row = QHBoxLayout(self._body)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self._stack, 1)
        self._place = PanelPlace(self._body, self._row, self._panel)
        column.addWidget(self._body, 1)
        self._erasure = ErasureNotice(self.act)
        column.insertWidget(1, self._erasure)
        self._header.hide()
        self._body.hide()

    def _dismiss_button(self) -> Button:
        made = named(Button(self.tr("Dismiss"), "ghost"), "case.banner.dismiss", self.tr("Dismiss"))
        made.clicked.connect(self._banner_room.hide)
        return made

    # ------------------------------------------------------------------------------------- CaseView
    def show_case(self, facts: CaseFacts) -> None:
        """Show these facts; unsaved texts stay as they are."""
        self._facts = facts
        self._tell()
        self._header.set_menu(offered(facts.case))
        self._erasure.show_case(facts.case, self._dates)
        for tab in self._tabs.values():
            tab.show_facts(facts)
        if self._header.isHidden():
            self._header.show()
            self._body.show()
            self._chosen(self._header.tabs.current_key)
        self._place_panel()
        self._ctx.heading_changed()
        self._go_to_wanted()

    def show_problem(self, problem: Exception) -> None:
        """Say what failed above the page; what was typed stays where it is."""
        text = error_text(problem)
        if self._facts is None:
            self._show_missing(text.headline, text.whole)
            return
        self._banner.say("blocker", text.headline, text.whole)
        self._banner_room.show()

    def _show_missing(self, headline: str, sentence: str) -> None:
        layout = self.layout()
        if layout is not None and self.findChild(EmptyPage, "case.missing") is None:
            layout.addWidget(named(EmptyPage("cases", headline, sentence), "case.missing", headline))

    # ----------------------------------------------------------------------------------------- Page
    @property
    def widget(self) -> QWidget:
        return self

    def crumbs(self) -> tuple[Crumb, ...]:
        here = Target(page="case", ref=self._ref, tab=self.current)
        return (Crumb(self.tr("Cases"), Target(page="cases")), Crumb(self._ref, here))

    def page_actions(self) -> tuple[Action, ...]:
        return actions_of(self)

    def open(self, target: Target) -> None:
        self._wanted = target
        if self._facts is not None:
            self._go_to_wanted()

    def minute(self) -> None:
        if self._facts is not None:
            self._tell()
            self._tab(self.current).minute()

    def save_unsaved(self) -> None:
        self._forms.keep_unsaved()
        for tab in self._tabs.values():
            tab.save_unsaved()

    @override
    def close(self) -> bool:
        self._forms.close()
        self._presenter.close()
        for tab in self._tabs.values():
            tab.close_tab()
        self._facts = None
        return super().close()

    # ---------------------------------------------------------------------------------------- going
    @property
    def facts(self) -> CaseFacts | None:
        """What the page shows, or None while it is being fetched."""
        return self._facts

    @property
    def current(self) -> Tab:
        """The tab in front."""
        return next((tab for tab in TABS if tab == self._header.tabs.current_key), "overview")

    def go(self, tab: Tab) -> None:
        """Bring a tab to the front and put the keyboard where its work begins."""
        self._header.choose(tab)
        self._tab(tab).begin()

    def act(self, verb: str) -> None:
        """Begin a verb, on its tab or in its form."""
        facts = self._facts
        if facts is None:
            return
        if verb == OPEN_RELEASE:
            self._ctx.navigate(release_target(facts.case.release))
            return
        if verb == ASSIGN_ME:
            self._presenter.perform(Assign())
            return
        if verb == "erase":
            begin_erasing(self._presenter, self._forms, self.show_problem)
            return
        place = place_of(verb)
        if place == "form":
            self._forms.open(verb, then=self._after_form)
            return
        self.go(place)
        if place == "affected":
            self._start_affected()
        elif place == "fixes":
            self._start_fixes()
        self._place.hide()

    def _start_affected(self) -> None:
        from ui.screens.case.affected import AffectedTab

        tab = self._tab("affected")
        if isinstance(tab, AffectedTab):
            tab.decide_next()

    def _start_fixes(self) -> None:
        from ui.screens.case.fixes import FixesTab

        tab = self._tab("fixes")
        if isinstance(tab, FixesTab):
            tab.hold_next()

    def _after_form(self) -> None:
        self._banner_room.hide()

    def _go_to_wanted(self) -> None:
        target, self._wanted = self._wanted, None
        facts = self._facts
        if target is None or facts is None:
            return
        if target.tab in TABS:
            self.go(next(tab for tab in TABS if tab == target.tab))
        elif not target.act:
            self._tab(self.current).begin()
        if target.act:
            step = next(
                (s for s in process_of(facts.case, facts.policy, self._ctx.now()).steps if s.id == target.act), None
            )
            self.act(step.verb if step else target.act)

    def _chosen(self, key: str) -> None:
        if self._facts is None or key not in TABS:
            return
        before = self._stack.currentWidget()
        tab = self._tab(next(t for t in TABS if t == key))
        if before is not None and before is not tab.page:
            for held in self._tabs.values():
                if held.page is before:
                    held.save_unsaved()
        self._stack.setCurrentWidget(tab.page)
        self._place_panel()

    def advisory(self) -> AdvisoryTab | None:
        """The advisory tab if it is in front."""
        from ui.screens.case.advisory import AdvisoryTab

        tab = self._tabs.get("advisory")
        return tab if self.current == "advisory" and isinstance(tab, AdvisoryTab) else None

    def _tab(self, key: Tab) -> TabPage:
        if key not in self._tabs:
            made = make_tab(key, self._room)
            self._tabs[key] = made
            self._stack.addWidget(made.page)
            if self._facts is not None:
                made.show_facts(self._facts)
        return self._tabs[key]

    # ---------------------------------------------------------------------------------------- panel
    def toggle_panel(self) -> None:
        """Bring the checklist, or put it away where it is a drawer; the keyboard goes with it."""
        self._place.toggle()

    def _hide_panel(self) -> None:
        if self._place.hide():
            self._tab(self.current).begin()

    def _place_panel(self) -> None:
        drawer = self._place.arrange(over=self.current == "advisory")
        self._header.show_checklist_button(on=drawer)

    def next_part(self) -> None:
        """Tabs, then the work, then the panel, and around."""
        focus = focus_within(self)
        if focus is self._header.tabs:
            self._tab(self.current).begin()
        elif focus is not None and self._stack.isAncestorOf(focus) and self._panel.isVisible():
            self._panel.focus_next()
        else:
            self._header.tabs.setFocus(Qt.FocusReason.TabFocusReason)

    # ---------------------------------------------------------------------------------------- words
    def _tell(self) -> None:
        facts = self._facts
        if facts is None:
            return
        now = self._ctx.now()
        self._header.tell(head_of(facts.case, facts.policy, now, facts.events), self._dates, now)
        self._panel.tell(process_of(facts.case, facts.policy, now), self._dates, now)

    def do_next(self) -> None:
        """Begin what the process asks for now."""
        facts = self._facts
        if facts is None:
            return
        card = process_of(facts.case, facts.policy, self._ctx.now()).next
        if card is not None:
            self.act(card.verb)

    def _do_due(self) -> None:
        """Begin what the head of the page says is due."""
        facts = self._facts
        if facts is None:
            return
        due = head_of(facts.case, facts.policy, self._ctx.now(), facts.events).next
        if due is not None and due.verb:
            self.act(due.verb)

    def _skip(self, step: str) -> None:
        self._forms.show(skip_form(words.step(step)), fixed={"step": step})

    def _show_evidence(self, step: str) -> None:
        self.go(_EVIDENCE.get(step, "history"))

    def _explain(self) -> None:
        facts = self._facts
        if facts is None:
            return
        rules = "\n".join(f"{words.promise(c.id)}: {c.source}" for c in facts.policy.clocks if c.source)
        head = self.tr("The policy “{policy}”, version {version}, applied when the report came in.").format(
            policy=facts.policy.title, version=facts.policy.version
        )
        body = f"{head}\n\n{rules}\n\n{facts.policy.source}"
        notice = Notice(name="case.why", title=self.tr("Why these steps?"), body=body, close=self.tr("Close"))
        self._ctx.interaction.tell(notice)

    def copy_ref(self) -> None:
        """Put the reference on the clipboard."""
        clipboard().copy(self._ref)
        self._ctx.toast(self.tr("Reference copied"))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_panel()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._place.is_out:
            self._hide_panel()
            return
        super().keyPressEvent(event)


def make_tab(key: Tab, room: Room) -> TabPage:
    """A tab when it is first looked at, so that nobody waits for the others."""
    from ui.screens.case import affected, correspondence, embargo, fixes, history, overview, report

    if key == "advisory":
        from ui.screens.case.advisory import AdvisoryTab

        return AdvisoryTab(room)
    makers: dict[Tab, Callable[[Room], TabPage]] = {
        "overview": overview.OverviewTab,
        "report": report.ReportTab,
        "affected": affected.AffectedTab,
        "fixes": fixes.FixesTab,
        "embargo": embargo.EmbargoTab,
        "correspondence": correspondence.CorrespondenceTab,
        "history": history.HistoryTab,
    }
    return makers[key](room)
