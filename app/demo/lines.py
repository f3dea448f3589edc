"""Versions and vectors that the made-up cases share."""

from __future__ import annotations

from app.demo.specs import line

THREE = (line("24.x", "24.0.0", "24.8.2"), line("22.x", "22.0.0", "22.19.1"), line("20.x", "20.1.0", "20.19.6"))
OLD = line("18.x", "18.4.0", "", "unsupported", "18.20.8")
TWO = THREE[:2]
ONE = THREE[:1]
V_HIGH = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"
V_CRITICAL = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
V_MEDIUM = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L"
V_LOW = "CVSS:3.1/AV:L/AC:H/PR:L/UI:R/S:U/C:L/I:N/A:N"
READY_FIXES = ("ready", "ready", "ready")
