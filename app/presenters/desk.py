"""The desk: what is due, in groups by how soon, each with its one act; and the embargoes ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Literal, Protocol

import msgspec

from app.desk.ports.resources import Policies
from app.desk.ports.vault import CaseQuery, CaseRow, DueRow, Queries
from app.domain.backups import BackupDue, due
from app.domain.changes import Changes
from app.domain.errors import AppError, Rejected
from app.domain.policy import ClockRule, Policy, parse_span
from app.domain.team import Team
from app.presenters.hub import Hub
from app.presenters.runner import Runner
from app.presenters.session import Session

Whose = Literal["mine", "everyone", "waiting"]
Group = Literal["overdue", "today", "week", "later", "paused"]

GROUPS: Final[tuple[Group, ...]] = ("overdue", "today", "week", "later", "paused")
SHOWN_AT_FIRST: Final = 50
AHEAD: Final = timedelta(weeks=5)
EMBARGOES: Final = 5
_MOST: Final = 200
_DAYS: Final = 7


class DueItem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do: the promise, its group, the verb of its act, and the rule as the policy has it."""

    row: DueRow
    group: Group
    verb: str = ""
    rule: ClockRule | None = None


class DeskCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of the five cards; instants are UTC. `more` says that more is due than was looked at."""

    overdue: int = 0
    oldest: datetime | None = None
    today: int = 0
    next_due: datetime | None = None
    week: int = 0
    week_end: date
    embargoes: int = 0
    next_end: datetime | None = None
    waiting: int = 0
    waits_longest: datetime | None = None
    more: bool = False


class DeskFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the desk shows, as read from the store at once."""

    mine: tuple[DueRow, ...]
    everyone: tuple[DueRow, ...]
    embargoes: tuple[CaseRow, ...]
    embargo_count: int
    waiting_count: int
    cases: int
    team: Team
    policy: Policy | None
    rules: dict[str, ClockRule]


class DeskView(Protocol):
    """What the desk can be told."""

    def show_counts(self, counts: DeskCounts) -> None: ...
    def show_due(self, items: tuple[DueItem, ...], *, hidden: int, counts: dict[Group, int]) -> None:
        """What is due, in order; `hidden` says how many more there are, `counts` how many in each group."""
        ...

    def show_nothing_due(self, *, whose: Whose, cases: int) -> None: ...
    def show_policy(self, policy: Policy | None) -> None: ...
    def show_backup(self, due: BackupDue) -> None:
        """How the backups stand; its warning is empty where there is nothing to worry about."""
        ...

    def show_warnings(self, warnings: tuple[AppError, ...]) -> None:
        """What the place of the store brings with it."""
        ...

    def show_embargoes(self, rows: tuple[CaseRow, ...], *, total: int) -> None: ...
    def show_problem(self, problem: Exception) -> None: ...


class DeskPresenter:
    """Reads what is due and sorts it by the local day of `tz`; the minute sorts it anew."""

    def __init__(self, view: DeskView, session: Session, runner: Runner, hub: Hub, tz: tzinfo) -> None:
        self._view = view
        self._session = session
        self._runner = runner
        self._tz = tz
        self._whose: Whose = "mine"
        self._group: Group | None = None
        self._limit = SHOWN_AT_FIRST
        self._facts: DeskFacts | None = None
        self._epoch = 0
        self._stop = hub.listen(self._changed)

    @property
    def whose(self) -> Whose:
        return self._whose

    @property
    def group(self) -> Group | None:
        """The only group that is shown, or None for all."""
        return self._group

    def start(self) -> None:
        """Read everything anew."""
        self._epoch += 1
        epoch, session = self._epoch, self._session
        self._runner.run(
            lambda: read_desk(session.queries, session.policies, session.me.id),
            lambda facts: self._arrived(epoch, facts),
            lambda problem: self._failed(epoch, problem),
        )

    def close(self) -> None:
        """Hear of nothing any more and forget what was read."""
        self._stop()
        self._epoch += 1
        self._facts = None

    def choose(self, whose: Whose) -> None:
        """Show my promises, everyone's, or those that wait for somebody."""
        self._whose = whose
        self._group = None
        self._limit = SHOWN_AT_FIRST
        self.minute()

    def only(self, group: Group | None) -> None:
        """Show one group, or all of them again."""
        self._group = None if group == self._group else group
        self._limit = SHOWN_AT_FIRST
        self.minute()

    def show_more(self) -> None:
        self._limit += SHOWN_AT_FIRST
        self.minute()

    def minute(self) -> None:
        """Say everything anew for this minute; reads nothing."""
        facts = self._facts
        if facts is None:
            return
        now = self._session.clock.now()
        rows = facts.mine if self._whose == "mine" else facts.everyone
        if self._whose == "waiting":
            rows = tuple(r for r in rows if r.paused)
        items = sorted_items(rows, facts.rules, now, self._tz)
        if self._group is not None:
            items = tuple(i for i in items if i.group == self._group)
        elif self._whose != "waiting":
            # What waits for somebody else is nothing to do; it has its own tab.
            items = tuple(i for i in items if i.group != "paused")
        counted = facts.everyone if self._whose == "everyone" else facts.mine
        self._view.show_counts(counts_of(facts, counted, now, self._tz))
        self._view.show_backup(due(facts.team, now))
        hidden = max(0, len(items) - self._limit)
        self._view.show_due(items[: self._limit], hidden=hidden, counts=dict(Counter(i.group for i in items)))
        if not items:
            self._view.show_nothing_due(whose=self._whose, cases=facts.cases)

    def _arrived(self, epoch: int, facts: DeskFacts) -> None:
        if epoch != self._epoch:
            return
        first = self._facts is None
        self._facts = facts
        if first and not facts.mine and facts.everyone:
            self._whose = "everyone"
        self._view.show_policy(facts.policy)
        if first:
            self._view.show_warnings(self._session.warnings)
        self._view.show_embargoes(facts.embargoes[:EMBARGOES], total=facts.embargo_count)
        self.minute()

    def _failed(self, epoch: int, problem: Exception) -> None:
        if epoch == self._epoch:
            self._view.show_problem(problem)

    def _changed(self, changes: Changes) -> None:
        if changes.topics & {"cases", "team"}:
            self.start()


