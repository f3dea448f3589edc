"""What can be said on the command line; imports nothing heavy, so that help is there at once."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from app import VERSION

_INTRODUCTION = """\
Holdfast keeps security reports in an encrypted store and leads each through the disclosure policy.
Without words it opens the window. JSON goes to stdout, words to stderr; exit 0 done, 1 refused, 2 wrong usage.
"""
_EPILOGUE = """\
A passphrase comes from a prompt, --passphrase-file FILE or --passphrase-fd NUMBER, never from an argument.
Where the store has other ways in: --recovery-code-file FILE, --keychain, --openpgp.
`holdfast do --list` names every verb; `holdfast do --list VERB` its fields.
"""


_KEYS = """\
holdfast keys STORE list
holdfast keys STORE add-passphrase [--label NAME] [--new-passphrase-file FILE]
holdfast keys STORE add-recovery [--label NAME]      shows a code, which has to be typed back
holdfast keys STORE add-keychain [--label NAME]
holdfast keys STORE add-openpgp FINGERPRINT [--label NAME]
holdfast keys STORE rename WAY NAME
holdfast keys STORE test WAY
holdfast keys STORE change WAY [--new-passphrase-file FILE]
holdfast keys STORE revoke WAY
holdfast keys STORE rekey --backup FILE|DIR          replaces the key after a backup
WAY is the id or the name of a way in, as `list` tells them.
"""


_MAY_STAY_EMPTY = {"history": "ref", "backup": "target", "backups": "folder", "drill": "file"}
"""Verbs whose last word may be left out, and its place."""


def _store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", metavar="STORE", help="the folder of the store, NAME.holdfast")
    _passphrase(parser)
    _older(parser)


def _passphrase(parser: argparse.ArgumentParser) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--passphrase-file", metavar="FILE", help="read the passphrase from the first line of a file")
    group.add_argument("--passphrase-fd", metavar="NUMBER", type=_count, help="read it from an open file descriptor")
    group.add_argument("--recovery-code-file", metavar="FILE", help="open it with the recovery code in a file instead")
    group.add_argument("--keychain", action="store_true", help="open it with the keychain of this machine instead")
    group.add_argument("--openpgp", action="store_true", help="open it with your OpenPGP key or smartcard instead")


def _older(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--accept-older", action="store_true", help="go on with a copy older than this machine saw last, on record"
    )


def _count(text: str) -> int:
    """A number from 0 on; whatever else is wrong usage."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"not a number from 0 on: {text[:40]!r}")
    return int(text)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="answer with JSON on stdout")


