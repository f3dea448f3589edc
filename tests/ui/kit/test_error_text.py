"""Failures in words: who can mend it, what happened, what was kept; never the raw exception."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.errors import Defect, Environment, Rejected
from app.presenters.words import ERRORS
from ui.kit.error_text import error_text


@pytest.fixture(autouse=True)
def _qt(qapp: QApplication) -> None:
    """Translation needs an application."""


def test_a_refusal_says_what_would_satisfy_it() -> None:
    said = error_text(Rejected("case.unknown", ref="H-2099-001"))
    assert said.sentence == ERRORS["case.unknown"].replace("{ref}", "H-2099-001")
    assert said.headline == "That was not done"
    assert said.whole == said.sentence


def test_facts_are_put_in_once_and_never_read_as_templates() -> None:
    said = error_text(Rejected("case.unknown", ref="{needs} <b>x</b>"))
    assert "{needs} <b>x</b>" in said.sentence


def test_a_failure_of_the_machine_says_what_is_safe() -> None:
    said = error_text(Environment("store.full-nowhere-listed"))
    assert said.headline == "This computer stands in the way"
    assert "safe" in said.kept


def test_a_code_without_words_is_named_politely() -> None:
    said = error_text(Defect("no.such-code-at-all"))
    assert "no.such-code-at-all" in said.sentence
    assert said.code == "no.such-code-at-all"


def test_the_text_of_a_foreign_exception_stays_unseen() -> None:
    said = error_text(KeyError("the title of an embargoed case"))
    assert "embargoed" not in said.whole + said.headline
    assert "KeyError" in said.sentence
