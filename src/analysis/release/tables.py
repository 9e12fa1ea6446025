"""The tables of the report: definitions, programmes, comparisons; cells as text, never empty."""

from __future__ import annotations

from analysis.inference.record import Estimate
from analysis.release.claims import Table
from analysis.release.effects import label_of, reason_text
from analysis.release.numbers import (
    difference_decimals,
    level_text,
    round_text,
    size_text,
)
from analysis.release.trails import files_text, fill
from analysis.release.wording import phrase, wording, words
from analysis.study.objects import Study

MINUS = "\u2212"
PARTS_NUMERIC = (False, True, True, True, False)


def definitions_table(
    study: Study, estimates: dict[str, Estimate], region: str, year: int
) -> Table:
    """Every outcome under every definition, this year and last."""
    rows = tuple(
        definition_row(study, estimates, outcome.id, name, year)
        for outcome in study.outcomes.values()
        for name in outcome.definitions
    )
    title = fill(phrase("tables", "definitions_title", region=region), year=year)
    numeric = (False, False, True, True, True)
    shown = [
        e for k, e in estimates.items() if k.startswith("level:") and year - 1 <= e.year <= year
    ]
    return Table(
        "definitions", title, words("tables", "definitions_heads"), rows, numeric,
        unit_line=phrase("tables", "unit_cells"), notes=(phrase("tables", "definitions_note"),),
        source=sources(shown),
    )  # fmt: skip


def sources(estimates: list[Estimate]) -> str:
    """The files of several estimates, each once; many by first and last."""
    return files_text(tuple(dict.fromkeys(f for e in estimates for f in e.files)))


def definition_row(
    study: Study, estimates: dict[str, Estimate], outcome: str, definition: str, year: int
) -> tuple[str, ...]:
    """One definition: its name and rule, the level this year and last, and the base."""
    entry = study.outcomes[outcome].definitions[definition]
    now = estimates.get(f"level:{outcome}:{definition}:{year}")
    before = estimates.get(f"level:{outcome}:{definition}:{year - 1}")
    base = str(now.n_teachers) if now and now.n_teachers else phrase("tables", "not_in_data")
    return (entry.label, entry.text, level_cell(now), level_cell(before), base)


def level_cell(estimate: Estimate | None) -> str:
    """A level as a cell: its value, the sign for hidden, or the sign for not in the data."""
    if estimate is None:
        return phrase("tables", "not_in_data")
    if estimate.reason == "hidden":
        return phrase("tables", "hidden")
    if estimate.estimate is None:
        return phrase("tables", "not_in_data")
    return level_text(estimate.estimate, estimate.unit, estimate.n_teachers)


def measures_table(study: Study, effects: list[Estimate], region: str, year: int) -> Table:
    """Every programme: compared, only described, or not in the data."""
    rows = tuple(measure_row(study, e) for e in effects)
    title = fill(phrase("tables", "measures_title", region=region), year=year)
    numeric = (False, False, False, True, False)
    return Table("measures", title, words("tables", "measures_heads"), rows, numeric)


def measure_row(study: Study, estimate: Estimate) -> tuple[str, ...]:
    """One programme and outcome: what was done with it and why."""
    programme = study.interventions[estimate.subject]
    outcome = study.outcomes[estimate.outcome]
    status, note = status_and_note(estimate, outcome.missing_file)
    n = str(estimate.n_treated) if estimate.n_treated else phrase("tables", "not_in_data")
    return (programme.label, outcome.label, phrase("tables", status), n, note)


def status_and_note(estimate: Estimate, missing_file: str) -> tuple[str, str]:
    """How a programme was treated, and the reason or the design."""
    if estimate.reason == "described":
        return "status_described", phrase("assignment", estimate.assignment)
    if estimate.estimate is None:
        return "status_no_data", reason_text(estimate.reason, missing_file)
    return "status_evaluated", phrase("design", estimate.design)


def effects_table(study: Study, effects: list[Estimate], region: str, year: int) -> Table:
    """Every comparison with its range, people, smallest visible change and label."""
    rows = tuple(effect_row(study, e) for e in effects if e.estimate is not None)
    title = fill(phrase("tables", "effects_title", region=region), year=year)
    numeric = (False, False, True, True, True, False)
    return Table(
        "effects", title, words("tables", "effects_heads"), rows, numeric,
        unit_line=phrase("tables", "unit_cells"), source=sources(effects),
    )  # fmt: skip


def effect_row(study: Study, estimate: Estimate) -> tuple[str, ...]:
    """One comparison."""
    programme = study.interventions[estimate.subject]
    outcome = study.outcomes[estimate.outcome]
    treated, control = estimate.arms.get("treated"), estimate.arms.get("control")
    sizes = [
        str(a.n_teachers) if a and a.n_teachers else phrase("tables", "hidden")
        for a in (treated, control)
    ]
    return (
        f"{programme.label}{phrase('trail', 'list_stop')}{outcome.label}",
        programme.comparison_text,
        range_cell(estimate),
        "/".join(sizes),
        size_text(estimate.mde or 0.0, estimate.unit, 1),
        wording()["labels"][label_of(estimate)]["word"],
    )


def range_cell(estimate: Estimate) -> str:
    """Estimate first, then the range, with the unit and true minus signs."""
    if estimate.estimate is None or estimate.ci_low is None or estimate.ci_high is None:
        return phrase("tables", "not_in_data")
    d = difference_decimals(estimate.ci_low, estimate.ci_high, estimate.estimate)
    numbers = [round_text(v, d) for v in (estimate.estimate, estimate.ci_low, estimate.ci_high)]
    value, low, high = (n.replace("-", MINUS) for n in numbers)
    return wording()["page"]["range_cell"].format(estimate=value, low=low, high=high) + phrase(
        "unit", estimate.unit
    )


def parts_table(study: Study, subject: str, parts: list[Estimate], region: str) -> Table:
    """One programme within each population of a survey; a population that was never asked says so."""
    programme = study.interventions[subject]
    rows = tuple(part_row(study, e) for e in parts)
    measure = study.outcomes[parts[0].outcome].measure
    named = {"programme": programme.label, "measure": measure, "region": region}
    title = fill(phrase("tables", "parts_title", **named), year=parts[0].year)
    table_id = f"parts-{subject}-{parts[0].outcome}".replace("_", "-")
    return Table(
        table_id, title, words("tables", "parts_heads"), rows, PARTS_NUMERIC,
        unit_line=phrase("tables", "unit_cells"), source=sources(parts),
    )  # fmt: skip


def part_row(study: Study, estimate: Estimate) -> tuple[str, ...]:
    """One population."""
    labels = study.variables["survey_stratum"].codes
    name = labels[estimate.population][0] if estimate.population in labels else estimate.population
    label = wording()["labels"][label_of(estimate)]["word"]
    if estimate.estimate is None:
        blank = phrase("tables", "not_in_data")
        return (name, blank, phrase("tables", "status_no_data"), blank, label)
    mde = size_text(estimate.mde or 0.0, estimate.unit, 1)
    return (name, str(estimate.n_teachers), range_cell(estimate), mde, label)
