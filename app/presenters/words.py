"""The one place of the words: errors by code, and doors to the words of steps and events.

The window passes each template through its translator before the facts go in; the command line prints them as they are.
"""

from __future__ import annotations

import re

from app.domain.errors import AppError
from app.presenters.words_errors import ERRORS
from app.presenters.words_events import SENTENCES, sentence
from app.presenters.words_steps import ACTIONS, CLOCKS, NEXT, STAGES, STEPS

__all__ = [
    "ERRORS",
    "SENTENCES",
    "action_word",
    "clock_word",
    "error_words",
    "fill",
    "next_word",
    "sentence",
    "stage_word",
    "step_word",
]

_PLACE = re.compile(r"\{(\w+)\}")


def fill(template: str, facts: dict[str, str | int | float]) -> str:
    """The template with its `{places}` filled; a fact that is missing shows as nothing, braces in facts stay text."""
    return _PLACE.sub(lambda m: str(facts.get(m[1], "")), template)


def error_words(error: AppError) -> str:
    """What happened and what to do, in English; falls back to the code for one without words."""
    template = ERRORS.get(error.code)
    if template is None:
        return f"{error.code}: {', '.join(f'{k} {v}' for k, v in error.facts.items())}".rstrip(": ")
    return fill(template, {**error.facts, "needs": error.needs, "rule": error.rule})


def stage_word(stage: str) -> str:
    """The word of a stage."""
    return STAGES.get(stage, stage)


def step_word(step: str) -> str:
    """The words of a checklist step."""
    return STEPS.get(step, step)


def clock_word(clock: str) -> str:
    """The words of a promise."""
    return CLOCKS.get(clock, clock)


def next_word(what: str) -> str:
    """What to do next, by step or promise."""
    return NEXT.get(what, what)


def action_word(verb: str) -> str:
    """The words on the button of a verb."""
    return ACTIONS.get(verb, verb)
