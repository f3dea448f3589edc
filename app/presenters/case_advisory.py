"""The advisory tab: the text being written, its unsaved state, its preview and its findings."""

from __future__ import annotations

import importlib
from datetime import datetime
from typing import Final, Literal, Protocol

import msgspec
from msgspec.structs import replace

from app.domain.advisory import AdvisoryFinding, advisory_findings, advisory_markdown, skeleton
from app.domain.case.state import Case
from app.domain.commands.case_commands import DraftAdvisory
from app.domain.errors import AppError
from app.domain.project import Project
from app.presenters.case import CaseFacts, CasePresenter

DRAFT: Final = "advisory"
PreviewMode = Literal["advisory", "mail"]


class AdvisoryState(msgspec.Struct, frozen=True, kw_only=True):
    """How the text in the editor stands to what is saved; instants are UTC.

    `kept_at` is when the unsaved text was last put into the store. `conflict` is the revision that somebody
    saved since this text was begun, or 0.
    """

    revision: int
    by: str
    at: datetime | None
    unsaved: bool
    kept_at: datetime | None
    conflict: int
    editable: bool
    saving: bool = False

    @property
    def can_save(self) -> bool:
        return self.unsaved and self.editable and not self.saving


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What the text looks like: Markdown for the advisory, plain text for the mail."""

    mode: PreviewMode
    text: str
    findings: tuple[AdvisoryFinding, ...] = ()


class AdvisoryView(Protocol):
    """The tab as its presenter sees it."""

    def show_text(self, text: str) -> None:
        """Put a text into the editor; only called when nothing that was typed would be lost."""
        ...

    def show_state(self, state: AdvisoryState) -> None: ...
    def show_preview(self, preview: Preview) -> None: ...
    def show_problem(self, problem: Exception | None) -> None: ...


class _Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An unsaved text with the revision it was written on."""

    base: int
    body: str


