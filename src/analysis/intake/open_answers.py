"""Questions a list leaves open: exits without a reason, and pilot schools without a date of joining."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from analysis.errors import messages
from analysis.intake.cleaning.cleaners import spellings_of
from analysis.intake.cleaning.text import compact
from analysis.intake.ledger import join_lines, row_lines
from analysis.intake.typed_rows import TypedRows
from analysis.study.objects import SchoolStart, Study

REASON = "exit_reason"
UNREAD = ("not_a_date", "out_of_range")


def note_open(study: Study, part: TypedRows) -> TypedRows:
    """The typed rows with a ledger line for every open question, and a sentence with their count and share."""
    if part.table == "exits" and REASON in part.frame:
        is_open = part.frame[REASON].isna()
        return _told(part, "reason_open", REASON, is_open)
    if part.table == "schools":
        for listed, start in pilot_columns(study):
            part = _pilots(study, part, listed, start)
    return part


def pilot_columns(study: Study) -> Iterator[tuple[str, str]]:
    """For every programme that schools join at a date: the variable that says who is listed, and the date."""
    for entry in study.interventions.values():
        rule = entry.exposure
        if isinstance(rule, SchoolStart) and rule.listed:
            yield rule.listed, rule.variable


def _pilots(study: Study, part: TypedRows, listed: str, start: str) -> TypedRows:
    """Schools on a list without a date are told; a date that cannot be read puts a school on the list."""
    rows = part.frame
    if start not in rows and listed not in rows:
        return part
    column = rows[listed] if listed in rows else pd.Series(None, index=rows.index, dtype="str")
    named = column.fillna(_said_in_date(study, part, listed, start)).astype("str")
    dated = rows[start].notna() if start in rows else pd.Series(False, index=rows.index)
    is_open = (named == "yes") & ~dated
    if not named.notna().any():
        return part
    return _told(
        replace(part, frame=rows.assign(**{listed: named})), "no_start_date", start, is_open
    )


def _said_in_date(study: Study, part: TypedRows, listed: str, start: str) -> pd.Series:
    """``yes`` or ``no`` where the column of dates holds words: no if they say so, else a school is listed."""
    spellings = spellings_of(study.variables[listed])
    lines = part.lines
    words = lines[(lines["variable"] == start) & lines["rule"].isin(UNREAD)]
    said = {
        int(row): "no" if spellings.get(compact(text)) == "no" else "yes"
        for row, text in zip(words["row"], words["found"], strict=True)
    }
    return part.frame["source_row"].map(said).astype("str")


def _told(part: TypedRows, rule: str, variable: str, is_open: pd.Series) -> TypedRows:
    """The rows with what is open told: a line each, and one sentence."""
    if not is_open.any():
        return part
    lines = row_lines(rule, part.frame[is_open], part.table, variable=variable)
    n_open, n_rows = int(is_open.sum()), len(is_open)
    fields = {"n_open": n_open, "share": f"{n_open / n_rows:.1%}"} if rule == "reason_open" else {}
    text = messages()[f"note_{rule}"]["zh"]
    note = text.format(file=part.file, n_rows=n_rows if fields else n_open, **fields)
    return replace(part, lines=join_lines([part.lines, lines]), notes=(*part.notes, note))
