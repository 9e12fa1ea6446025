"""How a table stands on the sheets of a workbook: title, headers over one or two rows, totals, notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.synthetic.paper.form import Form

TOTAL = "合计"
SHEET_NAME = 31  # characters; more Excel refuses
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
Cell = str | int | float | None
Merge = tuple[int, int, int, int]  # first row, first column, last row, last column, all from 0


@dataclass(frozen=True)
class Page:
    """One sheet: rows ``start`` to ``stop`` of the table between ``head`` and ``tail``.

    ``merges``: the cells of the head that are merged; their text stands in the first of them.
    """

    name: str
    start: int
    stop: int
    head: list[list[str]]
    merges: list[Merge]
    tail: list[list[Cell]]

    @property
    def n_rows(self) -> int:
        """Rows of the table on this sheet."""
        return self.stop - self.start


def form_table(form: Form, rows: pd.DataFrame) -> pd.DataFrame:
    """The columns of a form in their order, extra ones last; a row is a row of the file."""
    return rows[list(form.headers)].assign(**{f"extra {h}": text for h, text in form.extra.items()})


def leaf_headers(form: Form) -> list[str]:
    """The headers right above the cells."""
    return [*form.headers.values(), *form.extra]


def named_headers(form: Form) -> dict[str, str]:
    """Variable -> the header that names it in ``source.toml``: ``group/header`` where two headers are equal."""
    times = Counter(leaf_headers(form))
    named = {}
    for variable, header in form.headers.items():
        group = form.groups.get(variable, "")
        named[variable] = f"{group}/{header}" if group and times[header] > 1 else header
    return named


def plan_pages(form: Form, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Page]]:
    """The table in the order of its sheets, and these: one, or one per school in order of appearance."""
    head, merges = _head(form)
    if not form.per_school:
        tail = _tail(form, rows)
        return form_table(form, rows), [Page(form.sheet, 0, len(rows), head, merges, tail)]
    codes, schools = pd.factorize(rows["school_name"])
    ordered = rows.iloc[np.argsort(codes, kind="stable")]
    ends = np.bincount(codes, minlength=len(schools)).cumsum()
    pages = []
    for name, start, stop in zip(sheet_names(schools), [0, *ends[:-1]], ends, strict=True):
        tail = _tail(form, ordered.iloc[start:stop])
        pages.append(Page(name, int(start), int(stop), head, merges, tail))
    return form_table(form, ordered), pages


def sheet_names(texts: Sequence[str]) -> list[str]:
    """Names that Excel accepts, one per text: without its forbidden marks, short enough, no two alike."""
    out: list[str] = []
    taken: set[str] = set()
    for text in texts:
        plain = FORBIDDEN.sub("_", text).strip("'") or "_"
        name, count = plain[:SHEET_NAME], 1
        while name.lower() in taken:
            count += 1
            ending = f"({count})"
            name = plain[: SHEET_NAME - len(ending)] + ending
        taken.add(name.lower())
        out.append(name)
    return out


def _head(form: Form) -> tuple[list[list[str]], list[Merge]]:
    """The rows over the table: the title across all columns, then one row of headers or two."""
    leaves = leaf_headers(form)
    title = [[form.title, *[""] * (len(leaves) - 1)]] if form.title else []
    merges: list[Merge] = [(0, 0, 0, len(leaves) - 1)] if form.title and len(leaves) > 1 else []
    if not form.groups:
        return [*title, leaves], merges
    groups = [form.groups.get(variable, "") for variable in form.headers] + [""] * len(form.extra)
    upper, lower, more = _two_rows(leaves, groups, len(title))
    return [*title, upper, lower], [*merges, *more]


def _two_rows(
    leaves: list[str], groups: list[str], top: int
) -> tuple[list[str], list[str], list[Merge]]:
    """Upper and lower headers: a group across its columns, a header without a group over both rows."""
    upper, lower, merges = [""] * len(leaves), list(leaves), []
    starts = [k for k, group in enumerate(groups) if not (k and group and group == groups[k - 1])]
    for start, stop in zip(starts, [*starts[1:], len(leaves)], strict=True):
        upper[start] = groups[start] or leaves[start]
        if not groups[start]:
            lower[start] = ""
            merges.append((top, start, top + 1, start))
        elif stop - start > 1:
            merges.append((top, start, top, stop - 1))
    return upper, lower, merges


def _tail(form: Form, rows: pd.DataFrame) -> list[list[Cell]]:
    """The rows under the table: the totals, then the notes."""
    tail: list[list[Cell]] = []
    if form.totals:
        sums = [_sum(rows[v]) if v in form.totals else None for v in form.headers]
        tail.append([TOTAL, *sums[1:]])
    for note in form.notes:
        tail.append([note])
    return tail


def _sum(values: pd.Series) -> Cell:
    """A sum as a cell, whole where it is; a cell that is no number counts nothing, as in any spreadsheet."""
    total = float(pd.to_numeric(values, errors="coerce").sum())
    return int(total) if total.is_integer() else round(total, 2)
