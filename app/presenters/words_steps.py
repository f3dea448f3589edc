"""The words of stages, steps, promises and actions in English; the window translates them."""

from __future__ import annotations

STAGES: dict[str, str] = {
    "received": "Received",
    "acknowledged": "Acknowledged",
    "triaged": "Triaged",
    "fixing": "Fixing",
    "ready": "Ready",
    "scheduled": "Scheduled",
    "announced": "Announced",
    "published": "Published",
    "closed": "Closed",
}

STEPS: dict[str, str] = {
    "assigned": "Received, handler assigned",
    "acknowledged": "Acknowledged",
    "replied": "Detailed reply sent",
    "confirmed": "Problem confirmed",
    "affected": "Affected versions listed",
    "audited": "Similar code audited",
    "fixes": "Fixes for every maintained line",
    "cve": "CVE assigned",
    "embargo": "Embargo agreed",
    "advisory": "Advisory written",
    "pre-announced": "Pre-announcement",
    "released": "Release",
    "announced": "Mail to the announcement list",
    "posted": "Blog post",
    "records": "Records published",
    "closed": "Closed, credits given",
}

NEXT: dict[str, str] = {
    "assigned": "Assign a primary handler",
    "acknowledged": "Acknowledge the report",
    "replied": "Write the detailed reply",
    "confirmed": "Decide: vulnerability or not",
    "affected": "List all affected versions",
    "audited": "Audit similar code",
    "fixes": "Prepare fixes for every line",
    "cve": "Request a CVE",
    "embargo": "Agree on the embargo date",
    "advisory": "Write the advisory",
    "pre-announced": "Announce the coming release",
    "released": "Release the fixed versions",
    "announced": "Mail the announcement list",
    "posted": "Post to the blog",
    "records": "Publish the records",
    "closed": "Close the case",
    "acknowledge": "Acknowledge the report",
    "reply": "Write the detailed reply",
    "update": "Update the reporter",
    "announce": "Mail the announcement list",
    "post": "Post to the blog",
}
"""What to do next, by step or by promise."""

CLOCKS: dict[str, str] = {
    "acknowledge": "Acknowledge the report",
    "reply": "Reply in detail",
    "update": "Update the reporter",
    "embargo": "Agree on the embargo date",
    "announce": "Announce on the embargo date",
    "post": "Post within hours of the mail",
}

RULES: dict[str, str] = {
    "acknowledge": "Acknowledge within 24 h of receipt",
    "reply": "Reply in detail within 48 h of receipt",
    "update": "Update at least every 5 days",
    "embargo": "Embargo typically 72 h after the CVE",
    "announce": "Mailing list on the embargo date",
    "post": "Blog within 6 h of the mail",
}
"""The rule behind each promise of node-core; other policies name theirs in `source`."""

ACTIONS: dict[str, str] = {
    "assign": "Assign handler",
    "acknowledge": "Acknowledge report",
    "reply": "Write reply",
    "update-reporter": "Write update",
    "confirm": "Triage report",
    "set-affected": "List versions",
    "audit-similar-code": "Record audit",
    "hold-fix": "Open fixes",
    "request-cve": "Request CVE",
    "assign-cve": "Record CVE",
    "agree-embargo": "Agree date",
    "propose-embargo": "Propose date",
    "draft-advisory": "Write advisory",
    "record-pre-announcement": "Record announcement",
    "record-release": "Record release",
    "record-announcement": "Record mail",
    "record-post": "Record post",
    "record-publication": "Record records",
    "close": "Close case",
}

RATINGS: dict[str, str] = {
    "unknown": "Not rated",
    "none": "None",
    "low": "Low",
    "medium": "Medium",
    "high": "High",
    "critical": "Critical",
}

LINE_STATUSES: dict[str, str] = {
    "investigating": "Investigating",
    "affected": "Affected",
    "not-affected": "Not affected",
    "unsupported": "Affected, no fix",
}

FIX_STATES: dict[str, str] = {
    "needed": "Not started",
    "in-progress": "In progress",
    "in-review": "In review",
    "ready": "Ready",
    "landed": "Landed",
    "released": "Released",
}

EMBARGO: dict[str, str] = {
    "none": "Not agreed",
    "proposed": "Proposed",
    "agreed": "Agreed",
    "ended": "Ended",
}

RELEASE_STATES: dict[str, str] = {
    "planned": "Planned",
    "pre-announced": "Pre-announced",
    "released": "Versions out",
    "announced": "Announced",
    "posted": "Posted",
    "closed": "Closed",
    "cancelled": "Cancelled",
}

TRACKS: dict[str, str] = {"core": "Core", "ecosystem": "Ecosystem"}
