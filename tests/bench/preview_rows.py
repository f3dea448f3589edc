"""The safe, styled preview of an advisory beside Qt's own Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QTextBrowser

from tests.bench.frame import CPU, Budget, Line, Result, worked
from tests.bench.screen_setting import dressed
from tests.bench.setting import Setting
from ui.kit.preview import MarkdownPreview

LINE: Final = Line(
    row="preview",
    unit=CPU,
    what="a 20 kB advisory: read, laid out, painted",
    yardstick="QTextBrowser.setMarkdown of the same text, laid out, painted",
    budget=Budget(times=2),
)
_SIZE: Final = (720, 900)
_PART: Final = """\
## Header folding lets a request hide another (CVE-2099-{number}) - (High)

A request whose header value is folded over two lines is read **differently** by the `Borealis` parser and by a proxy
in front of it. See [the record](https://example.org/{number}) for what is known.

* This affects all users of the lines `22.x` and `24.x` that take requests from a proxy.
* Lines before `20.x` are *not* affected.

1. Update to 22.9.{number}.
2. Refuse folded headers in front of the server.

```js
server.on('request', (request, response) => {{ response.end(request.headers['x-{number}']) }})
```

| Line | Status | Fixed in |
|---|---|---|
| 22.x | affected | 22.9.{number} |
| 24.x | affected | 24.3.{number} |

> Thank you, to Robin Reporter for finding this and to Juno Kestrel for fixing it.

"""


def advisory(size: int = 20_000) -> str:
    """An advisory of about this many bytes, with everything that advisories use."""
    parts: list[str] = []
    while sum(map(len, parts)) < size:
        parts.append(_PART.format(number=10_000 + len(parts)))
    return "".join(parts)[:size]


def measure(setting: Setting) -> Iterator[Result]:
    """Both shown at the same size; the text differs a little each time, as it does while somebody types."""
    application = dressed()
    own, bare = MarkdownPreview(), QTextBrowser()
    for browser in (own, bare):
        browser.resize(*_SIZE)
        browser.show()
    text, turns = advisory(), iter(range(1_000_000))

    def ours() -> None:
        own.show_markdown(f"{text}\n\n{next(turns)}")
        own.viewport().grab()

    def theirs() -> None:
        bare.document().setMarkdown(f"{text}\n\n{next(turns)}", QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        bare.viewport().grab()

    application.processEvents()
    yield LINE.measured(worked(ours), worked(theirs), rounds=setting.many, warm=3)
