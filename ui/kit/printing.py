"""Printing one page: the system's own dialog, without an event loop of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter


def open_print_dialog(parent: QWidget, paint: Callable[[QPrinter], bool], failed: Callable[[], None]) -> None:
    """Ask for a printer and print; `paint` says whether the printer took it, `failed` is told when it did not."""
    # Imported here: it asks the system for its printers, and few people print.
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    dialog.setObjectName("print")

    def chosen() -> None:
        if not paint(printer):
            failed()

    dialog.accepted.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    QDialog.open(dialog)
