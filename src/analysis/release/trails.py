"""The trail of every number: definition, counts, files and date in sight; design, checks and grade behind them."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.inference.grade import cost_of
from analysis.inference.record import Arm, Check, Estimate
from analysis.release.claims import SLOT, Claim, Trail
from analysis.release.described import amount_slot
from analysis.release.effects import is_pooled
from analysis.release.indicators import indicator_source
from analysis.release.numbers import difference_decimals, round_text, signed_text
from analysis.release.rows import estimand_text, population_text, rows_text, variants_text
from analysis.release.wording import join, phrase
from analysis.study.objects import POLICIES, Indicator, Study

MAX_FILES = 4
# records about the whole, and how their date is said
BACKGROUND = {"response": "date_survey", "linked": "date_survey", "self_rating": "date_survey",
              "anchor": "date_test"}  # fmt: skip


def make_trails(
    study: Study, estimates: dict[str, Estimate], claims: Iterable[Claim], as_of: str
) -> tuple[Trail, ...]:
    """One trail per estimate whose number stands in a sentence, numbered in order of first citation."""
    citing: dict[str, list[str]] = {}
    for claim in claims:
        for slot in claim.slots:
            citing.setdefault(slot.source, []).append(claim.id)
    return tuple(
        make_trail(study, estimates, estimates[id_], (n, as_of, tuple(dict.fromkeys(citing[id_]))))
        for n, id_ in enumerate(citing, 1)
    )


def make_trail(
    study: Study,
    estimates: dict[str, Estimate],
    estimate: Estimate,
    place: tuple[int, str, tuple[str, ...]],
) -> Trail:
    """The two visible lines (definition with counts, files with date) and the folded rest.

    ``place``: the trail's number, the date of the data, the claims that cite it.
    """
    number, as_of, citing = place
    visible = (
        ("definition", definition_text(study, estimate)),
        ("counts", counts_text(study, estimate)),
        ("files", files_text(estimate.files)),
        ("date", date_text(study, estimate, as_of)),
    )
    more = [
        ("population", population_text(study, estimate)),
        *folded(study, estimate),
        ("variants", variants_text(study, estimate, estimates)),
        ("rows", rows_text(estimate)),
        ("claims", phrase("trail", "claims_text", ids=join(citing))),
    ]
    return Trail(
        number=number,
        estimate=estimate.id,
        lines=tuple((phrase("trail", k), v) for k, v in visible),
        more=tuple((phrase("trail", k), v) for k, v in more if v),
    )


def files_text(files: tuple[str, ...]) -> str:
    """File names; a long row of them by its first and last and their number."""
    if len(files) <= MAX_FILES:
        return join(files) or phrase("tables", "not_in_data")
    text = phrase("trail", "files_many", first=files[0], last=files[-1])
    return fill(text, n=len(files))


def definition_text(study: Study, estimate: Estimate) -> str:
    """What the measured thing means."""
    if estimate.estimand in BACKGROUND:
        return estimand_text(estimate)
    if estimate.definition:
        return study.outcomes[estimate.outcome].definitions[estimate.definition].text
    described = next((i for i in indicators_of(study, estimate) if i.meaning), None)
    if described is not None:
        return described.meaning
    variable = study.variables[estimate.outcome]
    return variable.meaning or variable.label


def counts_text(study: Study, estimate: Estimate) -> str:
    """Numerator and denominator, or the people and schools on both sides."""
    arms = estimate.arms
    if estimate.design == "ratio":
        return ratio_counts(study, estimate)
    if estimate.design == "cells":
        return fill(phrase("trail", "counts_cells"), n=estimate.n_teachers)
    if "all" in arms:
        one = arms["all"]
        if one.level is None:
            return phrase("trail", "counts_hidden")
        key = "counts_mean" if one.n_events is None else "counts_rate"
        key = "counts_pairs" if estimate.estimand == "self_rating" else key
        if estimate.kind == "association":
            key = "counts_association"
        if estimate.is_weighted:
            key = "counts_mean_weighted" if one.n_events is None else "counts_weighted"
        if estimate.is_weighted and estimate.kind == "association":
            key = "counts_association_weighted"
        return fill(phrase("trail", key), n=one.n_teachers, events=one.n_events)
    if estimate.reason == "described":
        return fill(phrase("trail", "counts_described"), n=estimate.n_treated)
    pair = ("focus", "reference") if "focus" in arms else ("treated", "control")
    if not all(p in arms and arms[p].n_teachers for p in pair):
        return phrase("trail", "counts_hidden")
    return contrast_counts(estimate, (arms[pair[0]], arms[pair[1]]), side_names(study, estimate))


def contrast_counts(estimate: Estimate, sides: tuple[Arm, Arm], names: tuple[str, str]) -> str:
    """Both sides: of how many people (or teacher-years) in how many schools, and how many of them it counts."""
    pooled = is_pooled(estimate) and estimate.design not in POLICIES
    kind = "pooled" if pooled else "contrast"
    bases = [s.n_rows if pooled else s.n_teachers for s in sides]
    parts = []
    for side, base, name in zip(sides, bases, names, strict=True):
        has_events = side.n_events is not None and not estimate.is_weighted
        text = phrase(
            "trail", f"counts_{kind}_events" if has_events else f"counts_{kind}", side=name
        )
        parts.append(fill(text, n=base, schools=side.n_schools, events=side.n_events))
    return phrase("trail", f"counts_{kind}_both", a=parts[0], b=parts[1])


def indicators_of(study: Study, estimate: Estimate) -> list[Indicator]:
    """The indicator a record belongs to, if it is one of a problem."""
    name = estimate.id.removesuffix(":raw")
    return [i for p in study.problems.values() for i in p.indicators if f"{p.id}.{i.id}" == name]


def ratio_counts(study: Study, estimate: Estimate) -> str:
    """Both parts of a ratio with their units, or that they may not be listed."""
    points = {p.label: p.estimate for p in estimate.series.get("ratio", ())}
    found = indicators_of(study, estimate)
    if not found or not points:
        return phrase("trail", "counts_hidden")
    parts = {"numerator": found[0].numerator, "denominator": found[0].denominator}
    texts = {
        k: c.label + amount_slot(k, points[k] or 0.0, c, estimate.id).text
        for k, c in parts.items()
        if c is not None
    }
    return phrase("trail", "counts_ratio", **texts)


def side_names(study: Study, estimate: Estimate) -> tuple[str, str]:
    """The names of the two sides."""
    if estimate.kind == "effect":
        programme = study.interventions[estimate.subject]
        return programme.exposed_text, programme.comparison_text
    for indicator in indicators_of(study, estimate):
        return indicator.focus_text, indicator.reference_text
    return "", ""


def date_text(study: Study, estimate: Estimate, as_of: str) -> str:
    """The time the number is about."""
    if estimate.estimand in BACKGROUND:
        return fill(phrase("trail", BACKGROUND[estimate.estimand]), year=estimate.year)
    source = indicator_source(study, estimate)
    if source == "roster" and estimate.period:
        start, end = (day_text(d) for d in estimate.period.split("/"))
        return fill(phrase("trail", "date_year"), start=start, end=end)
    if source == "roster":
        return day_text(as_of)
    kind = {"assessments": "test", "ledger": "ledger"}.get(source, "survey")
    return fill(phrase("trail", f"date_{kind}"), year=estimate.year)


def day_text(day: str) -> str:
    """An ISO date as it is written in Chinese, or the text itself if it is none."""
    parts = day.split("-")
    if len(parts) != 3:
        return day
    year, month, date = (int(p) for p in parts)
    return fill(phrase("trail", "day"), year=year, month=month, date=date)


def folded(study: Study, estimate: Estimate) -> list[tuple[str, str]]:
    """Design, how people came to take part, interval, checks, grade."""
    lines = [("design", phrase("design", estimate.design))]
    if estimate.kind == "effect":
        lines.append(("assignment", phrase("assignment", estimate.assignment)))
    if estimate.ci_low is not None:
        lines.append(("interval", interval_text(estimate)))
    if estimate.left_out:
        lines.append(("left_out", join(covariate_labels(study, estimate))))
    if len(estimate.files) > MAX_FILES:
        lines.append(("all_files", join(estimate.files)))
    if estimate.checks:
        lines.append(("checks", join([check_text(estimate, c.name) for c in estimate.checks])))
    if estimate.kind != "level" and estimate.estimate is not None:
        lines.append(("grade", grade_text(estimate)))
    return lines


def covariate_labels(study: Study, estimate: Estimate) -> list[str]:
    """The labels of covariates that the data do not have."""
    return [study.variables[c].label for c in estimate.left_out]


def interval_text(estimate: Estimate) -> str:
    """The interval, and the adjusted one where several comparisons were made."""
    d = difference_decimals(estimate.ci_low, estimate.ci_high, estimate.estimate)
    low, high = (
        signed_text(v or 0.0, estimate.unit, d) for v in (estimate.ci_low, estimate.ci_high)
    )
    if estimate.ci_adj_low is None or estimate.n_family < 2:
        return fill(phrase("trail", "interval_single"), low=low, high=high)
    adjusted = (estimate.ci_adj_low, estimate.ci_adj_high)
    a, b = (signed_text(v or 0.0, estimate.unit, d) for v in adjusted)
    text = phrase("trail", "interval_text")
    return fill(text, low=low, high=high, family=estimate.n_family, adj_low=a, adj_high=b)


def check_text(estimate: Estimate, name: str) -> str:
    """One check: name, value and verdict."""
    check = next(c for c in estimate.checks if c.name == name)
    value = "" if check.value is None else f" {value_text(check)}"
    return f"{phrase('check', name)}{value} {phrase('check_verdict', check.verdict)}"


def value_text(check: Check) -> str:
    """A check's value: whole numbers whole, very small ones as such."""
    value = check.value or 0.0
    if float(value).is_integer():
        return round_text(value, 0)
    return phrase("trail", "tiny") if 0 < abs(value) < 0.005 else round_text(value, 2)


def grade_text(estimate: Estimate) -> str:
    """The grade, the ceiling it started from, and which lines cost what."""
    costs = cost_of(estimate.assignment, estimate.checks)
    named = join([phrase("check", c) for c in costs]) or phrase("trail", "costs_none")
    assignment = phrase("assignment", estimate.assignment)
    return phrase("trail", "grade_text", grade=estimate.grade, assignment=assignment, costs=named)


def fill(text: str, **values: object) -> str:
    """A phrase with its ``{slots}`` filled in."""
    return SLOT.sub(lambda m: str(values[m.group(1)]), text)
