"""Which cells of a delivery a school can put right, each with what stands there and what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.intake.cleaning.text import compact, normalise
from analysis.intake.corrections import CONFIRMED
from analysis.intake.desk.words import Question, desk_words
from analysis.intake.ledger import ADDED_UP, shown
from analysis.intake.linking.schools import school_key
from analysis.intake.reading.header import TextTable
from analysis.intake.record import Delivery
from analysis.intake.source import FileEntry, variables_of
from analysis.intake.tables import ORIGIN
from analysis.study.objects import Study, Variable

NOT_ASKED = ("survey",)  # what people answered of themselves is not their school's to correct
OF_ROSTER = ("unlinked", "ambiguous_name")  # say nothing where no roster was delivered
SAID_BEFORE = "; "
NAMING = ("schools", "roster")  # tables whose names of schools are the ones to write on a workbook


@dataclass(frozen=True)
class OpenCell:
    """One cell of a delivery that a school is asked about.

    ``found``: its text as delivered. ``choices``: the spellings to choose from, where the variable has codes.
    ``school_id`` is empty where nobody knows the school.
    """

    school_id: str
    file: str
    sheet: str
    row: int
    column: str
    name: str
    found: str
    problem: str
    variable: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class ReadText:
    """One text table with header -> variable, and the positions of its sheet rows."""

    table: str
    text: TextTable
    variables: Mapping[str, Variable]
    places: Mapping[int, int]

    def header_of(self, names: Iterable[str]) -> str:
        """The header of the first of these variables that the table has, or an empty text."""
        headers = {variable.id: header for header, variable in self.variables.items()}
        return next((headers[name] for name in names if name in headers), "")

    def cell(self, row: int, header: str) -> str:
        """The text of one cell; empty where there is no such column."""
        at = self.places[row]
        return str(self.text.frame[header].iloc[at]) if header in self.text.frame else ""


@dataclass(frozen=True)
class Schools:
    """What is known of schools: typed row -> code, comparable name -> code, code -> name to write."""

    rows: Mapping[tuple[Any, ...], str]
    codes: Mapping[str, str]
    names: Mapping[str, str]
    region_label: str


def read_text(study: Study, entry: FileEntry, text: TextTable) -> ReadText:
    """One text table as it is needed here."""
    places = {int(row): at for at, row in enumerate(text.rows)}
    return ReadText(entry.table, text, variables_of(study, entry), places)


def open_cells(
    delivery: Delivery, texts: Sequence[ReadText], schools: Schools, year: int
) -> list[OpenCell]:
    """Every open cell of one year's delivery once, unless confirmed, in the order of files, rows and columns."""
    asked, ledger = desk_words().ask, delivery.ledger
    rules = [r for r in asked if r not in OF_ROSTER or "roster" in delivery.tables]
    is_asked = ledger["rule"].isin(rules) & ~ledger["table"].isin(NOT_ASKED)
    lines = ledger[is_asked & (ledger["year"] == year)]
    found: dict[tuple[str, str, int, str], OpenCell] = {}
    for line in lines.to_dict("records"):
        for cell in _cells_of(line, asked[line["rule"]], texts, schools):
            key = (cell.file, cell.sheet, cell.row, cell.column)
            found[key] = _joined(found[key], cell) if key in found else cell
    told = ledger[(ledger["rule"] == CONFIRMED) & (ledger["year"] == year)]
    for key in told[["file", "sheet", "row", "column"]].itertuples(index=False, name=None):
        found.pop(key, None)
    order = {each.text.file: at for at, each in reversed(list(enumerate(texts)))}
    return sorted(found.values(), key=lambda c: (order[c.file], c.sheet, c.row, c.column))


def _joined(first: OpenCell, second: OpenCell) -> OpenCell:
    """Two questions about one cell as one."""
    said = first.problem.split(SAID_BEFORE)
    new = [part for part in second.problem.split(SAID_BEFORE) if part not in said]
    return replace(first, problem=SAID_BEFORE.join([*said, *new]))


