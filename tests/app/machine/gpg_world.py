"""A real gpg with keys of people who do not exist, and programs that only pretend to be gpg."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from app.machine.gpg import Gpg
from app.machine.openpgp import SystemOpenPgp

ADA: Final = "Ada Example <ada@example.org>"
PASSPHRASE: Final = "kelp lantern orbit"
_PINENTRY: Final = """#!{python}
import sys
print("OK", flush=True)
for line in sys.stdin:
    word = line.split()[0].upper()
    if word == "GETPIN":
        print({answer!r}, flush=True)
        if not {answer!r}.startswith("ERR"):
            print("OK", flush=True)
        continue
    print("OK", flush=True)
    if word == "BYE":
        break
"""
CANCELS: Final = "ERR 83886179 Operation cancelled"


class GpgHome:
    """A key ring of its own; `end` stops its agent."""

    def __init__(self) -> None:
        # Directly under the temporary folder: the path of the agent's socket may not exceed 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="hfg-"))
        self.environment = {"PATH": os.environ["PATH"], "GNUPGHOME": str(self.folder), "HOME": str(self.folder)}
        self.gpg = Gpg(environment=self.environment)
        self.pgp = SystemOpenPgp(self.gpg)

    def make(self, who: str, *, kind: str = "future-default", expires: str = "never", passphrase: str = "") -> str:
        """A new key; gives its fingerprint."""
        before = {key.fingerprint for key in self.pgp.list_keys()}
        words = ["--pinentry-mode", "loopback", "--passphrase", passphrase, "--quick-generate-key"]
        self.call(*words, who, kind, "default" if kind == "future-default" else "sign", expires)
        return next(iter({key.fingerprint for key in self.pgp.list_keys()} - before))

    def call(self, *words: str, data: bytes = b"") -> bytes:
        """gpg as it stands, for making what the program must refuse."""
        command = ["gpg", "--batch", "--yes", "--no-tty", "--trust-model", "always", *words]
        return subprocess.run(command, input=data, env=self.environment, capture_output=True, check=True).stdout

    def answers(self, answer: str) -> None:
        """What the window that asks for the passphrase will answer from now on."""
        pinentry = self.folder / "pinentry"
        pinentry.write_text(_PINENTRY.format(python=sys.executable, answer=answer), "utf-8")
        pinentry.chmod(0o700)
        (self.folder / "gpg-agent.conf").write_text(f"pinentry-program {pinentry}\n", "utf-8")
        self.forget()

    def forget(self) -> None:
        """Stop the agent, with every passphrase it remembers."""
        subprocess.run(["gpgconf", "--kill", "all"], env=self.environment, capture_output=True, check=True)

    def end(self) -> None:
        self.forget()
        shutil.rmtree(self.folder, ignore_errors=True)


def pretender(folder: Path, body: str) -> SystemOpenPgp:
    """A program in the place of gpg; `status(text)` in its body writes a status line."""
    program = folder / "gpg"
    program.write_text(
        f"#!{sys.executable}\n"
        "import os, sys, time\n"
        "fd = int(next(a for a in sys.argv if a.startswith('--status-fd=')).partition('=')[2])\n"
        "def status(text):\n    os.write(fd, f'[GNUPG:] {text}\\n'.encode())\n"
        "if '--list-config' in sys.argv:\n    print('cfg:version:2.2.40')\n    sys.exit()\n"
        f"listing = any(a.startswith('--list') for a in sys.argv)\n{body}\n",
        "utf-8",
    )
    program.chmod(0o700)
    return SystemOpenPgp(Gpg(str(program), {"PATH": os.environ["PATH"]}), quick=5, person=5)
