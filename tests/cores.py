"""Whether a program that dies may leave a core: the control of the tests that say that ours leaves none."""

from __future__ import annotations

import resource


def cores_may_be_written() -> bool:
    """Lift the limit that an earlier test's hardening put on this very process, where the system lets us."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    if hard == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, resource.RLIM_INFINITY))
        except (OSError, ValueError):
            return False
    return True
