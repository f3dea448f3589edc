"""Foreign Markdown, printed anew: what it says stays, what it could do to the page around it goes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.markdown import BODY_LIMIT, code, escape, link, parse, safe_inline, safe_markdown

_PIECES = (
    "a|word|snake_case|__x__|*|**|_|`|``|```|~~~|~~|<|>|<b>|</b>|<script>|{|}|[|]|[a](b)|![i](http://e.example/i.png)"
    "|http://e.example/a_b|<https://e.example/>|www.e.example|\\|\\\\|&lt;|&amp;|#|##|---|===|- |* |1. |> |\n|\n\n|    "
    "|import x from 'y'|export const a = 1|<!--|-->|$|!|.|é|漢|\u202e|\x00|[x](javascript:alert(1))|="
)
PIECES = st.sampled_from(_PIECES.split("|"))
SOUP = st.lists(PIECES, max_size=30).map("".join)


def texts(markdown: str) -> str:
    """What a reader of the Markdown sees, without spaces."""
    return re.sub(r"\s+", "", "".join(node.content for node in parse(markdown).walk() if not node.children))


@given(SOUP)
def test_what_was_made_safe_once_stays_as_it_is(text: str) -> None:
    once = safe_markdown(text)
    assert safe_markdown(once) == once


_ESCAPE_CODE_OR_TICKS = re.compile(r"\\[!-/:-@\[-`{-~]|(`+)(?!`).+?(?<!`)\1(?!`)|`+", re.DOTALL)


def bare_marks(markdown: str) -> str:
    """Braces and angle brackets that a compiler of MDX would take for code: outside code and not escaped."""
    inlines = (node.content for node in parse(markdown).walk() if node.type == "inline")
    return "".join(mark for text in inlines for mark in re.findall("[<{}]", _ESCAPE_CODE_OR_TICKS.sub("", text)))


@given(SOUP)
def test_outside_code_no_brace_and_no_angle_bracket_is_bare(text: str) -> None:
    assert bare_marks(safe_markdown(text)) == ""
    assert bare_marks(f"## {safe_inline(text)}") == ""


@given(SOUP)
def test_a_title_is_one_line_whatever_it_holds(text: str) -> None:
    assert "\n" not in safe_inline(text)
    assert not safe_inline(text).startswith((" ", "\t"))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), max_size=60))
def test_escaped_text_shows_exactly_itself(text: str) -> None:
    single = " ".join(text.split())
    shown = safe_markdown("x" + escape(single) + "x")
    assert texts(shown) == re.sub(r"\s+", "", safe_markdown_text(single))


def safe_markdown_text(single: str) -> str:
    """The text as it is shown: hidden characters spelt out, between two letters."""
    return texts("x" + escape(single) + "x")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("<script>alert(1)</script>", "\\<script>alert(1)\\</script>"),
        ("Pass `{ shell: true }` or {shell}", "Pass `{ shell: true }` or \\{shell\\}"),
        ("import x from 'y'", "&#105;mport x from 'y'"),
        ("export const a = 1", "&#101;xport const a = 1"),
        ("Imports are fine, important ones too", "Imports are fine, important ones too"),
        ("# Title\n\ntext", "### Title\n\ntext"),
        ("Title\n===\n\ntext\n---", "### Title\n\n### text"),
        ("one\n\n---\n\ntwo", "one\n\ntwo"),
        ("* a\n* b", "- a\n- b"),
        ("1) a\n2) b", "1. a\n2. b"),
        ("__bold__ and *thin*", "**bold** and _thin_"),
        ("![alt](http://e.example/x.png)", "[alt](http://e.example/x.png)"),
        ("[text](javascript:alert(1))", "[text](javascript:alert(1))".replace("[", "\\[").replace("]", "\\]")),
        ("[text](//elsewhere.example)", "text"),
        ("<https://e.example/a>.", "[https://e.example/a](https://e.example/a)."),
        ("see <https://e.example/a>", "see https://e.example/a"),
        ("call snake_case and _lead", "call snake_case and \\_lead"),
        ("    four spaces", "```\nfour spaces\n```"),
        ("```js\nconst a = 1\n```", "```\nconst a = 1\n```"),
        ("```sh\nrm -r x\n```", "```sh\nrm -r x\n```"),
        ("a\u202eb", "a\\<U+202E>b"),
    ],
)
def test_each_trick_is_made_harmless(text: str, safe: str) -> None:
    assert safe_markdown(text) == safe


def test_a_fence_in_a_fence_does_not_end_it() -> None:
    assert safe_markdown("````\n```\n{inside}\n````") == "````\n```\n{inside}\n````"


def test_a_table_keeps_its_columns() -> None:
    assert safe_markdown("|a|bb|\n|-|-|\n|1|<2>|") == "| a   | bb   |\n| --- | ---- |\n| 1   | \\<2> |"


def test_headings_sink_below_the_page_they_are_put_into() -> None:
    assert safe_markdown("# a\n\n##### b", top=4) == "#### a\n\n##### b"


def test_a_title_keeps_its_code_and_nothing_else() -> None:
    title = "Corrupted pointer in `read(const T<Value>& args)` when *args* is {x} <b>"
    assert safe_inline(title) == "Corrupted pointer in `read(const T<Value>& args)` when \\*args\\* is \\{x\\} \\<b>"


def test_a_link_leads_only_to_pages() -> None:
    assert link("Ada", "https://ada.example/a(b)") == "[Ada](https://ada.example/a%28b%29)"
    assert link("Ada [x]", "javascript:alert(1)") == "Ada \\[x\\]"
    assert link("v1", "/blog/v1/") == "[v1](/blog/v1/)"


def test_code_of_any_text_is_one_span() -> None:
    assert code("a `b` c") == "``a `b` c``"
    assert code("```") == "` ``` `"


def test_a_text_without_end_is_cut() -> None:
    assert len(safe_markdown("word " * BODY_LIMIT)) <= BODY_LIMIT


@pytest.mark.parametrize("piece", ["[", "![", "`a", "*a ", "_a_", "<a ", "> ", "- ", "**a", "&amp", "[](", "|a"])
def test_a_flood_of_one_mark_is_survived(piece: str) -> None:
    flood = piece * 2_000
    assert isinstance(safe_markdown(flood), str)
