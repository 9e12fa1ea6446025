"""What lies in a delivery's folder: which files are tables, which are two exports of one survey, what names say."""

from __future__ import annotations

import datetime as dt
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analysis.errors import AnalysisError
from analysis.intake.cleaning.text import compact, normalise
from analysis.intake.cleaning.words import words
from analysis.intake.desk.words import desk_words
from analysis.intake.reading.readers import read_sheets
from analysis.intake.reading.sheets import RawSheet

LOCKS = ("~$", ".")  # files that spreadsheet programs and systems leave behind
_OLD_FORM = re.compile(r"(?P<title>.*?)(?P<total>\d+)_(?P<valid>\d+)_(?P<form>[02])")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_RUN = re.compile(r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?(?!\d)")


@dataclass(frozen=True)
class LookedAt:
    """One thing in the folder: its sheets if it could be read, else why it is left out (``kind``, ``detail``).

    ``kind`` is one of table, not_table, not_read, folder, twin, returned, bad_name (``name`` is then escaped).
    """

    name: str
    kind: str
    detail: str = ""
    sheets: tuple[RawSheet, ...] = ()


@dataclass(frozen=True)
class Written:
    """A date in a name or a title, the day missing where only year and month stand there."""

    year: int
    month: int
    day: int | None


@dataclass(frozen=True)
class SurveyName:
    """What the name of a survey export says: which survey, by text or by number, how many valid answers."""

    survey: str
    is_by_text: bool
    valid: int


def look_at(folder: Path) -> list[LookedAt]:
    """Everything in a folder in the order of names, every readable file read."""
    found = sorted(p for p in folder.iterdir() if not p.name.startswith(LOCKS))
    paths = [p for p in found if readable_name(p.name) == p.name]
    named = {readable_name(p.name) for p in found} - {p.name for p in paths}
    twins = dict(other_exports([p.name for p in paths]))
    looked = [_look(path, twins.get(path.name, "")) for path in paths if not _is_ours(path)]
    return looked + [LookedAt(name, "bad_name") for name in sorted(named)]


def readable_name(name: str) -> str:
    """A file's name with escapes for what is not UTF-8: no text file can hold it, and nobody can type it."""
    return os.fsencode(name).decode("utf-8", errors="backslashreplace")


def _is_ours(path: Path) -> bool:
    """Descriptions of a delivery are no part of it."""
    return path.name.startswith("source") and ".toml" in path.suffixes


def _look(path: Path, twin: str) -> LookedAt:
    draft = desk_words().draft
    if path.is_dir():
        return LookedAt(path.name, "folder")
    if path.name.startswith(desk_words().returns.file_start):
        return LookedAt(path.name, "returned")
    if path.suffix.lower() in draft.not_tables:
        return LookedAt(path.name, "not_table")
    if twin:
        return LookedAt(path.name, "twin", twin)
    try:
        return LookedAt(path.name, "table", "", tuple(read_sheets(path)))
    except AnalysisError as error:
        return LookedAt(path.name, "not_read", str(error).splitlines()[0])


def name_key(name: str) -> str:
    """What stays the same in a file's name from year to year: its letters, without digits, dates and marks."""
    dates = words().dates
    marks = str.maketrans("", "", dates.separators + dates.endings)
    return _NO_LETTERS.sub("", compact(Path(name).stem).translate(marks))


def survey_name(name: str) -> SurveyName | None:
    """What the name of a survey export says; None for any other file."""
    stem = unicodedata.normalize("NFC", Path(name).stem)
    if hit := _new_form().search(stem):
        is_by_text = hit["form"] in desk_words().draft.by_text
        return SurveyName(f"{hit['id']}_{hit['title']}", is_by_text, int(hit["valid"]))
    if hit := _OLD_FORM.fullmatch(stem):
        survey = f"{hit['title']}{hit['total']}_{hit['valid']}"
        return SurveyName(survey, hit["form"] == "0", int(hit["valid"]))
    return None


@cache
def _new_form() -> re.Pattern[str]:
    """``<id>_<form>_<title>_<received>_<valid>``, whatever stands before it."""
    draft = desk_words().draft
    forms = "|".join(map(re.escape, (*draft.by_text, *draft.by_number)))
    return re.compile(rf"(?P<id>\d{{5,}})_(?P<form>{forms})_(?P<title>.*)_\d+_(?P<valid>\d+)$")


def other_exports(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every export of a survey of which a better one is there, with that one: by text, then with more answers."""
    groups: dict[str, list[tuple[bool, int, str]]] = {}
    for name in names:
        said = survey_name(name)
        if said:
            groups.setdefault(said.survey, []).append((said.is_by_text, said.valid, name))
    for group in groups.values():
        best = max(group)[2]
        yield from ((name, best) for _, _, name in group if name != best)


def dates_in(text: str) -> list[Written]:
    """The dates that stand in a name or a title."""
    flat = normalise(text).replace(" ", "")
    found = [
        (hit.start(), hit.groups()) for hit in [*_worded().finditer(flat), *_RUN.finditer(flat)]
    ]
    parts = [tuple(int(p) if p else None for p in groups) for _, groups in sorted(found)]
    return [
        Written(year, month, day)
        for year, month, day in parts
        if year and month and 1 <= month <= 12 and _exists(year, month, day or 1)
    ]


def _exists(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


@cache
def _worded() -> re.Pattern[str]:
    """Year, month and perhaps day with the marks that stand between them."""
    marks = re.escape(words().dates.separators + "-_")
    return re.compile(
        rf"(?<!\d)(20\d{{2}})[{marks}](\d{{1,2}})(?!\d)(?:[{marks}](\d{{1,2}})(?!\d))?"
    )


def titles(raw: RawSheet, header_row: int) -> Sequence[str]:
    """The filled cells above the header of a sheet."""
    rows = raw.cells.iloc[:header_row].itertuples(index=False, name=None)
    return [str(cell) for row in rows for cell in row if str(cell).strip()]
