"""The desk and erased cases: what others still need stays, what is gone stays gone, exports go without it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.bootstrap import Session, create_store
from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.errors import Rejected
from app.domain.events.team_events import DatasetExported
from app.domain.values import AffectedLine, Fix, Reporter, Source
from tests.app.desk.test_desk import TARGET, Room
from tests.builders import START, quick_parts
from tests.fakes_vault import StandingClock


@pytest.fixture
def room() -> Room:
    return Room()


def closed(room: Room, title: str = "Works as documented") -> str:
    ref = room.received(title)
    for command in (c.Acknowledge(), c.Reject(reason="no problem"), c.Close()):
        room.do(ref, command)
    return ref


def erased(room: Room, ref: str) -> str:
    room.do(ref, c.ProposeErasure(reason="over"))
    return room.do(ref, c.Erase(confirm=ref))


def test_a_duplicate_waits_until_the_case_that_it_repeats_is_closed(room: Room) -> None:
    original, double = room.confirmed("First report"), room.received("Second report")
    for command in (c.Acknowledge(), c.MarkDuplicate(of=original), c.Close()):
        room.do(double, command)
    refusal = room.refused(double, c.ProposeErasure(reason="over"))
    assert (refusal.code, refusal.facts["of"]) == ("erase.original-open", original)
    room.do(original, c.Reject(reason="no problem"))
    room.do(original, c.Close())
    erased(room, double)


def test_a_case_waits_until_its_release_is_over(room: Room) -> None:
    ref = room.confirmed()
    release = room.do(None, r.PlanRelease(target=TARGET, title="April"))
    room.do(ref, c.SetAffected(lines=(AffectedLine(line="22.x", status="affected", fixed="22.9.1"),)))
    room.do(ref, c.HoldFix(fix=Fix(line="22.x", state="ready")))
    room.do(ref, c.AgreeEmbargo(until=TARGET))
    room.do(release, r.BundleCase(case=ref))
    room.do(release, r.PlanLine(line="22.x", version="22.9.1"))
    room.clock.move(days=40)
    room.do(release, r.ReleaseVersions())
    room.do(release, r.AnnounceRelease(destination="list@example.org", override="on record"))
    room.do(release, r.PostRelease(url="https://example.org/post"))
    room.do(ref, c.Close())
    refusal = room.refused(ref, c.ProposeErasure(reason="over"))
    assert (refusal.code, refusal.facts["release"]) == ("erase.in-release", release)
    room.do(release, r.CloseRelease())
    erased(room, ref)


def test_an_editor_that_is_still_open_brings_nothing_back(room: Room) -> None:
    ref = erased(room, closed(room))
    with pytest.raises(Rejected) as caught:
        room.desk.save_draft(ref, "advisory", "the words that were erased")
    assert caught.value.code == "case.erased"


# ------------------------------------------------------------------------------------- a real store
@pytest.fixture
def session(tmp_path: Any) -> Any:
    clock = StandingClock()
    session = create_store(
        tmp_path / "team.holdfast", "made-up words", title="Aster", owner="Ada Example", parts=quick_parts(clock)
    )
    yield session
    session.close()


def published(session: Session, title: str, cve: str) -> str:
    """A case that was announced and closed, in a short way."""
    clock: Any = session.clock

    def do(ref: str | None, command: Any) -> str:
        clock.move(hours=1)
        return session.desk.perform(ref, command).ref

    ref = do(None, c.Receive(title=title, reporters=(Reporter(name="Robin"),)))
    for command in (c.Acknowledge(), c.Confirm(), c.AssignCve(id=cve)):
        do(ref, command)
    do(ref, c.SetAffected(lines=(AffectedLine(line="22.x", status="affected", fixed="22.9.1"),)))
    do(ref, c.AgreeEmbargo(until=clock.now() + timedelta(hours=2)))
    clock.move(hours=3)
    do(ref, c.RecordAnnouncement(destination="list@example.org", override="on record"))
    do(ref, c.RecordPost(url="https://example.org/post"))
    do(ref, c.Close())
    return ref


def erase(session: Session, ref: str) -> None:
    session.desk.perform(ref, c.ProposeErasure(reason="over"))
    done = session.desk.perform(ref, c.Erase(confirm=ref))
    assert done.compacted


def test_exports_of_everything_go_without_an_erased_case(session: Session) -> None:
    first = published(session, "First", "CVE-2099-00001")
    published(session, "Second", "CVE-2099-00002")
    erase(session, first)
    preview = session.exchange.preview("nswg", everything=True)
    assert (len(preview.files), preview.left_out) == (1, 1)
    with pytest.raises(Rejected) as caught:
        session.exchange.preview("nswg", case=first)
    assert caught.value.code == "case.erased"


def test_the_public_record_of_an_erased_case_may_come_back(session: Session) -> None:
    ref = published(session, "First", "CVE-2099-00001")
    source = Source(format="nswg", file="1.json", sha256="ab" * 32, key="nswg-core:1")
    record = c.ImportRecord(title="First", source=source, number=1, fields=(), cves=("CVE-2099-00001",))
    with pytest.raises(Rejected) as caught:
        session.desk.perform(None, record)
    assert caught.value.code == "cve.taken"
    erase(session, ref)
    again = session.desk.perform(None, record).ref
    assert again != ref
    assert session.vault.verify().ok


def test_the_record_of_an_export_of_everything_holds_no_words_of_a_case(session: Session) -> None:
    published(session, "Vexquartz walrus", "CVE-2099-00001")
    session.exchange.export("nswg", everything=True, override="for the archive")
    (event,) = [row.event for row in session.queries.history("team") if isinstance(row.event, DatasetExported)]
    assert event.missing
    assert "Vexquartz" not in str(event)
    assert "Robin" not in str(event)


def test_what_goes_with_a_case_is_told_before(session: Session) -> None:
    ref = session.desk.perform(None, c.Receive(title="With files", received_at=START)).ref
    session.desk.perform_with_file(ref, b"a" * 1000, "a.txt", "text/plain", lambda blob: c.AddAttachment(blob=blob))
    session.desk.perform_with_file(ref, b"b" * 500, "b.txt", "text/plain", lambda blob: c.AddAttachment(blob=blob))
    going = session.retention.going(ref)
    assert (going.events, going.files, going.bytes, going.backups) == (3, 2, 1500, ())
    with pytest.raises(Rejected) as caught:
        session.retention.going("H-2099-404")
    assert caught.value.code == "case.unknown"
