"""Drives the real window through every page and saves a picture of each, light and dark.

python -m tests.tour [--out FOLDER] [--readme] [--xcb] [--only light|dark]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

NOW: Final = datetime(2026, 11, 24, 13, 32, tzinfo=UTC)
ROOT: Final = Path(__file__).resolve().parents[2]
PICTURES: Final = ROOT / "resources" / "help" / "pictures"
README: Final = ("cases", "case-affected", "advisory", "release", "unlock", "desk")
SIZE: Final = (1440, 900)
SMALLEST: Final = (1024, 680)
MODES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")


def main(words: Sequence[str] | None = None) -> int:
    """Exit status 0 when every picture was taken."""
    parser = argparse.ArgumentParser(prog="tests.tour", description=__doc__, add_help=True)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "tour", help="folder for the pictures")
    parser.add_argument("--readme", action="store_true", help="refresh the pictures of the README as well")
    parser.add_argument("--xcb", action="store_true", help="use the display there is, such as that of xvfb-run")
    parser.add_argument("--only", choices=MODES, help="one of the two looks")
    parser.add_argument("--part", choices=("round", "small", "crisp"), help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    out: Path = given.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    if given.part:
        return walk(out, given.part, [given.only] if given.only else list(MODES), xcb=given.xcb)
    for part in ("round", "small", "crisp"):
        # The scale of the screen is decided when Qt starts, so each part is a process of its own.
        scale = {"QT_SCALE_FACTOR": "2"} if part == "crisp" else {}
        command = [sys.executable, "-P", "-m", "tests.tour", "--out", str(out), "--part", part]
        command += ["--xcb"] if given.xcb else []
        command += ["--only", given.only] if given.only else []
        code = subprocess.run(command, cwd=ROOT, env=os.environ | scale, check=False).returncode
        if code:
            return code
    if given.readme:
        refresh(out)
    print(out)
    return 0


def walk(out: Path, part: str, modes: list[Literal["light", "dark"]], *, xcb: bool) -> int:
    """One process: the demo store is made once, the window is opened on it once for each look."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        from app.demo import make_demo
        from tests.tour.camera import application, at_home, forget_stores, hidden_application

        at_home(folder)
        if xcb:
            os.environ["QT_QPA_PLATFORM"] = "xcb"
        app = application() if xcb else hidden_application()
        made = make_demo(folder, NOW, lambda _done, _of: None)
        taken = 0
        for mode in modes:
            # The same path each time, since it is seen in the pictures.
            copy = folder / "Private" / made.store.name
            shutil.rmtree(copy.parent, ignore_errors=True)
            copy.parent.mkdir()
            shutil.copytree(made.store, copy)
            forget_stores()
            taken += open_and_walk(copy, part, mode, out)
        app.processEvents()
        print(f"{part}: {taken} pictures")
    return 0


def open_and_walk(store: Path, part: str, mode: Literal["light", "dark"], out: Path) -> int:
    """Open the window on a store in one look and walk; gives the number of pictures."""
    from app.demo.story import StoryClock
    from tests.flows.real_window import RealWindow
    from tests.tour.camera import Camera
    from tests.tour.stops import ROUND, Tour, small

    shown = RealWindow(StoryClock(NOW), store.parent, store=str(store), mode=mode)
    size = SMALLEST if part == "small" else SIZE
    shown.window.resize(*size)
    suffix = {"round": mode, "small": f"{mode}-1024", "crisp": f"{mode}-2x"}[part]
    camera = Camera(shown.driver, shown.window, out, suffix)
    tour = Tour(shown, camera)
    try:
        for stop in ROUND if part == "round" else (small,):
            stop(tour)
    finally:
        shown.close()
    for stray in shown.strays.found:
        print(f"flashed up as a window of its own: {stray}", file=sys.stderr)
    return len(camera.taken)


def refresh(out: Path) -> None:
    """Take the few pictures of the README over, each made small."""
    from tests.tour.slim import slim

    PICTURES.mkdir(parents=True, exist_ok=True)
    for name in README:
        for mode in MODES:
            taken = out / f"{name}-{mode}.png"
            if taken.is_file():
                slim(taken, PICTURES / taken.name)


if __name__ == "__main__":
    sys.exit(main())
