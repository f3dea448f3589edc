"""One module per format that comes in: each recognises its own and yields drafts of commands.

A module of this folder that exposes `IMPORTER` is an importer; nothing else has to be told about it.
"""

from __future__ import annotations

import importlib
import pkgutil

from app.desk.ports.exchange import Importer


def discover() -> tuple[Importer, ...]:
    """Every importer of this folder, by the name of its format."""
    names = [found.name for found in pkgutil.iter_modules(__path__)]
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    importers: list[Importer] = [module.IMPORTER for module in modules if hasattr(module, "IMPORTER")]
    return tuple(sorted(importers, key=lambda importer: importer.format))
