"""Giving out: what is guarded, what is recorded, and that the record comes before the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from app.desk.exchange import Exchange
from app.domain.case.state import Case, Embargo, Outcome
from app.domain.errors import Rejected
from app.domain.events.case_events import Exported
from app.domain.events.release_events import ReleaseExported
from app.domain.events.team_events import DatasetExported, ProjectDescribed
from app.domain.release.state import Release
from app.domain.team import TEAM_STREAM
from app.domain.values import Announcement
from app.exporters import discover
from tests.app.exporters.bundles import NOW, RECEIVED, TARGET, a_case, a_record, a_release, aster, three_cases
from tests.builders import ADA
from tests.fakes_vault import MemoryQueries, MemoryVault, StandingClock

BEFORE = TARGET - timedelta(days=1)
REASON = "The reporter published it this morning."


class Queries(MemoryQueries):
    """The fake read side, with every case in order and the bytes of files."""

    def refs(self, view: str = "all") -> Iterator[str]:
        yield from sorted(state.ref for state in self.states.values() if isinstance(state, Case))

    def blob(self, sha256: str) -> Iterator[bytes]:
        yield self.blobs[sha256]


class Vault(MemoryVault):
    """The fake store with that read side."""

    def __init__(self) -> None:
        super().__init__()
        queries = Queries()
        queries.states = self.queries.states
        self.queries = queries


class Counter:
    """An exchange over cases and a release that are there already."""

    def __init__(
        self, *cases: Case, release: Release | None = None, now: datetime = NOW, described: bool = True
    ) -> None:
        self.vault = Vault()
        self.clock = StandingClock(now)
        self.exchange = Exchange(self.vault.as_vault(), discover(), self.clock, ADA)
        for case in cases:
            self.vault.queries.states[f"case:{case.id}"] = case
        if release is not None:
            self.vault.queries.states[f"release:{release.id}"] = release
        if described:
            with self.vault.transaction(ADA, now) as tx:
                tx.append(TEAM_STREAM, (ProjectDescribed(project=aster()),))

    def case(self, ref: str = "H-2099-001") -> Case:
        found = self.vault.queries.case(ref)
        assert found is not None
        return found

    def refusal(self, name: str, **how: Any) -> Rejected:
        """What an export was refused with; nothing may have been written."""
        before = (len(self.vault.queries.log), dict(self.vault.queries.blobs))
        with pytest.raises(Rejected) as refused:
            self.exchange.export(name, **how)
        assert (len(self.vault.queries.log), self.vault.queries.blobs) == before
        return refused.value


def whole(now: datetime = NOW, **changes: Any) -> Counter:
    return Counter(*three_cases(), release=a_release(**changes), now=now)


def test_every_format_says_for_whom_it_is() -> None:
    formats = {x.format: (x.audience, x.scopes) for x in Counter().exchange.formats()}
    assert formats["blog-pre"] == ("notice", ("release", "case"))
    assert formats["nswg"] == ("public", ("case", "release", "all"))


def test_a_public_text_is_refused_while_the_embargo_runs() -> None:
    refused = whole(BEFORE).refusal("blog-post", release="R-2099-001")
    assert refused.code == "embargo.running"
    assert refused.facts == {"ref": "H-2099-003", "until": TARGET.isoformat(), "cases": 3}


def test_without_an_agreed_date_everything_is_secret() -> None:
    for embargo in (Embargo(), Embargo(status="proposed", proposed=BEFORE)):
        counter = Counter(a_case(embargo=embargo, release=""))
        assert counter.refusal("mail", case="H-2099-001").code == "embargo.not-agreed"
        assert counter.exchange.preview("mail", case="H-2099-001").blocked_by[0].until is None


def test_at_its_instant_the_embargo_is_over() -> None:
    assert whole(TARGET).exchange.export("blog-post", release="R-2099-001").files
    assert whole(TARGET - timedelta(seconds=1)).refusal("mail", release="R-2099-001").code == "embargo.running"


def test_what_was_announced_or_ended_early_is_public() -> None:
    early = a_case(release="", embargo=Embargo(status="ended", until=TARGET))
    assert Counter(early, now=BEFORE).exchange.export("mail", case=early.ref).override == ""
    told = a_case(release="", announcements=(Announcement(at=RECEIVED, destination="list"),))
    assert Counter(told, now=BEFORE).exchange.preview("mail", case=told.ref).blocked_by == ()


def test_an_imported_case_is_never_held_back() -> None:
    counter = Counter(replace(a_record(), closed=Outcome(at=RECEIVED, what="imported"), embargo=Embargo()), now=BEFORE)
    assert counter.exchange.export("nswg", case="H-2099-007").files[0].name == "core/7.json"


def test_a_reason_passes_the_embargo_and_is_recorded_with_its_end() -> None:
    counter = whole(BEFORE)
    result = counter.exchange.export("blog-post", release="R-2099-001", override=f"  {REASON} ")
    (event,) = counter.vault.queries.events(ReleaseExported)
    assert isinstance(event, ReleaseExported)
    assert (event.override, event.embargo_until, event.audience) == (REASON, TARGET, "public")
    assert result.override == REASON


def test_a_reason_that_nothing_asked_for_is_not_kept() -> None:
    counter = whole()
    assert counter.exchange.export("blog-post", release="R-2099-001", override=REASON).override == ""
    (event,) = counter.vault.queries.events(ReleaseExported)
    assert isinstance(event, ReleaseExported)
    assert (event.override, event.embargo_until) == ("", None)


def test_the_notice_ahead_is_not_held_back() -> None:
    result = whole(BEFORE, released=()).exchange.export("blog-pre", release="R-2099-001")
    assert [file.name for file in result.files] == ["july-2099-security-releases.md"]
    assert b"Folded" not in result.files[0].data


def test_a_text_that_lacks_facts_is_refused_and_says_which() -> None:
    counter = Counter(a_case(severity=None, cves=(), release=""))
    refused = counter.refusal("mail", case="H-2099-001")
    assert refused.code == "export.incomplete"
    assert refused.facts["count"] == 2
    assert "severity.unknown H-2099-001" in str(refused.facts["missing"])


def test_a_text_that_lacks_facts_can_leave_with_a_reason_and_marks() -> None:
    counter = Counter(a_case(severity=None, release=""))
    result = counter.exchange.export("mail", case="H-2099-001", override=REASON)
    (event,) = counter.vault.queries.events(Exported)
    assert isinstance(event, Exported)
    assert event.missing == ("severity.unknown H-2099-001",)
    assert event.override == REASON
    assert all(b"MISSING" in file.data for file in result.files)


def test_the_bytes_are_in_the_store_under_the_digests_of_the_record() -> None:
    counter = whole()
    result = counter.exchange.export("mail", release="R-2099-001")
    assert [(x.name, x.sha256, x.size) for x in result.record] == [
        (f.name, hashlib.sha256(f.data).hexdigest(), len(f.data)) for f in result.files
    ]
    release = counter.vault.queries.release("R-2099-001")
    assert release is not None
    again = list(counter.exchange.files_of(release.exports[-1]))
    assert [(f.name, f.data) for f in again] == [(f.name, f.data) for f in result.files]


def test_an_export_is_told_where_it_belongs() -> None:
    counter = whole()
    assert counter.exchange.export("blog-pre", release="R-2099-001").changes.refs == {"R-2099-001"}
    alone = Counter(a_case(release=""))
    assert alone.exchange.export("blog-post", case="H-2099-001").ref == "H-2099-001"
    assert len(alone.case().exports) == 1


def test_a_failed_commit_leaves_no_record_and_no_bytes() -> None:
    counter = whole()
    counter.vault.fails_at = counter.vault.transactions
    assert counter.refusal("blog-post", release="R-2099-001").code == "test.failure"


def test_everything_is_what_was_announced_and_the_rest_is_only_counted() -> None:
    rejected = a_case(4, rejected=Outcome(at=NOW, what="rejected"), announcements=a_record().announcements)
    counter = Counter(a_record(), a_case(1), rejected)
    result = counter.exchange.export("nswg", everything=True)
    assert ([file.name for file in result.files], result.left_out) == (["core/7.json"], 2)
    (event,) = counter.vault.queries.events(DatasetExported)
    assert isinstance(event, DatasetExported)
    assert event.format == "nswg"


def test_a_preview_records_nothing_and_tells_what_stands_in_the_way() -> None:
    counter = whole(BEFORE)
    before = len(counter.vault.queries.log)
    shown = counter.exchange.preview("blog-post", release="R-2099-001")
    assert [hold.ref for hold in shown.blocked_by] == ["H-2099-001", "H-2099-002", "H-2099-003"]
    assert (len(shown.files), shown.missing, len(counter.vault.queries.log)) == (1, (), before)


@pytest.mark.parametrize(
    ("name", "how", "code"),
    [
        ("blog", {"case": "H-2099-001"}, "export.unknown-format"),
        ("blog-post", {"everything": True}, "export.scope"),
        ("mail", {}, "export.target"),
        ("mail", {"case": "H-2099-001", "release": "R-2099-001"}, "export.target"),
        ("mail", {"case": "H-2099-999"}, "case.unknown"),
        ("mail", {"release": "R-2099-999"}, "release.unknown"),
        ("nswg", {"everything": True}, "export.nothing-public"),
        ("mail", {"case": "H-2099-001", "override": "x" * 5000}, "text.too-long"),
    ],
)
def test_a_wrong_wish_is_refused_by_name(name: str, how: dict[str, Any], code: str) -> None:
    assert whole().refusal(name, **how).code == code


def test_what_is_no_vulnerability_is_not_exported() -> None:
    counter = Counter(a_case(rejected=Outcome(at=NOW, what="rejected"), release=""))
    assert counter.refusal("mail", case="H-2099-001").code == "case.not-a-vulnerability"


def test_without_a_project_there_is_nothing_to_write_from() -> None:
    assert Counter(a_case(), described=False).refusal("mail", case="H-2099-001").code == "project.missing"


def test_a_page_of_one_case_of_a_release_misses_the_others() -> None:
    shown = whole().exchange.preview("blog-post", case="H-2099-001")
    assert [(gap.code, gap.what) for gap in shown.missing] == [("release.members", "2")]


def test_a_release_without_cases_says_nothing_before_its_own_instant() -> None:
    empty = replace(a_release(), members=(), announcements=())
    early = Counter(release=empty, now=BEFORE).refusal("mail", release=empty.ref)
    assert (early.code, early.facts["ref"]) == ("embargo.running", empty.ref)
