"""One module per format that goes out: each says for whom it is, what it lacks, and turns facts into bytes.

A module of this folder that exposes `EXPORTER` is an exporter; nothing else has to be told about it.
"""

from __future__ import annotations

import importlib
import pkgutil

from app.desk.ports.exchange import Exporter


def discover() -> tuple[Exporter, ...]:
    """Every exporter of this folder, by the name of its format."""
    names = [found.name for found in pkgutil.iter_modules(__path__)]
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    exporters: list[Exporter] = [module.EXPORTER for module in modules if hasattr(module, "EXPORTER")]
    return tuple(sorted(exporters, key=lambda exporter: exporter.format))
