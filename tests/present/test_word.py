"""The Word file: the page of GB/T 9704, the same sentences and marks, records last, the same bytes."""

from __future__ import annotations

import re
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from pypdf import PdfReader

from analysis.present.page import open_page
from analysis.present.word import write_word
from tests.present import sample


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = open_page(sample.report(), sample.estimates())
    return write_word(page, tmp_path_factory.mktemp("word") / "问题与不足.docx", "3f9a2c1b")


@pytest.fixture(scope="module")
def paper(file: Path) -> Any:
    return Document(str(file))


def test_page_is_that_of_the_standard(paper: Any) -> None:
    # GB/T 9704-2012: A4, upper margin 37 mm, left 28 mm, text 156 x 225 mm
    section = paper.sections[0]
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    assert round(width / Mm(1)) == 156
    assert round(height / Mm(1)) == 225
    assert round(section.top_margin / Mm(1)) == 37
    assert round(section.left_margin / Mm(1)) == 28


def test_styles_have_east_asian_faces_and_fixed_pitch(paper: Any) -> None:
    expected = {
        "Normal": ("仿宋_GB2312", 16),
        "Title": ("方正小标宋简体", 22),
        "Heading 1": ("黑体", 16),
    }
    for name, (face, points) in expected.items():
        style = paper.styles[name]
        fonts = style.element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == face
        assert fonts.get(qn("w:eastAsiaTheme")) is None
        assert style.font.size == Pt(points)
    assert paper.styles["Normal"].paragraph_format.line_spacing == pytest.approx(Pt(28.95), abs=700)


def test_title_findings_and_records_stand_in_their_order(paper: Any) -> None:
    texts = [p.text for p in paper.paragraphs]
    styles = [p.style.name for p in paper.paragraphs]
    assert texts[0] == "示例县2025年问题与不足"
    assert texts[1].startswith("本报告使用虚构数据")
    heads = [t for t, s in zip(texts, styles, strict=True) if s == "Heading 1"]
    assert heads[:3] == [
        "一、培训供给与乡村教师需求仍有错位",
        "二、班主任的情绪衰竭程度高于其他教师",
        "三、城乡教师流失率差距缩小但仍存在",
    ]
    assert heads[-1] == "出处总表"
    assert texts[-1].startswith("〔11〕")


def test_sentences_carry_the_marks_of_their_records(paper: Any) -> None:
    whole = full_text(paper)
    assert "仍相差12.0个百分点，大致在8.0至16.0个百分点之间〔1〕" in whole
    anchors = {e.get(qn("w:anchor")) for e in paper.element.iter(qn("w:hyperlink"))}
    places = {e.get(qn("w:name")) for e in paper.element.iter(qn("w:bookmarkStart"))}
    assert anchors
    assert anchors <= places


def full_text(paper: Any) -> str:
    return "".join(t.text or "" for t in paper.element.iter(qn("w:t")))


def test_tables_are_real_and_their_heads_repeat(paper: Any) -> None:
    assert len(paper.tables) == 4
    for table in paper.tables:
        assert table.rows[0]._tr.find(".//" + qn("w:tblHeader")) is not None
        assert all(r._tr.find(".//" + qn("w:cantSplit")) is not None for r in table.rows)
        assert all(c.text for r in table.rows for c in r.cells)
    assert paper.tables[0].cell(0, 0).text == "主题"


def test_figures_are_in_line_with_alt_text_at_140_mm(paper: Any) -> None:
    shapes = paper.inline_shapes
    assert len(shapes) == 4
    for shape in shapes:
        assert round(shape.width / Mm(1)) == 140
        assert len(shape._inline.docPr.get("descr")) > 10
    assert not list(paper.element.iter(qn("w:txbxContent")))


def test_captions_are_fields(paper: Any) -> None:
    fields = [e.get(qn("w:instr")) for e in paper.element.iter(qn("w:fldSimple"))]
    assert sum("附图" in f for f in fields) == 4
    assert sum("附表" in f for f in fields) == 4


def test_properties_of_parts_stand_in_the_order_word_wants(file: Path) -> None:
    with zipfile.ZipFile(file) as parts:
        settings = parts.read("word/settings.xml").decode()
        document = parts.read("word/document.xml").decode()
        styles = parts.read("word/styles.xml").decode()
    assert settings.index("<w:compat>") < settings.index("<w:rsids>")
    for properties in re.findall(r"<w:tblPr>.*?</w:tblPr>", document, re.S):
        assert properties.index("w:tblBorders") < properties.index("w:tblLayout")
    for properties in re.findall(r"<w:pPr>((?:(?!</w:pPr>).)*snapToGrid.*?)</w:pPr>", styles, re.S):
        assert properties.index("w:snapToGrid") < properties.index("w:spacing")


def test_same_bytes_and_nothing_of_this_machine(file: Path, tmp_path: Path) -> None:
    page = open_page(sample.report(), sample.estimates())
    again = write_word(page, tmp_path / "b.docx", "3f9a2c1b")
    assert again.read_bytes() == file.read_bytes()
    with zipfile.ZipFile(file) as parts:
        assert {i.date_time for i in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = parts.read("docProps/core.xml").decode()
    assert "python-docx" not in core
    assert "2000-01-01" in core


def test_libreoffice_opens_it_at_22_lines_a_page(
    file: Path, tmp_path: Path, soffice_path: str
) -> None:
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [soffice_path, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(file)], check=True, capture_output=True, timeout=180)
    pages = PdfReader(BytesIO((tmp_path / "问题与不足.pdf").read_bytes())).pages
    first = pages[1].extract_text().strip().splitlines()
    assert 20 <= len(first) <= 24  # 22 lines of text and the page number
    assert max(len(line) for line in first) <= 40
