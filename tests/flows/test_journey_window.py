"""The main job through the window: once clicked as a person clicks, and its first half with the keyboard alone."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tests.flows import journey as j
from tests.flows.conftest import Shows
from tests.flows.test_journey_cli import Door, receive, walk_to_the_embargo, write_and_bundle
from tests.flows.window import Keys
from tests.flows.window_steps import WindowSteps

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def through_the_command_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Any, Any]:
    """The facts of case and release after the same journey, entered through the other door."""
    folder.mkdir()
    door = Door(folder, capsys)
    door.run("init", "--project", "aster", "--name", j.OWNER[0], "--email", j.OWNER[1], "--json")
    ref = receive(door)
    walk_to_the_embargo(door, ref)
    release = write_and_bundle(door, ref, folder)
    out = str(folder / "texts")
    door.run("export", "blog-pre", "--release", release, "--out", out, "--json")
    door.do("pre-announce-release", release, "--url", j.POST_URL)
    door.clock.set(j.RELEASE_DAY + timedelta(minutes=5))
    door.do("release-versions", release)
    door.run("export", "mail", "--release", release, "--out", out, "--json")
    door.do("announce-release", release, "--destination", j.DESTINATION, "--message-id", j.MESSAGE_ID)
    door.run("export", "blog-post", "--release", release, "--out", out, "--json")
    door.do("post-release", release, "--url", j.POST_URL)
    door.do("record-publication", ref, "--kinds", "nswg")
    door.do("close", ref)
    door.do("close-release", release)
    return facts_of(door, ref, release)


def facts_of(door: Door, ref: str, release: str) -> tuple[Any, Any]:
    """What the store behind a door knows of a case and a release, as JSON tells it."""
    return lasting_facts(door, ref), lasting_facts(door, release)


def lasting_facts(door: Door, ref: str) -> Any:
    """The facts without instants and ids; the number of events differs too, since a person saves more often."""
    facts = door.run("show", ref, "--json")
    del facts["events"]
    for member in facts.get("members", ()):
        del member["case"]
    return j.lasting(facts)


def undated(path: Path) -> list[bytes]:
    """The lines of a text but those that name the second it was written at, or are made from a store's own id."""
    passing = (b"date:", b"message-id:")
    return [line for line in path.read_bytes().splitlines() if not line.lower().startswith(passing)]


def test_the_window_leads_from_the_mail_to_the_closed_case_and_gives_the_facts_of_the_command_line(
    shows: Shows, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = shows()
    steps = WindowSteps(shown)
    steps.create_store()
    steps.first_half()
    steps.write_advisory()
    steps.thank()
    steps.plan_release()
    steps.bundle()
    steps.plan_versions()
    out = tmp_path / "texts"
    out.mkdir()
    refusal = steps.meet_the_guard()
    steps.keep_it_here()
    assert "16:00 CET" in refusal
    assert steps.ref in refusal
    assert list(out.iterdir()) == []
    steps.publish(out)
    steps.finish()
    shown.close()

    door = Door(tmp_path, capsys)
    case, release = facts_of(door, steps.ref, steps.release)
    assert case["stage"] == "closed"
    other_case, other_release = through_the_command_line(tmp_path / "cli", capsys)
    assert case == other_case
    assert release == other_release
    assert door.run("verify", "--json")["ok"] is True
    post = (out / "march-2026-security-releases.md").read_text(encoding="utf-8")
    assert j.TITLE in post
    assert "24.3.2" in post
    mail = message_from_bytes((out / "announcement.eml").read_bytes(), policy=policy.default)
    assert mail.get_content_type() == "text/plain"
    for name in ("march-2026-security-releases.md", "announcement.eml"):
        assert undated(out / name) == undated(tmp_path / "cli" / "texts" / name)


def test_the_first_half_is_done_with_the_keyboard_alone(
    shows: Shows, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = shows(Keys)
    steps = WindowSteps(shown)
    steps.create_store()
    steps.first_half()
    shown.close()

    door = Door(tmp_path, capsys)
    (tmp_path / "cli").mkdir()
    other = Door(tmp_path / "cli", capsys)
    other.run("init", "--project", "aster", "--name", j.OWNER[0], "--email", j.OWNER[1], "--json")
    walk_to_the_embargo(other, receive(other))
    assert lasting_facts(door, steps.ref) == lasting_facts(other, steps.ref)
