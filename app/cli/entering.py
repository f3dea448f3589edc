"""Verbs that write into the store: init, import, do, release, demo."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path
from typing import Any

import msgspec

from app.bootstrap import Parts, create_store, demo_folder
from app.cli import DONE, REFUSED, USAGE
from app.cli.fields import make_command, split_words
from app.cli.output import answer, instant, say, table
from app.cli.parser import parse
from app.cli.passphrase import read_passphrase
from app.cli.run import opened
from app.demo import make_demo
from app.desk.intake import ImportReport
from app.domain.commands import CASE_VERBS, RELEASE_VERBS, VERBS, Command
from app.domain.commands.case_commands import ImportRecord, Receive
from app.domain.commands.release_commands import PlanRelease
from app.domain.errors import Rejected
from app.domain.untrusted import safe_line
from app.presenters.facts import release_facts
from app.presenters.words import ERRORS, fill

_CREATE = (Receive, ImportRecord, PlanRelease)


def init(arguments: argparse.Namespace) -> int:
    """`holdfast init`."""
    folder = Path(arguments.store)
    name = arguments.name or getpass.getuser()
    session = create_store(
        folder,
        read_passphrase(arguments, confirm=True),
        title=arguments.title or folder.name.removesuffix(".holdfast"),
        owner=name,
        email=arguments.email,
        policy=arguments.policy,
        project=arguments.project,
        parts=arguments.parts,
    )
    try:
        team = session.queries.team()
    finally:
        session.close()
    if arguments.json:
        answer({"store": str(folder), "name": team.name, "policy": team.policy, "store_id": team.store_id})
    else:
        say(f"Made the store {team.name} in {folder}. Whoever loses the passphrase loses the data.")
    return DONE


def take_in(arguments: argparse.Namespace) -> int:
    """`holdfast import`: 0 if nothing was refused."""
    with opened(arguments) as session:
        report = session.intake.run(session.import_sources(arguments.files), as_format=arguments.as_format)
    if arguments.json:
        answer(_report(report))
    else:
        say(
            f"{len(report.cases)} cases and {len(report.releases)} releases came in, "
            f"{len(report.known)} were known, {len(report.refused)} were refused."
        )
        for refused in _report(report)["refused"]:
            say(f"{refused['file']}: {refused['field']}: {refused['reason']}")
    return REFUSED if report.refused else DONE


def _report(report: ImportReport) -> dict[str, Any]:
    refused = [
        {"file": r.file, "field": r.field, "reason": fill(ERRORS.get(r.code, r.code), r.facts)} for r in report.refused
    ]
    return {"cases": report.cases, "releases": report.releases, "known": report.known, "refused": refused}


def do(arguments: argparse.Namespace) -> int:
    """`holdfast do`: any command by its name."""
    if arguments.list_verbs or "--list" in arguments.words or arguments.store == "--list":
        return _list_verbs([w for w in (arguments.store, *arguments.words) if w and not w.startswith("--")])
    arguments, words = _late_passphrase(arguments)
    plain, pairs, whole = split_words(words)
    if not plain:
        raise Rejected("usage.no-verb", needs="verb")
    if len(plain) > 2:
        raise Rejected("usage.too-many-words", value=safe_line(" ".join(plain[2:]), 80), needs="verb")
    command = make_command(plain[0], pairs, whole)
    with opened(arguments) as session:
        done = session.desk.perform(_reference(plain, command), command)
    answer({"ref": done.ref, "changed": sorted(done.changes.refs)})
    return DONE


def _late_passphrase(arguments: argparse.Namespace) -> tuple[argparse.Namespace, list[str]]:
    """The passphrase options may also stand behind the verb."""
    words = list(arguments.words)
    for option in ("--passphrase-file", "--passphrase-fd"):
        if option in words:
            place = words.index(option)
            value = words[place + 1] if place + 1 < len(words) else ""
            del words[place : place + 2]
            late = parse(["cases", arguments.store, option, value])
            arguments.passphrase_file, arguments.passphrase_fd = late.passphrase_file, late.passphrase_fd
    return arguments, words


def _reference(plain: list[str], command: Command) -> str | None:
    if len(plain) > 1:
        return plain[1]
    if isinstance(command, _CREATE) or plain[0] not in {**CASE_VERBS, **RELEASE_VERBS}:
        return None
    raise Rejected("usage.no-ref", verb=plain[0], needs="ref")


def _list_verbs(named: list[str]) -> int:
    verbs = [v for v in named if v in VERBS]
    if not verbs:
        table((verb, (kind.__doc__ or "").strip().split("\n")[0]) for verb, kind in VERBS.items())
        return DONE
    for verb in verbs:
        fields = msgspec.structs.fields(VERBS[verb])
        table((f"--{f.name.replace('_', '-')}", _type_words(f.type), _need(f)) for f in fields)
    return DONE


def _type_words(hint: Any) -> str:
    return (
        str(hint).replace("typing.", "").replace("app.domain.values.", "").removeprefix("<class '").removesuffix("'>")
    )


def _need(field: Any) -> str:
    required = field.default is msgspec.NODEFAULT and field.default_factory is msgspec.NODEFAULT
    return "required" if required else ""


def release(arguments: argparse.Namespace) -> int:
    """`holdfast release STORE plan|postpone|show ...`."""
    arguments, words = _late_passphrase(arguments)
    json_wanted = "--json" in words and words[-1] == "--json"
    plain, pairs, whole = split_words(words[:-1] if json_wanted else words)
    action = plain[0] if plain else ""
    if action == "show" and len(plain) > 1:
        return _show_release(arguments, plain[1])
    verbs = {"plan": "plan-release", "postpone": "postpone"}
    if action not in verbs or (action == "postpone" and len(plain) < 2):
        say("usage: holdfast release STORE plan --target WHEN [--lines line=22.x,version=22.1.1]...")
        say("       holdfast release STORE postpone REF --target WHEN --reason TEXT")
        say("       holdfast release STORE show REF")
        return USAGE
    command = make_command(verbs[action], pairs, whole)
    with opened(arguments) as session:
        done = session.desk.perform(plain[1] if action == "postpone" else None, command)
    answer({"ref": done.ref, "changed": sorted(done.changes.refs)})
    return DONE


def _show_release(arguments: argparse.Namespace, ref: str) -> int:
    with opened(arguments) as session:
        found = session.queries.release(ref)
    if found is None:
        raise Rejected("release.unknown", ref=safe_line(ref, 40), needs="ref")
    answer(release_facts(found))
    return DONE


def demo(arguments: argparse.Namespace) -> int:
    """`holdfast demo`: a store with made-up cases."""
    folder = Path(arguments.out) if arguments.out else demo_folder()
    made = make_demo(folder, (arguments.parts or Parts()).clock.now(), lambda _done, _of: None)
    if arguments.json:
        answer({"store": str(made.store), "passphrase_file": str(made.passphrase_file)})
    else:
        say(f"Made the demo store {made.store}; its passphrase lies in {made.passphrase_file}.")
        say(f"The clock of its story stands at {instant(made.now)}.")
    return DONE


COMMANDS = {"init": init, "import": take_in, "do": do, "release": release, "demo": demo}
