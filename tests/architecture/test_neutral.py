"""No file names the machine it was made on, nor a registry that packages come from."""

from __future__ import annotations

import re

from tests.architecture.sources import committed, name_of, text_of

# Put together from parts, so that this file does not hold what it looks for.
PLACES = ["/" + folder + "/" for folder in ("work", "root")]
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
    )
]
# A path begins where no word or path goes on: "frame/work/" is none.
NAMED = re.compile("|".join([*(rf"(?<![\w./-]){re.escape(place)}" for place in PLACES), *map(re.escape, HOSTS)]))


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = {
        f"{name_of(path)}:{number}"
        for path in committed()
        for number, line in enumerate((text_of(path) or "").splitlines(), 1)
        if NAMED.search(line)
    }
    assert found == set()


def test_the_search_itself_would_find_one() -> None:
    assert all(NAMED.search(f"see {name}thing") for name in (*PLACES, *HOSTS))
