"""Markdown as a document: what is drawn, what stays text, and that nothing is ever loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFont, QImage, QTextDocument, QTextFormat
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from typing_extensions import override

from ui.kit.markdown import safe_address, write_markdown
from ui.kit.preview import MarkdownPreview
from ui.kit.theme import apply_theme, theme

TEXT = """# Title

Some **strong**, *slanted*, ~~gone~~ and `code`
on two lines.

## Second

- one
- two
  - inner

3. three
4. four

> quoted

```
let a = 1;
  b();
```

| Line | Fixed |
|---|---|
| 24.x | 24.8.2 |

After.
"""

HOSTILE = """<img src="file:///etc/hostname"><script>alert(1)</script>

text after <b>raw</b> HTML

![picture](http://example.org/pixel.png) [click](javascript:alert(1)) [file](file:///etc/passwd)
[share](//example.org/x) [good](https://example.org/advisory)
"""


class Watched(QTextDocument):
    """A document that remembers what it was asked to load."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    @override
    def loadResource(self, type: int, name: QUrl | str) -> object:
        self.asked.append(QUrl(name).toString())
        return QImage()


@pytest.fixture
def document(qapp: QApplication) -> Watched:
    apply_theme(qapp, "light")
    return Watched()


def font_of(document: QTextDocument, words: str) -> QFont:
    return document.find(words).charFormat().font()


def test_the_text_is_all_there_in_order(document: Watched) -> None:
    write_markdown(document, TEXT, theme())
    words = document.toPlainText().replace("\u2028", "\n").split()
    expected = (
        "Title Some strong, slanted, gone and code on two lines. Second one two inner three four quoted "
        "let a = 1; b(); Line Fixed 24.x 24.8.2 After."
    )
    assert words == expected.split()


def test_runs_have_the_fonts_of_the_look(document: Watched) -> None:
    write_markdown(document, TEXT, theme())
    assert font_of(document, "Title").pixelSize() == 20
    assert font_of(document, "Second").pixelSize() == 15
    assert font_of(document, "Some").pixelSize() == 13
    assert font_of(document, "strong").weight() == QFont.Weight.DemiBold
    assert font_of(document, "slanted").italic()
    assert font_of(document, "gone").strikeOut()
    assert font_of(document, "code").families() == ["JetBrains Mono"]
    assert font_of(document, "let a").families() == ["JetBrains Mono"]
    assert not font_of(document, "Some").italic()


def test_headings_do_not_grow_twice(document: Watched) -> None:
    write_markdown(document, TEXT, theme())
    block = document.firstBlock()
    assert block.blockFormat().headingLevel() == 1
    assert not block.charFormat().hasProperty(QTextFormat.Property.FontSizeAdjustment)


def test_lists_are_lists_and_numbers_begin_where_they_were_told_to(document: Watched) -> None:
    write_markdown(document, TEXT, theme())
    inner = document.find("inner").block().textList()
    three = document.find("three").block().textList()
    assert inner.format().indent() == 2
    assert three.count() == 2
    assert three.itemText(document.find("three").block()) == "3."


def test_raw_html_stays_text_and_takes_nothing_with_it(document: Watched) -> None:
    write_markdown(document, HOSTILE, theme())
    text = document.toPlainText()
    assert '<img src="file:///etc/hostname">' in text
    assert "text after <b>raw</b> HTML" in text
    assert "picture" in text


def test_nothing_is_asked_for_while_writing_and_drawing(document: Watched) -> None:
    write_markdown(document, HOSTILE + TEXT, theme())
    document.setTextWidth(300)
    assert document.size().height() > 0
    assert document.asked == []
    assert "\ufffc" not in document.toPlainText()


def test_only_an_address_that_may_be_shown_becomes_a_link(document: Watched) -> None:
    write_markdown(document, HOSTILE, theme())
    assert document.find("good").charFormat().anchorHref() == "https://example.org/advisory"
    for words in ("file](", "share"):
        assert document.find(words).charFormat().anchorHref() == ""


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//example.org",
        "relative",
        "data:text/html,x",
        "http://",
        "https://[",
        "",
    ],
)
def test_an_address_that_is_no_web_or_mail_address_is_dropped(address: str) -> None:
    assert safe_address(address) == ""


def test_web_and_mail_addresses_are_kept() -> None:
    for address in ("https://example.org/a?b=c", "http://example.org", "mailto:ada@example.org"):
        assert safe_address(address) == address


@pytest.mark.parametrize("text", ["", "|", "> > > >", "- ", "```", "|a|\n|-|", "[a]: x\n\n[a]", "\\", "* * *\n***"])
def test_odd_texts_are_written_without_failing(document: Watched, text: str) -> None:
    write_markdown(document, text * 3, theme())
    assert document.blockCount() >= 1


def test_deep_nesting_ends(document: Watched) -> None:
    write_markdown(document, ">" * 2000 + " x\n\n" + "- " * 500 + "y", theme())
    assert "x" in document.toPlainText()


def test_the_preview_loads_nothing_even_when_asked_directly(qtbot: QtBot, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret", encoding="utf-8")
    view = MarkdownPreview()
    qtbot.addWidget(view)
    given = view.loadResource(2, QUrl.fromLocalFile(str(secret)))
    assert isinstance(given, QImage)
    assert given.width() == 1
    view.setSource(QUrl.fromLocalFile(str(secret)))
    assert "the secret" not in view.toPlainText()


def test_a_link_is_told_and_not_followed(qtbot: QtBot) -> None:
    view = MarkdownPreview()
    qtbot.addWidget(view)
    view.show_markdown("[good](https://example.org/advisory)")
    with qtbot.waitSignal(view.linkChosen) as told:
        view.anchorClicked.emit(QUrl("https://example.org/advisory"))
    assert told.args == ["https://example.org/advisory"]
    assert view.toPlainText() == "good"


def test_the_preview_follows_typing_after_a_pause_and_shows_hidden_characters(qtbot: QtBot) -> None:
    view = MarkdownPreview()
    qtbot.addWidget(view)
    view.follow("one")
    view.follow("two \u202e three")
    assert view.toPlainText() == ""
    qtbot.waitUntil(lambda: "two" in view.toPlainText())
    assert view.toPlainText() == "two <U+202E> three"


def test_the_preview_recolours_with_the_theme(qapp: QApplication, qtbot: QtBot) -> None:
    hub = apply_theme(qapp, "light")
    view = MarkdownPreview()
    qtbot.addWidget(view)
    view.show_markdown("words")
    light = view.document().find("words").charFormat().foreground().color().name()
    hub.set_look("dark", 1.0)
    dark = view.document().find("words").charFormat().foreground().color().name()
    hub.set_look("light", 1.0)
    assert (light, dark) == ("#161b21", "#e9ecef")
