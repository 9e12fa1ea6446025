"""From an executed notebook to one self-contained page: outputs only, numbered, checked, the same bytes each time."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import nbformat
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode

from analysis.errors import RunError, raise_all
from analysis.present.labels import word
from analysis.present.markup import Fragment, el, esc, txt
from analysis.present.page import CONTENTS_PLACE
from analysis.release.wording import wording

TEMPLATE = Path(__file__).with_name("template")
NUMBER = re.compile(r'<span class="no" data-no="(figure|table) ([^"]+)">[^<]*</span>')
HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.S)
OUTSIDE = re.compile(r"https?:|^//")
WARNING = re.compile(r"\b\w*Warning\b|Traceback \(most recent call last\)")


def page_from_notebook(
    executed: Path, target: Path, title: str, manifest_hash: str, has_views: bool = True
) -> Path:
    """Write the page of an executed notebook and return its path.

    Raises RunError, before anything is written, if an output is an error, a warning or on stderr, if there is not
    exactly one h1, an id stands twice, a link leads nowhere, or an address lies outside the file.
    """
    notebook = nbformat.read(str(executed), as_version=4)
    check_outputs(notebook, executed.name)
    return write_page(notebook, target, title, word("mark") + manifest_hash, has_views)


def page_from_fragments(
    fragments: tuple[Fragment, ...], target: Path, title: str, mark: str = ""
) -> Path:
    """Write a page that no notebook made (the list of reports) through the same template and checks."""
    outputs = [
        nbformat.v4.new_output("display_data", data={"text/html": f.html}) for f in fragments
    ]
    cell = nbformat.v4.new_code_cell(outputs=outputs)
    return write_page(nbformat.v4.new_notebook(cells=[cell]), target, title, mark, False)


def write_page(
    notebook: NotebookNode, target: Path, title: str, mark: str, has_views: bool
) -> Path:
    """Render, number, check, write."""
    page = finish(render(notebook, title, mark, has_views))
    check_page(page, target.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8", newline="\n")
    return target


def check_outputs(notebook: NotebookNode, name: str) -> None:
    """All outputs that no reader may see, at once: errors, stderr, warning texts."""
    found = [
        RunError("page_output", notebook=name, cell=number, text=told)
        for number, cell in enumerate(notebook.cells, start=1)
        for output in cell.get("outputs", [])
        if (told := trouble_of(output))
    ]
    raise_all(found)


def trouble_of(output: NotebookNode) -> str:
    """What is wrong with one output, shortened; empty if nothing is."""
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"[:300]
    if output.output_type == "stream" and output.name == "stderr":
        return str(output.text)[:300]
    text = output.get("text", "") or output.get("data", {}).get("text/html", "")
    found = WARNING.search(text)
    return found.group() if found else ""


def render(notebook: NotebookNode, title: str, mark: str, has_views: bool) -> str:
    """The notebook's outputs in our template."""
    exporter = TemplateExporter(
        template_name=TEMPLATE.name,
        extra_template_basedirs=[str(TEMPLATE.parent)],
        template_file="index.html.j2",
    )
    page = {
        "title": title,
        "mark": mark,
        "style": (TEMPLATE / "style.css").read_text(encoding="utf-8"),
        "words": wording()["page"],
        "has_views": has_views,
    }
    return str(exporter.from_notebook_node(notebook, resources={"page": page})[0])


def finish(page: str) -> str:
    """Figures and tables numbered in their order, the list of links filled, trailing spaces gone."""
    numbers = number_names(NUMBER.findall(page))
    numbered = NUMBER.sub(lambda m: number_of(m.group(1), numbers[m.groups()]), page)
    filled = numbered.replace(CONTENTS_PLACE, contents(numbered), 1)
    return "\n".join(line.rstrip() for line in filled.splitlines()) + "\n"


def number_names(found: list[tuple[str, str]]) -> dict[tuple[str | object, ...], int]:
    """Numbers of figures and of tables, each kind counted in the order of its first mention."""
    counts = {"figure": itertools.count(1), "table": itertools.count(1)}
    return {pair: next(counts[pair[0]]) for pair in dict.fromkeys(found)}


def number_of(kind: str, number: int) -> str:
    """The number of a figure or table: one word for the reading view, another for the document view."""
    views = (("reading", word(kind)), ("document", word(f"annex_{kind}")))
    return el("span", "".join(txt("span", f"{w}{number}", cls=v) for v, w in views), cls="no")


def contents(page: str) -> str:
    """Links to all headings after the place of the list."""
    after = page.partition(CONTENTS_PLACE)[2]
    items = "".join(
        el("li", el("a", text, href=f"#{name.removeprefix('h-')}"))
        for name, text in HEADING.findall(after)
    )
    return el("nav", el("ul", items), cls="contents", aria_label=word("contents"))


@dataclass
class PageReader(HTMLParser):
    """Collects what the checks ask: ids, links, other addresses, headings, scripts."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    h1: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one element."""
        values = {k: v or "" for k, v in attrs}
        self.h1 += tag == "h1"
        self.ids += [values["id"]] if "id" in values else []
        for name in ("href", "src", "xlink:href", "xmlns", "action", "poster", "srcset"):
            if values.get(name, "").startswith("#"):
                self.links.append(values[name][1:])
            elif name in values:
                self.addresses.append(values[name])
        if tag == "script":
            self.addresses.append("script:")


def read_page(page: str) -> PageReader:
    """The page read once."""
    reader = PageReader()
    reader.feed(page)
    reader.close()
    return reader


def check_page(page: str, name: str) -> None:
    """All faults of a page at once."""
    found = read_page(page)
    twice = sorted({i for i in found.ids if found.ids.count(i) > 1})
    lost = sorted(set(found.links) - set(found.ids))
    outside = sorted({a for a in found.addresses if OUTSIDE.search(a) or a == "script:"})
    faults = {
        "h1": [str(found.h1)] if found.h1 != 1 else [],
        "id": twice,
        "#": lost,
        "://": outside,
    }
    raise_all(
        RunError("page_fault", page=name, kind=kind, found=esc(", ".join(texts[:10])))
        for kind, texts in faults.items()
        if texts
    )
