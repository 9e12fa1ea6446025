"""Units written into headers, different in one table: taken off to compare headers, used to read the values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache

import pandas as pd

from analysis.intake.cleaning.numbers import unit_words
from analysis.intake.cleaning.text import compact
from analysis.intake.cleaning.words import words
from analysis.intake.ledger import shown
from analysis.study.objects import Variable

NUMBERS = ("number", "integer")
_BRACKETS = re.compile(r"(.+)\(([^()]+)\)")


@dataclass(frozen=True)
class ReadTexts:
    """The texts of a column in the unit of its variable, and one line per row that changed (as ``CleanColumn``)."""

    texts: pd.Series
    changes: pd.DataFrame


@lru_cache(maxsize=1 << 14)
def split_unit(header: str) -> tuple[str, str]:
    """A comparable header without the unit in brackets at its end, and that unit; other brackets belong to the name."""
    found = _BRACKETS.fullmatch(compact(header))
    if found and (found[2] in _known_units() or magnitude(found[2])):
        return found[1], found[2]
    return compact(header), ""


@cache
def _known_units() -> frozenset[str]:
    return frozenset(word for unit in words().units for word in unit_words(unit))


def magnitude(unit: str) -> int:
    """By how much a unit such as ten thousand people multiplies the known unit behind it; 0 where it does not."""
    found = (
        number
        for word, number in words().numerals.magnitudes.items()
        if unit.startswith(word) and unit != word and unit[len(word) :] in _known_units()
    )
    return next(found, words().numerals.places.get(unit, 0))


def in_own_unit(texts: pd.Series, variable: Variable, unit: str) -> ReadTexts:
    """A column read by the unit in its header: multiplied where that is a multiple, emptied where it is another.

    Texts that are no plain number are left to the cleaner: they may bring a unit of their own.
    """
    if not unit or variable.kind not in NUMBERS or unit in unit_words(variable.unit):
        return ReadTexts(texts, _changes(texts, texts, "", variable))
    factor = magnitude(unit)
    rest = unit[1:] if factor else unit
    if factor and (not rest or not variable.unit or rest in unit_words(variable.unit)):
        done = texts.map({t: times(t, factor) for t in texts.unique()}).astype(object)
        return ReadTexts(done, _changes(texts, done, "header_unit", variable))
    if not variable.unit:
        return ReadTexts(texts, _changes(texts, texts, "", variable))
    done = texts.map({t: "" if _number(t) is not None else t for t in texts.unique()})
    return ReadTexts(done.astype(object), _changes(texts, done, "other_unit", variable))


def times(text: str, factor: int) -> str:
    """A plain number multiplied, exactly; any other text as it is."""
    number = _number(text)
    return text if number is None else format((number * factor).normalize(), "f")


def _number(text: str) -> Decimal | None:
    """The plain number that a text is, thousands marked or not."""
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
