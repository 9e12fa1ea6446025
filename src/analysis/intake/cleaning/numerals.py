"""Numbers in Chinese characters, as people write ages and years."""

from __future__ import annotations

from functools import cache

from analysis.intake.cleaning.words import words

YEAR_LENGTH = 4
SHORTENED_FROM = (
    100  # a digit right behind such a place leaves a place out: three-thousand-five is 3500 or 3005
)


@cache
def numeral_characters() -> str:
    """Every character that a number in words may be made of."""
    return "".join([*words().numerals.digits, *words().numerals.places])


def read_numeral(text: str) -> int | None:
    """The whole number that a text of nothing but numerals says, digit by digit or with places; None otherwise.

    Two or three digits in a row without a zero are a guess (one or two, two or three) and no number.
    """
    numerals = words().numerals
    if not text or set(text) - set(numeral_characters()):
        return None
    if not set(text) & set(numerals.places):
        return _digit_by_digit(text)
    return _with_places(text)


def _digit_by_digit(text: str) -> int | None:
    """A single digit, or digits in a row that can be nothing but a number: with a zero, or as many as a year has."""
    numerals = words().numerals
    is_number = len(text) >= YEAR_LENGTH or any(numerals.digits[c] == 0 for c in text)
    if len(text) > 1 and (not is_number or set(text) & set(numerals.never_in_a_row)):
        return None
    return int("".join(str(numerals.digits[c]) for c in text))


def _with_places(text: str) -> int | None:
    """A number such as two-hundred-one-ten-three: places must fall from left to right; None if they do not."""
    numerals = words().numerals
    total, digit, last, has_zero = 0, None, max(numerals.places.values()) + 1, False
    for character in text:
        if character in numerals.digits:
            if digit:  # two digits in a row are no number with places
                return None
            has_zero, digit = digit == 0, numerals.digits[character]
            continue
        place = numerals.places[character]
        if place >= last:
            return None
        total, digit, last = total + (1 if digit is None else digit) * place, None, place
    return None if digit and last >= SHORTENED_FROM and not has_zero else total + (digit or 0)
