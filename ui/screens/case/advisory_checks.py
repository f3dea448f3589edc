"""The checks below the advisory: what blocks an export, what is worth a look, and the way to each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.advisory import PLACES, AdvisoryFinding
from app.domain.untrusted import safe_line
from ui.kit.names import named
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role
from ui.screens.case.facts import clear_widget, empty
from ui.widgets.button import LinkButton
from ui.widgets.card import Card
from ui.widgets.chips import Chip
from ui.widgets.lines import HLine
from ui.widgets.plain_label import PlainLabel

_MOST: Final = 30
_ICONS: Final[dict[str, tuple[str, Role]]] = {
    "blocks": ("octagon-alert", "overdue"),
    "look": ("triangle-alert", "today"),
}


@final
class _Row(QAbstractButton):
    """One finding: icon, what it is, what that means. Pressing it goes to its line."""

    def __init__(self, finding: AdvisoryFinding, title: str, sentence: str) -> None:
        super().__init__()
        self._finding = finding
        self._sentence = sentence
        self.setText(title)
        self.setAccessibleName(f"{title}. {sentence}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        hub().changed.connect(self.updateGeometry)

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(300), theme().px(31))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        if self.underMouse():
            paint.fill(self.rect(), "hover")
        icon, role = _ICONS[self._finding.level]
        side = look.px(16)
        area = self.rect().toRectF()
        paint.icon(area.adjusted(look.px(15), 0, look.px(15) + side - area.width(), 0), icon, look.colour(role))
        left = look.px(15) + side + look.px(9)
        half = max(look.px(180), min(look.px(290), area.width() * 0.42))
        title = area.adjusted(left, 0, left + half - area.width(), 0)
        paint.words(title, self.text(), "body-medium", look.colour("text"))
        rest = area.adjusted(left + half + look.px(8), 0, -8, 0)
        paint.words(rest, self._sentence, "small", look.colour("text-2"))
        if self.hasFocus():
            paint.ring(self.rect(), 5)


@final
class ChecksStrip(Card):
    """`chosen` asks to go to a line of the text, `act` to begin a verb."""

    chosen = Signal(int)

    def __init__(self, act: Callable[[str], None], insert: Callable[[str], None]) -> None:
        super().__init__(flush=True)
        self.setObjectName("case.advisory.checks")
        self._act = act
        self._insert = insert
        self._findings: tuple[AdvisoryFinding, ...] | None = None
        self._at = -1
        head = clear_widget()
        row = QHBoxLayout(head)
        row.setContentsMargins(15, 7, 15, 7)
        row.setSpacing(12)
        row.addWidget(PlainLabel(self.tr("Checks"), "strong"))
        self.chip = Chip("", "today", icon="triangle-alert")
        row.addWidget(self.chip)
        self._sum = named(PlainLabel("", "small", "text-2"), "case.advisory.findings", "")
        row.addWidget(self._sum, 1)
        row.addWidget(PlainLabel(self.tr("F8 next finding"), "small", "muted"))
        self.body.addWidget(head)
        self.body.addWidget(HLine(self))
        self.body.addWidget(self._make_scroll(), 1)
        self.tell(())

    def _make_scroll(self) -> QScrollArea:
        inner = clear_widget()
        self._rows = QVBoxLayout(inner)
        self._rows.setContentsMargins(1, 0, 1, 0)
        self._rows.setSpacing(0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().setProperty("kind", "clear")
        self._scroll.setWidget(inner)
        return self._scroll

    def tell(self, findings: tuple[AdvisoryFinding, ...]) -> None:
        """Show these findings."""
        if findings == self._findings:
            return
        self._findings = findings
        self._at = min(self._at, len(findings) - 1)
        blocks = sum(f.level == "blocks" for f in findings)
        if findings:
            many = self.tr("{count} findings").format(count=len(findings))
            said = self.tr("1 finding") if len(findings) == 1 else many
            self.chip.set_state(said, "overdue" if blocks else "today", "triangle-alert")
        else:
            self.chip.set_state(self.tr("No findings"), "done", "check-circle")
        look = len(findings) - blocks
        said = self.tr("{blocks} in the way of an export, {look} to look at.").format(blocks=blocks, look=look)
        self._sum.setText(said if findings else self.tr("Nothing stands in the way of an export."))
        empty(self._rows)
        for number, finding in enumerate(findings[:_MOST]):
            if number:
                self._rows.addWidget(HLine(self))
            self._rows.addWidget(self._make(number, finding))
        self._rows.addStretch(1)
        shown = min(3, len(findings))
        self._scroll.setFixedHeight(theme().px(32) * shown)
        self._scroll.setVisible(bool(findings))

    def next_finding(self) -> None:
        """Go to the next finding, around at the end."""
        if not self._findings:
            return
        self._at = (self._at + 1) % min(len(self._findings), _MOST)
        finding = self._findings[self._at]
        row = self.findChild(_Row, f"case.advisory.finding.{self._at}")
        if row is not None:
            self._scroll.ensureWidgetVisible(row)
        if finding.line:
            self.chosen.emit(finding.line)
        elif row is not None:
            row.setFocus(Qt.FocusReason.TabFocusReason)

    def _make(self, number: int, finding: AdvisoryFinding) -> QWidget:
        made = clear_widget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 15, 0)
        row.setSpacing(8)
        title, sentence = self._words(finding)
        line = _Row(finding, title, sentence)
        line.setObjectName(f"case.advisory.finding.{number}")
        line.clicked.connect(lambda: self.chosen.emit(finding.line))
        row.addWidget(line, 1)
        remedy = self._remedy(finding)
        if remedy is not None:
            words, act = remedy
            link = named(LinkButton(words), f"case.advisory.finding.{number}.act", f"{title}: {words}")
            link.clicked.connect(lambda: act())  # noqa: PLW0108 - clicked passes a truth
            row.addWidget(link)
        return made

    def _remedy(self, finding: AdvisoryFinding) -> tuple[str, Callable[[], None]] | None:
        if finding.code == "line.undecided":
            words = self.tr("Decide {line}").format(line=finding.what)
            return words, lambda: self._act("set-affected")
        if finding.code == "affected.none":
            return self.tr("List versions"), lambda: self._act("set-affected")
        if finding.code in ("title.cut", "title.repeated"):
            return self.tr("Change title…"), lambda: self._act("retitle")
        if finding.code == "advisory.no-summary":
            return self.tr("Write summary"), lambda: self._insert("summary")
        return None

    def _words(self, finding: AdvisoryFinding) -> tuple[str, str]:
        what = safe_line(finding.what, 120)
        at = self.tr("Line {line}: ").format(line=finding.line) if finding.line else ""
        known = {
            "affected.none": (self.tr("No line is affected"), self.tr("An advisory needs at least one affected line.")),
            "line.undecided": (
                self.tr("Line {what} is not decided").format(what=what),
                self.tr("{affected} cannot be complete. Blocks every export."),
            ),
            "title.cut": (self.tr("The title seems to be cut off"), what),
            "title.repeated": (self.tr("The title is repeated"), self.tr("The summary begins with the title again.")),
            "advisory.no-summary": (
                self.tr("There is no summary"),
                self.tr("Say in the section “Summary” what can be done and to whom."),
            ),
            "advisory.unknown-place": (
                at + self.tr("{what} names no fact").format(what="{" + what + "}"),
                self.tr("Known are {places}.").format(places=", ".join("{" + p + "}" for p in PLACES)),
            ),
            "advisory.empty-section": (
                at + self.tr("“{what}” is empty").format(what=what),
                self.tr("Write it, or take the heading away."),
            ),
            "version.unknown": (
                at + self.tr("{what} is not a known version").format(what=what),
                self.tr("No line of this case names it."),
            ),
        }
        return known.get(finding.code, (at + finding.code, what))
