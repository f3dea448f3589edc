"""The whole dataset of the project in, and out again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.bootstrap import Parts, create_store
from app.store.keys import FLOOR
from tests.bench.frame import Budget, Line, Result
from tests.bench.setting import DATA, Setting

BUDGET: Final = Budget(most=5)
IMPORT: Final = Line(row="dataset", what="import of the whole dataset", unit="s", budget=BUDGET)
EXPORT: Final = Line(row="dataset", what="export of the whole dataset as nswg, written", unit="s", budget=BUDGET)


def measure(setting: Setting) -> Iterator[Result]:
    """Each round in a new store; making the store is no part of it."""
    vuln = DATA / "security-wg" / "vuln"
    if not vuln.is_dir():
        why = "the folder ../shared/data with the dataset is not beside this tree"
        yield from (IMPORT.left_out(why), EXPORT.left_out(why))
        return
    spent: list[tuple[float, float]] = []
    said = ""
    for number in range(max(3, setting.rounds // 2)):
        with setting.scratch() as scratch:
            taken_in, given_out, said = _round(vuln, scratch)
            if number:  # the first one imports modules too
                spent.append((taken_in, given_out))
    yield IMPORT.judged([taken_in for taken_in, _ in spent], why=said)
    yield EXPORT.judged([given_out for _, given_out in spent])


def _round(vuln: Path, scratch: Path) -> tuple[float, float, str]:
    session = create_store(
        scratch / "dataset.holdfast",
        "a dataset that everybody knows",
        title="Dataset",
        owner="Ada Example",
        policy="node-core",
        project="nodejs",
        parts=Parts(cost=FLOOR),
    )
    try:
        begun = time.perf_counter()
        report = session.intake.run(session.import_sources([str(vuln)]))
        taken_in = time.perf_counter() - begun
        begun = time.perf_counter()
        result = session.exchange.export("nswg", everything=True)
        session.write_export(scratch / "out", result.files)
        given_out = time.perf_counter() - begun
    finally:
        session.close()
    said = f"{len(report.cases)} records in, {len(report.refused)} refused, {len(result.files)} files out"
    return taken_in, given_out, said