def build() -> argparse.ArgumentParser:
    """The whole grammar."""
    parser = argparse.ArgumentParser(
        prog="holdfast",
        description=_INTRODUCTION,
        epilog=_EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"holdfast {VERSION}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    _add_entry(verbs)
    _add_reading(verbs)
    _add_leaving(verbs)
    _add_keeping(verbs)
    return parser


def _add(verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str) -> argparse.ArgumentParser:
    return verbs.add_parser(name, help=text, description=text, allow_abbrev=False)


def _add_entry(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    init = _add(verbs, "init", "make a new store")
    _store(init)
    init.add_argument("--policy", default="node-core", help="the disclosure policy of new cases (default: node-core)")
    init.add_argument("--project", default="nodejs", help="the project profile (default: nodejs)")
    init.add_argument("--title", default="", help="what the store is called; default: the name of its folder")
    init.add_argument("--name", default="", help="your name")
    init.add_argument("--email", default="", help="your address")
    _json(init)
    take = _add(verbs, "import", "take in reports and records")
    _store(take)
    take.add_argument("files", nargs="+", metavar="FILE", help="a file, a folder, or - for standard input")
    take.add_argument("--as", dest="as_format", metavar="FORMAT", help="do not recognise the format, take this one")
    _json(take)
    act = _add(verbs, "do", "carry out any command of the desk by its name")
    act.add_argument("store", metavar="STORE", nargs="?", default="", help="the folder of the store")
    _passphrase(act)
    _older(act)
    act.add_argument("words", nargs=argparse.REMAINDER, metavar="VERB [REF] [--FIELD VALUE]...", help="what to do")
    act.add_argument("--list", dest="list_verbs", action="store_true", help="name every verb, or the fields of one")
    release = _add(verbs, "release", "plan, postpone or show a security release")
    _store(release)
    release.add_argument("words", nargs=argparse.REMAINDER, metavar="plan|postpone|show ...", help="what to do")
    demo = _add(verbs, "demo", "make a store with made-up cases in every stage")
    demo.add_argument("--out", metavar="DIR", default="", help="where to put it; default: a new private folder")
    _json(demo)


def _add_reading(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    cases = _add(verbs, "cases", "list cases")
    _store(cases)
    cases.add_argument("--query", default="", metavar="TEXT", help="words that the case must contain")
    cases.add_argument(
        "--view", default="all", choices=["open", "mine", "embargo", "waiting", "no-cve", "closed", "all"]
    )
    cases.add_argument("--limit", type=_count, default=0, metavar="N", help="at most so many; 0 for all")
    _json(cases)
    show = _add(verbs, "show", "show a case or a release as facts")
    _store(show)
    show.add_argument("ref", metavar="REF")
    _json(show)
    history = _add(verbs, "history", "tell what happened, oldest first")
    _store(history)
    history.add_argument("ref", metavar="REF", nargs="?", default="", help="a case or release; default: everything")
    _json(history)
    verify = _add(verbs, "verify", "check chain, signatures, projections and blobs")
    _store(verify)
    verify.add_argument(
        "--checkpoint", metavar="FILE|LINE|-", help="and compare with an earlier checkpoint: its note or its line"
    )
    verify.add_argument("--rebuild", action="store_true", help="make lists and search again where only they differ")
    _json(verify)
    look = _add(verbs, "look", "look up a weakness, a CVSS vector, an SSVC decision or a range; needs no store")
    look.add_argument("what", choices=["cwe", "cvss", "ssvc", "range"])
    look.add_argument("words", nargs="+", metavar="WORD", help="what to look up")
    look.add_argument("--product", default="", metavar="KEY", help="the catalogue a range is held against, e.g. nodejs")
    look.add_argument("--limit", type=_count, default=0, metavar="N", help="at most so many entries (default: 20)")
    _json(look)
    formats = _add(verbs, "formats", "name what can be imported and exported")
    _json(formats)


def _add_leaving(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    export = _add(verbs, "export", "write texts and records into a folder")
    _store(export)
    export.add_argument("format", metavar="FORMAT")
    what = export.add_mutually_exclusive_group(required=True)
    what.add_argument("--case", metavar="REF")
    what.add_argument("--release", metavar="REF")
    what.add_argument("--all", action="store_true")
    export.add_argument("--out", metavar="DIR", required=True)
    export.add_argument("--override", metavar="REASON", default="", help="pass the guards, on record")
    _json(export)
    checkpoint = _add(verbs, "checkpoint", "write a signed note of the log to keep elsewhere")
    _store(checkpoint)
    checkpoint.add_argument("--out", metavar="FILE", help="the note as a file")
    checkpoint.add_argument("--line", action="store_true", help="print it as one line, to keep on paper")
    checkpoint.add_argument("--qr", metavar="FILE", help="the line as a QR code: .svg, .png or .txt")
    _json(checkpoint)


def _add_keeping(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _add_keys(verbs)
    _add_backups(verbs)
    _add_retention(verbs)
    _add_rescue(verbs)


def _add_rescue(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rescue = _add(verbs, "rescue", "save what a damaged store still tells into a new one")
    rescue.add_argument("store", metavar="DAMAGED", help="the folder of the damaged store; it is never written to")
    rescue.add_argument("target", metavar="NEW", help="the folder of the new store")
    _passphrase(rescue)
    rescue.add_argument("--slots", metavar="FILE", help="key slots from elsewhere: a keyslots.json, or any backup")
    new = rescue.add_mutually_exclusive_group()
    new.add_argument("--new-passphrase-file", metavar="FILE", help="the new store opens with this passphrase instead")
    new.add_argument("--new-passphrase-fd", metavar="NUMBER", type=_count, help="or with one from a descriptor")
    _json(rescue)


def _add_keys(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    keys = _add(verbs, "keys", "list, add, rename, try, change and revoke what opens the store; replace its key")
    keys.epilog, keys.formatter_class = _KEYS, argparse.RawDescriptionHelpFormatter
    _store(keys)
    actions = ("list", "add-passphrase", "add-recovery", "add-keychain", "add-openpgp")
    acts = (*actions, "rename", "test", "revoke", "change", "rekey")
    keys.add_argument("action", metavar="ACTION", choices=acts, help=", ".join(acts))
    keys.add_argument("words", metavar="WAY", nargs="*", help="the id or name of a way in; a fingerprint; a new name")
    keys.add_argument("--label", default="", metavar="NAME", help="what a new way in is called")
    new = keys.add_mutually_exclusive_group()
    new.add_argument("--new-passphrase-file", metavar="FILE", help="the new passphrase is the first line of a file")
    new.add_argument("--new-passphrase-fd", metavar="NUMBER", type=_count, help="or comes from a file descriptor")
    keys.add_argument("--confirm-file", metavar="FILE", help="the recovery code as typed back; - for standard input")
    keys.add_argument("--backup", metavar="FILE|DIR", help="for rekey: where the backup goes that is made first")
    _json(keys)


def _add_backups(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    make = _add(verbs, "backup", "copy the store into one file, read it back and verify it")
    _store(make)
    make.add_argument("target", metavar="FILE|DIR", nargs="?", default="", help="default: the team's folder of backups")
    make.add_argument("--deep", action="store_true", help="tell every state again from its events as well")
    make.add_argument("--prune", action="store_true", help="then drop backups that the store's rule lets go")
    _json(make)
    kept = _add(verbs, "backups", "list the backups in a folder")
    _store(kept)
    kept.add_argument("folder", metavar="DIR", nargs="?", default="", help="default: the team's folder of backups")
    _json(kept)
    restore = _add(verbs, "restore", "make a new store out of a backup")
    restore.add_argument("file", metavar="FILE", help="the backup")
    _store(restore)
    _json(restore)
    drill = _add(verbs, "drill", "try a restore to a scratch place, verify it and leave nothing of it")
    _store(drill)
    drill.add_argument(
        "file",
        metavar="FILE|DIR",
        nargs="?",
        default="",
        help="a backup, or a folder for the last one in it; default: the folder of the settings",
    )
    _json(drill)


def _add_retention(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    kept = _add(verbs, "retention", "name the closed cases kept long enough, or what erasing one takes away")
    _store(kept)
    what = kept.add_mutually_exclusive_group()
    what.add_argument("--propose", action="store_true", help="propose to erase them all: the first of two steps")
    what.add_argument("--of", metavar="REF", default="", help="what would go with this case, and which backups hold it")
    _json(kept)


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The arguments; raises SystemExit(2) with words on stderr for wrong usage, SystemExit(0) after help."""
    parser = build()
    arguments, rest = parser.parse_known_args(words)
    # argparse fills a place that may stay empty before the next option, and then has none for the word behind it.
    if rest and not any(word.startswith("-") and word != "-" for word in rest):
        if arguments.verb == "import":
            arguments.files += rest
            return arguments
        if arguments.verb == "keys" and not arguments.words:
            arguments.words = rest
            return arguments
        place = _MAY_STAY_EMPTY.get(arguments.verb, "")
        if place and not getattr(arguments, place) and len(rest) == 1:
            setattr(arguments, place, rest[0])
            return arguments
    if rest:
        from app.domain.untrusted import safe_line

        # The words may hold what a terminal would obey; argparse quotes all others by itself.
        parser.error(f"not understood: {safe_line(' '.join(rest), 300)}")
    return arguments
