"""One small cleaner per kind of variable: text in, a typed value and the rule that was applied out.

A cleaner sees each distinct text once; ``clean_column`` spreads the answer over the rows and tells which rows changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from analysis.intake.cleaning.dates import read_date, writes_two_digits
from analysis.intake.cleaning.identity import IDENTITY_NUMBER
from analysis.intake.cleaning.identity import read_number as read_identity
from analysis.intake.cleaning.numbers import check_range, read_number
from analysis.intake.cleaning.text import compact, normalise, plain_number
from analysis.intake.cleaning.words import words
from analysis.intake.ledger import shown
from analysis.study.objects import Variable

MONTH_LENGTH = len("2025-03")
WILDCARD = "*"


@dataclass(frozen=True)
class Cell:
    """One cleaned value (None: missing) and the rule by which it came about; no rule: taken as it stood."""

    value: str | float | None
    rule: str = ""


@dataclass(frozen=True)
class Hints:
    """What a cleaner knows beside the text: answers of this delivery, declared missing codes, the column's habits."""

    answers: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    has_padded_months: bool = False


@dataclass(frozen=True)
class CleanColumn:
    """Typed values (index of the texts) and one line per changed row: position, found, done, rule."""

    values: pd.Series
    changes: pd.DataFrame


Cleaner = Callable[[str, Variable, Hints], Cell]


def clean_column(texts: pd.Series, variable: Variable, hints: Hints = Hints()) -> CleanColumn:
    """One column of texts as typed values; every change is told."""
    codes, found = pd.factorize(texts)
    if variable.kind in ("date", "month"):
        padded = writes_two_digits(found)
        hints = Hints(hints.answers, hints.missing, has_padded_months=padded)
    cells = [clean_text(text, variable, hints) for text in found]
    values = as_kind(pd.Series([c.value for c in cells], dtype=object), variable)
    typed = values.take(codes).set_axis(texts.index)
    return CleanColumn(typed, _changes(codes, found, cells, variable))


def _changes(
    codes: np.ndarray, found: pd.Index, cells: list[Cell], variable: Variable
) -> pd.DataFrame:
    """One line per row whose value was repaired or emptied."""
    rules = np.array([c.rule for c in cells], dtype=object)
    is_told = np.array([bool(c.rule) for c in cells], dtype=bool)
    at = np.flatnonzero(is_told[codes])
    chosen = codes[at]
    told = {
        k: (shown(variable, found[k]), shown(variable, value_text(cells[k].value)))
        for k in np.flatnonzero(is_told)
    }
    lines = {
        "position": at,
        "found": [told[k][0] for k in chosen],
        "done": [told[k][1] for k in chosen],
        "rule": rules[chosen],
    }
    return pd.DataFrame(lines)


def value_text(value: str | float | None) -> str:
    """A typed value as the ledger writes it; empty for a missing one."""
    return "" if value is None else plain_number(value) if isinstance(value, float) else value


def as_kind(values: pd.Series, variable: Variable) -> pd.Series:
    """The column in the type of its kind: numbers, whole numbers that may be missing, or text."""
    if variable.kind == "number":
        return values.astype("float64")
    if variable.kind == "integer":
        return values.astype("float64").astype("Int64")
    return values.astype("str")


def clean_text(text: str, variable: Variable, hints: Hints) -> Cell:
    """One text: blank, answered in source.toml, declared missing, not asked, or read by the cleaner of its kind."""
    flat = compact(text)
    if not flat or flat in words_of("blank"):
        return Cell(None)
    answer = find_answer(flat, hints.answers)
    if answer is not None:
        return (
            CLEANERS[variable.kind](answer, variable, hints)
            if answer
            else Cell(None, "declared_missing")
        )
    if text in hints.missing:
        return Cell(None, "user_missing")
    if flat in words_of("skipped"):
        return Cell(None, "skipped")
    return CLEANERS[variable.kind](text, variable, hints)


@cache
def words_of(name: str) -> frozenset[str]:
    """One list of ``words.toml``, ready to compare."""
    return frozenset(compact(w) for w in getattr(words(), name))


