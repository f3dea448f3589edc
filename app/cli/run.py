"""One verb from arguments to exit code; every refusal becomes one sentence on stderr."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.bootstrap import Session, open_store
from app.cli import DONE, REFUSED, USAGE
from app.cli.output import say, say_error
from app.cli.passphrase import read_passphrase
from app.domain.errors import AppError, Defect
from app.machine.process import harden

Verb = Callable[[argparse.Namespace], int]


def run(arguments: argparse.Namespace) -> int:
    """Carries out a verb; 1 where a rule, a file or the machine refused, 2 where the words were wrong."""
    from app.cli import entering, leaving, reading

    verbs: dict[str, Verb] = {**entering.COMMANDS, **reading.COMMANDS, **leaving.COMMANDS}
    harden()
    try:
        return verbs[arguments.verb](arguments)
    except AppError as error:
        say_error(error)
        if isinstance(error, Defect):
            say("This is a fault of the program; nothing of the command was kept.")
        return USAGE if error.code.startswith("usage.") else REFUSED
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except KeyboardInterrupt:
        say("Stopped; what was finished is kept.")
        return REFUSED


@contextmanager
def opened(arguments: argparse.Namespace) -> Iterator[Session]:
    """The open store of the arguments, closed at the end whatever happens."""
    session = open_store(Path(arguments.store), read_passphrase(arguments), parts=arguments.parts)
    try:
        yield session
    finally:
        session.close()
