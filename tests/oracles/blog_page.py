"""A security post of the Node.js site taken apart, so that two posts can be compared part by part."""

from __future__ import annotations

import re
from typing import Any

_RANKS = ["critical", "high", "medium", "low"]
_MONTHS = re.findall(r"\w+", "January February March April May June July August September October November December")


def parts_of(page: str) -> dict[str, Any]:
    """The parts of a post by name; what is a matter of taste (blanks, emphasis, abbreviations) is evened out."""
    _, front, body = re.split(r"^---$", page, maxsplit=2, flags=re.MULTILINE)
    sections = _sections(body)
    parts: dict[str, Any] = {f"front {k}": v for k, v in _front_matter(front).items()}
    headings = [_even_heading(heading) for heading, _ in sections]
    issues = [heading for heading in headings if _is_issue(heading)]
    parts["order of issues"] = [re.findall(r"CVE-[0-9-]+", heading)[-1] for heading in issues]
    by_rank = iter(sorted(issues, key=lambda heading: (_RANKS.index(re.findall(r"\w+", heading)[-1]), heading)))
    parts["headings"] = [next(by_rank) if _is_issue(heading) else heading for heading in headings]
    for heading, text in sections:
        name = _even_heading(heading)
        if _is_issue(name):
            parts |= _issue(text, re.findall(r"CVE-\d{4}-\d+", heading)[-1])
        elif "available" in heading:
            parts |= {"intro lines": _lines(text.strip().split("\n\n")[0]), "dependencies": _dependencies(text)}
            parts["other paragraphs"] = _other_paragraphs(text)
        elif "Downloads" in heading:
            parts["downloads"] = [
                (a, b.rstrip("/")) for a, b in re.findall(r"^- \[(.+?)\]\((.+?)\)$", text, re.MULTILINE)
            ]
        elif name == "# Summary":
            parts |= {"summary lines": _lines(text.strip().split("\n\n")[0]), "summary counts": _counts(text)}
            parts["summary paragraphs"] = len([p for p in text.strip().split("\n\n") if not p.startswith("- ")]) - 1
        elif name == "## Impact":
            said = re.findall(r"The ([\w.]+) release line .+? vulnerable to (.+?)\.(?=\n|\Z)", text)
            parts["impact by line"] = [(line, _counts(what)) for line, what in said]
    return parts


def differences(real: dict[str, Any], ours: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What differs, by the name of the part."""
    return {k: (real.get(k), ours.get(k)) for k in {**real, **ours} if real.get(k) != ours.get(k)}


def _front_matter(text: str) -> dict[str, str]:
    fields = dict(line.split(": ", 1) for line in text.strip().split("\n"))
    fields["date"] = fields["date"].strip("'")[:10]
    return fields


def _sections(body: str) -> list[tuple[str, str]]:
    found = re.split(r"^(#{1,2} .+)$", body, flags=re.MULTILINE)
    return list(zip(found[1::2], found[2::2], strict=True))


def _is_issue(heading: str) -> bool:
    return re.search(r"\(CVE-[0-9-]+\) - \(\w+\)$", heading) is not None


def _even_heading(heading: str) -> str:
    even = heading.replace("_(", "(").replace(")_", ")")
    for month in _MONTHS:
        even = re.sub(rf"(\d\d)-{month[:3]}-(\d{{4}})", rf"\1-{month}-\2", even)
    return re.sub(r" - \((\w+)\)$", lambda m: f" - ({m[1].lower()})", even)


def _issue(text: str, cve: str) -> dict[str, Any]:
    before, _, after = text.partition("\nImpact:\n")
    bullets = [" ".join(b.split()) for b in re.findall(r"^- (.+?)(?=\n- |\n\n|\Z)", after, re.MULTILINE | re.DOTALL)]
    return {
        f"{cve} text": _even_text(before),
        f"{cve} impact": [(re.sub(r"[: ]+(?:v?\d+\.x[, ]*)+$", "", b), sorted(_lines(b))) for b in bullets],
        f"{cve} credits": _credits(after),
    }


def _even_text(text: str) -> str:
    return " ".join(re.sub(r"\\(?=[^\w\s])", "", text).replace("* ", "- ").split())


def _credits(text: str) -> tuple[list[str], list[str]]:
    """Who is thanked for reporting, and for fixing."""
    sentence = " ".join(text.split())
    found = re.search(r"Thank you,? (?:to )?(.+?),? for reporting and fixing", sentence)
    if found:
        people = re.split(r" and |, ", found[1])
        return people, people
    found = re.search(
        r"Thank you,? to (.+?) for reporting this vulnerability,? and thank you (?:to )?(.+?) for fixing", sentence
    )
    return (re.split(r" and |, ", found[1]), re.split(r" and |, ", found[2])) if found else ([], [])


def _lines(text: str) -> list[str]:
    return re.findall(r"\b(\d+\.x)\b", re.sub(r"\bv(?=\d+\.x)", "", text))


def _dependencies(text: str) -> list[tuple[str, list[str], list[str]]]:
    found = re.findall(r"^- (\w[\w-]*) \((.+?)\) on (.+?)\.?$", text, re.MULTILINE)
    return [(name, [v.removeprefix("v") for v in versions.split(", ")], _lines(on)) for name, versions, on in found]


def _other_paragraphs(text: str) -> int:
    paragraphs = text.strip().split("\n\n")[1:]
    return len([p for p in paragraphs if "dependenc" not in p and not re.match(r"- \w[\w-]* \(", p)])


def _counts(text: str) -> list[tuple[int, str]]:
    found = re.findall(r"(\d+) (\w+) severity issues?", text)
    return sorted((int(count), word.lower()) for count, word in found)
