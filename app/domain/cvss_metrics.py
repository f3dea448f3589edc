"""The metrics of CVSS as data, and vectors put together and taken apart by them (FIRST, CVSS 3.1 and 4.0).

Vectors of 2.0 and 3.0 are read and scored (`app/domain/severity.py`), but no new ones are made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

import msgspec

from app.domain.errors import Defect, Rejected
from app.domain.untrusted import safe_line

_LONGEST: Final = 300
_SAFETY: Final = frozenset({"MSI", "MSA"})
"""Of the modified metrics of 4.0 these two may say that people come to harm (section 4.2, "Safety")."""


class MetricValue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value that a metric can have."""

    key: str
    name: str
    about: str


class Metric(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question about a vulnerability and its possible answers."""

    key: str
    name: str
    about: str
    values: tuple[MetricValue, ...]

    def value(self, key: str) -> MetricValue | None:
        """The answer of this key, or None."""
        return next((value for value in self.values if value.key == key), None)


class MetricGroup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Metrics that belong together; `modifies` names the group whose metrics it can answer differently."""

    key: str
    name: str
    metrics: tuple[Metric, ...]
    required: bool = False
    modifies: str = ""


class MetricSet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of CVSS."""

    version: Literal["3.1", "4.0"]
    prefix: str
    groups: tuple[MetricGroup, ...]

    def metrics(self) -> Iterator[Metric]:
        """Every metric in the order of the vector."""
        for group in self.groups:
            yield from group.metrics

    def metric(self, key: str) -> Metric | None:
        """The metric of this key, or None."""
        return next((metric for metric in self.metrics() if metric.key == key), None)

    def required(self) -> tuple[Metric, ...]:
        """The metrics that no vector may lack."""
        return tuple(metric for group in self.groups if group.required for metric in group.metrics)


class Vector(msgspec.Struct, frozen=True, kw_only=True):
    """A vector taken apart: its version and its answers; answers that say nothing (X) are left out."""

    version: str
    values: dict[str, str]


def load_metrics(data: bytes) -> MetricSet:
    """One version from `resources/cvss/*.toml`, the modified metrics added; raises Defect("cvss.malformed")."""
    try:
        read = msgspec.toml.decode(data, type=MetricSet)
    except msgspec.DecodeError as fault:
        raise Defect("cvss.malformed") from fault
    groups = {group.key: group for group in read.groups}
    return msgspec.structs.replace(read, groups=tuple(_with_modified(group, groups) for group in read.groups))


def _with_modified(group: MetricGroup, groups: Mapping[str, MetricGroup]) -> MetricGroup:
    if not group.modifies:
        return group
    modified = tuple(_modified(metric) for metric in groups[group.modifies].metrics)
    return msgspec.structs.replace(group, metrics=(*group.metrics, *modified))


def _modified(metric: Metric) -> Metric:
    key = f"M{metric.key}"
    safety = MetricValue(key="S", name="Safety", about="People can come to more than light injuries.")
    return Metric(
        key=key,
        name=f"{metric.name}, as it is there",
        about=metric.about,
        values=(
            MetricValue(key="X", name="Not defined", about="As in the base."),
            *((safety,) if key in _SAFETY else ()),
            *metric.values,
        ),
    )


def read_vector(text: str, sets: Mapping[str, MetricSet]) -> Vector:
    """A vector of 3.1 or 4.0 by its metrics, in any order.

    Raises Rejected: cvss.version (`value`), cvss.metric (`metric`, unknown there), cvss.value (`metric`, `value`,
    `allowed`), cvss.twice (`metric`), cvss.missing (`metric`: the first required one that is not there).
    """
    parts = text.strip()[: _LONGEST + 1].split("/")
    version = parts[0].removeprefix("CVSS:")
    known = sets.get(version)
    if known is None or not parts[0].startswith("CVSS:") or len(text.strip()) > _LONGEST:
        raise Rejected("cvss.version", value=safe_line(text, 80), needs="vector")
    values: dict[str, str] = {}
    for part in parts[1:]:
        key, colon, value = part.partition(":")
        metric = known.metric(key)
        if metric is None or not colon:
            raise Rejected("cvss.metric", metric=safe_line(part, 40), version=version, needs="vector")
        if key in values:
            raise Rejected("cvss.twice", metric=key, name=metric.name, needs="vector")
        if metric.value(value) is None:
            allowed = ", ".join(one.key for one in metric.values)
            raise Rejected(
                "cvss.value", metric=key, name=metric.name, value=safe_line(value, 20), allowed=allowed, needs="vector"
            )
        values[key] = value
    for metric in known.required():
        if metric.key not in values:
            raise Rejected("cvss.missing", metric=metric.key, name=metric.name, needs="vector")
    return Vector(version=version, values={key: value for key, value in values.items() if value != "X"})


def missing(values: Mapping[str, str], known: MetricSet) -> tuple[Metric, ...]:
    """The required metrics that have no answer yet, in order."""
    return tuple(metric for metric in known.required() if metric.key not in values)


def write_vector(values: Mapping[str, str], known: MetricSet) -> str:
    """The vector of these answers in the order of the specification, those that say nothing left out.

    Gives "" while a required metric has no answer.
    """
    if missing(values, known):
        return ""
    said = [f"{m.key}:{values[m.key]}" for m in known.metrics() if values.get(m.key, "X") != "X"]
    return "/".join((known.prefix, *said))
