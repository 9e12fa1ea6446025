"""The tables of an appendix: definitions, sample flow, what sensitivity says, what the data could have detected."""

from __future__ import annotations

from analysis.inference.record import Check, Estimate, Point
from analysis.release.check_details import more_text
from analysis.release.check_words import share_text
from analysis.release.claims import Table
from analysis.release.disclosure import FLOW
from analysis.release.effects import names_of
from analysis.release.numbers import difference_decimals, round_text, size_text
from analysis.release.tables import MINUS, definition_row
from analysis.release.trails import fill
from analysis.release.wording import phrase, wording, words
from analysis.study.objects import Outcome, Study

PART_OF_WHOLE = "exposed"  # the step of a flow that counts a part of what is left
UNMEASURED = ("robustness_value", "e_value")  # checks that stand in the sensitivity table too


def variants_table(
    study: Study, outcome: Outcome, used: str, shown: dict[str, Estimate], region: str, year: int
) -> Table:
    """Every definition of one outcome: what it counts, its level this year and last; the one in use is marked."""
    rows = []
    for name in outcome.definitions:
        label, *rest = definition_row(study, shown, outcome.id, name, year)
        is_used = name == used
        rows.append(
            (phrase("appendix", "definitions_used", label=label) if is_used else label, *rest)
        )
    title = phrase("appendix", "definitions_title", region=region, measure=outcome.label)
    return Table(
        f"variants-{outcome.id}".replace("_", "-"),
        fill(title, year=year),
        words("appendix", "definitions_heads"),
        tuple(rows),
        (False, False, True, True, True),
        notes=(phrase("appendix", "definitions_note"),),
    )


def detectable_table(
    study: Study, outcome: Outcome, effects: list[Estimate], region: str, year: int
) -> Table:
    """The smallest change this year's data could have shown beside the change that matters, by programme."""
    title = phrase("appendix", "detectable_title", region=region, measure=outcome.label)
    rows = tuple(detectable_row(study, e) for e in effects)
    return Table(
        f"detectable-{outcome.id}".replace("_", "-"),
        fill(title, year=year),
        words("appendix", "detectable_heads"),
        rows,
        (False, True, True, False),
        notes=(phrase("appendix", "detectable_note", source=outcome.relevant_source),),
    )


def detectable_row(study: Study, estimate: Estimate) -> tuple[str, ...]:
    """One programme."""
    mde, relevant, unit = estimate.mde, estimate.relevant_effect, estimate.unit
    name = study.interventions[estimate.subject].label
    cell = phrase("tables", "not_in_data") if mde is None else change_text(mde, unit)
    if relevant is None:
        key = "detectable_unset"
        return (name, cell, phrase("tables", "not_applicable"), phrase("appendix", key))
    if mde is None:
        return (name, cell, change_text(relevant, unit), phrase("tables", "not_in_data"))
    key = "detectable_enough" if mde <= relevant else "detectable_short"
    return (name, cell, change_text(relevant, unit), phrase("appendix", key))


def change_text(value: float, unit: str) -> str:
    """The size of a change with its unit; one more decimal below one, so that two that differ print differently."""
    return size_text(
        value, unit, max(difference_decimals(None, None, value), 2 if value < 1 else 1)
    )


def flow_table(study: Study, estimate: Estimate, region: str) -> Table | None:
    """Which step left how many records, and how many it took away; none if the record holds no flow."""
    steps = estimate.series.get(FLOW, ())
    if not steps:
        return None
    before = (None, *(p.n for p in steps[:-1]))
    rows = tuple(flow_row(p, b, i) for i, (p, b) in enumerate(zip(steps, before, strict=True)))
    return Table(
        slug("flow", estimate),
        titled(study, estimate, region, "flow_title"),
        words("appendix", "flow_heads"),
        rows,
        (False, True, True),
        phrase("appendix", "flow_unit"),
        (phrase("appendix", "flow_note"),),
    )


def flow_row(step: Point, before: int | None, position: int) -> tuple[str, ...]:
    """One step: the first takes nobody away, nor does the count of the exposed; beside a hidden count all is hidden."""
    hidden = phrase("tables", "hidden")
    left = hidden if step.n is None else str(step.n)
    if position == 0 or step.label == PART_OF_WHOLE:
        return (phrase("flow", step.label), left, phrase("tables", "not_applicable"))
    gone = hidden if step.n is None or before is None else str(before - step.n)
    return (phrase("flow", step.label), left, gone)


