"""The form that plans a release: the instant in local time with UTC shown, a title, lines with versions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import final

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.domain.errors import AppError
from app.presenters.case_forms import Values
from app.presenters.releases import ReleasesPresenter
from ui.kit.clipboard import clipboard
from ui.kit.dates import Dates
from ui.kit.error_text import error_text
from ui.screens.case.form import Column, Entry, Form
from ui.screens.case.form_dialog import FormDialog, storable
from ui.screens.page import Context
from ui.screens.release.instants import instant_helper

translate = QCoreApplication.translate


def plan_form() -> Form:
    """What is asked for."""
    return Form(
        verb="plan-release",
        title=translate("releases", "Plan a release"),
        body=translate(
            "releases",
            "Cases that join it become public together, at this instant. All but its short name can change later.",
        ),
        act=translate("releases", "Plan release"),
        icon="release",
        entries=(
            Entry(key="target", label=translate("releases", "Target, local time"), kind="moment", mono=True),
            Entry(
                key="title",
                label=translate("releases", "Working title"),
                helper=translate("releases", "Seen by the team only. Empty takes the month."),
            ),
            Entry(
                key="lines",
                label=translate("releases", "Lines and their versions"),
                kind="rows",
                helper=translate("releases", "A version that is not decided stays empty; it is never guessed."),
                add=translate("releases", "Add line"),
                columns=(
                    Column(key="line", label=translate("releases", "Line, such as 22.x"), stretch=2),
                    Column(key="version", label=translate("releases", "Version, such as 22.1.1"), stretch=3),
                ),
            ),
        ),
    )


@final
class PlanDesk:
    """Opens the form, judges what is typed by the real rules, keeps it until it is used."""

    def __init__(
        self, ctx: Context, presenter: ReleasesPresenter, parent: QWidget, planned: Callable[[str], None]
    ) -> None:
        self._ctx = ctx
        self._presenter = presenter
        self._parent = parent
        self._planned = planned
        self._dates = Dates(ctx.tz)
        self._dialog: FormDialog | None = None

    def open(self) -> None:
        """Show the form, with what was typed the last time if it was not used."""
        if not self._is_open():
            self._presenter.begin_plan(self._begin)

    def keep_unsaved(self) -> None:
        """Keep what stands in the form, as when the store locks."""
        if self._dialog is not None and self._is_open():
            self._dialog.keep_typed()

    def close(self) -> None:
        if self._dialog is not None and self._is_open():
            self._dialog.reject()

    # ------------------------------------------------------------------------------ what the form asks
    def judge(self, form: Form, values: Values) -> AppError | None:
        del form
        return self._presenter.judge_plan(values)

    def explain(self, key: str, values: Values) -> str:
        """The target in local time and UTC."""
        if key != "target":
            return ""
        return instant_helper(str(values.get(key, "")), self._dates, self._ctx.now())

    def error_text(self, problem: Exception) -> str:
        return error_text(problem).whole

    def submit(self, form: Form, values: Values, done: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        del form

        def planned(ref: str) -> None:
            done()
            self._planned(ref)

        self._presenter.plan(values, planned, failed)

    def keep(self, form: Form, values: Values | None) -> None:
        del form
        self._presenter.keep_plan(storable(values) if values is not None else None)

    def copy(self, text: str) -> None:
        clipboard().copy(text)

    def choose_file(self, form: Form, then: Callable[[Path], None]) -> None:
        """The form asks for no file."""

    def _begin(self, values: Values) -> None:
        if self._is_open() or not isValid(self._parent):
            return
        self._dialog = FormDialog(self._parent.window(), plan_form(), values, self)
        self._dialog.finished.connect(self._dialog.deleteLater)
        self._dialog.open()

    def _is_open(self) -> bool:
        return self._dialog is not None and isValid(self._dialog) and self._dialog.isVisible()
