"""What intake makes of the dirt planted in an invented delivery, cell by cell and class by class.

The bureau's truth says which cells it spoilt and what a clean file would hold there. Each spoilt cell is compared
with the typed value and the ledger; each other cell with what its own text says, read by this module and not by
the cleaners.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.intake.cleaning.names import name_form
from analysis.intake.entries import read_texts
from analysis.intake.reading.header import TextTable
from analysis.intake.reading.sheets import RawSheet
from analysis.intake.source import files_folder, load_source
from analysis.intake.typed_rows import TypedRows, type_rows
from analysis.study.objects import Study, Variable
from analysis.study.workspace import Workspace
from analysis.synthetic.paper.delivery import TRUTH

RESTORABLE, DETECTABLE, INVISIBLE = "restorable", "detectable only", "invisible"
NO_RECORD = ("total_row", "note_row", "header_row")  # rows that the truth does not count
BOX = "□"
IDENTITY, STAFF = "person_number", "staff_number"
WHY_INVISIBLE = {
    "name mistyped": "another name, as good as the right one: only linking can doubt it",
    "name with a box": "kept as written: linking compares what is left of it",
    "number left out": "an empty cell looks like any other",
    "reason left out": "an empty cell looks like any other; the share of open reasons is told",
}


@dataclass(frozen=True)
class ReadSheet:
    """One sheet: its text, its typed rows, the truth's number of each of its records, and its mapped columns."""

    text: TextTable
    typed: TypedRows
    places: pd.Series  # row of the sheet -> row of the truth
    columns: Mapping[str, Variable]

    @cached_property
    def rows(self) -> np.ndarray:
        """The row in the sheet of every kept record."""
        return np.asarray(self.typed.frame["source_row"], dtype=int)

    @cached_property
    def place(self) -> np.ndarray:
        """The truth's number of every kept record."""
        return np.asarray(self.places[self.rows], dtype=int)

    @cached_property
    def _at(self) -> np.ndarray:
        """The position in the text of every kept record."""
        return np.searchsorted(self.text.rows.to_numpy(dtype=int), self.rows)

    def texts(self, header: str) -> np.ndarray:
        """What stood in one column of the kept records."""
        return np.asarray(self.text.frame[header], dtype=object)[self._at]

    def values(self, header: str) -> np.ndarray:
        """The typed values of one column."""
        return np.asarray(self.typed.frame[self.columns[header].id].astype(object))


def read_year(space: Workspace, study: Study, region: str, year: int) -> Iterator[ReadSheet]:
    """Every sheet of one delivery as text and as typed rows."""
    source = load_source(space, study, region, year)
    folder = files_folder(space, source, region)
    opened: dict[str, list[RawSheet]] = {}
    for entry in source.files:
        offset = 0
        for filled, text in read_texts(study, entry, year, folder, opened):
            typed = type_rows(study, filled, year, text)
            places = _places(typed, offset)
            offset += len(places)
            columns = {h: study.variables[n] for h, n in filled.columns.items()}
            yield ReadSheet(text, typed, places, columns)


def _places(typed: TypedRows, offset: int) -> pd.Series:
    """Rows of the sheet that are records, kept or dropped, numbered as the truth numbers them."""
    lines = typed.lines
    is_dropped = (lines["kind"] == "dropped") & ~lines["rule"].isin(NO_RECORD)
    rows = sorted({*typed.frame["source_row"], *lines.loc[is_dropped, "row"].astype(int)})
    return pd.Series(range(offset, offset + len(rows)), index=rows)


def truth_of(space: Workspace, region: str) -> dict[str, Any]:
    """What the invented bureau knows of its files: ``dirt`` (cells) and ``rows`` (that should not be there)."""
    told = json.loads((space.raw / region / TRUTH).read_text(encoding="utf-8"))
    return dict(told["files"])


