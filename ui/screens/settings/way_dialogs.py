"""The dialogs of the ways in: add, rename, test, change, revoke, and a new store key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import final

from PySide6.QtCore import QDir, QObject, Qt

from app.desk.ports.keys import FromKeychain, PgpKey, Secret, WayInRow
from app.domain.errors import Rejected
from app.domain.recovery_code import recovery_groups
from app.domain.untrusted import safe_line
from app.presenters.ways_in import WaysFacts, WaysInPresenter
from ui.kit.dates import Dates
from ui.kit.dialogs import FileChoice
from ui.kit.new_passphrase import NewPassphrase
from ui.kit.recovery_sheet import SheetFacts
from ui.screens.page import Context
from ui.screens.settings.act_dialog import ActDialog
from ui.screens.settings.folder_field import FolderField
from ui.screens.settings.part import Part
from ui.widgets.combo import Combo
from ui.widgets.field import Field, LineEdit
from ui.widgets.paragraph import Paragraph

_LABEL = 60


@final
class WayDialogs(QObject):
    """Opens one dialog at a time over `home`."""

    def __init__(self, ctx: Context, presenter: WaysInPresenter, home: Part) -> None:
        super().__init__(home)
        self._ctx = ctx
        self._presenter = presenter
        self._home = home
        self._dates = Dates(ctx.tz)

    @property
    def _facts(self) -> WaysFacts:
        facts = self._presenter.facts
        if facts is None:
            raise Rejected("change.nothing")
        return facts

    def add(self, kind: str) -> None:
        """Begin adding a way in of this kind."""
        if self._presenter.facts is None:
            return
        {
            "passphrase": self._add_passphrase,
            "recovery": self.add_recovery,
            "keychain": self._add_keychain,
            "openpgp": self._add_openpgp,
        }[kind]()

    def act(self, verb: str, way: WayInRow) -> None:
        """Begin `test`, `rename`, `change` or `revoke` of a way."""
        if self._presenter.facts is None:
            return
        {"test": self._test, "rename": self._rename, "change": self._change, "revoke": self._revoke}[verb](way)

    def _dialog(
        self, name: str, title: str, act: str, *, body: str = "", risky: bool = False, proves: bool = True
    ) -> ActDialog:
        proofs = self._facts.proofs() if proves else ()
        return ActDialog(self._home, name=name, title=title, act=act, body=body, risky=risky, proofs=proofs)

    def _label(self, dialog: ActDialog, first: str) -> LineEdit:
        edit = LineEdit()
        edit.setMaxLength(_LABEL)
        edit.setText(first)
        helper = self.tr("Stands on the unlock page, for whoever has the store before them: name no case here.")
        dialog.form.addWidget(
            Field(self.tr("What it is called"), edit, helper=helper, object_name=f"{dialog.objectName()}.label")
        )
        edit.textChanged.connect(dialog.judge)
        return edit

    def _add_passphrase(self) -> None:
        dialog = self._dialog(
            "ways.addPassphrase",
            self.tr("Add a passphrase"),
            self.tr("Add passphrase"),
            body=self.tr("For another person who may open this store on this machine or from a backup."),
        )
        label = self._label(dialog, self.tr("Passphrase of a deputy"))
        new = self._new_passphrase(dialog)
        dialog.ready = lambda: new.is_right() and bool(label.text().strip())

        def submit() -> None:
            self._presenter.add_passphrase(
                _proof(dialog), new.text, label.text().strip(), lambda _way: self._added(dialog), dialog.fail
            )

        dialog.submit = submit
        dialog.finished.connect(new.clear)
        dialog.open()
        label.selectAll()
        label.setFocus(Qt.FocusReason.TabFocusReason)

    def _new_passphrase(self, dialog: ActDialog) -> NewPassphrase:
        new = NewPassphrase(dialog.objectName())
        new.know(self._facts.store, self._facts.person, self._facts.email)
        new.changed.connect(dialog.judge)
        new.again.edit.editingFinished.connect(new.complain)
        dialog.form.addWidget(new)
        return new

    def add_recovery(self) -> None:
        """A new code on a sheet."""
        dialog = self._dialog(
            "ways.addRecovery",
            self.tr("Make a recovery code"),
            self.tr("Show the code"),
            body=self.tr(
                "The code is shown once, on a sheet to print, and opens the store only after you typed it back. "
                "Have the printer or paper at hand, and nobody behind you."
            ),
        )
        label = self._label(dialog, self.tr("Recovery code"))
        dialog.ready = lambda: bool(label.text().strip())
        facts = self._facts

        def made(code: str) -> None:
            from ui.screens.settings.recovery_dialog import RecoveryDialog

            name = label.text().strip()
            dialog.succeed()
            made_on = self._dates.day(self._ctx.now(), self._ctx.now(), year=True)
            sheet = SheetFacts(facts.store, name, made_on, recovery_groups(code))
            RecoveryDialog(self._ctx, self._presenter, self._home, sheet).open()

        dialog.submit = lambda: self._presenter.add_recovery(_proof(dialog), label.text().strip(), made, dialog.fail)
        dialog.open()
        _focus(dialog)

    def _add_keychain(self) -> None:
        keychain = safe_line(self._facts.keychain, 60)
        dialog = self._dialog(
            "ways.addKeychain",
            self.tr("Open this store with the keychain?"),
            self.tr("Use keychain"),
            body=self.tr(
                "{keychain} keeps a key to this store from now on. Then whoever can use your account on this machine "
                "can open the store without a passphrase. It never is the only way in."
            ).format(keychain=keychain),
            risky=True,
        )
        label = self._label(dialog, keychain)
        dialog.ready = lambda: bool(label.text().strip())
        dialog.submit = lambda: self._presenter.add_keychain(
            _proof(dialog), label.text().strip(), lambda _way: self._added(dialog), dialog.fail
        )
        dialog.open()
        _focus(dialog)

    def _add_openpgp(self) -> None:
        dialog = self._dialog(
            "ways.addOpenPgp",
            self.tr("Open this store with an OpenPGP key"),
            self.tr("Add key"),
            body=self.tr("Its secret part may lie on this machine or on a smartcard. Nothing is sent anywhere."),
        )
        keys = Combo([(self.tr("Looking for keys"), "")])
        dialog.form.addWidget(Field(self.tr("Key"), keys, object_name=f"{dialog.objectName()}.key"))
        label = self._label(dialog, self.tr("OpenPGP key"))
        keys.currentIndexChanged.connect(dialog.judge)
        dialog.ready = lambda: bool(keys.currentData()) and bool(label.text().strip())
        dialog.submit = lambda: self._presenter.add_openpgp(
            _proof(dialog), str(keys.currentData()), label.text().strip(), lambda _way: self._added(dialog), dialog.fail
        )

        def found(there: tuple[PgpKey, ...]) -> None:
            keys.clear()
            for key in there:
                if key.can_encrypt:
                    keys.addItem(self._key_words(key), key.fingerprint)
            if not keys.count():
                keys.addItem(self.tr("No key here can be used"), "")
                dialog.say(self.tr("Neither this machine nor a card in it holds the secret part of an OpenPGP key."))
            dialog.judge()

        dialog.open()
        _focus(dialog)
        self._presenter.pgp_keys(found, dialog.fail)

    def _key_words(self, key: PgpKey) -> str:
        short = f"…{key.fingerprint[-8:-4]} {key.fingerprint[-4:]}"
        where = self.tr("on a card") if key.is_card else self.tr("on this machine")
        return f"{safe_line(key.name, 48)}  {short}, {where}"

    def _added(self, dialog: ActDialog) -> None:
        dialog.succeed()
        self._ctx.toast(self.tr("Way in added"))

    def _rename(self, way: WayInRow) -> None:
        dialog = self._dialog("ways.rename", self.tr("Rename this way in"), self.tr("Rename"), proves=False)
        label = self._label(dialog, way.label)
        dialog.ready = lambda: bool(label.text().strip()) and label.text().strip() != way.label
        dialog.submit = lambda: self._presenter.rename(
            way.id, label.text().strip(), lambda _nothing: dialog.succeed(), dialog.fail
        )
        dialog.open()
        label.selectAll()
        label.setFocus(Qt.FocusReason.TabFocusReason)

    def _test(self, way: WayInRow) -> None:
        if way.kind == "keychain":
            self._presenter.test(way.id, FromKeychain(), self._tell_test, self._home.show_problem)
            return
        dialog = ActDialog(
            self._home,
            name="ways.test",
            title=self.tr("Does it still open the store?"),
            act=self.tr("Test"),
            body=self.tr("Tries this way in and changes nothing."),
            proofs=(way.kind,),
        )

        def told(opens: bool) -> None:
            if opens:
                dialog.succeed()
                self._tell_test(opens)
            else:
                dialog.fail(Rejected("store.wrong-passphrase"))

        dialog.submit = lambda: self._presenter.test(way.id, _proof(dialog), told, dialog.fail)
        dialog.open()
        _focus(dialog)

    def _tell_test(self, opens: bool) -> None:
        self._ctx.toast(self.tr("It opens the store") if opens else self.tr("It does not open the store"))

    def _change(self, way: WayInRow) -> None:
        dialog = ActDialog(
            self._home,
            name="ways.change",
            title=self.tr("Change this passphrase"),
            act=self.tr("Change passphrase"),
            body=self.tr(
                "From now on the store opens with the new one. A backup made before opens with the one it had then."
            ),
            proofs=("passphrase",),
            proof_label=self.tr("The passphrase as it is now"),
            proof_first=True,
        )
        new = self._new_passphrase(dialog)
        dialog.ready = new.is_right
        dialog.submit = lambda: self._presenter.change_passphrase(
            way.id, _proof(dialog), new.text, lambda _nothing: self._changed(dialog), dialog.fail
        )
        dialog.finished.connect(new.clear)
        dialog.open()
        _focus(dialog)

    def _changed(self, dialog: ActDialog) -> None:
        dialog.succeed()
        self._ctx.toast(self.tr("Passphrase changed"))

    def _revoke(self, way: WayInRow) -> None:
        label = safe_line(way.label, 60)
        dialog = self._dialog(
            "ways.revoke",
            self.tr("Revoke “{label}”?").format(label=label),
            self.tr("Revoke"),
            body=self.tr(
                "It opens this store no longer. Backups made before still open with it, and whoever kept a copy of the "
                "store can still read that copy: replace the store key as well if that may be so."
            ),
            risky=True,
        )

        def done(_nothing: None) -> None:
            dialog.succeed()
            self._ctx.toast(self.tr("Way in revoked"))

        dialog.submit = lambda: self._presenter.revoke(_proof(dialog), way.id, done, dialog.fail)
        dialog.open()
        _focus(dialog)

    def rekey(self) -> None:
        """Replace the store key, after a verified backup."""
        dialog = self._dialog(
            "ways.rekey",
            self.tr("Replace the store key?"),
            self.tr("Replace key"),
            body=self.tr(
                "First a backup is made and verified. Then everything is encrypted anew under a new key, and every way "
                "in opens that one. It can be stopped until the backup is verified; after that it is finished, even "
                "when the machine stops in between. Backups made before keep the old key."
            ),
            risky=True,
        )
        first = self._facts.backup_folder or QDir.homePath()
        folder = FolderField(
            "ways.rekey.folder", self.tr("Folder for the backup"), first, lambda then: self._choose(first, then)
        )
        dialog.form.addWidget(folder)
        folder.changed.connect(dialog.judge)
        dialog.ready = lambda: bool(folder.folder)
        dialog.form.addWidget(
            Paragraph(self.tr("Keep enough room on the disk for a second copy of the store."), "small", "text-2")
        )

        def progress(done: int, of: int) -> None:
            dialog.show_progress(self.tr("Replacing the store key"), done, of)

        def done(whole: bool) -> None:
            dialog.stop = None
            if whole:
                dialog.succeed()
                self._ctx.toast(self.tr("The store has a new key"))
            else:
                dialog.set_busy(busy=False)
                dialog.say(self.tr("Stopped. The store has the key it had; a backup that was finished is kept."))

        def failed(problem: Exception) -> None:
            dialog.stop = None
            dialog.fail(problem)

        def submit() -> None:
            dialog.stop = self._presenter.rekey(_proof(dialog), Path(folder.folder), done, failed, progress)
            if dialog.is_busy:
                dialog.set_busy(busy=True)
                progress(0, 0)

        dialog.submit = submit
        dialog.open()
        _focus(dialog)

    def _choose(self, start: str, then: Callable[[Path], None]) -> None:
        choice = FileChoice(name="ways.chooser", title=self.tr("Where shall the backup lie?"), start=Path(start))
        self._ctx.interaction.open_folder(choice, then)


def _proof(dialog: ActDialog) -> Secret:
    """What was given to prove who sits there; the button waits for it."""
    given = dialog.proof.secret_given() if dialog.proof is not None else None
    return given if given is not None else ""


def _focus(dialog: ActDialog) -> None:
    if dialog.proof is not None:
        dialog.proof.focus()
