"""What the desktop tells: the screen is locked, the session is to be locked, the machine is going to sleep (D-Bus)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast, final

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusObjectPath, QDBusUnixFileDescriptor

_LOGIN: Final = "org.freedesktop.login1"
_LOGIN_PATH: Final = "/org/freedesktop/login1"
_MANAGER: Final = f"{_LOGIN}.Manager"
_SESSION: Final = f"{_LOGIN}.Session"
# The same signal under the names that desktops gave it; each says it on the path it likes.
_SCREENS: Final = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)
_PATIENCE: Final = 5_000  # milliseconds
_Source = tuple[str, str, str, str]
"""Service, path, interface and name of a signal."""


@final
class Desktop(QObject):
    """Tells by `lockWanted` that nobody is to see the store any more; where no bus answers, it tells nothing.

    Before the machine sleeps logind waits a few seconds for us: call `locked` once the store is closed.
    Anybody of this session may send these signals, and all that comes of it is a locked store.
    """

    lockWanted = Signal()

    def __init__(self, parent: QObject | None = None, environment: Mapping[str, str] | None = None) -> None:
        super().__init__(parent)
        self._environment = os.environ if environment is None else environment
        self._heard: list[tuple[QDBusConnection, _Source, str]] = []
        self._delay: QDBusUnixFileDescriptor | None = None
        self._login: QDBusConnection | None = None

    def start(self) -> None:
        """Listen from now on."""
        system = self._bus(self._system_address())
        session = self._bus(self._session_address())
        if session is not None:
            for interface in _SCREENS:
                self._hear(session, ("", "", interface, "ActiveChanged"), "_screen(bool)")
        if system is not None:
            self._login = system
            self._hear(system, (_LOGIN, _LOGIN_PATH, _MANAGER, "PrepareForSleep"), "_sleep(bool)")
            self._find_session(system)
            self._ask_for_time()

    def locked(self) -> None:
        """The store is closed: the machine may sleep."""
        # Closing the descriptor is what lets go.
        self._delay = None

    def stop(self) -> None:
        """Listen no more."""
        self.locked()
        self._login = None
        # The connections stay until the process ends: to close one while its own thread hands something over crashes.
        for bus, source, slot in self._heard:
            bus.disconnect(*source, self, _slot(slot))
        self._heard.clear()

    @property
    def delays_sleep(self) -> bool:
        """Whether the machine would wait for `locked` before it sleeps."""
        return self._delay is not None

    # ------------------------------------------------------------------------------------------- buses
    def _bus(self, address: str) -> QDBusConnection | None:
        if not address:
            return None
        # Named for its address: whoever listens again gets the connection that is still there.
        made = QDBusConnection.connectToBus(address, f"holdfast {address}")
        if not made.isConnected():
            return None
        return made

    def _hear(self, bus: QDBusConnection, source: _Source, slot: str) -> None:
        if bus.connect(*source, self, _slot(slot)):
            self._heard.append((bus, source, slot))

    def _session_address(self) -> str:
        """The bus of the session; never one that would have to be started for it."""
        said = self._environment.get("DBUS_SESSION_BUS_ADDRESS", "")
        return said or _socket(Path(self._environment.get("XDG_RUNTIME_DIR") or "/nonexistent", "bus"))

    def _system_address(self) -> str:
        said = self._environment.get("DBUS_SYSTEM_BUS_ADDRESS", "")
        return said or _socket(Path("/run/dbus/system_bus_socket"))

    # ------------------------------------------------------------------------------------------ logind
    def _find_session(self, bus: QDBusConnection) -> None:
        """Ask for our session's object, whose `Lock` is for us; `auto` is that of whoever sits at the screen."""
        number = self._environment.get("XDG_SESSION_ID") or "auto"
        asked = QDBusMessage.createMethodCall(_LOGIN, _LOGIN_PATH, _MANAGER, "GetSession")
        asked.setArguments([number])
        bus.callWithCallback(asked, self, _slot("_session_found(QDBusMessage)"), _PATIENCE)

    @Slot(QDBusMessage)
    def _session_found(self, reply: QDBusMessage) -> None:
        found = _answer(reply)
        path = found.path() if isinstance(found, QDBusObjectPath) else ""
        if path and self._login is not None:
            self._hear(self._login, (_LOGIN, path, _SESSION, "Lock"), "_told()")

    def _ask_for_time(self) -> None:
        """Ask logind to wait, before it sleeps, until we are done."""
        if self._login is None or self._delay is not None:
            return
        asked = QDBusMessage.createMethodCall(_LOGIN, _LOGIN_PATH, _MANAGER, "Inhibit")
        asked.setArguments(["sleep", "Holdfast", "Locking the store", "delay"])
        self._login.callWithCallback(asked, self, _slot("_time_given(QDBusMessage)"), _PATIENCE)

    @Slot(QDBusMessage)
    def _time_given(self, reply: QDBusMessage) -> None:
        given = _answer(reply)
        if isinstance(given, QDBusUnixFileDescriptor) and given.isValid():
            self._delay = given

    # ----------------------------------------------------------------------------------------- signals
    @Slot(bool)
    def _sleep(self, going: bool) -> None:
        if going:
            self.lockWanted.emit()
        else:
            self._ask_for_time()

    @Slot(bool)
    def _screen(self, locked: bool) -> None:
        if locked:
            self.lockWanted.emit()

    @Slot()
    def _told(self) -> None:
        self.lockWanted.emit()


def _slot(signature: str) -> bytes:
    """A slot as the SLOT macro of Qt writes it: a text, whatever the binding's types say."""
    return cast("bytes", SLOT(signature))


def _answer(reply: QDBusMessage) -> object:
    """What was answered, None for an error: a desktop without logind is one that tells less."""
    given = reply.arguments() if reply.type() == QDBusMessage.MessageType.ReplyMessage else []
    return given[0] if given else None


def _socket(path: Path) -> str:
    """The address of a bus whose socket lies here, or an empty text."""
    try:
        return f"unix:path={path}" if path.is_socket() else ""
    except OSError:
        return ""
