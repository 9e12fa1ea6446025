"""Wording of levels, gaps and associations: what is, how sure, and never why."""

from __future__ import annotations

from dataclasses import replace

from analysis.inference.record import Estimate
from analysis.release.claims import Claim, Slot
from analysis.release.effects import bound_slots, label_of, range_phrase, range_slots, reason_text
from analysis.release.numbers import (
    count_slot,
    difference_decimals,
    level_slot,
    plain_slot,
    signed_slot,
    size_slot,
)
from analysis.release.wording import join, phrase
from analysis.study.objects import Indicator, Problem, Study

RARE = 10.0  # shares below this (%) are also told as so many in a hundred
SMALL = 0.1  # a full count closer than this part of the relevant effect is told as level


def indicator_claims(
    study: Study, problem: Problem, indicator: Indicator, estimates: dict[str, Estimate]
) -> tuple[Claim, ...]:
    """The sentences of one indicator, figures first, then the like-for-like reading."""
    main = estimates[f"{problem.id}.{indicator.id}"]
    if main.reason:
        return (_unanswered(study, problem, indicator, main),)
    if indicator.kind == "level":
        return (_level(study, problem, indicator, main),)
    if indicator.kind == "association":
        return (_association(study, problem, indicator, main),)
    levels = _gap_levels(study, problem, indicator, main)
    if main.arms["focus"].level is None or main.arms["reference"].level is None:
        return (levels,)
    return (levels, _gap_adjusted(study, problem, indicator, main))


def status_of(study: Study, indicator: Indicator, estimates: dict[str, Estimate], key: str) -> str:
    """Whether an indicator supports its problem, refutes it, leaves it open, or is absent.

    A gap of a full count is a fact whatever its interval; a gap of a survey, and an association, is read from the
    interval. A level that is there is a fact too.
    """
    main = estimates[key]
    if main.estimate is None:
        return "absent"
    if indicator.kind == "level":
        return "supported"
    raw = estimates.get(f"{key}:raw", main)
    value = raw.estimate or 0.0
    if is_full_count(study, main) and indicator.kind == "gap":
        clear = abs(value) >= SMALL * (main.relevant_effect or 0.0)
    else:
        clear = raw.verdict == "direction"
    if not clear:
        return "refuted" if raw.verdict == "bounded" else "unclear"
    return "supported" if (value > 0) == (indicator.supports == "higher") else "refuted"


def is_full_count(study: Study, estimate: Estimate) -> bool:
    """Whether a measure counts everybody: rosters and tests, not surveys."""
    return indicator_source(study, estimate) != "survey"


def indicator_label(estimate: Estimate) -> str:
    """The strength label of an indicator: a level is a plain count; a comparison is judged."""
    if estimate.estimate is None:
        return "none"
    if estimate.kind == "level":
        return "level"
    return label_of(estimate)


def names_of(study: Study, indicator: Indicator) -> dict[str, str]:
    """The words of an indicator for the ``<...>`` of a sentence."""
    return {
        "focus": indicator.focus_text,
        "reference": indicator.reference_text,
        "measure": indicator.measure_text,
        "aligned": join([study.variables[c].label for c in indicator.adjust]),
    }


def make_claim(
    study: Study, problem: Problem, indicator: Indicator, estimate: Estimate,
    key: tuple[str, str], slots: tuple[Slot, ...], **words: str,
) -> Claim:  # fmt: skip
    """A claim from a sentence of one table, with the indicator's own words."""
    names = names_of(study, indicator) | words
    if any(s.name == "low" for s in slots):
        names["range"] = range_phrase(slots)
        names["small"] = small_phrase(estimate)
    return Claim(
        id=f"{estimate.id}:{key[1]}",
        problem=problem.id,
        kind=indicator.kind,
        text=phrase(*key, **names),
        slots=slots,
        label=indicator_label(estimate),
        estimate=estimate.id,
    )


def _unanswered(study: Study, problem: Problem, indicator: Indicator, estimate: Estimate) -> Claim:
    """An indicator without data, or one that would show too few people."""
    if estimate.reason == "hidden":
        table = "level" if indicator.kind == "level" else "gap"
        return make_claim(study, problem, indicator, estimate, (table, "hidden"), ())
    reason = reason_text(estimate.reason, missing_file(study, indicator, estimate))
    key = (indicator.kind, "unanswered")
    return make_claim(study, problem, indicator, estimate, key, (), reason=reason)


def missing_file(study: Study, indicator: Indicator, estimate: Estimate) -> str:
    """Which file would answer the question: the one with the grouping column if that is what is missing."""
    if estimate.reason != "no_group" or indicator.group is None:
        return indicator.missing_file
    return phrase("table_name", study.variables[indicator.group].tables[0])


def _level(study: Study, problem: Problem, indicator: Indicator, estimate: Estimate) -> Claim:
    """A rate or mean; a survey's with its range, a rare one also as so many in a hundred or a thousand."""
    value, n = estimate.estimate or 0.0, estimate.arms["all"].n_teachers
    slots = [
        level_slot("level", value, estimate.unit, n, estimate.id),
        count_slot("n", n, estimate.id),
    ]
    key, extra = level_wording(study, estimate, value, n)
    return make_claim(study, problem, indicator, estimate, ("level", key), (*slots, *extra))


