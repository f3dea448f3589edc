"""The exporters give the very bytes that a person read and found right."""

from __future__ import annotations

import pytest

from tests.app.exporters.golden import FOLDER, rendered


@pytest.mark.parametrize(("name", "data"), [pytest.param(name, data, id=name) for name, data in rendered()])
def test_each_file_is_as_it_was_approved(name: str, data: bytes) -> None:
    assert data == (FOLDER / name).read_bytes()


def test_no_golden_file_is_left_over() -> None:
    kept = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert kept == {name for name, _data in rendered()}
