"""The log as anybody can check it: with nothing but hashlib, hmac and json, from the words of app/store/chain.py."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Defect
from app.domain.events import case_events as e
from app.store.chain import Frontier, demand_id, demand_stream, link_hash, microseconds, moment_of
from app.store.vault import SqlVault
from tests.app.store.building import ADA, NOOR, START, add_case, happen, insider


def test_a_short_script_recomputes_every_link_commitment_and_seal(vault: SqlVault, folder: Path) -> None:
    add_case(vault, 1, e.HandlerAssigned(person=NOOR))
    happen(vault, 1, e.NoteAdded(text="\u00fcber \u202e \U0001f512"), actor=NOOR)
    vault.checkpoint(ADA, START, "test")
    store_id = vault.store_id
    vault.close()
    db = insider(folder)
    rows = db.all(
        "SELECT l.seq, event_id, s.name, stream_prev, kind, at, a.person, d.id, device_seq, prev, seal, commitment,"
        " state_digest, state_version, hash, salt, content, sig FROM log l JOIN stream s ON s.no = l.stream"
        " JOIN actor a ON a.no = l.actor JOIN device d ON d.no = l.device JOIN body b ON b.seq = l.seq"
        " LEFT JOIN signature g ON g.seq = l.seq ORDER BY l.seq"
    )
    db.close()
    head, signature, last_of = "0" * 64, b"", {"": 0}
    for seq, row in enumerate(rows, 1):
        number, event_id, stream, stream_prev, kind, at, person, device, device_seq = row[:9]
        prev, seal, commitment, digest, version, own, salt, body, sig = row[9:]
        link = [
            "holdfast-event-1", store_id, seq, event_id, stream, stream_prev, kind, at,
            hashlib.sha256(person.encode()).hexdigest(), device, device_seq, head,
            "" if seal is None else seal.hex(), commitment.hex(), digest.hex(), version,
        ]  # fmt: skip
        encoded = json.dumps(link, separators=(",", ":")).encode()
        assert (number, own) == (seq, hashlib.sha256(b"\0" + encoded).digest())
        assert commitment == hmac.digest(salt, body, "sha256")
        assert stream_prev == last_of.get(stream, 0)
        assert json.loads(body)["type"] == kind
        assert prev.hex() == head
        if seal is not None:
            assert seal == hashlib.sha256(signature).digest()
        head, last_of[stream] = own.hex(), seq
        signature = sig or signature
    assert len(rows) > 5


def test_the_state_digest_is_that_of_the_state_as_json(vault: SqlVault, folder: Path) -> None:
    case = add_case(vault)
    vault.close()
    db = insider(folder)
    (digest,) = db.one("SELECT state_digest FROM log ORDER BY seq DESC LIMIT 1")
    (content,) = db.one("SELECT content FROM state ORDER BY stream DESC LIMIT 1")
    db.close()
    assert digest == hashlib.sha256(content).digest()
    assert json.loads(content)["title"] == case.title


def tree_head(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word by word; the leaves are hashes already."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + tree_head(leaves[:split]) + tree_head(leaves[split:])).digest()


@given(count=st.integers(0, 200), pause=st.integers(0, 200))
def test_the_frontier_gives_the_tree_head_of_the_rfc_and_can_be_put_down_anywhere(count: int, pause: int) -> None:
    leaves = [hashlib.sha256(bytes([number % 256, number // 256])).digest() for number in range(count)]
    frontier = Frontier()
    for place, leaf in enumerate(leaves):
        if place == pause:
            frontier = Frontier(frontier.count, frontier.to_bytes())
        frontier.add(leaf)
    assert (frontier.count, frontier.root()) == (count, tree_head(leaves))
    assert frontier.copy().root() == frontier.root()


def test_a_frontier_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size"):
        Frontier(3, b"x" * 32)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2999, 1, 1)))  # noqa: DTZ001 - made aware below
def test_an_instant_comes_back_to_the_microsecond(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    assert moment_of(microseconds(aware)) == aware


def test_a_time_without_a_zone_is_our_fault() -> None:
    with pytest.raises(Defect):
        microseconds(START.replace(tzinfo=None))
    assert microseconds(START + timedelta(microseconds=1)) - microseconds(START) == 1


@pytest.mark.parametrize("name", ["", "case", "case:", "case:a b", 'case:"', "case:\u00fc", "release:x/y", "people:1"])
def test_only_plain_names_get_into_a_link(name: str) -> None:
    with pytest.raises(Defect):
        demand_stream(name)
    with pytest.raises(Defect):
        demand_id(name.partition(":")[2] + " ")


def test_each_part_of_a_link_changes_its_hash() -> None:
    link = ("S", 1, "E", "team", 0, "NoteAdded", 0, "a", "d", 1, "p", "", "c", "s", 1)
    hashes = {link_hash((*link[:place], "other", *link[place + 1 :])) for place in range(len(link))}
    assert len(hashes | {link_hash(link)}) == len(link) + 1
