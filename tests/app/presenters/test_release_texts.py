"""What leaves with a release: its state, what it lacks in words with a way to mend it, and how it is shown."""

from __future__ import annotations

from typing import Any, cast

import pytest
from msgspec import structs

from app.desk.ports.exchange import Missing
from app.domain import advisory, announcement, announcement_mail
from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.presenters.release_artefacts import (
    Artefact,
    Artefacts,
    ArtefactsPresenter,
    mail_text,
    page_text,
    read_artefacts,
    source_text,
    split_front_matter,
)
from app.presenters.release_gaps import GAPS, blockers_of
from app.presenters.target import Target
from tests.fakes_runner import InlineRunner
from tests.release_world import TARGET, World


def read(world: World, ref: str) -> Artefacts:
    return read_artefacts(cast("Any", world.session), ref)


def one(artefacts: Artefacts, format_name: str) -> Artefact:
    return next(item for item in artefacts.items if item.format.format == format_name)


def states(artefacts: Artefacts) -> dict[str, str]:
    return {item.format.format: item.state for item in artefacts.items}


def test_the_texts_stand_in_the_order_of_the_day() -> None:
    world = World()
    formats = [item.format.format for item in read(world, world.planned()).items]
    assert list(dict.fromkeys(formats)) == ["mail-pre", "blog-pre", "mail", "blog-post", "nswg"]


def test_before_the_embargo_ends_the_notice_is_ready_and_the_advisory_is_held() -> None:
    world = World()
    ref = world.planned()
    held = states(read(world, ref))
    assert (held["blog-pre"], held["blog-post"]) == ("ready", "embargoed")
    world.announced()


def test_a_text_that_left_is_exported_until_a_fact_of_it_changes() -> None:
    world = World()
    ref = world.announced()
    for name in ("blog-post", "mail"):
        world.session.exchange.export(name, release=ref)
    world.at(world.now.replace(hour=20))
    assert states(read(world, ref))["mail"] == "exported"
    assert one(read(world, ref), "blog-post").exported_at is not None
    case = world.session.queries.release(ref).members[0].ref
    world.session.desk.perform(case, c.Retitle(title="Symbolic link followed when unpacking archives"))
    assert states(read(world, ref))["blog-post"] == "changed"


def test_a_notice_that_left_is_over_once_the_announcement_is_out() -> None:
    world = World()
    ref = world.planned()
    world.session.exchange.export("blog-pre", release=ref)
    world.session.desk.perform(ref, r.PlanLine(line="20.x", version="20.19.6"))
    assert states(read(world, ref))["blog-pre"] == "changed"
    world.at(TARGET)
    world.session.desk.perform(ref, r.AnnounceRelease(destination="announce@lists.example.org"))
    assert states(read(world, ref))["blog-pre"] == "exported"


def test_what_the_texts_lack_is_named_once_with_the_place_that_mends_it() -> None:
    world = World()
    ref = world.planned()
    bad = world.case("Timing difference", complete=False)
    world.session.desk.perform(ref, r.BundleCase(case=bad))
    world.session.desk.perform(ref, r.PlanLine(line="20.x"))
    artefacts = read(world, ref)
    assert artefacts.blockers[0].sentence == "Line 20.x has no version yet."
    assert artefacts.blockers[0].target == Target(page="release", ref=ref, tab="lines", act="plan-line")
    cve = next(b for b in artefacts.blockers if b.code == "cve.none")
    assert cve.target == Target(page="case", ref=bad, tab="overview", act="assign-cve")
    assert len({(b.code, b.facts["ref"], b.facts["what"]) for b in artefacts.blockers}) == len(artefacts.blockers)
    assert one(artefacts, "blog-post").state == "missing"


def test_a_closed_release_has_no_blockers() -> None:
    world = World()
    ref = world.announced()
    world.session.desk.perform(ref, r.PostRelease(url="https://aster.example/blog/november"))
    world.session.desk.perform(ref, r.PlanLine(line="20.x"))
    assert read(world, ref).blockers
    world.session.desk.perform(ref, r.CloseRelease())
    assert read(world, ref).blockers == ()


def test_what_only_others_decide_is_no_blocker_but_can_be_named() -> None:
    gap = [("nswg", Missing(code="nswg.number", ref="H-2026-001"))]
    assert blockers_of(gap, "R-2026-001") == ()
    assert len(blockers_of(gap, "R-2026-001", everything=True)) == 1


