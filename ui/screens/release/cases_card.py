"""The cases of the release: what each is rated, its CVE, whether it is ready, and the way to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from app.domain.case.stage import fixes_done
from app.domain.case.state import Case
from app.domain.untrusted import safe_line
from app.presenters.release import ReleaseFacts
from app.presenters.release_sheet import lacks_of
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.screens.release import words
from ui.widgets.button import LinkButton, icon_button
from ui.widgets.card import Card
from ui.widgets.chips import SeverityChip
from ui.widgets.icon_label import IconLabel
from ui.widgets.list_area import ListArea
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tip import set_tip

MOST: Final = 50
_NO_CVE_BELOW: Final = 560


@final
class _CaseRow(QFrame):
    """One case; Enter, Space or a click opens it."""

    opened = Signal()

    def __init__(self, case: Case, take_out: Callable[[], None] | None) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.last = False
        px = theme().px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(15), 0, px(8), 0)
        row.setSpacing(px(8))
        ref = PlainLabel(case.ref, "mono", "muted")
        title = PlainLabel(safe_line(case.title, 200), "body-medium", elide=Qt.TextElideMode.ElideRight)
        severity = case.severity
        rating, score = (severity.rating, severity.score) if severity else ("unknown", None)
        chip = SeverityChip(words.severity_of(rating), words.rating_word(rating, score), plain=True)
        # The chip is as wide as its words; a holder of one width keeps the columns in line.
        holder = QWidget()
        inner = QHBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(chip)
        inner.addStretch(1)
        holder.setFixedWidth(px(90))
        self._cve = PlainLabel(self._cve_words(case), "mono", "text-2" if case.cves else "muted")
        self._cve.setFixedWidth(px(104))
        row.addWidget(ref)
        row.addWidget(title, 1)
        row.addWidget(holder)
        row.addWidget(self._cve)
        row.addWidget(self._ready(case))
        if take_out is not None:
            spoken = self.tr("Take {ref} out of the release").format(ref=case.ref)
            row.addWidget(icon_button("close", f"release.cases.{case.ref}.takeOut", spoken, take_out, size="row"))
        self.setAccessibleDescription(self.tr("Enter opens the case"))
        hub().changed.connect(self._dress)
        self._dress()

    def _cve_words(self, case: Case) -> str:
        if not case.cves:
            return self.tr("no CVE yet")
        more = len(case.cves) - 1
        return f"{case.cves[0].id} +{more}" if more else case.cves[0].id

    def _ready(self, case: Case) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(6))
        done, needed = fixes_done(case)
        lacks = lacks_of(case)
        text = self.tr("Fixes {done}/{of}").format(done=done, of=needed) if needed else self.tr("No fixes")
        ready = not lacks or case.announced_at is not None
        row.addWidget(IconLabel("check-circle" if ready else "triangle-alert", "done" if ready else "today"))
        row.addWidget(PlainLabel(text, "small", "text-2"), 1)
        holder.setFixedWidth(theme().px(80))
        if lacks:
            listed = ", ".join(words.lack_word(lack) for lack in lacks)
            set_tip(holder, self.tr("Lacks: {what}").format(what=listed))
        return holder

    def _dress(self) -> None:
        self.setFixedHeight(theme().px(38))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cve.setVisible(self.width() >= theme().px(_NO_CVE_BELOW))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        if self.underMouse():
            paint.fill(self.rect(), "hover")
        if not self.last:
            paint.hairline(paint.look.px(15), self.width(), self.height() - 1)
        if self.hasFocus():
            paint.ring(self.rect(), 6)


@final
class CasesCard(Card):
    """`add` opens the search, `open_case` goes to a case, `take_out` asks for the reason first."""

    def __init__(
        self, add: Callable[[], None], open_case: Callable[[str], None], take_out: Callable[[str], None]
    ) -> None:
        super().__init__(self.tr("Cases"), flush=True)
        self._open_case = open_case
        self._take_out = take_out
        self._shown: tuple[object, ...] = ()
        self.add = named(LinkButton(self.tr("Add case…"), icon="plus"), "release.cases.add", self.tr("Add case…"))
        self.add.clicked.connect(add)
        self.add_action(self.add)
        self._list = ListArea()
        self._empty = PlainLabel(self.tr("None yet. Add the cases that become public together."), "small", "muted")
        self._foot = PlainLabel("", "small", "text-2", elide=Qt.TextElideMode.ElideRight)
        self._foot.setContentsMargins(15, 0, 15, 6)
        self.body.setSpacing(0)
        self.body.addWidget(self._list, 1)
        self.body.addWidget(self._foot)

    def renew(self) -> None:
        """Make the rows anew the next time, as when the text size has changed."""
        self._shown = ()

    def tell(self, facts: ReleaseFacts) -> None:
        """Show the cases; rows are made anew only where a fact of them changed."""
        release, cases = facts.release, facts.cases
        movable = release.is_open and not release.announcements
        self.add.setVisible(movable)
        shown = (movable, cases)
        if shown == self._shown:
            return
        self._shown = shown
        self.set_note(thousands(len(cases)) if cases else "")
        self._list.clear()
        for number, case in enumerate(cases[:MOST]):
            row = self._row(case, movable=movable)
            row.last = number == len(cases) - 1
            self._list.column.addWidget(row)
        if not cases:
            self._empty = PlainLabel(
                self.tr("None yet. Add the cases that become public together."), "small", "muted", wrap=True
            )
            self._empty.setContentsMargins(15, 12, 15, 0)
            self._list.column.addWidget(self._empty)
        self._list.column.addStretch(1)
        self._tell_foot(cases)

    def _row(self, case: Case, *, movable: bool) -> _CaseRow:
        ref = case.ref
        made = named(
            _CaseRow(case, (lambda: self._take_out(ref)) if movable else None),
            f"release.cases.{ref}",
            f"{ref} {safe_line(case.title, 200)}",
        )
        made.opened.connect(lambda: self._open_case(ref))
        return made

    def _tell_foot(self, cases: tuple[Case, ...]) -> None:
        lacking = [case for case in cases if lacks_of(case) and case.announced_at is None]
        self._foot.setVisible(bool(cases))
        if lacking:
            first = lacking[0]
            what = ", ".join(words.lack_word(lack) for lack in lacks_of(first))
            said = self.tr("{ref} lacks {what}.").format(ref=first.ref, what=what)
            rest = len(lacking) - 1
            self._foot.setText(said + (" " + self.tr("%n more incomplete.", "", rest) if rest else ""))
            return
        if any(case.announced_at is not None for case in cases):
            published = sum(bool(case.records) for case in cases)
            self._foot.setText(self.tr("Records: {n} of {of} published.").format(n=published, of=len(cases)))
        else:
            self._foot.setText(self.tr("Every case is complete."))
