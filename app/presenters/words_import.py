"""What the refusals of an import say: what is wrong with a file or a field of a record, and what was expected."""

from __future__ import annotations

FILES: dict[str, str] = {
    "file.denied": "{file} is not open to you: this account may neither read nor write it.",
    "file.link": "{file} is a link inside a folder, and such links are not followed. Name the file itself.",
    "file.empty": "{file} is empty.",
    "file.too-many": "{file} and what follows it were left out: more than {limit} files. Import fewer at once.",
    "file.too-deep": "{file} lies more than {limit} folders deep and was left out.",
}

FIELDS: dict[str, str] = {
    "import.field-missing": "This field must be there and not be empty.",
    "import.field-type": "Expected here is a value of type {expected}, found was one of type {found}.",
    "import.field-too-long": "This text has more than {limit} characters.",
    "import.list-too-long": "This list has more than {limit} entries.",
    "import.number-too-large": "This number is too large to be kept exactly.",
    "import.date-form": "“{value}” is not a date of the form {expected}.",
    "import.date-unknown": "“{value}” is a date that no calendar has.",
    "import.severity": "“{value}” is no severity. Expected is one of {expected}.",
    "import.line": "“{value}” names no release line. Expected is one like 22.x.",
    "import.line-not-listed": "{version} belongs to line {line}, which the report does not call affected.",
    "import.versions-differ": "Two patched versions are named for one line: {one} and {other}.",
    "import.release-date-open": "The day of the release ({expected}) is not chosen yet. No release was planned.",
    "import.no-members": "None of the cases of this release came in, so it was not planned.",
    "nswg.number": "“{value}” is no number of an entry. Expected is a file name like {expected}.",
    "nswg.numbers-differ": "The entry calls itself {value}, its file {expected}.",
    "nswg.dependency-assessment": (
        "This tells why a dependency's vulnerability does not matter ({value}). It is no vulnerability of the project."
    ),
}

FINDINGS: dict[str, str] = {
    "line.overlapping": "Two of its ranges claim the same version.",
    "range.malformed": "A range is not one that npm understands; it was kept as it is.",
    "range.patched-vulnerable": "A patched version is called vulnerable too.",
    "record.unknown-field": "It has a field that the dataset does not know; it was kept.",
    "reference.malformed": "A reference is no whole web address; it was kept as it is.",
    "severity.score-differs": "Its score is not the one that its vector gives.",
    "severity.score-range": "Its score is outside 0 to 10 and was left out.",
    "severity.spelling": "Its severity is not written in small letters.",
    "severity.vector": "Its CVSS vector can't be read; it was kept as it is.",
}
"""What was odd about a record that came in all the same."""

RECORDS: dict[str, str] = {**FILES, **FIELDS}