def _cells_of(
    line: Mapping[Any, Any], question: Question, texts: Sequence[ReadText], schools: Schools
) -> Iterator[OpenCell]:
    """The cells that one ledger line is about, where the table has a column to correct."""
    place = (line["table"], line["file"], line["sheet"])
    for each in texts:
        if (each.table, each.text.file, each.text.sheet) != place:
            continue
        header = line["column"] or each.header_of([*question.variable, line["variable"]])
        if header not in each.variables:
            continue
        for row in _rows_of(line, each, header):
            yield _cell(each, row, header, question, schools)
        return


def _rows_of(line: Mapping[Any, Any], each: ReadText, header: str) -> list[int]:
    """The sheet rows of a line: one, or all with the same text where the ledger added them up."""
    if line["rule"] not in ADDED_UP or line["n"] == 1:
        return [line["row"]] if line["row"] in each.places else []
    wanted, variable = line["found"], each.variables[header]
    texts = each.text.frame[header].astype(str)
    same = {t: wanted in (shown(variable, t), normalise(t)) for t in texts.unique()}
    return [int(row) for row in each.text.rows[texts.map(same).to_numpy(dtype=bool)]]


def _cell(each: ReadText, row: int, header: str, question: Question, schools: Schools) -> OpenCell:
    """One cell with whose it is and what is expected in it."""
    variable = each.variables[header]
    return OpenCell(
        school_id=school_of(each, row, schools),
        file=each.text.file,
        sheet=each.text.sheet,
        row=row,
        column=header,
        name=each.cell(row, each.header_of(["name"])),
        found=each.cell(row, header),
        problem=SAID_BEFORE.join(p for p in (question.text, expected(variable)) if p),
        variable=variable.id,
        choices=choices(variable),
    )


def choices(variable: Variable) -> tuple[str, ...]:
    """The first spelling of every code of a variable that takes one of them."""
    is_single = variable.kind in ("category", "flag")
    return tuple(all_[0] for all_ in variable.codes.values()) if is_single else ()


def expected(variable: Variable) -> str:
    """What a cell of this variable should hold, in words for a school; empty where anything may stand."""
    words = desk_words().returns
    if choices(variable):
        return words.codes_expected.format(codes=" / ".join(choices(variable)))
    if variable.kind in ("date", "month"):
        return words.date_expected if variable.kind == "date" else words.month_expected
    if variable.kind not in ("integer", "number"):
        return ""
    text = words.number_expected
    text += words.number_unit.format(unit=variable.unit) if variable.unit else ""
    if variable.low is None or variable.high is None:
        return text
    limits = words.range_expected.format(low=f"{variable.low:g}", high=f"{variable.high:g}")
    return text + SAID_BEFORE + limits


def school_of(each: ReadText, row: int, schools: Schools) -> str:
    """The code of a row's school: as linked, else by the code or the name in the row; empty if nobody knows it."""
    linked = schools.rows.get((each.table, each.text.file, each.text.sheet, row), "")
    if linked in schools.names:
        return linked
    code = compact(each.cell(row, each.header_of(["school_id"])))
    if code in schools.names:
        return code
    name = each.cell(row, each.header_of(["school_name"]))
    return schools.codes.get(school_key(name, schools.region_label), "")


def known_schools(delivery: Delivery, texts: Sequence[ReadText], year: int) -> Schools:
    """The schools of a delivery, with the names that its school table (else its roster) gives them."""
    rows = dict(_linked_rows(delivery, year))
    names: dict[str, str] = {}
    for table in NAMING:
        for each in (t for t in texts if t.table == table):
            for row in each.places:
                code = rows.get((table, each.text.file, each.text.sheet, row), "")
                name = normalise(each.cell(row, each.header_of(["school_name"])))
                if code:
                    names.setdefault(code, name or code)
    codes = {school_key(name, delivery.label): code for code, name in names.items()}
    return Schools(rows, codes, names, delivery.label)


def _linked_rows(delivery: Delivery, year: int) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Place of every typed row of one year's delivery with the code of its school."""
    for table, frame in delivery.tables.items():
        if "school_id" not in frame:
            continue
        rows = frame[frame["source_year"] == year]
        places = rows[[*ORIGIN[1:], "school_id"]].itertuples(index=False, name=None)
        for file, sheet, row, school in places:
            if not pd.isna(school):
                yield (table, file, sheet, int(row)), str(school)
