"""Marks and copies text in fields on a real X server: `xvfb-run python -m tests.ui.kit.selection_script`."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from ui.kit.clipboard import ClipboardKeeper

_MODES = (QClipboard.Mode.Selection, QClipboard.Mode.Clipboard)


def main(guarded: bool) -> int:
    """Says for each field what marking and Ctrl+C left on the selection and on the clipboard, and its hint."""
    app = QApplication([])
    keeper = ClipboardKeeper(app, kept_for=200) if guarded else None
    window = QWidget()
    column = QVBoxLayout(window)
    fields = (QLineEdit("words of a case"), QPlainTextEdit("words of a case"))
    for field in fields:
        column.addWidget(field)
    window.show()
    QTest.qWaitForWindowExposed(window)
    board = QGuiApplication.clipboard()
    for field in fields:
        for mode in _MODES:
            board.clear(mode)
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_Home)
        QTest.keyClick(field, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
        if isinstance(field, QPlainTextEdit):
            place = field.viewport().rect().topLeft()
            QTest.mouseDClick(field.viewport(), Qt.MouseButton.LeftButton, pos=place)
            field.selectAll()
            QTest.mouseRelease(field.viewport(), Qt.MouseButton.LeftButton)
        QTest.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        QTest.qWait(50)
        marked, copied = (board.text(mode) for mode in _MODES)
        hint = bytes(board.mimeData().data("x-kde-passwordManagerHint").data()).decode()
        sys.stdout.write(f"{type(field).__name__} marked {marked!r} copied {copied!r} hint {hint!r}\n")
    if keeper is not None:
        while keeper.waiting:
            QTest.qWait(20)
        sys.stdout.write(f"later {board.text()!r}\n")
    for mode in _MODES:
        board.clear(mode)
    window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] == "guarded"))
