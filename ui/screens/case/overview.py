"""The overview: what is known of a case, card by card, and what happened last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout
from typing_extensions import override

from app.desk.ports.vault import HistoryRow
from app.domain.case.state import Case
from app.domain.untrusted import safe_line, safe_text
from app.presenters.case import CaseFacts
from app.presenters.case_actions import may
from app.presenters.case_affected import in_order
from app.presenters.case_page import embargo_state
from app.presenters.target import release_target
from app.presenters.words import sentence
from app.presenters.words_steps import TRACKS
from ui.kit.names import named
from ui.kit.theme import theme
from ui.screens.case import words
from ui.screens.case.facts import Fact, FactsCard, one_line
from ui.screens.case.forms_talk import consents, roles
from ui.screens.case.line_icons import line_icon
from ui.screens.case.room import Room
from ui.screens.case.scroll_tab import ScrollTab
from ui.widgets.button import LinkButton

_LAST: Final = 5
_TWO_COLUMNS: Final = 720


@final
class OverviewTab(ScrollTab):
    """Facts by card; each card carries the act that changes it."""

    def __init__(self, room: Room) -> None:
        super().__init__("case.overview")
        self._room = room
        self._events = -1
        self._facts: CaseFacts | None = None
        self._sides = (QVBoxLayout(), QVBoxLayout())
        row = QHBoxLayout()
        row.setSpacing(12)
        for side in self._sides:
            side.setSpacing(12)
            row.addLayout(side, 1)
        self.column.addLayout(row)
        self.column.addStretch(1)
        self._report = self._card(self.tr("Report"), "report", (self.tr("Open"), lambda: room.go("report")))
        self._lines = self._card(
            self.tr("Affected versions"), "affected", (self.tr("Open"), lambda: room.go("affected"))
        )
        self._severity = self._card(
            self.tr("Severity"), "severity", (self.tr("Rate…"), lambda: room.act("rate-severity"))
        )
        self._cve = self._card(self.tr("CVE"), "cve", (self.tr("Record id…"), lambda: room.act("assign-cve")))
        self._embargo = self._card(self.tr("Embargo"), "embargo", (self.tr("Open"), lambda: room.go("embargo")))
        self._audit = self._card(
            self.tr("Similar code"), "audit", (self.tr("Record audit…"), lambda: room.act("audit-similar-code"))
        )
        self._credits = self._card(self.tr("Credits"), "credits", (self.tr("Edit…"), lambda: room.act("set-credits")))
        self._links = self._card(self.tr("Elsewhere"), "links", (self.tr("Open release"), self._open_release))
        self._notes = self._card(self.tr("Notes"), "notes", (self.tr("Add note…"), lambda: room.act("add-note")))
        self._last = self._card(
            self.tr("What happened last"), "last", (self.tr("All of it"), lambda: room.go("history"))
        )
        self._cards: tuple[FactsCard, ...] = (
            self._report, self._lines, self._severity, self._cve, self._embargo,
            self._audit, self._credits, self._links, self._notes, self._last,
        )  # fmt: skip
        self._columns = 0
        self._arrange(2)

    def _card(self, title: str, name: str, action: tuple[str, Callable[[], None]]) -> FactsCard:
        card = FactsCard(title, f"case.overview.{name}")
        words_on, act = action
        link = named(LinkButton(words_on), f"case.overview.{name}.open", f"{title}: {words_on}")
        link.clicked.connect(lambda: act())  # noqa: PLW0108 - clicked passes a truth
        card.add_action(link)
        return card

    def show_facts(self, facts: CaseFacts) -> None:
        self._facts = facts
        case = facts.case
        self._report.set_facts(self._report_facts(case))
        self._lines.set_facts(self._line_facts(case))
        self._severity.set_facts(self._severity_facts(case))
        self._cve.set_facts(self._cve_facts(case))
        self._embargo.set_facts(self._embargo_facts(case))
        self._audit.set_facts(self._audit_facts(case))
        self._credits.set_facts(self._credit_facts(case))
        self._links.set_facts(self._link_facts(case))
        self._notes.set_facts(self._note_facts(case))
        self._offer(case)
        if facts.events != self._events:
            self._events = facts.events
            self._fetch_last()

    def begin(self) -> None:
        first = self.findChild(LinkButton, "case.overview.report.open")
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def minute(self) -> None:
        if self._facts is not None:
            self._embargo.set_facts(self._embargo_facts(self._facts.case))

    def _offer(self, case: Case) -> None:
        able = {
            "severity": case.is_open,
            "cve": may("assign-cve", case),
            "audit": case.is_open and case.confirmed_at is not None,
            "links": bool(case.release),
            "credits": may("set-credits", case),
            "notes": may("add-note", case),
        }
        for name, on in able.items():
            link = self.findChild(LinkButton, f"case.overview.{name}.open")
            if link is not None:
                link.setVisible(on)

    # ---------------------------------------------------------------------------------------- facts
    def _report_facts(self, case: Case) -> list[Fact]:
        now, dates = self._room.now(), self._room.dates
        who = ", ".join(safe_line(r.name or r.handle or r.email, 80) for r in case.reporters[:6])
        facts = [
            Fact(label=self.tr("Reported by"), value=who or self.tr("Nobody named")),
            Fact(
                label=self.tr("Received"),
                value=dates.moment(case.report.received_at, now),
                tip=dates.utc(case.report.received_at),
            ),
            Fact(label=self.tr("Product"), value=safe_line(case.product, 120) or self.tr("Not set")),
            Fact(label=self.tr("Track"), value=TRACKS.get(case.track, case.track)),
        ]
        text = one_line(case.report.text, 240)
        if text:
            facts.append(Fact(label=self.tr("Begins"), value=text, role="text-2", style="small"))
        return facts

    def _line_facts(self, case: Case) -> list[Fact]:
        facts = []
        for line in in_order(case.lines)[:12]:
            icon, role = line_icon(line.status)
            name = safe_line(f"{line.product} {line.line}".strip(), 60)
            facts.append(Fact(label=name, value=words.line_words(line), icon=icon, icon_role=role))
        if len(case.lines) > 12:
            more = self.tr("and {count} more").format(count=len(case.lines) - 12)
            facts.append(Fact(label="", value=more, role="muted"))
        return facts or [Fact(label="", value=self.tr("No line is listed yet."), role="muted")]

    def _severity_facts(self, case: Case) -> list[Fact]:
        held = case.severity
        if held is None:
            return [Fact(label="", value=self.tr("Not rated yet."), role="muted")]
        facts = [Fact(label=self.tr("Rating"), value=words.rating(held.rating, held.score), style="strong")]
        if held.vector:
            facts.append(Fact(label=self.tr("CVSS vector"), value=safe_line(held.vector, 200), style="mono"))
        if held.cwe:
            facts.append(Fact(label=self.tr("Weakness"), value=safe_line(held.cwe, 80), style="mono"))
        if held.reason:
            facts.append(Fact(label=self.tr("Reason"), value=one_line(held.reason, 400)))
        return facts

    def _cve_facts(self, case: Case) -> list[Fact]:
        now, dates = self._room.now(), self._room.dates
        facts = []
        for cve in case.cves:
            at = dates.moment(cve.assigned_at, now)
            said = self.tr("assigned {at}").format(at=at)
            facts.append(Fact(label=cve.id, value=f"{said}{', ' + safe_line(cve.cna, 60) if cve.cna else ''}"))
        if case.cve_requested_at and not case.cves:
            at = dates.moment(case.cve_requested_at, now)
            facts.append(Fact(label=self.tr("Asked for"), value=at, tip=dates.utc(case.cve_requested_at)))
        return facts or [Fact(label="", value=self.tr("None yet."), role="muted")]

    def _embargo_facts(self, case: Case) -> list[Fact]:
        now, dates = self._room.now(), self._room.dates
        state, at = embargo_state(case, now)
        said = {
            "none": self.tr("Not agreed"),
            "proposed": self.tr("Proposed"),
            "running": self.tr("Running"),
            "over": self.tr("Its date has passed"),
            "ended": self.tr("Ended"),
        }[state]
        facts = [Fact(label=self.tr("State"), value=said)]
        if at is not None:
            relative = dates.until(at, now) if at > now else dates.since(at, now)
            facts.append(
                Fact(label=self.tr("Instant"), value=f"{dates.moment(at, now)}, {relative}", tip=dates.utc(at))
            )
            facts.append(Fact(label="UTC", value=dates.utc(at), role="muted", style="small"))
        return facts

    def _audit_facts(self, case: Case) -> list[Fact]:
        audit = case.audit
        if audit is None:
            return [Fact(label="", value=self.tr("Not searched yet."), role="muted")]
        verdicts = {
            "unchecked": self.tr("not checked"),
            "affected": self.tr("affected"),
            "not-affected": self.tr("not affected"),
        }
        facts = [Fact(label=self.tr("Looked for"), value=one_line(audit.pattern, 300))]
        facts += [
            Fact(label=safe_line(place.where, 60), value=f"{verdicts[place.verdict]}. {one_line(place.note, 120)}")
            for place in audit.places[:10]
        ]
        if audit.conclusion:
            facts.append(Fact(label=self.tr("Conclusion"), value=one_line(audit.conclusion, 400)))
        return facts

    def _credit_facts(self, case: Case) -> list[Fact]:
        role, consent = dict(roles()), dict(consents())
        facts = [
            Fact(label=role[c.role], value=f"{safe_line(c.name, 100)} · {consent[c.consent]}")
            for c in case.credits[:12]
        ]
        return facts or [Fact(label="", value=self.tr("Nobody is named yet."), role="muted")]

    def _link_facts(self, case: Case) -> list[Fact]:
        now, dates = self._room.now(), self._room.dates
        facts = []
        if case.release:
            facts.append(Fact(label=self.tr("Release"), value=safe_line(case.release, 40), style="mono"))
        if case.duplicate_of:
            facts.append(Fact(label=self.tr("Duplicate of"), value=safe_line(case.duplicate_of, 40), style="mono"))
        facts += [
            Fact(label=safe_line(x.kind, 30), value=safe_line(x.value, 200), style="mono") for x in case.external[:10]
        ]
        for sent in case.announcements[:4]:
            said = f"{safe_line(sent.destination, 120)}, {dates.moment(sent.at, now)}"
            facts.append(Fact(label=self.tr("Announced to"), value=said, tip=safe_line(sent.message_id, 200)))
        if case.blog:
            facts.append(Fact(label=self.tr("Blog post"), value=safe_line(case.blog.url, 300)))
        facts += [
            Fact(label=self.tr("Record"), value=safe_line(f"{r.what} {r.url}".strip(), 300)) for r in case.records[:6]
        ]
        return facts or [Fact(label="", value=self.tr("No release, and no name elsewhere yet."), role="muted")]

    def _note_facts(self, case: Case) -> list[Fact]:
        now, dates = self._room.now(), self._room.dates
        facts = []
        for note in reversed(case.notes[-6:]):
            label = f"{safe_line(note.by, 30)}, {dates.day(note.at, now)}"
            facts.append(Fact(label=label, value=safe_text(note.text, 600), tip=dates.utc(note.at)))
        return facts or [Fact(label="", value=self.tr("No note yet."), role="muted")]

    def _fetch_last(self) -> None:
        page = self._room.page
        queries, ref, asked = page.session.queries, page.ref, self._events

        def arrived(rows: tuple[HistoryRow, ...]) -> None:
            if asked != self._events or not page.is_open:
                return
            now, dates = self._room.now(), self._room.dates
            self._last.set_facts(
                [
                    Fact(
                        label=dates.day(row.at, now),
                        value=f"{words.told(row, dates, now)} ({safe_line(row.actor.name, 40)})",
                        tip=f"{dates.utc(row.at)}\n{sentence(row.event)}",
                    )
                    for row in rows
                ]
            )

        page.runner.run(lambda: queries.history(ref, limit=_LAST, newest_first=True), arrived, lambda _problem: None)

    def _open_release(self) -> None:
        if self._facts is not None and self._facts.case.release:
            self._room.ctx.navigate(release_target(self._facts.case.release))

    # --------------------------------------------------------------------------------------- layout
    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        left, right = self._sides
        for side in self._sides:
            while side.count():
                side.takeAt(0)
        for number, card in enumerate(self._cards):
            (right if columns == 2 and number % 2 else left).addWidget(card)
        for side in self._sides:
            side.addStretch(1)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(2 if self.width() >= theme().px(_TWO_COLUMNS) else 1)
