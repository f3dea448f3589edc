"""`holdfast --help` beside today's tool and a bare interpreter, and what it imports."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.bench.frame import Budget, Line, Result
from tests.bench.programs import until_end
from tests.bench.setting import HOME, Setting, oracles, say

TOOL: Final = "@node-core/utils@6.4.0"
HELP: Final = (sys.executable, "-P", "-m", "ui.main", "--help")
AGAINST_TOOL: Final = Line(
    row="help", what="holdfast --help", yardstick="git node security --help", budget=Budget(times=0.25)
)
AGAINST_PYTHON: Final = Line(row="help", what="holdfast --help", yardstick="python -c pass")
MODULES: Final = Line(
    row="help", what="Qt and heavy libraries that --help imports", unit="modules", budget=Budget(most=0)
)
_HEAVY: Final = (
    "PySide6", "shiboken6", "cryptography", "sqlcipher3", "msgspec", "markdown_it", "keyring", "gnupg",
    "cvss", "email", "asyncio",
)  # fmt: skip
_COUNT: Final = """
import sys
sys.argv = ["holdfast", "--help"]
import contextlib, io
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    from ui.main import main
    main(sys.argv[1:])
print("\\n".join(sorted({name.split(".")[0] for name in sys.modules})))
print(len(sys.modules))
"""


def measure(setting: Setting) -> Iterator[Result]:
    """Whole processes, from start to end."""
    yield _imports()
    rounds = setting.rounds * 3
    yield AGAINST_PYTHON.measured(until_end(HELP), until_end((sys.executable, "-c", "pass")), rounds=rounds)
    tool = _tool(setting)
    if tool is None:
        why = f"{TOOL} is neither among the oracles nor under build/bench; --install fetches it"
        yield AGAINST_TOOL.left_out(why)
    else:
        yield AGAINST_TOOL.measured(until_end(HELP), until_end((*tool, "--help")), rounds=rounds)


def _imports() -> Result:
    command = (sys.executable, "-P", "-c", _COUNT)
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    heavy = sorted(set(told) & set(_HEAVY))
    return MODULES.judged([len(heavy)], why=f"{told[-1]} modules in all; heavy ones: {', '.join(heavy) or 'none'}")


def _tool(setting: Setting) -> tuple[str, ...] | None:
    """How today's tool is started: the script behind `git node security`, without git before it."""
    node, npm, own = shutil.which("node"), shutil.which("npm"), HOME / "npm"
    places = (oracles(), own)
    if setting.install and npm and not any(_script(place) for place in places):
        say(f"   installing {TOOL}")
        own.mkdir(parents=True, exist_ok=True)
        quietly = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        subprocess.run((npm, "install", "--prefix", str(own), *quietly, TOOL), check=False)
    script = next((found for place in places if (found := _script(place))), None)
    return (node, str(script), "security") if node and script else None


def _script(place: Path) -> Path | None:
    script = place / "node_modules" / "@node-core" / "utils" / "bin" / "git-node.js"
    return script if script.is_file() else None
