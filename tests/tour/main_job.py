"""The main job without a display: an invented report goes through the real window, offscreen, to the texts of the day.

    python -m tests.tour.main_job --out FOLDER

FOLDER/texts holds the exported mails and posts, FOLDER/pictures what the window showed, and FOLDER/store-N the store,
which `holdfast` opens with the passphrase that is printed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.flows.real_window import RealWindow
    from tests.flows.window_steps import WindowSteps
    from tests.tour.camera import Camera

ROOT = Path(__file__).resolve().parents[2]


def main(words: Sequence[str] | None = None) -> int:
    """Exit status 0 when the job was done and the record verified, else 1."""
    parser = argparse.ArgumentParser(prog="tests.tour.main_job", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "main-job", help="folder for what is made")
    out: Path = parser.parse_args(words).out.resolve()
    os.umask(0o077)
    out.mkdir(parents=True, exist_ok=True)
    store = fresh_folder(out)
    from tests.tour.camera import at_home, hidden_application

    at_home(store)
    app = hidden_application()
    done = do_it(store, out)
    app.processEvents()
    return 0 if done else 1


def fresh_folder(out: Path) -> Path:
    """A new folder for the store; one that an earlier run made is never touched."""
    number = 1
    while (out / f"store-{number}").exists():
        number += 1
    made = out / f"store-{number}"
    made.mkdir(mode=0o700)
    return made


def do_it(folder: Path, out: Path) -> bool:
    """Walk through the whole job; gives whether the record verified at its end."""
    from app.bootstrap import Parts, cheapest_cost
    from tests.flows import journey as j
    from tests.flows.real_window import RealWindow
    from tests.flows.window_steps import WindowSteps
    from tests.tour.camera import Camera

    clock = j.Hands()
    # A store that the program itself opens later, so with the least key derivation that it accepts.
    shown = RealWindow(clock, folder, parts=Parts(clock, cost=cheapest_cost()))
    camera = Camera(shown.driver, shown.window, out / "pictures", "light")
    steps = WindowSteps(shown)
    try:
        for number, (words, act) in enumerate(acts(steps, out / "texts"), 1):
            shown.set_clock(clock.now() + timedelta(minutes=7))
            act()
            camera.take(f"{number:02}-{words.replace(' ', '-').casefold()}")
            print(f"{number:2}  {words}", flush=True)
        whole = verified(shown, camera)
    finally:
        shown.close()
    account(steps, out, folder, whole=whole, pictures=len(camera.taken))
    return whole


def acts(steps: WindowSteps, texts: Path) -> list[tuple[str, Callable[[], object]]]:
    """The job in its order: what a person would say was done, and the doing of it."""
    from tests.flows import journey as j

    before = texts / "before-the-day"
    for folder in (texts, before):
        folder.mkdir(parents=True, exist_ok=True)

    def pre_announce() -> None:
        steps.keep_it_here()
        steps.pre_announce(before)

    def on_the_day() -> None:
        steps.come_back(j.RELEASE_DAY + timedelta(minutes=5))

    return [
        ("Store made", steps.create_store),
        ("Report received", steps.receive),
        ("Reporter answered", steps.answer),
        ("Problem confirmed", steps.confirm),
        ("Affected versions listed", steps.list_lines),
        ("Similar code audited", steps.audit),
        ("Fixes held", steps.hold_fixes),
        ("Severity rated", steps.rate),
        ("CVE assigned", steps.get_cve),
        ("Advisory written", steps.write_advisory),
        ("Credits given", steps.thank),
        ("Release planned", steps.plan_release),
        ("Case bundled", steps.bundle),
        ("Versions planned", steps.plan_versions),
        ("Early export refused", steps.meet_the_guard),
        ("Pre-announcement exported", pre_announce),
        ("Release day begun", on_the_day),
        ("Versions released and mail sent", lambda: steps.announce(texts)),
        ("Blog post published", lambda: steps.post(texts)),
        ("Case and release closed", steps.finish),
    ]


def verified(shown: RealWindow, camera: Camera) -> bool:
    """Let the window verify its own record; gives whether it says that the record is whole."""
    driver = shown.driver
    driver.page(4)
    driver.press("Ctrl+Shift+V")
    camera.take("21-record-verified")
    return "The record is whole" in shown.texts()


def account(steps: WindowSteps, out: Path, folder: Path, *, whole: bool, pictures: int) -> None:
    """Say what was made and where it lies."""
    from tests.flows import journey as j

    texts = sorted(path for path in (out / "texts").rglob("*") if path.is_file())
    print()
    print(f"{steps.ref} went from the mail to the closed case, {steps.release} from the plan to the blog post.")
    print("The record verified: chain, signatures, files, projections." if whole else "The record did not verify.")
    print(f"Texts      {out / 'texts'}")
    for path in texts:
        print(f"           {path.relative_to(out / 'texts')}, {path.stat().st_size:,} bytes")
    print(f"Pictures   {out / 'pictures'}, {pictures} of them")
    print(f"Store      {folder / 'team.holdfast'}, passphrase: {j.PASSPHRASE}")


if __name__ == "__main__":
    sys.exit(main())
