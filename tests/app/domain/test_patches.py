"""Patches are read as git writes them, compared by what they change, and searched for words that give them away."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Rejected
from app.domain.patches import BYTE_LIMIT, Commit, Patch, leaks_of, read_patch

DIFF = """\
diff --git a/lib/parser.c b/lib/parser.c
index 1111111..2222222 100644
--- a/lib/parser.c
+++ b/lib/parser.c
@@ -10,6 +10,7 @@ int parse(void)
 int a;
 int b;
 int c;
+if (size > LIMIT) return -1;
 int d;
 int e;
 int f;
"""
MAIL = f"""\
From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001
From: Noor Example <noor@example.org>
Date: Mon, 2 Mar 2026 09:00:00 +0000
Subject: [PATCH 1/2] parser: check the size
 of a frame

The size was never looked at.
---
 lib/parser.c | 1 +
 1 file changed, 1 insertion(+)

{DIFF}--\x20
2.39.2

"""


def test_a_mail_of_format_patch_tells_who_what_and_which_files() -> None:
    patch = read_patch(MAIL.encode())
    assert patch.kind == "mailbox"
    (commit,) = patch.commits
    assert commit.subject == "parser: check the size of a frame"
    assert (commit.author, commit.email) == ("Noor Example", "noor@example.org")
    assert commit.message.endswith("The size was never looked at.")
    assert (commit.files, commit.added, commit.removed) == (("lib/parser.c",), 1, 0)


def test_the_same_changes_have_the_same_id_wherever_they_stand() -> None:
    moved = DIFF.replace("@@ -10,6 +10,7 @@", "@@ -99,6 +99,7 @@").replace("1111111..2222222", "3333333..4444444")
    spaced = DIFF.replace("size > LIMIT", "size  >  LIMIT")
    assert read_patch(DIFF.encode()).patch_ids == read_patch(moved.encode()).patch_ids
    assert read_patch(DIFF.encode()).patch_ids == read_patch(spaced.encode()).patch_ids
    assert read_patch(DIFF.encode()).patch_ids == read_patch(MAIL.encode()).patch_ids
    other = DIFF.replace("LIMIT", "MAXIMUM")
    assert read_patch(DIFF.encode()).patch_ids != read_patch(other.encode()).patch_ids


def test_lines_that_look_like_headers_inside_a_hunk_are_changes() -> None:
    tricky = DIFF.replace("+if (size > LIMIT) return -1;", "++++ b/elsewhere.c")
    assert read_patch(tricky.encode()).files == ("lib/parser.c",)


def test_several_mails_in_one_file_are_several_commits() -> None:
    patch = read_patch((MAIL + MAIL.replace("check the size", "check the depth")).encode())
    assert [commit.subject for commit in patch.commits] == [
        "parser: check the size of a frame",
        "parser: check the depth of a frame",
    ]
    assert patch.files == ("lib/parser.c",)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "patch.empty"),
        (b" \n\n", "patch.empty"),
        (b"x" * (BYTE_LIMIT + 1), "patch.too-large"),
        (b"\x7fELF\0\0\0", "patch.binary"),
        (b"Dear team, here is how to mend it.\n", "patch.no-changes"),
        (MAIL.split("diff --git", maxsplit=1)[0].encode(), "patch.no-changes"),
        (MAIL.encode() * 501, "patch.too-many"),
    ],
)
def test_what_is_no_patch_is_refused_by_what_is_wrong_with_it(data: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        read_patch(data)
    assert refused.value.code == code


@given(st.binary(max_size=600))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    try:
        told: str = read_patch(data).kind
    except Rejected as refused:
        told = refused.code
    assert told


@given(st.text(alphabet="+-@ \\ab\n12,/-", max_size=300))
def test_no_diff_breaks_the_reading(text: str) -> None:
    try:
        files = read_patch(DIFF.encode() + text.encode()).files
    except Rejected:
        files = ()
    assert "" not in files


def test_words_that_give_a_patch_away_are_found_where_they_stand() -> None:
    commit = Commit(
        subject="s", message="parser: fix CVE-2099-10001\n\nAlice found it.", files=("test/overflow-test.js",)
    )
    patch = Patch(kind="mailbox", commits=(commit,), references=("fix-smuggling",))
    found = {(leak.where, leak.word) for leak in leaks_of(patch, ["CVE-2099-10001", "smuggling"], "h1-4711")}
    assert ("message", "CVE-2099-10001") in found
    assert ("branch", "smuggling") in found
    assert ("file", "overflow") in found
    assert leaks_of(read_patch(MAIL.encode()), ["CVE-2099-10001", "smuggling"]) == ()


# ---------------------------------------------------------------------------------------------- git's own


def git(folder: Path, *words: str) -> bytes:
    """Runs git in a repository that no setting of the machine reaches."""
    found = shutil.which("git")
    if found is None:
        pytest.skip("git is not on this machine")
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Noor"), ("EMAIL", "n@example.org"))
    }
    return subprocess.run([found, *words], cwd=folder, env=quiet | who, capture_output=True, check=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two lines that get the same fix at different places."""
    git(tmp_path, "init", "-q", "-b", "main")
    file = tmp_path / "parser.c"
    file.write_text("".join(f"line {n};\n" for n in range(40)), "utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "begin")
    git(tmp_path, "branch", "old")
    file.write_text("first;\n" * 9 + file.read_text("utf-8"), "utf-8")
    git(tmp_path, "commit", "-qam", "more")
    for branch in ("main", "old"):
        git(tmp_path, "checkout", "-q", branch)
        file.write_text(file.read_text("utf-8").replace("line 20;", "line 20 checked;\nreturn;"), "utf-8")
        git(tmp_path, "commit", "-qam", f"parser: check the frame ({branch})")
    return tmp_path


def test_format_patch_of_two_lines_has_one_id_as_git_says(repository: Path) -> None:
    patches = [git(repository, "format-patch", "-1", "--stdout", branch) for branch in ("main", "old")]
    ours = {read_patch(data).patch_ids for data in patches}
    assert len(ours) == 1
    named = set()
    for number, data in enumerate(patches):
        (repository / f"{number}.patch").write_bytes(data)
        run = subprocess.run(
            [str(shutil.which("git")), "patch-id", "--stable"], input=data, capture_output=True, check=True
        )
        named.add(run.stdout.split()[0])
    assert len(named) == 1


def test_a_bundle_shows_its_branches(repository: Path) -> None:
    git(repository, "bundle", "create", "-q", "fix.bundle", "main", "old")
    patch = read_patch((repository / "fix.bundle").read_bytes())
    assert (patch.kind, patch.references) == ("bundle", ("main", "old"))
