"""Files to import that are full of canaries; every name in them is invented."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.leaks.canaries import canary


def write_inputs(folder: Path) -> None:
    """A mail with a file, a hand-over file, two records, and two files that can't come in."""
    folder.mkdir(mode=0o700)
    (folder / "report.eml").write_bytes(_mail().as_bytes())
    (folder / "handover.json").write_text(json.dumps(_handover()), "utf-8")
    for place, record in (("core", _core()), ("npm", _npm())):
        target = folder / "vuln" / place
        target.mkdir(parents=True)
        (target / "1.json").write_text(json.dumps(record), "utf-8")
    (folder / "broken.json").write_text('{"title": "' + canary("broken"), "utf-8")
    (folder / "wrong.json").write_text(json.dumps(_wrong()), "utf-8")


def _mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"{canary('from')} <{canary('address')}@example.org>"
    mail["To"] = "security@aster.example"
    mail["Subject"] = canary("subject")
    mail["Date"] = "Mon, 02 Mar 2026 09:00:00 +0000"
    mail["Message-ID"] = f"<{canary('messageid')}@example.org>"
    mail.set_content(f"{canary('body')} reads past the end.\n")
    core = f"{canary('attachment')}\n".encode() * 100
    mail.add_attachment(core, "application", "x-core", filename=f"{canary('file')}.bin")
    return mail


def _handover() -> dict[str, Any]:
    report = {
        "id": "901",
        "title": canary("handovertitle"),
        "cveIds": ["CVE-2099-10041"],
        "severity": {"rating": "high", "cvss_vector_string": "", "weakness_id": "86"},
        "summary": canary("handoversummary"),
        "patchAuthors": [canary("handoverauthor")],
        "affectedVersions": ["24.x"],
        "link": "https://hackerone.com/reports/901",
        "reporter": canary("handoverreporter"),
    }
    return {"releaseDate": "2099/03/17", "reports": [report], "dependencies": []}


def _core() -> dict[str, Any]:
    return {
        "cve": ["CVE-2099-10051"],
        "severity": "high",
        "vulnerable": "22.x",
        "patched": "^22.9.1",
        "ref": f"https://example.org/{canary('coreref')}",
        "description": canary("coredescription"),
        "overview": canary("coreoverview"),
        "affectedEnvironments": ["all"],
    }


def _npm() -> dict[str, Any]:
    return {
        "id": 1,
        "created_at": "2026-03-01",
        "updated_at": "2026-03-01",
        "title": canary("npmtitle"),
        "author": {"name": canary("npmauthor"), "website": None, "username": None},
        "module_name": "borealis-parser",
        "publish_date": "2026-03-01",
        "cves": ["CVE-2099-10052"],
        "vulnerable_versions": "<1.0.0",
        "patched_versions": ">=1.0.0",
        "overview": canary("npmoverview"),
        "recommendation": canary("npmrecommendation"),
        "references": [f"https://example.org/{canary('npmreference')}"],
        "cvss_vector": None,
        "cvss_score": None,
        "coordinating_vendor": None,
    }


def _wrong() -> dict[str, Any]:
    return {"releaseDate": "2099/02/30", "reports": [{"id": "1", "title": 915, "summary": canary("wrongsummary")}]}
