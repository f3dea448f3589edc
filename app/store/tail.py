"""Opening the log: what came after the last point that this device vouched for is checked before anything is added."""

from __future__ import annotations

from app.domain.errors import Environment
from app.domain.team import TEAM_STREAM, Team
from app.store.chain import Frontier, anchor_message, seal_of
from app.store.connection import Connection
from app.store.device import Device, is_signed
from app.store.log import Head
from app.store.states import States
from app.store.verify.chain_check import ChainCheck
from app.store.verify.findings import Findings, Watch


def check_tail(db: Connection, store_id: str, device: Device) -> Head:
    """Where the log ends; raises Environment("store.log-damaged") with the first finding, for `verify` to tell all."""
    findings = Findings()
    check = ChainCheck(db, store_id, findings, every=True)
    anchored = check_anchor(db, store_id, device, findings)
    if anchored:
        _start(db, check, device, anchored)
    check.run(Watch(0, None, None))
    check.leftovers()
    if check.seq == 0:
        findings.add("chain.gap", 1)
    if findings.found:
        first = findings.found[0]
        raise Environment("store.log-damaged", finding=first.code, seq=first.seq, found=len(findings.found))
    return head_of(db, device, check, anchored)


def head_of(db: Connection, device: Device, check: ChainCheck, anchored: int) -> Head:
    """The end of the log as a pass over it left it."""
    last = db.one("SELECT at FROM log WHERE seq = ?", (check.seq,))
    own = db.one("SELECT device_seq FROM log WHERE device = ? ORDER BY seq DESC LIMIT 1", (device.no,))
    return Head(
        seq=check.seq,
        hash=check.head,
        device_seq=own[0] if own else 0,
        seal=seal_of(check.signature),
        signed=check.signed,
        frontier=(check.frontier.count, check.frontier.to_bytes()),
        anchored=anchored,
        unanchored=check.transactions,
        at=last[0] if last else 0,
    )


def check_anchor(db: Connection, store_id: str, device: Device, findings: Findings) -> int:
    """How many events this device has vouched for, 0 for none; an anchor that is not true becomes a finding."""
    row = db.one("SELECT count, head, frontier, sig FROM anchor WHERE device = ?", (device.no,))
    if row is None:
        return 0
    count, head, roots, signature = row
    link = db.one("SELECT l.hash, g.sig FROM log l JOIN signature g ON g.seq = l.seq WHERE l.seq = ?", (count,))
    if not is_signed(device.public, signature, anchor_message(store_id, count, head, roots)):
        findings.add("anchor.bad", count)
    elif link is None:
        findings.add("chain.gap", count, where="anchor")
    elif link[0] != head:
        findings.add("chain.link", count, where="anchor")
    else:
        return int(count)
    return 0


def _start(db: Connection, check: ChainCheck, device: Device, count: int) -> None:
    head, roots, signature = db.one(
        "SELECT a.head, a.frontier, g.sig FROM anchor a JOIN signature g ON g.seq = a.count"
    )
    check.start_at(count, head, Frontier(count, roots), signature, _keys(db) | {device.no: device.public})


def _keys(db: Connection) -> dict[int, bytes]:
    """The public keys of the devices of the team; which were enrolled when is for the full verification to tell."""
    numbers = {device_id: no for no, device_id in db.all("SELECT no, id FROM device")}
    entry = States(db).get(TEAM_STREAM)
    devices = entry.state.devices if entry is not None and isinstance(entry.state, Team) else ()
    return {numbers[device.id]: bytes.fromhex(device.public_key) for device in devices if device.id in numbers}
