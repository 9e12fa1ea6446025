"""One form as a workbook: the sheet to fill, the field guide, a filled example, hidden lists for the drop-downs."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from analysis.intake.cleaning.words import words
from analysis.intake.desk.templates_checks import AS_TEXT, validation
from analysis.intake.desk.templates_forms import (
    Form,
    choices,
    example_rows,
    example_text,
    form_columns,
    form_words,
    how_words,
    range_words,
)
from analysis.study.objects import Study, Variable

MADE = dt.datetime(2000, 1, 1)  # a fixed day: workbooks carry the day they were made
FILLED_ROWS = (
    60_000  # rows that are checked while being filled: three times the largest roster known
)
HEAD_ROWS = 5  # title, guidance, signature, required or not, header
FROZEN_COLUMNS = 1
A4, MARGINS = 9, {"left": 0.4, "right": 0.4, "top": 0.6, "bottom": 0.6}  # inches
NARROW, WIDE, WIDEST = 9, 13, 24  # characters
TITLE_FONT, BODY_FONT = "SimHei", "SimSun"
TEXT_FORMAT = 49  # of the formats that every workbook has: text, written "@"
LINE = {"border": 1, "border_color": "#7F7F7F"}
PAPERS: dict[str, dict[str, Any]] = {
    "title": {"font_name": TITLE_FONT, "font_size": 18, "align": "center", "valign": "vcenter"},
    "guidance": {"font_size": 10, "text_wrap": True, "valign": "vcenter", "font_color": "#404040"},
    "sign": {"font_size": 11, "valign": "vcenter"},
    "must": {"align": "center", "bold": True, "font_color": "#9C0006", "bg_color": "#FDE9D9", "font_size": 9, **LINE},
    "may": {"align": "center", "font_color": "#595959", "font_size": 9, **LINE},
    "header": {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#DCE6F1", **LINE},
    "cell": {"valign": "vcenter", "num_format": TEXT_FORMAT, "quote_prefix": True, "text_wrap": True, **LINE},
    "text": {"num_format": TEXT_FORMAT},
    "number": {"num_format": "General"},
    "plain": {},
    "ruled": LINE,
}  # fmt: skip
Ink = dict[str, Any]


def form_book(study: Study, form: Form, year: str) -> bytes:
    """One form; the same bytes for the same study and year."""
    sheets, out = words().guide_sheets, io.BytesIO()
    columns = form_columns(study, form)
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": MADE, "author": "", "title": form.title})
        ink = make_ink(book)
        _write_blank(book.add_worksheet(form.title), ink, form, columns, year)
        _write_guide(book.add_worksheet(sheets.fields), ink, form, columns)
        _write_example(book.add_worksheet(sheets.examples), ink, study, form, columns)
        hidden = book.add_worksheet(sheets.choices)
        _write_choices(hidden, ink, columns)
        hidden.hide()
    return out.getvalue()


def make_ink(book: Any) -> Ink:
    """The formats of a workbook by name."""
    return {
        name: book.add_format({"font_name": BODY_FONT, **look}) for name, look in PAPERS.items()
    }


def set_paper(sheet: Any, last_head_row: int, *, is_wide: bool = True) -> None:
    """A4, one page wide, the header on every page, page numbers at the foot."""
    sheet.set_landscape() if is_wide else sheet.set_portrait()
    sheet.set_paper(A4)
    sheet.set_margins(**MARGINS)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, last_head_row)
    sheet.center_horizontally()
    sheet.set_footer(f"&C{form_words()['footer']}")


def write_heading(sheet: Any, ink: Ink, row: int, n_columns: int, text: str, look: str) -> None:
    """One text over the whole width of a table."""
    if n_columns > 1:
        sheet.merge_range(row, 0, row, n_columns - 1, text, ink[look])
    else:
        sheet.write_string(row, 0, text, ink[look])


def write_cells(sheet: Any, row: int, cells: Sequence[str], look: Any) -> None:
    """Texts as texts, whatever they begin with: never a formula, never a number or a link."""
    for column, text in enumerate(cells):
        sheet.write_string(row, column, text, look)


def _write_blank(sheet: Any, ink: Ink, form: Form, columns: Sequence[Variable], year: str) -> None:
    """The sheet to fill: head, formats that keep long numbers and dates as text, and a check for each column."""
    text, sheets, n = form_words(), words().guide_sheets, len(columns)
    when = text["year"].format(year=year) if year else text["no_year"]
    guidance = text["guidance"].format(
        when=form.when, fields=sheets.fields, examples=sheets.examples
    )
    write_heading(sheet, ink, 0, n, f"{form.title}{when}", "title")
    write_heading(sheet, ink, 1, n, guidance, "guidance")
    write_heading(sheet, ink, 2, n, text["sign"], "sign")
    for row, height in enumerate((34, 32, 24, 15, 32)):  # points
        sheet.set_row(row, height)
    for at, variable in enumerate(columns):
        _write_column(sheet, ink, form, at, variable)
    _rule_filled_rows(sheet, ink, n)
    sheet.freeze_panes(HEAD_ROWS, FROZEN_COLUMNS)
    set_paper(sheet, HEAD_ROWS - 1)


def _rule_filled_rows(sheet: Any, ink: Ink, n_columns: int) -> None:
    """Lines around the cells of every row that holds anything, so that a filled form prints as a table."""
    last = xl_col_to_name(n_columns - 1)
    first = HEAD_ROWS + 1
    rule = {"type": "formula", "criteria": f"=COUNTA($A{first}:${last}{first})>0"}
    area = (HEAD_ROWS, 0, HEAD_ROWS + FILLED_ROWS - 1, n_columns - 1)
    sheet.conditional_format(*area, rule | {"format": ink["ruled"]})


def _write_column(sheet: Any, ink: Ink, form: Form, at: int, variable: Variable) -> None:
    """One column to fill: whether it must be, its header, its format, its check."""
    text, is_must = form_words(), variable.id in form.required
    look = ink["text"] if variable.kind in AS_TEXT else ink["number"]
    sheet.set_column(at, at, column_width(variable), look)
    sheet.write_string(
        HEAD_ROWS - 2, at, text["must" if is_must else "may"], ink["must" if is_must else "may"]
    )
    sheet.write_string(HEAD_ROWS - 1, at, variable.label, ink["header"])
    first = xl_rowcol_to_cell(HEAD_ROWS, at)
    check = validation(variable, first, choices_range(at, variable))
    sheet.data_validation(HEAD_ROWS, at, HEAD_ROWS + FILLED_ROWS - 1, at, check)


def column_width(variable: Variable) -> int:
    """Characters for a column: long numbers and names of schools need more."""
    if variable.kind == "person_number" or variable.id.endswith("_name"):
        return WIDEST - 2
    longest = max((len(label) for label in choices(variable)), default=0)
    return min(
        WIDEST,
        max(NARROW if variable.kind in ("flag", "number", "integer") else WIDE, 2 * longest + 3),
    )


def choices_range(at: int, variable: Variable) -> str:
    """Where the hidden sheet holds the choices of the column at this place."""
    name, column = words().guide_sheets.choices, xl_col_to_name(at, col_abs=True)
    return f"'{name}'!{column}$2:{column}${1 + max(1, len(choices(variable)))}"


def _write_choices(sheet: Any, ink: Ink, columns: Sequence[Variable]) -> None:
    """The choices of each column under its label, at the same place as the column."""
    for at, variable in enumerate(columns):
        for row, label in enumerate([variable.label, *choices(variable)]):
            sheet.write_string(row, at, label, ink["plain"])


def _write_guide(sheet: Any, ink: Ink, form: Form, columns: Sequence[Variable]) -> None:
    """A line per field: what it means, how it is written, what may stand there."""
    text = form_words()
    heads = list(text["guide"].values())
    write_heading(
        sheet, ink, 0, len(heads), text["fields_heading"].format(title=form.title), "title"
    )
    sheet.set_row(0, 34)
    write_cells(sheet, 1, heads, ink["header"])
    for row, variable in enumerate(columns, 2):
        write_cells(sheet, row, guide_cells(form, variable), ink["cell"])
    for at, width in enumerate((18, 8, 30, 8, 44, 12, 34, 24)):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(2, 1)
    set_paper(sheet, 1)


def guide_cells(form: Form, variable: Variable) -> list[str]:
    """The guide's line of one field, in the order of its headers."""
    text = form_words()
    return [
        variable.label,
        text["must" if variable.id in form.required else "may"],
        variable.meaning,
        variable.unit,
        text["joiner"].join(choices(variable)),
        range_words(variable),
        how_words(variable),
        example_text(variable, 0),
    ]


def _write_example(
    sheet: Any, ink: Ink, study: Study, form: Form, columns: Sequence[Variable]
) -> None:
    """Three invented rows under the form's own header."""
    text = form_words()
    heading = text["examples_heading"].format(title=form.title)
    write_heading(sheet, ink, 0, len(columns), heading, "title")
    sheet.set_row(0, 34)
    write_cells(sheet, 1, [v.label for v in columns], ink["header"])
    for row, cells in enumerate(example_rows(study, form), 2):
        write_cells(sheet, row, cells, ink["cell"])
    for at, variable in enumerate(columns):
        sheet.set_column(at, at, column_width(variable))
    sheet.freeze_panes(2, FROZEN_COLUMNS)
    set_paper(sheet, 1)
