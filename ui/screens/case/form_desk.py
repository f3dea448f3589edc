"""Between the forms and the case: judges what is typed by the real rules, carries it out, keeps drafts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, final

import msgspec
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.domain.errors import AppError, Rejected
from app.domain.severity import rating_of, score_vector
from app.domain.values import Blob
from app.presenters.case import CasePresenter
from app.presenters.case_forms import MOMENTS, Asked, Values, command_of, first_values
from app.presenters.case_letters import cve_request
from app.presenters.case_moments import parse_moment
from ui.kit.clipboard import clipboard
from ui.kit.dates import Dates
from ui.kit.dialogs import FileChoice
from ui.kit.error_text import error_text
from ui.screens.case import words
from ui.screens.case.form import Form
from ui.screens.case.form_dialog import FormDialog, storable
from ui.screens.case.forms import form_of
from ui.screens.case.forms_technical import fix_form
from ui.screens.page import Context

translate = QCoreApplication.translate

_DRAFT: Final = "form."
_ADD_LINES: Final = "add-lines"

Submit = Callable[[Values, Callable[[], None], Callable[[Exception], None]], None]


@final
class FormDesk:
    """Opens forms for one case page. One form is open at a time."""

    def __init__(self, ctx: Context, page: CasePresenter, parent: QWidget) -> None:
        self._ctx = ctx
        self._page = page
        self._parent = parent
        self._dates = Dates(ctx.tz)
        self._dialog: FormDialog | None = None
        self._line: tuple[str, str] = ("", "")
        self._fixed: Values = {}
        self._add_lines: Callable[[str, str, str], None] | None = None
        self._after: Callable[[], None] | None = None

    def on_add_lines(self, act: Callable[[str, str, str], None]) -> None:
        """What adding lines does: product, names, status."""
        self._add_lines = act

    def open(
        self,
        verb: str,
        *,
        line: tuple[str, str] = ("", ""),
        values: Values | None = None,
        then: Callable[[], None] | None = None,
    ) -> None:
        """Open the form of a verb; `line` is (product, line), `values` are set over the first ones."""
        facts = self._page.facts
        if verb == "hold-fix":
            product, name = line
            form = fix_form(f"{product} {name}".strip())
            self.show(form, line=line, values=values, fixed={"product": product, "line": name}, then=then)
            return
        made = form_of(verb, facts) if facts else None
        if made is not None:
            self.show(made, line=line, values=values, then=then)

    def show(
        self,
        form: Form,
        *,
        line: tuple[str, str] = ("", ""),
        values: Values | None = None,
        fixed: Values | None = None,
        then: Callable[[], None] | None = None,
    ) -> None:
        """Show a form; `fixed` are values of the command that have no field."""
        if self._is_busy():
            return
        self._line, self._fixed, self._after = line, fixed or {}, then

        def begin(draft: str | None) -> None:
            facts = self._page.facts
            if facts is None or self._is_busy():
                return
            me = self._page.session.me
            asked = Asked(me=me.name, me_id=me.id, now=self._page.now(), tz=self._ctx.tz, line=line)
            first = {**first_values(form.verb, facts, asked), **self._facts(form), **(values or {})}
            self._open(form, {**first, **_read(draft)})

        self._page.fetch_draft(self._field(form), begin)

    def keep_unsaved(self) -> None:
        """Keep what stands in an open form, as when the store locks."""
        if self._dialog is not None and isValid(self._dialog):
            self._dialog.keep_typed()

    def close(self) -> None:
        """Put an open form away."""
        if self._dialog is not None and isValid(self._dialog):
            self._dialog.put_away()

    # -------------------------------------------------------------------------------- what a form asks
    def judge(self, form: Form, values: Values) -> AppError | None:
        """The refusal of the rules, or of what was typed, or None."""
        if form.verb == _ADD_LINES:
            return None if str(values["lines"]).split() else Rejected("text.empty", needs="lines", field="lines")
        try:
            command = command_of(form.verb, _as_stored(self._complete(values)), self._ctx.tz, self._page.now())
        except AppError as problem:
            return problem
        return self._page.would_refuse(command)

    def explain(self, key: str, values: Values) -> str:
        """The instant that a text means; the score that a vector gives; what an early mail needs."""
        text = str(values.get(key, ""))
        if key in MOMENTS:
            return self._instant(key, text)
        if key == "vector" and text.strip():
            try:
                score = score_vector(text)
            except Rejected:
                return ""
            return translate("case", "Score {score}: {rating}").format(
                score=f"{score:.1f}", rating=words.rating(rating_of(score))
            )
        return ""

    def error_text(self, problem: Exception) -> str:
        """An error in words."""
        return error_text(problem).whole

    def submit(self, form: Form, values: Values, done: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        """Store a chosen file first, then carry the command out."""

        def finished() -> None:
            done()
            if self._after is not None:
                self._after()

        if form.verb == _ADD_LINES and self._add_lines is not None:
            try:
                self._add_lines(str(values["product"]), str(values["lines"]), str(values["status"]))
            except Rejected as problem:
                failed(problem)
                return
            finished()
            return
        now, complete = self._page.now(), self._complete(values)
        chosen = {key: value for key, value in complete.items() if isinstance(value, Path)}
        if not chosen:
            self._page.perform(command_of(form.verb, complete, self._ctx.tz, now), finished, failed)
            return
        key, path = next(iter(chosen.items()))
        self._page.perform_with_file(
            path, lambda blob: command_of(form.verb, {**complete, key: blob}, self._ctx.tz, now), finished, failed
        )

    def keep(self, form: Form, values: Values | None) -> None:
        """Keep what was typed, in the store."""
        if not form.keeps:
            return
        kept = storable(values) if values is not None else None
        self._page.keep_draft(self._field(form), msgspec.json.encode(kept).decode() if kept else None)

    def copy(self, text: str) -> None:
        clipboard().copy(text)
        self._ctx.toast(translate("case", "Text copied. It leaves the clipboard after 30 seconds."))

    def choose_file(self, form: Form, then: Callable[[Path], None]) -> None:
        choice = FileChoice(
            name=f"form.{form.verb}.chooser", title=translate("case", "Choose a file"), start=Path.home()
        )
        self._ctx.interaction.open_files(choice, lambda paths: then(paths[0]) if paths else None)

    # ------------------------------------------------------------------------------------------- inside
    def _is_busy(self) -> bool:
        return self._dialog is not None and isValid(self._dialog) and self._dialog.isVisible()

    def _open(self, form: Form, values: Values) -> None:
        self._dialog = FormDialog(self._parent.window(), form, values, self)
        self._dialog.finished.connect(self._dialog.deleteLater)
        self._dialog.open()

    def _facts(self, form: Form) -> Values:
        facts = self._page.facts
        if form.verb != "request-cve" or facts is None:
            return {}
        return {"facts": cve_request(facts.case, facts.team.project)}

    def _complete(self, values: Values) -> Values:
        return {**values, **self._fixed}

    def _field(self, form: Form) -> str:
        about = "/".join(part for part in self._line if part)
        step = str(self._fixed.get("step", ""))
        return ".".join(part for part in (f"{_DRAFT}{form.verb}", about, step) if part)

    def _instant(self, key: str, text: str) -> str:
        now = self._page.now()
        if not text.strip():
            return translate("case", "Empty means now.") if key == "at" else ""
        try:
            moment = parse_moment(text, self._ctx.tz, now)
        except Rejected:
            return translate("case", "Write it like 2026-11-30 16:00, in your local time.")
        relative = self._dates.until(moment, now) if moment > now else self._dates.since(moment, now)
        return f"{self._dates.moment(moment, now)} · {self._dates.utc(moment)} · {relative}"


def _as_stored(values: Values) -> Values:
    """The values with a stand-in for a file that is only chosen yet, so that the rules can be asked."""
    stand_in = Blob(sha256="0" * 64, size=0)
    return {k: stand_in if isinstance(v, Path) else v for k, v in values.items()}


def _read(draft: str | None) -> Values:
    if not draft:
        return {}
    try:
        kept = msgspec.json.decode(draft.encode())
    except msgspec.DecodeError:
        return {}
    return kept if isinstance(kept, dict) else {}
