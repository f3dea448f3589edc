"""The command line on a store of its own, as a test speaks to it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from tests.builders import quick_parts

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSPHRASE = "a door of made-up words"


class Clock:
    """Each look moves it a second, so that no two events share an instant."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


class Answer:
    """What one verb gave: exit code, what came on stdout, what was said on stderr."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """What was said, which must be one line."""
        (line,) = self.err.splitlines()
        return line


class Door:
    """Says verbs with the store and its passphrase behind them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.clock = Clock()
        self.parts = quick_parts(self.clock)
        self.store = folder / "team.holdfast"
        self.secret = folder / "passphrase.txt"
        self.secret.write_text(PASSPHRASE + "\n", encoding="utf-8")

    def say(self, *words: str) -> Answer:
        """Says words as they are."""
        code = main(list(words), parts=self.parts)
        out, err = self.capsys.readouterr()
        return Answer(code, out, err)

    def run(self, verb: str, *words: str, code: int = 0) -> Answer:
        """Says a verb on the store."""
        answer = self.say(verb, str(self.store), "--passphrase-file", str(self.secret), *words)
        assert answer.code == code, answer.err
        return answer

    def do(self, verb: str, *words: str, code: int = 0) -> Answer:
        """Carries out a verb of the desk, or is refused."""
        return self.run("do", verb, *words, code=code)

    def init(self, *words: str) -> Door:
        self.run("init", "--project", "aster", "--name", "Ada Example", *words)
        return self

    def receive(self, title: str = "A folded header hides a request", *words: str) -> str:
        ref: str = self.do("receive", "--title", title, *words).json["ref"]
        return ref

    def confirmed(self, title: str = "A folded header hides a request") -> str:
        ref = self.receive(title)
        for verb in ("assign", "acknowledge", "reply", "confirm"):
            self.do(verb, ref)
        return ref

    def file(self, name: str, data: bytes | str) -> str:
        path = self.folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return str(path)

    def nothing_changes(self, *words: str, code: int) -> Answer:
        """A verb that must leave the history as it was."""
        before = self.run("history", "--json").out
        answer = self.run(*words, code=code)
        assert self.run("history", "--json").out == before
        return answer


def texts(rows: Sequence[dict[str, Any]], key: str) -> list[Any]:
    return [row[key] for row in rows]
