"""The ledger: one line per value changed or refused and per row dropped; nothing is silently repaired.

Columns: table, year (of the delivery), file, sheet, row, column (the header), variable, found, done, rule, kind, n.
``n`` counts identical repairs told in one line (``row`` is then the first of them). For identifying columns
``found`` and ``done`` hold the shape of a value (``digits:18``), never the value; see ``masking.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import pandas as pd

from analysis.intake.masking import IDENTIFYING as IDENTIFYING
from analysis.intake.masking import shape as shape
from analysis.intake.masking import shown as shown

COLUMNS = (
    "table",
    "year",
    "file",
    "sheet",
    "row",
    "column",
    "variable",
    "found",
    "done",
    "rule",
    "kind",
    "n",
)
NUMBERS = ("year", "row", "n")
_LEFT_OUT = dict.fromkeys(COLUMNS, "") | {"year": 0, "row": 0, "n": 1}

REPAIRED = (
    "spaces_width",
    "number_mark",
    "unit",
    "thousands",
    "percent",
    "duration",
    "date_form",
    "serial_date",
    "lost_zero",
    "fifteen_digits",
    "ambiguous_month",
    "school_by_name",
    "school_alias",
    "school_retyped",
    "letter_case",
    "other_text",
    "first_of_several",
    "zero_word",
    "chinese_numeral",
    "magnitude",
    "worded_number",
    "band_form",
    "date_order",
    "corrected",
    "double_encoded",
    "header_unit",
    "control_character",
    "merged_filled",
)
EMPTIED = (
    "unknown_spelling",
    "not_a_number",
    "other_unit",
    "not_whole",
    "out_of_range",
    "nothing_word",
    "not_a_date",
    "number_truncated",
    "check_digit_wrong",
    "wrong_length",
    "user_missing",
    "not_asked",
    "skipped",
    "declared_missing",
    "band_not_number",
    "not_a_band",
    "share_ambiguous",
    "impossible_pair",
)
DROPPED = (
    "total_row",
    "note_row",
    "header_row",
    "vacant_post",
    "not_in_post",
    "second_post",
    "repeated_row",
    "repeated_attendance",
    "listed_twice",
    "second_answer",
    "no_school",
    "after_report_year",
    "row_too_long",
    "test_row",
    "repeated_export",
)
NOTED = (
    "month_only",
    "other_document",
    "number_shared",
    "staff_number_shared",
    "ambiguous_name",
    "unlinked",
    "sheet_set_aside",
    "repeated_header",
    "assumed_teacher",
    "school_unknown",
    "number_cut",
    "school_renamed",
    "school_merged",
    "school_not_listed",
    "left_still_listed",
    "pasted_list",
    "row_too_short",
    "answer_joined",
    "unreadable_text",
    "options_joined",
    "half_header",
    "header_brackets",
    "long_text",
    "entries_overlap",
    "forms_disagree",
    "reason_open",
    "no_start_date",
    "unknown_option",
    "exclusive_option",
    "unusual_length",
    "ranking",
    "dates_reversed",
    "speeder",
    "straight_line",
    "left_open",
    "identical_answers",
    "skip_broken",
    "score_differs",
    "scale_direction",
    "retake",
    "confirmed",
)
KINDS: Mapping[str, str] = (
    dict.fromkeys(REPAIRED, "repaired")
    | dict.fromkeys(EMPTIED, "emptied")
    | dict.fromkeys(DROPPED, "dropped")
    | dict.fromkeys(NOTED, "noted")
)
ADDED_UP = (
    *(rule for rule in REPAIRED if rule != "corrected"),  # each is somebody's decision
    "user_missing",
    "not_asked",
    "skipped",
    "declared_missing",
    "nothing_word",
    "month_only",
    "school_unknown",
    "school_not_listed",
    "answer_joined",
    "ranking",
    "score_differs",
    "retake",
)


def write_lines(rule: str | pd.Series, **fields: object) -> pd.DataFrame:
    """Ledger lines from parallel columns or constants; what is not given is empty, ``n`` is 1."""
    given = {"rule": rule, **fields}
    lengths = [len(v) for v in given.values() if isinstance(v, (pd.Series, list))]
    size = lengths[0] if lengths else 1
    if not size:
        return _no_lines()
    columns = {c: _spread(given.get(c, _LEFT_OUT[c]), size, c) for c in COLUMNS if c != "kind"}
    columns["kind"] = columns["rule"].map(KINDS)
    return pd.DataFrame(columns, columns=list(COLUMNS))


def _spread(values: object, size: int, column: str) -> pd.Series:
    """One column of ledger lines from parallel values or a constant; texts stay plain objects until the end."""
    dtype = "int64" if column in NUMBERS else object
    if isinstance(values, pd.Series):
        values = values.to_numpy(dtype=dtype)
    return pd.Series(values, index=range(size), dtype=dtype)


def row_lines(
    rule: str | pd.Series, rows: pd.DataFrame, table: str, **fields: object
) -> pd.DataFrame:
    """One line per row of a typed table that still knows where it stood."""
    return write_lines(
        rule,
        table=table,
        year=rows["source_year"],
        file=rows["source_file"],
        sheet=rows["source_sheet"],
        row=rows["source_row"],
        **fields,
    )


def join_lines(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All lines of several parts, one under the other."""
    filled = [p for p in parts if not p.empty]
    return pd.concat(filled, ignore_index=True) if filled else _no_lines()


def close_ledger(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The finished ledger: identical repairs added up, in order of table, year, file, sheet, row and column."""
    out = add_up(join_lines(parts))
    order = ["table", "year", "file", "sheet", "row", "column", "rule", "found"]
    return typed(out).sort_values(order, kind="stable").reset_index(drop=True)


def add_up(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines with identical repairs told in one: alike in everything but the row, the first row and the count."""
    is_sum = lines["rule"].isin(ADDED_UP)
    return pd.concat([lines[~is_sum], _sum_up(lines[is_sum])], ignore_index=True)


def _sum_up(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines alike in everything but the row, as one."""
    same = [c for c in COLUMNS if c not in ("row", "n")]
    return lines.groupby(same, sort=False, as_index=False).agg(row=("row", "min"), n=("n", "sum"))


def typed(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines in their fixed column order and types."""
    numbers = dict.fromkeys(NUMBERS, "int64")
    texts = {c: "str" for c in COLUMNS if c not in numbers}
    return lines[list(COLUMNS)].astype(numbers | texts)


@cache
def _no_lines() -> pd.DataFrame:
    kinds = {c: "int64" if c in NUMBERS else object for c in COLUMNS}
    return pd.DataFrame({c: pd.Series([], dtype=kind) for c, kind in kinds.items()})
