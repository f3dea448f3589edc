"""The store of format 1 behind a key derivation that costs nothing: opened hundreds of times in one test."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from pathlib import Path
from random import Random

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.store.folder import SLOTS, SLOTS_COPY
from app.store.keys import KdfCost, canonical, derive
from tests.app.store.building import keys_of
from tests.app.store.fixture_store import FORMAT_1
from tests.app.store.fixture_store import PASSPHRASE as DEAR_PASSPHRASE
from tests.faults.stores import PASSPHRASE

_CHEAP = KdfCost(memory_kib=64, iterations=1, lanes=1)


def lay_down_old_store(folder: Path) -> None:
    """A copy of the fixture with the slot file of format 1 written anew, for PASSPHRASE at no cost."""
    shutil.copytree(FORMAT_1, folder)
    (folder / "checkpoint.txt").unlink()
    keys = keys_of(folder, DEAR_PASSPHRASE)
    content = json.loads((folder / SLOTS).read_text("utf-8"))
    slot = {name: content["slots"][0][name] for name in ("id", "label", "type", "created")}
    salt, nonce = Random(1).randbytes(16), Random(2).randbytes(12)
    slot["kdf"] = {"name": "argon2id", **msgspec.structs.asdict(_CHEAP), "salt": _text(salt)}
    bound_to = canonical({**{name: content[name] for name in ("format", "store_id", "epoch")}, "slot": slot})
    wrapped = AESGCM(derive(PASSPHRASE, salt, _CHEAP)).encrypt(nonce, keys.store_key(), bound_to)
    content["slots"] = [{**slot, "nonce": _text(nonce), "wrapped": _text(wrapped)}]
    content["mac"] = _text(keys.mac(canonical({k: v for k, v in content.items() if k not in ("mac", "sum")})))
    content["sum"] = hashlib.sha256(canonical({k: v for k, v in content.items() if k != "sum"})).hexdigest()
    for name in (SLOTS, SLOTS_COPY):
        (folder / name).write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", "utf-8")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
