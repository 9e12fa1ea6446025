"""Several surveys of one report year: what one person answered in different files becomes one row."""

from __future__ import annotations

import pandas as pd

from analysis.intake.ledger import join_lines, row_lines

ANSWERER = ["person", "year"]
FILE = ["source_year", "source_file"]


def second_answers(rows: pd.DataFrame) -> pd.Series:
    """Whether a linked person has answered before in the same file and report year."""
    return rows["person"].notna() & rows.duplicated([*ANSWERER, *FILE])


def join_answers(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per linked person and report year, and a ledger line per answer that went into an earlier one.

    Of each variable the first value that is not missing counts, in the order in which the files are read; the
    row stands where the first answer stood. Answers of nobody known stay as they are.
    """
    is_several = rows["person"].notna() & rows.duplicated(ANSWERER, keep=False)
    if not is_several.any():
        return rows, join_lines([])
    answers = rows[is_several]
    is_later = answers.duplicated(ANSWERER)
    joined = answers.groupby(ANSWERER, sort=False).first().reset_index()
    joined.index = answers.index[~is_later]
    out = pd.concat([rows[~is_several], joined[rows.columns]]).sort_index().astype(rows.dtypes)
    return out.reset_index(drop=True), row_lines("answer_joined", answers[is_later], "survey")
