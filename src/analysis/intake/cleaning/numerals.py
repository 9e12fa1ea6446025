"""Numbers in Chinese characters, as people write ages and years."""

from __future__ import annotations

from functools import cache

from analysis.intake.cleaning.words import words


@cache
def numeral_characters() -> str:
    """Every character that a number in words may be made of."""
    return "".join([*words().numerals.digits, *words().numerals.places])


def read_numeral(text: str) -> int | None:
    """The whole number that a text of nothing but numerals says, digit by digit or with places; None otherwise."""
    numerals = words().numerals
    if not text or set(text) - set(numeral_characters()):
        return None
    if not set(text) & set(numerals.places):
        return int("".join(str(numerals.digits[c]) for c in text)) if text else None
    return _with_places(text)


def _with_places(text: str) -> int | None:
    """A number such as two-hundred-one-ten-three: places must fall from left to right; None if they do not."""
    numerals = words().numerals
    total, digit, last = 0, None, max(numerals.places.values()) + 1
    for character in text:
        if character in numerals.digits:
            if digit:  # two digits in a row are no number with places
                return None
            digit = numerals.digits[character]
            continue
        place = numerals.places[character]
        if place >= last:
            return None
        total, digit, last = total + (1 if digit is None else digit) * place, None, place
    return total + (digit or 0)
