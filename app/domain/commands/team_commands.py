"""What a person can do to the store and its team."""

from __future__ import annotations

import msgspec

from app.domain.catalogue import CatalogueLine, CatalogueRelease, Scheme
from app.domain.commands.case_commands import verb_of
from app.domain.project import Project


class TeamCommand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="verb", tag=verb_of):
    """Base of the commands of the team."""


class AddPerson(TeamCommand, frozen=True):
    """Add somebody to the team."""

    name: str
    email: str = ""


class ChangePerson(TeamCommand, frozen=True):
    """Change the name or address of somebody: `person` is an id, a name or an address."""

    person: str
    name: str = ""
    email: str = ""


class ChangeSetting(TeamCommand, frozen=True):
    """Change a preference that lives in the store."""

    key: str
    value: str


class DescribeProject(TeamCommand, frozen=True):
    """Replace the project profile that every text is made from."""

    project: Project


class ExtendCatalogue(TeamCommand, frozen=True):
    """Add lines and releases to the catalogue of a product, or correct them; without `product`, the project's own."""

    product: str = ""
    name: str = ""
    scheme: Scheme = "semver"
    lines: tuple[CatalogueLine, ...] = ()
    releases: tuple[CatalogueRelease, ...] = ()
