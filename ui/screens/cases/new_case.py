"""The form of a new case, for reports that came by phone, by a form or in person."""

from __future__ import annotations

from typing import Any, Final, final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget
from typing_extensions import override

from app.domain.errors import Rejected
from app.presenters.dates import zone_name
from app.presenters.new_case import CHANNELS, NewCase, NewCasePresenter
from app.presenters.new_case import Field as FieldName
from app.presenters.target import case_target
from app.presenters.words_steps import TRACKS
from ui.kit.dialog_frame import Dialog
from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.screens.page import Context
from ui.widgets.banner import Banner
from ui.widgets.button import LinkButton
from ui.widgets.combo import Combo
from ui.widgets.field import Field, LineEdit, TextArea
from ui.widgets.plain_label import PlainLabel

_KEEP_AFTER: Final = 1_000  # milliseconds without a keystroke
_GAP: Final = 12
# Fields of a row stand on one line, however long the words below them are.
_TOP: Final = Qt.AlignmentFlag.AlignTop


@final
class NewCaseDialog(Dialog):
    """What is typed is kept in the store until the case is opened or it is thrown away."""

    def __init__(self, ctx: Context, parent: QWidget) -> None:
        super().__init__(parent, name="newCase", title="", icon="plus")
        self.setWindowTitle(self.tr("Open which case?"))
        self._ctx = ctx
        self._filling = False
        self.presenter = NewCasePresenter(self, ctx.session, ctx.runner, ctx.hub, ctx.tz)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_KEEP_AFTER)
        self._timer.timeout.connect(self._keep)
        self._build_form()
        self.later = self.add_safe(self.tr("Keep for later"))
        self.act = self.add_act(self.tr("Open case"))
        self.finished.connect(self.deleteLater)

    def _build_form(self) -> None:
        self.heading = self.findChild(PlainLabel)
        if self.heading is not None:
            self.heading.setText(self.tr("New case"))
        self.content.setSpacing(_GAP)
        self.restored = QWidget()
        row = QHBoxLayout(self.restored)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(PlainLabel(self.tr("This was kept from the last time."), "small", "text-2"), 1)
        again = named(LinkButton(self.tr("Start over")), "newCase.startOver", self.tr("Start over"))
        again.clicked.connect(self._start_over)
        row.addWidget(again)
        self.restored.hide()
        self.content.addWidget(self.restored)
        self.fields: dict[FieldName, Field[Any]] = {}
        self._add("title", self.tr("Title"), LineEdit(), self.content)
        self.content.addLayout(self._make_choices())
        self.content.addLayout(self._make_reporter())
        self._add("text", self.tr("What was reported"), TextArea(lines=6), self.content)
        self.banner = named(Banner("blocker", "", "", tall=True), "newCase.problem", "")
        self.banner.hide()
        self.content.addWidget(self.banner)

    def _make_choices(self) -> QHBoxLayout:
        channels = {
            "phone": self.tr("Phone"),
            "form": self.tr("Form or in person"),
            "email": self.tr("Email"),
            "hackerone": self.tr("HackerOne"),
            "github": self.tr("GitHub"),
        }
        self.channel = Combo([(channels[key], key) for key in CHANNELS])
        self.track = Combo([(words, key) for key, words in TRACKS.items()])
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        row.addWidget(Field(self.tr("Came by"), self.channel, object_name="newCase.channel"), 2, _TOP)
        row.addWidget(Field(self.tr("Track"), self.track, object_name="newCase.track"), 2, _TOP)
        zone = zone_name(self._ctx.now().astimezone(self._ctx.tz))
        self._add("received", self.tr("Received"), LineEdit(self.tr("now")), row, stretch=3)
        self.fields["received"].set_helper(self.tr("Like 2026-11-24 14:32, in {zone}").format(zone=zone))
        return row

    def _make_reporter(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        self._add("reporter", self.tr("Reporter"), LineEdit(), row)
        self._add("email", self.tr("Email of the reporter"), LineEdit(), row)
        return row

    def _add(
        self, key: FieldName, label: str, control: LineEdit | TextArea, into: QLayout, *, stretch: int = 1
    ) -> None:
        self.fields[key] = Field(label, control, object_name=f"newCase.{key}")
        control.textChanged.connect(self._typed)
        if isinstance(into, QHBoxLayout):
            into.addWidget(self.fields[key], stretch, _TOP)
        else:
            into.addWidget(self.fields[key])

    def start(self) -> None:
        """Show the dialog with what was kept."""
        self.presenter.start()
        self.open()
        self.fields["title"].control.setFocus()

    def form(self) -> NewCase:
        """What stands in the fields."""
        return NewCase(
            title=self._text("title"),
            track=str(self.track.currentData()),
            channel=str(self.channel.currentData()),
            received=self._text("received"),
            reporter=self._text("reporter"),
            email=self._text("email"),
            text=self._text("text"),
        )

    def _text(self, key: FieldName) -> str:
        control = self.fields[key].control
        return control.toPlainText() if isinstance(control, TextArea) else str(control.text())

    def _set_text(self, key: FieldName, text: str) -> None:
        control = self.fields[key].control
        if isinstance(control, TextArea):
            control.setPlainText(text)
        else:
            control.setText(text)

    def _typed(self) -> None:
        if not self._filling:
            self._timer.start()

    def _keep(self) -> None:
        self._timer.stop()
        self.presenter.keep(self.form())

    def _start_over(self) -> None:
        self.presenter.discard()
        self.show_form(NewCase())

    @override
    def accept(self) -> None:
        """Open the case; the dialog goes only when it is there."""
        self._timer.stop()
        for field in self.fields.values():
            field.set_error("")
        self.banner.hide()
        self.presenter.save(self.form())

    @override
    def reject(self) -> None:
        """Keep what is typed; the dialog goes when that is done."""
        self._timer.stop()
        self.presenter.leave(self.form())

    # What the presenter tells.

    def show_form(self, form: NewCase) -> None:
        self._filling = True
        self._set_text("title", form.title)
        self._set_text("received", form.received)
        self._set_text("reporter", form.reporter)
        self._set_text("email", form.email)
        self._set_text("text", form.text)
        self.channel.choose(form.channel)
        self.track.choose(form.track)
        self.restored.setVisible(not form.is_blank)
        self._filling = False

    def show_field_problem(self, field: FieldName, problem: Rejected) -> None:
        first = not any(f.error for f in self.fields.values())
        self.fields[field].set_error(self._words(field, problem))
        if first:
            self.fields[field].control.setFocus()

    def _words(self, field: FieldName, problem: Rejected) -> str:
        if field == "title" and problem.code == "text.empty":
            return self.tr("Give the case a title.")
        if field == "reporter":
            return self.tr("Say who reported it, by name or address.")
        if field == "email":
            return self.tr("Write it like rae@example.org.")
        return error_text(problem).sentence

    def show_problem(self, problem: Exception) -> None:
        text = error_text(problem)
        self.banner.say("blocker", text.headline, text.whole)
        self.banner.show()

    def show_busy(self, *, busy: bool) -> None:
        self.act.setEnabled(not busy)

    def left(self) -> None:
        super().reject()

    def opened(self, ref: str) -> None:
        super().accept()
        self._ctx.navigate(case_target(ref))
