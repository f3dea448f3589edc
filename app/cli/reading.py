"""Verbs that only read: cases, show, history, formats."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import msgspec

from app.bootstrap import Session, format_list
from app.cli import DONE
from app.cli.output import answer, answer_list, instant, table
from app.cli.run import opened
from app.cli.words import reference
from app.desk.ports.vault import CaseQuery, CaseRow, HistoryRow
from app.domain.errors import Rejected
from app.domain.team import TEAM_STREAM
from app.domain.untrusted import safe_line
from app.presenters.facts import case_facts, release_facts, row_facts
from app.presenters.words import next_word, sentence, stage_word
from app.presenters.words_events import dated

_PAGE = 500


def cases(arguments: argparse.Namespace) -> int:
    """`holdfast cases`."""
    with opened(arguments) as session:
        query = CaseQuery(text=arguments.query, view=arguments.view, me=session.me.id, sort="ref")
        rows = _all_rows(session, query, arguments.limit)
        if arguments.json:
            answer_list(row_facts(row) for row in rows)
        else:
            table(_case_line(row) for row in rows)
    return DONE


def _all_rows(session: Session, query: CaseQuery, limit: int) -> Iterator[CaseRow]:
    cursor: str | None = None
    left = limit or -1
    while True:
        page = session.queries.cases(query, cursor, _PAGE)
        for row in page.rows:
            if left == 0:
                return
            left -= 1
            yield row
        cursor = page.cursor
        if cursor is None:
            return


def _case_line(row: CaseRow) -> tuple[str, ...]:
    due = f"{next_word(row.next.what)} {instant(row.next.due)}" if row.next else "-"
    return (row.ref, stage_word(row.stage), row.rating, ", ".join(row.cves) or "-", row.title, due)


def show(arguments: argparse.Namespace) -> int:
    """`holdfast show`."""
    with opened(arguments) as session:
        facts = _facts(session, arguments.ref)
    return _tell(facts, wants_json=arguments.json)


def show_release(arguments: argparse.Namespace, ref: str, *, wants_json: bool) -> int:
    """`holdfast release STORE show REF`."""
    with opened(arguments) as session:
        found = session.queries.release(reference(ref))
    if found is None:
        raise Rejected("release.unknown", ref=safe_line(ref, 40), needs="ref")
    return _tell(release_facts(found), wants_json=wants_json)


def _tell(facts: dict[str, Any], *, wants_json: bool) -> int:
    if wants_json:
        answer(facts)
    else:
        table((key, _cell(value)) for key, value in facts.items() if value not in ("", None, [], {}))
    return DONE


def _facts(session: Session, named: str) -> dict[str, Any]:
    ref = reference(named)
    case = session.queries.case(ref)
    if case is not None:
        policy = session.policies.get(case.policy, case.policy_version)
        return case_facts(case, policy, session.clock.now())
    release = session.queries.release(ref)
    if release is None:
        raise Rejected("ref.unknown", ref=safe_line(ref, 40), needs="ref")
    return release_facts(release)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_cell(v) for v in value)
    if isinstance(value, dict):
        return ", ".join(f"{k} {_cell(v)}" for k, v in value.items() if v not in ("", None, [], {}))
    return str(value)


def history(arguments: argparse.Namespace) -> int:
    """`holdfast history`."""
    with opened(arguments) as session:
        ref = reference(arguments.ref) or None
        if ref is not None and not _is_known(session, ref):
            raise Rejected("ref.unknown", ref=safe_line(ref, 40), needs="ref")
        rows = _all_events(session, ref)
        if arguments.json:
            answer_list(_event(row) for row in rows)
        else:
            table((str(r.seq), instant(r.at), r.actor.name, r.ref, _said(r)) for r in rows)
    return DONE


def _is_known(session: Session, ref: str) -> bool:
    """Whether there is a case or a release of this reference; the team has a history of its own."""
    if ref == TEAM_STREAM:
        return True
    return session.queries.case(ref) is not None or session.queries.release(ref) is not None


def _said(row: HistoryRow) -> str:
    """The event in a sentence; one that was put on record later than it happened says so."""
    happened = dated(row.event, row.at)
    return f"{sentence(row.event)} (on {instant(happened)})" if happened else sentence(row.event)


def _all_events(session: Session, ref: str | None) -> Iterator[HistoryRow]:
    after = 0
    while rows := session.queries.history(ref, after, _PAGE):
        yield from rows
        after = rows[-1].seq


def _event(row: HistoryRow) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "at": row.at,
        "ref": row.ref,
        "actor": row.actor.name,
        "device": row.device,
        "what": _said(row),
        "event": msgspec.to_builtins(row.event),
    }


def formats(arguments: argparse.Namespace) -> int:
    """`holdfast formats`."""
    listed = format_list()
    if arguments.json:
        answer(listed)
        return DONE
    table(("import", f["format"], f["title"]) for f in listed["import"])
    table(("export", f["format"], f["title"]) for f in listed["export"])
    return DONE


COMMANDS = {"cases": cases, "show": show, "history": history, "formats": formats}
