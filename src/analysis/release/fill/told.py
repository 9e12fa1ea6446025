"""What is said of the placeholders: the source of each that is filled, and why each other one is open."""

from __future__ import annotations

from analysis.intake.record import Delivery
from analysis.release.fill.answer import Answer, Candidate, Open, number_text
from analysis.release.fill.meaning import Reader
from analysis.release.fill.places import Place
from analysis.release.lint.rules import pattern
from analysis.release.trails import day_text, files_text, fill
from analysis.release.wording import join, phrase
from analysis.study.objects import Count, Study

CONTEXT = 14
MARKS = ",;:\uff0c\u3002\uff1b\uff1a\u3001"


def source_line(study: Study, delivery: Delivery, one: Answer) -> str:
    """The source of one number: what was counted, in which file and sheet, how, as of when."""
    said = {
        "mark": phrase("fill", "mark").replace("{number}", str(one.mark)),
        "number": count_text(one.tally.n, one.count, one.meaning.unit),
        "how": how_text(study, one.count),
        "files": file_text(one),
        "year": delivery.year,
        "as_of": day_text(delivery.as_of),
    }
    return fill(phrase("fill", "source"), **said)


def count_text(n: float | None, count: Count, unit: str) -> str:
    """A count with its unit, or that it may not be shown."""
    if n is None:
        return phrase("fill", "few")
    return number_text(n, count.kind, unit) + unit


def how_text(study: Study, count: Count) -> str:
    """How a count is made: the table, the rows, what of them is counted."""
    table = phrase("table_name", count.table)
    rows = join([column_text(study, c, codes) for c, codes in count.where.items() if codes])
    chosen = fill(phrase("fill", "rows"), table=table, rows=rows) if rows else table
    of = study.variables[count.column].label if count.column else ""
    return chosen + fill(phrase("fill_how", count.kind), column=of)


def column_text(study: Study, column: str, codes: tuple[str, ...]) -> str:
    """One column and the codes that must stand in it."""
    variable = study.variables[column]
    labels = join([variable.code_label(code) for code in codes])
    return fill(phrase("fill", "is"), column=variable.label, codes=labels)


def file_text(one: Answer) -> str:
    """The files of an answer, each with its sheet if it has any."""
    named = [
        fill(phrase("fill", "file"), file=file, sheet=sheet) if sheet else file
        for file, sheet in one.files
    ]
    return files_text(tuple(named))


def open_lines(study: Study, reader: Reader, one: Open) -> list[str]:
    """Why a placeholder is open: its place, the reason with the missing file, and what may be meant."""
    said = {
        "detail": one.detail,
        "table": "",
        "missing": missing_file(reader, one.place),
        "year": reader.year,
    }
    if one.reason == "no_data":
        said["table"] = phrase("table_name", one.detail)
    lines = [
        fill(phrase("fill", "open"), n=one.place.number + 1, excerpt=excerpt(one.place)),
        fill(phrase("fill_open", one.reason), **said),
    ]
    if one.candidates:
        texts = join([candidate_text(study, c) for c in one.candidates])
        lines.append(fill(phrase("fill", "maybe"), candidates=texts))
    return lines


def candidate_text(study: Study, one: Candidate) -> str:
    """A number that may be meant, with how it is counted."""
    number = count_text(one.n, one.count, one.meaning.unit)
    return fill(phrase("fill", "candidate"), number=number, how=how_text(study, one.count))


def missing_file(reader: Reader, place: Place) -> str:
    """The file that would answer it, by the words beside it, in its piece first, then in its sentence."""
    for text in (place.piece.text, place.sentence):
        for entry in reader.blanks.missing:
            if any(word in text for word in entry.words):
                return entry.file
    return phrase("fill", "missing")


def excerpt(place: Place) -> str:
    """The placeholder with the words beside it."""
    start, end = place.piece.start, place.piece.end
    text = place.piece.text
    words = text[max(0, start - CONTEXT) : end + CONTEXT].strip().rstrip(MARKS)
    return pattern("blank").sub(
        phrase("fill", "blank"), words
    )  # so that the list is not filled next time
