"""Names that one slip of the pen keeps apart: another, missing or extra sign, two signs swapped, a box for a rare one.

Names of people here have two to four signs, so similarity on a scale says nothing that "one sign differs" does not
say; pairs are found by looking up each name with one place left open, never by comparing all with all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from analysis.intake.cleaning.names import MIDDLE_DOT

LEVELS = ("same", "boxed", "one_sign")  # nearest first
BOXES = frozenset("\u25a1\u3013?*")  # what systems print for a sign they do not have
SHORTEST = 2  # signs that a name must have, so that a slip leaves something of it
_OPEN, _SWAPPED = "\0", "\1"
_NO_DOT = str.maketrans("", "", MIDDLE_DOT + " ")


def near_pairs(left: Iterable[str], right: Iterable[str]) -> pd.DataFrame:
    """Pairs of name forms, ``left`` and ``right``, with the nearest ``level`` at which they agree."""
    one, other = _names(_distinct(left)), _names(_distinct(right))
    parts = [
        _join(one.plain, other.plain, "plain", "plain").assign(level="same"),
        _boxed(one.plain, other.plain).assign(level="boxed"),
        _one_sign(one, other).assign(level="one_sign"),
    ]
    pairs = pd.concat(parts, ignore_index=True)
    return pairs.drop_duplicates(["left", "right"], ignore_index=True)


@dataclass(frozen=True)
class Names:
    """Distinct forms: ``plain`` with what is compared of them, and one row per key of a slip or of a sign too few."""

    plain: pd.DataFrame
    slips: pd.DataFrame
    shorter: pd.DataFrame


def _distinct(forms: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f for f in forms if f))


@lru_cache(maxsize=16)  # many lists are looked up in the snapshots of a few years
def _names(forms: tuple[str, ...]) -> Names:
    """Names without spaces and dots, with the keys by which near ones are found."""
    plain = pd.DataFrame(
        {"form": forms, "plain": [f.translate(_NO_DOT) for f in forms]}, dtype=object
    )
    long_enough = plain[plain["plain"].str.len() >= SHORTEST]
    return Names(plain, _keyed(long_enough, _slips), _keyed(long_enough, _shorter))


def _join(one: pd.DataFrame, other: pd.DataFrame, by: str, to: str) -> pd.DataFrame:
    """Pairs of forms whose keys are equal."""
    keyed = one[["form", by]].rename(columns={"form": "left", by: "key"})
    sought = other[["form", to]].rename(columns={"form": "right", to: "key"})
    return keyed.merge(sought, on="key")[["left", "right"]]


def _boxed(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Pairs in which a name with boxes fits another name of its length in every other place."""
    there = _fitting(one, other)
    back = _fitting(other, one).rename(columns={"left": "right", "right": "left"})
    return pd.concat([there, back], ignore_index=True)[["left", "right"]]


def _fitting(boxed: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Names that fit those with boxes: ``left`` has the boxes."""
    places = boxed["plain"].map(_box_places)
    parts = [pd.DataFrame(columns=["left", "right"], dtype=object)]
    for pattern in sorted(set(places[places.map(bool)])):
        mine = boxed[places == pattern]
        longest = max(pattern)
        seen = names[names["plain"].str.len() > longest]
        keys = [_opened(text, pattern) for text in seen["plain"]]
        own = [_opened(text, pattern) for text in mine["plain"]]
        parts.append(_join(mine.assign(key=own), seen.assign(key=keys), "key", "key"))
    return pd.concat(parts, ignore_index=True)


def _box_places(text: str) -> tuple[int, ...]:
    return tuple(i for i, sign in enumerate(text) if sign in BOXES) if BOXES & set(text) else ()


def _opened(text: str, places: tuple[int, ...]) -> str:
    """The text with some places left open; its length stays told."""
    return "".join(_OPEN if i in places else sign for i, sign in enumerate(text))


def _one_sign(one: Names, other: Names) -> pd.DataFrame:
    """Pairs that one sign (another, one more, one less) or the order of the signs keeps apart."""
    parts = [
        _join(one.slips, other.slips, "key", "key"),
        _join(one.shorter, _long_enough(other), "key", "plain"),
        _join(_long_enough(one), other.shorter, "plain", "key"),
    ]
    return pd.concat(parts, ignore_index=True)


def _long_enough(names: Names) -> pd.DataFrame:
    """The names of which a slip leaves something."""
    return names.plain[names.plain["plain"].str.len() >= SHORTEST]


def _keyed(names: pd.DataFrame, keys: Callable[[str], Iterable[str]]) -> pd.DataFrame:
    """One row per name and key under which a name one slip away is found."""
    rows = [(form, key) for form, plain in names.to_numpy() for key in keys(plain)]
    return pd.DataFrame(rows, columns=["form", "key"], dtype=object)


@lru_cache(maxsize=1 << 17)  # the same people are asked for by every table of every year
def _slips(plain: str) -> tuple[str, ...]:
    """The name with each place open in turn, and with its signs sorted."""
    opened = (plain[:i] + _OPEN + plain[i + 1 :] for i in range(len(plain)))
    return (*opened, _SWAPPED + "".join(sorted(plain)))


@lru_cache(maxsize=1 << 17)
def _shorter(plain: str) -> tuple[str, ...]:
    """The name without each of its signs in turn, as long as a name is left."""
    if len(plain) <= SHORTEST:
        return ()
    return tuple(plain[:i] + plain[i + 1 :] for i in range(len(plain)))
