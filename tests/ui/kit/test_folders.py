"""Folders are shown without the name of the user."""

from __future__ import annotations

import pytest

from ui.kit.folders import short_folder


@pytest.mark.parametrize(
    ("folder", "shown"),
    [
        ("/home/ada", "~"),
        ("/home/ada/Private/aster.holdfast", "~/Private/aster.holdfast"),
        ("/home/adam/aster.holdfast", "/home/adam/aster.holdfast"),
        ("/srv/aster.holdfast", "/srv/aster.holdfast"),
    ],
)
def test_the_own_home_is_a_tilde(folder: str, shown: str) -> None:
    assert short_folder(folder, "/home/ada") == shown


def test_where_home_is_the_root_nothing_is_shortened() -> None:
    assert short_folder("/srv/aster.holdfast", "/") == "/srv/aster.holdfast"