def stains_of(sheet: ReadSheet, dirt: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """One record per spoilt cell: its kind and class, whether it was told, changed into a value, and into the right one."""
    for header in dirt.keys() & sheet.columns.keys():
        variable, clean = sheet.columns[header], dirt[header]
        rules, texts, values = _rules(sheet, header), sheet.texts(header), sheet.values(header)
        for at in np.flatnonzero(np.isin(sheet.place, [int(row) for row in clean])):
            wanted, row = _text(clean[str(sheet.place[at])]), int(sheet.rows[at])
            kind, group = classify(variable, str(texts[at]), wanted)
            yield {
                "file": sheet.typed.file,
                "row": row,
                "kind": kind,
                "class": group,
                "is_told": row in rules,
                "has_value": not pd.isna(values[at]),
                "is_right": says(wanted, values[at], variable),
            }


def added_rows(sheet: ReadSheet, rows: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """One record per row that should not be there: ``file``, ``row`` in the sheet, ``kind``."""
    places = {int(place): int(row) for row, place in sheet.places.items()}
    for place, kind in rows.items():
        if int(place) in places:
            yield {"file": sheet.typed.file, "row": places[int(place)], "kind": kind}


def _rules(sheet: ReadSheet, header: str) -> set[int]:
    """The rows of the sheet of which the ledger tells anything about this column."""
    lines = sheet.typed.lines
    return {int(row) for row in lines.loc[lines["column"] == header, "row"]}


def _text(clean: object) -> str:
    """A clean value of the truth as a file writes it."""
    return f"{clean:g}" if isinstance(clean, float) else str(clean)


def classify(variable: Variable, text: str, clean: str) -> tuple[str, str]:
    """The kind of dirt of one cell and its class, from what stands there and what should."""
    if variable.kind == "name":
        return _name_dirt(text, clean)
    if not text:
        return ("reason" if variable.id == "exit_reason" else "number") + " left out", INVISIBLE
    if variable.id == IDENTITY:
        return _identity_dirt(text)
    if variable.id == STAFF:
        is_short = len(text) < len(clean)
        return ("staff number short", DETECTABLE) if is_short else ("staff number case", RESTORABLE)
    if variable.id in ("birth_month", "age"):
        is_form = re.findall(r"\d+", text)[0][:4] == re.findall(r"\d+", clean)[0][:4]
        return ("date form", RESTORABLE) if is_form else ("impossible birth", DETECTABLE)
    if variable.kind in ("date", "month"):
        return "date form", RESTORABLE
    if variable.id == "tool_use_rate":
        return "share as percent", RESTORABLE
    if variable.id == "answer_seconds":
        return "speeder", DETECTABLE
    return ("straight line", DETECTABLE) if variable.unit != "学时" else ("unit", RESTORABLE)


def _name_dirt(text: str, clean: str) -> tuple[str, str]:
    if BOX in text:
        return "name with a box", INVISIBLE
    is_spaced = name_form(text) == name_form(clean)
    return ("name spaces", RESTORABLE) if is_spaced else ("name mistyped", INVISIBLE)


def _identity_dirt(text: str) -> tuple[str, str]:
    if not text.isascii():
        return "full width", RESTORABLE
    kind = "cut number" if text.endswith("000") else "wrong check digit"
    return kind, DETECTABLE


def says(text: str, value: object, variable: Variable) -> bool:
    """Whether a typed value is what a clean text says; the text is read here, plainly, and by no cleaner."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return text == ""
    if variable.kind in ("number", "integer"):
        digits = re.sub(r"[^\d.]", "", text)
        return bool(digits) and abs(float(digits) - float(str(value))) < 1e-9
    if variable.kind in ("date", "month"):
        year, *rest = re.findall(r"\d+", text)
        return (year + "".join(part.zfill(2) for part in rest)).startswith(
            str(value).replace("-", "")
        )
    if variable.codes:
        return _options(text, str(value), variable)
    if variable.kind == "name":
        return name_form(str(value)) == name_form(text)
    flat = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    first = re.split("[、,;/]", flat)[0] if variable.takes_first else flat
    return re.sub(r"\s+", "", str(value)).upper() == first


def _options(text: str, value: str, variable: Variable) -> bool:
    """Whether the codes are those whose spelling stands in the text, every one of them."""
    bare = re.sub("【[^】]*】|〖[^〗]*〗", "", text)
    asked = {*bare.split("┋")} if variable.kind == "choices" else {bare}
    held = value.split(";") if variable.kind == "choices" else [value]
    return len(held) == len(asked) and all(asked & {*variable.codes[code]} for code in held)


def false_repairs(
    sheet: ReadSheet, dirt: Mapping[str, Mapping[str, Any]]
) -> tuple[int, int, list[str]]:
    """Clean cells of one sheet, how many of them do not say any more what they said, and the first of these."""
    n_cells, n_false, shown = 0, 0, []
    for header, variable in sheet.columns.items():
        is_clean = ~np.isin(sheet.place, [int(row) for row in dirt.get(header, {})])
        n_cells += int(is_clean.sum())
        texts, values = sheet.texts(header)[is_clean], sheet.values(header)[is_clean]
        for text, value, n in distinct_pairs(texts, values):
            if not says(text, value, variable):
                n_false += n
                shown.append(f"{sheet.typed.file} {header}: {text!r} -> {value!r} ({n})")
    return n_cells, n_false, shown


def distinct_pairs(texts: np.ndarray, values: np.ndarray) -> Iterator[tuple[str, object, int]]:
    """Each different pair of text and value, and how often it occurs."""
    by_text, distinct_texts = pd.factorize(texts)
    by_value, distinct_values = pd.factorize(values, use_na_sentinel=False)
    pairs, counts = np.unique(by_text * len(distinct_values) + by_value, return_counts=True)
    for pair, n in zip(pairs, counts, strict=True):
        text, value = divmod(int(pair), len(distinct_values))
        yield str(distinct_texts[text]), distinct_values[value], int(n)
