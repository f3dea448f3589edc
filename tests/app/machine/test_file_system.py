"""On what ground a folder lies, with lists of mounts and disks of our own, and once with those of this machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.domain.errors import Environment
from app.machine.file_system import FileSystems, Ground, refuse_network, warnings_of


class Machine:
    """A machine whose mounts and disks are files of a test."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "tree"
        self.root.mkdir()
        self.mounts = folder / "mountinfo"
        self.devices, self.blocks = folder / "dev", folder / "class"
        self.devices.mkdir()
        self.blocks.mkdir()
        self.disks = folder / "devices"
        self.lines = ["27 1 254:0 / / rw,relatime - ext4 /dev/vda rw"]

    def mount(self, point: str, system: str, source: str = "none", device: str = "0:99") -> Path:
        place = self.root / point
        place.mkdir(parents=True, exist_ok=True)
        written = str(place).replace("\\", "\\134").replace(" ", "\\040")
        self.lines.append(f"90 27 {device} / {written} rw,relatime shared:1 master:2 - {system} {source} rw")
        return place

    def disk(self, device: str, path: str, *, removable: bool = False) -> Path:
        """A block device in the tree of devices; gives its folder."""
        real = self.disks / path
        real.mkdir(parents=True)
        (real / "removable").write_text(f"{int(removable)}\n", "ascii")
        (self.devices / device).symlink_to(real)
        (self.blocks / real.name).symlink_to(real)
        return real

    def ground(self, folder: Path) -> Ground:
        self.mounts.write_text("\n".join(self.lines) + "\n", "utf-8")
        return FileSystems(self.mounts, self.devices, self.blocks).ground(folder)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


NETWORKS = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "9p",
    "afs",
    "ceph",
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.something-new",
    "fuse",
]
DISKS = ["ext4", "btrfs", "xfs", "overlay", "fuseblk", "fuse.gocryptfs", "fuse.cryfs", "zfs"]


@pytest.mark.parametrize("system", NETWORKS)
def test_a_store_is_not_made_on_a_network_and_opened_there_only_with_a_warning(machine: Machine, system: str) -> None:
    folder = machine.mount("share", system, "host:/export") / "new" / "team.holdfast"
    ground = machine.ground(folder)
    assert (ground.kind, ground.system) == ("network", system)
    with pytest.raises(Environment) as caught:
        refuse_network(ground)
    assert (caught.value.code, caught.value.facts) == ("place.network-new", {"system": system})
    assert [warning.code for warning in warnings_of(ground)] == ["place.network"]


@pytest.mark.parametrize("system", DISKS)
def test_a_disk_of_this_machine_is_worth_no_word(machine: Machine, system: str) -> None:
    ground = machine.ground(machine.mount("data", system, "/dev/vdb") / "team.holdfast")
    refuse_network(ground)
    assert (ground.kind, warnings_of(ground)) == ("disk", ())


@pytest.mark.parametrize("system", ["tmpfs", "ramfs"])
def test_memory_is_told_from_a_disk(machine: Machine, system: str) -> None:
    ground = machine.ground(machine.mount("run", system))
    assert (ground.kind, [w.code for w in warnings_of(ground)]) == ("memory", ["place.memory"])


def test_a_stick_a_usb_disk_a_part_of_one_and_what_is_laid_upon_one_can_be_pulled_out(machine: Machine) -> None:
    machine.disk("8:16", "pci/ata1/host0/sdb", removable=True)
    machine.disk("8:17", "pci/ata1/host0/sdb/sdb1")
    machine.disk("8:33", "pci/usb1/1-1/host4/sdc/sdc1")
    laid = machine.disk("253:0", "virtual/block/dm-0")
    (laid / "slaves").mkdir()
    (laid / "slaves" / "sdc1").symlink_to(machine.devices / "8:33")
    for number, device in enumerate(("8:16", "8:17", "8:33", "253:0")):
        ground = machine.ground(machine.mount(f"disk{number}", "ext4", "/dev/some", device))
        assert (ground.kind, [w.code for w in warnings_of(ground)]) == ("removable", ["place.removable"]), device


def test_a_fixed_disk_can_not_be_pulled_out(machine: Machine) -> None:
    machine.disk("8:1", "pci/ata1/host0/sda/sda1")
    assert machine.ground(machine.mount("home", "ext4", "/dev/sda1", "8:1")).kind == "disk"


def test_a_file_system_with_a_number_of_no_device_is_found_by_its_source(machine: Machine) -> None:
    machine.disk("8:49", "pci/usb2/2-1/host5/sdd/sdd1")
    assert machine.ground(machine.mount("pool", "btrfs", "/dev/sdd1", "0:45")).kind == "removable"


def test_the_deepest_mount_counts_and_of_two_on_one_folder_the_later(machine: Machine) -> None:
    machine.mount("data", "nfs")
    inner = machine.mount("data/local disk", "ext4")
    assert machine.ground(inner / "a").kind == "disk"
    assert machine.ground(machine.root / "data" / "local disk two").kind == "network"
    machine.mount("data/local disk", "cifs")
    assert machine.ground(inner / "a").kind == "network"


def test_a_link_leads_to_where_the_folder_really_lies(machine: Machine) -> None:
    share = machine.mount("share", "nfs4")
    (machine.root / "link").symlink_to(share)
    assert machine.ground(machine.root / "link" / "team.holdfast").kind == "network"


@pytest.mark.parametrize(
    ("mark", "service"),
    [
        ("Dropbox", "Dropbox"),
        ("Dropbox (Aster)", "Dropbox"),
        ("OneDrive - Aster", "OneDrive"),
        ("Nextcloud", "Nextcloud"),
        ("com~apple~CloudDocs", "iCloud"),
        ("Google Drive", "Google Drive"),
        ("files/.stfolder", "Syncthing"),
        ("files/.dropbox.cache", "Dropbox"),
        ("files/.sync_0a1b2c.db", "Nextcloud"),
        ("files/.tmp.driveupload", "Google Drive"),
        ("files/.sync/ID", "Resilio Sync"),
    ],
)
def test_a_folder_that_a_service_copies_is_told_by_its_name_or_by_what_the_service_left(
    machine: Machine, mark: str, service: str
) -> None:
    (machine.root / mark).mkdir(parents=True)
    inside = machine.root / mark.split("/", maxsplit=1)[0] / "team" / "team.holdfast"
    ground = machine.ground(inside)
    assert ground.synced == service
    assert [(w.code, w.facts) for w in warnings_of(ground)] == [("place.synced", {"service": service})]


def test_a_folder_beside_a_copied_one_is_not_copied(machine: Machine) -> None:
    (machine.root / "Dropbox").mkdir()
    assert machine.ground(machine.root / "Dropbox-old").synced == ""


@pytest.mark.parametrize("said", ["", "nonsense\n", "1 2 3\n - \n", "27 1 254:0 / / rw -\n"])
def test_a_list_of_mounts_that_says_nothing_is_no_reason_to_stand_in_the_way(tmp_path: Path, said: str) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(said, "utf-8")
    assert FileSystems(mounts, tmp_path, tmp_path).ground(tmp_path) == Ground()
    assert FileSystems(tmp_path / "none", tmp_path, tmp_path).ground(tmp_path) == Ground()


def test_the_real_machine_is_understood(tmp_path: Path) -> None:
    if not Path("/proc/self/mountinfo").exists():
        pytest.skip("this system has no /proc/self/mountinfo")
    here = FileSystems().ground(tmp_path)
    assert here.system
    if os.path.ismount("/dev/shm"):
        assert FileSystems().ground(Path("/dev/shm/new.holdfast")).kind == "memory"
