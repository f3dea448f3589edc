"""What can be said on the command line; imports nothing heavy, so that help is there at once."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

VERSION = "0.1.0"

_INTRODUCTION = """\
Holdfast keeps security reports in an encrypted store and leads each through the disclosure policy.
Without words it opens the window. JSON goes to stdout, words to stderr; exit 0 done, 1 refused, 2 wrong usage.
"""
_EPILOGUE = """\
A passphrase comes from a prompt, --passphrase-file FILE or --passphrase-fd NUMBER, never from an argument.
`holdfast do --list` names every verb; `holdfast do --list VERB` its fields.
"""


def _store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", metavar="STORE", help="the folder of the store, NAME.holdfast")
    _passphrase(parser)


def _passphrase(parser: argparse.ArgumentParser) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--passphrase-file", metavar="FILE", help="read the passphrase from the first line of a file")
    group.add_argument("--passphrase-fd", metavar="NUMBER", type=_count, help="read it from an open file descriptor")


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
    verify.add_argument("--checkpoint", metavar="FILE", help="and compare with an earlier checkpoint")
    _json(verify)
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
    checkpoint.add_argument("--out", metavar="FILE", required=True)
    _json(checkpoint)


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The arguments; raises SystemExit(2) with words on stderr for wrong usage, SystemExit(0) after help."""
    parser = build()
    arguments, rest = parser.parse_known_args(words)
    # argparse fills a place that may stay empty before the next option, and then has none for the word behind it.
    if rest and not any(word.startswith("-") and word != "-" for word in rest):
        if arguments.verb == "import":
            arguments.files += rest
            return arguments
        if arguments.verb == "history" and not arguments.ref and len(rest) == 1:
            arguments.ref = rest[0]
            return arguments
    if rest:
        from app.domain.untrusted import safe_line

        # The words may hold what a terminal would obey; argparse quotes all others by itself.
        parser.error(f"not understood: {safe_line(' '.join(rest), 300)}")
    return arguments