def sensitivity_table(study: Study, estimate: Estimate, region: str) -> Table | None:
    """What would be left if an assumption held only in part; none if nothing of the kind was computed."""
    rows = [sensitivity_row(estimate, p) for p in estimate.series.get("sensitivity", ())]
    rows += [unmeasured_row(study, estimate, c) for c in estimate.checks if is_unmeasured(c)]
    if not rows or estimate.estimate is None:
        return None
    return Table(
        slug("sensitivity", estimate),
        titled(study, estimate, region, "sensitivity_title"),
        words("appendix", "sensitivity_heads"),
        tuple(rows),
        (False, False, False),
        notes=(phrase("sensitivity", "scale_note"),) if is_converted(estimate) else (),
    )


def is_converted(estimate: Estimate) -> bool:
    """Whether the robust intervals were converted from a model of rates."""
    return estimate.unit == "pp" and bool(estimate.series.get("sensitivity"))


def is_unmeasured(check: Check) -> bool:
    """Whether a check says how strong an unrecorded cause would have to be."""
    return check.name in UNMEASURED and check.value is not None


def sensitivity_row(estimate: Estimate, point: Point) -> tuple[str, ...]:
    """One size of departure from equal trends: the interval that still holds, and whether it reaches zero."""
    premise = fill(phrase("sensitivity", "trend"), value=point.label)
    if point.ci_low is None or point.ci_high is None:
        blank = phrase("tables", "not_in_data")
        return (premise, blank, blank)
    is_clear = point.ci_low > 0 or point.ci_high < 0
    own = "range_clear" if estimate.verdict == "direction" else "range_clear_only"
    reading = phrase("sensitivity", own if is_clear else "range_open")
    return (premise, interval_text(point.ci_low, point.ci_high, estimate.unit), reading)


def interval_text(low: float, high: float, unit: str) -> str:
    """Both ends of an interval in one cell; without a unit for rates, whose models have a scale of their own."""
    d = difference_decimals(low, high)
    first, last = (round_text(v, d).replace("-", MINUS) for v in (low, high))
    shown = wording()["page"]["span_range"].format(low=first, high=last)
    return shown if unit == "pp" else shown + phrase("unit", unit)


def unmeasured_row(study: Study, estimate: Estimate, check: Check) -> tuple[str, ...]:
    """How strong a cause nobody recorded would have to be."""
    value = check.value or 0.0
    is_share = check.name == "robustness_value"
    if not is_share and value <= 1:
        none = phrase("sensitivity", "e_value_none")
        return (phrase("sensitivity", check.name), none, none)
    text = share_text(value) if is_share else round_text(value, 2)
    found = fill(phrase("sensitivity", f"{check.name}_found"), value=text)
    return (
        phrase("sensitivity", check.name),
        found + more_text(study, estimate, check),
        phrase("sensitivity", f"{check.name}_read"),
    )


def same_score_table(study: Study, estimate: Estimate, region: str) -> Table | None:
    """What other definitions of the same score say of a programme; one finding with the sentence above."""
    points = estimate.series.get("same_score", ())
    if not points or estimate.estimate is None:
        return None
    outcome = study.outcomes[estimate.outcome]
    own = outcome.definitions[estimate.definition].label
    return Table(
        slug("same-score", estimate),
        titled(study, estimate, region, "same_score_title"),
        words("appendix", "same_score_heads"),
        tuple(same_score_row(outcome, p) for p in points),
        (False, True, True),
        notes=(phrase("appendix", "same_score_note", measure=own),),
    )


def same_score_row(outcome: Outcome, point: Point) -> tuple[str, ...]:
    """One other definition: the difference and its range in its own unit, or the sign for hidden."""
    rule = outcome.definitions[point.label]
    low, high, value = point.ci_low, point.ci_high, point.estimate
    if value is None or low is None or high is None:
        hidden = phrase("tables", "hidden")
        return (rule.label, hidden, hidden)
    unit = outcome.unit if rule.at_least is None else "pp"
    d = difference_decimals(low, high, value)
    number, first, last = (round_text(v, d).replace("-", MINUS) for v in (value, low, high))
    span = wording()["page"]["span_range"].format(low=first, high=last)
    return (rule.label, number + phrase("unit", unit), span + phrase("unit", unit))


def titled(study: Study, estimate: Estimate, region: str, key: str) -> str:
    """The title of a table of one estimate."""
    names = names_of(study, estimate)
    text = phrase(
        "appendix", key, region=region, programme=names["programme"], measure=names["measure"]
    )
    return fill(text, year=estimate.year)


def slug(name: str, estimate: Estimate) -> str:
    """The id of a table of one estimate."""
    return f"{name}-{estimate.id}".replace(":", "-").replace("_", "-")
