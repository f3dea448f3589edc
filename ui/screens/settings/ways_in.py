"""Settings, ways in: who can open the store with what, and the store key itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget
from typing_extensions import override

from app.desk.ports.keys import WayInRow
from app.presenters.target import Target
from app.presenters.ways_in import WaysFacts, WaysInPresenter
from ui.kit.dates import Dates
from ui.kit.icons import icon
from ui.kit.names import named
from ui.screens.page import Context
from ui.screens.settings.part import Part
from ui.screens.settings.way_dialogs import WayDialogs
from ui.screens.settings.way_row import ICONS, WayRow
from ui.widgets.banner import Banner
from ui.widgets.button import Button, LinkButton, button
from ui.widgets.card import Card
from ui.widgets.lines import HLine
from ui.widgets.paragraph import Paragraph


@final
class WaysInSettings(Part):
    """Lists the ways in; every act asks for a secret first."""

    def __init__(self, ctx: Context) -> None:
        super().__init__("ways-in")
        self._ctx = ctx
        self._dates = Dates(ctx.tz)
        self.presenter = WaysInPresenter(self, ctx.session, ctx.runner, ctx.hub)
        self.dialogs = WayDialogs(ctx, self.presenter, self)
        self.advice = named(Banner("warning", "", "", tall=True), "ways.advice", "")
        self.recovery = button(
            self.tr("Make a recovery code…"), "primary", "ways.makeRecovery", self.dialogs.add_recovery
        )
        self.advice.add_action(self.recovery)
        self.advice.hide()
        self.column.addWidget(self.advice)
        self.column.addWidget(self._make_list())
        self.column.addWidget(self._make_key())
        self.column.addWidget(self._make_words())
        self.column.addStretch(1)

    def _make_list(self) -> Card:
        card = Card(self.tr("What opens this store"), flush=True)
        self.add = named(
            Button(self.tr("Add a way in"), "secondary", icon="plus", trailing="chevron-down", size="row"),
            "ways.add",
            self.tr("Add a way in"),
        )
        self.add.clicked.connect(self._show_menu)
        card.add_action(self.add)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        card.body.addLayout(self._list)
        self._card = card
        return card

    def _make_key(self) -> Card:
        card = Card(self.tr("Store key"))
        words = self.tr(
            "Everything in the store is encrypted with one random key, and each way in opens that key. Replace it when "
            "a copy of the store may be with somebody whose way in you revoked."
        )
        card.body.addWidget(Paragraph(words, "small", "text-2"))
        row = QHBoxLayout()
        row.addWidget(button(self.tr("Replace store key…"), "danger", "ways.rekey.open", self.dialogs.rekey))
        row.addStretch(1)
        card.body.addLayout(row)
        self._key = card
        return card

    def _make_words(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        link = named(
            LinkButton(self.tr("How the ways in differ, and which to have"), icon="help"),
            "ways.help",
            self.tr("How the ways in differ, and which to have"),
        )
        link.clicked.connect(lambda: self._ctx.navigate(Target(page="help", tab="ways-in")))
        row.addWidget(link)
        row.addStretch(1)
        return holder

    @override
    def start(self) -> None:
        self.presenter.start()

    @override
    def begin(self) -> None:
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def minute(self) -> None:
        facts = self.presenter.facts
        if facts is not None:
            self.show_ways(facts)

    @override
    def end(self) -> None:
        self.presenter.close()
        self._clear()

    # What the presenter tells.

    def show_ways(self, facts: WaysFacts) -> None:
        focus: QWidget | None = self.focusWidget()
        kept = focus.objectName() if focus is not None else ""
        self._clear()
        for number, way in enumerate(facts.ways):
            if number:
                self._list.addWidget(HLine(self))
            self._list.addWidget(WayRow(way, self._about(way), self.dialogs.act))
        found = self.findChild(QWidget, kept) if kept.startswith(("ways.test.", "ways.more.")) else None
        if found is not None:
            found.setFocus()
        one, many = self.tr("one way in"), self.tr("{n} ways in").format(n=len(facts.ways))
        self._card.set_note(one if len(facts.ways) == 1 else many)
        self._key.set_note(self.tr("key {number} of this store").format(number=facts.epoch))
        self._show_advice(facts)

    def _show_advice(self, facts: WaysFacts) -> None:
        if facts.advice == "only-openpgp":
            words = self.tr("If the key or the card is lost, every case is lost. Add a passphrase or a recovery code.")
            self.advice.say("warning", self.tr("Only an OpenPGP key opens this store"), words)
        elif facts.advice:
            words = self.tr("Whoever forgets the passphrase loses every case. A code on paper in a safe prevents that.")
            self.advice.say("warning", self.tr("There is no recovery code"), words)
        self.advice.setVisible(bool(facts.advice))

    def _about(self, way: WayInRow) -> str:
        now = self._ctx.now()
        kinds = {
            "passphrase": self.tr("Passphrase"),
            "recovery": self.tr("Recovery code, on paper"),
            "keychain": self.tr("Keychain of this machine"),
            "openpgp": self.tr("OpenPGP key …{end}").format(end=f"{way.fingerprint[-8:-4]} {way.fingerprint[-4:]}"),
        }
        parts = [kinds.get(way.kind, self.tr("Made by a later version; revoke it there"))]
        if way.since is not None:
            parts.append(self.tr("since {day}").format(day=self._dates.day(way.since, now, year=True)))
        tested = self.presenter.tested(way.id)
        if tested is not None:
            parts.append(self._tested_words(tested, now))
        return "  ·  ".join(parts)

    def _tested_words(self, tested: datetime, now: datetime) -> str:
        return self.tr("tested {time}").format(time=self._dates.since(tested, now, parts=1))

    def _clear(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()

    def _show_menu(self) -> None:
        facts = self.presenter.facts
        if facts is None:
            return
        menu = QMenu(self)
        menu.setObjectName("ways.addMenu")
        words = {
            "passphrase": self.tr("Passphrase…"),
            "recovery": self.tr("Recovery code…"),
            "openpgp": self.tr("OpenPGP key or smartcard…"),
            "keychain": self.tr("Keychain of this machine…"),
        }
        for kind, text in words.items():
            entry = menu.addAction(icon(ICONS[kind]), text, self._adder(kind))
            entry.setObjectName(f"ways.add.{kind}")
            if kind == "keychain" and not facts.keychain:
                entry.setText(self.tr("Keychain: this machine has none that may be used"))
                entry.setEnabled(False)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))

    def _adder(self, kind: str) -> Callable[[], None]:
        return lambda: self.dialogs.add(kind)
