"""What a checkpoint is for, where its note lies, and the one line of it to print."""

from __future__ import annotations

from pathlib import Path
from typing import final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.desk.ports.vault import Checkpoint
from app.domain.untrusted import safe_line
from app.presenters.checkpoints import checkpoint_code, checkpoint_line, checkpoint_lines
from ui.kit.clipboard import clipboard
from ui.kit.dates import Dates
from ui.kit.dialog_frame import FORM, Dialog
from ui.kit.names import named
from ui.kit.numbers import thousands
from ui.kit.theme import theme
from ui.widgets.button import button
from ui.widgets.plain_label import PlainLabel
from ui.widgets.plain_text import PlainTextView
from ui.widgets.qr_view import QrView


@final
class CheckpointDialog(Dialog):
    """Says that it is done; the line can be copied, printed, and scanned from the screen as a QR code."""

    def __init__(self, parent: QWidget, checkpoint: Checkpoint, path: Path, dates: Dates) -> None:
        super().__init__(
            parent,
            name="audit.checkpointMade",
            title=self.tr("The checkpoint is saved"),
            body=self.tr(
                "Keep it outside this store, best on paper or with somebody else. With it, anyone can later tell "
                "whether something of the first {n} events was changed or taken away."
            ).format(n=thousands(checkpoint.count)),
            icon="audit",
            width=FORM,
        )
        line = checkpoint_line(checkpoint)
        self.content.addWidget(PlainLabel(self.tr("File"), "small-medium", "text-2"))
        shown = PlainLabel(safe_line(str(path), 300), "mono", wrap=True)
        self.content.addWidget(named(shown, "audit.checkpointMade.file", self.tr("File")))
        self.content.addWidget(PlainLabel(self.tr("The line to print"), "small-medium", "text-2"))
        lines = checkpoint_lines(checkpoint)
        self._view = named(PlainTextView(lines), "audit.checkpointMade.line", self.tr("The line to print"))
        rows = lines.count("\n") + 1
        self._view.setFixedHeight(round(theme().metric("mono").lineSpacing() * rows) + theme().px(16))
        self.content.addWidget(self._view)
        spoken = self.tr("QR code of the line")
        code = named(QrView(checkpoint_code(checkpoint), spoken, module=3), "audit.checkpointMade.code", spoken)
        self.content.addWidget(code, 0, Qt.AlignmentFlag.AlignHCenter)
        made = self.tr("Made {when}").format(when=dates.utc(checkpoint.at))
        self.content.addWidget(PlainLabel(made, "caption", "muted"))
        copy = button(
            self.tr("Copy line"), "ghost", "audit.checkpointMade.copy", lambda: clipboard().copy(line), icon="copy"
        )
        self.footer.insertWidget(0, copy)
        self._close = self.add_safe(self.tr("Close"), "primary")

    @override
    def open(self) -> None:
        super().open()
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)
