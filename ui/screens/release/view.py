"""The release page: head, what is missing, cases and lines, the run sheet of the day, and every text of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from app.domain.commands import ReleaseCommand
from app.domain.commands.release_commands import DropDependency
from app.domain.errors import AppError
from app.domain.values import Dependency
from app.presenters.exporting import ExportPresenter, Subject
from app.presenters.release import Failed, ReleaseFacts, ReleasePresenter
from app.presenters.release_artefacts import Artefacts, ArtefactsPresenter
from app.presenters.release_gaps import Blocker
from app.presenters.release_head import head_of
from app.presenters.release_sheet import SheetStep, live_step, run_sheet
from app.presenters.target import Target, case_target
from ui.kit.clipboard import clipboard
from ui.kit.dates import Dates
from ui.kit.error_text import error_text
from ui.kit.exporting import ExportDialogs
from ui.kit.names import named
from ui.kit.theme import hub
from ui.screens.page import Action, Context, Crumb
from ui.screens.release import words
from ui.screens.release.add_case import AddCaseDialog
from ui.screens.release.artefacts import ArtefactsCard
from ui.screens.release.blockers import BlockersPanel
from ui.screens.release.body import ReleaseBody
from ui.screens.release.cases_card import CasesCard
from ui.screens.release.form_desk import ReleaseForms
from ui.screens.release.header import ReleaseHeader
from ui.screens.release.live_card import TEXTS
from ui.screens.release.run_sheet import RunSheet
from ui.screens.release.side_card import SideCard
from ui.widgets.banner import Banner
from ui.widgets.button import icon_button
from ui.widgets.empty_page import EmptyPage

_LINES_DRAFT: Final = "lines"


@final
class ReleaseScreen(QObject):
    """One release. Satisfies Page; the window makes it with a Context and a reference."""

    def __init__(self, ctx: Context, ref: str) -> None:
        super().__init__()
        self._ctx = ctx
        self._ref = ref
        self._wanted: Target | None = None
        self._closed = False
        self._steps: tuple[SheetStep, ...] = ()
        self._dates = Dates(ctx.tz)
        self._widget = QWidget()
        self._widget.setObjectName("release")
        self._presenter = ReleasePresenter(self, ctx.session, ctx.runner, ctx.hub, ref)
        self._texts = ArtefactsPresenter(self, ctx.session, ctx.runner, ref)
        self._forms = ReleaseForms(ctx, self._presenter, self._widget)
        self._dialogs = ExportDialogs(
            ctx.interaction,
            self._dates,
            now=ctx.now,
            toast=ctx.toast,
            problem=self.show_problem,
            copy=lambda text: clipboard().copy(text),
        )
        self._exports = ExportPresenter(self._dialogs, ctx.session, ctx.runner, ctx.hub)
        self._add_dialog: AddCaseDialog | None = None
        self._build()

    def _build(self) -> None:
        self._header = ReleaseHeader(lambda: self.act("postpone"), self._export_all, self._menu)
        self._problem = named(Banner("blocker", "", ""), "release.banner", "")
        self._problem.add_action(icon_button("close", "release.dismiss", self.tr("Dismiss"), self._problem.hide))
        self._problem.hide()
        self._blockers = BlockersPanel(self._mend)
        self._cases = CasesCard(self._add_case, self._open_case, self._take_out)
        self._side = SideCard(self, self._dates, self._change_dependency, self._drop_dependency)
        self._sheet = RunSheet(self._dates, self._ctx.now, self)
        self._artefacts = ArtefactsCard(self._dates, self._ctx.now, self._export)
        self._header.facts.duePressed.connect(self._show_live)
        self._header.facts.postponedPressed.connect(lambda: self._side.choose("postponed"))
        column = QVBoxLayout(self._widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        above = (self._problem, self._blockers)
        self._body = ReleaseBody(above, (self._cases, self._side), (self._sheet, self._artefacts))
        column.addWidget(self._body, 1)
        self._header.hide()
        self._body.hide()
        hub().changed.connect(self._dress)
        self._side.edited.connect(self._measure)

    def _dress(self) -> None:
        """The look has changed: rows have widths that follow the text size."""
        for part in (self._cases, self._side, self._sheet):
            part.renew()
        self._measure()
        self.minute()

    def _measure(self) -> None:
        self._body.measure(edited=self._side.lines.editing)

    # ----------------------------------------------------------------------------------------- Page
    @property
    def widget(self) -> QWidget:
        return self._widget

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(self.tr("Releases"), Target(page="releases")), Crumb(self._ref))

    def page_actions(self) -> tuple[Action, ...]:
        return (
            Action("release.doNext", self.tr("Do the next step"), self._do_next, "Ctrl+Return", "check-circle"),
            Action("release.addCase", self.tr("Add a case"), self._add_case, "Ctrl+Shift+A", "plus", self._is_movable),
            Action("release.editLines", self.tr("Edit lines"), self._side.edit_lines, "Ctrl+E", "edit", self._is_open),
            Action("release.exportOne", self.tr("Export this text"), self._artefacts.export_chosen, "Ctrl+S", "export"),
            Action("release.exportEvery", self.tr("Export everything that is ready"), self._export_all, "", "export"),
            Action("release.nextPart", self.tr("Go to the next part of the page"), self._next_part, "F6"),
            *self._menu(),
        )

    def open(self, target: Target) -> None:
        self._wanted = target
        if self._presenter.facts is None:
            self._presenter.refresh()
        else:
            self._go()

    def minute(self) -> None:
        if self._presenter.facts is not None:
            self._tell(self._presenter.facts)

    def save_unsaved(self) -> None:
        self._forms.keep_unsaved()
        if self._presenter.facts is not None:
            self._presenter.keep_draft(_LINES_DRAFT, self._side.lines.typed())

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        hub().changed.disconnect(self._dress)
        self._forms.close()
        if self._add_dialog is not None and isValid(self._add_dialog):
            self._add_dialog.reject()
        self._exports.close()
        self._texts.close()
        self._presenter.close()
        self._artefacts.forget()

    # ------------------------------------------------------------------------------- what the parts ask
    def judge(self, command: ReleaseCommand) -> AppError | None:
        """What the rules would say to a line as typed."""
        return self._presenter.would_refuse(command)

    def perform(self, command: ReleaseCommand, done: Callable[[], None], failed: Failed) -> None:
        """Carry out a command of a part of the page."""
        self._presenter.perform(command, done, failed)

    def do(self, step: SheetStep) -> None:
        """The one act of a step of the run sheet: its form, or the place where it is done."""
        if step.state == "done" or (step.state == "skipped" and not step.verb):
            self._show_done(step)
        elif step.place:
            self._open_case(step.place, act="record-publication" if step.id == "records" else "")
        elif step.id == "cases":
            self._add_case()
        elif step.id == "embargo":
            self.act("postpone")
        elif step.id == "released" and not step.of:
            self._side.edit_lines()
        elif step.verb:
            self._forms.open(step.verb, step=step)

    def review(self, step: SheetStep) -> None:
        """Show the text of a step, ready to be exported."""
        self._artefacts.choose_format(TEXTS.get(step.id, ""))

    def act(self, verb: str) -> None:
        """Open the form of a verb."""
        if verb == "bundle-case":
            self._add_case()
        elif verb == "plan-line":
            self._side.edit_lines()
        else:
            self._forms.open(verb)

    # ----------------------------------------------------------------------------- ReleaseView and texts
    def show_facts(self, facts: ReleaseFacts) -> None:
        self._tell(facts)
        self._texts.refresh()
        if self._header.isHidden():
            self._header.show()
            self._body.show()
            self._presenter.fetch_draft(_LINES_DRAFT, self._side.restore_lines)
        movable = self._is_movable()
        self._header.allow(postpone=movable, why_not=self.tr("It is public or over, so its day can't move any more."))
        self._ctx.heading_changed()
        self._go()

    def show_artefacts(self, artefacts: Artefacts) -> None:
        self._artefacts.tell(artefacts)
        self._blockers.tell(artefacts.blockers)

    def show_problem(self, problem: Exception) -> None:
        """Say what failed above the page; what was typed stays where it is."""
        text = error_text(problem)
        if self._presenter.facts is None:
            self._show_missing(text.headline, text.whole)
            return
        self._problem.say("blocker", text.headline, text.whole)
        self._problem.show()

    def _show_missing(self, headline: str, sentence: str) -> None:
        layout = self._widget.layout()
        if layout is not None and self._widget.findChild(EmptyPage, "release.missing") is None:
            layout.addWidget(named(EmptyPage("release", headline, sentence), "release.missing", headline))

    # ------------------------------------------------------------------------------------------ inside
    def _tell(self, facts: ReleaseFacts) -> None:
        now = self._ctx.now()
        self._steps = run_sheet(facts, now)
        self._header.tell(head_of(facts, self._steps, now), self._dates, now)
        self._cases.tell(facts)
        self._side.tell(facts, now)
        self._sheet.tell(self._steps)
        live = live_step(self._steps)
        self._artefacts.prefer(TEXTS.get(live.id, "") if live else "")

    def _go(self) -> None:
        """Go to the part that was asked for, once."""
        target, self._wanted = self._wanted, None
        if target is None:
            return
        if target.tab in ("lines", "dependencies", "postponed"):
            self._side.choose(target.tab)
        if target.act:
            self.act(target.act)
        elif not target.tab:
            self._sheet.focus_live()

    def _menu(self) -> tuple[Action, ...]:
        def form(verb: str) -> Action:
            return Action(f"release.{verb}", texts[verb], lambda: self.act(verb), "", icons.get(verb, ""), may[verb])

        texts = {
            "retitle-release": self.tr("Change the working title…"),
            "postpone": self.tr("Postpone…"),
            "set-dependency": self.tr("Add a dependency update…"),
            "cancel-release": self.tr("Cancel the release…"),
        }
        icons = {"retitle-release": "edit", "postpone": "calendar", "cancel-release": "ban", "set-dependency": "plus"}
        may = {
            "retitle-release": self._is_open,
            "postpone": self._is_movable,
            "set-dependency": self._is_open,
            "cancel-release": self._is_movable,
        }
        copy = Action("release.copyRef", self.tr("Copy the reference"), self._copy_ref, "Ctrl+Shift+C", "copy")
        return (form("retitle-release"), form("postpone"), form("set-dependency"), copy, form("cancel-release"))

    def _is_open(self) -> bool:
        facts = self._presenter.facts
        return facts is not None and facts.release.is_open

    def _is_movable(self) -> bool:
        facts = self._presenter.facts
        return facts is not None and facts.release.is_open and not facts.release.announcements

    def _do_next(self) -> None:
        live = live_step(self._steps)
        if live is None:
            return
        if live.id in TEXTS:
            self.review(live)
        else:
            self.do(live)

    def _show_live(self) -> None:
        """Bring the live step into sight and give it the keyboard."""
        self._sheet.focus_live()
        act: QWidget | None = self._widget.window().focusWidget()
        if act is not None and self._sheet.isAncestorOf(act):
            self._body.ensureWidgetVisible(act)

    def _show_done(self, step: SheetStep) -> None:
        if step.evidence:
            clipboard().copy(step.evidence)
            self._ctx.toast(self.tr("{what}: evidence copied").format(what=words.step_word(step)))

    def _mend(self, blocker: Blocker) -> None:
        if blocker.target.page == "release" and blocker.target.ref == self._ref:
            self._side.choose("lines")
            self.act(blocker.target.act)
        else:
            self._ctx.navigate(blocker.target)

    def _add_case(self) -> None:
        if not self._is_movable() or (self._add_dialog is not None and isValid(self._add_dialog)):
            return
        self._add_dialog = AddCaseDialog(self._widget.window(), self._presenter, self._joined)
        self._add_dialog.finished.connect(self._add_dialog.deleteLater)
        self._add_dialog.open()

    def _joined(self, ref: str) -> None:
        self._ctx.toast(self.tr("{ref} joined the release").format(ref=ref))

    def _open_case(self, ref: str, act: str = "") -> None:
        self._ctx.navigate(case_target(ref, act=act))

    def _take_out(self, ref: str) -> None:
        self._forms.open("unbundle-case", values={"case": ref})

    def _change_dependency(self, dependency: Dependency | None) -> None:
        if dependency is None:
            self._forms.open("set-dependency")
            return
        values = {
            "name": dependency.name,
            "versions": " ".join(dependency.versions),
            "lines": " ".join(dependency.lines),
            "url": dependency.url,
        }
        self._forms.open("set-dependency", values=values)

    def _drop_dependency(self, name: str) -> None:
        self._presenter.perform(DropDependency(name=name))

    def _export(self, format_name: str) -> None:
        self._exports.export(format_name, Subject(release=self._ref))

    def _export_all(self) -> None:
        self._exports.export_all(Subject(release=self._ref))

    def _copy_ref(self) -> None:
        clipboard().copy(self._ref)
        self._ctx.toast(self.tr("Reference copied"))

    def _next_part(self) -> None:
        """Head, cases, lines, run sheet, artefacts, and round again."""
        parts: tuple[QWidget, ...] = (self._header, self._cases, self._side, self._sheet, self._artefacts)
        focus: QWidget | None = self._widget.window().focusWidget()
        at = next((i for i, part in enumerate(parts) if focus is not None and part.isAncestorOf(focus)), -1)
        for offset in range(1, len(parts) + 1):
            part = parts[(at + offset) % len(parts)]
            first = next((w for w in part.findChildren(QWidget) if _takes_focus(w)), None)
            if first is not None:
                first.setFocus(Qt.FocusReason.TabFocusReason)
                return


def _takes_focus(widget: QWidget) -> bool:
    takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return takes and widget.isVisible() and widget.isEnabled()
