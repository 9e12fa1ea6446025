"""The checks of an estimate in words: what was found, what is required, the verdict, what it cost and what it means."""

from __future__ import annotations

from analysis.inference.grade import CEILING, cost_of
from analysis.inference.record import Check, Estimate
from analysis.release.check_details import covariate_label, more_text
from analysis.release.claims import Table
from analysis.release.disclosure import COUNTING
from analysis.release.effects import label_of, names_of
from analysis.release.numbers import difference_decimals, round_text, size_text
from analysis.release.trails import fill
from analysis.release.wording import join, phrase, wording, words
from analysis.study.objects import Study

MINUS = "\u2212"
# How a check's value is printed; a check without an entry cannot be worded, and a test says so.
KINDS: dict[str, str] = {
    "exposure_before_outcome": "share",
    "clusters": "count",
    "base": "count",
    "mde": "size",
    "jackknife_agrees": "ratio",
    "wild_bootstrap": "p",
    "randomisation": "p",
    "leave_one_out": "ratio",
    "missingness": "share_gap",
    "separation": "count",
    "balance": "ratio",
    "overlap": "share",
    "robustness_value": "share",
    "e_value": "ratio",
    "pre_period": "p",
    "concurrent": "count",
    "multiplicity": "p",
    "one_score": "count",
    "honest_did": "ratio",
    "estimator_agreement": "ratio",
    "twfe_weights": "ratio",
    "placebo_date": "p",
    "placebo_outcome": "p",
    "specification_curve": "share",
    "specifications": "share",
    "design_effect": "ratio",
    "required": "count",
    "singularity": "share",
}
MAX_NAMES = 4
FEW_LEADS, OPEN = (
    "fewer than two leads",
    "interval covers 0",
)  # details of pre_period and honest_did


def checks_table(study: Study, estimate: Estimate, region: str) -> Table:
    """All checks of one estimate, and under them how the grade came about."""
    rows = tuple(check_row(study, estimate, c) for c in estimate.checks)
    names = names_of(study, estimate)
    told = {"programme": names["programme"], "measure": names["measure"], "region": region}
    return Table(
        f"checks-{estimate.id}".replace(":", "-").replace("_", "-"),
        fill(phrase("tables", "checks_title", **told), year=estimate.year),
        words("tables", "checks_heads"),
        rows,
        (False,) * 6,
        notes=check_notes(estimate),
    )


def check_row(study: Study, estimate: Estimate, check: Check) -> tuple[str, ...]:
    """One check: its name, what was found and required, verdict, cost, meaning."""
    return (
        phrase("check", check.name),
        found_text(study, estimate, check),
        phrase("check_needs", check.name),
        phrase("check_verdict", check.verdict),
        cost_text(check),
        meaning_text(check),
    )


def found_text(study: Study, estimate: Estimate, check: Check) -> str:
    """What was found, with number and unit; a hidden count and a value that could not be had say so."""
    what = what_text(study, estimate, check)
    if check.value is None and check.verdict == "not_run":
        return phrase("check_found", "not_run", what=what)
    if check.value is None and check.name in COUNTING:
        return phrase("check_found", "hidden")
    if check.value is None and check.name != "required":
        return phrase("check_found", "nothing", what=what)
    value = value_text(estimate, check)
    found = fill(phrase("check_found", found_key(check), what=what), value=value)
    return found + more_text(study, estimate, check)


def found_key(check: Check) -> str:
    """The phrase of what was found; some values need another: too few pre-years are a count instead of a p."""
    if is_lead_count(check):
        return "pre_period_few"
    if check.name == "honest_did" and not check.value:
        return "honest_did_open" if OPEN in check.detail else "honest_did_none"
    return check.name


def is_lead_count(check: Check) -> bool:
    """Whether a check of the pre-years holds their number, because there were too few to test."""
    return check.name == "pre_period" and check.detail == FEW_LEADS


def value_text(estimate: Estimate, check: Check) -> str:
    """The value of a check as it is printed, by its kind."""
    value, kind = check.value or 0.0, KINDS[check.name]
    if kind == "count" or is_lead_count(check):
        return round_text(value or float(len(named_in(check))), 0)
    if kind == "share":
        return share_text(value)
    if kind == "share_gap":
        return size_text(100 * value, "pp", difference_decimals(None, None, 100 * value))
    if kind == "size":
        return size_text(value, estimate.unit, 2 if abs(value) < 1 else 1)
    return p_text(value) if kind == "p" else ratio_text(value)


