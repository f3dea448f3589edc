"""Files in the store: once each, in chunks, never a wrong byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import Environment, Rejected
from app.store.blobs import CHUNK, Blobs
from app.store.vault import SqlVault
from tests.app.store.building import ADA, START, codes, new_store, reopen, tampering


def put(vault: SqlVault, data: bytes | Iterator[bytes] | list[bytes]) -> str:
    with vault.transaction(ADA, START) as tx:
        return tx.put_blob(data, "a.bin").sha256


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_a_file_comes_back_as_it_went_in(vault: SqlVault, size: int) -> None:
    data = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    sha256 = put(vault, data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    chunks = list(vault.queries.blob(sha256))
    assert b"".join(chunks) == data
    assert all(len(chunk) == CHUNK for chunk in chunks[:-1])


def test_it_can_come_in_parts_of_any_size(vault: SqlVault) -> None:
    data = bytes(range(256)) * 10_000
    parts = [data[:1], b"", data[1:CHUNK], data[CHUNK : 2 * CHUNK + 5], data[2 * CHUNK + 5 :]]
    assert put(vault, iter(parts)) == hashlib.sha256(data).hexdigest()
    assert b"".join(vault.queries.blob(hashlib.sha256(data).hexdigest())) == data


def test_the_same_file_is_stored_once(vault: SqlVault) -> None:
    data = b"x" * (CHUNK + 5)
    first = put(vault, data)
    assert put(vault, data) == first
    assert put(vault, [data[:7], data[7:]]) == first
    assert vault._db.one("SELECT count(*) FROM blob") == (1,)
    assert vault._db.one("SELECT count(*) FROM blob_chunk") == (2,)
    assert vault.verify().blobs == 1


@pytest.mark.parametrize("in_parts", [False, True])
def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(folder: Path, in_parts: bool) -> None:
    vault = new_store(folder, blob_limit=3 * CHUNK)
    data = b"x" * (3 * CHUNK + 1)
    with vault.transaction(ADA, START) as tx:
        with pytest.raises(Rejected) as caught:
            tx.put_blob(iter([data[:CHUNK], data[CHUNK:]]) if in_parts else data)
        assert (caught.value.code, caught.value.facts["limit"]) == ("blob.too-large", 3 * CHUNK)
        assert tx.put_blob(data[1:]).size == 3 * CHUNK
    assert vault._db.one("SELECT count(*) FROM blob_chunk") == (3,)
    vault.close()


def test_a_source_that_fails_half_way_leaves_nothing(vault: SqlVault) -> None:
    def failing() -> Iterator[bytes]:
        yield b"x" * (2 * CHUNK)
        raise OSError

    with vault.transaction(ADA, START) as tx, pytest.raises(OSError):  # noqa: PT011 - any failure of the source
        tx.put_blob(failing())
    assert vault._db.one("SELECT (SELECT count(*) FROM blob), (SELECT count(*) FROM blob_chunk)") == (0, 0)


@pytest.mark.parametrize("sha256", ["", "x", "ab" * 32, "AB" * 32, "../../etc/passwd", "\ud800"])
def test_a_file_that_is_not_there_is_said_to_be_missing(vault: SqlVault, sha256: str) -> None:
    with pytest.raises(Environment) as caught:
        list(vault.queries.blob(sha256))
    assert caught.value.code == "blob.missing"


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE blob_chunk SET content = zeroblob(1048576) WHERE id = (SELECT min(id) FROM blob_chunk)",
        "UPDATE blob_chunk SET content = x'00' WHERE id = (SELECT max(id) FROM blob_chunk)",
        "DELETE FROM blob_chunk WHERE id = (SELECT max(id) FROM blob_chunk)",
        "DELETE FROM blob_chunk",
        "UPDATE blob SET size = size - 1",
        "UPDATE blob SET chunks = chunks - 1",
        "UPDATE blob_chunk SET sha256 = zeroblob(32)",
    ],
)
def test_a_damaged_file_never_gives_its_last_chunk(vault: SqlVault, folder: Path, damage: str) -> None:
    sha256 = put(vault, b"y" * (2 * CHUNK + 5))
    vault.close()
    with tampering(folder) as db:
        db.run(damage)
    vault = reopen(folder)
    got: list[bytes] = []
    with pytest.raises(Environment) as caught:
        got.extend(vault.queries.blob(sha256))
    assert caught.value.code == "blob.damaged"
    assert hashlib.sha256(b"".join(got)).hexdigest() != sha256
    assert "blob.damaged" in codes(vault)
    vault.close()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.binary(max_size=2000), max_size=20))
def test_any_parts_make_one_file(vault: SqlVault, parts: list[bytes]) -> None:
    sha256 = put(vault, parts)
    assert sha256 == hashlib.sha256(b"".join(parts)).hexdigest()
    assert b"".join(Blobs(vault._db).read(sha256)) == b"".join(parts)
