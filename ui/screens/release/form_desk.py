"""Between the forms and the release: judges what is typed by the real rules, carries it out, keeps drafts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, final

import msgspec
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.domain.errors import AppError
from app.presenters.case_forms import Values
from app.presenters.release import ReleasePresenter
from app.presenters.release_forms import MOMENTS, command_of, first_values
from app.presenters.release_postponement import moved_by
from app.presenters.release_sheet import SheetStep
from ui.kit.clipboard import clipboard
from ui.kit.dates import Dates
from ui.kit.error_text import error_text
from ui.screens.case.form import Form
from ui.screens.case.form_dialog import FormDialog, storable
from ui.screens.page import Context
from ui.screens.release.forms import form_of
from ui.screens.release.instants import instant_helper
from ui.screens.release.moves_panel import MovesPanel

translate = QCoreApplication.translate

_DRAFT: Final = "form."


@final
class ReleaseForms:
    """Opens forms for one release page. One form is open at a time."""

    def __init__(self, ctx: Context, page: ReleasePresenter, parent: QWidget) -> None:
        self._ctx = ctx
        self._page = page
        self._parent = parent
        self._dates = Dates(ctx.tz)
        self._dialog: FormDialog | None = None
        self._moves: MovesPanel | None = None
        self._field = ""

    def open(self, verb: str, *, step: SheetStep | None = None, values: Values | None = None) -> None:
        """Open the form of a verb; `values` are set over the first ones."""
        facts = self._page.facts
        form = form_of(verb, facts, self._page.now(), step) if facts else None
        if facts is None or form is None or self._is_open():
            return
        first = {**first_values(verb, facts, step, self._ctx.tz), **(values or {})}
        about = str(first.get("destination") or first.get("case") or "")
        self._field = f"{_DRAFT}{verb}.{about}" if about else f"{_DRAFT}{verb}"
        self._page.fetch_draft(self._field, lambda draft: self._open(form, {**first, **_read(draft)}))

    def keep_unsaved(self) -> None:
        """Keep what stands in an open form, as when the store locks."""
        if self._dialog is not None and self._is_open():
            self._dialog.keep_typed()

    def close(self) -> None:
        """Put an open form away."""
        if self._dialog is not None and self._is_open():
            self._dialog.reject()

    # ------------------------------------------------------------------------------ what a form asks
    def judge(self, form: Form, values: Values) -> AppError | None:
        """The refusal of the rules, or of what was typed, or None."""
        self._show_moves(values)
        try:
            command = command_of(form.verb, values, self._ctx.tz, self._page.now())
        except AppError as problem:
            return problem
        return self._page.would_refuse(command)

    def explain(self, key: str, values: Values) -> str:
        """The instant that a text means."""
        if key not in MOMENTS:
            return ""
        empty = translate("release", "Empty means now.") if key == "at" else ""
        return instant_helper(str(values.get(key, "")), self._dates, self._page.now(), empty=empty)

    def error_text(self, problem: Exception) -> str:
        """An error in words."""
        return error_text(problem).whole

    def submit(self, form: Form, values: Values, done: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        """Carry it out."""
        try:
            command = command_of(form.verb, values, self._ctx.tz, self._page.now())
        except AppError as problem:
            failed(problem)
            return
        self._page.perform(command, done, failed)

    def keep(self, form: Form, values: Values | None) -> None:
        """Keep what was typed, in the store."""
        del form
        kept = storable(values) if values is not None else None
        self._page.keep_draft(self._field, msgspec.json.encode(kept).decode() if kept else None)

    def copy(self, text: str) -> None:
        clipboard().copy(text)

    def choose_file(self, form: Form, then: Callable[[Path], None]) -> None:
        """No form of a release asks for a file."""

    # ------------------------------------------------------------------------------------------- inside
    def _open(self, form: Form, values: Values) -> None:
        if self._is_open() or not isValid(self._parent):
            return
        self._moves = MovesPanel(self._dates) if form.verb == "postpone" else None
        self._dialog = FormDialog(self._parent.window(), form, values, self)
        if self._moves is not None:
            self._dialog.content.addWidget(self._moves, 1)
        self._dialog.finished.connect(self._dialog.deleteLater)
        self._dialog.open()

    def _show_moves(self, values: Values) -> None:
        panel, facts = self._moves, self._page.facts
        if panel is None or facts is None or not isValid(panel):
            return
        # The new target alone is enough to show what it moves; the reason may come later.
        told = {**values, "reason": str(values.get("reason", "")).strip() or "…"}
        now = self._page.now()
        try:
            decided = self._page.would_decide(command_of("postpone", told, self._ctx.tz, now))
        except AppError:
            panel.tell(None, now)
            return
        panel.tell(moved_by(facts, decided, now, self._page.session.me), now)

    def _is_open(self) -> bool:
        return self._dialog is not None and isValid(self._dialog) and self._dialog.isVisible()


def _read(draft: str | None) -> Values:
    if not draft:
        return {}
    try:
        kept = msgspec.json.decode(draft.encode())
    except msgspec.DecodeError:
        return {}
    return kept if isinstance(kept, dict) else {}
