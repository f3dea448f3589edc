"""The ways in which a sentence silently loses its translation."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import modules, name_of, parsed

FACE = modules("ui")


def spoken(tree: ast.AST) -> list[tuple[ast.Call, ast.expr]]:
    """Every call of a method named tr, with what it is called on."""
    return [
        (node, node.func.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "tr"
    ]


def decorators(node: ast.ClassDef) -> set[str]:
    """The plain names that a class is decorated with."""
    return {decorator.id for decorator in node.decorator_list if isinstance(decorator, ast.Name)}


@pytest.mark.parametrize("path", FACE, ids=name_of)
def test_tr_is_called_on_self_with_a_literal(path: Path) -> None:
    for call, owner in spoken(parsed(path)):
        assert isinstance(owner, ast.Name), call.lineno
        assert owner.id == "self", call.lineno
        assert isinstance(call.args[0], ast.Constant), call.lineno


@pytest.mark.parametrize("path", FACE, ids=name_of)
def test_a_class_that_speaks_is_final(path: Path) -> None:
    # The text is filed under the class that wrote it, but Qt looks it up under the class of the object.
    speaking = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef) and spoken(node)]
    assert [node.name for node in speaking if "final" not in decorators(node)] == []
