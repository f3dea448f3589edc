"""What a page is lives in `ui.screens.page`, since screens stand below the shell and import it from there."""

from __future__ import annotations

from ui.screens.page import Action, Context, Crumb, Page, Toaster

__all__ = ["Action", "Context", "Crumb", "Page", "Toaster"]
