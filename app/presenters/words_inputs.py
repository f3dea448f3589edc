"""What is said of what comes in: files, JSON, mail, identifiers, versions, ranges, and words of the command line."""

from __future__ import annotations

USAGE: dict[str, str] = {
    "usage.no-verb": "Say what to do: holdfast do STORE VERB [REF] [--FIELD VALUE]. `holdfast do --list` names the verbs.",
    "usage.no-ref": "“{verb}” needs the reference of a case or release, such as H-2026-001.",
    "usage.no-value": "--{field} has no value.",
    "usage.too-many-words": "“{value}” is one word too many.",
    "usage.unknown-verb": "There is no verb “{verb}”. `holdfast do --list` names them all.",
    "usage.unknown-field": "“{verb}” has no field “{field}”. `holdfast do --list {verb}` names its fields.",
    "usage.bad-field": "“{verb}”: {reason}. Nothing changed.",
    "usage.not-object": "{file} must hold one JSON object with the fields of the verb.",
    "usage.shorthand": "“{value}” is not of the form name=value,name=value. The names are {fields}.",
    "command.malformed": "“{verb}”: {reason}. Nothing changed.",
    "ref.unknown": "There is no case or release {ref} in this store.",
    "date.unclear": "“{value}” is not a date and time. Write it like 2026-11-30 16:00.",
    "date.skipped": "{value} does not exist: the clocks were put forward over it. Choose another time.",
    "email.malformed": "“{value}” is not a mail address.",
}

IDENTIFIERS: dict[str, str] = {
    "identifier.cve": "“{value}” is not a CVE id. Write it like CVE-2099-10041.",
    "identifier.cwe": "“{value}” is not a CWE id. Write it like CWE-444.",
    "identifier.ghsa": "“{value}” is not a GitHub advisory id. Write it like GHSA-xxxx-xxxx-xxxx.",
    "identifier.case-ref": "“{value}” is not a case reference. Write it like H-2026-001.",
    "identifier.release-ref": "“{value}” is not a release reference. Write it like R-2026-001.",
    "identifier.ref": "“{value}” is not a reference. Write it like H-2026-001 or R-2026-001.",
    "identifier.email": "“{value}” is not a mail address such as ada@example.org.",
    "identifier.slug": "“{value}” can't name a page: use small letters, digits and hyphens.",
    "identifier.message-id": "“{value}” is not a Message-ID such as <id@example.org>.",
    "identifier.url": "“{value}” is not an absolute web address such as https://example.org/page.",
    "version.malformed": "“{text}” is not a version such as 22.9.1.",
    "line.malformed": "“{text}” is not a release line such as 22.x.",
    "line.version-malformed": "Line {line}: “{text}” is not a version such as 22.9.1.",
    "line.introduced-outside": "Line {line}: the problem can't be introduced in {version}, which is not of this line.",
    "line.last-affected-outside": "Line {line}: {version} is not a version of this line.",
    "line.fixed-outside": "Line {line}: {version} is not a version of this line, so it can't fix it.",
    "line.introduced-after-fixed": "Line {line}: introduced in {introduced}, after the fix in {fixed}. Are they swapped?",
    "line.nothing-affected": "Line {line}: introduced and fixed in {fixed}, so no version is affected.",
    "line.introduced-after-last-affected": "Line {line}: introduced in {introduced}, after the last affected {last_affected}.",
    "line.last-affected-not-before-fixed": "Line {line}: the last affected {last_affected} is not before the fix in {fixed}.",
    "line.overlapping": "Lines {line} and {other} both claim {example}.",
    "range.malformed": "“{text}” is not a version range ({part} at {at}).",
    "range.empty": "The range holds no version.",
    "range.bounds-swapped": "The bounds of the range are swapped.",
    "range.swapped": "The affected and the fixed versions look swapped.",
    "range.patched-vulnerable": "{example} is called fixed and affected at once.",
}

JSON: dict[str, str] = {
    "json.too-large": "{file} has {size} bytes; {limit} are read at most.",
    "json.not-utf8": "{file} is not UTF-8 text (at {at}).",
    "json.empty": "{file} is empty; JSON was expected.",
    "json.nul": "{file} holds a NUL character at {at}.",
    "json.too-deep": "{file} is nested more than {limit} levels deep (at {at}).",
    "json.duplicate-key": "{file} names “{key}” twice in one object (at {at}).",
    "json.not-finite": "{file} holds a number that is none at {at}.",
    "json.number-too-long": "{file} holds a number of thousands of digits at {at}.",
    "json.lone-surrogate": "{file} holds half a character at {at}.",
    "json.malformed": "{file} is not whole JSON: it breaks at {at} (line:column).",
}

