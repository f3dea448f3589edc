"""The general settings: how it looks on this machine, when it locks, who you are, and facts about the store."""

from __future__ import annotations

from typing import Final, Literal, final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout
from typing_extensions import override

from app.domain.errors import Rejected
from app.presenters.settings import MachineSettings
from app.presenters.settings_page import IDLE_CHOICES, TEXT_SIZES, SettingsPresenter, StoreFacts
from ui.kit.folders import short_folder
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.theme import Mode
from ui.screens.page import Action, Context
from ui.screens.settings.capture_card import capture_card
from ui.screens.settings.memory_card import memory_card
from ui.screens.settings.part import Part, labelled
from ui.widgets.button import button
from ui.widgets.card import Card
from ui.widgets.combo import Combo
from ui.widgets.field import Field, LineEdit
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel
from ui.widgets.segmented import SegmentedSwitch

_MODES: Final[tuple[Mode, ...]] = ("system", "light", "dark")


@final
class GeneralSettings(Part):
    """Every choice is kept as it is made; only your name asks for a button."""

    def __init__(self, ctx: Context, settings: MachineSettings, folder: str) -> None:
        super().__init__("general")
        self._ctx = ctx
        self._folder = folder
        self._facts: StoreFacts | None = None
        self._filling = False
        self.presenter = SettingsPresenter(self, ctx.session, ctx.runner, ctx.hub, settings)
        capture = capture_card(settings, self.show_problem)
        memory = memory_card(settings, self.show_problem)
        for card in (self._make_look(), self._make_lock(), capture, memory, self._make_person(), self._make_store()):
            self.column.addWidget(card)
        self.column.addStretch(1)

    def _make_look(self) -> Card:
        card = Card(self.tr("Look"), self.tr("kept on this machine"))
        self.theme = SegmentedSwitch(
            [("system", self.tr("Like the system")), ("light", self.tr("Light")), ("dark", self.tr("Dark"))],
            "settings.theme",
            self.tr("Theme"),
        )
        self.theme.changed.connect(self._choose_theme)
        self.text_size = named(
            Combo([(self.tr("{percent} %").format(percent=s), s) for s in TEXT_SIZES]),
            "settings.textSize",
            self.tr("Text size"),
        )
        self.text_size.currentIndexChanged.connect(self._choose_size)
        card.body.addLayout(labelled(self.tr("Theme"), self.theme))
        card.body.addLayout(labelled(self.tr("Text size"), self.text_size))
        return card

    def _make_lock(self) -> Card:
        card = Card(self.tr("Lock"), self.tr("kept in the store"))
        self.idle = named(
            Combo([(self.tr("{number} min").format(number=n), n) for n in IDLE_CHOICES]),
            "settings.idleMinutes",
            self.tr("Lock after this long without a touch"),
        )
        self.idle.currentIndexChanged.connect(self._choose_idle)
        card.body.addLayout(labelled(self.tr("Lock after this long without a touch"), self.idle))
        words = self.tr(
            "Locking saves what is typed into the store, closes it, and shows nothing of it any more. "
            "Opening it again asks for the passphrase."
        )
        card.body.addWidget(Paragraph(words, "small", "text-2"))
        return card

    def _make_person(self) -> Card:
        card = Card(self.tr("You"), self.tr("stands beside what you do from now on"))
        self.name = LineEdit()
        self.name_field = Field(self.tr("Your name"), self.name, object_name="settings.name")
        self.email = LineEdit()
        self.email_field = Field(self.tr("Your email"), self.email, object_name="settings.email")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.name_field, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.email_field, 1, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(row)
        self.save = button(self.tr("Save name and email"), "secondary", "settings.savePerson", self._save_person)
        foot = QHBoxLayout()
        foot.addWidget(self.save)
        foot.addStretch(1)
        card.body.addLayout(foot)
        for field in (self.name, self.email):
            field.textChanged.connect(self._judge_person)
            field.returnPressed.connect(self._save_person)
        return card

    def _make_store(self) -> Card:
        card = Card(self.tr("This store"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        card.body.addLayout(self._grid)
        return card

    # Part.

    def own_actions(self) -> tuple[Action, ...]:
        return (
            Action("settings.light", self.tr("Light theme"), lambda: self._choose_theme("light"), icon="settings"),
            Action("settings.dark", self.tr("Dark theme"), lambda: self._choose_theme("dark"), icon="settings"),
            Action(
                "settings.system",
                self.tr("Theme like the system"),
                lambda: self._choose_theme("system"),
                icon="settings",
            ),
        )

    @override
    def start(self) -> None:
        self._fill_look()
        self.presenter.start()

    @override
    def begin(self) -> None:
        self.theme.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def end(self) -> None:
        self.presenter.close()

    # What the person does.

    def _choose_theme(self, theme: str) -> None:
        if not self._filling:
            self.presenter.choose_theme(theme)

    def _choose_size(self) -> None:
        if not self._filling:
            self.presenter.choose_text_size(int(self.text_size.currentData()))

    def _choose_idle(self) -> None:
        if not self._filling:
            self.presenter.choose_idle_minutes(int(self.idle.currentData()))

    def _judge_person(self) -> None:
        facts = self._facts
        same = facts is not None and (self.name.text(), self.email.text()) == (facts.me.name, facts.me.email)
        self.save.setEnabled(not same)

    def _save_person(self) -> None:
        self.name_field.set_error("")
        self.email_field.set_error("")
        if self.save.isEnabled():
            self.presenter.save_person(self.name.text(), self.email.text())

    # What the presenter tells.

    def _fill_look(self) -> None:
        look = self._ctx.theme
        self._filling = True
        self.theme.choose(look.mode)
        self.text_size.choose(round(look.theme.scale * 100))
        self._filling = False

    def show_look(self, theme: str, text_size: int) -> None:
        mode: Mode = next((m for m in _MODES if m == theme), "system")
        self._ctx.theme.set_look(mode, text_size / 100)
        self._fill_look()

    def show_facts(self, facts: StoreFacts) -> None:
        first = self._facts is None or not self.save.isEnabled()
        self._facts = facts
        self._filling = True
        if self.idle.findData(facts.idle_minutes) < 0:
            words = self.tr("{number} min").format(number=facts.idle_minutes)
            self.idle.addItem(words, facts.idle_minutes)
        self.idle.choose(facts.idle_minutes)
        if first:
            # What somebody is typing here stays.
            self.name.setText(facts.me.name)
            self.email.setText(facts.me.email)
        self._filling = False
        self._judge_person()
        self._show_store(facts)

    def _show_store(self, facts: StoreFacts) -> None:
        lines = (
            (self.tr("Name"), facts.name),
            (self.tr("Folder"), short_folder(self._folder)),
            (self.tr("Policy"), facts.policy),
            (self.tr("Project"), facts.project or self.tr("not described")),
            (self.tr("Format"), str(facts.format)),
            (self.tr("People"), thousands(facts.people)),
            (self.tr("Devices"), thousands(facts.devices)),
            (self.tr("Events"), thousands(facts.events)),
        )
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, (label, value) in enumerate(lines):
            self._grid.addWidget(PlainLabel(label, "small-medium", "text-2"), row, 0)
            style: Literal["mono", "body"] = "mono" if row == 1 else "body"
            self._grid.addWidget(PlainLabel(value, style, elide=Qt.TextElideMode.ElideMiddle), row, 1)

    def show_person_problem(self, field: Literal["name", "email"], problem: Rejected) -> None:
        if field == "name":
            self.name_field.set_error(self.tr("Give your name; it stands beside what you do."))
        elif problem.code:
            self.email_field.set_error(self.tr("Write it like ada@example.org."))

    def show_saved(self) -> None:
        self._facts = None
        self._ctx.toast(self.tr("Name and email saved"))
