"""Text made comparable: full width to half width, spaces, invisible characters. The original is never thrown away."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

import pandas as pd

_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u2060\ufeff]")
EXACT_BELOW = 2.0**53
_SPACES = re.compile(r"\s+")
_BETWEEN_CHINESE = re.compile(r"(?<=[\u2e80-\u9fff]) (?=[\u2e80-\u9fff])")


def normalise(text: str) -> str:
    """Half width (NFKC), no invisible characters, single inner spaces, none between Chinese characters."""
    if text.isascii() and "  " not in text and text.isprintable():
        return text.strip()
    half_width = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _BETWEEN_CHINESE.sub("", _SPACES.sub(" ", half_width).strip())


@lru_cache(maxsize=1 << 17)  # the same few thousand texts come back every year
def compact(text: str) -> str:
    """Normalised, without any space and without case: for comparing headers, codes and spellings."""
    return normalise(text).replace(" ", "").casefold()


def plain_number(value: float) -> str:
    """A number as people write it: no ``.0`` behind whole numbers, no exponent.

    Beyond 2**53 the shortest decimal form, as spreadsheets write it, not the binary value behind it.
    """
    if abs(value) < EXACT_BELOW:
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    return format(Decimal(repr(float(value))), "f").removesuffix(".0")


def is_among(values: pd.Series, known: pd.Series) -> pd.Series:
    """Whether each text is one of the known ones.

    By hashing: the ``isin`` of Arrow-backed text in pandas 3.1 took sixty times as long.
    """
    return values.astype(object).isin(known.astype(object))
