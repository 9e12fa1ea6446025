"""What a spreadsheet leaves of an identity number: fifteen digits and three zeros (domain 3.2, item 1).

The fifteen that are left hold place, day of birth and the first digit of the running number, so several people may
share them: a cut number says who somebody is only together with the name, and only where one person fits both.
"""

from __future__ import annotations

import pandas as pd

from analysis.intake.cleaning.identity import (
    KEPT_BY_SPREADSHEET,
    LOST_BY_SPREADSHEET,
)
from analysis.intake.ledger import row_lines
from analysis.intake.linking.people import look_up, one_person


def head_keys(heads: pd.Series, names: pd.Series) -> pd.Series:
    """The digits that survive and the name as one text; missing where one of them is not there."""
    return heads.astype("str") + "|" + names.astype("str").where(names != "")


def looks_cut(numbers: pd.Series) -> pd.Series:
    """Whether a whole number ends as a cut one would, its check digit fitting by chance."""
    return numbers.str.endswith(LOST_BY_SPREADSHEET).fillna(False).astype(bool)


def restore_numbers(rows: pd.DataFrame, table: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with cut numbers replaced by the one whole number of the same head and name; and the ledger.

    ``rows``: ``name_form``, ``person_number`` and, where any was cut, ``number_head``. A number that ends in zeros
    and fits its check digit is replaced only if somebody of that name has another number with the same head, the
    month of birth (where known) agrees, and the other number is on no row of that snapshot.
    """
    number = rows["person_number"].astype(object)
    is_doubtful = looks_cut(rows["person_number"])
    own = number.str.slice(0, KEPT_BY_SPREADSHEET)
    cut = rows["number_head"] if "number_head" in rows else own.where(is_doubtful & False)
    heads = own.where(is_doubtful, cut.astype(object))
    whole = number.where(~is_doubtful & number.notna())
    known = one_person(head_keys(whole.str.slice(0, KEPT_BY_SPREADSHEET), rows["name_form"]), whole)
    found = look_up(head_keys(heads, rows["name_form"]), known)
    is_found = found.notna() & _born_alike(rows, found) & _is_absent(rows["year"], number, found)
    out = rows.assign(person_number=number.where(~is_found, found).astype("str"))
    lines = row_lines("number_cut", rows[is_found], table, variable="person_number")
    return out, lines


def _is_absent(years: pd.Series, numbers: pd.Series, found: pd.Series) -> pd.Series:
    """Whether the number found is on no row of the same snapshot, nor found for two of its rows."""
    present = pd.MultiIndex.from_arrays([years[numbers.notna()], numbers.dropna()])
    claims = pd.DataFrame({"year": years, "number": found})
    is_there = pd.MultiIndex.from_frame(claims).isin(present)
    return ~is_there & ~claims.duplicated(keep=False)


def _born_alike(rows: pd.DataFrame, numbers: pd.Series) -> pd.Series:
    """Whether the month of birth, where it is known to the month, is the one in the number."""
    if "birth_month" not in rows:
        return pd.Series(True, index=rows.index)
    month = rows["birth_month"].astype(object)
    of_number = numbers.str.slice(6, 10) + "-" + numbers.str.slice(10, 12)
    is_known = month.str.len() >= len("1980-01")
    return ~(is_known.fillna(False).astype(bool) & (month.str.slice(0, 7) != of_number))
