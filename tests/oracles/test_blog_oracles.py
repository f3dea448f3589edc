"""Pages are judged by what the site runs on them: prettier, its front matter readers, and the MDX compiler."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.desk.ports.exchange import Exporter, Rendered
from app.domain.case.state import Advisory
from app.domain.values import Credit, Postponement
from app.exporters.blog_post import EXPORTER as POST
from app.exporters.blog_pre import EXPORTER as PRE
from tests.app.exporters.bundles import NOW, RECEIVED, a_bundle, a_case, a_release, alone, aster
from tests.oracles.test_real_posts import POSTS, ours

# The settings of the site's own repository that matter to Markdown and YAML; the defaults are tried as well.
FORMAT = """
import { readFileSync } from 'node:fs'
import prettier from 'prettier'
const pages = JSON.parse(readFileSync(process.argv.at(-1)))
const answers = []
for (const page of pages) for (const singleQuote of [true, false]) {
  const formatted = await prettier.format(page, { parser: 'markdown', singleQuote })
  answers.push(formatted === page ? '' : formatted)
}
process.stdout.write(JSON.stringify(answers))
"""

COMPILE = """
import { readFileSync } from 'node:fs'
import matter from 'gray-matter'
import { VFile } from 'vfile'
import { matter as strip } from 'vfile-matter'
import { compile } from '@mdx-js/mdx'
import remarkGfm from 'remark-gfm'
const answers = []
for (const page of JSON.parse(readFileSync(process.argv.at(-1)))) {
  const answer = { data: matter(page).data, faults: [] }
  for (const format of ['md', 'mdx']) try {
    const file = new VFile({ value: page })
    strip(file, { strip: true })
    answer[format] = file.data.matter
    const code = String(await compile(file, { format, remarkPlugins: [remarkGfm] }))
    const live = /_jsxs?\\("|_jsxs?\\(Foo|(?:href|src): "javascript:|^import .* from 'fs'|^export const/m
    if (live.test(code)) answer.faults.push('live code')
  } catch (fault) { answer.faults.push(`${format}: ${fault.message}`) }
  answers.push(answer)
}
process.stdout.write(JSON.stringify(answers))
"""

RunNode = Callable[..., str]
Judge = Callable[[str, list[str]], list[Any]]
_PIECES = (
    "a word _ __x__ * ** ` `` ``` ~~ < > <b> </b> <script> {x} { } [ ] [a](b) ![i](http://e.example/i.png) | # ##"
    " = http://e.example/a_b <https://e.example/> www.e.example \\ \\\\ &lt; & $ ! . é 漢 <!-- --> 1. - + 2)"
    " <Foo {...a}/> [x](javascript:alert(1)) <a/href=javascript:x> snake_case a@e.example"
)
PIECES = _PIECES.split(" ")
BREAKS = (
    "\n",
    "\n\n",
    "  \n",
    "\n---\n",
    "\n===\n",
    "\n    ",
    "\nimport fs from 'fs'\n",
    "\n# Summary\n",
    "\n> ",
    "\n- ",
)


def soup(number: int) -> str:
    """A text of awkward pieces; the same number gives the same text."""
    dice = random.Random(number)
    pieces = (dice.choice(PIECES) if dice.random() < 0.8 else dice.choice(BREAKS) for _ in range(dice.randint(1, 30)))
    return dice.choice((" ", "")).join(pieces)


def hostile_pages() -> list[str]:
    """Pages whose every free text is awkward."""
    return [page_of(soup(number), soup(number + 1000)) for number in range(120)]


def page_of(body: str, title: str) -> str:
    case = a_case(
        title=title,
        advisory=Advisory(revision=1, body=f"{body}\n\n## Impact\n\n{body}\n\n## Note\n\n{body}", at=RECEIVED),
        credits=(Credit(name=title, consent="granted", link=title),),
    )
    moved = Postponement(at=NOW, old=NOW, new=NOW + timedelta(days=1), reason=body, heading=title)
    bundle = a_bundle((case,), a_release(members=(), postponements=(moved,)))
    return POST.render(bundle)[0].data.decode()


@pytest.fixture
def judge(run_node: RunNode, tmp_path: Path) -> Judge:
    """What a script answers to pages; they come in a file, since node reads a long standard input badly."""

    def ask(script: str, pages: list[str]) -> list[Any]:
        file = tmp_path / "pages.json"
        file.write_text(json.dumps(pages))
        answers: list[Any] = json.loads(run_node(script, file))
        return answers

    return ask


def usual_pages() -> Iterator[str]:
    """Pages as people will really make them."""
    for exporter in (PRE, POST):
        yield from (file.data.decode() for file in rendered(exporter))


def rendered(exporter: Exporter) -> Iterator[Rendered]:
    for project in (aster(), aster(pre_announcement="highest"), aster(author="Ada & Noor", name="Aster.js")):
        yield from exporter.render(a_bundle(project=project))
        yield from exporter.render(alone(a_case(release=""), project=project))
        yield from exporter.render(a_bundle((), a_release(members=(), lines=()), project=project))


def test_prettier_finds_nothing_to_change(judge: Judge) -> None:
    pages = list(usual_pages())
    assert judge(FORMAT, pages) == [""] * 2 * len(pages)


def test_prettier_finds_almost_nothing_to_change_in_awkward_pages(judge: Judge) -> None:
    """Its own parser, older than the standard, reads some soups differently: one in twenty at most."""
    pages = hostile_pages()
    answers = judge(FORMAT, pages)
    assert sum(map(bool, answers)) <= len(answers) // 20


def test_the_site_reads_and_compiles_every_page(judge: Judge) -> None:
    pages = [*usual_pages(), *hostile_pages()]
    answers = judge(COMPILE, pages)
    assert [answer["faults"] for answer in answers] == [[]] * len(pages)
    for answer in answers:
        assert answer["data"] == answer["md"] == answer["mdx"]
        assert list(answer["data"]) == ["date", "category", "title", "slug", "layout", "author"]
        assert answer["data"]["title"].endswith("Security Releases")


@pytest.mark.parametrize(
    "text", ["a: b", "- a", "'", '"', "'a'", "#", "true", "1", "@a", "a #b", "[a]", "{a: 1}", "!x", "|", "\\"]
)
def test_a_name_of_any_kind_stays_a_name_in_the_front_matter(judge: Judge, text: str) -> None:
    page = PRE.render(a_bundle(project=aster(author=text, category=text)))[0].data.decode()
    (answer,) = judge(COMPILE, [page])
    assert (answer["data"]["author"], answer["md"]["author"], answer["data"]["category"]) == (text, text, text)


@pytest.mark.parametrize("name", POSTS)
def test_posts_of_real_releases_pass_prettier_and_compile(judge: Judge, shared_data: Path, name: str) -> None:
    page = ours(shared_data, name, POSTS[name])
    assert judge(FORMAT, [page]) == ["", ""]
    assert judge(COMPILE, [page])[0]["faults"] == []
