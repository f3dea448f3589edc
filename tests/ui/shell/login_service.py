"""A machine that goes to sleep on command, as a program: `dbus-run-session -- python -m tests.ui.shell.login_service`.

It stands on one bus for logind and for the lock of the screen, says the address of that bus, and obeys lines on its
standard input: `sleep`, `wake`, `lock`, `screen NAME on`, `screen NAME off`, `time?`.
"""

from __future__ import annotations

import os
import select
import sys
from typing import Any, Final

from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

LOGIN: Final = "org.freedesktop.login1"
PATH: Final = "/org/freedesktop/login1"
SESSION: Final = f"{PATH}/session/_37"


class Service:
    """Answers what a program asks logind, and keeps the ends of the pipes that it gave away."""

    def __init__(self, bus: DBusConnection) -> None:
        self.bus = bus
        self.waiting: list[int] = []
        bus.send(message_bus.RequestName(LOGIN))

    def answer(self, message: Any) -> None:
        fields = message.header.fields
        if message.header.message_type != MessageType.method_call:
            return
        member = fields.get(HeaderFields.member)
        if member == "GetSession":
            self.bus.send(new_method_return(message, "o", (SESSION,)))
        elif member == "Inhibit" and message.body[0] == "sleep" and message.body[3] == "delay":
            ours, its = os.pipe()
            self.waiting.append(ours)
            self.bus.send(new_method_return(message, "h", (its,)))
            os.close(its)
        else:
            self.bus.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))

    def obey(self, line: str) -> None:
        word, *rest = line.split()
        if word in ("sleep", "wake"):
            self.tell(PATH, f"{LOGIN}.Manager", "PrepareForSleep", word == "sleep")
        elif word == "lock":
            self.tell(SESSION, f"{LOGIN}.Session", "Lock")
        elif word == "screen":
            self.tell("/" + rest[0].replace(".", "/"), rest[0], "ActiveChanged", rest[1] == "on")
        elif word == "time?":
            self.say(f"waits {sum(not _closed(end) for end in self.waiting)}")

    def tell(self, path: str, interface: str, member: str, *value: bool) -> None:
        body = ("b", value) if value else (None, ())
        self.bus.send(new_signal(DBusAddress(path, interface=interface), member, *body))
        self.say(f"told {member}")

    @staticmethod
    def say(text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def _closed(end: int) -> bool:
    """Whether whoever held the other end of a pipe has let go of it."""
    ready, _, _ = select.select([end], [], [], 0)
    return bool(ready) and os.read(end, 1) == b""


def main() -> int:
    """Serve until the standard input ends."""
    bus = open_dbus_connection(enable_fds=True)
    service = Service(bus)
    service.say(os.environ["DBUS_SESSION_BUS_ADDRESS"])
    given = b""
    while True:
        ready, _, _ = select.select([bus.sock, 0], [], [])
        if bus.sock in ready:
            service.answer(bus.receive())
        if 0 in ready:
            piece = os.read(0, 4096)
            if not piece:
                return 0
            given += piece
            *lines, given = given.split(b"\n")
            for line in lines:
                service.obey(line.decode())


if __name__ == "__main__":
    sys.exit(main())
