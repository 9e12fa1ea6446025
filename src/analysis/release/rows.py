"""The rows of ``estimates.csv`` in words: what is estimated, of whom, the other definitions, and what was hidden."""

from __future__ import annotations

from analysis.inference.record import Estimate
from analysis.release.numbers import level_text
from analysis.release.wording import join, phrase, wording
from analysis.study.objects import Study

# the columns a record repeats from its row, in this order, as far as they hold something
SHOWN = ("estimate", "ci_low", "ci_high", "ci_adj_low", "ci_adj_high", "p_adjusted", "ratio", "mde",
         "n_teachers", "n_schools", "n_treated", "reason")  # fmt: skip
JUDGED = ("grade", "verdict")
DIGITS = 4  # significant digits of a number in a record
COUNTS = ("n_teachers", "n_schools", "n_treated", "n_treated_schools", "n_control_schools")
SIDELESS = ("ratio", "cells", "drivers")  # designs of which an arm holds only who was counted
ARM_COUNTS = ("n_teachers", "n_schools", "n_rows")


def estimand_text(estimate: Estimate) -> str:
    """What the number is of, in one sentence."""
    return phrase("estimand", estimate.estimand)


def population_text(study: Study, estimate: Estimate) -> str:
    """Of whom: the population of the record, else of its definition, else everybody in post."""
    strata = study.variables["survey_stratum"].codes if "survey_stratum" in study.variables else {}
    if estimate.kind == "level" and estimate.id.startswith("trend:"):
        programme = study.interventions[estimate.subject]
        sides = {"treated": programme.exposed_text, "control": programme.comparison_text}
        return sides[estimate.population]
    if estimate.population in strata:
        return strata[estimate.population][0]
    return estimate.population or phrase("level", "all_teachers")


def variants_text(study: Study, estimate: Estimate, estimates: dict[str, Estimate]) -> str:
    """The levels of the same outcome and year under the other definitions; empty for what has only one."""
    if estimate.definition == "" or not estimate.id.startswith("level:"):
        return ""
    found = []
    for rule in study.outcomes[estimate.outcome].definitions.values():
        other = estimates.get(f"level:{estimate.outcome}:{rule.id}:{estimate.year}")
        if rule.id == estimate.definition or other is None or other.estimate is None:
            continue
        value = level_text(other.estimate, other.unit, other.n_teachers)
        found.append(phrase("trail", "variant", label=rule.label, value=value))
    return join(found)


def rows_text(estimate: Estimate) -> str:
    """The row of ``estimates.csv`` that the number stands in, with its columns."""
    judged = () if estimate.kind == "level" else JUDGED  # a level has no design to be judged
    row = {k: getattr(estimate, k) for k in (*SHOWN, *judged)}
    told = (
        phrase("trail", "column", name=k, value=plain(v))
        for k, v in row.items()
        if v is not None and v != "" and not (k in COUNTS and v == 0)
    )
    return phrase("trail", "rows_text", id=estimate.id, columns=join(list(told)))


def plain(value: object) -> str:
    """A value as it stands in the table, numbers shortened."""
    return f"{value:.{DIGITS}g}" if isinstance(value, float) else str(value)


def csv_row(study: Study, region: str, estimate: Estimate) -> dict[str, object]:
    """One flat row for ``estimates.csv``: region and estimand in words, hidden counts empty and never 0.

    ``hidden``: what is not shown for small numbers: ``all``, the sides, or nothing.
    """
    row = estimate.as_row()
    hidden = masked_parts(estimate)
    for name in hidden:
        row |= dict.fromkeys(
            (f"{name}_{k}" for k in (*ARM_COUNTS, "n_events", "level", "std_error")), ""
        )
    if hidden:
        row |= {k: "" for k in (*COUNTS, "n_dropped") if row[k] == 0}
    places = wording()["page"]
    first = {"id": row.pop("id"), "region": region, "estimand_text": estimand_text(estimate)}
    told = "; ".join(hidden) if hidden else places["cell_na"]
    return first | {"hidden": told, "population_text": population_text(study, estimate)} | row


def masked_parts(estimate: Estimate) -> tuple[str, ...]:
    """The sides of an estimate that are hidden; ``all`` where nothing may be shown.

    What is counted without sides (ratios, cells, the dimension that drives a gap) has no level of a side to hide.
    """
    if estimate.design in SIDELESS:
        return ("all",) if estimate.reason == "hidden" else ()
    parts = tuple(n for n, a in estimate.arms.items() if a.level is None)
    return parts or (("all",) if estimate.reason == "hidden" else ())
