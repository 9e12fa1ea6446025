"""From an executed notebook to a page: what is kept, what is numbered, what stops it."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from analysis.errors import AnalysisError, RunError
from analysis.present.export import page_from_notebook
from analysis.present.markup import Fragment
from analysis.present.page import open_page, show_contents, show_figure, show_section, show_table
from tests.present import sample


def build(folder: Path, *pieces: object, **outputs: object) -> str:
    """The page of a notebook that showed these pieces after an h1."""
    notebook = sample.notebook([Fragment("<h1>甲</h1>"), *pieces])
    notebook.cells[0].outputs += [nbformat.from_dict(o) for o in outputs.get("more", [])]
    source = folder / "n.ipynb"
    nbformat.write(notebook, str(source))
    target = page_from_notebook(source, folder / "out" / "index.html", "甲", "abc123")
    return target.read_text(encoding="utf-8")


def test_only_what_cells_display_is_kept(tmp_path: Path) -> None:
    page = build(tmp_path, Fragment("<p>乙</p>"))
    assert "<p>乙</p>" in page
    assert "show()" not in page
    assert "fragment of" not in page
    assert "编号abc123" in page


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "stream", "name": "stderr", "text": "x"},
        {"output_type": "error", "ename": "ValueError", "evalue": "v", "traceback": []},
        {"output_type": "stream", "name": "stdout", "text": "FutureWarning: soon"},
        {
            "output_type": "display_data",
            "data": {"text/html": "<p>UserWarning</p>"},
            "metadata": {},
        },
    ],
)
def test_nothing_is_written_when_an_output_is_not_for_readers(
    tmp_path: Path, output: dict[str, object]
) -> None:
    with pytest.raises(RunError) as caught:
        build(tmp_path, more=[output])
    assert caught.value.name == "page_output"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("piece", "kind"),
    [
        ("<h1>二</h1>", "h1"),
        ('<p id="a"></p><p id="a"></p>', "id"),
        ('<a href="#nowhere">x</a>', "#"),
        ('<a href="https://example.org">x</a>', "://"),
        ('<img src="http://example.org/x.png">', "://"),
        ("<script>1</script>", "://"),
    ],
)
def test_a_faulty_page_is_not_written(tmp_path: Path, piece: str, kind: str) -> None:
    with pytest.raises(RunError) as caught:
        build(tmp_path, Fragment(piece))
    assert caught.value.fields["kind"] == kind
    assert not (tmp_path / "out").exists()


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError) as caught:
        build(tmp_path, Fragment('<h1>二</h1><a href="#nowhere">x</a>'))
    assert "nowhere" in str(caught.value)
    assert "h1" in str(caught.value)


def test_a_page_without_a_title_is_a_fault(tmp_path: Path) -> None:
    source = tmp_path / "n.ipynb"
    nbformat.write(sample.notebook([Fragment("<p>x</p>")]), str(source))
    with pytest.raises(RunError):
        page_from_notebook(source, tmp_path / "index.html", "甲", "abc")


def test_figures_and_tables_are_numbered_in_their_order(tmp_path: Path) -> None:
    page = open_page(sample.report(), sample.estimates())
    tables = sample.tables()
    text = build(
        tmp_path,
        show_table(tables["reasons"]),
        show_figure(page, "ruler"),
        show_table(tables["definitions"]),
    )
    assert text.index(">表1<") < text.index("离开者的去向")
    assert text.index(">表2<") < text.index("各口径下的流失率")
    assert text.count(">附图1<") == 2  # in the caption, and where the document view refers to it
    assert "data-no" not in text


def test_contents_link_to_the_headings_that_follow(tmp_path: Path) -> None:
    text = build(
        tmp_path,
        show_contents(),
        show_section("a", "第一节", "文字。"),
        show_section("b", "第二节"),
    )
    assert '<li><a href="#a">第一节</a></li><li><a href="#b">第二节</a></li>' in text


def test_an_appendix_has_no_view_switch(tmp_path: Path) -> None:
    source = tmp_path / "n.ipynb"
    nbformat.write(sample.notebook([Fragment("<h1>x</h1>")]), str(source))
    page = page_from_notebook(source, tmp_path / "i.html", "x", "a", has_views=False)
    assert 'type="radio"' not in page.read_text(encoding="utf-8")
