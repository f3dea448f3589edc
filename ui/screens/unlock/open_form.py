"""The form that opens a store: its name and folder, what opens it, and the other doors below."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.presenters.unlock import Again, Busy, OutsideWay
from ui.kit.folders import short_folder
from ui.kit.icons import icon
from ui.kit.names import named
from ui.widgets.button import Button, LinkButton, button
from ui.widgets.check_box import CheckBox
from ui.widgets.icon_label import IconLabel
from ui.widgets.plain_label import PlainLabel
from ui.widgets.secret_field import SecretField

if TYPE_CHECKING:
    from ui.screens.unlock.other_ways import OtherWays
    from ui.widgets.banner import Banner
    from ui.widgets.code_edit import CodeEdit
    from ui.widgets.progress_row import ProgressRow

_MIDDLE: Final = Qt.TextElideMode.ElideMiddle


@final
class OpenForm(QWidget):
    """Says what the person wants through its signals; the page knows what that means."""

    unlockWanted = Signal(object)
    folderWanted = Signal()
    newWanted = Signal()
    demoWanted = Signal()
    againWanted = Signal(str)
    cancelWanted = Signal()
    rememberChanged = Signal(bool)

    def __init__(self, *, remembers: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._busy: Busy = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_head())
        column.addSpacing(40)
        column.addWidget(self._make_entry(remembers=remembers))
        column.addWidget(self._make_first())
        column.addSpacing(20)
        # Banner and progress stand here once there is something to tell; the first page shows sooner without.
        self.ways: OtherWays | None = None
        self.code: CodeEdit | None = None
        self.banner: Banner | None = None
        self.damage: QWidget | None = None
        self.progress: ProgressRow | None = None
        self._news = QVBoxLayout()
        column.addLayout(self._news)
        column.addSpacing(12)
        column.addLayout(self._make_fact())
        self.links = self._make_links()

    def _make_head(self) -> QVBoxLayout:
        self.store = PlainLabel("", "display", elide=_MIDDLE)
        self.store.setObjectName("unlock.store")
        self.folder = PlainLabel("", "mono", "text-2", elide=_MIDDLE)
        self.folder.setObjectName("unlock.folder")
        self.change = named(
            Button(self.tr("Change store"), "ghost", trailing="chevron-down"),
            "unlock.changeStore",
            self.tr("Change store"),
        )
        self.change.clicked.connect(self._show_menu)
        row = QHBoxLayout()
        row.addWidget(self.store, 1)
        row.addWidget(self.change, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.folder)
        return column

    def _show_menu(self) -> None:
        from PySide6.QtWidgets import QMenu

        menu = QMenu(self)
        menu.setObjectName("unlock.storeMenu")
        menu.addAction(icon("cases"), self.tr("Open another store…"), self.folderWanted.emit)
        menu.addAction(icon("plus"), self.tr("New store…"), self.newWanted.emit)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.change.mapToGlobal(self.change.rect().bottomLeft()))

    def _make_entry(self, *, remembers: bool) -> QWidget:
        self.entry = QWidget()
        column = QVBoxLayout(self.entry)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.label = PlainLabel(self.tr("Passphrase"), "small-medium", "text-2")
        self.secret = SecretField(size="large", hint=self.tr("Opening takes about a second, on purpose."))
        self.secret.name("unlock.passphrase", self.tr("Passphrase"))
        self.label.setBuddy(self.secret)
        self.secret.returnPressed.connect(self._unlock)
        self.secret.textChanged.connect(self._typed)
        self.unlock = named(
            Button(self.tr("Unlock"), "primary", size="large", trailing="enter"),
            "unlock.unlock",
            self.tr("Unlock"),
        )
        self.unlock.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.unlock.clicked.connect(self._unlock)
        self.remember = named(
            CheckBox(self.tr("Remember this store on this device")),
            "unlock.remember",
            self.tr("Remember this store on this device"),
        )
        self.remember.setChecked(remembers)
        self.remember.toggled.connect(self.rememberChanged)
        column.addWidget(self.label)
        column.addWidget(self.secret)
        self._entry_column = column
        column.addSpacing(6)
        column.addWidget(self.unlock)
        column.addSpacing(8)
        column.addWidget(self.remember)
        return self.entry

    def _make_first(self) -> QWidget:
        """What stands in place of the passphrase while no store is chosen."""
        self.first = QWidget()
        row = QHBoxLayout(self.first)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(button(self.tr("New store"), "primary", "unlock.firstNew", self.newWanted.emit, size="large"))
        row.addWidget(
            button(
                self.tr("Open a store…"),
                "secondary",
                "unlock.firstOpen",
                self.folderWanted.emit,
                size="large",
            )
        )
        row.addStretch(1)
        return self.first

    def _make_fact(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(IconLabel("offline", "text-2", 16))
        row.addWidget(PlainLabel(self.tr("Nothing leaves this computer. No network is used."), "small", "text-2"), 1)
        return row

    def _make_links(self) -> QWidget:
        """The doors at the foot of the page, which lays them out."""
        links = QWidget()
        row = QHBoxLayout(links)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        self.new_link = named(LinkButton(self.tr("New store")), "unlock.new", self.tr("New store"))
        self.new_link.clicked.connect(self.newWanted.emit)
        self.restore_link = named(
            LinkButton(self.tr("Restore a backup")), "unlock.restore", self.tr("Restore a backup")
        )
        self.restore_link.clicked.connect(lambda: self.againWanted.emit("restore"))
        self.demo_link = named(
            LinkButton(self.tr("Try with made-up cases")), "unlock.demo", self.tr("Try with made-up cases")
        )
        self.demo_link.clicked.connect(self.demoWanted.emit)
        row.addWidget(self.new_link)
        row.addWidget(self.restore_link)
        row.addWidget(self.demo_link)
        row.addStretch(1)
        return links

    def show_store(self, name: str, folder: str) -> None:
        """Name the store to open, or ask for one."""
        chosen = bool(folder)
        self.store.setText(name if chosen else self.tr("No store is chosen"))
        self.folder.setText(
            short_folder(folder) if chosen else self.tr("A store is an encrypted folder that holds every case.")
        )
        self.folder.set_style("mono" if chosen else "small", "text-2")
        self.change.setVisible(chosen)
        self.entry.setVisible(chosen)
        self.first.setVisible(not chosen)
        self.new_link.setVisible(chosen)
        self.secret.clear()
        self.hide_problem()

    def show_busy(self, what: Busy) -> None:
        """Say what takes a moment; everything else waits."""
        self._busy = what
        for control in (self.secret, self.unlock, self.change, self.remember, self.first, self.ways, self.code):
            if control is not None:
                control.setEnabled(not what)
        self.new_link.setEnabled(not what)
        self.restore_link.setEnabled(not what)
        self.demo_link.setEnabled(not what)
        self.unlock.setText(self.tr("Opening") if what == "opening" else self.tr("Unlock"))
        if what == "demo":
            self.show_progress(0, 0)
        elif self.progress is not None:
            self.progress.hide()
        if what:
            self.hide_problem()

    def show_progress(self, done: int, of: int) -> None:
        words = self.tr("Making a store with made-up cases")
        if of:
            words = self.tr("Making a store with made-up cases: {done} of {of}").format(done=done, of=of)
        if self.progress is None:
            from ui.widgets.progress_row import ProgressRow

            self.progress = ProgressRow("unlock.progress", self.tr("Cancel"), self.cancelWanted.emit)
            self._news.addWidget(self.progress)
        self.progress.tell(words, done, of)
        self.progress.show()

    def show_problem(self, word: str, sentence: str) -> None:
        if self.banner is None:
            from ui.widgets.banner import Banner

            self.banner = Banner("blocker", "", "", tall=True)
            self.banner.setObjectName("unlock.problem")
            self._news.addWidget(self.banner)
        self.banner.say("blocker", word, sentence)
        self.banner.show()

    def show_damage(self, word: str, sentence: str) -> None:
        """What no other secret mends: below the words, what can be done about it."""
        self.show_problem(word, sentence)
        if self.ways is not None:
            # None of them opens it either, and the acts below take their room.
            self.ways.hide()
        if self.damage is None:
            self.damage = QWidget()
            row = QHBoxLayout(self.damage)
            row.setContentsMargins(0, 8, 0, 0)
            row.setSpacing(8)
            acts: tuple[tuple[Again, str], ...] = (
                ("restore", self.tr("Restore a backup…")),
                ("rescue", self.tr("Rescue what can be read…")),
            )
            for how, words in acts:
                row.addWidget(button(words, "secondary", f"unlock.damage.{how}", self._wanter(how)))
            row.addStretch(1)
            self._news.addWidget(self.damage)
        self.damage.show()

    def _wanter(self, how: Again) -> Callable[[], None]:
        return lambda: self.againWanted.emit(how)

    def hide_problem(self) -> None:
        for part in (self.banner, self.damage):
            if part is not None:
                part.hide()
        if self.ways is not None:
            self.ways.setVisible(self.ways.has_rows)

    def show_ways(self, ways: tuple[OutsideWay, ...]) -> None:
        """The ways in beside the passphrase."""
        if self.ways is None and ways:
            from ui.screens.unlock.other_ways import OtherWays

            self.ways = OtherWays()
            self.ways.wanted.connect(self._take_way)
            self._entry_column.addSpacing(8)
            self._entry_column.addWidget(self.ways)
        if self.ways is not None:
            self.ways.show_ways(ways)
        self._ask_code(on=False)

    def _take_way(self, kind: str) -> None:
        from app.desk.ports.keys import FromKeychain, FromOpenPgp

        if kind == "recovery":
            self._ask_code(on=True)
        elif not self._busy:
            self.unlockWanted.emit(FromOpenPgp() if kind == "openpgp" else FromKeychain())

    def _ask_code(self, *, on: bool) -> None:
        """Ask for the recovery code in the place of the passphrase, or for the passphrase again."""
        if self.code is None:
            if not on:
                return
            from ui.widgets.code_edit import CodeEdit

            self.code = named(CodeEdit(), "unlock.code", self.tr("Recovery code"))
            self.code.setProperty("room", "large")
            self.code.returnPressed.connect(self._unlock)
            self.code.textChanged.connect(self._typed)
            self._entry_column.insertWidget(2, self.code)
            words = self.tr("Use the passphrase")
            self.no_code = named(LinkButton(words), "unlock.noCode", words)
            self.no_code.clicked.connect(lambda: self._ask_code(on=False))
            self._entry_column.insertWidget(3, self.no_code, 0, Qt.AlignmentFlag.AlignLeft)
        self.code.clear()
        self.secret.clear()
        self.code.setVisible(on)
        self.no_code.setVisible(on)
        self.secret.setVisible(not on)
        self.label.setText(self.tr("Recovery code") if on else self.tr("Passphrase"))
        self.label.setBuddy(self.code if on else self.secret)
        self.hide_problem()
        self.focus()

    @property
    def asks_code(self) -> bool:
        """Whether the recovery code is asked for."""
        return self.code is not None and not self.code.isHidden()

    def clear_secrets(self) -> None:
        """Empty every field that a secret may stand in."""
        self.secret.clear()
        if self.code is not None:
            self._ask_code(on=False)

    def focus(self) -> None:
        """Put the keyboard where work begins."""
        entry = self.code if self.asks_code else self.secret
        target = entry if self.entry.isVisibleTo(self) else self.findChild(Button, "unlock.firstNew")
        if target is not None:
            target.setFocus()

    def _unlock(self) -> None:
        if self._busy:
            return
        if self.asks_code and self.code is not None:
            from app.desk.ports.keys import RecoveryCode

            typed = self.code.text()
            self.unlockWanted.emit(RecoveryCode(typed) if typed.strip() else "")
        else:
            self.unlockWanted.emit(self.secret.text())

    def _typed(self) -> None:
        if self.secret.text() or (self.code is not None and self.code.text()):
            self.hide_problem()
