"""A store with made-up cases in many stages, for tests of screens and for their pictures."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.domain.commands import case_commands as c
from app.domain.commands.team_commands import AddPerson
from app.domain.values import AffectedLine, Rating, Reporter
from tests.fakes_session import MemorySession

TITLES: Final[tuple[tuple[str, Rating], ...]] = (
    ("Heap over-read in TLS session ticket parsing", "critical"),
    ("Prototype chain escape in the module loader", "high"),
    ("Symbolic link followed when parsing archives", "medium"),
    ("Request header smuggling through folded lines", "high"),
    ("Timing difference in the token parser", "low"),
    ("Quadratic time in the multipart parser", "medium"),
    ("Parser accepts a NUL byte in host names", "high"),
    ("Integer overflow in the date parser", "medium"),
    ("Stale buffer in the compressed stream parser", "high"),
    ("Environment leaks to the parser child process", "medium"),
    ("Unbounded recursion in the query parser", "medium"),
    ("Permission model ignores a parser hook", "high"),
    ("Off by one in the chunk size parser", "low"),
    ("Certificate parser accepts empty names", "medium"),
)
_LINES: Final = ("24.x", "22.x", "20.x")


def new_report(session: MemorySession, title: str, *, hours_ago: float = 1.0) -> str:
    """A case that just came in."""
    command = c.Receive(title=title, reporters=(Reporter(name="Rae Finder", email="rae@example.org"),))
    return session.do(None, command, hours_ago=hours_ago)


def busy_store(session: MemorySession) -> list[str]:
    """Cases from just received to under embargo; gives back their references."""
    for name in ("Noor Sample", "Juno Kettle", "Tove Pine"):
        session.do(None, AddPerson(name=name, email=f"{name.split()[0].lower()}@example.org"), hours_ago=900)
    handlers = ("", "", "Noor Sample", "", "", "Noor Sample", "Juno Kettle", "", "Juno Kettle", "Noor Sample")
    refs = [new_report(session, "Parser crash on malformed locale argument", hours_ago=17)]
    for number, (title, rating) in enumerate(TITLES):
        age = 51 + number * 21.0
        ref = new_report(session, title, hours_ago=age)
        refs.append(ref)
        session.do(ref, c.Assign(person=handlers[number % len(handlers)]), hours_ago=age - 1)
        session.do(ref, c.Acknowledge(), hours_ago=age - 2)
        if number:
            _lead_on(session, ref, number, rating, age)
    return refs


def _lead_on(session: MemorySession, ref: str, number: int, rating: Rating, age: float) -> None:
    session.do(ref, c.Reply(text="We look into it."), hours_ago=age - 20)
    session.do(ref, c.Confirm(), hours_ago=age - 30)
    session.do(ref, c.RateSeverity(rating=rating), hours_ago=age - 31)
    lines = _LINES[: 1 + number % 3]
    listed = tuple(AffectedLine(line=line, product="aster", status="affected") for line in lines)
    session.do(ref, c.SetAffected(lines=listed), hours_ago=age - 32)
    if number % 4 == 2:
        session.do(ref, c.WaitForReporter(question="Which version was it?"), hours_ago=5)
    if number % 3 == 0:
        return
    session.do(ref, c.AssignCve(id=f"CVE-2099-{10040 + number}"), hours_ago=33)
    until = session.clock.now() + timedelta(days=4 + 3 * (number % 5), hours=2)
    if number % 5 == 4:
        session.do(ref, c.ProposeEmbargo(until=until), hours_ago=32)
    else:
        session.do(ref, c.AgreeEmbargo(until=until), hours_ago=32)
