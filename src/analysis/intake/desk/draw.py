"""Draws lots: everybody gets a number, and in each stratum the smallest numbers get the places.

Places go to strata in proportion to their applicants by largest remainders (Hamilton's method). Numbers come from the
raw output of PCG64, which numpy keeps the same in every version, in the order of the list: list and seed are the lot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import DataError, ParameterError

MIN_STRATUM = 2  # with one applicant there is nobody to compare with


@dataclass(frozen=True)
class Stratum:
    """One stratum of a lot: how many applied, and how many places it has."""

    name: str
    n_applicants: int
    n_places: int

    @property
    def is_compared(self) -> bool:
        """Whether both some were drawn and some were not."""
        return 0 < self.n_places < self.n_applicants


@dataclass(frozen=True)
class Lots:
    """The outcome: ``numbers`` (from 1, all different) and ``is_drawn`` in the order of the list, and the strata."""

    numbers: pd.Series
    is_drawn: pd.Series
    strata: tuple[Stratum, ...]


def draw_lots(groups: Sequence[str], order: Sequence[str], places: int, seed: int) -> Lots:
    """The lots of a list whose ``groups`` are the strata of its rows; ``order`` is how strata are listed.

    Raises ParameterError if no lot is needed or possible, DataError for a stratum that is too small.
    """
    check_places(len(groups), places)
    if seed < 0:
        raise ParameterError("draw_seed", found=seed)
    counts = Counter(groups)
    sizes = {name: counts[name] for name in order if name in counts}
    check_sizes(sizes)
    shares = share_places(sizes, places)
    check_shares(shares, places)
    numbers = lot_numbers(len(groups), seed)
    is_drawn = smallest_numbers(np.array(groups, dtype=object), numbers, shares)
    strata = tuple(Stratum(name, n, shares[name]) for name, n in sizes.items())
    return Lots(pd.Series(numbers), pd.Series(is_drawn), strata)


def smallest_numbers(
    groups: np.ndarray, numbers: np.ndarray, shares: Mapping[str, int]
) -> np.ndarray:
    """Per row whether its number is among the smallest of its stratum, as many as the stratum has places."""
    is_drawn: np.ndarray = np.zeros(len(groups), dtype=bool)
    by_number = np.argsort(numbers)
    for name, places in shares.items():
        is_drawn[by_number[groups[by_number] == name][:places]] = True
    return is_drawn


def check_places(n_applicants: int, places: int) -> None:
    """Raise ParameterError unless there are some places and fewer than applicants."""
    if places < 1:
        raise ParameterError("draw_no_place", found=places)
    if places >= n_applicants:
        raise ParameterError("draw_not_needed", places=places, applicants=n_applicants)


def check_sizes(sizes: Mapping[str, int]) -> None:
    """Raise DataError naming every stratum that has too few applicants for a lot."""
    small = [name for name, n in sizes.items() if n < MIN_STRATUM]
    if small:
        raise DataError("draw_small_stratum", strata=", ".join(small), least=MIN_STRATUM)


def check_shares(shares: Mapping[str, int], places: int) -> None:
    """Raise ParameterError naming strata without a place where there are fewer places than strata."""
    if places < len(shares):
        without = ", ".join(name for name, n in shares.items() if not n)
        facts = {"places": places, "n_strata": len(shares), "strata": without}
        raise ParameterError("draw_stratum_without_place", **facts)


def share_places(sizes: Mapping[str, int], places: int) -> dict[str, int]:
    """Places per stratum by largest remainders; among equal remainders the larger stratum, then the earlier one."""
    total = sum(sizes.values())
    shares = {name: places * n // total for name, n in sizes.items()}
    rest = {name: places * n % total for name, n in sizes.items()}
    by_claim = sorted(sizes, key=lambda name: (-rest[name], -sizes[name]))
    for name in by_claim[: places - sum(shares.values())]:
        shares[name] += 1
    return shares


def lot_numbers(n: int, seed: int) -> np.ndarray:
    """A number from 1 to ``n`` for each row of the list: the rank of its 64 random bits."""
    bits = np.random.PCG64(seed).random_raw(n)
    numbers: np.ndarray = np.empty(n, dtype=np.int64)
    numbers[np.argsort(bits, kind="stable")] = np.arange(1, n + 1)
    return numbers
