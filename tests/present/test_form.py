"""A bureau's own form: filled with what the report shows and nothing else; what is wrong with one is said plainly."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from analysis.errors import ParameterError
from analysis.present.docx_page import stable_bytes
from analysis.present.form import FIELDS, fill_form, form_values, names_in, open_form
from analysis.present.form_example import write_example
from analysis.present.page import Page, open_page
from analysis.release.wording import wording
from tests.present import sample

MARK = "3f9a2c1b"


@pytest.fixture(scope="module")
def page() -> Page:
    return open_page(sample.report(), sample.estimates())


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_example(tmp_path_factory.mktemp("form"))[0]


def make(folder: Path, *lines: str) -> Path:
    """A form of some paragraphs."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    path = folder / "本局格式.docx"
    path.write_bytes(stable_bytes(document))
    return path


def words_of(content: bytes) -> str:
    """All text of a Word file, its tables too."""
    document: Any = Document(io.BytesIO(content))
    cells = (c.text for t in document.tables for r in t.rows for c in r.cells)
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_the_example_is_filled_whole(example: Path, page: Page) -> None:
    said = words_of(fill_form(example, page, MARK))
    assert "{" not in said
    assert "示例县2025年问题与不足" in said
    assert "本报告使用虚构数据" in said
    assert "一、培训供给与乡村教师需求仍有错位" in said
    assert "大致在8.0至16.0个百分点之间〔1〕" in said
    assert "尚不能判断" in said
    table = Document(io.BytesIO(fill_form(example, page, MARK))).tables[0]
    assert [r.cells[0].text for r in table.rows] == ["序号", "一", "二", "三"]


def test_every_number_of_a_filled_form_stands_in_the_report(example: Path, page: Page) -> None:
    """Each is that of a slot, a record or a text of the report; the date and the scope line are its own."""
    report = page.report
    slots = [s.text for c in report.claims() for s in c.slots]
    claims = [t for c in report.claims() for t in (c.plain(), *c.caveats)]
    parts = [t for p in report.problems for t in (p.title, p.strength, *p.not_shown, p.plan_hook)]
    records = [t for r in report.trails for pair in r.lines for t in pair]
    marks = [str(t.number) for t in report.trails]
    known = " ".join(
        [*slots, *claims, *parts, *records, *marks, report.scope.text, "2025-09-01", MARK]
    )
    number = re.compile(r"\d+(?:\.\d+)?")
    allowed = set(number.findall(known))
    found = set(number.findall(words_of(fill_form(example, page, MARK))))
    assert found
    assert found <= allowed
    assert not {"99.9"} <= allowed  # the test can fail


def test_chinese_and_english_names_say_the_same(tmp_path: Path, page: Page) -> None:
    chinese = make(
        tmp_path, "{{ 地区 }}{{ 年份 }}", "{% for 项 in 问题 %}{{ 项.标题 }}；{% endfor %}"
    )
    first = words_of(fill_form(chinese, page, MARK))
    english = make(tmp_path, "{{ region }}{{ year }}", "{% for x in problems %}{{ x.title }}；{% endfor %}")  # fmt: skip
    assert words_of(fill_form(english, page, MARK)) == first
    assert first.startswith("示例县2025")


def test_a_list_printed_whole_reads_as_text(tmp_path: Path, page: Page) -> None:
    said = words_of(fill_form(make(tmp_path, "{{ 问题 }}。{{ 不支持的说法 }}"), page, MARK))
    assert said.startswith("培训供给与乡村教师需求仍有错位；班主任的情绪衰竭程度高于其他教师")
    assert "没有得到支持" in said
    assert "[" not in said


def test_what_is_on_offer_is_what_is_listed(page: Page) -> None:
    """The names checked before a run are exactly those that a report fills."""
    assert shape(form_values(page, MARK)) == shape(FIELDS)
    assert set(names_in(FIELDS)[: len(FIELDS)]) <= set(wording()["form"]["names"].values())


def shape(value: Any) -> Any:
    """Names only."""
    if isinstance(value, dict):
        return {k: shape(v) for k, v in value.items()}
    return [shape(next(iter(value), ""))] if isinstance(value, (list, tuple)) else ""


