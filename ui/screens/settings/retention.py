"""Settings, how long cases are kept: the team's choice, cases whose time is over, and those that wait to be erased."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.untrusted import safe_line
from app.presenters.retention import CHOICES, RetentionPresenter, RetentionShown
from app.presenters.target import Target, case_target
from ui.kit.dates import Dates
from ui.kit.dialogs import Question
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.screens.page import Context
from ui.screens.settings.part import Part, labelled
from ui.widgets.button import LinkButton, button
from ui.widgets.card import Card
from ui.widgets.combo import Combo
from ui.widgets.lines import HLine
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel

_YEAR = 365
_BY_POLICY = -1


@final
class RetentionSettings(Part):
    """Object names begin with `retention.`."""

    def __init__(self, ctx: Context) -> None:
        super().__init__("retention")
        self._ctx = ctx
        self._dates = Dates(ctx.tz)
        self._filling = False
        self.presenter = RetentionPresenter(self, ctx.session, ctx.runner, ctx.hub)
        self.column.addWidget(self._make_rule())
        self.over = Card(self.tr("Their time is over"), " ", flush=True)
        self.propose = button(
            self.tr("Propose to erase them all…"), "secondary", "retention.propose", self._ask_propose, size="row"
        )
        self.over.add_action(self.propose)
        self.waiting = Card(self.tr("Proposed to be erased"), " ", flush=True)
        for card in (self.over, self.waiting):
            self.column.addWidget(card)
            card.hide()
        self.column.addWidget(self._make_help())
        self.column.addStretch(1)

    def _make_rule(self) -> Card:
        card = Card(self.tr("Closed cases"), self.tr("kept in the store"))
        choices: list[tuple[str, object]] = [(self._days_words(days), days) for days in CHOICES]
        words = self.tr("Keep their texts and files")
        self.days = named(Combo(choices), "retention.days", words)
        self.days.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToContents)
        self.days.currentIndexChanged.connect(self._chosen)
        card.body.addLayout(labelled(words, self.days))
        said = self.tr(
            "After that time nothing goes by itself: the case is named here, and a person erases it in two steps. What "
            "remains is what the public has anyway, when what happened, and the proof that nothing else was changed."
        )
        card.body.addWidget(Paragraph(said, "small", "text-2"))
        return card

    def _make_help(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        words = self.tr("What is erased, what remains, and where copies may still lie")
        link = named(LinkButton(words, icon="help"), "retention.help", words)
        link.clicked.connect(lambda: self._ctx.navigate(Target(page="help", tab="retention")))
        row.addWidget(link)
        row.addStretch(1)
        return holder

    def _days_words(self, days: int) -> str:
        if days == 0:
            return self.tr("for ever")
        if days == _BY_POLICY:
            return self.tr("as the policy of each says")
        if days % _YEAR == 0:
            years = days // _YEAR
            return self.tr("1 year") if years == 1 else self.tr("{n} years").format(n=years)
        return self.tr("{n} days").format(n=thousands(days))

    @override
    def start(self) -> None:
        self.presenter.start()

    @override
    def begin(self) -> None:
        self.days.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def end(self) -> None:
        self.presenter.close()
        for card in (self.over, self.waiting):
            _clear(card.body)

    def _chosen(self) -> None:
        days = int(self.days.currentData())
        if not self._filling and days != _BY_POLICY:
            self.presenter.choose_days(days)

    def _ask_propose(self) -> None:
        question = Question(
            name="retention.question",
            title=self.tr("Propose to erase every case whose time is over?"),
            body=self.tr(
                "This is the first of two steps; nothing is gone by it. Each case is then erased by itself, or kept "
                "after all. Both stand in its history."
            ),
            act=self.tr("Propose"),
            keep=self.tr("Leave them"),
            risky=False,
        )
        self._ctx.interaction.ask(question, self.presenter.propose_all)

    # What the presenter tells.

    def show_retention(self, shown: RetentionShown) -> None:
        self._filling = True
        days = _BY_POLICY if shown.days is None else shown.days
        if self.days.findData(days) < 0:
            self.days.insertItem(0, self._days_words(days), days)
        self.days.choose(days)
        self._filling = False
        now = self._ctx.now()
        over = [
            (x.ref, x.title, self.tr("since {day}").format(day=self._dates.day(x.since, now, year=True)))
            for x in shown.over
        ]
        waiting = [
            (x.ref, x.title, self.tr("{name}, {day}").format(name=safe_line(x.by, 40), day=self._dates.day(x.at, now)))
            for x in shown.waiting
        ]
        self._fill(self.over, over)
        self._fill(self.waiting, waiting)

    def _fill(self, card: Card, rows: list[tuple[str, str, str]]) -> None:
        _clear(card.body)
        card.setVisible(bool(rows))
        card.set_note(thousands(len(rows)) if rows else "")
        for number, (ref, title, note) in enumerate(rows):
            if number:
                card.body.addWidget(HLine(card))
            card.body.addWidget(self._row(ref, title, note))

    def _row(self, ref: str, title: str, note: str) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(16, 6, 12, 6)
        line.setSpacing(12)
        line.addWidget(PlainLabel(ref, "mono", "text-2"))
        line.addWidget(PlainLabel(safe_line(title, 200), "body", elide=Qt.TextElideMode.ElideRight), 1)
        line.addWidget(PlainLabel(note, "small", "text-2"))
        line.addWidget(
            button(
                self.tr("Open case"),
                "secondary",
                f"retention.open.{ref}",
                lambda: self._ctx.navigate(case_target(ref)),
                size="row",
                spoken=self.tr("Open {ref}").format(ref=ref),
            )
        )
        return holder

    def show_proposed(self, refs: tuple[str, ...]) -> None:
        one, many = self.tr("One case was proposed to be erased"), self.tr("{n} cases were proposed to be erased")
        self._ctx.toast((one if len(refs) == 1 else many).format(n=thousands(len(refs))))


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
