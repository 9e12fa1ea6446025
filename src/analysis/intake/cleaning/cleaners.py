"""One small cleaner per kind of variable: text in, a typed value and the rule that was applied out.

A cleaner sees each distinct text once; ``clean_column`` spreads the answer over the rows and tells which rows changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from analysis.intake.cleaning.bands import is_band, read_band
from analysis.intake.cleaning.cell import Cell, Cleaner, Hints
from analysis.intake.cleaning.choices import clean_choices, clean_option, first_of
from analysis.intake.cleaning.dates import day_order, read_date, writes_two_digits
from analysis.intake.cleaning.identity import IDENTITY_NUMBER, usual_length
from analysis.intake.cleaning.identity import read_number as read_identity
from analysis.intake.cleaning.numbers import check_range, read_number
from analysis.intake.cleaning.shares import is_share, read_share, share_habit
from analysis.intake.cleaning.spellings import find_answer, find_code
from analysis.intake.cleaning.spellings import spellings_of as spellings_of
from analysis.intake.cleaning.text import compact, normalise, plain_number
from analysis.intake.cleaning.words import words_of as words_of
from analysis.intake.masking import FEWEST_ROWS, is_remark, shape, shown, shown_unread
from analysis.study.objects import Variable

MONTH_LENGTH = len("2025-03")
UNREAD = frozenset(
    (
        "unknown_spelling",
        "unknown_option",
        "first_of_several",
        "declared_missing",
        "not_a_number",
        "not_a_date",
        "not_a_band",
        "band_not_number",
        "other_unit",
    )
)  # rules by which a text, or a part of it, is not taken into the value: it may say anything
NO_HINTS = Hints()


@dataclass(frozen=True)
class CleanColumn:
    """Typed values (index of the texts) and one line per changed row: position, found, done, rule."""

    values: pd.Series
    changes: pd.DataFrame


def clean_column(texts: pd.Series, variable: Variable, hints: Hints = NO_HINTS) -> CleanColumn:
    """One column of texts as typed values; every change is told."""
    codes, found = pd.factorize(texts)
    hints = with_habits(found, variable, hints)
    cells = [clean_text(text, variable, hints) for text in found]
    values = as_kind(pd.Series([c.value for c in cells], dtype=object), variable)
    typed = values.take(codes).set_axis(texts.index)
    return CleanColumn(typed, _changes(codes, found, cells, variable))


def with_habits(found: Iterable[str], variable: Variable, hints: Hints) -> Hints:
    """The hints with what only the whole column tells: its order of dates, its padding, its percents."""
    if variable.kind in ("date", "month"):
        order = day_order(found, hints.received)
        padded = writes_two_digits(found)
        return replace(hints, has_padded_months=padded, day_order=order)
    if variable.kind == "person_number" and variable.id != IDENTITY_NUMBER:
        return replace(hints, number_length=usual_length(found))
    if variable.kind == "number" and is_share(variable):
        return replace(hints, shares=share_habit(found, variable))
    return hints


def _changes(
    codes: np.ndarray, found: pd.Index, cells: list[Cell], variable: Variable
) -> pd.DataFrame:
    """One line per row and rule whose value was repaired, emptied or noted."""
    lines = _first_changes(codes, found, cells, variable)
    extra = [k for k, cell in enumerate(cells) if cell.more]
    if not extra:
        return lines
    more = [
        _first_changes(
            np.where(codes == k, 0, 1),
            found[[k, k]],
            [Cell(cells[k].value, rule), Cell(None)],
            variable,
        )
        for k in extra
        for rule in cells[k].more
    ]
    return pd.concat([lines, *more], ignore_index=True).sort_values(
        "position", kind="stable", ignore_index=True
    )


def _first_changes(
    codes: np.ndarray, found: pd.Index, cells: list[Cell], variable: Variable
) -> pd.DataFrame:
    """One line per row whose cell has a rule, by the first of its rules."""
    rules = np.array([c.rule for c in cells], dtype=object)
    is_told = np.array([bool(c.rule) for c in cells], dtype=bool)
    if not is_told.any():
        return no_changes()
    at = np.flatnonzero(is_told[codes])
    chosen, counts = codes[at], np.bincount(codes, minlength=len(found))
    told = {k: _told(found[k], cells[k], int(counts[k]), variable) for k in np.flatnonzero(is_told)}
    lines = {
        "position": at,
        "found": [told[k][0] for k in chosen],
        "done": [told[k][1] for k in chosen],
        "rule": rules[chosen],
    }
    return pd.DataFrame(lines)


def _told(text: str, cell: Cell, n_rows: int, variable: Variable) -> tuple[str, str]:
    """What was found and what was done, as the ledger may hold them."""
    done = value_text(cell.value)
    if cell.rule in UNREAD:
        return shown_unread(variable, text, n_rows), shown(variable, done)
    if variable.kind == "text" and n_rows < FEWEST_ROWS and is_remark(text):
        return shape(text), shape(done)
    return shown(variable, text), shown(variable, done)


@cache
def no_changes() -> pd.DataFrame:
    """The changes of a column in which there are none: most columns of most sheets."""
    texts = {name: pd.Series([], dtype=object) for name in ("found", "done", "rule")}
    return pd.DataFrame({"position": pd.Series([], dtype="int64")} | texts)


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
    answer = None if variable.kind == "choices" else find_answer(flat, hints.answers)
    if answer is not None:
        return answered(answer, variable, hints)
    if text in hints.missing:
        return Cell(None, "user_missing")
    if flat in words_of("skipped"):
        return Cell(None, "skipped")
    return CLEANERS[variable.kind](text, variable, hints)


def answered(answer: str, variable: Variable, hints: Hints) -> Cell:
    """What source.toml says a text means: a code, a value, not asked, or (an empty text) missing."""
    if compact(answer) in words_of("skipped"):
        return Cell(None, "skipped")
    if not answer or compact(answer) in words_of("blank"):
        return Cell(None, "declared_missing")
    return CLEANERS[variable.kind](answer, variable, hints)


def clean_free_text(text: str, variable: Variable, hints: Hints) -> Cell:
    """Text with half-width letters and single spaces; words for nothing are missing."""
    if compact(text) in words_of("nothing"):
        return Cell(None, "nothing_word")
    first = first_of(text) if variable.takes_first else ""
    if first:
        return Cell(first, "first_of_several")
    done = normalise(text)
    return Cell(done, "spaces_width" if done != text else "")


def clean_code(text: str, variable: Variable, hints: Hints) -> Cell:
    """An identifier: like text, without any space."""
    cell = clean_free_text(text, variable, hints)
    done = cell.value.replace(" ", "") if isinstance(cell.value, str) else None
    return Cell(done, "spaces_width" if cell.rule == "" and done != text else cell.rule)


def clean_category(text: str, variable: Variable, hints: Hints) -> Cell:
    """A code by its spellings, its own name, or its spelling behind a number mark (``1.``); else missing."""
    return (
        clean_option(text, variable) if variable.codes else clean_free_text(text, variable, hints)
    )


def clean_number(text: str, variable: Variable, hints: Hints) -> Cell:
    """A number in its variable's unit and range; whole where the kind says so; else missing."""
    if cell := _worded(text, variable):
        return cell
    number, rule = read_number(text, variable)
    if number is None:
        return Cell(None, "band_not_number" if rule == "not_a_number" and is_band(text) else rule)
    if is_share(variable) and rule in ("", "spaces_width"):
        number, told = read_share(number, text, variable, hints.shares)
        rule = told or rule
    if number is None:
        return Cell(None, rule)
    if variable.kind == "integer" and not number.is_integer():
        return Cell(None, "not_whole")
    wrong = check_range(number, variable)
    return Cell(None, wrong) if wrong else Cell(number, rule)


