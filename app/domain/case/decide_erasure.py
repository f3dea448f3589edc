"""Decisions on what is kept of a closed case: its texts and files go in two steps, each on record with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from app.domain.case.context import Context, need_text
from app.domain.case.erasure import need_erasable, remains_of
from app.domain.case.state import Case
from app.domain.commands import case_commands as c
from app.domain.commands.limits import REASON_LIMIT
from app.domain.errors import Rejected
from app.domain.events import CaseEvent
from app.domain.events import erasure_events as e

Events = tuple[CaseEvent, ...]


def _propose(case: Case, command: c.ProposeErasure, context: Context) -> Events:
    need_erasable(case, context.now)
    if case.erasure is not msgspec.UNSET:
        raise Rejected("erase.proposed", ref=case.ref, needs="erase")
    return (e.ErasureProposed(reason=need_text(command.reason, "reason", REASON_LIMIT), rule=command.rule),)


def _cancel(case: Case, command: c.CancelErasure, _context: Context) -> Events:
    if case.erasure is msgspec.UNSET:
        raise Rejected("erase.not-proposed", ref=case.ref, needs="propose-erasure")
    return (e.ErasureCancelled(reason=command.reason),)


def _erase(case: Case, command: c.Erase, context: Context) -> Events:
    need_erasable(case, context.now)
    if case.erasure is msgspec.UNSET:
        raise Rejected("erase.not-proposed", ref=case.ref, needs="propose-erasure")
    if command.confirm.strip().upper() != case.ref:
        raise Rejected("erase.not-confirmed", ref=case.ref, needs="confirm", field="confirm")
    erased = e.CaseErased(reason=case.erasure.reason, remains=remains_of(case), rule=case.erasure.rule)
    return (erased,)


DECISIONS: dict[type, Callable[[Case, Any, Context], Events]] = {
    c.ProposeErasure: _propose,
    c.CancelErasure: _cancel,
    c.Erase: _erase,
}
