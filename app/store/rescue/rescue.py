"""Rescue: everything a damaged store still tells, told again in a new one; the damaged store is never written to.

The old database is read page by page, neither schema nor indexes are asked, and a page that fails its HMAC is searched
for rows that something else vouches for. The new store has its own id, key and device; whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from app.desk.ports.keys import Secret
from app.desk.ports.rescue import RescueReport, Touched
from app.desk.ports.vault import Progress
from app.domain.case.state import Case
from app.domain.errors import Environment, Rejected
from app.domain.events.team_events import StoreCreated, StoreRescued
from app.domain.policy import Policy
from app.domain.release.state import Release
from app.domain.team import TEAM_STREAM, Team
from app.domain.untrusted import safe_line
from app.store.folder import Founding, create
from app.store.keys import KdfCost, StoreKeys
from app.store.place import DATABASE, LOCK, SLOTS, Place
from app.store.rescue.damaged import kept_states, opened, settled
from app.store.rescue.files import save_drafts, save_files
from app.store.rescue.finds import Finds
from app.store.rescue.retelling import NOBODY, Kept, Retelling, Words
from app.store.rescue.story import Story
from app.store.scratch import make_scratch
from app.store.unlocking import unlock
from app.store.vault import SqlVault

_COPY: Final = "damaged.db"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a rescue needs to know: the secret of the old store, how the new one is opened, and the words of a note.

    `slots` is the content of a slot file to use instead of those in the folder.
    """

    secret: Secret
    passphrase: str
    cost: KdfCost
    words: Words
    slots: bytes | None = None
    device_label: str = ""


