"""A case full of words that nobody else uses, in every place where words can be, and its erasing."""

from __future__ import annotations

from app.domain.case.erasure import remains_of
from app.domain.case.state import Case
from app.domain.events import case_events as e
from app.domain.events.erasure_events import CaseErased, ErasureProposed
from app.domain.values import AffectedLine, AuditPlace, Blob, Credit, Fix, OutFile, Person, Reporter, Severity
from app.store.vault import SqlVault
from tests.app.store.building import ADA, START, happen, received, source

WORDS = tuple(
    f"{first}quartz{last}"
    for first in ("ombre", "vexil", "tundra", "kelpie", "jasper")
    for last in ("walrus", "pollux")
)
TITLE, TEXT, REPORTER, NOTE, MESSAGE, PATCH, ADVISORY, REASON, FILE, OLD_TITLE = WORDS
FILLER = "plain words about the parser and its buffer, as in every other report of the kind. "


def tell_secrets(vault: SqlVault, number: int = 1) -> tuple[Blob, ...]:
    """Opens a case and lets words into every field that can hold some; gives its files."""
    with vault.transaction(ADA, START) as tx:
        proof = tx.put_blob(f"{FILE} {FILLER}".encode() * 40_000, f"{FILE}.txt")
        patch = tx.put_blob(f"diff {PATCH}".encode() * 50, f"{PATCH}.diff")
        letter = tx.put_blob(f"From: {REPORTER}\n\n{MESSAGE}".encode(), f"{MESSAGE}.eml")
        sent = tx.put_blob(f"# {TITLE}\n{ADVISORY}".encode(), f"{TITLE}.md")
        opened = received(
            number,
            OLD_TITLE,
            text="\n\n".join(f"{TEXT} paragraph {place}: {FILLER}" for place in range(80)),
            reporters=(Reporter(name=REPORTER, email=f"{REPORTER}@example.org"),),
            subject=f"{MESSAGE} in the subject",
            attachments=(proof,),
            source=source(f"{REPORTER}:{number}"),
        )
        tx.append(f"case:C{number:06d}", [opened])
        tx.keep_draft(f"H-2026-{number:03d}", "advisory", f"{ADVISORY} unsaved {FILLER}")
    happen(vault, number, e.HandlerAssigned(person=Person(id="noor", name="Noor Sample"), note=NOTE))
    happen(vault, number, e.ReportAcknowledged(at=START, text=f"{MESSAGE} {FILLER}" * 20))
    happen(vault, number, e.NoteAdded(text=f"{NOTE} {FILLER}"), e.CaseRetitled(title=TITLE))
    happen(vault, number, e.MessageLogged(direction="in", purpose="other", at=START, text=MESSAGE, original=letter))
    happen(vault, number, e.ProblemConfirmed(at=START, note=NOTE), e.SeverityRated(severity=Severity(reason=REASON)))
    happen(vault, number, e.AffectedVersionsSet(lines=(AffectedLine(line="22.x", status="affected", note=NOTE),)))
    happen(vault, number, e.SimilarCodeAudited(at=START, pattern=PATCH, places=(AuditPlace(where=PATCH, note=NOTE),)))
    happen(vault, number, e.FixHeld(fix=Fix(line="22.x", state="ready", author=PATCH, patch=patch, tests=NOTE)))
    happen(vault, number, e.FixHeld(fix=Fix(line="22.x", state="landed", author=PATCH)))
    happen(vault, number, e.CveAssigned(id="CVE-2099-00042", at=START, cna=REASON))
    happen(vault, number, e.AdvisoryDrafted(revision=1, body=f"## {TITLE}\n{ADVISORY} {FILLER}" * 30, by=REPORTER))
    happen(vault, number, e.CreditsSet(credits=(Credit(name=REPORTER),)), e.EmbargoAgreed(until=START, reason=REASON))
    file = OutFile(name=f"{TITLE}.md", sha256=sent.sha256, size=sent.size)
    happen(vault, number, e.Exported(format="blog-post", audience="public", files=(file,), override=REASON))
    happen(vault, number, e.AnnouncementSent(at=START, destination="list@example.org"))
    happen(vault, number, e.CaseClosed(at=START, resolution=REASON))
    return proof, patch, letter, Blob(sha256=sent.sha256, size=sent.size)


def erase(vault: SqlVault, number: int = 1) -> Case:
    """Erases the case in two steps, as the desk does it."""
    case = happen(vault, number, ErasureProposed(reason="its time is over"))
    return happen(vault, number, CaseErased(reason="its time is over", remains=remains_of(case)))
