"""The map of the house in the papers and the house are the same shape."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, TOPS, name_of

ROOM = re.compile(r"^- `((?:app|ui|resources)[\w/]*)/` — \S", re.MULTILINE)
PAPERS = [ROOT / "CONTRIBUTING.md", ROOT / "README.md"]


def rooms() -> set[str]:
    """Every package down to the second floor, by the sign on its door."""
    signs = (sign for top in TOPS for sign in (ROOT / top).rglob("__init__.py"))
    return {name_of(sign.parent) for sign in signs if len(sign.relative_to(ROOT).parts) <= 3}


def test_contributing_draws_every_room_and_no_other() -> None:
    drawn = ROOM.findall(PAPERS[0].read_text("utf-8"))
    assert sorted(drawn) == sorted(rooms())


@pytest.mark.parametrize("paper", PAPERS, ids=name_of)
def test_no_paper_draws_a_room_that_is_not_there(paper: Path) -> None:
    assert set(ROOM.findall(paper.read_text("utf-8"))) <= rooms()


@pytest.mark.parametrize("paper", PAPERS, ids=name_of)
def test_every_file_that_a_paper_links_to_is_there(paper: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", paper.read_text("utf-8"))
    assert [link for link in links if not (paper.parent / link).exists()] == []
