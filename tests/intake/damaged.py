"""Damaged, odd and hostile variants of three small files of a delivery: a roster, a training ledger, a survey.

Run as a program it reads every variant and prints one line of JSON for each, so that a reader that hangs or takes the
process down with it is seen from outside: ``python -m tests.intake.damaged FOLDER``.
"""

from __future__ import annotations

import csv
import io
import json
import struct
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd
import pyreadstat
import xlsxwriter
import xlwt

from analysis.errors import AnalysisError, SeveralErrors
from analysis.intake.clean import clean_region
from analysis.intake.reading.header import read_tables
from analysis.intake.reading.readers import read_sheets
from analysis.intake.source import FileEntry, variables_of
from analysis.intake.typed_rows import type_rows
from tests.intake.compound import compound_file
from tests.intake.drawn import draw_region, roster_entry, small_study, table_entry

Rows = list[list[str]]
N_ROWS = 12
ROSTER_HEAD = ["教工号", "姓名", "学校", "性别"]
ROSTER: Rows = [
    ROSTER_HEAD,
    *(
        [f"G{k:04}", name, "第一小学" if k % 2 else "第二小学", "女" if k % 3 else "男"]
        for k, name in enumerate(
            [
                "张三",
                "李四",
                "王五",
                "赵六",
                "孙七",
                "周八",
                "吴九",
                "郑十",
                "钱一",
                "冯二",
                "陈伟",
                "褚娟",
            ]
        )
    ),
]
LEDGER: Rows = [
    ["教工号", "项目", "学时"],
    *([f"G{k:04}", "数字培训", str(8 + k)] for k in range(N_ROWS)),
]
SURVEY: Rows = [
    ["序号", "提交答卷时间", "所用时间", "1、教工号", "2、年龄", "3、需求"],
    *(
        [str(k + 1), "2025/3/1 9:00:00", f"{200 + k}秒", f"G{k:04}", str(30 + k), str(1 + k % 5)]
        for k in range(N_ROWS)
    ),
]
COLUMNS = {
    "roster": {"教工号": "staff_number", "姓名": "name", "学校": "school_id", "性别": "sex"},
    "trainings": {"教工号": "staff_number", "项目": "programme", "学时": "hours"},
    "survey": {"1、教工号": "staff_number", "2、年龄": "age", "3、需求": "need"},
}


WHOLE = (  # read through the whole of intake, not only by the readers
    "zip_cut_6",
    "zip_flip_3",
    "xls_cut_8",
    "bomb_declared",
    "macros",
    "locked",
    "cell_error_ref",
    "cell_dde",
    "cell_far",
    "cell_control",
    "shape_totals",
    "shape_double_key",
    "shape_trial",
    "shape_header_only",
    "hidden",
    "foreign_html",
    "survey_utf-16",
    "survey_gb18030",
    "csv_ragged_short",
    "csv_ragged_long",
    "csv_header_again",
    "csv_formula",
)


@dataclass(frozen=True)
class Variant:
    """One file as it might arrive. ``n_rows``: the records that stand in it, None where damage leaves that open."""

    name: str
    file: str
    raw: bytes
    table: str = "roster"
    n_rows: int | None = N_ROWS


# --- files -------------------------------------------------------------------------------------

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KEPT = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET = "xl/worksheets/sheet1.xml"
FORM = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def column(at: int) -> str:
    """The letter of one of the first 26 columns."""
    return chr(ord("A") + at)


def row_xml(number: int, cells: Iterable[str]) -> str:
    """One row of text cells."""
    inside = "".join(
        f'<c r="{column(at)}{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        for at, text in enumerate(cells)
    )
    return f'<row r="{number}">{inside}</row>'


def rows_xml(rows: Rows, first: int = 1) -> str:
    """Rows one under the other."""
    return "".join(row_xml(k, row) for k, row in enumerate(rows, start=first))


