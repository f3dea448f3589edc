"""What is said of a rescue, in English; the window translates these templates, the command line prints them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.desk.ports.rescue import RescueReport, Touched
from app.domain.untrusted import safe_line
from app.presenters.words import fill

SAVED: Final = "Saved {events} events and {files} files into a new store; the damaged one is as it was."
WHOLE: Final = "Nothing is lost."
LOST: Final = "Lost: {lost} events, by their old numbers {missing}."
CUT: Final = "The file ends {cut_pages} pages too early: events after {last} may be lost without a trace."
UNATTRIBUTED: Final = "Of these, {count} could be read, but not whose they were; with --json they are printed."
LOST_FILES: Final = "Lost: {count} files whose content could not be read; the cases still name them."
ERASED: Final = "{erased} events had been erased for retention before, and stay so."
UNPROVEN: Final = "{unproven} events were told as they stood: what vouched for them is damaged or was changed."
GUESSED: Final = (
    "Of {guessed} events it is not known by whom, or not even when; those have the time of the event before."
)
PAGES: Final = "{bad_pages} of {pages} pages were not as they were written."
CASE_WHOLE: Final = "{ref}: {lost} events are lost, but its last state could be read and was taken over."
CASE_HOLES: Final = "{ref}: {lost} events are lost, and so is what they changed; a note in the case says which."
FOUND: Final = "The new store does not verify ({findings} findings). Keep the damaged one."
GOOD: Final = "The new store was verified: everything in it agrees."

NOTE: Final = "This case was saved from a damaged store."
NOTE_LOST: Final = "Events that could not be read, by their old numbers: {missing}."
NOTE_UNTOLD: Final = "Events that could be read, but not told again without what is lost:"

_RANGES: Final = 40
_CASES: Final = 200


def note_words(lost: tuple[str, ...], untold: tuple[str, ...]) -> str:
    """The note in a case of which something is lost: the numbers, and what could not be told as it stood."""
    parts = [NOTE]
    if lost:
        parts.append(fill(NOTE_LOST, {"missing": _listed(lost)}))
    if untold:
        parts += [NOTE_UNTOLD, *untold]
    return "\n".join(parts)


def report_words(report: RescueReport) -> Iterator[str]:
    """The report in sentences, the most important first."""
    yield fill(SAVED, {"events": report.events, "files": report.files})
    yield fill(GOOD if report.findings == 0 else FOUND, {"findings": report.findings})
    losses = tuple(_losses(report))
    yield from losses or (WHOLE,)
    counts: tuple[tuple[str, int], ...] = (
        (ERASED, report.erased),
        (GUESSED, report.guessed),
        (UNPROVEN, report.unproven),
        (PAGES, report.bad_pages),
    )
    facts: dict[str, str | int | float] = {
        "erased": report.erased,
        "guessed": report.guessed,
        "unproven": report.unproven,
        "bad_pages": report.bad_pages,
        "pages": report.pages,
    }
    yield from (fill(template, facts) for template, counted in counts if counted)


def _losses(report: RescueReport) -> Iterator[str]:
    if report.lost:
        yield fill(LOST, {"lost": report.lost, "missing": _listed(report.missing)})
    if report.unattributed:
        yield fill(UNATTRIBUTED, {"count": len(report.unattributed)})
    if report.cut_pages:
        yield fill(CUT, {"cut_pages": report.cut_pages, "last": report.last})
    if report.lost_files:
        yield fill(LOST_FILES, {"count": len(report.lost_files)})
    for touched in report.cases[:_CASES]:
        yield _touched(touched)


def _touched(touched: Touched) -> str:
    facts: dict[str, str | int | float] = {"ref": safe_line(touched.ref, 60), "lost": touched.lost}
    return fill(CASE_WHOLE if touched.is_complete else CASE_HOLES, facts)


def _listed(numbers: tuple[str, ...]) -> str:
    shown = ", ".join(numbers[:_RANGES])
    return f"{shown}, …" if len(numbers) > _RANGES else shown
