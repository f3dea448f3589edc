"""The page of all parts can be painted, in both looks and at every text size, without a word of complaint from Qt."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.ui.gallery import paint
from ui.kit.theme import apply_theme


@pytest.mark.parametrize("scale", [0.9, 1.5])
def test_every_part_paints_at_the_smallest_and_the_largest_text(
    qapp: QApplication, tmp_path: Path, scale: float
) -> None:
    paint(tmp_path, scale)
    apply_theme(qapp, "light", 1.0)
    pictures = {path.stem: QImage(str(path)) for path in tmp_path.glob("*.png")}
    assert set(pictures) == {"parts-light", "parts-dark", "dialog-light", "dialog-dark"}
    assert pictures["parts-light"].pixelColor(2, 2).name() == "#f5f6f8"
    assert pictures["parts-dark"].pixelColor(2, 2).name() == "#14171b"