def read_desk(queries: Queries, policies: Policies, me: str) -> DeskFacts:
    """Reads what the desk shows; runs on the vault's thread."""
    team = queries.team()
    policy, rules = _rules(policies, team.policy)
    return DeskFacts(
        mine=queries.due(_MOST, me=me),
        everyone=queries.due(_MOST),
        embargoes=queries.embargoes(),
        embargo_count=queries.count(CaseQuery(view="embargo", me=me)),
        waiting_count=queries.count(CaseQuery(view="waiting", me=me)),
        cases=queries.count(CaseQuery(view="all", me=me)),
        team=team,
        policy=policy,
        rules=rules,
    )


def _rules(policies: Policies, first: str) -> tuple[Policy | None, dict[str, ClockRule]]:
    """The promises by id; where policies share an id, the store's own policy speaks."""
    rules: dict[str, ClockRule] = {}
    own: Policy | None = None
    for name in (first, *(n for n in policies.names() if n != first)):
        try:
            policy = policies.latest(name)
        except Rejected:
            continue
        own = policy if name == first else own
        for clock in policy.clocks:
            rules.setdefault(clock.id, clock)
    return own, rules


def sorted_items(
    rows: tuple[DueRow, ...], rules: Mapping[str, ClockRule], now: datetime, tz: tzinfo
) -> tuple[DueItem, ...]:
    """The promises in the order of their groups, and by instant inside each."""
    items = [_item(row, rules, now, tz) for row in rows]
    return tuple(sorted(items, key=lambda i: (GROUPS.index(i.group), i.row.due, i.row.ref, i.row.clock)))


def _item(row: DueRow, rules: Mapping[str, ClockRule], now: datetime, tz: tzinfo) -> DueItem:
    rule = rules.get(row.clock)
    group = group_of(row.due, now, tz, paused=row.paused)
    return DueItem(row=row, group=group, verb=rule.action if rule else "", rule=rule)


def group_of(due: datetime, now: datetime, tz: tzinfo, *, paused: bool = False) -> Group:
    """How soon: late, on this local day, in this week (Monday to Sunday), or later."""
    if paused:
        return "paused"
    if due < now:
        return "overdue"
    day, today = due.astimezone(tz).date(), now.astimezone(tz).date()
    if day == today:
        return "today"
    return "week" if day <= week_end(today) else "later"


def week_end(day: date) -> date:
    """The Sunday of the week of this day."""
    return day + timedelta(days=_DAYS - 1 - day.weekday())


def counts_of(facts: DeskFacts, rows: tuple[DueRow, ...], now: datetime, tz: tzinfo) -> DeskCounts:
    """The numbers of the cards."""
    groups: dict[Group, list[datetime]] = {group: [] for group in GROUPS}
    for row in rows:
        groups[group_of(row.due, now, tz, paused=row.paused)].append(row.due)
    ends = [r.embargo_until for r in facts.embargoes if r.embargo_until and r.embargo_until > now]
    paused = [r.started for r in facts.everyone if r.paused]
    return DeskCounts(
        overdue=len(groups["overdue"]),
        oldest=min(groups["overdue"], default=None),
        today=len(groups["today"]),
        next_due=min(groups["today"], default=None),
        week=len(groups["week"]),
        week_end=week_end(now.astimezone(tz).date()),
        embargoes=facts.embargo_count,
        next_end=min(ends, default=None),
        waiting=facts.waiting_count,
        waits_longest=min(paused, default=None),
        more=len(rows) >= _MOST,
    )


_STARTS: Final[dict[str, str]] = {
    "received": "of receipt",
    "acknowledged": "of the acknowledgement",
    "replied": "of the detailed reply",
    "confirmed": "of confirmation",
    "cve-assigned": "of the CVE",
    "announced": "of the mail",
    "embargo": "of the embargo's end",
    "released": "of the release",
}
_UNITS: Final[dict[str, tuple[str, str]]] = {
    "m": ("min", "min"),
    "h": ("h", "h"),
    "d": ("day", "days"),
    "b": ("business day", "business days"),
}


def rule_words(rule: ClockRule) -> str:
    """A promise in a few English words, made from its numbers: `Within 48 h of receipt`."""
    number, unit = parse_span(rule.before or rule.within or "0m")
    one, many = _UNITS[unit]
    span = f"{number} {one if number == 1 else many}"
    if rule.repeats:
        return f"At least every {span}"
    start = _STARTS.get(rule.start, "")
    if rule.before:
        return f"At least {span} before {start.removeprefix('of ')}"
    if number == 0:
        return "On the embargo date" if rule.start == "embargo" else f"At the moment {start}".rstrip()
    return f"{'Typically within' if rule.suggested else 'Within'} {span} {start}".rstrip()