class AdvisoryPresenter:
    """Owns the typed text. What is typed is in the store as a draft long before it is a revision."""

    def __init__(self, view: AdvisoryView, page: CasePresenter) -> None:
        self._view = view
        self._page = page
        self._case: Case | None = None
        self._project: Project | None = None
        self._text = ""
        self._base = 0
        self._loaded = False
        self._saving = False
        self._kept_at: datetime | None = None
        self._kept: str | None = None
        self._epoch = 0
        self._mode: PreviewMode = "advisory"

    def show(self, facts: CaseFacts) -> None:
        """New facts came; a text that was typed stays, and says so if somebody saved another one meanwhile."""
        before = self._case
        self._case = facts.case
        self._project = facts.team.project or Project(key="none", name="", product=facts.case.product)
        if before is None:
            self._page.fetch_draft(DRAFT, self._begin)
            return
        if self._loaded:
            self._follow(before)
            self._tell()
            self.preview()

    @property
    def text(self) -> str:
        """What stands in the editor."""
        return self._text

    @property
    def unsaved(self) -> bool:
        """Whether the text differs from the saved revision."""
        case = self._case
        return case is not None and self._loaded and self._text.strip() != self._ground(case).strip()

    def typed(self, text: str) -> None:
        """The text in the editor changed."""
        if not self._loaded:
            return
        self._text = text
        self._tell()

    def keep_unsaved(self) -> None:
        """Put the unsaved text into the store, or forget the draft where there is nothing unsaved."""
        if not self._loaded:
            return
        draft = _encode(self._base, self._text) if self.unsaved else None
        if draft == self._kept:
            return
        self._kept = draft
        self._page.keep_draft(DRAFT, draft)
        self._kept_at = self._page.now() if draft is not None else None
        self._tell()

    def save(self) -> None:
        """Save the text as a new revision; if somebody was faster, the text is kept and that is said."""
        if self._saving or not self.unsaved:
            return
        sent = self._text
        self._saving = True
        self._tell()

        def saved() -> None:
            self._saving = False
            self._base += 1
            self._view.show_problem(None)

        def refused(problem: Exception) -> None:
            self._saving = False
            self.keep_unsaved()
            self._tell()
            self._view.show_problem(problem)
            if isinstance(problem, AppError) and problem.code == "advisory.conflict":
                self._page.refresh()

        self._page.perform(DraftAdvisory(body=sent, base=self._base), saved, refused)

    def write_over(self) -> None:
        """Go on from the revision that somebody saved meanwhile: the next save replaces it, on record."""
        if self._case is not None:
            self._base = self._case.advisory.revision
            self._kept = None
            self._view.show_problem(None)
            self._tell()

    def discard(self) -> None:
        """Throw the unsaved text away and show the saved revision again."""
        if self._case is None:
            return
        self._base = self._case.advisory.revision
        self._text = self._ground(self._case)
        self._view.show_text(self._text)
        self._view.show_problem(None)
        self.keep_unsaved()
        self.preview()

    def choose_preview(self, mode: PreviewMode) -> None:
        """Show the text as an advisory, or the mail as it would be exported now."""
        self._mode = mode
        self.preview()

    def preview(self) -> None:
        """Compose the preview off the UI thread; an answer to an older text is dropped."""
        case, project = self._case, self._project
        if case is None or project is None or not self._loaded:
            return
        self._epoch += 1
        epoch, mode = self._epoch, self._mode
        typed = replace(case, advisory=replace(case.advisory, body=self._text))

        def compose() -> Preview:
            # The preview's parser takes 60 ms to load: here, where nobody waits for it.
            importlib.import_module("markdown_it")
            findings = advisory_findings(typed, project)
            if mode == "mail":
                return Preview(mode=mode, text=self._mail(case.ref), findings=findings)
            return Preview(mode=mode, text=advisory_markdown(typed, project), findings=findings)

        def composed(preview: Preview) -> None:
            if epoch == self._epoch and self._page.is_open:
                self._view.show_preview(preview)

        self._page.runner.run(compose, composed, self._view.show_problem)

    def state(self) -> AdvisoryState:
        """How the text stands to what is saved."""
        case = self._case
        advisory = case.advisory if case else None
        revision = advisory.revision if advisory else 0
        return AdvisoryState(
            revision=revision,
            by=advisory.by if advisory else "",
            at=advisory.at if advisory else None,
            unsaved=self.unsaved,
            kept_at=self._kept_at,
            conflict=revision if self.unsaved and not self._saving and revision != self._base else 0,
            editable=case is not None and case.is_open and case.is_vulnerability,
            saving=self._saving,
        )

    def _mail(self, ref: str) -> str:
        result = self._page.session.exchange.preview("mail", case=ref)
        parts = [file.data.decode("utf-8", "replace") for file in result.files]
        return "\n\n".join(part.replace("\r\n", "\n") for part in parts)

    def _begin(self, draft: str | None) -> None:
        case = self._case
        if case is None or self._loaded:
            return
        self._loaded = True
        self._base, self._text = case.advisory.revision, self._ground(case)
        kept = _decode(draft)
        if kept is not None:
            self._base, self._text = kept.base, kept.body
            self._kept = draft
        self._view.show_text(self._text)
        self._tell()
        self.preview()

    def _follow(self, before: Case) -> None:
        """Take on what somebody saved, if nothing typed here would be lost by it."""
        case = self._case
        if case is None:
            return
        was_clean = self._text.strip() == self._ground(before).strip()
        if was_clean or not self.unsaved:
            self._base = case.advisory.revision
            if self._text.strip() != self._ground(case).strip():
                self._text = self._ground(case)
                self._view.show_text(self._text)
        self.keep_unsaved()

    def _ground(self, case: Case) -> str:
        return case.advisory.body if case.advisory.revision else skeleton(case)

    def _tell(self) -> None:
        self._view.show_state(self.state())


def _encode(base: int, body: str) -> str:
    return msgspec.json.encode(_Draft(base=base, body=body)).decode()


def _decode(text: str | None) -> _Draft | None:
    if not text:
        return None
    try:
        return msgspec.json.decode(text.encode("utf-8", "replace"), type=_Draft)
    except msgspec.DecodeError:
        # A draft that nobody can read any more is still somebody's words.
        return _Draft(base=0, body=text)
