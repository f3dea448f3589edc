"""The demo: a store of made-up cases in every stage, told by running real commands, so that it can't rot."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from app.bootstrap import Parts, Session, cheapest_cost, create_store, write_private
from app.demo import cases, endings
from app.demo.specs import tell
from app.demo.story import Story, StoryClock
from app.desk.ports.clock import Ids
from app.desk.ports.vault import Progress
from app.domain.commands.team_commands import AddPerson
from app.domain.values import Person

PASSPHRASE = "made-up cases only, nothing secret"  # noqa: S105 - it protects nothing but made-up cases
TEAM = {"noor": "Noor Sample", "juno": "Juno Kestrel", "tove": "Tove Lindqvist"}


class Demo(msgspec.Struct, frozen=True, kw_only=True):
    """Where the demo store lies, where its passphrase lies, and the moment (UTC) its story ends."""

    store: Path
    passphrase_file: Path
    now: datetime


def make_demo(folder: Path, now: datetime, progress: Progress, *, ids: Ids | None = None) -> Demo:
    """Makes `aster.holdfast` and `passphrase.txt` in an existing folder of its own; the story ends at `now` (UTC).

    The same hour and `ids` tell the same story. Raises what making a store raises; a folder that holds a store already
    is refused.
    """
    clock = StoryClock(now)
    store = folder / "aster.holdfast"
    story = tell_everything(now)
    clock.set(min(s.when for s in story.steps))
    session = create_store(
        store,
        PASSPHRASE,
        title="Aster security",
        owner="Ada Example",
        email="ada@aster.example",
        policy="node-core",
        project="aster",
        cost=cheapest_cost(),
        parts=Parts(clock, ids),
    )
    try:
        story.run(session, _team(session), clock, progress)
    finally:
        session.close()
    passphrase_file = folder / "passphrase.txt"
    write_private(passphrase_file, f"{PASSPHRASE}\n".encode())
    return Demo(store=store, passphrase_file=passphrase_file, now=story.now)


def tell_everything(now: datetime) -> Story:
    """The whole story, not yet run."""
    story = Story(now)
    for spec in cases.EVERY:
        tell(story, spec)
    endings.tell_releases(story)
    endings.tell_alone(story)
    endings.tell_rejections(story)
    return story


def _team(session: Session) -> dict[str, Person]:
    people = {"ada": session.me}
    for key, name in TEAM.items():
        session.desk.perform(None, AddPerson(name=name, email=f"{key}@aster.example"))
        people[key] = next(p for p in session.queries.team().people if p.name == name)
    return people
