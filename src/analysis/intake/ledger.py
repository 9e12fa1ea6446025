"""The ledger: one line per value changed or refused and per row dropped; nothing is silently repaired.

Columns: table, year (of the delivery), file, sheet, row, column (the header), variable, found, done, rule, kind, n.
``n`` counts identical repairs told in one line (``row`` is then the first of them). For identifying columns
``found`` and ``done`` hold the shape of a value (``digits:18``), never the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

import pandas as pd

from analysis.study.objects import Variable

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
IDENTIFYING = ("person_number", "name")
LONGEST = 80  # characters of a found text that are worth showing
_LONG_DIGITS = re.compile(
    r"\d{11,}[xX]?"
)  # a phone or identity number that stands in the wrong column
_RUNS = re.compile(
    r"(?P<digits>\d+)|(?P<letters>[A-Za-z]+)|(?P<spaces>\s+)|(?P<signs>[^\w\s]+)|(?P<chars>\w+)"
)

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
)
DROPPED = (
    "total_row",
    "note_row",
    "header_row",
    "vacant_post",
    "second_post",
    "repeated_row",
    "second_answer",
    "no_school",
    "after_report_year",
    "row_too_long",
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
    "row_too_short",
    "answer_joined",
)
KINDS: Mapping[str, str] = (
    dict.fromkeys(REPAIRED, "repaired")
    | dict.fromkeys(EMPTIED, "emptied")
    | dict.fromkeys(DROPPED, "dropped")
    | dict.fromkeys(NOTED, "noted")
)
ADDED_UP = (
    *REPAIRED,
    "user_missing",
    "not_asked",
    "skipped",
    "declared_missing",
    "nothing_word",
    "month_only",
    "school_unknown",
    "answer_joined",
)


def write_lines(rule: str | pd.Series, **fields: object) -> pd.DataFrame:
    """Ledger lines from parallel columns or constants; what is not given is empty, ``n`` is 1."""
    given = {"rule": rule, **fields}
    lengths = [len(v) for v in given.values() if isinstance(v, (pd.Series, list))]
    frame = pd.DataFrame(
        {k: v.to_numpy() if isinstance(v, pd.Series) else v for k, v in given.items()},
        index=range(lengths[0] if lengths else 1),
    )
    for column in COLUMNS:
        if column not in frame:
            frame[column] = 1 if column == "n" else 0 if column in ("row", "year") else ""
    frame["kind"] = frame["rule"].map(KINDS)
    return frame[list(COLUMNS)]


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
    lines = join_lines(parts)
    is_sum = lines["rule"].isin(ADDED_UP)
    out = pd.concat([lines[~is_sum], _add_up(lines[is_sum])], ignore_index=True)
    order = ["table", "year", "file", "sheet", "row", "column", "rule", "found"]
    return typed(out).sort_values(order, kind="stable").reset_index(drop=True)


def _add_up(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines alike in everything but the row, as one with the first row and the count."""
    same = [c for c in COLUMNS if c not in ("row", "n")]
    return lines.groupby(same, sort=False, as_index=False).agg(row=("row", "min"), n=("n", "sum"))


def typed(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines in their fixed column order and types."""
    numbers = dict.fromkeys(("year", "row", "n"), "int64")
    texts = {c: "str" for c in COLUMNS if c not in numbers}
    return lines[list(COLUMNS)].astype(numbers | texts)


@cache
def _no_lines() -> pd.DataFrame:
    return pd.DataFrame({c: [] for c in COLUMNS})


def shape(text: str) -> str:
    """What an identifying value looks like, without saying it: ``digits:17 letters:1``."""
    return " ".join(f"{m.lastgroup}:{len(m.group())}" for m in _RUNS.finditer(text))


def shown(variable: Variable | None, text: str) -> str:
    """A found text as the ledger may hold it: the shape for identifying columns, long digits masked elsewhere."""
    if variable is not None and variable.kind in IDENTIFYING:
        return shape(text)
    masked = _LONG_DIGITS.sub(lambda m: f"[{shape(m.group())}]", text)
    return masked if len(masked) <= LONGEST else masked[:LONGEST] + "..."
