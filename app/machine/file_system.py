"""On what ground a folder lies: a disk of this machine, a network, a stick, memory; and whether a service copies it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import Final, Literal, NamedTuple, final

import msgspec

from app.domain.errors import Environment
from app.domain.untrusted import safe_line

Kind = Literal["disk", "network", "removable", "memory"]

_NETWORK: Final = frozenset(
    {
        *(
            "nfs",
            "nfs4",
            "cifs",
            "smb3",
            "smbfs",
            "ncpfs",
            "9p",
            "virtiofs",
            "afs",
            "coda",
            "ceph",
            "glusterfs",
            "lustre",
        ),
        *("gfs2", "ocfs2", "orangefs", "pvfs2", "beegfs", "gpfs", "davfs", "davfs2", "vboxsf", "vmhgfs", "prl_fs"),
    }
)
# File systems of programs that keep their files on a disk of this machine; any other one may keep them anywhere.
_LOCAL_FUSE: Final = frozenset(
    {
        *("gocryptfs", "encfs", "cryfs", "securefs", "veracrypt", "mergerfs", "bindfs", "unionfs", "fuse-overlayfs"),
        *("ntfs-3g", "exfat", "ext2", "fuse-ext2", "lxcfs", "portal"),
    }
)
_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
_STICKS: Final = ("/media/", "/run/media/", "/mnt/usb")
# What the programs of these services leave in the folder that they copy, and what they call it.
_MARKS: Final = (
    ("Dropbox", (".dropbox", ".dropbox.cache")),
    ("Syncthing", (".stfolder",)),
    ("Nextcloud", (".nextcloudsync.log",)),
    ("ownCloud", (".owncloudsync.log",)),
    ("Google Drive", (".tmp.drivedownload", ".tmp.driveupload")),
    ("Resilio Sync", (".sync/ID",)),
    ("Seafile", (".seafile-data",)),
    ("MEGA", (".megaignore",)),
)
_PATTERNS: Final = (("Nextcloud", ".sync_*.db"), ("Nextcloud", "._sync_*.db"))
_NAMES: Final = (
    ("Dropbox", re.compile(r"Dropbox( \(.*\))?")),
    ("OneDrive", re.compile(r"OneDrive( - .*)?")),
    ("Nextcloud", re.compile(r"Nextcloud\d*")),
    ("ownCloud", re.compile(r"ownCloud\d*")),
    ("Google Drive", re.compile(r"Google ?Drive(-.*)?")),
    ("iCloud", re.compile(r"com~apple~CloudDocs|iCloud ?Drive|Mobile Documents")),
)
_DEEPEST: Final = 40
_MOST_ENTRIES: Final = 5_000


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What a folder stands on; the texts are safe to show."""

    kind: Kind = "disk"
    system: str = ""
    """The kind of file system as the kernel calls it, `nfs4`; empty where the kernel does not say."""
    synced: str = ""
    """The service that copies the folder to other machines, or empty."""


class _Mount(NamedTuple):
    device: str
    point: str
    system: str
    source: str


