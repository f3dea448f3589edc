"""The model of a disk forgets what a real one may forget, and nothing that a real one may not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.faults.disk import Disk, Image, lay_down

CRASHES = 300


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    (tmp_path / "old").write_bytes(b"before")
    return Disk(tmp_path)


def images(disk: Disk) -> list[Image]:
    return [disk.crash(Random(seed)) for seed in range(CRASHES)]


def contents(disk: Disk, path: str) -> set[bytes | None]:
    return {image.get(path, None) for image in images(disk)}


def test_what_was_there_before_stays(disk: Disk) -> None:
    assert contents(disk, "old") == {b"before"}


def test_a_new_file_is_only_sure_once_it_and_its_folder_were_synced(disk: Disk) -> None:
    disk.create("new")
    disk.write("new", 0, b"text")
    assert {None, b"", b"text"} <= contents(disk, "new")
    disk.sync("new")
    assert contents(disk, "new") == {None, b"text"}
    disk.sync("")
    assert contents(disk, "new") == {b"text"}


def test_a_write_may_be_torn_where_sectors_end(disk: Disk) -> None:
    disk.write("old", 0, b"1" * 1024)
    found = contents(disk, "old")
    assert b"1" * 1024 in found
    assert any(content is not None and content[:512] == b"1" * 512 != content[512:] for content in found)
    assert any(content is not None and content[512:] == b"1" * 512 != content[:512] for content in found)


def test_a_later_write_may_arrive_without_an_earlier_one_until_both_are_synced(disk: Disk) -> None:
    disk.write("old", 0, b"one")
    disk.write("old", 3, b"two")
    assert b"beftwo" in contents(disk, "old")
    disk.sync("old")
    assert contents(disk, "old") == {b"onetwo"}


def test_space_that_was_never_written_may_hold_anything(disk: Disk) -> None:
    disk.cut("old", 0)
    disk.sync("old")
    disk.write("old", 2000, b"end")
    gaps = {content[:2000] for content in contents(disk, "old") if content and content.endswith(b"end")}
    assert bytes(2000) in gaps
    assert len(gaps) > 1


def test_a_rename_without_a_sync_before_it_may_leave_an_empty_file_by_the_new_name(disk: Disk) -> None:
    disk.create("partial")
    disk.write("partial", 0, b"after")
    disk.rename("partial", "old")
    assert {b"before", b"", b"after"} <= contents(disk, "old")


def test_a_synced_file_that_is_renamed_leaves_the_old_or_the_new(disk: Disk) -> None:
    disk.create("partial")
    disk.write("partial", 0, b"after")
    disk.sync("partial")
    disk.rename("partial", "old")
    assert contents(disk, "old") == {b"before", b"after"}
    disk.sync("")
    assert contents(disk, "old") == {b"after"}


def test_a_removed_file_may_come_back_until_its_folder_is_synced(disk: Disk) -> None:
    disk.remove("old")
    assert contents(disk, "old") == {b"before", None}
    disk.sync("")
    assert contents(disk, "old") == {None}


def test_a_file_moved_to_another_folder_is_never_in_neither(disk: Disk) -> None:
    disk.make_folder("there")
    disk.sync("")
    disk.rename("old", "there/new")
    assert all("old" in image or "there/new" in image for image in images(disk))
    assert any("old" in image and "there/new" in image for image in images(disk))


def test_a_folder_that_is_moved_takes_along_what_was_synced_in_it(disk: Disk) -> None:
    disk.make_folder("partial")
    disk.create("partial/file")
    disk.write("partial/file", 0, b"text")
    disk.sync("partial/file")
    disk.sync("partial")
    disk.rename("partial", "whole")
    disk.sync("")
    assert contents(disk, "whole/file") == {b"text"}
    assert contents(disk, "partial/file") == {None}


def test_a_second_name_leads_to_the_same_file(disk: Disk) -> None:
    disk.link("old", "second")
    disk.sync("")
    disk.write("second", None, b" and after")
    disk.sync("second")
    assert contents(disk, "old") == {b"before and after"}


@pytest.mark.parametrize("change", [lambda disk: disk.cut("old", 2), lambda disk: disk.write("old", 0, b"BE")])
def test_the_same_chance_gives_the_same_crash(disk: Disk, change: Callable[[Disk], None]) -> None:
    change(disk)
    assert disk.crash(Random(7)) == disk.crash(Random(7))


def test_an_image_is_laid_down_as_files_and_folders(disk: Disk, tmp_path: Path) -> None:
    disk.make_folder("empty")
    disk.sync("")
    lay_down(disk.crash(Random(1)), tmp_path / "again")
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == ["empty", "old"]
    assert (tmp_path / "again" / "old").read_bytes() == b"before"
