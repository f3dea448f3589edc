"""The clipboard's one door: what is copied asks not to be remembered, and leaves after 30 seconds."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QByteArray, QMimeData, QObject, Qt, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication

KEPT_FOR: Final = 30_000  # milliseconds
_NAME: Final = "clipboardKeeper"
_WINDOWS: Final = 'application/x-qt-windows-mime;value="{}"'
_HINTS: Final[tuple[tuple[str, bytes], ...]] = (
    ("x-kde-passwordManagerHint", b"secret"),
    ("application/x-nspasteboard-concealed-type", b"1"),
    (_WINDOWS.format("ExcludeClipboardContentFromMonitorProcessing"), b"\0\0\0\0"),
    (_WINDOWS.format("CanIncludeInClipboardHistory"), b"\0\0\0\0"),
    (_WINDOWS.format("CanUploadToCloudClipboard"), b"\0\0\0\0"),
)


@final
class ClipboardKeeper(QObject):
    """Copies text and takes it back after 30 seconds or on lock, unless something else was copied since.

    What a widget of Qt puts on the clipboard by itself, as a text field does at Ctrl+C, is taken over and treated
    alike; what marking a text puts on the X11 selection is taken away at once.
    """

    def __init__(self, app: QApplication, kept_for: int = KEPT_FOR) -> None:
        super().__init__(app)
        self.setObjectName(_NAME)
        self._digest = b""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(kept_for)
        self._timer.timeout.connect(self.forget)
        # What was copied must not outlive the program; and what Python made, Qt can't destroy after Python is gone.
        app.aboutToQuit.connect(self.forget)
        QGuiApplication.clipboard().changed.connect(self._changed)

    def copy(self, text: str) -> None:
        """Put `text` on the clipboard, never on the X11 selection."""
        # A digest, so that the text itself is not kept here for half a minute more. First, as Qt tells of the change.
        self._digest = _digest(text)
        QGuiApplication.clipboard().setMimeData(private_mime(text), QClipboard.Mode.Clipboard)
        self._timer.start()

    def forget(self) -> None:
        """Clear the clipboard if it still holds what was copied here; call it on lock and at quit."""
        self._timer.stop()
        clipboard = QGuiApplication.clipboard()
        if self._digest and _digest(clipboard.text(QClipboard.Mode.Clipboard)) == self._digest:
            clipboard.clear(QClipboard.Mode.Clipboard)
        self._digest = b""
        self._changed(QClipboard.Mode.Selection)

    def _changed(self, mode: QClipboard.Mode) -> None:
        clipboard = QGuiApplication.clipboard()
        if mode == QClipboard.Mode.Selection and clipboard.ownsSelection():
            clipboard.clear(QClipboard.Mode.Selection)
        elif mode == QClipboard.Mode.Clipboard and clipboard.ownsClipboard():
            data = clipboard.mimeData(QClipboard.Mode.Clipboard)
            if data.hasText() and not data.hasFormat(_HINTS[0][0]):
                self.copy(data.text())

    @property
    def waiting(self) -> bool:
        """Whether something copied here is still to be taken back."""
        return self._timer.isActive()


def private_mime(text: str) -> QMimeData:
    """The text with the hints by which clipboard managers know not to remember it."""
    data = QMimeData()
    data.setText(text)
    for kind, value in _HINTS:
        data.setData(kind, QByteArray(value))
    return data


def clipboard() -> ClipboardKeeper:
    """The application's keeper, a child of the QApplication, made when first asked for."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("a clipboard needs a QApplication")
    found = app.findChild(ClipboardKeeper, _NAME, Qt.FindChildOption.FindDirectChildrenOnly)
    return found or ClipboardKeeper(app)


def _digest(text: str) -> bytes:
    # Imported here: the first paint of the window needs no hashes.
    from hashlib import sha256

    return sha256(text.encode("utf-8", "surrogatepass")).digest()
