"""Verbs that write into the store: init, import, do, release, demo."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from app.bootstrap import Parts, create_store, demo_folder
from app.cli import DONE, REFUSED, USAGE
from app.cli.fields import make_command
from app.cli.output import answer, counted, instant, say, say_error, table
from app.cli.passphrase import read_passphrase
from app.cli.reading import show_release
from app.cli.retention import say_gone
from app.cli.run import opened
from app.cli.words import Words, reference, split_words
from app.desk.intake import ImportReport
from app.desk.ports.vault import Progress
from app.domain.commands import CASE_VERBS, RELEASE_VERBS, VERBS, Command
from app.domain.commands.case_commands import Erase, ImportRecord, Receive
from app.domain.commands.release_commands import PlanRelease
from app.domain.errors import Rejected
from app.domain.untrusted import safe_line
from app.machine.files import private_folder
from app.presenters.words import ERRORS, fill

_CREATE = (Receive, ImportRecord, PlanRelease)
_OPENING = ("passphrase_file", "passphrase_fd", "recovery_code_file", "keychain", "openpgp")


def init(arguments: argparse.Namespace) -> int:
    """`holdfast init`."""
    # `.` has no name to make the store beside.
    folder = Path(os.path.abspath(arguments.store))  # noqa: PTH100 - it must not follow a link, and `..` must go
    session = create_store(
        folder,
        read_passphrase(arguments, confirm=True),
        title=arguments.title or folder.name.removesuffix(".holdfast"),
        owner=arguments.name or _own_name(),
        email=arguments.email,
        policy=arguments.policy,
        project=arguments.project,
        parts=arguments.parts,
    )
    for warning in session.warnings:
        say_error(warning)
    try:
        team = session.queries.team()
    finally:
        session.close()
    if arguments.json:
        answer({"store": str(folder), "name": team.name, "policy": team.policy, "store_id": team.store_id})
    else:
        say(f"Made the store {team.name} in {folder}. Whoever loses the passphrase loses the data.")
    return DONE


def _own_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # An account without an entry, as in a container.
        return ""


def take_in(arguments: argparse.Namespace) -> int:
    """`holdfast import`: 0 if nothing was refused."""
    with opened(arguments) as session:
        sources = session.import_sources(arguments.files)
        report = session.intake.run(sources, as_format=arguments.as_format, progress=_progress())
    if arguments.json:
        answer(_report(report))
    else:
        say(
            f"{counted(len(report.cases), 'case')} and {counted(len(report.releases), 'release')} came in, "
            f"{len(report.known)} were known, {len(report.refused)} were refused."
        )
        for name in report.learnt:
            say(f"{name}: extended the catalogue of lines and releases.")
        for refused in _report(report)["refused"]:
            say(": ".join(part for part in (refused["file"], refused["field"], refused["reason"]) if part))
    return REFUSED if report.refused else DONE


def _progress() -> Progress | None:
    """A count that runs on the spot, for a person at a terminal."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, of: int) -> None:
        last = done == of
        if last or done % 20 == 0:
            sys.stderr.write(f"\r{done} of {of} " if of else f"\r{done} ")
            sys.stderr.write("\n" if last else "")
            sys.stderr.flush()

    return tell


def _report(report: ImportReport) -> dict[str, Any]:
    refused = [
        {"file": r.file, "field": r.field, "reason": fill(ERRORS.get(r.code, r.code), r.facts)} for r in report.refused
    ]
    return {"cases": report.cases, "releases": report.releases, "known": report.known, "refused": refused}


def do(arguments: argparse.Namespace) -> int:
    """`holdfast do`: any command by its name."""
    if arguments.list_verbs:
        return _list_verbs([w for w in (arguments.store, *arguments.words) if w])
    if arguments.words[:1] == ["--list"]:
        return _list_verbs(arguments.words[1:])
    words = split_words(arguments.words)
    if words.wants_help:
        return _list_verbs(words.plain[:1])
    if not words.plain:
        raise Rejected("usage.no-verb", needs="verb")
    if len(words.plain) > 2:
        raise Rejected("usage.too-many-words", value=safe_line(" ".join(words.plain[2:]), 80), needs="verb")
    verb = words.plain[0]
    made = make_command(verb, words)
    ref = _reference(words.plain, made.command)
    with opened(_with_passphrase(arguments, words)) as session:
        going = session.retention.going(ref) if ref and isinstance(made.command, Erase) else None
        done = session.desk.perform(ref, made.command, made.files)
    answer({"ref": done.ref, "changed": sorted(done.changes.refs)})
    if going is not None:
        say_gone(going, compacted=done.compacted)
    return DONE


