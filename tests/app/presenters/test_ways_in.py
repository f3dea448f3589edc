"""The ways in as the page learns of them: what they lack, what each act needs, and what a refusal leaves alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from app.desk.ports.keys import RecoveryCode, WayInRow
from app.domain.errors import Environment, Rejected
from app.presenters.hub import Hub
from app.presenters.ways_in import WaysFacts, WaysInPresenter, is_wrong_secret
from tests.fakes_runner import InlineRunner
from tests.fakes_session import MemorySession
from tests.fakes_ways import PROOF


class FakeView:
    """The page as the presenter tells it."""

    def __init__(self) -> None:
        self.shown: list[WaysFacts] = []
        self.problems: list[Exception] = []

    def show_ways(self, facts: WaysFacts) -> None:
        self.shown.append(facts)

    def show_problem(self, problem: Exception) -> None:
        self.problems.append(problem)


class Scene:
    """The page on a store with one passphrase; `told` hears every answer, `failed` every refusal."""

    def __init__(self, *, held: bool = False) -> None:
        self.session = MemorySession()
        self.keys = self.session.fake_keys
        self.view = FakeView()
        self.runner = InlineRunner()
        self.told: list[object] = []
        self.failed: list[Exception] = []
        self.presenter = WaysInPresenter(self.view, cast("Any", self.session), self.runner, Hub())
        self.presenter.start()
        self.runner.held = held

    def tell(self, answer: object) -> None:
        self.told.append(answer)

    @property
    def facts(self) -> WaysFacts:
        return self.view.shown[-1]


def test_it_says_what_opens_the_store_and_what_is_missing() -> None:
    scene = Scene()
    assert [way.label for way in scene.facts.ways] == ["Passphrase"]
    assert scene.facts.advice == "no-recovery"
    assert scene.facts.proofs() == ("passphrase",)


def test_a_code_opens_nothing_before_it_was_typed_back() -> None:
    scene = Scene()
    scene.presenter.add_recovery(PROOF, "Sheet", scene.tell, scene.failed.append)
    assert len(scene.keys.rows) == 1
    code = str(scene.told[-1])
    scene.presenter.confirm_recovery(code.casefold().replace("-", " "), scene.tell, scene.failed.append)
    assert [way.kind for way in scene.facts.ways] == ["passphrase", "recovery"]
    assert scene.facts.advice == ""
    assert scene.facts.proofs() == ("passphrase", "recovery")
    assert scene.failed == []


def test_a_code_that_was_typed_wrong_changes_nothing() -> None:
    scene = Scene()
    scene.presenter.add_recovery(PROOF, "Sheet", scene.tell, scene.failed.append)
    scene.presenter.confirm_recovery("00000-" * 8, scene.tell, scene.failed.append)
    assert len(scene.failed) == 1
    assert is_wrong_secret(scene.failed[0])
    assert len(scene.keys.rows) == 1


def test_every_act_is_refused_without_a_secret_of_the_store() -> None:
    scene = Scene()
    presenter, tell, failed = scene.presenter, scene.tell, scene.failed.append
    presenter.add_passphrase("wrong", "a new long passphrase", "Deputy", tell, failed)
    presenter.add_recovery("wrong", "Sheet", tell, failed)
    presenter.add_keychain("wrong", "Keyring", tell, failed)
    presenter.add_openpgp("wrong", "A" * 40, "Card", tell, failed)
    presenter.revoke("wrong", "1", tell, failed)
    presenter.change_passphrase("1", "wrong", "a new long passphrase", tell, failed)
    presenter.rekey("wrong", Path("/backups"), tell, failed, lambda _done, _of: None)
    assert len(scene.failed) == 7
    assert all(is_wrong_secret(problem) for problem in scene.failed)
    assert scene.told == []
    assert scene.keys.secrets == {"1": PROOF}


def test_a_way_that_was_tried_says_when() -> None:
    scene = Scene()
    scene.presenter.test("1", "wrong", scene.tell, scene.failed.append)
    assert scene.presenter.tested("1") is None
    scene.presenter.test("1", PROOF, scene.tell, scene.failed.append)
    assert scene.told == [False, True]
    assert scene.presenter.tested("1") == scene.session.clock.at


def test_the_last_way_in_stays() -> None:
    scene = Scene()
    scene.presenter.revoke(PROOF, "1", scene.tell, scene.failed.append)
    assert [getattr(problem, "code", "") for problem in scene.failed] == ["keys.last"]
    assert not is_wrong_secret(scene.failed[0])


def test_replacing_the_key_can_be_stopped_before_it_began() -> None:
    scene = Scene(held=True)
    stop = scene.presenter.rekey(PROOF, Path("/backups"), scene.tell, scene.failed.append, lambda _done, _of: None)
    stop()
    scene.runner.release()
    assert scene.told == [False]
    assert scene.keys.rekeyed == []


def test_after_the_page_is_gone_nobody_is_told() -> None:
    scene = Scene(held=True)
    scene.presenter.add_passphrase(PROOF, "a new long passphrase", "Deputy", scene.tell, scene.failed.append)
    scene.presenter.close()
    scene.runner.release()
    assert scene.told == []
    assert scene.presenter.facts is None


@pytest.mark.parametrize(
    ("kinds", "advice", "proofs"),
    [
        (("openpgp", "keychain"), "only-openpgp", ("openpgp",)),
        (("keychain", "passphrase"), "no-recovery", ("passphrase",)),
        (("openpgp", "recovery", "other"), "", ("recovery", "openpgp")),
    ],
)
def test_what_the_ways_lack_and_what_proves_who_sits_there(
    kinds: tuple[str, ...], advice: str, proofs: tuple[str, ...]
) -> None:
    ways = tuple(WayInRow(id=kind, kind=kind) for kind in kinds)
    facts = WaysFacts(store="Aster", person="Ada", email="", ways=ways)
    assert (facts.advice, facts.proofs()) == (advice, proofs)


def test_a_wrong_secret_is_told_apart_from_what_else_goes_wrong() -> None:
    assert is_wrong_secret(Rejected("recovery.group", group=3))
    assert is_wrong_secret(Environment("openpgp.cancelled"))
    assert not is_wrong_secret(Environment("disk.full"))
    assert RecoveryCode("AB").code not in repr(RecoveryCode("AB"))
