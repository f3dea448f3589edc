"""The form that every event has: frozen, tagged by its kind, defaults left out, unknown fields refused."""

from __future__ import annotations

import msgspec


class HistoryEvent(
    msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="type", tag=True
):
    """Base of the events of a case, a release or the team."""
