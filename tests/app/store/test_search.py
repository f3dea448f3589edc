"""Search: what is found, what no longer is, and what people type."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.desk.ports.vault import CaseQuery
from app.domain.events import case_events as e
from app.domain.values import AffectedLine, Credit, ExternalId
from app.store.queries.words import terms
from app.store.tables.texts import pieces
from app.store.vault import SqlVault
from tests.app.store.building import ADA, START, add_case, codes, happen, received, reopen


def found(vault: SqlVault, text: str) -> set[str]:
    """References of what a search finds."""
    rows = {row.ref for row in vault.queries.cases(CaseQuery(text=text)).rows}
    assert vault.queries.count(CaseQuery(text=text)) == len(rows)
    return rows


def test_every_fact_of_a_case_finds_it(vault: SqlVault) -> None:
    add_case(vault, 2, title="Something else", text="Nothing of the kind.", reporters=())
    add_case(
        vault,
        1,
        e.HandlerAssigned(person=ADA),
        e.CveAssigned(id="CVE-2099-00001", at=START),
        e.AffectedVersionsSet(lines=(AffectedLine(line="22.x", status="affected"),)),
        e.CreditsSet(credits=(Credit(name="Zoë Thanked"),)),
        e.NoteAdded(text="remember the trampoline"),
        e.MessageLogged(direction="in", purpose="question", at=START, subject="Re: overrun", text="Any news?"),
        e.AdvisoryDrafted(revision=1, body="## Summary\n\nA quagmire."),
        external=(ExternalId(kind="hackerone", value="99887766"),),
        product="borealis-parser",
    )
    for text in (
        "H-2026-001", "reads past", "buffer", "rin", "ada", "cve-2099-00001", "2099", "22.x", "zoe", "trampoline",
        "overrun", "news", "quagmire", "99887766", "borealis-parser", "BOREALIS", "tramp quag",
    ):  # fmt: skip
        assert found(vault, text) == {"H-2026-001"}, text
    assert found(vault, "trampoline nothing") == set()
    assert found(vault, "") == {"H-2026-001", "H-2026-002"}


def test_what_no_longer_holds_is_found_no_more(vault: SqlVault) -> None:
    add_case(vault, 1, title="Overrun in the tokenizer")
    happen(vault, 1, e.CaseRetitled(title="Underrun in the lexer"))
    assert (found(vault, "overrun"), found(vault, "underrun")) == (set(), {"H-2026-001"})
    assert vault.verify().ok
    happen(vault, 1, e.CaseRetitled(title="Overrun in the tokenizer"))
    assert (found(vault, "overrun"), found(vault, "underrun")) == ({"H-2026-001"}, set())
    assert vault.verify().ok


def test_a_checkpoint_sweeps_out_what_no_longer_holds(vault: SqlVault) -> None:
    add_case(vault, 1, title="Overrun in the tokenizer")
    happen(vault, 1, e.CaseRetitled(title="Underrun in the lexer"))
    assert vault._db.one("SELECT count(*) FROM stale_text")[0] == 1
    vault.checkpoint(ADA, START, "lock")
    assert vault._db.one("SELECT count(*) FROM stale_text")[0] == 0
    everything = [row[0] for row in vault._db.all("SELECT words FROM case_text")]
    assert "Underrun in the lexer" in everything
    assert "Overrun in the tokenizer" not in everything
    assert b"overrun" not in b"".join(row[0] for row in vault._db.all("SELECT block FROM case_search_data"))
    assert vault.verify().ok


def test_a_text_put_back_before_the_sweep_is_the_same_piece_again(vault: SqlVault) -> None:
    add_case(vault, 1, title="Overrun")
    before = vault._db.all("SELECT id, words FROM case_text")
    happen(vault, 1, e.CaseRetitled(title="Underrun"))
    happen(vault, 1, e.CaseRetitled(title="Overrun"))
    assert vault._db.all("SELECT id, words FROM case_text") == before
    assert vault._db.one("SELECT (SELECT count(*) FROM stale_text), (SELECT count(*) FROM fresh_text)") == (0, 0)
    assert vault.verify().ok


def test_what_waits_is_found_and_moves_into_the_index_with_a_checkpoint(vault: SqlVault) -> None:
    add_case(vault, 1, title="Overrun")
    happen(vault, 1, e.NoteAdded(text="a trampoline"), e.NoteAdded(text="and a quagmire"))
    assert vault._db.one("SELECT count(*) FROM fresh_text") == (2,)
    for _ in range(2):
        assert found(vault, "tramp") == found(vault, "overr quag") == {"H-2026-001"}
        assert vault.verify().ok
        vault.checkpoint(ADA, START, "lock")
        assert vault._db.one("SELECT count(*) FROM fresh_text") == (0,)


def test_what_waits_is_found_after_opening_again(vault: SqlVault, folder: Path) -> None:
    add_case(vault, 1)
    happen(vault, 1, e.NoteAdded(text="a trampoline"))
    vault.close()
    again = reopen(folder)
    assert found(again, "trampoline") == {"H-2026-001"}
    again.close()


def test_what_waited_in_a_transaction_that_failed_is_not_found(vault: SqlVault) -> None:
    add_case(vault, 1)
    with suppress(ValueError), vault.transaction(ADA, START) as tx:
        tx.append("case:C000001", [e.NoteAdded(text="a trampoline")])
        assert tx.queries.count(CaseQuery(text="trampoline")) == 1
        with suppress(KeyError), tx.savepoint():
            tx.append("case:C000001", [e.NoteAdded(text="a quagmire")])
            raise KeyError
        assert tx.queries.count(CaseQuery(text="quagmire")) == 0
        raise ValueError
    assert found(vault, "trampoline") == set()
    happen(vault, 1, e.NoteAdded(text="a trampoline"))
    assert found(vault, "trampoline") == {"H-2026-001"}


def test_the_waiting_texts_never_become_many(vault: SqlVault) -> None:
    add_case(vault, 1)
    with vault.transaction(ADA, START) as tx:
        for number in range(600):
            tx.append("case:C000001", [e.NoteAdded(text=f"note {number}")])
    assert vault._db.one("SELECT count(*) FROM fresh_text")[0] <= 256
    assert found(vault, "599") == found(vault, "7") == {"H-2026-001"}
    assert vault.verify().ok


def test_a_long_text_is_indexed_by_paragraph_and_an_edit_adds_only_its_own(vault: SqlVault) -> None:
    body = "\n\n".join(f"Paragraph {number} " + "tells of it at length. " * 5 for number in range(20))
    add_case(vault, 1, e.AdvisoryDrafted(revision=1, body=body))
    happen(vault, 1, e.AdvisoryDrafted(revision=2, body=body.replace("Paragraph 7 ", "Paragraph seven ")))
    assert vault._db.one("SELECT (SELECT count(*) FROM stale_text), (SELECT count(*) FROM fresh_text)") == (1, 1)
    assert found(vault, "seven") == {"H-2026-001"}


def test_pieces_are_bounded_whatever_the_text() -> None:
    assert pieces(("", "  ", "\n\n")) == ()
    assert pieces(("a", "a ", "b")) == ("a", "b")
    assert pieces(("short\n\nbut two",)) == ("short\n\nbut two",)
    many = pieces(("x\n\n" + "\n \n".join(f"line {number}" for number in range(100_000)),))
    assert len(many) <= 257
    assert "line 99999" in many[-1]


@pytest.mark.parametrize(
    "text",
    [
        '"', '""', "'", "*", "a*", "^a", "-a", "a-", "NOT", "AND", "OR", "a AND", "NEAR(a b)", "(", ")", "((((", "a)b",
        "{a}", "a:b", "words:a", "rowid:1", "+", "a+b", "a\0b", "\0", "\ud800", "\u202e", "\\", ";--", "%", "_",
        "'; DROP TABLE log;", "a" * 10_000, "a " * 10_000, "\u0301", "\U0001f512", "\u3042", "\t\n", '"a" OR "b"', "[",
        "a\u00a0b", "2.5", "x'00'",
    ],
)  # fmt: skip
def test_whatever_is_typed_is_only_words(vault: SqlVault, text: str) -> None:
    add_case(vault)
    assert found(vault, text) <= {"H-2026-001"}


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(), max_size=60))
def test_no_text_at_all_breaks_the_search(vault: SqlVault, text: str) -> None:
    assert vault.queries.count(CaseQuery(text=text)) == 0
    assert vault.queries.cases(CaseQuery(text=text, view="open", sort="title")).rows == ()


def test_words_become_quoted_prefixes() -> None:
    assert terms('  say "hi" - now ') == ('"say"*', '"""hi"""*', '"now"*')
    assert terms("a a A") == ('"a"*', '"A"*')
    assert len(terms(" ".join(str(number) for number in range(100)))) == 12


def test_many_matches_and_few_give_the_same_order(vault: SqlVault) -> None:
    with vault.transaction(ADA, START) as tx:
        for number in range(1, 2501):
            title = f"common {'rare' if number % 100 == 0 else ''} {number}"
            tx.append(f"case:C{number:06d}", [received(number, title, text="", reporters=())])
    common = vault.queries.cases(CaseQuery(text="common", sort="ref", descending=True), None, 5)
    assert [row.ref for row in common.rows] == [f"H-2026-{number}" for number in range(2500, 2495, -1)]
    rare = vault.queries.cases(CaseQuery(text="common rare", sort="ref"), None, 3)
    assert [row.ref for row in rare.rows] == ["H-2026-100", "H-2026-200", "H-2026-300"]
    assert vault.queries.count(CaseQuery(text="common")) == 2500
    assert codes(vault) == set()