@final
class FileSystems:
    """Reads the kernel's own lists: mounts (proc(5), mountinfo) and block devices (sysfs)."""

    def __init__(
        self,
        mounts: Path = Path("/proc/self/mountinfo"),
        devices: Path = Path("/sys/dev/block"),
        blocks: Path = Path("/sys/class/block"),
    ) -> None:
        self._mounts = mounts
        self._devices = devices
        self._blocks = blocks

    def ground(self, folder: Path) -> Ground:
        """What this folder stands on, or would: it need not be there yet. Never raises; not knowing is `disk`."""
        place = _standing(folder)
        synced = _synced(place)
        mount = self._mount_of(place)
        if mount is None:
            return Ground(synced=synced)
        return Ground(kind=self._kind(mount), system=safe_line(mount.system, 40), synced=synced)

    def _kind(self, mount: _Mount) -> Kind:
        name = mount.system
        fuse = name.removeprefix("fuse.") if name.startswith("fuse.") else ""
        if name in _NETWORK or name == "fuse" or (fuse and fuse not in _LOCAL_FUSE):
            return "network"
        if name in _MEMORY:
            return "memory"
        # Where the whole system runs from a stick, nothing can be taken away alone.
        if mount.point != "/" and (f"{mount.point}/".startswith(_STICKS) or self._is_removable(mount)):
            return "removable"
        return "disk"

    def _mount_of(self, place: Path) -> _Mount | None:
        """The mount with the longest way to this place; of two on the same folder the later one lies on top."""
        found: _Mount | None = None
        parts = f"{place}/".replace("//", "/")
        for mount in self._read():
            within = mount.point == "/" or parts.startswith(f"{mount.point}/")
            if within and (found is None or len(mount.point) >= len(found.point)):
                found = mount
        return found

    def _read(self) -> Iterator[_Mount]:
        try:
            lines = self._mounts.read_text("utf-8", "surrogateescape").splitlines()
        except OSError:
            return
        for line in lines:
            before, dash, after = line.partition(" - ")
            first, last = before.split(" "), after.split(" ")
            if dash and len(first) >= 6 and len(last) >= 2:
                yield _Mount(first[2], _unescaped(first[4]), _unescaped(last[0]), _unescaped(last[1]))

    def _is_removable(self, mount: _Mount) -> bool:
        places = [self._devices / mount.device]
        if mount.source.startswith("/dev/"):
            # Some file systems have a device number that stands for no block device.
            places.append(self._blocks / os.path.basename(os.path.realpath(mount.source)))  # noqa: PTH119
        return any(self._can_go(place, 8) for place in places if place.exists())

    def _can_go(self, device: Path, depth: int) -> bool:
        """Whether a block device, the disk it is a part of, or what it is laid upon, can be pulled out."""
        real = device.resolve()
        if any(re.fullmatch(r"usb\d+", part) for part in real.parts):
            return True
        if any(_says_one(disk / "removable") for disk in (real, real.parent)):
            return True
        try:
            below = list((real / "slaves").iterdir()) if depth else []
        except OSError:
            below = []
        return any(self._can_go(one, depth - 1) for one in below)


def warnings_of(ground: Ground) -> tuple[Environment, ...]:
    """What whoever opens a store there must know: place.network, place.removable, place.memory, place.synced."""
    found = []
    if ground.kind == "network":
        found.append(Environment("place.network", system=ground.system))
    elif ground.kind == "removable":
        found.append(Environment("place.removable"))
    elif ground.kind == "memory":
        found.append(Environment("place.memory"))
    if ground.synced:
        found.append(Environment("place.synced", service=ground.synced))
    return tuple(found)


def refuse_network(ground: Ground) -> None:
    """Raises Environment("place.network-new") where a new store would lie on a network.

    SQLite, How To Corrupt An SQLite Database File, section 2.1: locks of network file systems can't be relied upon, and
    with them falls the promise that only one process writes.
    """
    if ground.kind == "network":
        raise Environment("place.network-new", system=ground.system)


def _standing(folder: Path) -> Path:
    """The folder itself, without links, or the nearest one above it that is there."""
    place = Path(os.path.realpath(folder))
    while not place.exists() and place != place.parent:
        place = place.parent
    return place


def _synced(place: Path) -> str:
    """The service whose program copies this folder or one above it."""
    for folder in islice((place, *place.parents), _DEEPEST):
        if len(folder.parts) < 3:
            break  # neither the root nor a folder of all homes is ever copied as a whole
        named = (service for service, name in _NAMES if name.fullmatch(folder.name))
        marked = (service for service, marks in _MARKS if any(os.path.lexists(folder / mark) for mark in marks))
        found = next(named, "") or next(marked, "") or _by_entries(folder)
        if found:
            return found
    return ""


def _by_entries(folder: Path) -> str:
    try:
        with os.scandir(folder) as entries:
            for entry in islice(entries, _MOST_ENTRIES):
                for service, pattern in _PATTERNS:
                    if fnmatchcase(entry.name, pattern):
                        return service
    except OSError:
        return ""
    return ""


def _says_one(file: Path) -> bool:
    try:
        return file.read_bytes()[:1] == b"1"
    except OSError:
        return False


def _unescaped(text: str) -> str:
    """A word of mountinfo as it is: space, tab, newline and backslash are written as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
