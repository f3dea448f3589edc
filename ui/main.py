"""Starts everything: words go to the command line, which imports no Qt; without words the window opens."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import TracebackType

    from PySide6.QtWidgets import QApplication

    from app.bootstrap import Session
    from app.desk.ports.keys import Secret
    from app.presenters.runner import Cancelled, Report
    from app.presenters.settings import MachineSettings
    from app.presenters.unlock import Choice, NewStore, Opened, OutsideWay, StoreAgain
    from ui.kit.theme import Mode
    from ui.shell.window import Window

DONE: Final = 0
NO_WINDOW: Final = 1
USAGE: Final = 2

_HELP: Final = frozenset({"-h", "--help", "--version"})
_AFTER_PAINT: Final = 100  # milliseconds
_ARRIVED: Final = 1_500  # milliseconds after which nobody waits for the first page or the desk any more
_THEMES: Final = ("light", "dark", "system")
_VALUES: Final = {
    "--store": "store",
    "--passphrase-file": "passphrase_file",
    "--passphrase-fd": "passphrase_fd",
    "--theme": "theme",
}
_PACKAGES: Final = (
    "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0 libxcb-cursor0 libxcb-icccm4 "
    "libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0"
)
# Without one of these Qt does not raise on X11, it aborts.
_XCB: Final = (
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-image.so.0",
    "libxcb-keysyms.so.1",
    "libxcb-render-util.so.0",
    "libxcb-shape.so.0",
    "libxcb-xkb.so.1",
    "libxkbcommon-x11.so.0",
)


@dataclass(slots=True)
class Options:
    """What was asked for on the command line of the window."""

    store: str = ""
    passphrase_file: str = ""
    passphrase_fd: str = ""
    theme: str = ""


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 there can be no window, 2 wrong usage; with words that of the command line."""
    words = list(sys.argv[1:] if argv is None else argv)
    from app.machine.process import harden

    harden()
    if words and (not words[0].startswith("-") or words[0] in _HELP):
        from app.cli import main as headless

        return headless(words)
    options = Options()
    problem = parse(words, options) or obstacle(os.environ, sys.platform)
    if problem:
        sys.stderr.write(f"holdfast: {problem}\n")
        return USAGE if parse(words, Options()) else NO_WINDOW
    try:
        return open_window(options)
    except ImportError as missing:
        sys.stderr.write(f"holdfast: {missing_library(str(missing))}\n")
        return NO_WINDOW


def parse(words: list[str], options: Options) -> str:
    """Fill `options`; gives back what is wrong with the words, or an empty text."""
    rest = list(words)
    while rest:
        word, equals, value = rest.pop(0).partition("=")
        name = _VALUES.get(word)
        if name is None:
            return f"{word} is not an option of the window. holdfast --help names them all."
        if not equals:
            if not rest:
                return f"{word} needs a value."
            value = rest.pop(0)
        setattr(options, name, value)
    if options.passphrase_fd and not options.passphrase_fd.isdecimal():
        return "--passphrase-fd needs the number of an open file descriptor."
    if options.passphrase_file and options.passphrase_fd:
        return "--passphrase-file and --passphrase-fd exclude each other."
    if options.theme and options.theme not in _THEMES:
        return f"--theme is one of {', '.join(_THEMES)}."
    return ""


def obstacle(environment: os._Environ[str] | dict[str, str], platform: str) -> str:
    """Why there can be no window here, or an empty text. On X11 Qt would abort where a library is missing."""
    if not platform.startswith("linux") or environment.get("QT_QPA_PLATFORM"):
        return ""
    if environment.get("WAYLAND_DISPLAY"):
        return ""
    if not environment.get("DISPLAY"):
        return "there is no screen here. Without one, use the words of holdfast --help."
    absent = [name for name in _XCB if not loads(name)]
    return missing_library(", ".join(absent)) if absent else ""


def loads(library: str) -> bool:
    """Whether the system has this library."""
    import ctypes

    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_library(name: str) -> str:
    """What to do about a library of the system that is missing."""
    return (
        f"the window needs a library of the system that is missing: {name}. "
        f"On Debian and Ubuntu this installs it: sudo apt install {_PACKAGES}"
    )


