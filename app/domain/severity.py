"""Severity from a CVSS vector; its version stays as written, 3.0 never becomes 3.1 (CVE schema 5.x, metrics)."""

from __future__ import annotations

from app.domain.errors import Rejected
from app.domain.untrusted import safe_line
from app.domain.values import Rating

_MAX_VECTOR = 300
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


def rating_of(score: float) -> Rating:
    """The qualitative rating of a score (FIRST, CVSS 3.1 section 5; the same bands in 4.0)."""
    if score >= _CRITICAL:
        return "critical"
    if score >= _HIGH:
        return "high"
    if score >= _MEDIUM:
        return "medium"
    return "low" if score > 0 else "none"
