"""What the errors of keys and ways in say: what happened, what was kept, what to do."""

from __future__ import annotations

KEYS: dict[str, str] = {
    "keys.unknown": "There is no such way in. List the ways in again; nothing changed.",
    "keys.unnamed": "No way in is called “{name}”, and none has this id. `holdfast keys STORE list` names them.",
    "usage.form": "Say it like this: {form}.",
    "keys.last": "This is the last way into the store, so it can't be revoked. Add another one first.",
    "keys.only-keychain": "Only the keychain of this machine would be left, and a keychain can be lost. Add a passphrase, a recovery code or an OpenPGP key first.",
    "keys.too-many": "The store has {limit} ways in, which is the most it takes. Revoke one first; nothing changed.",
    "keys.label-taken": "“{label}” is the name of another way in. Choose another name; nothing changed.",
    "keys.no-passphrase": "This way in has no passphrase to change. Revoke it and add another one.",
    "keys.no-recovery": "This store has no recovery code. Open it another way.",
    "keys.no-keychain": "This store was never let into a keychain. Open it with its passphrase.",
    "keys.no-openpgp": "No OpenPGP key opens this store. Open it with its passphrase.",
    "keys.proof": "The keychain answers to whoever sits here, so it proves nothing. Give a passphrase, a recovery code or an OpenPGP key.",
    "keys.nothing-to-confirm": "No recovery code waits to be confirmed. Make one first; the store is as it was.",
    "keys.first-format": "The key slots of the store are of the first format and were not brought up to date. Nothing changed; open the store again.",
    "keychain.stale": "The keychain of this machine does not open the store (any more). Open it with a passphrase or the recovery code, then add the keychain again.",
    "recovery.group": "Group {group} of the recovery code can't be right. Compare it with the sheet.",
    "recovery.length": "A recovery code has {wanted} letters and digits, in 8 groups of 5; these are {found}.",
    "recovery.wrong": "This recovery code is well written, but it does not open this store. Is it the sheet of another store, or one that was revoked?",
    "recovery.differs": "This is not the code that was shown: group {groups} differs. Nothing changed; type it again.",
    "store.slots-earlier": "The key slot file is one of before the store key was replaced: it opens nothing of today. Put keyslots.json back as it was, or restore a backup. Nothing was changed.",
    "store.slots-mended": "One of the two copies of the key slot file was damaged or gone, and was made again from the other. If this comes back, look after the disk.",
    "store.closed": "The store was closed meanwhile. Nothing more was done.",
    "store.not-rekeyed": "The store key could not be replaced; is the disk full? The old one is in force, and nothing was lost.",
    "store.upgraded": "The store was brought from format {old} to {new}. As it was before, it lies beside it in {file}: a backup like any other, with all that it held.",
    "store.no-secret": "The secret is empty. Nothing was opened.",
    "store.no-keys": "The store was opened without its keys. Nothing changed.",
    "store.no-folder": "The store was opened without its folder. Nothing changed.",
}

OUTSIDE: dict[str, str] = {
    "keychain.missing": "This machine has no keychain that Holdfast trusts, or it is locked. The store opens with its passphrase as before.",
    "keychain.refused": "The keychain of this machine refused, or gave back something else. Nothing changed in the store.",
    "openpgp.missing": "There is no OpenPGP (gpg) on this machine. Nothing changed.",
    "openpgp.fingerprint": "This is not the whole fingerprint of an OpenPGP key: 40 or 64 digits and letters A to F.",
    "openpgp.no-key": "None of the OpenPGP keys that open this store is here. Insert the card, or open the store another way.",
    "openpgp.unusable": "The secret part of no OpenPGP key with this fingerprint is here, or the key has expired, was revoked or can't encrypt. Insert its card or name another one; nothing changed.",
    "openpgp.cancelled": "The PIN or passphrase of the OpenPGP key was not given. Nothing changed.",
    "openpgp.refused": "OpenPGP did not answer as it must, so its answer was not used ({why}). Nothing changed.",
}

PLACE: dict[str, str] = {
    "place.gone": "The folder of this store is no longer there, so it was locked. Connect its disk again and unlock it; what was acknowledged is on it.",
    "draft.lost": "Before the store was locked, something that was asked for could not be done or a text could not be kept. Check what you typed last.",
    "place.network-new": "This folder lies on a network ({system}), where nothing can promise that only one program writes. Choose a folder on a disk of this machine; a backup may lie on a network.",
    "place.network": "This store lies on a network ({system}): if the connection breaks or somebody else opens it there, what was written last can be lost. Move the store to a disk of this machine.",
    "place.removable": "This store lies on a disk that can be pulled out. Lock Holdfast before you take it out, and keep a backup somewhere else.",
    "place.memory": "This store lies in memory only: it is gone when the machine is turned off. Move it to a disk.",
    "place.synced": "{service} copies this folder to other machines. It sees the store encrypted, yet an older copy that it puts back loses what came after. Move the store out of it and back up instead.",
}

RESCUE: dict[str, str] = {
    "rescue.nothing": "None of the {pages} pages of the database holds anything that could be read. Restore the last backup; nothing was changed.",
    "rescue.no-slots": "Both copies of the key slots are damaged or gone, and without them nothing of the store can be read. Those of any backup of it will do: holdfast rescue … --slots BACKUP.",
}

STORE: dict[str, str] = {**KEYS, **OUTSIDE, **PLACE, **RESCUE}
