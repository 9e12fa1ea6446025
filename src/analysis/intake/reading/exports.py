"""Several exports of one questionnaire in one delivery: told by their names, proven by what they hold.

A survey exported again while it was running holds the earlier answers too; one export by text and by number holds
every answer twice. The rows that another file holds as well are set aside, so that nobody is counted twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Literal

import pandas as pd

from analysis.errors import DataError
from analysis.intake.cleaning.text import is_among
from analysis.intake.cleaning.words import words
from analysis.intake.ledger import join_lines, write_lines
from analysis.intake.reading.questionnaire import answers_of, compare_forms, serials_of
from analysis.intake.reading.readers import read_sheets
from analysis.intake.reading.sheets import RawSheet

Form = Literal["text", "number", ""]


@dataclass(frozen=True)
class ExportName:
    """What the name of an export says: the questionnaire, the form, how many answers came in and how many count."""

    file: str
    questionnaire: str
    form: Form
    received: int
    valid: int


@dataclass(frozen=True)
class RepeatedExport:
    """Two files of one questionnaire: ``earlier`` repeats what ``later`` holds (``forms``: by number, by text)."""

    earlier: str
    later: str
    kind: Literal["grown", "forms"]


@cache
def _names() -> re.Pattern[str]:
    """``<id>_<form>_<title>_<received>_<valid>.xlsx``, whatever stands in front of the id."""
    said = words().questionnaire
    forms = "|".join(map(re.escape, (said.by_text, said.by_number)))
    return re.compile(
        rf".*?(?P<id>\d{{6,}})_(?P<form>{forms})_.*_(?P<received>\d+)_(?P<valid>\d+)\.\w+"
    )


_OLDER = re.compile(r"(?P<id>.*?)(?P<received>\d+)_(?P<valid>\d+)_(?P<form>[02])\.\w+")


def export_name(file: str) -> ExportName | None:
    """The name of an export taken apart; None for any other name."""
    found = _names().fullmatch(file) or _OLDER.fullmatch(file)
    if found is None:
        return None
    is_text = found["form"] in (words().questionnaire.by_text, "0")
    form: Form = "text" if is_text else "number"
    return ExportName(file, found["id"], form, int(found["received"]), int(found["valid"]))


def repeated_exports(files: Sequence[str]) -> list[RepeatedExport]:
    """Pairs of files that by their names are exports of one questionnaire; the contents still have to say so."""
    known = [name for file in dict.fromkeys(files) if (name := export_name(file))]
    return [pair for a, b in combinations(known, 2) for pair in _pair(a, b)]


def _pair(a: ExportName, b: ExportName) -> Iterator[RepeatedExport]:
    """Nothing, or the two files as a pair: of two sizes the larger is the later, of two forms the text is kept."""
    if a.questionnaire != b.questionnaire:
        return
    if a.form == b.form:
        earlier, later = sorted((a, b), key=lambda n: (n.received, n.valid))
        yield RepeatedExport(earlier.file, later.file, "grown")
    elif (a.received, a.valid) == (b.received, b.valid):
        text, number = (a, b) if a.form == "text" else (b, a)
        yield RepeatedExport(number.file, text.file, "forms")


def opened_exports(folder: Path, files: Sequence[str]) -> dict[str, list[RawSheet]]:
    """The sheets of files that repeat each other, rows that the later one holds too marked; nothing of other files."""
    pairs = repeated_exports(files)
    names = dict.fromkeys(file for pair in pairs for file in (pair.later, pair.earlier))
    opened = {file: sheets for file in names if (sheets := _readable(folder / file))}
    for pair in pairs:
        if {pair.earlier, pair.later} <= {*opened}:
            earlier, later = opened[pair.earlier], opened[pair.later]
            opened[pair.earlier] = [_marked(earlier[0], later[0], pair), *earlier[1:]]
    return opened


def _readable(path: Path) -> list[RawSheet]:
    """The sheets of a file; none where it cannot be read, which its own entry says when its turn comes."""
    try:
        return read_sheets(path)
    except DataError:
        return []


def _marked(earlier: RawSheet, later: RawSheet, pair: RepeatedExport) -> RawSheet:
    """The earlier sheet with the rows marked that the later one holds; what differs between two forms is told."""
    if pair.kind == "grown":
        rows = held_rows(earlier, later)
        return replace(earlier, repeated=earlier.repeated | rows)
    wrong = compare_forms(later, earlier)
    serials = serials_of(earlier)
    rows = frozenset(serials.index[~is_among(serials, wrong["serial"])])
    lines = join_lines([earlier.lines, _told(earlier, wrong)])
    return replace(earlier, repeated=earlier.repeated | rows, lines=lines)


def held_rows(earlier: RawSheet, later: RawSheet) -> frozenset[int]:
    """Positions of the earlier rows whose serial number and answers the later export holds word for word."""
    before, after = answers_of(earlier), answers_of(later)
    shared = [header for header in before if header and header in after]
    if not shared:
        return frozenset()
    same = before[shared].reindex(after.index.intersection(before.index))
    is_held = (same == after.loc[same.index, shared]).all(axis=1)
    serials = serials_of(earlier)
    return frozenset(serials.index[is_among(serials, same.index[is_held].to_series())])


def _told(raw: RawSheet, wrong: pd.DataFrame) -> pd.DataFrame:
    """A line per question in which the two forms disagree."""
    counts = wrong["question"].value_counts().sort_index()
    return write_lines(
        pd.Series(["forms_disagree"] * len(counts), dtype=object),
        file=raw.file,
        sheet=raw.sheet,
        column=[*counts.index],
        n=[*counts],
    )
