"""The stops of the tour where the store itself is looked after: ways in, backups, retention, and the other doors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.demo import PASSPHRASE
from app.presenters.target import Target
from ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from tests.tour.stops import Tour

_GROUPS: Final = range(1, 9)


def ways_in(tour: Tour) -> None:
    driver = tour.driver
    tour.go(Target(page="settings", tab="ways-in"))
    tour.take("settings-ways-in")
    driver.menu("ways.add", "ways.add.passphrase")
    driver.fill("ways.addPassphrase.passphrase", "kelp lantern orbit velvet")
    tour.take("ways-add-passphrase")
    driver.press("Escape")
    driver.click("ways.rekey.open")
    tour.take("ways-new-key")
    driver.press("Escape")
    driver.click("ways.makeRecovery")
    driver.fill("ways.addRecovery.proof.passphrase", PASSPHRASE)
    driver.click("ways.addRecovery.act")
    groups = [driver.find_as(PlainLabel, f"recovery.group.{number}").text() for number in _GROUPS]
    # The sheet itself is in no picture: it holds a code.
    driver.click("recovery.act")
    driver.fill("recovery.code", " ".join(["00000", *groups[1:]]))
    driver.click("recovery.act")
    tour.take("ways-recovery-wrong")
    driver.fill("recovery.code", " ".join(groups))
    driver.click("recovery.act")
    driver.gone("recovery")
    tour.take("settings-ways-in-two")


def backups(tour: Tour) -> None:
    driver = tour.driver
    tour.go(Target(page="settings", tab="backups"))
    tour.take("settings-backups-empty")
    folder = tour.shown.folder / "Backups"
    folder.mkdir(exist_ok=True)
    driver.fill("backups.folder", str(folder))
    driver.press("Return")
    driver.click("backups.now")
    driver.find("backups.result")
    tour.take("settings-backups")
    (made, *_others) = sorted(folder.iterdir(), reverse=True)
    driver.click(f"backups.try.{made.name}")
    tour.take("backups-drill")
    driver.fill("backups.drill.proof.passphrase", PASSPHRASE)
    driver.click("backups.drill.act")
    driver.until(lambda: "The restore worked" in tour.shown.texts(), "the drill to end well")
    tour.take("settings-backups-tried")
    tour.go(Target(page="settings", tab="retention"))
    tour.take("settings-retention")


def other_doors(tour: Tour) -> None:
    """After the lock: the code, and a backup in the place of a store."""
    driver = tour.driver
    driver.press("Ctrl+L")
    driver.find("unlock.way.recovery")
    tour.take("unlock-ways")
    driver.click("unlock.way.recovery")
    tour.take("unlock-code")
    driver.click("unlock.noCode")
    driver.click("unlock.restore")
    tour.take("restore")
    driver.click("restore.back")
    driver.fill("unlock.passphrase", PASSPHRASE)
    driver.press("Return")
    driver.find("rail.pages")
