"""The desk: five numbers, what is due with one act each, and the embargoes ahead."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.desk.ports.vault import CaseRow
from app.domain.backups import BackupDue
from app.domain.errors import AppError
from app.domain.policy import Policy
from app.presenters.desk import DeskCounts, DeskPresenter, DueItem, Group, Whose
from app.presenters.target import Target, case_target
from ui.kit.dates import Dates
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.theme import theme
from ui.screens.cases.empties import NoCases
from ui.screens.desk.cautions import Cautions
from ui.screens.desk.count_card import CountCard
from ui.screens.desk.due_list import DueList
from ui.screens.desk.timeline import EmbargoTimeline
from ui.screens.page import Action, Context, Crumb
from ui.widgets.banner import Banner
from ui.widgets.button import LinkButton, button
from ui.widgets.card import Card
from ui.widgets.empty_page import EmptyPage
from ui.widgets.plain_label import PlainLabel
from ui.widgets.segmented import SegmentedSwitch

_MARGIN: Final = 24
_LOW: Final = 700
"""Logical pixels of height below which only the next embargoes are shown, as many as `_FEW`."""
_FEW: Final = 2
_WHOSE: Final[tuple[Whose, ...]] = ("mine", "everyone", "waiting")


@final
class DeskScreen(QWidget):
    """Satisfies Page; the presenter knows what is due, this shows it."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("desk")
        self._ctx = ctx
        self._dates = Dates(ctx.tz)
        self._begun = False
        self._embargoes = 0
        self.presenter = DeskPresenter(self, ctx.session, ctx.runner, ctx.hub, ctx.tz)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.pages = QStackedWidget()
        self.pages.addWidget(self._make_page())
        self.first = NoCases(ctx.navigate)
        self.pages.addWidget(self.first)
        outer.addWidget(self.pages)
        self._stop_listening = ctx.backups.listen(self.cautions.show_work)

    def _make_page(self) -> QScrollArea:
        inner = QWidget()
        inner.setProperty("kind", "clear")
        column = QVBoxLayout(inner)
        column.setContentsMargins(_MARGIN, 16, _MARGIN, 16)
        column.setSpacing(16)
        self.banner = named(Banner("blocker", "", "", tall=True), "desk.problem", "")
        self.banner.add_action(button(self.tr("Try again"), "secondary", "desk.retry", self._retry))
        self.banner.hide()
        column.addWidget(self.banner)
        self.cautions = Cautions(self._back_up)
        column.addWidget(self.cautions)
        column.addLayout(self._make_cards())
        column.addWidget(self._make_due(), 1)
        column.addWidget(self._make_ahead())
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setProperty("kind", "clear")
        area.setWidget(inner)
        return area

    def _make_cards(self) -> QHBoxLayout:
        self.overdue = named(CountCard("octagon-alert", "overdue", self.tr("Overdue")), "desk.overdue", "")
        self.today = named(CountCard("clock", "today", self.tr("Due today")), "desk.today", "")
        self.week = named(CountCard("calendar", "soon", self.tr("This week")), "desk.week", "")
        self.embargo = named(CountCard("lock", "accent", self.tr("Under embargo")), "desk.embargo", "")
        self.waiting = named(CountCard("pause", "paused", self.tr("Waiting on others")), "desk.waiting", "")
        self.overdue.clicked.connect(lambda: self._only("overdue"))
        self.today.clicked.connect(lambda: self._only("today"))
        self.week.clicked.connect(lambda: self._only("week"))
        self.embargo.setCheckable(False)
        self.embargo.clicked.connect(lambda: self._ctx.navigate(Target(page="cases", tab="embargo")))
        self.waiting.clicked.connect(lambda: self._choose("waiting"))
        row = QHBoxLayout()
        row.setSpacing(12)
        for card in (self.overdue, self.today, self.week, self.embargo, self.waiting):
            row.addWidget(card, 1)
        return row

    def _make_due(self) -> Card:
        card = Card(self.tr("What is due"), flush=True)
        self.policy = PlainLabel("", "small", "text-2")
        self.whose = SegmentedSwitch(
            [("mine", self.tr("Mine")), ("everyone", self.tr("Everyone")), ("waiting", self.tr("Waiting"))],
            "desk.whose",
            self.tr("Whose promises"),
        )
        self.whose.changed.connect(self._choose)
        card.add_action(self.policy)
        card.add_action(self.whose)
        self.due = DueList(self._dates)
        self.due.actWanted.connect(self._act)
        self.due.caseWanted.connect(lambda ref: self._ctx.navigate(case_target(ref)))
        self.due.moreWanted.connect(self.presenter.show_more)
        self.nothing = EmptyPage("check-circle", "", "")
        self.body = QStackedWidget()
        self.body.addWidget(self.due)
        self.body.addWidget(self.nothing)
        card.body.addWidget(self.body)
        card.setMinimumHeight(theme().px(260))
        return card

    def _make_ahead(self) -> Card:
        self.ahead = Card(self.tr("Embargoes ahead"), self.tr("next 5 weeks"), flush=True)
        self.all_embargoes = named(
            LinkButton(self.tr("Show them all")), "desk.allEmbargoes", self.tr("Show all cases under embargo")
        )
        self.all_embargoes.clicked.connect(lambda: self._ctx.navigate(Target(page="cases", tab="embargo")))
        self.ahead.add_action(self.all_embargoes)
        self.timeline = EmbargoTimeline(self._dates)
        self.timeline.caseWanted.connect(lambda ref: self._ctx.navigate(case_target(ref, tab="embargo")))
        self.ahead.body.addWidget(self.timeline)
        self.ahead.hide()
        return self.ahead

    def _fit_ahead(self) -> None:
        """In a low window what is due goes before what is ahead."""
        low = self.height() < theme().px(_LOW)
        self.timeline.limit(_FEW if low else None)
        self.all_embargoes.setVisible(self._embargoes > self.timeline.shown)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_ahead()

    # Page.

    @property
    def widget(self) -> QWidget:
        return self

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(self.tr("Desk")),)

    def page_actions(self) -> tuple[Action, ...]:
        return (
            Action("desk.mine", self.tr("Show what I promised"), lambda: self._choose("mine"), "Ctrl+1", "user"),
            Action(
                "desk.everyone",
                self.tr("Show what everyone promised"),
                lambda: self._choose("everyone"),
                "Ctrl+2",
                "people",
            ),
            Action(
                "desk.waiting",
                self.tr("Show what waits for an answer"),
                lambda: self._choose("waiting"),
                "Ctrl+3",
                "pause",
            ),
            Action("desk.reload", self.tr("Read the desk anew"), self.presenter.start, "F5", "history"),
        )

    def open(self, _target: Target, /) -> None:
        self.cautions.show_work(self._ctx.backups.state)
        self.presenter.start()
        self.due.focus_first()

    def minute(self) -> None:
        self.timeline.tell(self._ctx.now())
        self.presenter.minute()

    def save_unsaved(self) -> None:
        """Nothing is typed here."""

    @override
    def close(self) -> bool:
        self.presenter.close()
        self._stop_listening()
        self.due.clear()
        self.timeline.show_rows(())
        return super().close()

    # What the person does.

    def _act(self, ref: str, verb: str) -> None:
        self._ctx.navigate(case_target(ref, act=verb))

    def _only(self, group: Group) -> None:
        if self.presenter.whose == "waiting":
            self.presenter.choose("mine")
        self.presenter.only(group)

    def _choose(self, whose: str) -> None:
        for known in _WHOSE:
            if known == whose:
                self.presenter.choose(known)

    def _back_up(self, has_folder: bool) -> None:
        """The one act of the warning: a backup now, or the page where its folder is chosen."""
        if has_folder and self._ctx.backups.make():
            self._ctx.toast(self.tr("Backing up; the settings tell how far it is"))
        else:
            self._ctx.navigate(Target(page="settings", tab="backups"))

    def _retry(self) -> None:
        self.banner.hide()
        self.presenter.start()

    # What the presenter tells.

    def show_counts(self, counts: DeskCounts) -> None:
        now, dates = self._ctx.now(), self._dates
        more = "+" if counts.more else ""
        oldest = self.tr("oldest {time}").format(time=dates.until(counts.oldest, now)) if counts.oldest else ""
        self.overdue.say(f"{thousands(counts.overdue)}{more}", oldest or self.tr("nothing is late"))
        following = dates.until(counts.next_due, now) if counts.next_due else ""
        self.today.say(
            thousands(counts.today),
            self.tr("next {time}").format(time=following) if following else self.tr("nothing more today"),
        )
        sunday = f"{counts.week_end.day} {dates.words.months[counts.week_end.month - 1]}"
        self.week.say(
            thousands(counts.week),
            self.tr("until {day}").format(day=f"{dates.words.weekdays[6]} {sunday}"),
        )
        end = self.tr("next ends {day}").format(day=dates.day(counts.next_end, now)) if counts.next_end else ""
        self.embargo.say(thousands(counts.embargoes), end or self.tr("none runs"))
        longest = dates.duration(now - counts.waits_longest, parts=1) if counts.waits_longest else ""
        self.waiting.say(
            thousands(counts.waiting),
            self.tr("longest {time}").format(time=longest) if longest else self.tr("nobody is asked"),
        )
        self._mark_choice()

    def _mark_choice(self) -> None:
        group, whose = self.presenter.group, self.presenter.whose
        for card, own in ((self.overdue, "overdue"), (self.today, "today"), (self.week, "week")):
            card.setChecked(group == own)
        self.waiting.setChecked(whose == "waiting")
        self.whose.blockSignals(True)
        self.whose.choose(whose)
        self.whose.blockSignals(False)

    def show_due(self, items: tuple[DueItem, ...], *, hidden: int, counts: dict[Group, int]) -> None:
        self.banner.hide()
        self.pages.setCurrentIndex(0)
        self.body.setCurrentWidget(self.due)
        self.due.show_items(items, hidden, counts, self._ctx.now())
        if not self._begun and items:
            self._begun = True
            self.due.focus_first()

    def show_nothing_due(self, *, whose: Whose, cases: int) -> None:
        if not cases:
            self.pages.setCurrentWidget(self.first)
            return
        sentences: dict[Whose, str] = {
            "mine": self.tr("Every promise of your cases is kept. What others promised stands under Everyone."),
            "everyone": self.tr("Every promise of every case is kept."),
            "waiting": self.tr("No case waits for the answer of a reporter."),
        }
        self.nothing.say(self.tr("Nothing is due"), sentences[whose])
        self.body.setCurrentWidget(self.nothing)

    def show_policy(self, policy: Policy | None) -> None:
        words = self.tr("Policy {name}, version {version}")
        self.policy.setText(words.format(name=policy.name, version=policy.version) if policy else "")

    def show_backup(self, due: BackupDue) -> None:
        self.cautions.show_backup(due)

    def show_warnings(self, warnings: tuple[AppError, ...]) -> None:
        self.cautions.show_warnings(warnings)

    def show_embargoes(self, rows: tuple[CaseRow, ...], *, total: int) -> None:
        self._embargoes = total
        self.ahead.setVisible(bool(rows))
        zone = self._dates.clock(self._ctx.now()).partition(" ")[2]
        self.ahead.set_note(self.tr("next 5 weeks, times in {zone}").format(zone=zone))
        self.timeline.show_rows(rows)
        self._fit_ahead()
        self.timeline.tell(self._ctx.now())

    def show_problem(self, problem: Exception) -> None:
        text = error_text(problem)
        self.banner.say("blocker", text.headline, text.whole)
        self.banner.show()
