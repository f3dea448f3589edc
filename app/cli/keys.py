"""The verb `keys`: the ways into a store listed, added, renamed, tried, changed and revoked; its key replaced."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from app.bootstrap import Session
from app.cli import DONE, REFUSED
from app.cli.backups import place_named
from app.cli.output import answer, instant, say, table
from app.cli.passphrase import LIMIT, read_line, read_new_passphrase, read_prompt
from app.cli.run import opened, secret_of
from app.desk.ports.keys import FromKeychain, FromOpenPgp, RecoveryCode, Secret, WayInRow
from app.domain.errors import Rejected
from app.domain.untrusted import safe_line

_KINDS: Final = {
    "passphrase": "passphrase",
    "recovery": "recovery code",
    "keychain": "keychain",
    "openpgp": "OpenPGP key",
    "other": "of a later version",
}
_WORDS: Final = {"add-openpgp": 1, "rename": 2, "test": 1, "revoke": 1, "change": 1}
_USAGE: Final = {
    "add-openpgp": "add-openpgp FINGERPRINT [--label NAME]",
    "rename": "rename WAY NAME",
    "test": "test WAY",
    "revoke": "revoke WAY",
    "change": "change WAY [--new-passphrase-file FILE]",
}


def keys(arguments: argparse.Namespace) -> int:
    """`holdfast keys STORE ACTION`."""
    action: str = arguments.action
    if len(arguments.words) != _WORDS.get(action, 0):
        usage = _USAGE.get(action, f"{action}")
        raise Rejected("usage.form", form=f"holdfast keys STORE {usage}", needs="words")
    with opened(arguments) as session:
        return _ACTIONS[action](session, arguments)


def _list(session: Session, arguments: argparse.Namespace) -> int:
    ways = session.keys.ways()
    if arguments.json:
        answer({"ways": ways})
        return DONE
    table((w.id, _KINDS.get(w.kind, w.kind), w.label, instant(w.since), w.fingerprint) for w in ways)
    _advise(ways)
    return DONE


def _add_passphrase(session: Session, arguments: argparse.Namespace) -> int:
    new = read_new_passphrase(arguments)
    return _added(session, session.keys.add_passphrase(secret_of(arguments), new, arguments.label), arguments)


def _add_recovery(session: Session, arguments: argparse.Namespace) -> int:
    """The code goes to stdout once and comes into force when it comes back."""
    code = session.keys.add_recovery(secret_of(arguments), arguments.label)
    if arguments.json:
        answer({"code": code})
    else:
        sys.stdout.write(f"{code}\n")
    sys.stdout.flush()
    say("Write the code down and keep it away from this machine. Type it back to bring it into force.")
    try:
        return _added(session, session.keys.confirm_recovery(_typed_back(arguments)), arguments)
    finally:
        session.keys.drop_recovery()


def _typed_back(arguments: argparse.Namespace) -> str:
    if not arguments.confirm_file:
        return _prompted_code()
    if arguments.confirm_file == "-":
        return sys.stdin.readline(LIMIT)
    return read_line(Path(arguments.confirm_file))


def _prompted_code() -> str:
    """What was typed, and nothing where nobody typed: that is a code too short, and no missing passphrase."""
    try:
        return read_prompt("Recovery code: ")
    except Rejected as refused:
        if refused.code != "passphrase.empty":
            raise
        return ""


def _add_keychain(session: Session, arguments: argparse.Namespace) -> int:
    return _added(session, session.keys.add_keychain(secret_of(arguments), arguments.label), arguments)


def _add_openpgp(session: Session, arguments: argparse.Namespace) -> int:
    fingerprint = arguments.words[0].replace(" ", "").upper().removeprefix("0X")
    return _added(session, session.keys.add_openpgp(secret_of(arguments), fingerprint, arguments.label), arguments)


def _rename(session: Session, arguments: argparse.Namespace) -> int:
    way = _way(session, arguments.words[0])
    session.keys.rename(way.id, arguments.words[1])
    return _told(arguments, way.id, "Renamed.")


def _test(session: Session, arguments: argparse.Namespace) -> int:
    """Tries one way in: with the secret that opened the store, or with another one where that is of another kind."""
    way = _way(session, arguments.words[0])
    opens = session.keys.test(way.id, _secret_for(way, secret_of(arguments)))
    if arguments.json:
        answer({"id": way.id, "opens": opens})
    else:
        say(f"“{way.label}” opens the store." if opens else f"“{way.label}” did not open the store with that.")
    return DONE if opens else REFUSED


def _secret_for(way: WayInRow, given: Secret) -> Secret:
    if way.kind == "keychain":
        return FromKeychain()
    if way.kind == "openpgp":
        return FromOpenPgp()
    if way.kind == "recovery":
        return given if isinstance(given, RecoveryCode) else RecoveryCode(_prompted_code())
    if way.kind == "passphrase":
        return given if isinstance(given, str) else read_prompt("Passphrase: ")
    raise Rejected("keys.unknown", needs="way-in")


def _revoke(session: Session, arguments: argparse.Namespace) -> int:
    way = _way(session, arguments.words[0])
    session.keys.revoke(secret_of(arguments), way.id)
    code = _told(arguments, way.id, f"“{way.label}” opens the store no longer.")
    say("Whoever has its secret and an old copy of the store can still open that copy, and later ones with its key:")
    say("`holdfast keys STORE rekey --backup FILE` replaces the key.")
    _advise(session.keys.ways())
    return code


def _change(session: Session, arguments: argparse.Namespace) -> int:
    way = _way(session, arguments.words[0])
    session.keys.change_passphrase(way.id, secret_of(arguments), read_new_passphrase(arguments))
    return _told(arguments, way.id, f"The passphrase of “{way.label}” was changed.")


def _rekey(session: Session, arguments: argparse.Namespace) -> int:
    if not arguments.backup:
        raise Rejected("usage.form", form="holdfast keys STORE rekey --backup FILE", needs="backup")
    session.keys.rekey(secret_of(arguments), place_named(arguments.backup))
    if arguments.json:
        answer({"epoch": session.queries.team().epoch})
    else:
        say("The store key was replaced; every way in opens it, and the backup, as before.")
        say("Backups made before today still open with secrets that were revoked since: delete those that must not.")
    return DONE


def _way(session: Session, named: str) -> WayInRow:
    """The way in of this id, or of this name."""
    for way in session.keys.ways():
        if named == way.id or named.casefold() == way.label.casefold():
            return way
    raise Rejected("keys.unnamed", name=safe_line(named, 80), needs="way-in")


def _added(session: Session, way_id: str, arguments: argparse.Namespace) -> int:
    label = next(way.label for way in session.keys.ways() if way.id == way_id)
    return _told(arguments, way_id, f"“{label}” opens the store now.")


def _told(arguments: argparse.Namespace, way_id: str, words: str) -> int:
    if arguments.json:
        answer({"id": way_id})
    else:
        say(words)
    return DONE


def _advise(ways: tuple[WayInRow, ...]) -> None:
    """What a careful team would add."""
    kinds = {way.kind for way in ways}
    if not kinds & {"passphrase", "recovery"}:
        say("Only an OpenPGP key opens the store: when the key is lost, so is the store. Add a recovery code.")
    elif "recovery" not in kinds:
        say("The store has no recovery code: when the passphrase is forgotten, the store is lost.")


_ACTIONS: Final[dict[str, Callable[[Session, Any], int]]] = {
    "list": _list,
    "add-passphrase": _add_passphrase,
    "add-recovery": _add_recovery,
    "add-keychain": _add_keychain,
    "add-openpgp": _add_openpgp,
    "rename": _rename,
    "test": _test,
    "revoke": _revoke,
    "change": _change,
    "rekey": _rekey,
}

COMMANDS = {"keys": keys}
