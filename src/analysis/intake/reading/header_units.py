"""Units written into headers, different in one table: taken off to compare headers, used to read the values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache

import pandas as pd

from analysis.intake.cleaning.numbers import has_split_digits, unit_words
from analysis.intake.cleaning.shares import is_share
from analysis.intake.cleaning.text import compact
from analysis.intake.cleaning.words import words
from analysis.intake.ledger import shown
from analysis.study.objects import Variable

NUMBERS = ("number", "integer")
PERCENT = "%"
LONGEST_UNIT = 40  # characters of brackets that are worth showing
_BRACKETS = re.compile(r"(.+)\(([^()]+)\)")


@dataclass(frozen=True)
class ReadTexts:
    """The texts of a column in the unit of its variable, and one line per row that changed (as ``CleanColumn``)."""

    texts: pd.Series
    changes: pd.DataFrame


@lru_cache(maxsize=1 << 14)
def split_unit(header: str) -> tuple[str, str]:
    """A comparable header without the unit in brackets at its end, and that unit; other brackets belong to the name."""
    name, inside = split_brackets(header)
    unit = _without_lead(inside)
    if unit and (unit in _known_units() or unit in _percents() or magnitude(unit)):
        return name, unit
    return compact(header), ""


def split_brackets(header: str) -> tuple[str, str]:
    """A comparable header and what stands in brackets at its end; nothing for one without brackets."""
    found = _BRACKETS.fullmatch(compact(header))
    return (found[1], found[2]) if found else (compact(header), "")


def header_unit(header: str) -> str:
    """The unit that a header names, or the brackets themselves with what stands in them if it is no known unit."""
    inside = split_brackets(header)[1]
    return split_unit(header)[1] or (f"({inside})" if inside else "")


def _without_lead(inside: str) -> str:
    """What stands in brackets without the word for unit before it."""
    for lead in map(compact, words().header_units.leads):
        if inside != lead and inside.startswith(lead):
            return inside.removeprefix(lead)
    return inside


@cache
def _known_units() -> frozenset[str]:
    return frozenset(word for unit in words().units for word in unit_words(unit))


@cache
def _percents() -> frozenset[str]:
    return frozenset(compact(word) for word in words().header_units.percent)


def magnitude(unit: str) -> int:
    """By how much a unit such as ten thousand people multiplies the known unit behind it; 0 where it does not."""
    if unit in _known_units():  # a kilometre is no thousand metres here
        return 0
    found = (
        number
        for word, number in words().numerals.magnitudes.items()
        if unit.startswith(word) and unit != word and unit[len(word) :] in _known_units()
    )
    return next(found, words().numerals.places.get(unit, 0))


def in_own_unit(texts: pd.Series, variable: Variable, unit: str) -> ReadTexts:
    """A column read by the unit in its header: multiplied where that is a multiple, emptied where it is another.

    ``unit``: see ``header_unit``; brackets with anything else are told once. Texts that are no plain number are left
    to the cleaner: they may bring a unit of their own.
    """
    if not unit or variable.kind not in NUMBERS or unit in unit_words(variable.unit):
        return _unchanged(texts, variable)
    if unit.startswith("("):
        return _unknown(texts, variable, unit)
    if factor := _factor(variable, unit):
        done = texts.map({t: times(t, factor) for t in texts.unique()}).astype(object)
        return ReadTexts(done, _changes(texts, done, "header_unit", variable))
    if unit in _percents() and variable.unit == PERCENT:
        return _unchanged(texts, variable)
    if not variable.unit:
        return _unknown(texts, variable, unit)
    done = texts.map({t: "" if _number(t) is not None else t for t in texts.unique()})
    return ReadTexts(done.astype(object), _changes(texts, done, "other_unit", variable))


def _factor(variable: Variable, unit: str) -> Decimal | None:
    """By what the numbers under a header are multiplied to stand in the variable's own unit; None without a rule."""
    if unit in _percents():
        return Decimal(1) / 100 if is_share(variable) else None
    if part := words().header_units.parts.get(variable.unit, {}).get(unit):
        return Decimal(1) / part
    times_, rest = magnitude(unit), unit[1:]
    is_own = not rest or not variable.unit or rest in unit_words(variable.unit)
    return Decimal(times_) if times_ and is_own else None


def _unchanged(texts: pd.Series, variable: Variable) -> ReadTexts:
    """The column as it stands, with nothing to tell."""
    return ReadTexts(texts, _changes(texts, texts, "", variable))


def _unknown(texts: pd.Series, variable: Variable, unit: str) -> ReadTexts:
    """The column as it stands, with one line where its header holds brackets that the study itself does not write."""
    inside = unit.strip("()")
    own = (variable.label, variable.label_en, variable.question, *variable.synonyms)
    if not len(texts) or f"({inside})" in "".join(map(compact, own)):
        return _unchanged(texts, variable)
    told = {"position": [0], "found": [shown(None, f"({inside})")[:LONGEST_UNIT]]}
    return ReadTexts(texts, pd.DataFrame(told | {"done": [""], "rule": ["header_brackets"]}))


def times(text: str, factor: int | Decimal) -> str:
    """A plain number multiplied, exactly; any other text as it is."""
    number = _number(text)
    return text if number is None else format((number * factor).normalize(), "f")


def _number(text: str) -> Decimal | None:
    """The plain number that a text is, thousands marked or not."""
    if has_split_digits(text):
        return None
    try:
        number = Decimal(compact(text).replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _changes(texts: pd.Series, done: pd.Series, rule: str, variable: Variable) -> pd.DataFrame:
    """One line per row whose text changed: position, found, done, rule."""
    at = [k for k, (a, b) in enumerate(zip(texts, done, strict=True)) if a != b] if rule else []
    found: Mapping[str, list[object]] = {
        "position": [*at],
        "found": [shown(variable, texts.iloc[k]) for k in at],
        "done": [shown(variable, done.iloc[k]) for k in at],
        "rule": [rule] * len(at),
    }
    return pd.DataFrame(found)
