"""The main job in the window, step by step, as a handler and a release manager do it; facts come from `journey`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, final

from PySide6.QtWidgets import QDialog

from tests.flows import journey as j
from tests.flows.real_window import BERLIN, RealWindow
from tests.flows.window import Keys

TARGET: Final = j.RELEASE_DAY.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M")

ARTEFACTS: Final = {"blog-pre": "Pre-announcement page", "mail": "Mail to", "blog-post": "Blog post"}
"""Words of the row of the list of artefacts, by format."""


@final
class WindowSteps:
    """Each method is one thing that a person does; the window is left where the next one begins."""

    def __init__(self, shown: RealWindow) -> None:
        self.shown = shown
        self.driver = shown.driver
        self.ref = ""
        self.release = ""

    @property
    def by_keys(self) -> bool:
        return isinstance(self.driver, Keys)

    # ------------------------------------------------------------------------------------- the store
    def create_store(self) -> None:
        """Make a store in the form of a new one."""
        d = self.driver
        d.click("unlock.firstNew")
        d.fill("newStore.name", "Aster security")
        d.fill("newStore.folder", str(self.shown.folder / "team.holdfast"))
        d.fill("newStore.person", j.OWNER[0])
        d.fill("newStore.email", j.OWNER[1])
        d.choose("newStore.policy", "node-core")
        d.choose("newStore.project", "aster")
        d.fill("newStore.passphrase", j.PASSPHRASE)
        d.fill("newStore.again", j.PASSPHRASE)
        d.click("newStore.create")
        d.find("rail.pages")

    def come_back(self, now: datetime) -> None:
        """Sit down again on another day: the window locked itself, and after the passphrase it is where it was."""
        self.shown.set_clock(now)
        self.unlock()
        self.driver.gone("unlock.passphrase")

    def unlock(self, passphrase: str = j.PASSPHRASE) -> None:
        """Type the passphrase and press Enter."""
        self.driver.fill("unlock.passphrase", passphrase)
        self.driver.press("Return")

    # --------------------------------------------------------------------------------------- the case
    def receive(self, report: Path = j.REPORT) -> None:
        """Import a mail and open the case that it became."""
        d = self.driver
        d.press("Ctrl+I")
        d.choose_path("import.chooser", str(report))
        d.find("importReport")
        d.click("importReport.act")
        d.find("case.next.act")
        self.ref = self._words("case.ref")

    def next_step(self) -> None:
        """Begin what the process panel asks for."""
        if self.by_keys:
            self.driver.press("Ctrl+Return")
        else:
            self.driver.click("case.next.act")

    def carry_out(self, verb: str) -> None:
        """Carry the open form out."""
        if self.by_keys:
            self.driver.press("Ctrl+Return")
        else:
            self.driver.click(f"form.{verb}.act")
        self.driver.gone(f"form.{verb}")

    def begin(self, verb: str) -> None:
        """Open the form of a verb from the menu of the case."""
        self.driver.menu("case.more", f"case.menu.{verb}")
        self.driver.find(f"form.{verb}")

    def answer(self) -> None:
        """Take the case, acknowledge the report, reply in detail."""
        d = self.driver
        self.next_step()
        for verb, text in (("acknowledge", j.ACKNOWLEDGEMENT), ("reply", j.REPLY)):
            self.next_step()
            d.fill(f"form.{verb}.text", text)
            self.carry_out(verb)

    def confirm(self) -> None:
        """Confirm the problem and say in the title what can be done."""
        self.next_step()
        self.driver.fill("form.confirm.note", j.CONFIRMATION)
        self.carry_out("confirm")
        self.begin("retitle")
        self.driver.fill("form.retitle.title", j.TITLE)
        self.carry_out("retitle")

    def list_lines(self) -> None:
        """List every line and decide each in the matrix."""
        d = self.driver
        self.next_step()
        d.fill("form.add-lines.lines", " ".join(line["line"] for line in j.LINES))
        self.carry_out("add-lines")
        for line in j.LINES:
            d.row("case.affected.table", line["line"])
            d.press(line["status"][0].upper())
            for field in ("introduced", "last_affected", "fixed"):
                if line.get(field):
                    d.fill(f"case.affected.{field}", line[field])
            d.press("Escape")
        d.row("case.affected.table", j.LINES[0]["line"])

    def audit(self) -> None:
        """Record the search for similar problems."""
        d = self.driver
        self.next_step()
        d.fill("form.audit-similar-code.pattern", j.PATTERN)
        d.fill("form.audit-similar-code.conclusion", j.CONCLUSION)
        self.carry_out("audit-similar-code")

    def hold_fixes(self) -> None:
        """Hold a fix for every affected line."""
        d = self.driver
        for _ in range(2):
            self.next_step()
            d.choose("form.hold-fix.state", "ready")
            d.fill("form.hold-fix.author", j.AUTHOR)
            self.carry_out("hold-fix")

    def rate(self) -> None:
        """Rate the severity."""
        self.begin("rate-severity")
        self.driver.choose("form.rate-severity.rating", j.RATING)
        self.carry_out("rate-severity")

    def get_cve(self) -> None:
        """Record that a CVE was asked for, then its id; a malformed one is refused while it is typed."""
        d = self.driver
        self.next_step()
        self.carry_out("request-cve")
        self.next_step()
        d.fill("form.assign-cve.id", "CVE-99-1")
        act = d.visible("form.assign-cve.act")
        assert act is not None
        assert not act.isEnabled()
        d.fill("form.assign-cve.id", j.CVE)
        self.carry_out("assign-cve")

    def first_half(self) -> None:
        """From the report to the CVE."""
        self.receive()
        self.answer()
        self.confirm()
        self.list_lines()
        self.audit()
        self.hold_fixes()
        self.rate()
        self.get_cve()

    # ---------------------------------------------------------------------------------------- the text
    def write_advisory(self) -> None:
        """Type the advisory into the editor and save it as a revision."""
        d = self.driver
        d.tab("case.tabs", "Advisory")
        d.fill("case.advisory.editor", j.ADVISORY)
        d.until(lambda: d.find("case.advisory.save").isEnabled(), "the revision to be savable")
        d.click("case.advisory.save")
        d.until(lambda: self._words("case.advisory.revision") == "Revision 1", "the revision to be saved")
        d.settle()

    def thank(self) -> None:
        """Say who is thanked."""
        d = self.driver
        self.begin("set-credits")
        for number, credit in enumerate(j.CREDITS):
            if d.visible(f"form.set-credits.credits.{number}.name") is None:
                d.click("form.set-credits.credits.add")
            d.fill(f"form.set-credits.credits.{number}.name", credit["name"])
            d.choose(f"form.set-credits.credits.{number}.role", credit["role"])
            d.choose(f"form.set-credits.credits.{number}.consent", credit["consent"])
        self.carry_out("set-credits")

    # ------------------------------------------------------------------------------------- the release
    def plan_release(self) -> None:
        """Plan a release on the page of the releases."""
        d = self.driver
        d.page(3)
        d.click("releases.planFirst")
        d.fill("form.plan-release.target", TARGET)
        for number, line in enumerate(("24.x", "22.x")):
            if d.visible(f"form.plan-release.lines.{number}.line") is None:
                d.click("form.plan-release.lines.add")
            d.fill(f"form.plan-release.lines.{number}.line", line)
        self.carry_out("plan-release")
        self.release = self._words("release.ref")

    def bundle(self) -> None:
        """Let the case join the release."""
        d = self.driver
        d.click("release.cases.add")
        d.fill("release.addCase.search", "smuggling")
        d.row("release.addCase.found", self.ref)
        d.click("release.addCase.act")
        d.until(lambda: self.ref in self._words("release.addCase.note"), "the case to have joined")
        d.click("release.addCase.safe")
        d.gone("release.addCase")

    def plan_versions(self) -> None:
        """Name the version of each line."""
        d = self.driver
        d.click("release.side.act")
        for line, version in (("24.x", "24.3.2"), ("22.x", "22.9.1")):
            d.fill(f"release.lines.{line}.version", version)
            d.press("Return")
        d.click("release.side.act")

    def meet_the_guard(self) -> str:
        """Ask for the blog post before its day: the guard says why not, and its words are given back."""
        d = self.driver
        self.show_artefact("blog-post")
        d.click("release.export")
        guard = d.find_as(QDialog, "export.guard")
        act = d.visible("export.guard.act")
        assert act is not None
        assert not act.isEnabled()
        return guard.accessibleDescription()

    def keep_it_here(self) -> None:
        """Take the guard's safe answer."""
        self.driver.click("export.guard.safe")
        self.driver.gone("export.guard")

    def export(self, form: str, folder: Path) -> None:
        """Export a text of the release into a folder."""
        d = self.driver
        self.show_artefact(form)
        d.click("release.export")
        d.choose_path("export.folder", str(folder))
        d.settle()

    def show_artefact(self, form: str) -> None:
        """Choose the first artefact of a format."""
        self.driver.row("release.artefacts", ARTEFACTS[form])

    def record(self, verb: str, opener: str = "release.sheet.act", **fields: str) -> None:
        """Record a step of the run sheet: the one that is offered now, or the one whose row is named."""
        d = self.driver
        d.click(opener)
        for field, text in fields.items():
            d.fill(f"form.{verb}.{field}", text)
        self.carry_out(verb)

    def pre_announce(self, folder: Path) -> None:
        """Export the page that tells of a coming release, and record that it is out."""
        self.export("blog-pre", folder)
        self.record("pre-announce-release", url=j.POST_URL)

    def announce(self, folder: Path) -> None:
        """Record the versions, export the mails, record the one to the announcement list."""
        self.record("release-versions")
        self.export("mail", folder)
        self.record("announce-release", message_id=j.MESSAGE_ID)

    def post(self, folder: Path) -> None:
        """Export the blog post and record it."""
        self.export("blog-post", folder)
        self.record("post-release", url=j.POST_URL)

    def publish(self, folder: Path) -> None:
        """From the pre-announcement to the post, as the day goes."""
        self.pre_announce(folder)
        self.come_back(j.RELEASE_DAY + timedelta(minutes=5))
        self.announce(folder)
        self.post(folder)

    def finish(self) -> None:
        """Record the records, close the case, close the release."""
        d = self.driver
        d.click(f"release.cases.{self.ref}")
        self.next_step()
        d.fill("form.record-publication.kinds", "nswg")
        self.carry_out("record-publication")
        self.next_step()
        self.carry_out("close")
        d.page(3)
        d.open_row("releases.table", self.release)
        self.record("close-release", "release.sheet.closed")

    # ------------------------------------------------------------------------------------------ inside
    def _words(self, name: str) -> str:
        return str(self.driver.find(name).property("text") or "")
