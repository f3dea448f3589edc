"""The number that holds what views and filters ask of a case.

bit 0 embargo proposed or agreed, bit 1 waiting for the reporter, bit 2 no CVE id, bits 4 to 7 place of the stage,
bits 8 to 10 place of the rating, from bit 16 on the number of the handler (table `handler`), 0 for nobody.
"""

from __future__ import annotations

from typing import Final

from app.domain.projection import CaseProjection

EMBARGO: Final = 1
WAITING: Final = 2
NO_CVE: Final = 4
STAGE_SHIFT: Final = 4
RATING_SHIFT: Final = 8
HANDLER_SHIFT: Final = 16
RATINGS: Final = ("unknown", "none", "low", "medium", "high", "critical")


def bits_of(case: CaseProjection, handler_no: int) -> int:
    """The number of a case whose handler has this number."""
    bits = case.stage_order << STAGE_SHIFT | RATINGS.index(case.rating) << RATING_SHIFT
    bits |= handler_no << HANDLER_SHIFT
    if case.embargo in ("proposed", "agreed"):
        bits |= EMBARGO
    if case.waiting:
        bits |= WAITING
    if not case.cves:
        bits |= NO_CVE
    return bits
