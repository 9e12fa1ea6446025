"""The words of the page, looked up in ``release/wording.toml``; no Chinese is written in code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from analysis.errors import RunError, nearest
from analysis.release.wording import wording


@dataclass(frozen=True)
class StrengthLabel:
    """One strength label: the word in the box, the dots before it (may be empty), what it means."""

    id: str
    word: str
    dots: str
    meaning: str


def word(name: str, /, **fields: object) -> str:
    """One page word with its fields filled in; RunError names the nearest one if it is unknown."""
    words = wording()["page"]
    if name not in words:
        raise RunError("page_word_unknown", name=name, nearest=nearest(name, words) or "-")
    return str(words[name]).format(**fields) if fields else str(words[name])


@cache
def strength(label: str) -> StrengthLabel:
    """One strength label by its id; RunError names the nearest one if it is unknown."""
    table = wording()["labels"]
    entry = table.get(label)
    if not isinstance(entry, dict):
        raise RunError("page_word_unknown", name=label, nearest=nearest(label, table) or "-")
    return StrengthLabel(label, str(entry["word"]), str(entry["dots"]), str(entry["meaning"]))


def label_ids() -> tuple[str, ...]:
    """The ids of all strength labels, strongest first."""
    return tuple(wording()["labels"])


def unit_word(unit: str) -> str:
    """A unit as it is printed: ``pp`` becomes its Chinese word, anything unknown stays as it is."""
    return str(wording()["unit"].get(unit, unit))


def ordinal(position: int) -> str:
    """The Chinese numeral of a position counted from 1 (up to 99)."""
    digits = word("numerals")
    tens, ones = divmod(position, 10)
    head = "" if tens == 0 else ("" if tens == 1 else digits[tens - 1]) + digits[9]
    return head + (digits[ones - 1] if ones else "")
