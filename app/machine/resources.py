"""The policies and project profiles that come with the program, read from the package `resources`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

import msgspec
from typing_extensions import override

from app.desk.ports.resources import Policies, Projects
from app.domain.catalogue import Catalogue, load_catalogue
from app.domain.cvss_metrics import MetricSet, load_metrics
from app.domain.errors import Defect, Rejected
from app.domain.policy import Policy, load_policy
from app.domain.project import Project
from app.domain.ssvc import Tree, load_tree
from app.domain.untrusted import safe_line
from app.domain.weaknesses import Weaknesses, load_weaknesses

_PACKAGE: Final = "resources"


class PackagedPolicies(Policies):
    """Every `policies/*.toml`; each file is one version of one policy."""

    @override
    def get(self, name: str, version: int) -> Policy:
        found = self._versions.get(name, {}).get(version)
        if found is None:
            raise Rejected("policy.unknown", name=safe_line(name, 60), version=version, known=", ".join(self.names()))
        return found

    @override
    def latest(self, name: str) -> Policy:
        versions = self._versions.get(name)
        if not versions:
            raise Rejected("policy.unknown", name=safe_line(name, 60), version=0, known=", ".join(self.names()))
        return versions[max(versions)]

    @override
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._versions))

    @cached_property
    def _versions(self) -> dict[str, dict[int, Policy]]:
        found: dict[str, dict[int, Policy]] = {}
        for file in _files("policies"):
            policy = load_policy(file.read_bytes())
            versions = found.setdefault(policy.name, {})
            if policy.version in versions:
                raise Defect("policy.twice", name=policy.name, version=policy.version)
            versions[policy.version] = policy
        return found


class PackagedProjects(Projects):
    """Every `projects/*.toml`; the key of a project is the name of its file."""

    @override
    def get(self, key: str) -> Project:
        found = self._projects.get(key)
        if found is None:
            raise Rejected("project.unknown", key=safe_line(key, 60), known=", ".join(self.names()))
        return found

    @override
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._projects))

    @cached_property
    def _projects(self) -> dict[str, Project]:
        read = {file.name.removesuffix(".toml"): _project(file) for file in _files("projects")}
        wrong = [stem for stem, project in read.items() if project.key != stem]
        if wrong:
            raise Defect("project.key", file=wrong[0])
        return read


def packaged_weaknesses() -> Weaknesses:
    """The CWE catalogue that comes along; takes some ten milliseconds to read."""
    return load_weaknesses((resources.files(_PACKAGE) / "cwe" / "cwe.json").read_bytes())


def packaged_metrics() -> dict[str, MetricSet]:
    """The versions of CVSS that new vectors are made by, by their number."""
    sets = (load_metrics(file.read_bytes()) for file in _files("cvss"))
    return {known.version: known for known in sets}


def packaged_catalogues() -> dict[str, Catalogue]:
    """The products whose lines and releases come along, by their key."""
    catalogues = (load_catalogue(file.read_bytes()) for file in _files("catalogue"))
    return {one.product: one for one in catalogues}


def packaged_trees() -> dict[str, Tree]:
    """The decision trees of SSVC that come along, by their key."""
    trees = (load_tree(file.read_bytes()) for file in _files("ssvc"))
    return {tree.key: tree for tree in trees}


def _project(file: Traversable) -> Project:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=Project)
    except msgspec.DecodeError as fault:
        raise Rejected("project.malformed", file=file.name, reason=str(fault)[:200]) from fault


def _files(folder: str) -> Iterator[Traversable]:
    place = resources.files(_PACKAGE) / folder
    yield from sorted((x for x in place.iterdir() if x.name.endswith(".toml")), key=lambda x: x.name)
