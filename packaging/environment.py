"""What the machine must have before Holdfast starts: system libraries, and an environment as the lock says.

Used by ./dev, which runs on a bare Python: nothing but the standard library is imported here.
"""

import contextlib
import ctypes
import hashlib
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
RECIPE = "1"  # raised when an environment made by an older version of this file won't do

# Things a machine needs, each with the Debian package that brings it. Debian ships Python without the part
# that makes virtual environments; and without one of these libraries Qt aborts instead of raising.
VENV_MODULE = {"ensurepip": f"python{sys.version_info.major}.{sys.version_info.minor}-venv"}
HEADLESS = {
    "gpg": "gnupg",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
WINDOW = HEADLESS | {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}

# Of the user's settings, those that would make Python or pip work elsewhere than in .venv are not passed
# on; of pip's, only those that say where packages come from.
STRAY = {"PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"}
PIP_SOURCES = {
    "PIP_CACHE_DIR",
    "PIP_CERT",
    "PIP_CLIENT_CERT",
    "PIP_CONFIG_FILE",
    "PIP_DEFAULT_TIMEOUT",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "PIP_KEYRING_PROVIDER",
    "PIP_NO_CACHE_DIR",
    "PIP_NO_INDEX",
    "PIP_PROXY",
    "PIP_RETRIES",
    "PIP_TIMEOUT",
    "PIP_TRUSTED_HOST",
}
PIP_MANNERS = {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def say(*words: object) -> None:
    """Speak on stderr, so that stdout stays what the started program prints."""
    print(*words, file=sys.stderr, flush=True)


def environment(user: dict[str, str] | None = None) -> dict[str, str]:
    """The user's environment, less what would lead Python or pip astray."""
    kept = {
        name: value
        for name, value in (os.environ if user is None else user).items()
        if name not in STRAY and (not name.startswith("PIP_") or name in PIP_SOURCES)
    }
    return kept | PIP_MANNERS


def program(name: str, venv: Path = VENV) -> str:
    """The path of a program inside a virtual environment."""
    return str(venv / ("Scripts" if os.name == "nt" else "bin") / name)


def need(command: list[str], complaint: str) -> None:
    """Run a command that asks nobody anything; stop with words when it fails."""
    code = subprocess.run(command, cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL, check=False).returncode
    if code:
        sys.exit(f"{complaint} (exit code {code} of: {' '.join(command[:4])} ...)")


# ------------------------------------------------------------------------------------ system packages


def present(thing: str) -> bool:
    """Whether a program is on the path, the dynamic linker finds a library, or Python has its venv."""
    if thing in VENV_MODULE:
        importlib.invalidate_caches()
        return importlib.util.find_spec(thing) is not None
    if ".so." not in thing:
        return shutil.which(thing) is not None
    if not sys.platform.startswith("linux"):
        return True  # elsewhere the wheels bring all they load
    try:
        ctypes.CDLL(thing)
    except OSError:
        return False
    return True


def missing(things: dict[str, str]) -> dict[str, str]:
    """What of these is not on this machine."""
    return {thing: package for thing, package in things.items() if not present(thing)}


def apt() -> list[str] | None:
    """How to call apt-get so that it asks nothing, or None where that can't be done."""
    if not shutil.which("apt-get"):
        return None
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    if os.geteuid() == 0:
        return command
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") and not subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode:
        return [*sudo, *command]
    return None


def install(packages: list[str]) -> bool:
    """Install Debian packages; False where this may not, or could not, be done."""
    command = apt()
    if command is None:
        return False
    say("Installing system packages:", *packages)
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        code = subprocess.run(
            [*command, *step], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        ).returncode
    return code == 0


def by_hand(packages: list[str]) -> str:
    """The exact line with which a person installs them."""
    return f"sudo apt-get update && sudo apt-get install --no-install-recommends {' '.join(packages)}"


def ensure_system(things: dict[str, str]) -> None:
    """Have these, or stop with the exact line that brings them."""
    lacking = missing(things)
    packages = sorted(set(lacking.values()))
    if not lacking or (install(packages) and not missing(things)):
        return
    if shutil.which("apt-get"):
        say("Some system packages are missing, and I may not install them. Please run:\n")
        sys.exit(f"  {by_hand(packages)}\n\nand then start this again.")
    say(f"Missing on this machine: {', '.join(lacking)}.")
    say(f"Debian calls the packages that bring them {', '.join(packages)}.")
    sys.exit("Please install what your system calls them, and start this again.")


def wish(things: dict[str, str], without: str) -> None:
    """Have these if possible; else say what it means to go on without them."""
    lacking = missing(things)
    packages = sorted(set(lacking.values()))
    if lacking and not install(packages):
        say(f"Not on this machine: {', '.join(lacking)}; {without}. To have them:\n  {by_hand(packages)}")


# ------------------------------------------------------------------------------- virtual environments


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let no two processes make the same environment at once."""
    if os.name != "posix":
        yield
        return
    import fcntl

    handle = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def stamp_for(lock: Path) -> str:
    """What is made here, with this Python, from this lock is stamped with."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    return hashlib.sha256("\n".join((RECIPE, str(ROOT), sys.version, digest)).encode()).hexdigest()


def stamped(folder: Path, stamp: str) -> bool:
    """Whether a folder was finished under exactly this stamp."""
    mark = folder / "holdfast-stamp"
    return mark.is_file() and mark.read_text("utf-8").strip() == stamp


def put_stamp(folder: Path, stamp: str) -> None:
    """Say that a folder is finished; the last thing done to it."""
    (folder / "holdfast-stamp").write_text(stamp + "\n", "utf-8")


def ensure_venv(venv: Path, lock: Path, furnish: Callable[[], None] = lambda: None) -> None:
    """Have a virtual environment that holds exactly what a lock says."""
    stamp = stamp_for(lock)
    if stamped(venv, stamp) and Path(program("python", venv)).exists():
        return
    say(f"Making {venv} from {lock.relative_to(ROOT)}; this is done once ...")
    base = getattr(sys, "_base_executable", sys.executable)  # never the interpreter inside what is replaced
    need([base, "-m", "venv", "--clear", str(venv)], "The virtual environment could not be made")
    pip = [program("python", venv), "-m", "pip", "install", "--quiet", "--progress-bar", "off", "--compile"]
    exactly = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    need([*pip, *exactly], "The packages could not be installed; the first start needs a package index")
    furnish()
    put_stamp(venv, stamp)


def furnish() -> None:
    """Let the tree be imported from anywhere in .venv, compile it, and give it its launcher."""
    asked = [program("python"), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = subprocess.run(asked, capture_output=True, text=True, check=True, env=environment()).stdout.strip()
    (Path(site) / "holdfast.pth").write_text(f"{ROOT}\n", "utf-8")
    launcher = Path(program("holdfast"))
    here = '"$(dirname "$(readlink -f "$0")")/python"'
    launcher.write_text(f'#!/bin/sh\nexec {here} -P -m ui.main "$@"\n', "utf-8")
    launcher.chmod(0o755)
    folders = [name for name in ("app", "ui", "resources") if (ROOT / name).is_dir()]
    subprocess.run([program("python"), "-m", "compileall", "-qq", *folders], cwd=ROOT, check=False)


def ready(things: dict[str, str]) -> None:
    """Everything that a command needs: these things of the system, and .venv as the lock says."""
    ensure_system(VENV_MODULE | things)
    with one_at_a_time():
        ensure_venv(VENV, ROOT / "packaging" / "requirements-dev.lock", furnish)
