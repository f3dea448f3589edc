"""The application without a face: everything Holdfast knows and does, with no Qt anywhere below."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.1.0"
