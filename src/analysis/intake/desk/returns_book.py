"""One workbook for one school: how to fill it in, and its cells to correct with a yellow column for the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from analysis.intake.corrections import written
from analysis.intake.desk.returns_cells import OpenCell
from analysis.intake.desk.words import desk_words

CREATED = dt.datetime(2000, 1, 1)  # the same bytes whenever it is written
WIDTHS = (6, 26, 12, 7, 16, 10, 22, 44, 20, 20)  # characters, in the order of the columns
ANSWER = 8  # position of the yellow column
A4 = 9
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
PLAIN = {"num_format": "@", "text_wrap": True, "valign": "top", "border": 1}
BOLD = {"bold": True, "text_wrap": True, "border": 1, "bg_color": "#D9D9D9", "valign": "vcenter"}


@dataclass(frozen=True)
class Sheets:
    """An open workbook with the formats of its cells."""

    book: xlsxwriter.Workbook
    formats: Mapping[str, Any]


def write_book(path: Path, title: str, cells: Sequence[OpenCell]) -> None:
    """Write the workbook of one school; no cell of it can run as a formula."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    words = desk_words().returns
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": title, "author": words.author, "created": CREATED})
        sheets = Sheets(book, _formats(book))
        _write_guide(sheets, title, len(cells))
        _write_cells(sheets, title, cells)


def _formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    """The formats by name; ``quoted`` shows a text that begins like a formula as text in every program."""
    return {
        "head": book.add_format(BOLD),
        "plain": book.add_format(PLAIN),
        "quoted": book.add_format(PLAIN | {"quote_prefix": True}),
        "answer": book.add_format(PLAIN | {"bg_color": "#FFFF99"}),
        "guide": book.add_format({"text_wrap": True, "valign": "top", "font_size": 12}),
    }


def _write_guide(sheets: Sheets, title: str, n_cells: int) -> None:
    """The first sheet: how to fill in the second."""
    words = desk_words().returns
    sheet = sheets.book.add_worksheet(words.guide_sheet)
    sheet.set_column(0, 0, 100)
    for at, line in enumerate(words.guide):
        text = line.format(title=title, n_cells=n_cells)
        sheet.write_string(at, 0, written(text), sheets.formats["guide"])
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def _write_cells(sheets: Sheets, title: str, cells: Sequence[OpenCell]) -> None:
    """The second sheet: one row per cell to correct."""
    words = desk_words().returns
    sheet = sheets.book.add_worksheet(words.cells_sheet)
    for at, (width, header) in enumerate(zip(WIDTHS, words.columns, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, header, sheets.formats["head"])
    for at, cell in enumerate(cells, start=1):
        _write_row(sheets, sheet, at, cell)
    _write_choices(sheets, sheet, cells)
    sheet.freeze_panes(1, 0)
    sheet.activate()
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    sheet.set_footer("&C&P / &N")


def _write_row(sheets: Sheets, sheet: Any, at: int, cell: OpenCell) -> None:
    """One cell to correct, as text throughout."""
    place = (str(at), cell.file, cell.sheet, str(cell.row), cell.column)
    texts = (*place, cell.name, cell.found, cell.problem)
    for column, text in enumerate(texts):
        shown = written(text)
        kind = "quoted" if text.startswith(FORMULA_STARTS) else "plain"
        if shown:
            sheet.write_string(at, column, shown, sheets.formats[kind])
        else:
            sheet.write_blank(at, column, None, sheets.formats["plain"])
    sheet.write_blank(at, ANSWER, None, sheets.formats["answer"])
    sheet.write_blank(at, ANSWER + 1, None, sheets.formats["plain"])


def _write_choices(sheets: Sheets, sheet: Any, cells: Sequence[OpenCell]) -> None:
    """A hidden sheet with the choices of each variable, and drop-downs that take them from there.

    A text that is no choice is still taken: ``empty`` has to be possible.
    """
    lists = {cell.variable: cell.choices for cell in cells if cell.choices}
    if not lists:
        return
    words = desk_words().returns
    hidden = sheets.book.add_worksheet(words.codes_sheet)
    hidden.hide()
    places = {}
    for at, (variable, spellings) in enumerate(sorted(lists.items())):
        options = [*spellings, words.empty_mark]
        for row, text in enumerate(options):
            hidden.write_string(row, at, text)
        letter = xl_col_to_name(at, col_abs=True)
        places[variable] = f"='{words.codes_sheet}'!{letter}$1:{letter}${len(options)}"
    for at, cell in enumerate(cells, start=1):
        if cell.variable in places:
            rule = {"validate": "list", "source": places[cell.variable], "error_type": "warning"}
            sheet.data_validation(at, ANSWER, at, ANSWER, rule)