def _with_passphrase(arguments: argparse.Namespace, words: Words) -> argparse.Namespace:
    """The options that say how the store is opened may also stand behind the verb, but only one of them anywhere."""
    given = [getattr(said, name) for said in (arguments, words) for name in _OPENING]
    if sum(one is not None and one is not False for one in given) > 1:
        raise Rejected("usage.two-passphrases", needs="passphrase")
    for name in _OPENING:
        if getattr(words, name) not in (None, False):
            setattr(arguments, name, getattr(words, name))
    return arguments


def _reference(plain: list[str], command: Command) -> str | None:
    """What the command is about; what creates something or concerns the team is about nothing with a reference."""
    verb = plain[0]
    needs_one = verb in {**CASE_VERBS, **RELEASE_VERBS} and not isinstance(command, _CREATE)
    if len(plain) > 1 and not needs_one:
        raise Rejected("usage.too-many-words", value=safe_line(plain[1], 80), needs="verb")
    if needs_one and len(plain) < 2:
        raise Rejected("usage.no-ref", verb=verb, needs="ref")
    return reference(plain[1]) if needs_one else None


def _list_verbs(named: list[str]) -> int:
    for verb in named:
        if verb not in VERBS:
            raise Rejected("usage.unknown-verb", verb=safe_line(verb, 40), needs="verb")
    if not named:
        table((verb, (kind.__doc__ or "").strip().split("\n")[0]) for verb, kind in VERBS.items())
    for verb in named:
        fields = msgspec.structs.fields(VERBS[verb])
        table((f"--{f.name.replace('_', '-')}", _type_words(f.type), "required" if f.required else "") for f in fields)
    return DONE


def _type_words(hint: Any) -> str:
    plain = str(hint).replace("typing.", "").replace("app.domain.values.", "").replace("datetime.datetime", "datetime")
    return plain.removeprefix("<class '").removesuffix("'>")


def release(arguments: argparse.Namespace) -> int:
    """`holdfast release STORE plan|postpone|show ...`."""
    words = split_words(arguments.words)
    action = words.plain[0] if words.plain else ""
    verb = {"plan": "plan-release", "postpone": "postpone"}.get(action, "")
    if words.wants_help or len(words.plain) != {"plan": 1, "postpone": 2, "show": 2}.get(action, 0):
        say("usage: holdfast release STORE plan --target WHEN [--lines line=22.x,version=22.1.1]...")
        say("       holdfast release STORE postpone REF --target WHEN --reason TEXT")
        say("       holdfast release STORE show REF [--json]")
        return DONE if words.wants_help else USAGE
    if action == "show":
        if words.pairs:
            raise Rejected("usage.unknown-field", verb="show", field=safe_line(words.pairs[0][0], 60), needs="field")
        return show_release(_with_passphrase(arguments, words), words.plain[1], wants_json=words.wants_json)
    made = make_command(verb, words)
    with opened(_with_passphrase(arguments, words)) as session:
        done = session.desk.perform(reference(words.plain[1]) if action == "postpone" else None, made.command)
    answer({"ref": done.ref, "changed": sorted(done.changes.refs)})
    return DONE


def demo(arguments: argparse.Namespace) -> int:
    """`holdfast demo`: a store with made-up cases."""
    from app.demo import make_demo

    folder = Path(arguments.out) if arguments.out else demo_folder()
    if not folder.exists():
        private_folder(folder)
    made = make_demo(folder, (arguments.parts or Parts()).clock.now(), lambda _done, _of: None)
    if arguments.json:
        answer({"store": str(made.store), "passphrase_file": str(made.passphrase_file)})
    else:
        say(f"Made the demo store {made.store}; its passphrase lies in {made.passphrase_file}.")
        say(f"The clock of its story stands at {instant(made.now)}.")
    return DONE


COMMANDS = {"init": init, "import": take_in, "do": do, "release": release, "demo": demo}
