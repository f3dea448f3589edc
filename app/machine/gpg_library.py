"""python-gnupg for command lines, listings and the check of the program; every process it needs is run by ours."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import IO, Any, ClassVar, Final, NamedTuple, final

import gnupg
from typing_extensions import override

from app.machine.gpg_process import Said

# Here python-gnupg would break a line of a listing in two, though gpg did not: a name with U+2028 could add lines.
_BREAKS: Final = dict.fromkeys(map(ord, "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), " ")
# A field that a line lacks would be read as "unavailable", whose letters mean abilities of a key.
_FIELDS: Final = ":" * len(gnupg.ListKeys.FIELDS)


class _Ended(NamedTuple):
    """What python-gnupg gets in the place of a process."""

    said: Said
    returncode: int
    stdin: None = None


@final
class _Keys(gnupg.ListKeys):  # type: ignore[misc]  # python-gnupg has no types
    """A listing; names that were revoked or have expired are left out."""

    @override
    def uid(self, args: list[str]) -> None:
        if args[1] not in ("r", "e"):
            super().uid(args)


@final
class Library(gnupg.GPG):  # type: ignore[misc]  # python-gnupg has no types
    """A gpg that has answered with its version; `run` starts it with a command line and what it is to read.

    Raises what `run` raises, and ValueError when the program does not end as gpg does.
    """

    result_map: ClassVar[dict[str, type]] = {**gnupg.GPG.result_map, "list": _Keys}
    decode_errors = "replace"

    def __init__(self, program: str, options: Sequence[str], run: Callable[[Sequence[str], bytes], Said]) -> None:
        self.run = run
        gnupg.logger.disabled = True  # on its debug level it tells names of keys and parts of messages
        super().__init__(gpgbinary=program, options=list(options), encoding="utf-8")

    def through(self, run: Callable[[Sequence[str], bytes], Said]) -> Library:
        """The same gpg, run another way: its methods have no place for the limits of one call."""
        other = copy.copy(self)
        other.run = run
        return other

    @override
    def make_args(self, args: Sequence[str], passphrase: object) -> list[str]:
        # Its own line mixes status with log on one pipe and obeys DEBUG_IPC, which logs what gpg and its agent say.
        return [self.gpgbinary, *self.options, *args]

    # The three below are its plumbing, which reads without limit of size or time, inherits our folder, and takes
    # status lines from the log; what went well is decided by the exact course of `said`, never by its `ok`.
    @override
    def _open_subprocess(self, args: Sequence[str], passphrase: object = None) -> _Ended:
        said = self.run(self.make_args(args, passphrase), b"")
        return _Ended(said, said.code)

    @override
    def _collect_output(self, process: _Ended, result: Any, writer: object = None, stdin: object = None) -> int:
        lines = process.said.out.decode("utf-8", "replace").translate(_BREAKS).split("\n")
        result.data = "\n".join(line + _FIELDS for line in lines if line).encode()
        result.stderr = ""
        result.returncode = process.returncode
        return process.returncode

    @override
    def _handle_io(
        self,
        args: Sequence[str],
        fileobj_or_path: IO[bytes],
        result: Any,
        passphrase: object = None,
        binary: bool = False,
    ) -> Any:
        result.said = self.run(self.make_args(args, passphrase), fileobj_or_path.read())
        result.data = b""  # what gpg wrote is only in `said`, so that nobody takes it before its course was looked at
        result.returncode = result.said.code
        return result
