"""Statements are literals, and are spoken in one room."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import modules, name_of, parsed

PROGRAM = modules("app", "ui")
SPEAKS = {"execute", "executemany", "executescript"}
DRIVERS = {"sqlcipher3", "sqlite3"}


def statements(path: Path) -> list[ast.Call]:
    """Every call that hands a statement to a database."""
    return [
        node
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SPEAKS
    ]


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_sql_is_spoken_only_in_the_store(path: Path) -> None:
    spoken = [call.lineno for call in statements(path)]
    assert spoken == [] or name_of(path).startswith("app/store/")


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_no_statement_is_assembled_from_values(path: Path) -> None:
    assembled = [
        call.lineno
        for call in statements(path)
        if isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
        or (isinstance(call.args[0], ast.Call) and getattr(call.args[0].func, "attr", "") == "format")
    ]
    assert assembled == []
