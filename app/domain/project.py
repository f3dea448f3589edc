"""The project whose vulnerabilities are handled: the names, addresses and sentences of its texts."""

from __future__ import annotations

from typing import Literal

from app.domain.values import Value


class MailingList(Value, frozen=True):
    """A destination of announcement mail."""

    key: str
    name: str
    address: str
    title: str = ""


class Project(Value, frozen=True):
    """A project profile, read from `resources/projects/*.toml` at init and kept in the store from then on.

    `release_path` holds `{version}`; addresses of pages are absolute. No code knows a project: only this data does.
    """

    key: str
    name: str
    product: str
    vendor: str = ""
    purl: str = ""
    repository: str = ""
    site: str = ""
    blog_path: str = "/blog/vulnerability/"
    release_path: str = "/blog/release/v{version}/"
    download_name: str = ""
    author: str = ""
    category: str = "vulnerability"
    layout: str = "blog-post"
    mail_from: str = ""
    mail_domain: str = "localhost"
    announcement_list: str = "announce"
    lists: tuple[MailingList, ...] = ()
    policy_url: str = ""
    report_url: str = ""
    list_url: str = ""
    schedule_url: str = ""
    organisation: str = ""
    pre_announcement: Literal["highest", "counts"] = "highest"
    lines_are_versions_of: str = ""
