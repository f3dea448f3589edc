"""The two forms of a checkpoint: one says what the other says, and no text makes the reader stumble."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain import checkpoint_note
from app.domain.checkpoint_note import LINE_MARK, checkpoint_line, is_line, note_text, read_checkpoint, read_note
from app.domain.errors import Rejected

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HASHES = st.binary(min_size=32, max_size=32)
SIGNATURES = st.binary(min_size=68, max_size=68)
STORES = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26) | st.text(
    "0123456789abcdefXYZ", min_size=1, max_size=64
)


@given(STORES, st.integers(1, 10**17), st.tuples(HASHES, HASHES), st.integers(0, 10**15), SIGNATURES)
def test_a_line_says_what_its_note_says(
    store: str, count: int, hashes: tuple[bytes, bytes], micros: int, signature: bytes
) -> None:
    root, head = hashes
    text = note_text(store, count, root, head, START + timedelta(microseconds=micros))
    note = f"{text}\n\u2014 holdfast/{store}/device {base64.b64encode(signature).decode()}\n"
    line = checkpoint_line(note)
    read = read_checkpoint(line)
    assert (read.text, read.store_id, read.count, read.root, read.head) == (text, store, count, root, head)
    assert read.signatures == (("", signature),)
    assert read_note(note).text == text
    assert is_line(line.lower())
    assert not is_line(note)


def is_read_or_refused(text: str) -> bool:
    try:
        read_checkpoint(text)
    except Rejected as refusal:
        return refusal.code in ("checkpoint.malformed", "checkpoint.mistyped")
    return True


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert is_read_or_refused(text)
    assert is_read_or_refused(LINE_MARK + text)


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", max_size=1200))
def test_any_letters_behind_the_mark_are_refused(text: str) -> None:
    assert is_read_or_refused(LINE_MARK + text)


@given(st.binary(max_size=300))
def test_content_that_bears_its_check_and_means_nothing_is_refused(content: bytes) -> None:
    data = content + hashlib.sha256(content).digest()[:4]
    assert is_read_or_refused(LINE_MARK + checkpoint_note._letters_of(data))
