"""Names made comparable, at two depths: spaces and case first, and a looser form for those it leaves unlinked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from analysis.intake.cleaning.text import normalise

SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))
MIDDLE_DOT = "\u00b7"
_DOTS_IN_CHINESE = re.compile(
    r"(?<=[\u2e80-\u9fff])[\u00b7\u2022\u2027\u2219\u30fb.](?=[\u2e80-\u9fff])"
)
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class NameParts:
    """A name taken apart for loose comparison; a name without a comma is all surname.

    ``key``: letters of surname and given name without marks, accents, suffix and middle initial.
    ``halves``: the parts of a hyphenated surname.
    """

    key: str
    given: str
    middle: str
    halves: tuple[str, ...]


@lru_cache(maxsize=1 << 18)  # the same names come back in every file
def name_form(text: str) -> str:
    """The name without case, with single spaces (none between Chinese characters) and one kind of middle dot."""
    return _DOTS_IN_CHINESE.sub(MIDDLE_DOT, normalise(text)).casefold()


def name_forms(names: pd.Series) -> pd.Series:
    """The comparable form of each name, an empty text where there is none."""
    known = {text: name_form(text) for text in names.dropna().unique()}
    return names.map(known).astype(object).fillna("").astype("str")


@lru_cache(maxsize=1 << 18)
def split_name(form: str) -> NameParts:
    """The parts of a comparable name (``surname, given m``) that survive accents, marks, suffixes and initials."""
    surname, *rest = [_without_suffix(part) for part in _without_accents(form).split(",")]
    given = [token for part in rest for token in part]
    middle = given.pop() if len(given) > 1 and len(given[-1]) == 1 else ""
    halves = [_letters(h) for token in surname for h in token.split("-")] if given else []
    return NameParts(
        key=f"{_letters(''.join(surname))}|{_letters(''.join(given))}",
        given=_letters("".join(given)),
        middle=middle,
        halves=tuple(halves) if len(halves) > 1 and "-" in "".join(surname) else (),
    )


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _without_suffix(part: str) -> list[str]:
    """The words of one part of a name, generation suffixes and dots taken off."""
    words = [word.strip(".") for word in part.split()]
    return [word for word in words if word and word not in SUFFIXES]


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text)


def parts_table(forms: pd.Series) -> pd.DataFrame:
    """One row per distinct non-empty form: ``form``, ``key``, ``given``, ``middle``, ``halves`` (spaces between)."""
    distinct = [form for form in forms.unique() if form]
    parts = [split_name(form) for form in distinct]
    columns = {field: [getattr(p, field) for p in parts] for field in ("key", "given", "middle")}
    halves = [" ".join(p.halves) for p in parts]
    return pd.DataFrame({"form": distinct, **columns, "halves": halves}, dtype="str")
