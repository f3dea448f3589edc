"""Each kind of finding of a verification: what differs, what it means, what to do; the gravest first."""

from __future__ import annotations

from typing import Final

import msgspec


class Verdict(msgspec.Struct, frozen=True):
    """A sentence with places for facts (`{where}`, `{detail}`, `{seq}`, `{table}`), and the keys of its meaning and
    remedy.
    """

    what: str
    means: str = ""
    remedy: str = ""


VERDICTS: Final[dict[str, Verdict]] = {
    "store.rolled-back": Verdict(
        "The store is older than the one this machine saw last: an older copy was put in its place.",
        "older-store",
        "older-store",
    ),
    "store.forked": Verdict(
        "The store went another way than the one this machine saw last: another copy was put in its place.",
        "older-store",
        "older-store",
    ),
    "checkpoint.ahead": Verdict(
        "The checkpoint saw {seq} events, the store has {detail}: the end of the log was taken away, or an older copy was put in the store's place.",
        "older-store",
        "older-store",
    ),
    "checkpoint.root": Verdict("The first events are not those that a checkpoint vouched for.", "rewritten", "restore"),
    "checkpoint.head": Verdict(
        "The checkpoint names another last event than the log has there.", "rewritten", "restore"
    ),
    "checkpoint.signature": Verdict(
        "The signature of the checkpoint is wrong: it was changed, or somebody without the key made it.",
        "checkpoint",
        "witness",
    ),
    "checkpoint.unsigned": Verdict("The checkpoint is not signed by a device of this store.", "checkpoint", "witness"),
    "checkpoint.other-store": Verdict("The checkpoint belongs to another store ({where}).", "", "witness"),
    "log.other": Verdict("The log ends otherwise than the backup says of itself.", "rewritten", "restore"),
    "device.unknown": Verdict(
        "An event is signed by a device that the team did not enrol at that time ({where}): a forged device.",
        "forged",
        "restore",
    ),
    "signature.bad": Verdict("A signature does not fit what it stands under.", "forged", "restore"),
    "signature.missing": Verdict("The last events before this one are not signed.", "forged", "restore"),
    "chain.gap": Verdict(
        "Events are missing here: the log was cut, or events were taken out of it.", "keyed", "restore"
    ),
    "chain.link": Verdict(
        "An event does not follow from the one before it: events were taken away, put in or changed places.",
        "keyed",
        "restore",
    ),
    "chain.hash": Verdict("An event is not the one that was recorded: its entry was changed.", "keyed", "restore"),
    "chain.seal": Verdict("A transaction is not closed the way it was signed.", "keyed", "restore"),
    "chain.stream": Verdict(
        "An event of a case or release does not follow the one before it: one was taken away, put in or moved.",
        "keyed",
        "restore",
    ),
    "chain.device-order": Verdict(
        "The events of one device are out of order: something was taken away or put in.", "keyed", "restore"
    ),
    "body.commitment": Verdict("The content of an event is not the one that was signed.", "keyed", "restore"),
    "body.unreadable": Verdict("The content of an event is gone or can't be read.", "keyed", "rescue"),
    "body.erased": Verdict(
        "The content of an event was erased without an event of its case that says so (named is event {detail}).",
        "keyed",
        "restore",
    ),
    "erasure.incomplete": Verdict(
        "A case was erased, and the content of some of its earlier events is still there or came back.",
        "keyed",
        "restore",
    ),
    "state.digest": Verdict(
        "What followed from an event is not what was signed with it: the content or the rules were changed.",
        "keyed",
        "restore",
    ),
    "state.version": Verdict("An event was recorded by a newer program.", "newer", "newer"),
    "state.impossible": Verdict("Events stand in an order that no rule allows.", "keyed", "restore"),
    "state.old": Verdict(
        "What is kept of a case is how it stood after event {detail}, before its last event: an older copy of a page of the database was put back.",
        "old-page",
        "rebuild",
    ),
    "state.snapshot": Verdict("What is kept of a case differs from what its events make.", "rows", "rebuild"),
    "projection.differs": Verdict(
        "What lists and search show ({table}) differs from what the log says.", "rows", "rebuild"
    ),
    "index.damaged": Verdict("An index of the database hides rows or shows gone ones ({where}).", "rows", "rescue"),
    "blob.damaged": Verdict("A stored file is not the one that was put in ({where}).", "file", "restore"),
    "blob.missing": Verdict("A stored file is gone ({where}).", "file", "restore"),
    "anchor.bad": Verdict(
        "The mark of how far this device has checked the log is not signed by it.", "keyed", "restore"
    ),
    "anchor.old": Verdict(
        "The mark of how far this device has checked the log is older than its last checkpoint (event {detail}): an older copy of a page was put back.",
        "old-page",
        "rebuild",
    ),
    "schema.differs": Verdict(
        "The tables and rules of the database are not those of its format: something was put in or taken out.",
        "keyed",
        "restore",
    ),
    "pages.disorder": Verdict(
        "Pages of the database are used twice, or belong to nothing ({detail}).", "disk", "rescue"
    ),
    "page.damaged": Verdict("A page of the file is not what was written there (page {where}).", "disk", "rescue"),
    "file.longer": Verdict("The file is {detail} bytes longer than its database.", "disk", "rescue"),
    "store.unreadable": Verdict("The database can't be read to its end ({detail}).", "disk", "rescue"),
    "store.damaged": Verdict("The store is damaged and was not opened for work.", "disk", "rescue"),
    "store.log-damaged": Verdict(
        "The end of the log did not hold when the store was opened, so nothing can be added to it.", "keyed", "restore"
    ),
    "store.slots-old": Verdict(
        "An older key slot file was put back: it may open the store with a secret that was revoked.",
        "older-slots",
        "slots",
    ),
    "verify.more": Verdict("{detail} more findings are not listed."),
    "time.back": Verdict("The clock went back by {detail} before this event."),
    "time.stretch": Verdict("Nothing was recorded for {detail} before this event."),
}
"""By code. The last two are remarks, no faults."""

