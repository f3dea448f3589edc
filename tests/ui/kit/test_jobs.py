"""The runner: one thread, in order, answers on the UI thread, progress that can't flood, an orderly end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.presenters.runner import Cancelled, Report, Runner
from tests.fakes_runner import InlineRunner
from ui.kit.jobs import QtRunner


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[QtRunner]:
    made = QtRunner()
    yield made
    made.finish(lambda: None)


def refuse(problem: Exception) -> None:
    raise AssertionError(problem)


def test_both_runners_satisfy_the_port(runner: QtRunner) -> None:
    ports: list[Runner] = [runner, InlineRunner()]
    assert len(ports) == 2


def test_a_thousand_works_keep_their_order_on_one_thread(runner: QtRunner, qtbot: QtBot) -> None:
    answers: list[int] = []
    threads: set[int] = set()

    def work(number: int) -> int:
        threads.add(threading.get_ident())
        return number

    for number in range(1000):
        runner.run(lambda n=number: work(n), answers.append, refuse)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(answers) == 1000)
    assert answers == list(range(1000))
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_answers_arrive_on_the_thread_that_asked(runner: QtRunner, qtbot: QtBot) -> None:
    heard: list[int] = []
    runner.run(lambda: None, lambda _: heard.append(threading.get_ident()), refuse)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [threading.get_ident()]


def test_a_failure_is_an_answer_and_the_next_work_still_runs(runner: QtRunner, qtbot: QtBot) -> None:
    failures: list[Exception] = []
    answers: list[str] = []

    def fail() -> str:
        raise ValueError("no")

    runner.run(fail, answers.append, failures.append)
    runner.run(lambda: "next", answers.append, refuse)
    qtbot.waitUntil(lambda: bool(answers))
    assert [type(problem) for problem in failures] == [ValueError]
    assert answers == ["next"]


def test_busy_is_said_once_for_many_works(runner: QtRunner, qtbot: QtBot) -> None:
    said: list[bool] = []
    runner.busyChanged.connect(said.append)
    for _ in range(5):
        runner.run(lambda: None, lambda _: None, refuse)
    assert runner.waiting == 5
    qtbot.waitUntil(lambda: runner.waiting == 0)
    assert said == [True, False]


def test_progress_is_joined_when_the_ui_thread_is_slower(runner: QtRunner, qtbot: QtBot) -> None:
    reports: list[tuple[int, int]] = []
    done: list[int] = []

    def work(report: Report, _cancelled: Cancelled) -> int:
        for number in range(1, 100_001):
            report(number, 100_000)
        return 100_000

    runner.run_long(work, done.append, refuse, lambda n, total: reports.append((n, total)))
    qtbot.waitUntil(lambda: bool(done), timeout=20_000)
    assert 1 <= len(reports) < 100_000
    assert reports == sorted(reports)
    assert done == [100_000]


def test_a_long_work_hears_that_it_shall_stop(runner: QtRunner, qtbot: QtBot) -> None:
    started = threading.Event()
    done: list[str] = []

    def work(_report: Report, cancelled: Cancelled) -> str:
        started.set()
        while not cancelled():
            started.wait(0.001)
        return "stopped early"

    stop = runner.run_long(work, done.append, refuse, lambda _n, _total: None)
    assert started.wait(10)
    stop()
    qtbot.waitUntil(lambda: bool(done))
    assert done == ["stopped early"]


def test_finishing_runs_the_last_work_on_the_same_thread_after_all_others(qapp: QApplication) -> None:
    runner = QtRunner()
    order: list[str] = []
    threads: list[int] = []

    def work() -> None:
        order.append("work")
        threads.append(threading.get_ident())

    def close() -> None:
        order.append("close")
        threads.append(threading.get_ident())

    runner.run(work, lambda _: order.append("answer"), refuse)
    runner.finish(close)
    qapp.processEvents()
    assert order == ["work", "close"]
    assert len(set(threads)) == 1


def test_finishing_stops_long_works_and_passes_on_what_closing_raised(qapp: QApplication) -> None:
    runner = QtRunner()
    seen: list[bool] = []

    def work(_report: Report, cancelled: Cancelled) -> None:
        waiter = threading.Event()
        while not cancelled():
            waiter.wait(0.001)
        seen.append(True)

    def close() -> None:
        raise OSError("disk gone")

    runner.run_long(work, lambda _: None, refuse, lambda _n, _total: None)
    with pytest.raises(OSError, match="disk gone"):
        runner.finish(close)
    assert seen == [True]
    runner.finish(close)  # a second end does nothing


def test_the_inline_runner_holds_work_back_when_told_to() -> None:
    runner = InlineRunner(held=True)
    answers: list[int] = []
    runner.run(lambda: 1, answers.append, refuse)
    assert answers == []
    runner.release()
    assert answers == [1]
