"""The stops of the tour: where the person goes, what is done there, and which picture is taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, final

from app.demo import PASSPHRASE
from app.desk.ports.vault import CaseQuery
from app.presenters.target import Target, case_target
from tests.case_world import ADVISORY
from tests.flows import journey as j
from tests.flows.real_window import RealWindow
from tests.tour.camera import Camera
from tests.tour.keeping import backups, other_doors, ways_in

Stop = Callable[["Tour"], None]
CASE_TABS: Final = (
    "Overview",
    "Report",
    "Affected",
    "Fixes",
    "Advisory",
    "Embargo",
    "Correspondence",
    "History",
)


@final
class Tour:
    """The window, the hands on it, and the camera; `ref` finds a case of the demo by words of its title."""

    def __init__(self, shown: RealWindow, camera: Camera) -> None:
        self.shown = shown
        self.driver = shown.driver
        self.take = camera.take

    def go(self, target: Target) -> None:
        """Bring a place to the front."""
        workspace = self.shown.window.workspace
        if workspace is None:
            raise AssertionError("the store is locked")
        workspace.navigate(target)
        self.driver.settle()

    def ref(self, words: str) -> str:
        """The reference of the first case that has these words."""
        workspace = self.shown.window.workspace
        found: list[str] = []
        if workspace is not None:
            queries = workspace.ctx.session.queries
            workspace.ctx.runner.run(
                lambda: queries.cases(CaseQuery(text=words)).rows,
                lambda rows: found.extend(row.ref for row in rows),
                lambda problem: found.append(str(problem)),
            )
        self.driver.until(lambda: bool(found), f"the case about {words}")
        return found[0]

    def case(self, tab: str = "", words: str = "smuggling folded") -> None:
        """Open the case that these words find, at a tab."""
        self.go(case_target(self.ref(words), tab=tab))
        self.driver.find("case.title")


def locked(tour: Tour) -> None:
    driver = tour.driver
    driver.find("unlock.passphrase")
    tour.take("unlock")
    driver.fill("unlock.passphrase", "not this one")
    driver.press("Return")
    driver.find("unlock.problem")
    tour.take("unlock-wrong")
    driver.click("unlock.new")
    tour.take("new-store")
    driver.fill("newStore.name", "Aster security")
    driver.fill("newStore.person", "Ada Example")
    driver.fill("newStore.email", "ada at example")
    driver.fill("newStore.passphrase", "correct horse")
    driver.fill("newStore.again", "correct horse battery")
    driver.click("newStore.create")
    tour.take("new-store-wrong")
    driver.click("newStore.back")
    driver.fill("unlock.passphrase", PASSPHRASE)
    driver.press("Return")
    driver.find("rail.pages")


def desk(tour: Tour) -> None:
    tour.driver.page(1)
    tour.take("desk")


def cases(tour: Tour) -> None:
    driver = tour.driver
    driver.page(2)
    tour.take("cases")
    driver.fill("cases.search", "parser")
    tour.take("cases-search")
    driver.fill("cases.search", "zebra quartz")
    tour.take("cases-nothing")
    driver.click("cases.clearAll")
    driver.click("cases.columns")
    tour.take("cases-columns")
    driver.press("Escape")
    driver.click("cases.views.closed")
    tour.take("cases-closed")
    driver.click("cases.views.open")


def case_tabs(tour: Tour) -> None:
    for tab in CASE_TABS:
        tour.case(tab.casefold())
        tour.take(f"case-{tab.casefold()}")


def case_states(tour: Tour) -> None:
    driver = tour.driver
    tour.case("overview", "locale argument")
    tour.take("case-new")
    driver.click("case.next.act")
    tour.take("case-new-next")
    driver.press("Escape")
    tour.case("affected", "lone surrogate")
    tour.take("case-affected-empty")
    tour.case("history", "cookie parser")
    tour.take("case-closed")
    tour.case("overview", "Debugger port")
    tour.take("case-rejected")


def advisory(tour: Tour) -> None:
    driver = tour.driver
    tour.case("advisory")
    driver.fill("case.advisory.editor", ADVISORY.replace("8.1", "8.3"))
    driver.press("Ctrl+Home")
    tour.take("advisory")
    driver.click("case.advisory.fact")
    tour.take("advisory-facts")
    driver.press("Escape")
    driver.click("case.advisory.mode.plain")
    tour.take("advisory-plain")
    driver.click("case.advisory.mode.advisory")


def case_forms(tour: Tour) -> None:
    driver = tour.driver
    tour.case("overview")
    driver.click("case.more")
    tour.take("case-menu")
    driver.press("Escape")
    for verb in ("rate-severity", "move-embargo", "set-credits", "update-reporter", "add-note"):
        driver.menu("case.more", f"case.menu.{verb}")
        driver.find(f"form.{verb}")
        tour.take(f"form-{verb}")
        driver.press("Escape")
    tour.case("fixes")
    driver.click("case.fixes.0.hold")
    tour.take("form-hold-fix")
    driver.press("Escape")


def releases(tour: Tour) -> None:
    driver = tour.driver
    driver.page(3)
    tour.take("releases")
    driver.click("releases.plan")
    driver.find("form.plan-release")
    tour.take("form-plan-release")
    driver.press("Escape")
    driver.open_row("releases.table", "Autumn")
    tour.take("release-past")
    driver.page(3)
    driver.open_row("releases.table", "Winter")
    tour.take("release")
    driver.row("release.artefacts", "Mail to")
    tour.take("release-mail")
    driver.click("release.export")
    driver.find("export.guard")
    tour.take("export-refused")
    driver.press("Escape")
    driver.click("release.postpone")
    driver.find("form.postpone")
    driver.fill("form.postpone.target", "2026-12-15 16:00")
    driver.fill("form.postpone.reason", "The fix for 20.x needs another week of tests.")
    tour.take("form-postpone")
    driver.press("Escape")
    driver.click("release.cases.add")
    driver.find("release.addCase")
    tour.take("release-add-case")
    driver.press("Escape")
    for tab in ("Updates", "Postponed"):
        driver.tab("release.side", tab)
        tour.take(f"release-{tab.casefold()}")
    driver.tab("release.side", "Lines")
    driver.click("release.side.act")
    tour.take("release-lines-editing")
    driver.click("release.side.act")


def audit(tour: Tour) -> None:
    driver = tour.driver
    driver.page(4)
    tour.take("audit")
    driver.press("Ctrl+Shift+V")
    tour.take("audit-verified")


def settings_and_help(tour: Tour) -> None:
    tour.driver.press("Ctrl+,")
    tour.take("settings")
    tour.driver.press("F1")
    tour.take("help")


def over_the_page(tour: Tour) -> None:
    driver = tour.driver
    driver.page(2)
    driver.press("Ctrl+K")
    driver.write("parser")
    tour.take("palette")
    driver.press("Escape")
    driver.press("Ctrl+N")
    driver.find("newCase")
    tour.take("new-case")
    driver.press("Escape")
    driver.press("Ctrl+I")
    tour.take("import-chooser")
    driver.choose_path("import.chooser", f'"{_report(tour.shown.folder)}" "{_nonsense(tour.shown.folder)}"')
    driver.find("importReport")
    tour.take("import-report")
    driver.press("Escape")


def lock_again(tour: Tour) -> None:
    tour.case("advisory")
    tour.driver.press("Ctrl+L")
    tour.driver.find("unlock.passphrase")
    tour.take("locked")


ROUND: Final[tuple[Stop, ...]] = (
    locked,
    desk,
    cases,
    case_tabs,
    advisory,
    case_states,
    case_forms,
    releases,
    audit,
    settings_and_help,
    ways_in,
    backups,
    other_doors,
    over_the_page,
    lock_again,
)
"""Every page, in the order of a first walk through the house."""


def small(tour: Tour) -> None:
    """The pages that change most where there is little room."""
    tour.driver.fill("unlock.passphrase", PASSPHRASE)
    tour.take("unlock")
    tour.driver.press("Return")
    tour.driver.find("rail.pages")
    for number, name in enumerate(("desk", "cases", "releases", "audit"), 1):
        tour.driver.page(number)
        tour.take(name)
    for tab in ("overview", "affected", "advisory"):
        tour.case(tab)
        tour.take(f"case-{tab}")
    tour.driver.press("F9")
    tour.take("case-checklist")
    tour.driver.page(3)
    tour.driver.open_row("releases.table", "Winter")
    tour.driver.find("release.title")
    tour.take("release")
    for tab in ("general", "ways-in", "backups", "retention"):
        tour.go(Target(page="settings", tab=tab))
        tour.take(f"settings-{tab}")


def _report(folder: Path) -> Path:
    """The report of the journey, as if it had come in today."""
    path = folder / "report.eml"
    path.write_bytes(j.REPORT.read_bytes().replace(b"Mon, 02 Mar 2026 08:12:45", b"Tue, 24 Nov 2026 14:02:45"))
    return path


def _nonsense(folder: Path) -> Path:
    """A file that no importer takes."""
    path = folder / "half-a-record.json"
    path.write_text('{"vulnerabilities": [{"cve": ', encoding="utf-8")
    return path
