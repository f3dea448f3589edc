"""Keeps the windows of the program out of screenshots and shared screens, where the system can do that."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any, Final, final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

_EXCLUDED: Final = 0x11  # WDA_EXCLUDEFROMCAPTURE, Windows 10 version 2004 and later
_BLACK: Final = 0x01  # WDA_MONITOR, before that
_SHOWN: Final = 0x00
_SHARING_NONE: Final = 0  # NSWindowSharingNone
_SHARING_READ: Final = 1  # NSWindowSharingReadOnly
_NAME: Final = "captureGuard"

Hide = Callable[[int, bool], bool]
"""Hides the window of this handle from capture, or shows it again; whether the system did."""


def hider(system: str = sys.platform) -> Hide | None:
    """How this system does it; None where it can't be done, as on X11 and Wayland."""
    if system == "win32":
        return lambda handle, hidden: hide_on_windows(ctypes.WinDLL("user32"), handle, hidden=hidden)  # type: ignore[attr-defined]
    if system == "darwin":
        return lambda handle, hidden: hide_on_mac(ctypes.CDLL("/usr/lib/libobjc.dylib"), handle, hidden=hidden)
    return None


@final
class CaptureGuard(QObject):
    """Hides each window, dialog and menu as it appears, while `hidden`; `app` is where they appear."""

    def __init__(self, app: QCoreApplication, hide: Hide, *, hidden: bool) -> None:
        super().__init__(app)
        self.setObjectName(_NAME)
        self._hide = hide
        self._hidden = hidden
        app.installEventFilter(self)

    def set_hidden(self, *, hidden: bool) -> None:
        """Hide from now on, or show again."""
        self._hidden = hidden
        for widget in QApplication.topLevelWidgets():
            if widget.isVisible():
                self._treat(widget)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._hidden and event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self._treat(watched)
        return False

    def _treat(self, widget: QWidget) -> None:
        self._hide(int(widget.winId()), self._hidden)


def capture_guard() -> CaptureGuard | None:
    """The application's guard; None where the system offers nothing to guard with."""
    app = QCoreApplication.instance()
    found = app.findChild(CaptureGuard, _NAME, Qt.FindChildOption.FindDirectChildrenOnly) if app is not None else None
    return found if isinstance(found, CaptureGuard) else None


def hide_on_windows(user32: Any, handle: int, *, hidden: bool) -> bool:
    """SetWindowDisplayAffinity; an older Windows that can't leave a window out shows it black instead."""
    if not hidden:
        return bool(user32.SetWindowDisplayAffinity(handle, _SHOWN))
    return bool(user32.SetWindowDisplayAffinity(handle, _EXCLUDED) or user32.SetWindowDisplayAffinity(handle, _BLACK))


def hide_on_mac(objc: Any, handle: int, *, hidden: bool) -> bool:
    """`[[view window] setSharingType: NSWindowSharingNone]`; the handle of a widget is its NSView."""
    objc.sel_registerName.restype = ctypes.c_void_p
    send = objc.objc_msgSend
    send.restype = ctypes.c_void_p
    send.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    window = send(handle, objc.sel_registerName(b"window"))
    if not window:
        return False
    send.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong]
    send(window, objc.sel_registerName(b"setSharingType:"), _SHARING_NONE if hidden else _SHARING_READ)
    return True