FILES: dict[str, str] = {
    "file.unreadable": "{file} can't be read.",
    "file.missing": "{file} is not there.",
    "file.too-large": "{file} is too large; {limit} bytes are read at most.",
    "file.not-utf8": "{file} is not UTF-8 text.",
    "file.not-regular": "{file} is not an ordinary file.",
    "file.exists": "{file} exists already; nothing was overwritten.",
    "passphrase.empty": "No passphrase was given.",
    "passphrase.differs": "The two passphrases differ.",
    "passphrase.not-text": "The passphrase is not UTF-8 text.",
    "passphrase.too-long": "The passphrase is longer than {limit} bytes.",
}

MAIL: dict[str, str] = {
    "mail.boundary-missing": "The boundary that {field} announces is not there: the mail is damaged or cut short.",
    "mail.cut-short": "{field} does not end: the mail is cut short.",
    "mail.no-boundary": "{field} says it has parts but names no boundary.",
    "mail.no-body": "The mail has no body and no attachment.",
    "mail.no-headers": "This is no mail: it has neither sender, date nor subject.",
    "mail.mailbox": "This is a mailbox of several mails; import one mail at a time.",
    "mail.too-large": "The mail has {size} bytes; {limit} are read at most.",
    "mail.too-deep": "{field} is nested deeper than {limit} levels.",
    "mail.too-many-parts": "The mail has more than {limit} parts.",
    "mail.too-many-addresses": "{field} names more than {limit} addresses.",
    "mail.header-too-long": "{field} is longer than {limit} bytes.",
    "mail.headers-too-long": "The headers are longer than {limit} bytes ({field}).",
}

STORE: dict[str, str] = {
    "store.wrong-passphrase": "The passphrase does not open this store. The store itself is whole.",
    "store.not-a-store": "{path} is not a store of Holdfast.",
    "store.exists": "{path} exists already; nothing was overwritten.",
    "store.slots-damaged": "The key slots of the store are damaged, and so is their copy. Put back keyslots.json from a backup.",
    "store.database-missing": "The store has no cases.db. Put it back from a backup; nothing was changed.",
    "store.database-empty": "The cases.db of the store is empty. Put it back from a backup; nothing was changed.",
    "store.database-truncated": "The cases.db of the store is cut short. Put it back from a backup; nothing was changed.",
    "store.not-encrypted": "The cases.db of the store is not encrypted, so it was not made by Holdfast. It was not opened.",
    "store.damaged": "The store is damaged ({part}). Nothing was changed; put it back from a backup.",
    "store.newer": "The store is of format {version}; this program knows {known}. Use a newer program; nothing was changed.",
    "store.newer-event": "The store holds events of a newer program ({kind}). Use that one; nothing was changed.",
    "store.held": "The store is open in another process ({pid} on {host}, since {since}). Close it there first.",
    "store.no-locks": "This disk can't lock files ({error}), so the store could be opened twice. Move it to a local disk.",
    "store.unsafe": "The database library does not keep the setting {setting}, so the store was not opened.",
    "store.busy": "The store is busy in another process. Nothing changed; try again.",
    "store.bad-event": "An event of kind {kind} can't be read. Verify the store.",
    "store.bad-stream": "An event was about nothing known. Nothing was kept.",
    "store.bad-id": "An identifier was not of its form. Nothing was kept.",
    "store.naive-time": "A time without zone reached the store. Nothing was kept.",
    "store.bad-key": "The key of the database was not of its form. Nothing was opened.",
    "store.sql": "The store refused a statement of the program ({error} {kind} {reason}). Nothing was kept.",
    "disk.full": "The disk is full. Nothing of this step was kept, everything before it was. Make room and try again.",
    "disk.readonly": "The folder can't be written to. Nothing of this step was kept.",
    "disk.io": "The disk reported an error. Nothing of this step was kept, everything before it was.",
    "blob.damaged": "A stored file differs from its digest, so it was not given out. Verify the store.",
    "blob.missing": "A stored file is not in the store. Verify the store.",
    "blob.too-large": "The file has {size} bytes; {limit} are kept at most.",
    "unlock.no-store": "Choose a store first.",
    "unlock.no-passphrase": "Type the passphrase first.",
    "defect.unforeseen": "Something went wrong that must not happen. Nothing of this step was kept.",
}

IMPORT: dict[str, str] = {
    "import.format-unknown": "There is no format “{value}”. Known are {formats}.",
    "import.first-command": "The importer did not begin with the report ({verb}). Nothing of it was kept.",
    "import.unrecognised": "The format of this file was not recognised. Known are {formats}.",
    "import.differs": "{ref} holds this record with other content. Nothing was changed.",
}

INPUTS: dict[str, str] = {**USAGE, **IDENTIFIERS, **JSON, **FILES, **MAIL, **STORE, **IMPORT}