@pytest.mark.parametrize(
    ("line", "found", "near"),
    [
        ("{{ 地去 }}", "地去", "地区"),
        ("{{ regin }}", "regin", "region"),
        ("{% for 项 in 问题 %}{{ 项.标提 }}{% endfor %}", "标提", "标题"),
        ("{% for x in problems %}{{ x.titel }}{% endfor %}", "titel", "title"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest(
    tmp_path: Path, line: str, found: str, near: str
) -> None:
    with pytest.raises(ParameterError) as told:
        open_form(make(tmp_path, line))
    assert told.value.fields["found"] == found
    assert told.value.fields["nearest"] == near


# --- an entry by its index: known when the report is ------------------------------------------------


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("{{ problems[1].title }}", "班主任的情绪衰竭程度高于其他教师"),
        ("{{ 问题[2].标题 }}", "城乡教师流失率差距缩小但仍存在"),
        ("{{ problems.1.title }}", "班主任的情绪衰竭程度高于其他教师"),
        ("{{ (problems|batch(2)|list)[1] }}", "城乡教师流失率差距缩小但仍存在"),
        ("{% if problems|length > 9 %}{{ problems[9].title }}{% else %}无{% endif %}", "无"),
        ("{{ problems[1:] }}", "班主任的情绪衰竭程度高于其他教师；城乡教师流失率差距缩小但仍存在"),
        (
            "{{ problems[1:]|map(attribute='title') }}",
            "班主任的情绪衰竭程度高于其他教师城乡教师流失率差距缩小但仍存在",
        ),
    ],
)
def test_an_entry_by_its_index(tmp_path: Path, page: Page, line: str, right: str) -> None:
    form = make(tmp_path, line)
    open_form(form)
    assert words_of(fill_form(form, page, MARK)).strip() == right


@pytest.mark.parametrize(
    ("line", "found", "count", "last"),
    [
        ("第{{ problems[7].title }}项", 7, 3, 2),
        ("{% set n = 3 %}{{ 问题[n].标题 }}", 3, 3, 2),
        ("{{ problems[0].sentences[2] }}", 2, 2, 1),
        ("{{ problems[-4].title }}", -4, 3, 2),
        ("{{ (problems[0:0]|first).title }}", 0, 0, "-"),
    ],
)
def test_an_entry_beyond_the_list_is_told_when_the_report_is_known(
    tmp_path: Path, page: Page, line: str, found: int, count: int, last: int | str
) -> None:
    form = make(tmp_path, "前一段", line)
    open_form(form)
    with pytest.raises(ParameterError) as told:
        fill_form(form, page, MARK)
    assert told.value.name == "form_beyond"
    assert told.value.fields == {
        "file": "本局格式.docx",
        "place": line,
        "found": found,
        "count": count,
        "last": last,
    }
    chinese, english = str(told.value).split("\n")
    assert line in chinese
    assert line in english


def test_a_name_of_an_entry_by_index_is_checked_before_the_run(tmp_path: Path) -> None:
    with pytest.raises(ParameterError) as told:
        open_form(make(tmp_path, "{{ problems[4].titel }}"))
    fields = told.value.fields
    assert (fields["found"], fields["nearest"]) == ("titel", "title")
    assert fields["place"] == "{{ problems[4].titel }}"


def test_a_place_in_the_head_of_a_page_is_named_too(tmp_path: Path, page: Page) -> None:
    document = Document()
    document.add_paragraph("{{ region }}")
    document.sections[0].header.paragraphs[0].text = "{{ problems[5].title }}"
    path = tmp_path / "本局格式.docx"
    path.write_bytes(stable_bytes(document))
    with pytest.raises(ParameterError, match="problems\\[5\\]"):
        fill_form(path, page, MARK)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("{{r region }}", "form_raw"),  # would come out blank
        ("{{p 标题 }}", "form_raw"),
        ("{{ region * 1000000000 }}", "form_operator"),  # would fill the memory
        ("{{ 9 ** 999999 }}{{ region }}", "form_operator"),
        ("{{ '%09999999d' % 1 }}{{ region }}", "form_operator"),
    ],
)
def test_what_would_come_out_wrong_is_told_before_the_run(
    tmp_path: Path, line: str, name: str
) -> None:
    with pytest.raises(ParameterError) as told:
        open_form(make(tmp_path, line))
    assert told.value.name == name
    assert told.value.fields["file"] == "本局格式.docx"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("没有名称的格式",), "form_no_fields"),
        (("｛｛ 地区 ｝｝",), "form_no_fields"),  # full-width braces are no braces
        (("{% for 项 in 问题 %}{{ 项.标题 }}",), "form_syntax"),
        (("{{ 地区",), "form_syntax"),
        (("{{ region + 1 }}",), "form_syntax"),
        (("{{ 1 / 0 }}{{ region }}",), "form_syntax"),
        (("{{ region() }}",), "form_syntax"),
        (
            ("{% for p in problems %}{{ p.update({'label': 'x'}) }}{% endfor %}",),
            "form_unknown_field",
        ),
        (("{{ problems.count }}",), "form_unknown_field"),
        (
            ("{{ ''.__class__.__mro__ }}{{ 地区 }}",),
            "form_unknown_field",
        ),  # no way into the program
    ],
)
def test_a_form_that_cannot_be_filled_is_told(
    tmp_path: Path, lines: tuple[str, ...], name: str
) -> None:
    with pytest.raises(ParameterError) as told:
        open_form(make(tmp_path, *lines))
    assert told.value.name == name
    assert "本局格式.docx" in str(told.value) or name == "form_unknown_field"


def test_files_that_are_no_form_are_told(tmp_path: Path, example: Path) -> None:
    damaged = tmp_path / "坏.docx"
    damaged.write_bytes(example.read_bytes()[:400])
    locked = tmp_path / "密码.docx"
    locked.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    old = tmp_path / "旧.doc"
    old.write_bytes(locked.read_bytes())
    cases = [
        (damaged, "draft_not_word"),
        (locked, "draft_locked"),
        (old, "draft_kind"),
        (tmp_path / "没有.docx", "draft_absent"),
    ]
    for path, name in cases:
        with pytest.raises(ParameterError) as told:
            open_form(path)
        assert told.value.name == name
        assert path.name in str(told.value)


def test_signs_of_markup_in_a_value_stay_text(tmp_path: Path, page: Page) -> None:
    scope = replace(page.report.scope, region_label="甲<乙>&丙县")
    other = replace(page, report=replace(page.report, scope=scope))
    assert "甲<乙>&丙县" in words_of(fill_form(make(tmp_path, "{{ 地区 }}"), other, MARK))


def test_the_same_bytes_twice_and_nothing_of_the_clock(example: Path, page: Page) -> None:
    one, two = (fill_form(example, page, MARK) for _ in range(2))
    assert one == two
    with zipfile.ZipFile(io.BytesIO(one)) as parts:
        assert {i.date_time for i in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_list_of_names_holds_all(tmp_path: Path) -> None:
    _, listed = write_example(tmp_path)
    text = listed.read_text(encoding="utf-8-sig")
    assert all(f"{zh}  {en}" in text for en, zh in wording()["form"]["names"].items())
