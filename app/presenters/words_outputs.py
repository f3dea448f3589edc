"""What is said of what goes out, and of a store that can't go on."""

from __future__ import annotations

EXPORT: dict[str, str] = {
    "export.incomplete": "{count} facts are missing, first {missing}. Fill them in, or give a reason to export all the same.",
    "export.target": "Name one case, one release, or everything.",
    "export.scope": "“{format}” can't be made for a {scope}; it can for {possible}.",
    "export.unknown-format": "There is no format “{value}”. Known are {known}.",
    "export.nothing-public": "No case of this store is public yet, so there is nothing to export.",
    "export.name": "The name of an exported file was not safe ({name}). Nothing was written.",
    "project.missing": "The store does not say which project it is for. Describe the project first.",
    "project.key": "The project profile {file} does not carry its own name.",
    "policy.twice": "The policy {name} comes in version {version} twice.",
    "case.not-a-vulnerability": "{ref} was rejected or is a duplicate, so there is nothing to announce.",
    "checkpoint.malformed": "This is no checkpoint of Holdfast.",
    "checkpoint.mistyped": "This line of a checkpoint has a wrong or missing character. Compare it with the paper.",
    "query.cursor": "The place in the list is not known any more. Show it from the start.",
    "memory.full": "The memory is full. Nothing of this step was kept, everything before it was.",
}

STORE: dict[str, str] = {
    "store.kdf-too-weak": "The passphrase would be guarded too weakly; nothing changed.",
    "store.slots-old": "An older key slot file was put back (revision {revision}, known is {known}). It was not opened.",
    "clock.went-back": "The clock of this machine went back: the last event was recorded at {last}, now it says {now}. Work goes on and the order of events holds; set the clock right, for due times and embargoes go by it.",
    "store.rolled-back": "This store is older than it was here: it has {events} events, this machine saw {seen}. Somebody may have put an older copy in its place. Nothing was opened or changed; if you put it back yourself, say so and go on.",
    "store.forked": "This store went another way than it did here: from event {seen} on it is not what this machine saw. Somebody may have put another copy in its place. Nothing was opened or changed; if you put it there yourself, say so and go on.",
    "store.log-damaged": "The history of the store was changed behind its back (event {seq}: {finding}). It was not opened.",
    "store.wrong-stream": "An event of kind {kind} was about the wrong thing. Nothing was kept.",
    "store.too-many-texts": "The store has no room for more texts. Nothing of this step was kept.",
    "store.nothing-to-append": "A command made no event. Nothing changed.",
    "store.transaction-over": "A step came after its transaction had ended. Nothing was kept.",
    "store.transaction-open": "A step began inside another. Nothing was kept.",
    "store.only-to-look": "This store was opened to be inspected only; nothing can be changed.",
    "store.interrupted": "The work was stopped. Everything before it was kept.",
}

OUTPUTS: dict[str, str] = {**EXPORT, **STORE}
