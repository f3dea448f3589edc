"""What a keystroke in search asks of the store, beside the same statements on plain SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from app.desk.ports.vault import CaseQuery, View
from app.store.folder import DATABASE
from app.store.queries.case_list import CaseList
from tests.bench.frame import Budget, Line, Result, timed
from tests.bench.large_store import RARE, connected, store_of
from tests.bench.plain_store import PlainStore, plain_copy
from tests.bench.setting import Setting

BUDGET: Final = Budget(times=1.5)
YARDSTICK: Final = "the same code on the same tables, rows and index in plain SQLite, same engine, same cache"
_VIEWS: Final[tuple[View, ...]] = ("open", "mine", "embargo", "waiting", "no-cve", "closed", "all")
_PAGE: Final = 200

TEXTS: Final[dict[str, str]] = {
    "rare prefix": RARE[:4],
    "common prefix": "par",
    "two words": "par hea",
    "one letter": "k",
    "three words": "parser te ka",
    "a reference": "h-2022-01",
}


def measure(setting: Setting) -> Iterator[Result]:
    """A page for each kind of text in two orders and views, then scrolling and counting."""
    folder = store_of(setting.cases)
    with setting.scratch() as scratch:
        plain_copy(folder / DATABASE, folder, scratch / "plain.db")
        database, plain = connected(folder), PlainStore(scratch / "plain.db")
        try:
            ours, against = CaseList(database), CaseList(plain.as_connection())
            for what, asked in _questions().items():
                line = Line(row="search", what=what, yardstick=YARDSTICK, budget=BUDGET)
                yield line.measured(timed(asked(ours)), timed(asked(against)), rounds=setting.many, warm=2)
        finally:
            database.close()
            plain.close()


Ask = Callable[[CaseList], Callable[[], Any]]


def _questions() -> dict[str, Ask]:
    found: dict[str, Ask] = {}
    for name, text in TEXTS.items():
        found[f"keystroke, {name} '{text}', open cases"] = _page(CaseQuery(text=text, view="open"))
        found[f"keystroke, {name} '{text}', all cases, by date"] = _page(
            CaseQuery(text=text, sort="updated", descending=True)
        )
        found[f"how many, {name} '{text}', all cases"] = _counted(CaseQuery(text=text))
    found["first page, open cases"] = _page(CaseQuery(view="open"))
    found["first page, all cases by title"] = _page(CaseQuery(sort="title"))
    found["a page after 100 pages of scrolling"] = _deep(CaseQuery(sort="updated", descending=True))
    found["the counts of all view tabs"] = lambda cases: (
        lambda: [cases.count(CaseQuery(view=view, me="ada")) for view in _VIEWS]
    )
    return found


def _page(query: CaseQuery) -> Ask:
    return lambda cases: lambda: cases.page(query, None, _PAGE)


def _counted(query: CaseQuery) -> Ask:
    return lambda cases: lambda: cases.count(query)


def _deep(query: CaseQuery) -> Ask:
    def asked(cases: CaseList) -> Callable[[], Any]:
        cursor: str | None = None
        for _ in range(100):
            cursor = cases.page(query, cursor, _PAGE).cursor or cursor
        return lambda: cases.page(query, cursor, _PAGE)

    return asked
