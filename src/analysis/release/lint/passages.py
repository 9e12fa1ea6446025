"""The text of a draft as passages: lines of a text, paragraphs and cells of a Word file or a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from analysis.errors import ParameterError
from analysis.release.draft import Draft, decode, open_word, own_texts

BLOCKS = frozenset(
    (
        "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dt", "dd", "div", "section", "header", "footer",
        "main", "nav", "caption", "figcaption", "summary", "details", "table", "tr", "thead", "tbody", "tfoot", "ul",
        "ol", "dl", "figure", "br", "hr", "title", "body", "label", "option", "button", "aside", "article",
    )
)  # fmt: skip
CELLS = frozenset({"td", "th"})
UNREAD = frozenset({"script", "style", "template", "svg"})
HIDDEN = frozenset({"vh"})  # words for screen readers, inside a sentence
VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "col", "source"})


@dataclass(frozen=True)
class Passage:
    """One stretch of text: its number (line or paragraph, from 1), and whether it is a cell of a table."""

    number: int
    text: str
    is_cell: bool = False


def read_passages(draft: Draft) -> tuple[Passage, ...]:
    """The passages of a draft that have any text.

    Raises ParameterError if there are none, and as ``decode`` and ``open_word`` do.
    """
    found = numbered(texts_of(draft))
    if not found:
        raise ParameterError("draft_empty", file=draft.name)
    return found


def texts_of(draft: Draft) -> Iterator[tuple[str, bool]]:
    """Each line, paragraph or block of a draft, and whether it is a cell."""
    if draft.suffix == ".docx":
        return word_texts(open_word(draft))
    text, _ = decode(draft)
    if draft.suffix in (".html", ".htm"):
        page = Page()
        page.feed(text)
        page.close()
        page.end_block()
        return iter(page.found)
    return ((line, False) for line in text.splitlines())


def numbered(texts: Iterator[tuple[str, bool]]) -> tuple[Passage, ...]:
    """Passages numbered from 1, blank ones left out but counted."""
    pairs = enumerate(texts, 1)
    return tuple(Passage(n, text, is_cell) for n, (text, is_cell) in pairs if text.strip())


def word_texts(document: WordDocument) -> Iterator[tuple[str, bool]]:
    """Each paragraph of a Word file in reading order, those inside tables too; whether it is in a cell."""
    for paragraph in document.element.body.iter(qn("w:p")):
        text = "".join(t.text or "" for t in own_texts(paragraph))
        yield text, any(a.tag == qn("w:tc") for a in paragraph.iterancestors())


class Page(HTMLParser):
    """Collects the blocks of a page; what is not shown as text is left out."""

    def __init__(self) -> None:
        """An empty page."""
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, bool]] = []
        self.parts: list[str] = []
        self.open: list[tuple[str, bool]] = []  # each open element, and whether it is unread
        self.counts: Counter[str] = (
            Counter()
        )  # of the open ones by name: a page may leave thousands unclosed
        self.n_unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins: the text before it is a passage of its own."""
        if tag in BLOCKS:
            self.end_block()
        if tag in VOID:
            return
        classes = set((dict(attrs).get("class") or "").split())
        is_unread = tag in UNREAD or bool(classes & HIDDEN)
        self.open.append((tag, is_unread))
        self.counts[tag] += 1
        self.n_unread += is_unread

    def handle_endtag(self, tag: str) -> None:
        """A block ends; an element that was never closed ends with the one around it."""
        if tag in BLOCKS:
            self.end_block()
        while self.counts[tag]:
            name, is_unread = self.open.pop()
            self.counts[name] -= 1
            self.n_unread -= is_unread
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        """Text that is shown."""
        if not self.n_unread:
            self.parts.append(data)

    def end_block(self) -> None:
        """What was collected becomes a passage."""
        text = "".join(self.parts).strip()
        self.parts = []
        if text:
            self.found.append((" ".join(text.split()), any(self.counts[n] for n in CELLS)))
