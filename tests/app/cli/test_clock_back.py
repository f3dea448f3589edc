"""A clock that goes back: nothing is lost, nothing breaks, and what was secret before the instant is secret again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.app.cli.door import Door

UNTIL = "2026-03-05T09:00:00Z"


@pytest.fixture
def agreed(door: Door) -> tuple[Door, str]:
    """A case with an embargo of three days, advisory and fix; the clock stands at its beginning."""
    ref = door.confirmed()
    door.do("agree-embargo", ref, "--until", UNTIL)
    door.do("draft-advisory", ref, "--body", "## Summary\n\nIt reads past the end.")
    return door, ref


def test_the_embargo_holds_again_when_the_clock_goes_back_before_it(agreed: tuple[Door, str]) -> None:
    door, ref = agreed
    door.clock.at += timedelta(days=4)
    door.do("add-note", ref, "--text", "The day is over.")
    door.clock.at -= timedelta(days=2)
    answer = door.do("record-announcement", ref, "--destination", "announce@example.org", code=1)
    assert "The embargo of" in answer.err
    export = door.run("export", "mail", "--case", ref, "--out", str(door.folder / "out"), code=1)
    assert "The embargo of" in export.err
    assert "whole" in door.run("verify").err


def test_what_was_announced_stays_public_when_the_clock_goes_back(agreed: tuple[Door, str]) -> None:
    door, ref = agreed
    door.clock.at += timedelta(days=4)
    door.do("record-announcement", ref, "--destination", "announce@example.org", "--override", "told early")
    door.clock.at -= timedelta(days=3, hours=12)
    assert door.run("show", ref, "--json").json["stage"] == "announced"
    answer = door.do("record-announcement", ref, "--destination", "announce@example.org", code=1)
    assert "recorded already" in answer.err


@pytest.mark.parametrize(
    "words",
    [
        ("add-note", "--text", "Early."),
        ("retitle", "--title", "Another title"),
        ("update-reporter", "--text", "We are on it."),
        ("log-message", "--direction", "in", "--subject", "Re", "--text", "Thanks."),
        ("draft-advisory", "--body", "## Summary\n\nText."),
        ("rate-severity", "--rating", "high"),
        ("request-cve",),
        ("move-embargo", "--until", "2026-03-09T09:00:00Z", "--reason", "later"),
        ("end-embargo", "--reason", "told early"),
        ("reject", "--reason", "no"),
    ],
)
def test_work_goes_on_with_a_clock_that_went_back(agreed: tuple[Door, str], words: tuple[str, ...]) -> None:
    door, ref = agreed
    door.clock.at += timedelta(days=1)
    door.do("add-note", ref, "--text", "Later.")
    door.clock.at -= timedelta(hours=20)
    verb, *fields = words
    said = door.say("do", str(door.store), "--passphrase-file", str(door.secret), verb, ref, *fields)
    assert said.code in (0, 1)
    assert "fault of the program" not in said.err
    if said.code == 0:
        kinds = [event["event"]["type"] for event in door.run("history", "team", "--json").json]
        assert kinds[-1] == "ClockWentBack"
    report = door.run("verify", "--json").json
    assert report["ok"]


def test_lists_and_promises_are_told_before_the_events_they_rest_on(agreed: tuple[Door, str]) -> None:
    door, ref = agreed
    door.clock.at -= timedelta(days=30)
    for words in (("cases", "--json"), ("show", ref, "--json"), ("history", ref, "--json"), ("checkpoint",)):
        assert door.run(*words).out