def share_text(value: float) -> str:
    """A share in per cent: whole numbers, but never 0 or 100 for one that is not exactly so."""
    percent, decimals = 100 * value, 0
    while decimals < 3 and 0 < percent < 100 and float(round_text(percent, decimals)) in (0, 100):
        decimals += 1
    return round_text(percent, decimals) + phrase("unit", "percent")


def p_text(value: float) -> str:
    """A p-value with two decimals; a very small one as such."""
    return phrase("trail", "tiny") if 0 <= value < 0.005 else round_text(value, 2)


def ratio_text(value: float) -> str:
    """A bare number with two decimals and a true minus sign."""
    return round_text(value, 2).replace("-", MINUS)


def what_text(study: Study, estimate: Estimate, check: Check) -> str:
    """The things a check names in brackets: programmes, a condition, missing checks; empty if it names none."""
    names = [n for d in named_in(check) if (n := name_of(study, estimate, check, d))]
    told = names[:MAX_NAMES] or detail_words(check)
    return phrase("check_found", "what", names=join(told)) if told else ""


def detail_words(check: Check) -> list[str]:
    """A check's detail as one phrase; empty for one that is numbers, which the table does not show."""
    key = check.detail.replace(" ", "_")
    return [phrase("check_detail", key)] if key in wording()["check_detail"] else []


def named_in(check: Check) -> list[str]:
    """The ids in a check's detail."""
    return [part.strip() for part in check.detail.split(",") if part.strip()]


def name_of(study: Study, estimate: Estimate, check: Check, id_: str) -> str:
    """The Chinese name of one id in a detail; empty for a detail that is no id."""
    definitions = study.outcomes[estimate.outcome].definitions
    if check.name == "one_score" and id_ in definitions:
        return definitions[id_].label
    if check.name == "concurrent":
        return study.interventions[id_].label
    if check.name == "required":
        return phrase("check", id_)
    return covariate_label(study, id_) if check.name == "balance" else ""


def meaning_text(check: Check) -> str:
    """One plain sentence on what the verdict means; a caution without its own sentence takes that of a failure."""
    if check.verdict == "not_run":
        is_free = cost_text(check) == phrase("tables", "cost_none")
        return phrase("check_meaning", "not_needed" if is_free else "not_run")
    own = f"{check.name}_{check.verdict}"
    return phrase(
        "check_meaning", own if own in wording()["check_meaning"] else f"{check.name}_fail"
    )


def cost_text(check: Check) -> str:
    """What a check cost the grade."""
    if check.blocks:
        return phrase("tables", "cost_block")
    parts = [fill(phrase("tables", "cost_cap"), cap=check.cap)] if check.cap else []
    if check.steps == 1:
        parts.append(phrase("tables", "cost_step"))
    elif check.steps:
        parts.append(fill(phrase("tables", "cost_steps"), steps=check.steps))
    return join(parts) or phrase("tables", "cost_none")


def check_notes(estimate: Estimate) -> tuple[str, ...]:
    """How the grade came about, what the error rests on, and what was done in place of the first choice."""
    found = [grade_note(estimate)]
    if estimate.std_error_kind:
        kind = phrase("std_error_kind", estimate.std_error_kind)
        found.append(phrase("appendix", "note_std_error", kind=kind))
    if estimate.note:
        found.append(phrase("appendix", "note_instead", what=phrase("instead", estimate.note)))
    return tuple(found)


def grade_note(estimate: Estimate) -> str:
    """The ceiling of the assignment, the checks that cost something, and the grade they leave."""
    names = [phrase("check", c) for c in cost_of(estimate.assignment, estimate.checks)]
    costs = phrase("appendix", "note_costs", names=join(names)) if names else ""
    text = phrase(
        "appendix",
        "note_grade",
        assignment=phrase("assignment", estimate.assignment),
        costs=costs or phrase("appendix", "note_no_costs"),
        label=wording()["labels"][label_of(estimate)]["word"],
    )
    return fill(text, ceiling=CEILING[estimate.assignment], grade=estimate.grade)
