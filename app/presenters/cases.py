"""The table of cases: which view, words, filters and order, page by page, and what can be done with a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal, Protocol, TypeVar

from msgspec.structs import replace

from app.desk.ports.vault import CasePage, CaseQuery, CaseRow, Sort, View
from app.domain.changes import Changes
from app.domain.commands.case_commands import Assign
from app.presenters.hub import Hub
from app.presenters.runner import Runner
from app.presenters.session import Session

_T = TypeVar("_T")

VIEWS: Final[tuple[View, ...]] = ("open", "mine", "embargo", "waiting", "no-cve", "closed", "all")
PAGE: Final = 200
LONGEST_QUERY: Final = 200
_LONGEST_REFETCH: Final = 1000
# Of these the high end is what people look for first.
_DESCENDING_FIRST: Final[frozenset[Sort]] = frozenset({"severity", "updated", "stage"})

Empty = Literal["", "no-cases", "empty-view", "nothing-found"]


class CasesView(Protocol):
    """What the page of the table can be told."""

    def show_query(self, query: CaseQuery) -> None:
        """View, words, filters and order that are in force."""
        ...

    def show_counts(self, counts: Mapping[View, int]) -> None: ...
    def show_rows(self, rows: tuple[CaseRow, ...], *, more: bool, same: bool) -> None:
        """Rows from the top; `same` when the question is the one before, so that selection and place stay."""
        ...

    def add_rows(self, rows: tuple[CaseRow, ...], *, more: bool) -> None: ...
    def show_found(self, found: int, of: int) -> None: ...
    def show_empty(self, why: Empty) -> None: ...
    def show_problem(self, problem: Exception) -> None: ...
    def show_assigned(self, ref: str) -> None: ...


class CasesPresenter:
    """Asks the store and tells the view; an answer to a question that is no longer asked is dropped."""

    def __init__(self, view: CasesView, session: Session, runner: Runner, hub: Hub) -> None:
        self._view = view
        self._session = session
        self._runner = runner
        self._query = CaseQuery(view="open", me=session.me.id)
        self._epoch = 0
        self._cursor: str | None = None
        self._loaded = 0
        self._asking_more = False
        self._over = False
        self._counts: dict[View, int] = {}
        self._counts_epoch = 0
        self._stop = hub.listen(self._changed)
        self._hub = hub

    @property
    def query(self) -> CaseQuery:
        return self._query

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the view narrows the table."""
        return bool(self._query.text or self._query.stages or self._query.ratings)

    def start(self) -> None:
        """Ask for the first page and the counts."""
        self._ask(same=False)
        self._count()

    def close(self) -> None:
        """Hear of nothing any more and forget what was asked."""
        self._stop()
        self._over = True
        self._epoch += 1
        self._counts_epoch += 1
        self._query = CaseQuery(me="")
        self._counts = {}

    def show_view(self, view: View) -> None:
        self._narrow(replace(self._query, view=view))

    def search(self, text: str) -> None:
        """Every word of the text must begin a word of the case."""
        self._narrow(replace(self._query, text=" ".join(text[:LONGEST_QUERY].split())))

    def filter_stages(self, stages: tuple[str, ...]) -> None:
        self._narrow(replace(self._query, stages=stages))

    def filter_ratings(self, ratings: tuple[str, ...]) -> None:
        self._narrow(replace(self._query, ratings=ratings))

    def clear_filters(self) -> None:
        self._narrow(replace(self._query, text="", stages=(), ratings=()))

    def restore(self, query: CaseQuery) -> None:
        """Take up a question again that was asked before a lock."""
        self._narrow(query)

    def sort_by(self, sort: Sort) -> None:
        """Order by this, or turn the order round where it is the order already."""
        down = not self._query.descending if sort == self._query.sort else sort in _DESCENDING_FIRST
        self._narrow(replace(self._query, sort=sort, descending=down))

    def more(self) -> None:
        """Ask for the next page; asking twice for the same page asks once."""
        if self._cursor is None or self._asking_more:
            return
        self._asking_more = True
        epoch, query, cursor = self._epoch, self._query, self._cursor
        self._runner.run(
            lambda: self._session.queries.cases(query, cursor, PAGE),
            lambda page: self._arrived_more(epoch, page),
            lambda problem: self._failed(epoch, problem),
        )

    def assign_to_me(self, ref: str) -> None:
        """Become the primary handler of a case."""
        self._runner.run(
            lambda: self._session.desk.perform(ref, Assign()),
            lambda done: self._assigned(ref, done.changes),
            self._refused,
        )

    def _assigned(self, ref: str, changes: Changes) -> None:
        if not self._over:
            self._view.show_assigned(ref)
        self._hub.publish(changes)

    def _refused(self, problem: Exception) -> None:
        if not self._over:
            self._view.show_problem(problem)

    def _narrow(self, query: CaseQuery) -> None:
        if query == self._query:
            return
        self._query = query
        self._ask(same=False)

    def _ask(self, *, same: bool) -> None:
        self._epoch += 1
        self._asking_more = False
        epoch, query = self._epoch, self._query
        limit = min(max(self._loaded, PAGE), _LONGEST_REFETCH) if same else PAGE
        self._view.show_query(query)
        self._runner.run(
            lambda: self._unless_late(epoch, lambda: self._session.queries.cases(query, None, limit)),
            lambda page: self._arrived(epoch, page, same=same),
            lambda problem: self._failed(epoch, problem),
        )
        self._runner.run(
            lambda: self._unless_late(epoch, lambda: self._found(query)),
            lambda found: self._arrived_found(epoch, found),
            lambda problem: self._failed(epoch, problem),
        )

    def _unless_late(self, epoch: int, work: Callable[[], _T]) -> _T | None:
        # Read from the vault's thread: a stale number only means that the work is done in vain.
        return work() if epoch == self._epoch else None

    def _found(self, query: CaseQuery) -> tuple[int, int]:
        count = self._session.queries.count
        narrowed = bool(query.text or query.stages or query.ratings)
        of = count(replace(query, text="", stages=(), ratings=()))
        return (count(query) if narrowed else of), of

    def _arrived(self, epoch: int, page: CasePage | None, *, same: bool) -> None:
        if epoch != self._epoch or page is None:
            return
        self._cursor = page.cursor
        self._loaded = len(page.rows)
        self._view.show_rows(page.rows, more=page.cursor is not None, same=same)
        self._say_empty()

    def _arrived_more(self, epoch: int, page: CasePage) -> None:
        if epoch != self._epoch:
            return
        self._asking_more = False
        self._cursor = page.cursor
        self._loaded += len(page.rows)
        self._view.add_rows(page.rows, more=page.cursor is not None)

    def _arrived_found(self, epoch: int, found: tuple[int, int] | None) -> None:
        if epoch == self._epoch and found is not None:
            self._view.show_found(*found)

    def _say_empty(self) -> None:
        if self._loaded:
            self._view.show_empty("")
        elif self.is_filtered:
            self._view.show_empty("nothing-found")
        elif self._counts.get("all", 1) == 0:
            self._view.show_empty("no-cases")
        else:
            self._view.show_empty("empty-view")

    def _count(self) -> None:
        self._counts_epoch += 1
        epoch = self._counts_epoch
        me = self._session.me.id
        self._runner.run(
            lambda: {view: self._session.queries.count(CaseQuery(view=view, me=me)) for view in VIEWS},
            lambda counts: self._arrived_counts(epoch, counts),
            lambda problem: self._failed(self._epoch, problem),
        )

    def _arrived_counts(self, epoch: int, counts: dict[View, int]) -> None:
        if epoch != self._counts_epoch:
            return
        self._counts = counts
        self._view.show_counts(counts)
        if not self._loaded:
            self._say_empty()

    def _failed(self, epoch: int, problem: Exception) -> None:
        if epoch == self._epoch:
            self._asking_more = False
            self._view.show_problem(problem)

    def _changed(self, changes: Changes) -> None:
        if "cases" in changes.topics:
            self._ask(same=True)
            self._count()
