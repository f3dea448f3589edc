"""The advisory: what is typed is in the store long before it is a revision, and nobody's text is overwritten."""

from __future__ import annotations

from app.domain.advisory import skeleton
from app.domain.commands import case_commands as c
from app.domain.errors import AppError
from app.presenters.case import CaseFacts, CasePresenter
from app.presenters.case_advisory import DRAFT, AdvisoryPresenter, AdvisoryState, Preview
from tests.case_world import ADVISORY, CaseWorld

MINE = "## Summary\n\nMy own words.\n"
THEIRS = "## Summary\n\nSomebody else's words.\n"


class FakeEditor:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.states: list[AdvisoryState] = []
        self.previews: list[Preview] = []
        self.problems: list[Exception] = []
        self.presenter: AdvisoryPresenter | None = None

    def show_text(self, text: str) -> None:
        self.texts.append(text)

    def show_state(self, state: AdvisoryState) -> None:
        self.states.append(state)

    def show_preview(self, preview: Preview) -> None:
        self.previews.append(preview)

    def show_problem(self, problem: Exception | None) -> None:
        if problem is not None:
            self.problems.append(problem)

    def show_case(self, facts: CaseFacts) -> None:
        if self.presenter is not None:
            self.presenter.show(facts)

    @property
    def state(self) -> AdvisoryState:
        return self.states[-1]


def opened(world: CaseWorld) -> tuple[FakeEditor, AdvisoryPresenter, CasePresenter]:
    """The tab of the world's case."""
    view = FakeEditor()
    page = world.presenter(view)
    view.presenter = AdvisoryPresenter(view, page)
    page.refresh()
    return view, view.presenter, page


def test_a_new_advisory_begins_with_its_sections() -> None:
    world = CaseWorld().receive()
    view, _, _ = opened(world)
    assert view.texts == [skeleton(world.case)]
    assert not view.state.unsaved


def test_what_is_typed_becomes_a_revision() -> None:
    world = CaseWorld().receive()
    view, presenter, page = opened(world)
    presenter.typed(MINE)
    assert view.state.can_save
    presenter.keep_unsaved()
    presenter.save()
    assert (world.case.advisory.revision, world.case.advisory.body) == (1, MINE.strip())
    assert not view.state.unsaved
    assert world.session.store.draft(page.ref, DRAFT) is None


def test_a_pause_puts_the_text_into_the_store() -> None:
    world = CaseWorld().receive()
    view, presenter, page = opened(world)
    presenter.typed(MINE)
    presenter.keep_unsaved()
    assert [state.kept_at is not None for state in view.states[-2:]] == [False, True]
    assert "My own words" in (world.session.store.draft(page.ref, DRAFT) or "")
    assert world.case.advisory.revision == 0


def test_an_unsaved_text_is_there_again_after_the_store_was_closed() -> None:
    world = CaseWorld().receive()
    _, presenter, page = opened(world)
    presenter.typed(MINE)
    presenter.keep_unsaved()
    page.close()
    view, _, _ = opened(world)
    assert view.texts == [MINE]
    assert view.state.unsaved


def test_a_faster_colleague_takes_nothing_away() -> None:
    world = CaseWorld().work()
    view, presenter, _ = opened(world)
    presenter.typed(MINE)
    world.session.desk.perform(world.ref, c.DraftAdvisory(body=THEIRS))
    presenter.save()
    assert [p.code for p in view.problems if isinstance(p, AppError)] == ["advisory.conflict"]
    assert presenter.text == MINE
    assert view.state.conflict == 2
    presenter.write_over()
    presenter.save()
    assert (world.case.advisory.revision, world.case.advisory.body) == (3, MINE.strip())


def test_a_colleagues_revision_is_said_as_soon_as_it_is_known() -> None:
    world = CaseWorld().work()
    view, presenter, _ = opened(world)
    presenter.typed(MINE)
    done = world.session.desk.perform(world.ref, c.DraftAdvisory(body=THEIRS))
    world.hub.publish(done.changes)
    assert view.state.conflict == 2
    assert presenter.text == MINE
    assert THEIRS not in view.texts


def test_an_untouched_editor_follows_what_others_save() -> None:
    world = CaseWorld().work()
    view, presenter, _ = opened(world)
    done = world.session.desk.perform(world.ref, c.DraftAdvisory(body=THEIRS))
    world.hub.publish(done.changes)
    assert view.texts[-1] == THEIRS.strip()
    presenter.typed(MINE)
    assert view.state.conflict == 0


def test_what_is_typed_while_saving_stays() -> None:
    world = CaseWorld().work()
    view, presenter, _ = opened(world)
    presenter.typed(MINE)
    world.runner.held = True
    presenter.save()
    presenter.typed(MINE + "More.\n")
    for _ in range(4):
        world.runner.release()
    assert presenter.text == MINE + "More.\n"
    assert view.state.unsaved
    assert view.state.conflict == 0


def test_saving_twice_quickly_saves_once() -> None:
    world = CaseWorld().work()
    _, presenter, _ = opened(world)
    presenter.typed(MINE)
    world.runner.held = True
    presenter.save()
    presenter.save()
    for _ in range(4):
        world.runner.release()
    assert world.case.advisory.revision == 2


def test_throwing_away_brings_the_saved_revision_back() -> None:
    world = CaseWorld().work()
    view, presenter, page = opened(world)
    presenter.typed(MINE)
    presenter.keep_unsaved()
    presenter.discard()
    assert view.texts[-1] == world.case.advisory.body
    assert world.session.store.draft(page.ref, DRAFT) is None


def test_the_preview_fills_the_facts_of_the_case() -> None:
    world = CaseWorld().work()
    view, _, _ = opened(world)
    text = view.previews[-1].text
    assert "CVE-2099-10041" in text
    assert "24.x from 24.0.0, before 24.8.2" in text
    assert "{affected}" not in text


def test_the_findings_follow_the_typed_text() -> None:
    world = CaseWorld().work()
    view, presenter, _ = opened(world)
    assert ("version.unknown", "22.4.0") in [(f.code, f.what) for f in view.previews[-1].findings]
    presenter.typed(ADVISORY.replace("22.4.0", "22.0.0") + "\n{nonsense}\n")
    presenter.preview()
    codes = [(f.code, f.what) for f in view.previews[-1].findings]
    assert ("advisory.unknown-place", "nonsense") in codes
    assert ("version.unknown", "22.4.0") not in codes


def test_an_older_preview_never_replaces_a_newer_one() -> None:
    world = CaseWorld().work()
    view, presenter, _ = opened(world)
    shown = len(view.previews)
    world.runner.held = True
    presenter.preview()
    presenter.typed(MINE)
    presenter.preview()
    world.runner.release()
    assert len(view.previews) == shown + 1
    assert "My own words" in view.previews[-1].text


def test_the_mail_is_shown_as_it_would_leave() -> None:
    world = CaseWorld().work()
    view, presenter, _ = opened(world)
    presenter.choose_preview("mail")
    assert view.previews[-1].mode == "mail"
    assert "Subject:" in view.previews[-1].text


def test_a_rejected_report_is_read_only() -> None:
    world = CaseWorld().receive().do(c.Reject(reason="Works as described."))
    view, _, _ = opened(world)
    assert not view.state.editable


def test_a_draft_from_another_time_is_still_somebodys_words() -> None:
    world = CaseWorld().receive()
    world.session.desk.save_draft(world.ref, DRAFT, "just words")
    view, _, _ = opened(world)
    assert view.texts == ["just words"]
