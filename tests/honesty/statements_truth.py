"""What is true of a statement: the planted effect from ``truth.json``, all else from the clean twin's own measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from analysis.inference.record import Estimate
from tests.honesty.statements import Statement, numbers_of

NEWEST = ("ancova",)  # designs of the report year alone; all others average over their years
NOT_STATED = "truth not stated"


@dataclass(frozen=True)
class Truths:
    """``planted``: what ``truth.json`` says; ``told``: the report's records by id; ``twins``: the clean twin's."""

    planted: Mapping[str, Any]
    told: Mapping[str, Estimate]
    twins: Mapping[str, Estimate]


def judged(statements: Iterable[Statement], truths: Truths) -> Iterator[Statement]:
    """The statements with what is true of each, or with the reason why that is not known."""
    for one in statements:
        truth, reason = truth_of(one, truths)
        yield replace(one, truth=truth, reason=reason)


def truth_of(one: Statement, truths: Truths) -> tuple[float | None, str]:
    """The truth of one statement in the unit of its record; None with the reason if it is not known."""
    record = truths.told.get(one.source)
    if record is None:
        return None, f"no record: {one.source.split(':')[0]}"
    if not one.quantity:
        return None, f"no such number: {record.kind}"
    if one.kind == "effect":
        return planted_effect(record, truths.planted, one.quantity)
    twin = truths.twins.get(one.source)
    if twin is None:
        return None, f"no twin: {record.kind}"
    if one.quantity == "count":
        return float(twin.n_treated), ""
    found = numbers_of(twin).get(one.quantity)
    return (found, "") if found is not None else (None, f"the twin has no number: {record.kind}")


def planted_effect(
    record: Estimate, planted: Mapping[str, Any], quantity: str = "estimate"
) -> tuple[float | None, str]:
    """The planted effect of the exposed, averaged over the years that the design looks at, by their number.

    0 (a ratio: 1) where it is planted as nothing.
    """
    key = {"intervention": record.subject, "outcome": record.outcome}
    if key in planted["zeros"]:
        return (0.0 if quantity == "estimate" else 1.0), ""
    name = {"estimate": "effect", "ratio": "risk_ratio"}.get(quantity, "")
    rows = [
        row
        for row in planted["effects"]
        if key.items() <= row.items()
        and row["definition"] == record.definition
        and in_years(record, row["year"])
        and row.get(name) is not None
    ]
    base = sum(row["n_treated"] for row in rows)
    if not base:
        return None, NOT_STATED
    return sum(row["n_treated"] * row[name] for row in rows) / base, ""


def in_years(record: Estimate, year: int) -> bool:
    """Whether a design looks at the exposed of a report year."""
    if record.design in NEWEST:
        return year == record.year
    first = int(record.period[:4]) + 1 if record.period else 0
    return first <= year <= record.year