def _worded(text: str, variable: Variable) -> Cell | None:
    """A number said in words that the study knows, a word for a real zero, or a word for nothing; None otherwise."""
    flat = compact(text)
    if flat.isascii() and flat[:1].isdigit() and flat.isdigit():
        return None
    if flat in zero_words(variable.zero):
        return Cell(0.0, "zero_word")
    code = find_code(text, variable)[0] if variable.codes else None
    if code is not None:
        return Cell(float(code), "worded_number")
    return Cell(None, "nothing_word") if flat in words_of("nothing") else None


@cache
def zero_words(zero: tuple[str, ...]) -> frozenset[str]:
    """The texts that mean a real 0, ready to compare."""
    return frozenset(compact(word) for word in zero)


def clean_band(text: str, variable: Variable, hints: Hints) -> Cell:
    """An interval in its plain form; a word for a real zero is the interval of 0 alone."""
    flat = compact(text)
    if flat in zero_words(variable.zero):
        return Cell("0-0", "zero_word")
    if flat in words_of("nothing"):
        return Cell(None, "nothing_word")
    return Cell(*read_band(text, variable))


def clean_date(text: str, variable: Variable, hints: Hints) -> Cell:
    """ISO text with the precision found; a month variable keeps year and month at most."""
    if compact(text) in words_of("nothing"):
        return Cell(None, "nothing_word")
    found, rule = read_date(
        text, has_padded_months=hints.has_padded_months, day_order=hints.day_order
    )
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
    rule = "spaces_width" if done != text.upper() else "letter_case" if done != text else ""
    if hints.number_length and len(done) != hints.number_length:
        return Cell(done, "unusual_length", (rule,) if rule else ())
    return Cell(done, rule)


def clean_name(text: str, variable: Variable, hints: Hints) -> Cell:
    """A name exactly as written: linking needs the text itself, and compares forms of its own."""
    return Cell(None) if compact(text) in words_of("nothing") else Cell(text)


CLEANERS: Mapping[str, Cleaner] = {
    "person_number": clean_identity,
    "name": clean_name,
    "code": clean_code,
    "text": clean_free_text,
    "category": clean_category,
    "choices": clean_choices,
    "flag": clean_category,
    "integer": clean_number,
    "number": clean_number,
    "band": clean_band,
    "date": clean_date,
    "month": clean_date,
}