def test_a_gap_that_nobody_foresaw_is_still_told_with_its_code() -> None:
    hostile = Missing(code="odd.code", ref="H-2026-001", what="\u202ex")
    (blocker,) = blockers_of([("x", hostile)], "R-2026-001")
    assert blocker.sentence == "H-2026-001 lacks something: odd.code <U+202E>x"


def test_every_gap_of_the_announcements_has_words() -> None:
    named = set()
    for module in (advisory, announcement, announcement_mail):
        source = module.__loader__.get_source(module.__name__)  # type: ignore[union-attr]
        named |= {part.split('"')[0] for part in source.split('Gap(code="')[1:]}
    assert named
    assert named <= set(GAPS)


def test_a_release_without_cases_and_lines_still_shows_what_it_can() -> None:
    world = World()
    artefacts = read(world, world.release(versions=False))
    assert one(artefacts, "blog-pre").data.startswith(b"---\n")
    assert {b.code for b in artefacts.blockers} == {"release.version-missing"}


def test_a_page_is_shown_with_its_title_and_without_its_front_matter() -> None:
    world = World()
    item = one(read(world, world.planned()), "blog-post")
    assert item.showing == "markdown"
    assert page_text(item).startswith("# Tuesday, November 24, 2026 Security Releases\n")
    assert "slug:" not in page_text(item)
    assert "slug: november-2026-security-releases" in source_text(item)


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("no front matter", "", "no front matter"),
        ("---\ntitle: 'It''s out: now'\n---\n\n# One\n", "It's out: now", "# One\n"),
        ("---\ntitle: never ends\n", "", "---\ntitle: never ends\n"),
        ("---\nslug: x\n---\nbody", "", "body"),
    ],
)
def test_front_matter_is_taken_off_only_where_it_is_whole(text: str, title: str, body: str) -> None:
    assert split_front_matter(text) == (title, body)


def test_a_mail_is_shown_decoded_and_its_source_as_it_is() -> None:
    world = World()
    item = one(read(world, world.planned()), "mail")
    assert item.showing == "text"
    assert page_text(item).startswith("From: The Aster Project <security@aster.example>\nTo: ")
    assert source_text(item).lower().count("content-transfer-encoding") == 1


def test_a_mail_that_is_none_is_still_shown() -> None:
    assert mail_text(b"\xff\xfe no header") is not None


def test_a_late_answer_of_an_older_question_is_not_even_worked_out() -> None:
    world = World()
    ref = world.planned()
    runner = InlineRunner(held=True)
    shown: list[Artefacts] = []

    class View:
        def show_artefacts(self, artefacts: Artefacts) -> None:
            shown.append(artefacts)

        def show_problem(self, problem: Exception) -> None:
            raise problem

    presenter = ArtefactsPresenter(View(), cast("Any", world.session), runner, ref)
    presenter.refresh()
    presenter.refresh()
    runner.release()
    assert len(shown) == 1
    presenter.refresh()
    presenter.close()
    runner.release()
    assert len(shown) == 1


def test_mails_are_told_apart_by_their_list_and_their_cve() -> None:
    world = World()
    mails = [item for item in read(world, world.announced()).items if item.format.format == "mail"]
    assert (mails[0].to, mails[0].cve) == ("aster-sec", "")
    assert [(mail.to, mail.cve[:9]) for mail in mails[1:]] == [("open-security", "CVE-2099-")] * len(mails[1:])
    assert len({mail.cve for mail in mails}) == len(mails) > 1


def test_a_list_that_the_project_does_not_know_goes_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    ref = world.announced()
    team = world.session.desk.team()
    monkeypatch.setattr(world.session.desk, "team", lambda: structs.replace(team, project=None))
    assert one(read(world, ref), "mail").to == "announce"


def test_what_did_not_leave_with_a_closed_release_is_neither_missing_nor_ready() -> None:
    world = World()
    ref = world.announced()
    world.session.desk.perform(ref, r.PostRelease(url="https://aster.example/blog/november"))
    world.session.exchange.export("mail", release=ref)
    world.session.desk.perform(ref, r.CloseRelease())
    kept = states(read(world, ref))
    assert (kept["mail"], kept["blog-post"], kept["nswg"]) == ("exported", "left-out", "left-out")
