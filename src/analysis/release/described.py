"""Wording of what is counted or pooled: ratios of the lists, mismatches of need and supply, drivers of a gap."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.inference.describe.cells import JOIN
from analysis.inference.record import Estimate, Point
from analysis.release.claims import Claim, Slot
from analysis.release.effects import range_slots, reason_text
from analysis.release.indicators import make_claim, ratio_status
from analysis.release.numbers import level_slot, plain_slot, round_text, signed_slot
from analysis.release.wording import join, phrase
from analysis.study.objects import Count, Indicator, Problem, Study

TOP = 5
SAME = 0.05  # points of share: what no number on the page would show
STATED_BASE = 1000  # a base of as many prints one decimal
LARGE = 100_000  # from here on amounts are told in units of ten thousand
TEN_THOUSAND = 10_000


def described_claims(
    study: Study, problem: Problem, indicator: Indicator, estimate: Estimate
) -> tuple[Claim, ...]:
    """The sentences of one ratio, of the cells, or of the drivers of a gap."""
    if estimate.reason:
        key = "hidden" if estimate.reason == "hidden" else "unanswered"
        reason = reason_text(estimate.reason, indicator.missing_file)
        where = (indicator.kind, key)
        return (make_claim(study, problem, indicator, estimate, where, (), reason=reason),)
    words = {"ratio": ratio_claim, "cells": cells_claim, "drivers": drivers_claim}
    return (words[indicator.kind](study, problem, indicator, estimate),)


def ratio_headline(
    study: Study, problem: Problem, indicator: Indicator, estimate: Estimate
) -> Claim:
    """A ratio for the summary: without its parts where a stated figure stands beside it."""
    claim = ratio_claim(study, problem, indicator, estimate)
    if "stated" not in {s.name for s in claim.slots}:
        return claim
    key = "missed" if ratio_status(indicator, estimate) == "supported" else "met"
    names = {"measure": indicator.measure_text, "stated": indicator.stated_text}
    text = phrase("ratio", f"{key}_short", **names)
    kept = tuple(s for s in claim.slots if f"{{{s.name}}}" in text)
    return replace(claim, id=f"{claim.id}:short", text=text, slots=kept)


def ratio_claim(study: Study, problem: Problem, indicator: Indicator, estimate: Estimate) -> Claim:
    """A ratio with numerator and denominator, and how it stands to the stated figure if there is one."""
    parts = {p.label: p.estimate or 0.0 for p in estimate.series["ratio"]}
    value, base = estimate.estimate or 0.0, int(parts["denominator"])
    slots = [level_slot("level", value, estimate.unit, base, estimate.id)]
    counts = {"numerator": indicator.numerator, "denominator": indicator.denominator}
    slots += [amount_slot(name, parts[name], c, estimate.id) for name, c in counts.items() if c]
    is_mean = indicator.numerator is not None and indicator.numerator.kind == "points"
    key = "mean" if is_mean else "plain"
    if "stated" in parts:
        key = "missed" if ratio_status(indicator, estimate) == "supported" else "met"
        is_whole = float(parts["stated"]).is_integer()
        n = 1 if is_whole else STATED_BASE  # printed as it was stated
        stated = level_slot("stated", parts["stated"], estimate.unit, n, estimate.id)
        slots += [
            stated,
            signed_slot("difference", value - parts["stated"], estimate.unit, 1, estimate.id),
        ]
    names = {name: c.label for name, c in counts.items() if c}
    names["stated"] = indicator.stated_text
    return make_claim(study, problem, indicator, estimate, ("ratio", key), tuple(slots), **names)


def amount_slot(name: str, value: float, count: Count, source: str) -> Slot:
    """One part of a ratio: a whole number with its unit, a large one in units of ten thousand."""
    unit = phrase("amount_unit", count.kind)
    if value >= LARGE:
        text = round_text(value / TEN_THOUSAND, 1) + phrase("amount_unit", "ten_thousand") + unit
        return Slot(name, value, text, "count", source, 1)
    return Slot(name, value, round_text(value, 0) + unit, "count", source, 0)


@dataclass(frozen=True)
class Top:
    """One of the largest mismatches: its cell, the pooled share and the ranks it may have."""

    label: str
    pooled: Point
    rank: Point


def largest(estimate: Estimate) -> tuple[Top, ...]:
    """The five largest pooled shares that may be shown, largest first; none where no cell can be told from another."""
    ranks = {p.label: p for p in estimate.series.get("ranks", ())}
    shown = [p for p in estimate.series.get("pooled", ()) if p.estimate is not None]
    if is_level(shown):
        return ()
    order = sorted(shown, key=lambda p: (-(p.estimate or 0.0), p.label))
    return tuple(Top(p.label, p, ranks[p.label]) for p in order[:TOP])


def is_level(points: list[Point]) -> bool:
    """Whether all pooled shares are one and the same: the cells cannot be told apart."""
    values = [p.estimate or 0.0 for p in points]
    return bool(values) and max(values) - min(values) < SAME


def cell_words(study: Study, label: str, across: tuple[str, ...]) -> dict[str, str]:
    """What a cell is of: area, stage of career, topic."""
    topic, *codes = label.split(JOIN)
    names = [study.variables[c].code_label(k) for c, k in zip(across, codes, strict=True)]
    return {"area": names[0], "career": names[-1], "topic": topic_name(study, topic)}


def cell_name(study: Study, label: str, across: tuple[str, ...]) -> str:
    """A cell in words."""
    return phrase("cells", "cell", **cell_words(study, label, across))


def topic_name(study: Study, topic: str) -> str:
    """The Chinese name of a training topic."""
    return study.variables["topic"].code_label(topic)


def cells_claim(study: Study, problem: Problem, indicator: Indicator, estimate: Estimate) -> Claim:
    """The largest mismatches after pooling, each with its share and the range of its rank."""
    found, slots = largest(estimate), []
    if not found:
        shown = [p for p in estimate.series.get("pooled", ()) if p.estimate is not None]
        key = "level" if shown else "hidden"
        return make_claim(study, problem, indicator, estimate, ("cells", key), ())
    groups: dict[str, list[str]] = {}
    for n, top in enumerate(found):
        slots += top_slots(top, n, estimate)
        words = cell_words(study, top.label, indicator.across)
        text = phrase("cells", "item", **words).replace("_0}", f"_{n}}}")
        groups.setdefault(phrase("cells", "group", **words), []).append(text)
    slots.append(Slot("n", estimate.n_teachers, str(estimate.n_teachers), "count", estimate.id, 0))
    items = [name + join(members) for name, members in groups.items()]
    joined = phrase("cells", "stop").join(items)
    return make_claim(
        study, problem, indicator, estimate, ("cells", "top"), tuple(slots), items=joined
    )


def top_slots(top: Top, n: int, estimate: Estimate) -> list[Slot]:
    """Share and both ends of the rank of the n-th largest."""
    share = level_slot(f"share_{n}", top.pooled.estimate or 0.0, "pp", 1, estimate.id)
    ends = ((f"from_{n}", top.rank.ci_low), (f"to_{n}", top.rank.ci_high))
    return [share, *(plain_slot(name, end or 0.0, 0, estimate.id) for name, end in ends)]


def drivers_claim(
    study: Study, problem: Problem, indicator: Indicator, estimate: Estimate
) -> Claim:
    """The dimension with the largest gap, if it can be told from the others."""
    dimension = study.variables[estimate.outcome].label
    key = ("drivers", estimate.verdict if estimate.verdict == "direction" else "undetermined")
    slots = range_slots(estimate)
    return make_claim(study, problem, indicator, estimate, key, slots, dimension=dimension)
