"""Verbs that only read: cases, show, history, verify, formats."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from app.bootstrap import Session, format_list
from app.cli import DONE, REFUSED
from app.cli.output import answer, instant, say, table
from app.cli.run import opened
from app.desk.ports.vault import CaseQuery, CaseRow, HistoryRow, VerifyReport
from app.domain.errors import Environment, Rejected
from app.domain.untrusted import safe_line
from app.presenters.facts import case_facts, release_facts, row_facts
from app.presenters.words import next_word, sentence, stage_word

_PAGE = 500


def cases(arguments: argparse.Namespace) -> int:
    """`holdfast cases`."""
    with opened(arguments) as session:
        query = CaseQuery(text=arguments.query, view=arguments.view, me=session.me.id, sort="ref")
        rows = _all_rows(session, query, arguments.limit)
        if arguments.json:
            answer([row_facts(row) for row in rows])
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
    if arguments.json:
        answer(facts)
        return DONE
    table((key, _cell(value)) for key, value in facts.items() if value not in ("", None, [], {}))
    return DONE


def _facts(session: Session, ref: str) -> dict[str, Any]:
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
        ref = arguments.ref or None
        if ref is not None and session.queries.case(ref) is None and session.queries.release(ref) is None:
            raise Rejected("ref.unknown", ref=safe_line(ref, 40), needs="ref")
        rows = _all_events(session, ref)
        if arguments.json:
            answer([_event(row) for row in rows])
        else:
            table((str(r.seq), instant(r.at), r.actor.name, r.ref, sentence(r.event)) for r in rows)
    return DONE


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
        "what": sentence(row.event),
        "event": msgspec.to_builtins(row.event),
    }


def verify(arguments: argparse.Namespace) -> int:
    """`holdfast verify`: 0 only if chain, signatures, projections and blobs all hold."""
    note = _note(arguments.checkpoint) if arguments.checkpoint else ""
    with opened(arguments) as session:
        report = session.vault.verify()
        extra = session.vault.check_against(note) if note else ()
    findings = (*report.findings, *extra)
    ok = report.ok and not extra
    if arguments.json:
        answer({"ok": ok, "events": report.events, "devices": report.devices, "findings": findings})
    else:
        _say_report(report, ok=ok)
        for finding in findings:
            say(f"{finding.code}: {finding.where} {finding.detail}")
    return DONE if ok else REFUSED


def _say_report(report: VerifyReport, *, ok: bool) -> None:
    counted = f"{report.events:,} events, {len(report.devices)} devices, {report.blobs:,} files"
    say(f"The record is whole: {counted} agree." if ok else f"The record is not whole ({counted} checked).")


def _note(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise Environment("file.unreadable", file=safe_line(Path(name).name, 80)) from problem


def formats(arguments: argparse.Namespace) -> int:
    """`holdfast formats`."""
    listed = format_list()
    if arguments.json:
        answer(listed)
        return DONE
    table(("import", f["format"], f["title"]) for f in listed["import"])
    table(("export", f["format"], f["title"]) for f in listed["export"])
    return DONE


COMMANDS = {"cases": cases, "show": show, "history": history, "verify": verify, "formats": formats}