def sheet_xml(inside: str, behind: str = "", before: str = "") -> bytes:
    """A worksheet around its rows."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return (
        f'{head}<worksheet xmlns="{MAIN}">{before}<sheetData>{inside}</sheetData>{behind}</worksheet>'
    ).encode()


def book_parts(
    sheets: Mapping[str, bytes], states: Mapping[str, str] = {}, dates: str = ""
) -> dict[str, bytes]:
    """The members of a workbook with these sheets."""
    names = [*sheets]
    listed = "".join(
        f'<sheet name="{escape(n)}" sheetId="{k}" r:id="rId{k}"{states.get(n, "")}/>'
        for k, n in enumerate(names, start=1)
    )
    links = "".join(
        f'<Relationship Id="rId{k}" Type="{LINK}/worksheet" Target="worksheets/sheet{k}.xml"/>'
        for k, _ in enumerate(names, start=1)
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{k}.xml" ContentType="{FORM}.worksheet+xml"/>'
        for k, _ in enumerate(names, start=1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{FORM}.sheet.main+xml"/>{kinds}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{KEPT}"><Relationship Id="rId1" Type="{LINK}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINK}">{dates}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{KEPT}">{links}</Relationships>',
    }
    members = {name: text.encode() for name, text in parts.items()}
    return members | {
        f"xl/worksheets/sheet{k}.xml": sheets[n] for k, n in enumerate(names, start=1)
    }


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Members as an archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def book(inside: str, behind: str = "", before: str = "") -> bytes:
    """A workbook of one sheet."""
    return packed(book_parts({"花名册": sheet_xml(inside, behind, before)}))


def plain_book(rows: Rows = ROSTER) -> bytes:
    """A workbook as Excel writes it, with shared strings and styles."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as made:
        sheet = made.add_worksheet("花名册")
        for k, row in enumerate(rows):
            sheet.write_row(k, 0, row)
    return stream.getvalue()


def old_book(rows: Rows = ROSTER) -> bytes:
    """The same as an old binary workbook."""
    made = xlwt.Workbook(encoding="utf-8")
    sheet = made.add_sheet("花名册")
    for k, row in enumerate(rows):
        for at, text in enumerate(row):
            sheet.write(k, at, text)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def csv_text(rows: Rows, delimiter: str = ",", end: str = "\r\n") -> str:
    """Rows as delimited text."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(rows)
    return stream.getvalue()


def flipped(raw: bytes, seed: int, n: int = 2) -> bytes:
    """The bytes with some of them changed, at places drawn by the seed."""
    draw = np.random.default_rng(seed)
    out = bytearray(raw)
    for at in draw.integers(0, len(raw), n):
        out[int(at)] ^= int(draw.integers(1, 256))
    return bytes(out)


def members(raw: bytes) -> dict[str, bytes]:
    """The members of an archive."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- variants ----------------------------------------------------------------------------------


def variants(folder: Path) -> Iterator[Variant]:
    """All of them; ``folder`` for files that only a library can write."""
    yield from cut_and_flipped()
    yield from broken_archives()
    yield from odd_cells()
    yield from odd_sheets()
    yield from foreign_files(folder)
    yield from odd_text_files()
    yield from broken_text_files()


