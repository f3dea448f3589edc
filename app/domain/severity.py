"""Severity from a CVSS vector; its version stays as written, 3.0 never becomes 3.1 (CVE schema 5.x, metrics)."""

from __future__ import annotations

import msgspec

from app.domain.errors import Rejected
from app.domain.untrusted import safe_line
from app.domain.values import Rating

_MAX_VECTOR = 300
_BASE_4 = frozenset({"CVSS", "AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"})
_CRITICAL, _HIGH, _MEDIUM = 9.0, 7.0, 4.0


def score_vector(vector: str) -> float:
    """The base score (0.0 to 10.0) of a CVSS 2, 3.0, 3.1 or 4.0 vector; raises Rejected("severity.vector")."""
    from cvss import CVSS2, CVSS3, CVSS4
    from cvss.exceptions import CVSSError

    text = vector.strip()
    kind = CVSS4 if text.startswith("CVSS:4") else CVSS3 if text.startswith("CVSS:3") else CVSS2
    try:
        if len(text) > _MAX_VECTOR:
            raise ValueError(text)
        scored = kind(text)
        return float(scored.base_score)
    except (CVSSError, ValueError, TypeError, KeyError) as problem:
        raise Rejected("severity.vector", value=safe_line(text, 80), needs="vector") from problem


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """What a vector scores, 0.0 to 10.0: its base, and all of it; alike where nothing but the base is said."""

    version: str
    base: float
    overall: float


def scores_of(vector: str) -> Scores:
    """Base and overall score of a CVSS 2, 3.0, 3.1 or 4.0 vector; raises Rejected("severity.vector").

    In 4.0 the one score covers every metric that is said; its base is that of the vector without the others.
    """
    base = score_vector(vector)
    from cvss import CVSS2, CVSS3, CVSS4

    text = vector.strip()
    if text.startswith("CVSS:4"):
        bare = "/".join(part for part in text.split("/") if part.partition(":")[0] in _BASE_4)
        return Scores(version="4.0", base=float(CVSS4(bare).base_score), overall=base)
    kind, version = (CVSS3, text[5:8]) if text.startswith("CVSS:3") else (CVSS2, "2.0")
    later = [score for score in kind(text).scores()[1:] if score is not None]
    return Scores(version=version, base=base, overall=float(later[-1]) if later else base)


def rating_of(score: float) -> Rating:
    """The qualitative rating of a score (FIRST, CVSS 3.1 section 5; the same bands in 4.0)."""
    if score >= _CRITICAL:
        return "critical"
    if score >= _HIGH:
        return "high"
    if score >= _MEDIUM:
        return "medium"
    return "low" if score > 0 else "none"