def open_window(options: Options) -> int:
    """Show the window and stay until it is closed."""
    # Nothing that is made until the first page is painted is garbage; looking for some only delays it.
    gc.disable()
    from PySide6.QtWidgets import QApplication

    from ui.kit.theme import DRESSED, apply_theme

    app = QApplication([sys.argv[0], "-style", "fusion"])
    app.setProperty(DRESSED, True)
    app.setApplicationName("holdfast")
    app.setApplicationDisplayName("Holdfast")
    app.setQuitOnLastWindowClosed(True)
    settings = machine_settings()
    mode, scale = look(settings, options.theme)
    apply_theme(app, mode, scale)
    guard_capture(app, settings)
    window = make_window(settings, options.store)
    watch_defects(window)
    window.fit_screen()
    window.show()
    begin(window, options)
    return app.exec()


class MachineDoors:
    """Opens and makes stores through the bootstrap; everything heavy is imported on the vault's thread."""

    def open(self, folder: str, secret: Secret, *, accept_older: bool = False) -> Session:
        from app.bootstrap import open_store

        return open_store(Path(folder), secret, accept_older=accept_older)

    def ways(self, folder: str) -> tuple[OutsideWay, ...]:
        from app.bootstrap import outside_ways
        from app.presenters.unlock import OutsideWay

        return tuple(OutsideWay(w.kind, w.label, w.fingerprint) for w in outside_ways(Path(folder)))

    def again(self, wanted: StoreAgain, secret: Secret, progress: Report, cancelled: Cancelled) -> Opened | None:
        """A backup restored or a damaged store rescued, and opened; None if cancelled."""
        from app.bootstrap import open_store, rescue_store, restore_store
        from app.domain.errors import Rejected
        from app.presenters.rescue_words import report_words
        from app.presenters.unlock import Opened

        if wanted.how == "rescue":
            new = Path(wanted.folder)
            try:
                report = rescue_store(
                    Path(wanted.file),
                    new,
                    secret,
                    passphrase=wanted.passphrase,
                    progress=_stopping(progress, cancelled),
                )
            except _Cancelled:
                return None
            return Opened(open_store(new, wanted.passphrase), wanted.folder, told=tuple(report_words(report)))
        try:
            session = restore_store(
                Path(wanted.file), Path(wanted.folder), secret, progress=progress, cancelled=cancelled
            )
        except Rejected as stopped:
            if stopped.code == "backup.cancelled":
                return None
            raise
        return Opened(session, wanted.folder)

    def create(self, wanted: NewStore) -> Session:
        from app.bootstrap import create_store

        return create_store(
            Path(wanted.folder),
            wanted.passphrase,
            title=wanted.name,
            owner=wanted.person,
            email=wanted.email,
            policy=wanted.policy,
            project=wanted.project,
        )

    def demo(self, progress: Report, cancelled: Cancelled) -> Opened | None:
        """A new store with made-up cases in the person's data folder; a cancelled one is removed again."""
        from app.bootstrap import demo_folder, open_store
        from app.demo import PASSPHRASE, make_demo
        from app.machine.clock import SystemClock
        from app.presenters.unlock import Opened

        folder = demo_folder()
        try:
            made = make_demo(folder, SystemClock().now(), _stopping(progress, cancelled))
        except _Cancelled:
            from shutil import rmtree

            rmtree(folder, ignore_errors=True)
            return None
        return Opened(open_store(made.store, PASSPHRASE), str(made.store))

    def policies(self) -> tuple[Choice, ...]:
        from app.bootstrap import policy_list
        from app.presenters.unlock import Choice

        return tuple(Choice(key, title) for key, title in policy_list())

    def projects(self) -> tuple[Choice, ...]:
        from app.bootstrap import project_list
        from app.presenters.unlock import Choice

        return tuple(Choice(key, title) for key, title in project_list())

    def warm(self) -> None:
        for module in ("app.bootstrap", "ui.shell.workspace", "ui.screens.desk.view"):
            import_module(module)