UNKNOWN: Final = "The verification found something it has no words for ({code} {where} {detail})."
NOTHING_KNOWN: Final = Verdict(UNKNOWN, "", "rescue")

MEANINGS: Final[dict[str, str]] = {
    "older-store": "A store does not lose events by itself: a copy from an earlier time took its place. Everything after that time is missing from it.",
    "rewritten": "The log was written anew from some event on by somebody who has the key of the store and of its device, or this is a copy that went another way.",
    "checkpoint": "It proves nothing, for or against the store.",
    "forged": "Somebody who has the key of the store, but not that of its device, wrote to the log.",
    "keyed": "A disk can't do this: every page of the file carries a check under the key. Somebody who has the key of the store changed it, or somebody put back an older copy of a page.",
    "old-page": "Nobody needs the key for that: a piece of an earlier copy of the file was put over the present one. The log itself is whole.",
    "rows": "The log is the record; this was made from it. Somebody who has the key of the store changed it, or an older copy of a page was put back.",
    "file": "The disk returned other bytes than were written, or somebody who has the key of the store changed them.",
    "disk": "The disk returned other bytes than were written, or somebody without the key changed the file.",
    "newer": "This program can't tell whether it is right.",
    "older-slots": "Whoever put it back may want to use a secret that no longer counts.",
}

REMEDIES: Final[dict[str, str]] = {
    "older-store": "Look for the newer copy and keep both. If you put the older one there yourself, go on with it on record (--accept-older); what came later has to be told again.",
    "restore": "Keep this store as it is. Find out who could reach it, compare it with a checkpoint that lies elsewhere, and restore the last backup that verifies into a new folder.",
    "rescue": "Copy the folder before anything else. Restore the last backup; what came after it can be saved into a new store with holdfast rescue.",
    "rebuild": "Make lists and search again from the log (holdfast verify --rebuild), then find out who could reach the file.",
    "witness": "Take another checkpoint of this store to compare with.",
    "newer": "Verify with the newest program that worked on this store.",
    "slots": "Put the newer keyslots.json back, or replace the store key if somebody may know a revoked secret.",
}