def cut_and_flipped() -> Iterator[Variant]:
    """Workbooks cut short or with bytes changed."""
    whole, old = plain_book(), old_book()
    for k in range(1, 13):
        yield Variant(f"zip_cut_{k}", "名册.xlsx", whole[: len(whole) * k // 13])
    for seed in range(20):
        yield Variant(f"zip_flip_{seed}", "名册.xlsx", flipped(whole, seed))
    xml = sheet_xml(rows_xml(ROSTER))
    for seed in range(20):
        parts = book_parts({"花名册": flipped(xml, 1000 + seed)})
        yield Variant(f"xml_flip_{seed}", "名册.xlsx", packed(parts), n_rows=None)
    for k in range(1, 11):
        yield Variant(f"xls_cut_{k}", "名册.xls", old[: len(old) * k // 11], n_rows=None)
    for seed in range(15):
        yield Variant(f"xls_flip_{seed}", "名册.xls", flipped(old, 2000 + seed, 8), n_rows=None)
    yield Variant("zip_tail", "名册.xlsx", whole + b"\0" * 500)
    yield Variant("zip_head", "名册.xlsx", b"MIME\r\n" + whole)


def broken_archives() -> Iterator[Variant]:
    """Archives with members missing, wrong or far too large."""
    parts = members(plain_book())
    for name in parts:
        left = {k: v for k, v in parts.items() if k != name}
        yield Variant(f"without_{name}", "名册.xlsx", packed(left))
    good = sheet_xml(rows_xml(ROSTER))
    wrong = {
        "empty": b"",
        "text": b"no xml at all",
        "cut": good[: len(good) // 2],
        "utf16": good.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        "root": good.replace(b"worksheet", b"chartsheet"),
        "bare": good.replace(f' xmlns="{MAIN}"'.encode(), b""),
        "entities": b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
        + good.replace("女".encode(), b"&b;"),
        "nested": sheet_xml("<row>" * 5000),
        "nulls": good.replace("女".encode(), b"\0"),
    }
    for name, xml in wrong.items():
        yield Variant(
            f"sheet_{name}", "名册.xlsx", packed(book_parts({"花名册": xml})), n_rows=None
        )
    yield Variant("no_member", "名册.xlsx", packed({}))
    yield Variant("other_archive", "名册.xlsx", packed({"a.txt": b"hello"}))
    yield Variant("letter", "名册.xlsx", packed({"word/document.xml": b"<w:document/>"}))
    yield Variant("twice", "名册.xlsx", doubled_member())
    yield Variant("bomb_declared", "名册.xlsx", lying_archive(3 * 1024**3))
    yield Variant("bomb_hidden", "名册.xlsx", lying_archive(100, b"0" * 20_000_000))
    macro = parts | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"Shell" * 50}
    yield Variant("macros", "名册.xlsm", packed(macro))
    yield Variant(
        "links_outside",
        "名册.xlsx",
        packed(parts | {"xl/externalLinks/externalLink1.xml": b"<x/>"}),
    )
    locked = compound_file({"EncryptedPackage": b"x" * 99, "EncryptionInfo": b"y"})
    yield Variant("locked", "名册.xlsx", locked)
    yield Variant("locked_as_csv", "名册.csv", locked)


def doubled_member() -> bytes:
    """An archive with one name twice."""
    raw = packed(book_parts({"甲": sheet_xml(rows_xml(ROSTER)), "乙": sheet_xml("")}))
    return raw.replace(b"sheet2.xml", b"sheet1.xml")


def lying_archive(size: int, content: bytes = b"<worksheet/>") -> bytes:
    """A workbook whose directory gives a false size for its sheet."""
    raw = bytearray(packed(book_parts({"花名册": content})))
    at = raw.rindex(b"PK\x01\x02", 0, raw.rindex(SHEET.encode()))
    raw[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(raw)


def odd_cells() -> Iterator[Variant]:
    """Rosters in which one cell is no ordinary one; no row may be lost by it."""
    body = rows_xml(ROSTER)
    told = '<c r="D2" t="inlineStr"><is><t>男</t></is></c>'
    assert told in body
    cells = {
        "formula": '<c r="D2" t="str"><f>IF(1,"女","男")</f><v>女</v></c>',
        "formula_blank": '<c r="D2"><f>SUM(A1:A2)</f></c>',
        "formula_empty": '<c r="D2"><f>SUM(A1:A2)</f><v></v></c>',
        "error_ref": '<c r="D2" t="e"><v>#REF!</v></c>',
        "error_new": '<c r="D2" t="e"><v>#SPILL!</v></c>',
        "nan": '<c r="D2"><v>NaN</v></c>',
        "infinite": '<c r="D2"><v>INF</v></c>',
        "huge": '<c r="D2"><v>1e308</v></c>',
        "too_huge": '<c r="D2"><v>1e999</v></c>',
        "no_number": '<c r="D2"><v>abc</v></c>',
        "yes": '<c r="D2" t="b"><v>1</v></c>',
        "no_boolean": '<c r="D2" t="b"><v>7</v></c>',
        "date": '<c r="D2" t="d"><v>2024-02-30</v></c>',
        "negative_date": '<c r="D2"><v>-45000</v></c>',
        "no_such_string": '<c r="D2" t="s"><v>99</v></c>',
        "no_such_style": '<c r="D2" s="999" t="inlineStr"><is><t>男</t></is></c>',
        "no_place": '<c t="inlineStr"><is><t>男</t></is></c>',
        "row_zero": '<c r="D0"><v>1</v></c>',
        "far": '<c r="XFD1048576"><v>1</v></c>',
        "beyond": '<c r="ZZZZ99999999"><v>1</v></c>',
        "beyond_64": '<c r="A99999999999999999999"><v>1</v></c>',
        "control": '<c r="D2" t="inlineStr"><is><t>男_x0001__x0000_</t></is></c>',
        "dde": '<c r="D2" t="inlineStr"><is><t>=cmd|\'/C calc\'!A0</t></is></c>',
        "at": '<c r="D2" t="inlineStr"><is><t>@SUM(1)</t></is></c>',
        "plus": '<c r="D2" t="inlineStr"><is><t>+1-1</t></is></c>',
        "rich": '<c r="D2" t="inlineStr"><is><r><t>男</t></r><r><t xml:space="preserve"> </t></r></is></c>',
        "phonetic": '<c r="D2" t="inlineStr"><is><t>男</t><rPh sb="0" eb="1"><t>nan</t></rPh></is></c>',
        "long": f'<c r="D2" t="inlineStr"><is><t>{"长" * 40_000}</t></is></c>',
        "apostrophe": '<c r="D2" quotePrefix="1" t="inlineStr"><is><t>\'男</t></is></c>',
        "line_breaks": '<c r="D2" t="inlineStr"><is><t>男&#10;&#10;</t></is></c>',
        "surrogate": '<c r="D2" t="inlineStr"><is><t>&#xD800;</t></is></c>',
        "unknown_entity": '<c r="D2" t="inlineStr"><is><t>&nbsp;</t></is></c>',
        "rare": '<c r="D2" t="inlineStr"><is><t>𠮷\u202e男\ufffe</t></is></c>',
    }
    for name, cell in cells.items():
        yield Variant(f"cell_{name}", "名册.xlsx", book(body.replace(told, cell)))
    dates = packed(book_parts({"花名册": sheet_xml(body)}, dates='<workbookPr date1904="1"/>'))
    yield Variant("dates_1904", "名册.xlsx", dates)
    behind = '<hyperlinks><hyperlink ref="B2" r:id="rId9"/></hyperlinks>'
    yield Variant("cell_link", "名册.xlsx", book(body, behind))


def odd_sheets() -> Iterator[Variant]:
    """Sheets with the table moved, repeated, hidden, merged or not there."""
    xml, good = rows_xml(ROSTER), sheet_xml(rows_xml(ROSTER))
    far = row_xml(1_048_576, ["注：到此为止"])
    yield Variant(
        "rows_1048576",
        "名册.xlsx",
        book(rows_xml(LEDGER) + far, before='<dimension ref="A1:C1048576"/>'),
        "trainings",
        N_ROWS + 1,
    )
    yield Variant(
        "dimension_lies", "名册.xlsx", book(xml, before='<dimension ref="A1:XFD1048576"/>')
    )
    yield Variant("dimension_wrong", "名册.xlsx", book(xml, before='<dimension ref="ZZ:-1"/>'))
    yield Variant(
        "merged",
        "名册.xlsx",
        book(xml, '<mergeCells count="1"><mergeCell ref="C2:C13"/></mergeCells>'),
    )
    yield Variant(
        "merged_wrong", "名册.xlsx", book(xml, '<mergeCells><mergeCell ref="C2:Z"/></mergeCells>')
    )
    hidden = {"花名册": ' state="veryHidden"'}
    yield Variant("hidden", "名册.xlsx", packed(book_parts({"花名册": good}, hidden)))
    two = {"说明": sheet_xml(rows_xml([["请勿改动"]])), "花名册": good}
    yield Variant("one_hidden", "名册.xlsx", packed(book_parts(two, {"说明": ' state="hidden"'})))
    yield Variant(
        "same_names", "名册.xlsx", packed(book_parts(two)).replace("说明".encode(), "名单".encode())
    )
    twice = packed(book_parts({"一校": good, "二校": good}))
    yield Variant("two_sheets", "名册.xlsx", twice, n_rows=2 * N_ROWS)
    yield Variant("empty_sheet", "名册.xlsx", book(""), n_rows=None)
    yield Variant("no_sheets", "名册.xlsx", packed(book_parts({})), n_rows=None)
    yield Variant("header_only", "名册.xlsx", book(rows_xml(ROSTER[:1])), n_rows=None)
    shapes: dict[str, Rows] = {
        "titles": [["示例县教师花名册"], [], ["填表单位：教师股"], *ROSTER],
        "deep": [[f"第{k}行"] for k in range(40)] + ROSTER,
        "moved": [row[::-1] for row in ROSTER],
        "missing": [row[:2] for row in ROSTER],
        "extra": [["序号", *row, "备注"] for row in ROSTER],
        "blank_rows": [cells for row in ROSTER for cells in (row, [], ["", " "])],
        "blank_columns": [["", *row[:2], "", *row[2:]] for row in ROSTER],
        "repeated_header": [*ROSTER[:7], ROSTER_HEAD, *ROSTER[7:]],
        "totals": [*ROSTER, ["合计", "12"], ["注：以上为在编"], ["填表人：某某"]],
        "same_header": [[*row, row[0]] for row in ROSTER],
        "spaces_in_header": [[" 教 工 号", "姓\n名", "学　校", "性别（必填）"], *ROSTER[1:]],
        "double_key": [*ROSTER, ROSTER[1], ROSTER[1]],
        "trial": [*ROSTER, ["测试", "测试", "测试", "女"]],
        "no_header": ROSTER[1:],
        "numbers": [["1", "2", "3", "4"]] * 5,
    }
    extra = {"repeated_header": 1, "totals": 3, "double_key": 2, "trial": 1}
    for name, rows in shapes.items():
        n_rows = (
            None if name in ("no_header", "numbers", "missing") else N_ROWS + extra.get(name, 0)
        )
        yield Variant(f"shape_{name}", "名册.xlsx", book(rows_xml(rows)), n_rows=n_rows)
        yield Variant(f"xls_{name}", "名册.xls", old_book(rows), n_rows=n_rows)


def foreign_files(folder: Path) -> Iterator[Variant]:
    """What is no table at all, or another kind than its name says."""
    foreign = {
        "empty": b"",
        "blanks": b" \r\n\t\r\n" * 9,
        "html": "<html><table><tr><td>姓名</td></tr></table></html>".encode(),
        "html_old": "\ufeff\n<TABLE><tr><td>姓名</td></tr></TABLE>".encode("gbk", "ignore"),
        "mhtml": b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html></html>",
        "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"\0" * 100,
        "rtf": b"{\\rtf1\\ansi hello}",
        "png": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        "xml_2003": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "json": json.dumps([{"姓名": "张三"}], ensure_ascii=False).encode(),
        "gzip": b"\x1f\x8b\x08\0" + b"\x99" * 100,
        "random": np.random.default_rng(7).bytes(5000),
        "nulls": b"\0" * 5000,
        "old_head": b"\x09\x08\x10\0\0\x06\x05\0" + b"\0" * 200,
        "program": b"MZ\x90\0\x03" + b"\0" * 300,
    }
    for name, raw in foreign.items():
        yield Variant(f"foreign_{name}", "名册.xlsx", raw, n_rows=None)
    yield Variant("book_as_csv", "名册.csv", plain_book())
    yield Variant("old_as_xlsx", "名册.xlsx", old_book())
    yield Variant("csv_as_xls", "名册.xls", csv_text(ROSTER).encode("gb18030"))
    frame = pd.DataFrame(ROSTER[1:], columns=["v1", "v2", "v3", "v4"])
    pyreadstat.write_sav(frame, folder / "a.sav")
    frame.to_parquet(folder / "a.parquet")
    for kind in ("sav", "parquet"):
        raw = (folder / f"a.{kind}").read_bytes()
        for k in range(1, 5):
            yield Variant(f"{kind}_cut_{k}", f"名册.{kind}", raw[: len(raw) * k // 5], n_rows=None)
            yield Variant(
                f"{kind}_flip_{k}", f"名册.{kind}", flipped(raw, 3000 + k, 6), n_rows=None
            )


def odd_text_files() -> Iterator[Variant]:
    """Text files that can be read: every record must come out, or the file must be refused."""
    text, tables = csv_text(LEDGER), {"trainings": LEDGER, "survey": SURVEY}
    for encoding in ("utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"):
        for table, rows in tables.items():
            raw = csv_text(rows).encode(encoding)
            yield Variant(f"{table}_{encoding}", "a.csv", raw, table)
    bom = b"\xef\xbb\xbf"
    told = {
        "two_marks": bom + bom + text.encode(),
        "mark_inside": text.replace("项目", "\ufeff项目").encode(),
        "tabs": csv_text(LEDGER, "\t").encode(),
        "semicolons": csv_text(LEDGER, ";").encode(),
        "old_line_ends": csv_text(LEDGER, end="\r").encode(),
        "mixed_line_ends": text.replace("\r\n", "\n", 5).encode(),
        "blank_lines": text.replace("\r\n", "\r\n\r\n" * 2000).encode(),
        "no_end": text.rstrip().encode(),
        "end_mark": text.encode() + b"\x1a",
        "trailing_commas": text.replace("\r\n", ",,,\r\n").encode(),
        "ragged_short": text.replace(",12\r\n", "\r\n").encode(),
        "ragged_long": text.replace(",12\r\n", ",12,?,?\r\n").encode(),
        "quotes": '"' + text.replace(",", '","').replace("\r\n", '"\r\n"')[:-1].encode().decode(),
        "control": text.replace("数字", "数\x01\x0b字").encode(),
        "formula": text.replace(",12\r\n", ",=1+11\r\n").encode(),
        "command": text.replace(",12\r\n", ",=cmd|'/C calc'!A0\r\n").encode(),
        "at": text.replace(",12\r\n", ",@SUM(1)\r\n").encode(),
        "minus": text.replace(",12\r\n", ",-12\r\n").encode(),
        "not_numbers": text.replace(",12\r\n", ",nan\r\n").replace(",13\r\n", ",inf\r\n").encode(),
        "three_megabytes": text.replace(",12\r\n", f",{'x' * 3_000_000}\r\n").encode(),
        "five_megabytes": text.replace(",12\r\n", f",{'x' * 5_000_000}\r\n").encode(),
        "header_again": (text + text).encode(),
        "double_key": (text + text.split("\r\n", 1)[1]).encode(),
        "read_as_latin": text.encode().decode("latin-1").encode(),
        "read_as_gbk": text.encode().decode("gb18030", "replace").encode(),
        "gbk_as_latin": text.encode("gbk").decode("latin-1").encode(),
        "surrogates": text.replace("数字", "数\ud83d字").encode("utf-8", "surrogatepass"),
        "full_width": text.replace(",12\r\n", ",１２\r\n").encode(),
    }
    n_rows = {"header_again": 2 * N_ROWS + 1, "double_key": 2 * N_ROWS, "end_mark": None}
    for name, raw in told.items():
        data = raw.encode() if isinstance(raw, str) else raw
        yield Variant(f"csv_{name}", "a.csv", data, "trainings", n_rows.get(name, N_ROWS))


def broken_text_files() -> Iterator[Variant]:
    """Text files cut short, changed, with quotes left open or columns gone."""
    whole = csv_text(SURVEY).encode()
    for k in range(1, 11):
        yield Variant(f"csv_cut_{k}", "a.csv", whole[: len(whole) * k // 11], "survey", None)
    for seed in range(15):
        yield Variant(f"csv_flip_{seed}", "a.csv", flipped(whole, 4000 + seed, 3), "survey", None)
    text = csv_text(LEDGER)
    lines = text.splitlines(keepends=True)
    told = {
        "header_only": lines[0],
        "mark_only": "\ufeff",
        "quote_open": text.replace("数字培训,12", '"数字培训,12'),
        "quote_open_end": text.rstrip() + ',"',
        "quote_late": text.replace("数字培训,12", '数字"培训,12'),
        "column_missing": csv_text([row[:2] for row in LEDGER]),
        "one_column": csv_text([row[:1] for row in LEDGER]),
        "header_missing": "".join(lines[1:]),
        "header_blank": ",,\r\n" + "".join(lines[1:]),
        "nulls": text.replace("数字", "\0\0"),
        "null_end": text + "\0",
        "rows_longer_than_header": lines[0] + "".join(lines[1:]).replace("\r\n", ",x\r\n"),
    }
    for name, content in told.items():
        yield Variant(f"csv_{name}", "a.csv", content.encode(), "trainings", None)
    yield Variant(
        "csv_bad_byte", "a.csv", text.encode().replace("数".encode(), b"\xff", 1), "trainings", None
    )


# --- reading them ------------------------------------------------------------------------------


def entry_of(variant: Variant) -> FileEntry:
    """The line of source.toml for a variant."""
    return FileEntry(table=variant.table, file=variant.file, columns=COLUMNS[variant.table])


def outcome(variant: Variant, folder: Path) -> dict[str, object]:
    """What reading a variant came to: the error that explains it, or how many rows came in, stayed and were told."""
    said: dict[str, object] = {
        "name": variant.name,
        "file": variant.file,
        "expected": variant.n_rows,
    }
    read = through_all if variant.name in WHOLE else through_readers
    try:
        rows_in, rows_kept, lines = read(variant, folder)
    except AnalysisError as error:
        every = error.errors if isinstance(error, SeveralErrors) else (error,)
        return said | {"error": every[0].name, "messages": [str(e) for e in every]}
    return said | {
        "rows_in": rows_in,
        "rows_kept": rows_kept,
        "rows_told": int(lines.loc[lines["kind"] == "dropped", "n"].sum()),
        "rules": sorted(set(lines["rule"])),
    }


def through_readers(variant: Variant, folder: Path) -> tuple[int, int, pd.DataFrame]:
    """Rows in, rows kept and ledger lines of the file read and typed."""
    path = folder / variant.file
    path.write_bytes(variant.raw)
    entry, study = entry_of(variant), small_study()
    tables = read_tables(read_sheets(path), variables_of(study, entry), "")
    parts = [type_rows(study, entry, 2025, table) for table in tables]
    lines = pd.concat([p.lines for p in parts], ignore_index=True)
    return sum(p.n_rows_in for p in parts), sum(len(p.frame) for p in parts), lines


def through_all(variant: Variant, folder: Path) -> tuple[int, int, pd.DataFrame]:
    """The same of a region that delivers nothing but this file, through the whole of intake."""
    home = folder / variant.name
    columns = COLUMNS[variant.table]
    entry = (
        roster_entry(2025, columns, variant.file)
        if variant.table == "roster"
        else table_entry(variant.table, columns, variant.file)
    )
    space = draw_region(home, 2025, {}, entry)
    (home / "data" / "raw" / "drawn" / "2025" / variant.file).write_bytes(variant.raw)
    delivery = clean_region(space, small_study(), "drawn", 2025)
    files = delivery.files
    return sum(f.n_rows_in for f in files), sum(f.n_rows_kept for f in files), delivery.ledger


def main(folder: Path) -> None:
    """Read every variant and print what came of it; an exception ends the program, and is the last line."""
    for variant in variants(folder):
        print(json.dumps({"begun": variant.name}), flush=True)
        print(json.dumps(outcome(variant, folder)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
