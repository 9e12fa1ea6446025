"""The data check's tables on sums that disagree, on years, and on what changed since last year's delivery."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.intake.checking.comparison import SAME
from analysis.intake.delivery import Delivery
from analysis.release.check_sheet import make_table, rows_of, table_name
from analysis.release.claims import Table
from analysis.release.numbers import round_text
from analysis.release.trails import fill
from analysis.release.wording import phrase
from analysis.study.objects import Study

WHOLE = 0
MEAN_DIGITS = 2


def change_tables(study: Study, delivery: Delivery) -> Iterator[Table]:
    """The tables of sums, years and changes; one that would be empty is left out."""
    sums = tuple(sum_row(study, row) for row in rows_of(delivery, "sums"))
    yield from _table(delivery, "sums", sums, (False, False, True, True, False))
    years = tuple(year_row(row) for row in rows_of(delivery, "years"))
    yield from _table(delivery, "years", years, (False, False, True, True, True, False))
    found = tuple(r for r in rows_of(delivery, "comparison") if r["verdict"] != SAME)
    changes = tuple(change_row(study, row) for row in found)
    yield from _table(delivery, "comparison", changes, (False, False, False, True, True, False))


def _table(
    delivery: Delivery, name: str, rows: tuple[tuple[str, ...], ...], numeric: tuple[bool, ...]
) -> Iterator[Table]:
    if rows:
        yield make_table(delivery, name, rows, numeric)


def sum_row(study: Study, row: dict[str, object]) -> tuple[str, ...]:
    """One sum: what is compared, where, what was found and expected, and whether they agree."""
    place = (
        str(row["file"]) or phrase("tables", "not_applicable"),
        subject(study, str(row["subject"])),
    )
    name = phrase("check_name", str(row["check"]))
    numbers = (plain(row["found"]), plain(row["expected"]))
    return (name, phrase("check_sheet", "between").join(p for p in place if p), *numbers, said(row))


def subject(study: Study, text: str) -> str:
    """What a sum is of: the label of a variable or of a programme's code, behind the sheet it stands on."""
    *sheet, name = text.split(" / ")
    programme = study.variables.get("programme")
    if name in study.variables:
        name = study.variables[name].label
    elif programme is not None and name in programme.codes:
        name = programme.code_label(name)
    return " / ".join([*sheet, name])


def year_row(row: dict[str, object]) -> tuple[str, ...]:
    """One dated file: the year most of its rows lie in beside the year asked for."""
    counts = (str(row["found"]), str(row["n_dated"]), str(row["n_asked"]))
    return (table_name(str(row["table"])), str(row["file"]), *counts, said(row))


def change_row(study: Study, row: dict[str, object]) -> tuple[str, ...]:
    """One thing that changed: where, what of it, before and now, and how it changed."""
    variable = study.variables.get(str(row["column"]))
    column = variable.label if variable else phrase("tables", "not_applicable")
    if variable and row["code"]:
        column = fill(
            phrase("check_sheet", "category"),
            label=column,
            code=variable.code_label(str(row["code"])),
        )
    what = str(row["what"])
    values = tuple(measured(what, row[side]) for side in ("before", "now"))
    return (table_name(str(row["table"])), phrase("check_what", what), column, *values, said(row))


def measured(what: str, value: object) -> str:
    """A number in the unit of what is compared: rows, a share in per cent, a mean."""
    number = float(str(value))
    if number != number:
        return phrase("check_sheet", "few")
    if what == "rows":
        return round_text(number, WHOLE)
    if what == "mean":
        return round_text(number, MEAN_DIGITS)
    return fill(phrase("check_sheet", "percent"), share=round_text(100 * number, 1))


def plain(value: object) -> str:
    """A sum as written: whole where it is whole."""
    number = float(str(value))
    return round_text(number, WHOLE if number.is_integer() else 1)


def said(row: dict[str, object]) -> str:
    """The verdict in words."""
    return phrase("change_verdict", str(row["verdict"]))