def find_answer(flat: str, answers: Mapping[str, str]) -> str | None:
    """The code that this delivery's answers give a text; entries are tried in order, ``*`` stands for anything."""
    for spelling, code in answers.items():
        wanted = compact(spelling)
        if flat == wanted or (WILDCARD in wanted and _wild(wanted).fullmatch(flat)):
            return code
    return None


@cache
def _wild(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split(WILDCARD)), re.DOTALL)


def clean_free_text(text: str, variable: Variable, hints: Hints) -> Cell:
    """Text with half-width letters and single spaces; words for nothing are missing."""
    if compact(text) in words_of("nothing"):
        return Cell(None, "nothing_word")
    done = normalise(text)
    return Cell(done, "spaces_width" if done != text else "")


def clean_code(text: str, variable: Variable, hints: Hints) -> Cell:
    """An identifier: like text, without any space."""
    cell = clean_free_text(text, variable, hints)
    done = cell.value.replace(" ", "") if isinstance(cell.value, str) else None
    return Cell(done, "spaces_width" if cell.rule == "" and done != text else cell.rule)


def clean_category(text: str, variable: Variable, hints: Hints) -> Cell:
    """A code by its spellings, its own name, or its spelling behind a number mark (``1.``); else missing."""
    if not variable.codes:
        return clean_free_text(text, variable, hints)
    spellings, flat = spellings_of(variable), compact(text)
    if flat in spellings:
        return Cell(spellings[flat], "" if normalise(text) == text else "spaces_width")
    unmarked = _number_mark().sub("", flat)
    if unmarked in spellings:
        return Cell(spellings[unmarked], "number_mark")
    return Cell(None, "nothing_word" if flat in words_of("nothing") else "unknown_spelling")


@cache
def _number_mark() -> re.Pattern[str]:
    return re.compile(rf"^\(?(?:\d{{1,2}}|[a-z])[{re.escape(words().number_marks)}]")


def spellings_of(variable: Variable) -> dict[str, str]:
    """Comparable spelling -> code, the codes' own names included."""
    named = {compact(code): code for code in variable.codes}
    return named | {compact(s): code for code, all_ in variable.codes.items() for s in all_}


def clean_number(text: str, variable: Variable, hints: Hints) -> Cell:
    """A number in its variable's unit and range; whole where the kind says so; else missing."""
    if compact(text) in words_of("nothing"):
        return Cell(None, "nothing_word")
    number, rule = read_number(text, variable)
    if number is None:
        return Cell(None, rule)
    if variable.kind == "integer" and not number.is_integer():
        return Cell(None, "not_whole")
    wrong = check_range(number, variable)
    return Cell(None, wrong) if wrong else Cell(number, rule)


def clean_date(text: str, variable: Variable, hints: Hints) -> Cell:
    """ISO text with the precision found; a month variable keeps year and month at most."""
    if compact(text) in words_of("nothing"):
        return Cell(None, "nothing_word")
    found, rule = read_date(text, has_padded_months=hints.has_padded_months)
    if found is None or variable.kind == "date":
        is_short = found is not None and len(found) <= MONTH_LENGTH
        return Cell(found, "month_only" if is_short and rule in ("", "date_form") else rule)
    return Cell(found[:MONTH_LENGTH], rule)


def clean_identity(text: str, variable: Variable, hints: Hints) -> Cell:
    """An identity number in its checked 18-character form; any other personal number only without spaces and case."""
    if compact(text) in words_of("nothing"):
        return Cell(None, "nothing_word")
    if variable.id == IDENTITY_NUMBER:
        return Cell(*read_identity(text))
    done = compact(text).upper()
    return Cell(done, "spaces_width" if done != text.upper() else "")


def clean_name(text: str, variable: Variable, hints: Hints) -> Cell:
    """A name exactly as written: linking needs the text itself, and compares forms of its own."""
    return Cell(None) if compact(text) in words_of("nothing") else Cell(text)


CLEANERS: Mapping[str, Cleaner] = {
    "person_number": clean_identity,
    "name": clean_name,
    "code": clean_code,
    "text": clean_free_text,
    "category": clean_category,
    "flag": clean_category,
    "integer": clean_number,
    "number": clean_number,
    "date": clean_date,
    "month": clean_date,
}
