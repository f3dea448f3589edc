"""Every error that the program can raise has words."""

from __future__ import annotations

import ast

from app.presenters.words import ERRORS
from tests.architecture.sources import modules, name_of, parsed

RAISES = {"Rejected", "Environment", "Defect"}


def codes() -> tuple[dict[str, str], dict[str, str]]:
    """The codes written out in the program, and the beginnings of those put together, each with its place."""
    whole: dict[str, str] = {}
    begun: dict[str, str] = {}
    for path in modules("app", "ui"):
        for node in ast.walk(parsed(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
                continue
            first = node.args[0]
            place = f"{name_of(path)}:{node.lineno}"
            if node.func.id not in RAISES:
                continue
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                whole[first.value] = place
            elif isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
                begun[str(first.values[0].value)] = place
    return whole, begun


def test_every_error_has_words() -> None:
    whole, _ = codes()
    assert {code: place for code, place in whole.items() if code not in ERRORS} == {}


def test_every_error_whose_code_is_put_together_has_words() -> None:
    _, begun = codes()
    assert {start: place for start, place in begun.items() if not any(c.startswith(start) for c in ERRORS)} == {}
