"""One verb from arguments to exit code; every refusal becomes one sentence on stderr."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from app.bootstrap import Session, open_store
from app.cli import REFUSED, USAGE
from app.cli.output import say, say_error, speak_utf8
from app.cli.passphrase import read_secret
from app.desk.ports.keys import Secret
from app.domain.errors import AppError, Defect, Environment
from app.machine.process import harden

Verb = Callable[[argparse.Namespace], int]

_OLDER: Final = frozenset({"store.rolled-back", "store.forked", "store.slots-old"})


def run(arguments: argparse.Namespace) -> int:
    """Carries out a verb; 1 where a rule, a file or the machine refused, 2 where the words were wrong."""
    from app.cli import backups, entering, keys, leaving, looking, reading, rescue, retention, verifying

    rooms = (entering, reading, verifying, leaving, keys, backups, retention, rescue, looking)
    verbs: dict[str, Verb] = {name: verb for room in rooms for name, verb in room.COMMANDS.items()}
    harden()
    speak_utf8()
    try:
        code = verbs[arguments.verb](arguments)
        sys.stdout.flush()
    except AppError as error:
        return _refused(error)
    except BrokenPipeError:
        return _unheard()
    except KeyboardInterrupt:
        say("Stopped; what was finished is kept.")
        return REFUSED
    except MemoryError:
        return _refused(Environment("memory.full"))
    except Exception as fault:  # noqa: BLE001 - a traceback could show the text of a case; its kind is enough to search for
        say_error(Defect("defect.unforeseen"))
        say(f"This is a fault of the program ({_place_of(fault)}).")
        return REFUSED
    return code


def _refused(error: AppError) -> int:
    say_error(error)
    if error.code in _OLDER:
        say("If you put the whole folder there yourself, go on, on record: holdfast cases STORE --accept-older.")
    if isinstance(error, Defect):
        say("This is a fault of the program; nothing of the command was kept.")
    return USAGE if error.code.startswith("usage.") else REFUSED


def _unheard() -> int:
    """Whoever read has gone: nothing more is written, not even at the end of the process."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    return REFUSED


def _place_of(fault: Exception) -> str:
    """The kind of a fault and where it was, without a word of what it was about."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    return f"{type(fault).__name__}, {place}"


def secret_of(arguments: argparse.Namespace) -> Secret:
    """What opens the store of the arguments; asked for once, however often it is needed."""
    if getattr(arguments, "secret", None) is None:
        arguments.secret = read_secret(arguments)
    secret: Secret = arguments.secret
    return secret


@contextmanager
def opened(arguments: argparse.Namespace) -> Iterator[Session]:
    """The open store of the arguments, closed at the end whatever happens."""
    session = open_store(
        Path(arguments.store),
        secret_of(arguments),
        parts=arguments.parts,
        accept_older=arguments.accept_older,
    )
    for warning in session.warnings:
        say_error(warning)
    try:
        yield session
    finally:
        session.close()
