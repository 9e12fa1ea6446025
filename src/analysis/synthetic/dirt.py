"""Which untidiness a delivery has, and how much of each: one switch an item.

Rates are shares of the rows or cells that an item can befall. Those that ``domain.md`` 6.6 states are marked;
the others are choices, small enough that nothing rests on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields

from analysis.errors import AnalysisError, ParameterError, nearest, raise_all

EVERY, NONE, WITHOUT = "all", "none", "-"


@dataclass(frozen=True)
class Dirt:
    """One rate for each item; 0 switches it off. Raises ParameterError for a rate that is no share."""

    ledger_doubles: float = 0.04  # 6.6: the county and the school report the same attendance
    pasted_lists: float = 0.02  # 6.6: of rows: a school lists its whole staff for one session
    unmatched_names: float = 0.03  # 6.6: a mistyped name; often the number is missing too
    truncated_ids: float = 0.015  # 6.6: a spreadsheet kept fifteen digits
    wrong_check_digits: float = 0.005  # 6.6
    blank_reasons: float = 0.15  # 6.6: never of those who retired or died
    speeders: float = 0.02  # 6.6
    straight_lines: float = 0.015  # 6.6
    retakes: float = 0.03  # 6.6: of the tested
    test_rows: float = 0.002  # of answers: somebody tried the form out
    second_answers: float = 0.01
    mixed_percents: float = 0.67  # of a percent column: not written as 0.45 but as 45 or 45%
    spaced_names: float = 0.015
    rare_characters: float = 0.6  # of names with a character that an office system cannot show
    full_width: float = 0.003
    odd_dates: float = 0.06
    impossible_births: float = 0.005
    hours_with_unit: float = 0.02
    blank_numbers: float = 0.03  # staff numbers left out in the ledger
    mistyped_numbers: float = 0.05  # staff numbers of the survey in lower case; blank or short ones

    def __post_init__(self) -> None:
        """Refuse what is no share."""
        raise_all(
            ParameterError("demo_bad_rate", item=item, asked=rate)
            for item, rate in asdict(self).items()
            if not 0 <= rate <= 1
        )

    @classmethod
    def of(cls, text: str) -> Dirt:
        """The dirt that an option asks for: ``all``, ``none``, the items wanted, or ``-item`` to leave out.

        Items stand between commas. Raises ParameterError (all problems at once) for an unknown item, and for
        items wanted and left out in one option.
        """
        words = [word.strip().replace("_", "-") for word in text.split(",") if word.strip()]
        raise_all(find_problems(text, words))
        named = [word.removeprefix(WITHOUT).replace("-", "_") for word in words]
        if words in ([EVERY], [NONE]):
            off = set(item_names()) if words == [NONE] else set()
        elif words[0].startswith(WITHOUT):
            off = set(named)
        else:
            off = set(item_names()) - set(named)
        return cls(**dict.fromkeys(off, 0.0))


def item_names() -> list[str]:
    """The items in the order of their switches."""
    return [field.name for field in fields(Dirt)]


def find_problems(text: str, words: list[str]) -> Iterator[AnalysisError]:
    """What is wrong with the words of an option, as errors not yet raised."""
    if words in ([EVERY], [NONE]):
        return
    items = [name.replace("_", "-") for name in item_names()]
    known = [EVERY, NONE, *items]
    for word in words:
        if word.removeprefix(WITHOUT) not in known:
            near = nearest(word.removeprefix(WITHOUT), known) or "-"
            names = ", ".join(known)
            yield ParameterError("demo_unknown_dirt", asked=word, nearest=near, known=names)
    is_mixed = len({word.startswith(WITHOUT) for word in words}) != 1
    if is_mixed or {EVERY, NONE} & {word.removeprefix(WITHOUT) for word in words}:
        yield ParameterError("demo_mixed_dirt", asked=text)
