"""This delivery beside last year's: rows, columns, categories and means that jumped, and probably did not in life."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from analysis.study.objects import Study, Variable

COLUMNS = ("year", "table", "what", "column", "code", "before", "now", "verdict")
ROW_RATIO = 1.25  # more, or fewer, rows than this ratio
SHARE_POINTS = 0.10  # of rows: a category, or missing values
MEAN_SPREADS = 0.5  # of last year's standard deviation
FEW_ROWS = 10  # below this a share says nothing, and might say too much of somebody
SAME, JUMPED, NEW, GONE = "same", "jumped", "new", "gone"
Line = tuple[int, str, str, str, str, float, float, str]


def compare_years(study: Study, tables: Mapping[str, pd.DataFrame], year: int) -> pd.DataFrame:
    """One row per thing compared between the deliveries of ``year`` and of the year before.

    ``what``: rows, column (share filled), category (share of its code) or mean; ``before`` and ``now`` in the
    unit of ``what``. A table that either year lacks has one row: it is ``new`` or ``gone``.
    """
    lines = [line for name in sorted(tables) for line in table_lines(study, name, tables, year)]
    return pd.DataFrame(lines, columns=list(COLUMNS))


def table_lines(
    study: Study, name: str, tables: Mapping[str, pd.DataFrame], year: int
) -> Iterator[Line]:
    """Everything compared of one table."""
    rows = tables[name]
    before, now = rows[rows["source_year"] == year - 1], rows[rows["source_year"] == year]
    if not _has_year(tables, year - 1):
        return  # a first delivery has nothing to be compared with
    yield row_line(name, len(before), len(now), year)
    if min(len(before), len(now)) < FEW_ROWS:
        return
    variables = {n: v for n, v in study.variables.items() if n in rows and name in v.tables}
    for variable in variables.values():
        yield from variable_lines(name, variable, before[variable.id], now[variable.id], year)


def _has_year(tables: Mapping[str, pd.DataFrame], year: int) -> bool:
    return any((rows["source_year"] == year).any() for rows in tables.values())


def row_line(name: str, before: int, now: int, year: int) -> Line:
    """How many rows there are."""
    verdict = NEW if not before else GONE if not now else SAME
    if before and now and not 1 / ROW_RATIO <= now / before <= ROW_RATIO:
        verdict = JUMPED
    return year, name, "rows", "", "", float(before), float(now), verdict


def variable_lines(
    name: str, variable: Variable, before: pd.Series, now: pd.Series, year: int
) -> Iterator[Line]:
    """One variable: how much of it is filled, and its categories or its mean where both years have it."""
    then, this = float(before.notna().mean()), float(now.notna().mean())
    if not then and not this:
        return
    verdict = NEW if not then else GONE if not this else _jump(then, this, SHARE_POINTS)
    told = [_unless_few(int(v.notna().sum()), float(v.notna().mean())) for v in (before, now)]
    yield year, name, "column", variable.id, "", told[0], told[1], verdict
    if not then or not this:
        return
    if variable.codes and variable.kind in ("category", "flag"):
        yield from category_lines(name, variable, before, now, year)
    elif variable.kind in ("number", "integer"):
        yield mean_line(name, variable, before, now, year)


def category_lines(
    name: str, variable: Variable, before: pd.Series, now: pd.Series, year: int
) -> Iterator[Line]:
    """The share of each code that occurs; of a code with few rows only that it is new or gone."""
    counts = [
        values.value_counts().reindex(variable.codes, fill_value=0) for values in (before, now)
    ]
    shares = [c / max(int(c.sum()), 1) for c in counts]
    hidden = [hide_few([(int(n),) for n in c]) for c in counts]
    shown = [s.mask(h) for s, h in zip(shares, hidden, strict=True)]
    for code in variable.codes:
        n, (then, this) = [int(c[code]) for c in counts], (float(s[code]) for s in shares)
        if any(n):
            verdict = NEW if not n[0] else GONE if not n[1] else _jump(then, this, SHARE_POINTS)
            told = [float(s[code]) for s in shown]
            yield year, name, "category", variable.id, code, told[0], told[1], verdict


def hide_few(parts: Sequence[Sequence[int]]) -> list[bool]:
    """Which parts of a whole to hide, each with one or more counts of rows.

    Those with one to nine rows, and of the others the smallest until nothing hidden can be told from the whole: at
    least two parts are hidden, and what is hidden of each count together is ten or more.
    """
    hidden = [any(0 < n < FEW_ROWS for n in part) for part in parts]
    while any(hidden) and _is_told(parts, hidden):
        others = [(min(n for n in part if n), at) for at, part in enumerate(parts) if any(part)]
        left = [(n, at) for n, at in others if not hidden[at]]
        if not left:
            break
        hidden[min(left)[1]] = True
    return hidden


def _is_told(parts: Sequence[Sequence[int]], hidden: Sequence[bool]) -> bool:
    """Whether the whole minus what is shown tells a part alone, or a count of one to nine."""
    inside = [part for part, is_hidden in zip(parts, hidden, strict=True) if is_hidden]
    return len(inside) < 2 or any(
        0 < sum(counts) < FEW_ROWS for counts in zip(*inside, strict=True)
    )


def mean_line(name: str, variable: Variable, before: pd.Series, now: pd.Series, year: int) -> Line:
    """The mean, beside last year's spread; of few rows in either year nothing is told."""
    if min(int(values.notna().sum()) for values in (before, now)) < FEW_ROWS:
        return year, name, "mean", variable.id, "", float("nan"), float("nan"), SAME
    then, this = (float(values.astype("float64").mean()) for values in (before, now))
    spread = float(before.astype("float64").std(ddof=1))
    limit = MEAN_SPREADS * spread if spread > 0 else 0.0
    return year, name, "mean", variable.id, "", then, this, _jump(then, this, limit)


def _unless_few(n_rows: int, share: float) -> float:
    """A share, unless it would be of so few rows that it might point at somebody."""
    return float("nan") if 0 < n_rows < FEW_ROWS else share


def _jump(before: float, now: float, limit: float) -> str:
    return JUMPED if abs(now - before) > limit else SAME