class _Cancelled(Exception):
    """The person stopped the making of the demo, or a rescue."""


def _stopping(progress: Report, cancelled: Cancelled) -> Report:
    """Reports, and breaks off work that knows no other way to be stopped; it leaves nothing half made."""

    def report(done: int, of: int) -> None:
        progress(done, of)
        if cancelled():
            raise _Cancelled

    return report


def machine_settings() -> MachineSettings:
    """The settings of this machine."""
    from app.machine.settings_file import DiskSettings, settings_path
    from app.presenters.settings import MachineSettings

    return MachineSettings(DiskSettings(settings_path()))


def look(settings: MachineSettings, theme: str) -> tuple[Mode, float]:
    """The look to begin with: what the command line says, else what was chosen last."""
    from app.presenters.settings import TEXT_SIZE, THEME

    wanted = theme or settings.get(THEME)
    mode: Mode = "light" if wanted == "light" else "dark" if wanted == "dark" else "system"
    return mode, settings.number(TEXT_SIZE) / 100


def guard_capture(app: QApplication, settings: MachineSettings, system: str = sys.platform) -> None:
    """Keep every window out of screenshots and shared screens where the system can and nobody chose otherwise."""
    if system not in ("win32", "darwin"):
        return
    from app.presenters.settings import HIDE_FROM_CAPTURE
    from ui.kit.capture import CaptureGuard, hider

    hide = hider(system)
    if hide is not None:
        CaptureGuard(app, hide, hidden=settings.get(HIDE_FROM_CAPTURE) == "yes")


def make_window(settings: MachineSettings, store: str) -> Window:
    """The window with everything behind it; nothing of it is imported that the first page can do without."""
    from ui.kit.jobs import QtRunner
    from ui.shell.window import Window

    folder = os.path.abspath(store) if store else ""  # noqa: PTH100 - keeps the spelling, follows no link
    return Window(MachineDoors(), QtRunner(), settings, folder=folder, worker=QtRunner())


def watch_defects(window: Window) -> None:
    """What nobody foresaw is told in the window; stderr gets where it happened, never what the error says."""

    def told(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
        from traceback import extract_tb

        places = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in extract_tb(trace)]
        sys.stderr.write("\n".join([f"holdfast: {kind.__name__}", *places, ""]))
        if isinstance(problem, Exception) and window.workspace is not None:
            window.workspace.show_problem(problem)

    sys.excepthook = told


def listen(window: Window) -> None:
    """Hear from the desktop when the store is to be locked; its library is imported where nobody waits for it."""

    def heard(_module: object) -> None:
        from ui.shell.desktop import Desktop

        window.listen(Desktop(window))

    def deaf(_problem: Exception) -> None:
        """A system without the library of the bus tells nothing; idle time still locks."""

    window.runner.run(lambda: import_module("PySide6.QtDBus"), heard, deaf)


def begin(window: Window, options: Options) -> None:
    """Once the page is painted: unlock with the passphrase that was handed over, else import ahead."""
    from PySide6.QtCore import QTimer

    def ahead() -> None:
        gc.enable()
        from app import VERSION

        window.unlock.show_version(VERSION)
        window.unlock.presenter.warm()
        QTimer.singleShot(_ARRIVED, window, lambda: listen(window))

    def unlock() -> None:
        from argparse import Namespace

        from app.cli.passphrase import read_passphrase
        from app.domain.errors import AppError

        gc.enable()
        number = int(options.passphrase_fd) if options.passphrase_fd else None
        source = Namespace(passphrase_file=options.passphrase_file, passphrase_fd=number)
        try:
            window.unlock.presenter.unlock(read_passphrase(source))
        except AppError as problem:
            window.unlock.show_problem(problem)
        QTimer.singleShot(_ARRIVED, window, lambda: listen(window))

    handed_over = options.passphrase_file or options.passphrase_fd
    # Nothing is imported before the first page is painted.
    QTimer.singleShot(0 if handed_over else _AFTER_PAINT, unlock if handed_over else ahead)


if __name__ == "__main__":
    sys.exit(main())
