"""One file of a delivery, described: which table it holds, under which headers, in which format."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Form:
    """One file of a delivery; the suffix of ``file`` says how it is written (.csv, .xlsx, .xls).

    ``headers``: variable -> header, in the order of the columns. ``extra``: headers of columns that say the same
    in every row, and what; ``unmapped``: columns among ``headers`` that are no variable. ``encoding`` is for .csv. ``answers``: variable -> spelling -> code, for spellings that
    the study does not know. ``totals``: variables summed in a 合计 row under the table. ``groups``:
    variable -> upper header of a header over two rows; a variable without one is merged down.
    ``per_school``: one sheet per school, named after column ``school_name`` of the entries; ``sheet`` is then
    not used. ``notes``: lines under the table, as 填表人 and 审核人.
    """

    table: str
    file: str
    headers: dict[str, str]
    sheet: str = ""
    title: str = ""
    encoding: str = ""
    snapshot: dt.date | None = None
    extra: dict[str, str] = field(default_factory=dict)
    unmapped: tuple[str, ...] = ()
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    totals: tuple[str, ...] = ()
    groups: dict[str, str] = field(default_factory=dict)
    per_school: bool = False
    notes: tuple[str, ...] = ()
