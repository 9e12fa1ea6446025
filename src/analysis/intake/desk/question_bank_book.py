"""The question bank on paper: a workbook with codes, and a text that a survey platform takes in."""

from __future__ import annotations

import io
from collections.abc import Iterator

import xlsxwriter

from analysis.intake.desk.question_bank import (
    Asked,
    asked_questions,
    bank,
    coded_options,
    fed_indicators,
    header,
    note_words,
    option_words,
    stem_and_row,
)
from analysis.intake.desk.templates_book import (
    MADE,
    Ink,
    make_ink,
    set_paper,
    write_cells,
    write_heading,
)
from analysis.study.objects import Study, Variable

WIDTHS = (7, 46, 12, 34, 22, 20, 34, 24, 40)  # characters
NOTICE_WIDTH = 100
HEADING_HEIGHT, PARAGRAPH_HEIGHT = 34, 36  # points


def bank_book(study: Study) -> bytes:
    """The workbook: the notice, and a line per variable; the same bytes for the same study."""
    words, out = bank().words, io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": MADE, "author": "", "title": bank().title})
        ink = make_ink(book)
        _write_bank(book.add_worksheet(words["bank_sheet"]), ink, study)
        _write_notice(book.add_worksheet(words["notice_sheet"]), ink)
    return out.getvalue()


def _write_bank(sheet: xlsxwriter.worksheet.Worksheet, ink: Ink, study: Study) -> None:
    """A line per variable under the question that asks for it."""
    heads = list(bank().columns.values())
    heading = bank().words["heading"].format(title=bank().title)
    write_heading(sheet, ink, 0, len(heads), heading, "title")
    sheet.set_row(0, HEADING_HEIGHT)
    write_cells(sheet, 1, heads, ink["header"])
    lines = [bank_cells(study, a, v) for a in asked_questions(study) for v in a.variables]
    for row, cells in enumerate(lines, 2):
        write_cells(sheet, row, cells, ink["cell"])
    for at, width in enumerate(WIDTHS):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(2, 2)
    set_paper(sheet, 1)


def bank_cells(study: Study, asked: Asked, variable: Variable) -> list[str]:
    """The line of one variable, in the order of the bank's columns."""
    words, question = bank().words, asked.question
    feeds = fed_indicators(study, question, variable)
    return [
        str(asked.number),
        header(asked, variable),
        bank().types[question.type],
        option_words(question, variable),
        variable.id,
        variable.label,
        words["options_joiner"].join(feeds) or words["no_feed"],
        asked.part,
        note_words(study, question, variable),
    ]


def _write_notice(sheet: xlsxwriter.worksheet.Worksheet, ink: Ink) -> None:
    """What must be said before the first question, marked as a draft."""
    sheet.set_column(0, 0, NOTICE_WIDTH)
    texts = (bank().notice.heading, *bank().notice.paragraphs, bank().words["import_note"])
    for row, text in enumerate(texts):
        sheet.set_row(row, PARAGRAPH_HEIGHT)
        sheet.write_string(row, 0, text, ink["title" if row == 0 else "cell"])
    set_paper(sheet, 0, is_wide=False)


def bank_text(study: Study) -> str:
    """The questionnaire as a text for import: title, notice on one line, the questions with type and answers."""
    notice = "".join((bank().notice.heading, *bank().notice.paragraphs))
    lines = [bank().title, notice, ""]
    for asked in asked_questions(study):
        lines += [*question_lines(asked), ""]
    return "\n".join(lines)


def question_lines(asked: Asked) -> Iterator[str]:
    """One question: its words with the mark of its type, then options a line each; of a matrix, options then rows."""
    question, first = asked.question, asked.variables[0]
    stem = stem_and_row(first.question)[0]
    words, kind = bank().words, bank().types[question.type]
    yield words["import_line"].format(number=asked.number, question=stem, type=kind)
    shown = [label for _, label in coded_options(question, first)]
    if question.type == "matrix":
        yield " ".join(question.options)
        yield from (stem_and_row(v.question)[1] for v in asked.variables)
    elif question.type == "scale":
        yield from question.options
    else:
        yield from shown
