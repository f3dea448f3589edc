"""Files that a reader can hold in the head, and that say what they are for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, modules, name_of, parsed

TALLEST_FILE = 400
LONGEST_FUNCTION = 50
VAGUE = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
EVERYWHERE = [*modules("app", "ui", "resources", "tests", "packaging"), ROOT / "dev"]
PROGRAM = modules("app", "ui", "resources")


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines a function has below its signature and its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return ((function.end_lineno or 0) - body[0].lineno + 1) if body else 0


@pytest.mark.parametrize("path", EVERYWHERE, ids=name_of)
def test_no_file_is_taller_than_a_reader(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= TALLEST_FILE


@pytest.mark.parametrize("path", EVERYWHERE, ids=name_of)
def test_every_module_says_in_one_sentence_what_it_is_for(path: Path) -> None:
    first = (ast.get_docstring(parsed(path)) or "").split("\n")[0]
    assert first.endswith((".", ":"))


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    functions = (node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    long = {node.name: body_lines(node) for node in functions if body_lines(node) > LONGEST_FUNCTION}
    assert long == {}


def test_nothing_is_named_for_what_it_is_not() -> None:
    names = {word for path in PROGRAM for word in (*path.parent.parts, path.stem) if word in VAGUE}
    classes = {
        node.name
        for path in PROGRAM
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and node.name.lower().endswith(tuple(VAGUE))
    }
    assert names | classes == set()


def test_packaging_is_no_package_so_that_it_hides_no_library_of_that_name() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_the_top_of_the_tree_holds_only_what_every_project_has() -> None:
    known = {"app", "ui", "resources", "tests", "packaging", "build", "dist", "docs"}
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert folders - known - {"__pycache__"} == set()
