"""Erasing a closed case: what is shown before the second step, and the notice on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

import msgspec
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.desk.retention import Going
from app.domain.case.state import Case
from app.domain.untrusted import safe_line
from app.presenters.backup_words import size_words
from app.presenters.case import CasePresenter
from ui.kit.dates import Dates
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.screens.case.form_desk import FormDesk
from ui.widgets.banner import Banner
from ui.widgets.button import button

translate = QCoreApplication.translate

_BACKUPS: Final = 8


def begin_erasing(page: CasePresenter, forms: FormDesk, failed: Callable[[Exception], None]) -> None:
    """Ask the store what would go, then show the form that does it."""

    def show(going: Going) -> None:
        if page.is_open:
            forms.open("erase", values={"going": going_words(going)})

    page.runner.run(lambda: page.session.retention.going(page.ref), show, failed)


def going_words(going: Going) -> str:
    """What goes with a case and what holds it still, in lines."""
    files = translate("case", "{n} files ({size})").format(n=thousands(going.files), size=size_words(going.bytes))
    lines = [
        translate("case", "Goes: the texts of {events} events, and {files}.").format(
            events=thousands(going.events), files=files if going.files else translate("case", "no file")
        ),
        translate("case", "Stays: reference, instants, CVE ids, ratings, versions, where it was published, digests."),
    ]
    if not going.backups:
        lines.append(translate("case", "No backup is known that holds it. Copies that somebody made by hand still do."))
        return "\n".join(lines)
    lines.append(translate("case", "These backups still hold it, wherever they lie, until you destroy them:"))
    lines += [f"  {safe_line(name, 120)}" for name in going.backups[:_BACKUPS]]
    more = len(going.backups) - _BACKUPS
    if more > 0:
        lines.append(translate("case", "  and {n} more").format(n=thousands(more)))
    return "\n".join(lines)


@final
class ErasureNotice(QWidget):
    """Says above the page that the case is erased, or that this was proposed, with the two ways on."""

    def __init__(self, act: Callable[[str], None]) -> None:
        super().__init__()
        self.banner = named(Banner("warning", "", "", tall=True), "case.erasure", "")
        self.keep = button(
            self.tr("Keep it…"), "secondary", "case.erasure.keep", lambda: act("cancel-erasure"), size="row"
        )
        self.erase = button(self.tr("Erase…"), "danger", "case.erasure.erase", lambda: act("erase"), size="row")
        for control in (self.keep, self.erase):
            self.banner.add_action(control)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 12, 24, 0)
        row.addWidget(self.banner)
        self.hide()

    def show_case(self, case: Case, dates: Dates) -> None:
        """Take on what is true of this case."""
        erasure = case.erasure
        self.setVisible(erasure is not msgspec.UNSET)
        if erasure is msgspec.UNSET:
            return
        for control in (self.keep, self.erase):
            control.setVisible(not erasure.done)
        day = dates.day(erasure.at, erasure.at, year=True)
        facts = {"name": safe_line(erasure.by, 60), "day": day, "reason": safe_line(erasure.reason, 300)}
        if erasure.done:
            said = self.tr(
                "By {name} on {day}: {reason} What is shown is what remains. Backups made before still hold the rest."
            )
            self.banner.say("note", self.tr("The texts and files of this case were erased"), said.format(**facts))
        else:
            said = self.tr("{name} on {day}: {reason} Nothing is gone yet.")
            self.banner.say("warning", self.tr("Proposed to be erased"), said.format(**facts), "trash")
