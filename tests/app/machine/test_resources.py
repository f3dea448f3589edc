"""The data that comes with the program is there, whole, and found by name."""

from __future__ import annotations

import pytest

from app.domain.errors import Rejected
from app.domain.identifiers import parse_email_address, parse_http_url
from app.machine.resources import PackagedPolicies, PackagedProjects


def test_every_policy_is_found_by_name_and_version() -> None:
    policies = PackagedPolicies()
    assert "node-core" in policies.names()
    for name in policies.names():
        latest = policies.latest(name)
        assert policies.get(name, latest.version) == latest
        assert latest.name == name


def test_a_policy_that_is_not_there_is_refused_and_the_known_ones_named() -> None:
    for refused in (lambda: PackagedPolicies().get("node-core", 99), lambda: PackagedPolicies().latest("nobody")):
        with pytest.raises(Rejected) as fault:
            refused()
        assert fault.value.code == "policy.unknown"
        assert "node-core" in str(fault.value.facts["known"])


def test_the_projects_are_those_of_their_files() -> None:
    projects = PackagedProjects()
    assert projects.names() == ("aster", "nodejs")
    with pytest.raises(Rejected) as fault:
        projects.get("nobody")
    assert fault.value.code == "project.unknown"


@pytest.mark.parametrize("key", PackagedProjects().names())
def test_every_address_of_a_project_is_one(key: str) -> None:
    project = PackagedProjects().get(key)
    pages = (project.site, project.policy_url, project.report_url, project.list_url, project.schedule_url)
    assert [parse_http_url(url) for url in (*pages, project.repository)] == [*pages, project.repository]
    for entry in project.lists:
        assert parse_email_address(entry.address) == entry.address
    assert project.announcement_list in [entry.key for entry in project.lists]
    assert "{version}" in project.release_path
    assert project.blog_path.startswith("/")
    assert project.blog_path.endswith("/")