def rescue(
    folder: Path, target: Path, wanted: Wanted, now: datetime, *, place: Place, progress: Progress | None = None
) -> RescueReport:
    """Saves what the store in `folder` tells into a new one in `target`, which may not exist or must be empty.

    `now` is UTC; `progress` counts pages, then events. Raises Rejected: store.exists, store.wrong-passphrase,
    passphrase.*; Environment: store.not-a-store, store.held, rescue.no-slots, store.database-missing, -empty,
    store.not-encrypted, rescue.nothing (no event could be read), disk.*.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Rejected("store.exists", path=safe_line(target.name, 120))
    if not folder.is_dir():
        raise Environment("store.not-a-store", path=safe_line(str(folder), 200))
    lock = place.locks.hold_unwritten(folder / LOCK)
    try:
        return _Work(folder, wanted, now, place, progress).run(target)
    finally:
        if lock is not None:
            lock.release()


class _Work:
    """One rescue."""

    def __init__(self, folder: Path, wanted: Wanted, now: datetime, place: Place, progress: Progress | None) -> None:
        self._folder = folder
        self._wanted = wanted
        self._now = now
        self._place = place
        self._progress = progress

    def run(self, target: Path) -> RescueReport:
        place, room = self._place, target.absolute().parent
        scratch = make_scratch(room, target.name, self._now, files=place.files, locks=place.locks, ids=place.ids)
        with scratch:
            store = scratch.path / target.name
            report = self._into(store, scratch.path / _COPY)
            place.files.move_folder(store, target)
        return report

    def _into(self, store: Path, copy: Path) -> RescueReport:
        keys = self._keys(copy.parent)
        pages = opened(settled(self._folder / DATABASE, copy, keys, self._place.files), keys)
        try:
            finds = Finds(pages, keys[0].store_id)
            finds.scan(self._progress)
            kept = kept_states(finds)
            story = Story(finds, {known.last: stream for stream, known in kept.items()})
            if len(story) == 0 and not kept:
                raise Environment("rescue.nothing", pages=pages.count)
            vault = self._founded(store, story, kept)
            try:
                return self._told(vault, finds, story, kept)
            finally:
                vault.close()
        finally:
            pages.close()

    def _keys(self, scratch: Path) -> tuple[StoreKeys, ...]:
        """The keys behind the secret, and those of before where the store key was being replaced."""
        folder, given = self._folder, self._wanted.slots
        if given is not None:
            folder = scratch
            self._place.files.write(folder / SLOTS, given)
        try:
            found = unlock(folder, self._wanted.secret, self._place)
        except Environment as fault:
            if fault.code != "store.slots-damaged":
                raise
            raise Environment("rescue.no-slots", reason=fault.facts.get("reason", "")) from None
        return (found.keys,) if found.old is None else (found.keys, found.old)

    def _founded(self, store: Path, story: Story, kept: dict[str, Kept]) -> SqlVault:
        """The new store: named, owned and dated as the old one was, as far as that can be told."""
        first = next((found for found in story.events() if found.event is not None), None)
        created = first.event if first is not None and isinstance(first.event, StoreCreated) else None
        team = kept[TEAM_STREAM].state if TEAM_STREAM in kept else None
        label, policies = self._wanted.device_label, self._place.policies
        if created is not None:
            founding = Founding(name=created.name, owner=created.owner, policy=created.policy, device_label=label)
        elif isinstance(team, Team):
            founding = Founding(name=team.name, owner=team.owner, policy=team.policy, device_label=label)
        else:
            owner = next((found.actor for found in story.events() if found.actor is not None), NOBODY)
            founding = Founding(name=store.stem, owner=owner, policy=policies.names()[0], device_label=label)
        at = (first.at if first is not None else None) or self._now
        wanted = self._wanted
        return create(store, wanted.passphrase, founding, at, cost=wanted.cost, place=self._place)

    def _told(self, vault: SqlVault, finds: Finds, story: Story, kept: dict[str, Kept]) -> RescueReport:
        owner, now, progress = vault.queries.team().owner, self._now, self._progress
        retelling = Retelling(vault, story, kept, _policy(kept, vault, self._place), words=self._wanted.words)
        retelling.tell(now, None if progress is None else lambda done, of: progress(of + done, 2 * of))
        saved = save_files(vault, finds, set(retelling.files), owner, now)
        save_drafts(vault, finds, owner, now)
        lost_files = tuple(sorted(set(retelling.files) - saved))
        told = StoreRescued(
            store_id=finds.store_id,
            events=retelling.told,
            lost=retelling.lost,
            missing=retelling.missing(),
            files=lost_files,
            at=now,
        )
        with vault.transaction(owner, now) as tx:
            tx.append(TEAM_STREAM, [told])
        vault.checkpoint(owner, now, "rescue")
        return RescueReport(
            old_store=finds.store_id,
            new_store=vault.store_id,
            events=retelling.told,
            lost=retelling.lost,
            missing=told.missing,
            last=story.last,
            erased=retelling.erased,
            unproven=len(retelling.unproven),
            guessed=len(retelling.guessed),
            unattributed=tuple(retelling.unattributed),
            pages=finds.pages,
            bad_pages=len(finds.bad),
            cut_pages=finds.cut,
            cases=tuple(_touched(vault, retelling, kept)),
            files=len(saved),
            lost_files=lost_files,
            findings=len(vault.verify().findings),
        )


def _touched(vault: SqlVault, retelling: Retelling, kept: dict[str, Kept]) -> Iterator[Touched]:
    for stream, strand in sorted(retelling.strands.items()):
        if not stream or not strand.has_holes:
            continue
        kind, _, named = stream.partition(":")
        found: Case | Release | None = None
        if kind == "case":
            found = vault.queries.case(named)
        elif kind == "release":
            found = vault.queries.release(named)
        known = kept.get(stream)
        yield Touched(
            ref=found.ref if found is not None else stream,
            stream=stream,
            lost=max(len(strand.lost), known.version - strand.told - strand.erased if known else 0),
            is_complete=known is not None and known.last >= strand.last,
        )


def _policy(kept: dict[str, Kept], vault: SqlVault, place: Place) -> Policy:
    """The policy of cases that do not tell their own."""
    cases = (known.state for known in kept.values() if isinstance(known.state, Case))
    named = next(((case.policy, case.policy_version) for case in cases), None)
    try:
        if named is not None:
            return place.policies.get(*named)
        return place.policies.latest(vault.queries.team().policy)
    except Rejected:
        return place.policies.latest(place.policies.names()[0])
