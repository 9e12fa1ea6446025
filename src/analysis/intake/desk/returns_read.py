"""Workbooks that schools sent back, read as corrections; they were in many hands and nothing in them is trusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis.errors import AnalysisError, DataError, nearest, raise_all
from analysis.intake.cleaning.text import compact
from analysis.intake.corrections import written
from analysis.intake.desk.words import desk_words
from analysis.intake.reading.readers import find_file, read_sheets
from analysis.intake.reading.sheets import RawSheet
from analysis.intake.source import SOURCE_NAME, Correction, Source, files_folder
from analysis.study.workspace import Workspace

FORMULA_STARTS = ("=", "+", "@")  # "-" begins a number


def all_corrections(space: Workspace, source: Source, region: str) -> tuple[Correction, ...]:
    """The corrections of a delivery: those in its source.toml, then those of the workbooks sent back.

    Raises DataError (several at once) for workbooks that are missing, damaged or were rearranged.
    """
    found, errors = list(source.corrections), []
    for path in returned_files(space, source, region):
        try:
            found += read_returned(path)
        except AnalysisError as error:
            errors.append(error)
    raise_all(errors)
    return tuple(found)


def returned_files(space: Workspace, source: Source, region: str) -> list[Path]:
    """Where the workbooks sent back lie: beside source.toml or among the files.

    Raises DataError with the nearest name for one that is in neither place.
    """
    places = [space.delivery(region, source.year), files_folder(space, source, region)]
    return [_place(places, name) for name in dict.fromkeys(source.returned)]


def _place(places: Sequence[Path], name: str) -> Path:
    for folder in places:
        if (folder / name).is_file():
            return find_file(folder / name)
    names = sorted(p.name for folder in places if folder.is_dir() for p in folder.iterdir())
    near = nearest(name, names) or "-"
    raise DataError("returned_missing", file=SOURCE_NAME, delivered=name, nearest=near)


def read_returned(path: Path) -> list[Correction]:
    """The filled rows of one workbook as corrections; rows that nothing was written into say nothing.

    Raises DataError for a workbook without its sheet or with another header, and for rows that name no cell.
    """
    raw = _cells_sheet(path)
    _check_header(raw)
    rows = [
        (raw.first_row + at, [str(cell).strip() for cell in cells[:10]], str(cells[6]))
        for at, cells in enumerate(raw.cells.itertuples(index=False, name=None))
        if at > 0
    ]
    filled = [row for row in rows if row[1][8] or _is_confirmed(row[1])]
    raise_all(e for number, texts, _ in filled for e in _bad_cells(path.name, number, texts))
    return [_correction(path.name, texts, found) for _, texts, found in filled]


def _cells_sheet(path: Path) -> RawSheet:
    """The sheet of cells; its name may differ in spaces and width only."""
    expected = desk_words().returns.cells_sheet
    sheets = read_sheets(path)
    found = [s for s in sheets if compact(s.sheet) == compact(expected) and not s.cells.empty]
    if not found:
        names = ", ".join(s.sheet for s in sheets) or "-"
        raise DataError("returned_no_sheet", file=path.name, expected=expected, found=names)
    return found[0]


def _check_header(raw: RawSheet) -> None:
    """Raise DataError unless the first row is the header that was sent out."""
    expected = list(desk_words().returns.columns)
    found = [str(cell).strip() for cell in raw.cells.iloc[0]]
    while found and not found[-1]:
        found.pop()
    if raw.first_row != 1 or [compact(f) for f in found] != [compact(e) for e in expected]:
        raise DataError(
            "returned_bad_header",
            file=raw.file,
            sheet=raw.sheet,
            expected=" | ".join(expected),
            found=" | ".join(found[: 2 * len(expected)]) or "-",
        )


def _bad_cells(file: str, row: int, texts: Sequence[str]) -> Iterator[DataError]:
    """What is wrong with the cells that say which cell of the delivery is meant."""
    columns = desk_words().returns.columns
    for at in (1, 4):
        if not texts[at]:
            fields = {"column": columns[at], "found": "-", "expected": columns[at]}
            yield DataError("returned_bad_row", file=file, row=row, **fields)
    if not (texts[3].isascii() and texts[3].isdigit() and int(texts[3]) > 0):
        fields = {"column": columns[3], "found": texts[3] or "-", "expected": "1, 2, 3 ..."}
        yield DataError("returned_bad_row", file=file, row=row, **fields)
    if texts[8].startswith(FORMULA_STARTS):
        told = {"found": written(texts[8]), "expected": desk_words().returns.answer_expected}
        yield DataError("returned_bad_row", file=file, row=row, column=columns[8], **told)


def _is_confirmed(texts: Sequence[str]) -> bool:
    """Whether a school says that the cell is right as it is: beside an empty answer, or as the answer."""
    return compact(texts[8] or texts[9]) in desk_words().returns.confirmed_marks


def _correction(file: str, texts: Sequence[str], found: str) -> Correction:
    """One filled row; a cell that is right as it is is corrected to itself.

    What else a school wrote as an explanation may name people and is left where it is.
    """
    words = desk_words().returns
    marks = {compact(mark) for mark in words.empty_marks}
    to = "" if compact(texts[8]) in marks else texts[8]
    to = found if _is_confirmed(texts) else to
    return Correction(
        file=texts[1],
        sheet=texts[2],
        row=int(texts[3]),
        column=texts[4],
        found=found,
        to=to,
        reason=words.reason.format(file=file),
    )
