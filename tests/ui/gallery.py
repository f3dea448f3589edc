"""Paints every part of the kit on one page, light and dark, as pictures to look at.

Run: python -m tests.ui.gallery FOLDER [--scale 1.0] [--ratio 1]
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.kit.dialog_frame import NARROW, Dialog
from ui.kit.icons import icon_folder
from ui.kit.theme import apply_theme, theme
from ui.widgets.avatar import Avatar
from ui.widgets.banner import Banner
from ui.widgets.button import Button, Kind, LinkButton
from ui.widgets.card import Card
from ui.widgets.check_box import CheckBox, RadioButton
from ui.widgets.checklist import ChecklistStep, NextStepCard
from ui.widgets.chips import Chip, CountBadge, SeverityChip, StageChip, StatusPill, TlpChip
from ui.widgets.combo import Combo
from ui.widgets.due_row import DueGroup, DueRow, DueWords
from ui.widgets.empty_page import EmptyPage
from ui.widgets.field import Field, LineEdit, TextArea
from ui.widgets.icon_label import IconLabel
from ui.widgets.key_cap import KeyCap
from ui.widgets.lines import HLine
from ui.widgets.plain_label import PlainLabel
from ui.widgets.progress_row import ProgressRow
from ui.widgets.secret_field import SecretField
from ui.widgets.segmented import SegmentedSwitch
from ui.widgets.tabs import Tabs
from ui.widgets.toast import Toast

KINDS: tuple[tuple[Kind, str], ...] = (
    ("primary", "Unlock"),
    ("secondary", "Hand over"),
    ("soft", "Export"),
    ("ghost", "Source"),
    ("danger", "Erase…"),
)


def titled(title: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(8)
    column.addWidget(PlainLabel(title, "strong"))
    column.addWidget(HLine())
    column.addSpacing(6)
    return column


def line(*widgets: QWidget, gap: int = 8) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(gap)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def buttons() -> QLayout:
    column = titled("Buttons: rest, focus, disabled, small, with icons")
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(12)
    for at, (kind, words) in enumerate(KINDS):
        rest, off = Button(words, kind), Button(words, kind)
        rest.setObjectName(f"rest.{kind}")
        off.setEnabled(False)
        grid.addWidget(rest, 0, at)
        grid.addWidget(off, 1, at)
        grid.addWidget(Button(words, kind, size="row", icon="export"), 2, at)
    column.addLayout(grid)
    large = Button("Unlock", "primary", size="large", trailing="enter")
    column.addWidget(large)
    column.addLayout(line(LinkButton("Open calendar"), LinkButton("Add a step", icon="plus"), KeyCap("Ctrl K")))
    return column


def fields() -> QLayout:
    column = titled("Fields")
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    title, fixed, cve, policy = LineEdit(), LineEdit(mono=True), LineEdit(mono=True), LineEdit()
    title.setText("Header smuggling")
    fixed.setText("22.19.1")
    fixed.setObjectName("focused")
    cve.setText("CVE-99-1")
    policy.setText("node-core, version 2")
    policy.set_locked(locked=True)
    wrong = Field("CVE", cve)
    wrong.set_error("Write it like CVE-2099-10041.")
    grid.addWidget(Field("Title", title), 0, 0)
    grid.addWidget(Field("Fixed in", fixed), 0, 1)
    grid.addWidget(wrong, 1, 0)
    grid.addWidget(Field("Policy", policy, helper="Fixed when the case was received."), 1, 1)
    grid.addWidget(Field("Severity", Combo([("High", "high"), ("Low", "low")])), 2, 0)
    grid.addWidget(Field("Search", LineEdit("Search cases", icon="search")), 2, 1)
    column.addLayout(grid)
    secret = SecretField(size="large", hint="Opening takes about a second, on purpose.")
    secret.edit.setText("thirteen dots")
    column.addWidget(Field("Passphrase", secret))
    on, chosen = CheckBox("Remember this folder"), RadioButton("Dark")
    on.setChecked(True)
    chosen.setChecked(True)
    column.addLayout(line(on, CheckBox("Off"), chosen, RadioButton("Light"), gap=16))
    return column


def states() -> QLayout:
    column = titled("Severity, TLP, status")
    column.addLayout(
        line(
            SeverityChip("critical", "Critical"),
            SeverityChip("high", "High"),
            SeverityChip("medium", "Medium"),
            SeverityChip("low", "Low"),
            SeverityChip("unrated", "Not rated"),
        )
    )
    column.addLayout(line(*(TlpChip(level) for level in ("RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR")), gap=3))
    column.addLayout(
        line(
            StatusPill("affected", "Affected"),
            StatusPill("fix-ready", "Fix ready"),
            StatusPill("not-affected", "Not affected"),
            StatusPill("investigating", "Investigating"),
        )
    )
    column.addLayout(
        line(
            StatusPill("no-fix", "Affected, no fix"),
            Chip("3 h 12 m late", "overdue", icon="octagon-alert"),
            Chip("in 1 h 28 m", "today", icon="clock"),
        )
    )
    column.addLayout(
        line(
            Chip("Thu 26 Nov", "soon", icon="calendar"),
            Chip("paused", "paused", icon="pause"),
            Chip("done", "done", icon="check-circle"),
            SeverityChip("high", "High 8.1", plain=True),
            CountBadge("5", "overdue"),
            CountBadge("12"),
        )
    )
    column.addLayout(
        line(
            StageChip("Fixing", 4),
            *(Avatar(f"p{n}", who, who) for n, who in enumerate(("AE", "NS", "JK", "TP"))),
        )
    )
    return column


def banners() -> QLayout:
    column = titled("Banners")
    column.addWidget(Banner("blocker", "1 blocker", "Line 20.x is not decided."))
    column.addWidget(Banner("warning", "Read only", "You opened this store as auditor."))
    whole = Banner("good", "The record is whole", "48,219 events agree.", tall=True)
    whole.add_action(Button("Verify again", icon="audit"))
    column.addWidget(whole)
    column.addWidget(Banner("note", "Policy 3 is out", "This case stays on version 2."))
    card = Card()
    action = Button("Plan a release", "primary")
    card.body.addWidget(
        EmptyPage("release", "No release is planned", "A release bundles cases that become public together.", action)
    )
    column.addWidget(card)
    return column


def rows() -> QLayout:
    column = titled("Card, tabs, switch, rows")
    tabs = Tabs()
    for key, words, count in (
        ("o", "Overview", ""),
        ("a", "Affected", "7"),
        ("f", "Fixes", "3/5"),
        ("h", "History", "86"),
    ):
        tabs.add(key, words, count)
    tabs.choose("a")
    column.addWidget(tabs)
    card = Card("What is due", "Policy node-core", flush=True)
    choices = [("mine", "Mine"), ("all", "Everyone"), ("wait", "Waiting")]
    card.add_action(SegmentedSwitch(choices, "gallery.switch", "Whose"))
    card.body.setSpacing(0)
    card.body.addWidget(DueGroup("overdue", "Overdue", "1"))
    card.body.addWidget(
        DueRow(
            DueWords(
                action="Write the detailed reply",
                ref="H-2026-047",
                title="Heap over-read in TLS session ticket parsing",
                rule="Reply within 48 h",
                relative="3 h 12 m late",
                absolute="11:20 CET",
                state="overdue",
            ),
            SeverityChip("critical", "Critical"),
            Button("Write reply", "primary", size="row"),
        )
    )
    column.addWidget(card)
    progress = ProgressRow("gallery.progress", "Cancel", lambda: None)
    progress.tell("Importing 212 of 640 records", 212, 640)
    column.addWidget(progress)
    return column


def steps() -> QLayout:
    column = titled("Checklist steps")
    column.setSpacing(0)
    column.addWidget(ChecklistStep("Acknowledged", "done", "Mon 9 Nov"))
    card = NextStepCard()
    card.say(
        "List all affected versions",
        "Due Thu 26 Nov, 09:00 CET, in 1 d 18 h",
        "1 line still under investigation",
    )
    card.add_action(Button("Decide 20.x", "primary"))
    card.add_action(Button("Skip…"))
    column.addWidget(card)
    column.addWidget(ChecklistStep("Similar code audited", "open", "Thu 26 Nov"))
    column.addWidget(ChecklistStep("Fixes for every maintained line", "part", "3 of 5", share=0.6))
    column.addWidget(ChecklistStep("Pre-announcement", "skipped", "skipped"))
    column.addWidget(ChecklistStep("Detailed reply", "late", "3 h 12 m late"))
    column.addWidget(ChecklistStep("Blog post", "waiting", "after the mail"))
    return column


def icons() -> QLayout:
    column = titled("Icons")
    grid = QGridLayout()
    grid.setSpacing(12)
    for at, path in enumerate(sorted(icon_folder().glob("*.svg"))):
        grid.addWidget(IconLabel(path.stem, "text-2", 16), at // 14, at % 14)
    column.addLayout(grid)
    return column


def dialog(parent: QWidget | None) -> Dialog:
    made = Dialog(
        parent,
        name="gallery.export",
        title="Export before the embargo ends?",
        body="H-2026-041 becomes public on Mon 30 Nov 2026, 16:00 CET, in 6 d 1 h. "
        "What leaves now is recorded with your reason.",
        strong=("Mon 30 Nov 2026, 16:00 CET",),
        icon="triangle-alert",
        warns=True,
        width=NARROW,
    )
    area = TextArea()
    area.setPlainText("The vendor list needs the draft today.")
    made.content.addWidget(Field("Reason", area, helper="Seen by every auditor."))
    made.add_safe("Keep it here", "primary")
    made.add_act("Export and record", "danger")
    return made


def page() -> QWidget:
    whole = QWidget()
    columns = QHBoxLayout(whole)
    columns.setContentsMargins(32, 24, 32, 64)
    columns.setSpacing(34)
    for parts in ((buttons, fields, states), (banners, steps), (rows, icons)):
        column = QVBoxLayout()
        column.setSpacing(20)
        for part in parts:
            column.addLayout(part())
        column.addStretch(1)
        columns.addLayout(column, 1)
    return whole


def paint(folder: Path, scale: float) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    for mode in ("light", "dark"):
        apply_theme(app, "dark" if mode == "dark" else "light", scale)
        shown = page()
        shown.resize(theme().px(1440), theme().px(1000))
        toast = Toast(shown)
        toast.say("Fix for 22.x stored", "Undo", lambda: None)
        shown.show()
        focused = shown.findChild(QWidget, "rest.primary")
        assert focused is not None
        focused.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        shown.grab().save(str(folder / f"parts-{mode}.png"))
        asked = dialog(shown)
        asked.open()
        QApplication.processEvents()
        asked.grab().save(str(folder / f"dialog-{mode}.png"))
        asked.reject()
        shown.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--ratio", default="1")
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = given.ratio
    app = QApplication([])
    given.folder.mkdir(parents=True, exist_ok=True)
    paint(given.folder, given.scale)
    print(given.folder, app.platformName())


if __name__ == "__main__":
    main()