def level_wording(
    study: Study, estimate: Estimate, value: float, n: int
) -> tuple[str, tuple[Slot, ...]]:
    """Which sentence a level takes, and the numbers it needs beside the level and its base."""
    if estimate.ci_low is not None and estimate.ci_high is not None:
        ends = (("low", estimate.ci_low), ("high", estimate.ci_high))
        return "survey", tuple(level_slot(k, v, estimate.unit, n, estimate.id) for k, v in ends)
    if indicator_source(study, estimate) != "roster":
        return f"count_{indicator_source(study, estimate)}", ()
    if estimate.unit == "pp" and 1 <= value < RARE:
        return "full_frequency", (plain_slot("per_hundred", value, 0, estimate.id),)
    if estimate.unit == "pp" and 0 < value < 1:
        return "full_frequency_thousand", (plain_slot("per_thousand", 10 * value, 0, estimate.id),)
    return "full", ()


def indicator_source(study: Study, estimate: Estimate) -> str:
    """Whether a measure comes from a roster, a test or a survey."""
    if estimate.definition:
        return study.outcomes[estimate.outcome].source
    is_survey = "survey" in study.variables[estimate.outcome].tables
    return "survey" if is_survey or estimate.outcome.startswith("need_") else "roster"


def _gap_levels(study: Study, problem: Problem, indicator: Indicator, estimate: Estimate) -> Claim:
    """Both sides as they are, and their plain difference; hidden if either side is."""
    focus, reference = estimate.arms["focus"], estimate.arms["reference"]
    if focus.level is None or reference.level is None:
        return make_claim(study, problem, indicator, estimate, ("gap", "hidden"), ())
    sides = (("focus", focus), ("reference", reference))
    base = min(focus.n_teachers, reference.n_teachers)
    raw = focus.level - reference.level
    decimals = difference_decimals(None, None, raw)
    slots = [level_slot(n, a.level or 0.0, estimate.unit, base, estimate.id) for n, a in sides]
    slots += [count_slot(f"n_{n}", a.n_teachers, estimate.id) for n, a in sides]
    slots.append(signed_slot("raw", raw, estimate.unit, decimals, estimate.id))
    key = "levels_percent" if estimate.unit == "pp" else "levels"
    count = phrase("gap", f"count_{indicator_source(study, estimate)}")
    claim = make_claim(study, problem, indicator, estimate, ("gap", key), tuple(slots), count=count)
    return replace(claim, label="level" if is_full_count(study, estimate) else "weak")


def adjusted_slots(estimate: Estimate) -> tuple[str, tuple[Slot, ...]]:
    """How the like-for-like difference may be said, by its verdict, and with which numbers."""
    if estimate.verdict == "direction":
        slots = range_slots(estimate)
        if not is_small(estimate):
            return "direction", slots
        relevant = estimate.relevant_effect or 0.0
        return "direction", (*slots, size_slot("relevant", relevant, estimate.unit, 1, estimate.id))
    if estimate.verdict == "bounded":
        return "bounded", bound_slots(estimate)
    return "unclear", range_slots(estimate, adjusted=True)


def is_small(estimate: Estimate) -> bool:
    """Whether a difference is clear but below the one that matters."""
    return estimate.verdict == "direction" and abs(estimate.estimate or 0.0) < (
        estimate.relevant_effect or 0.0
    )


def small_phrase(estimate: Estimate) -> str:
    """That a clear difference is below the one that matters, or nothing."""
    return phrase("gap", "below_relevant") if is_small(estimate) else ""


def _gap_adjusted(
    study: Study, problem: Problem, indicator: Indicator, estimate: Estimate
) -> Claim:
    """The like-for-like difference as its verdict allows."""
    verdict, slots = adjusted_slots(estimate)
    key = "adjusted" if verdict == "direction" else f"adjusted_{verdict}"
    return make_claim(study, problem, indicator, estimate, ("gap", key), slots)


def gap_headline(study: Study, problem: Problem, indicator: Indicator, estimate: Estimate) -> Claim:
    """Both levels and the like-for-like difference in one sentence, for the summary."""
    levels = {s.name: s for s in _gap_levels(study, problem, indicator, estimate).slots}
    verdict, slots = adjusted_slots(estimate)
    names = names_of(study, indicator)
    names["range"] = range_phrase(slots) if verdict != "bounded" else ""
    names["small"] = small_phrase(estimate)
    same = phrase("gap", f"same_{verdict}", **names)
    both = tuple(levels[k] for k in ("focus", "reference"))
    return make_claim(
        study, problem, indicator, estimate, ("gap", "headline"), both + slots, same=same
    )


def _association(study: Study, problem: Problem, indicator: Indicator, estimate: Estimate) -> Claim:
    """Two things that go together, or not, or cannot be told."""
    make = bound_slots if estimate.verdict == "bounded" else range_slots
    key = ("association", estimate.verdict)
    return make_claim(study, problem, indicator, estimate, key, make(estimate))
