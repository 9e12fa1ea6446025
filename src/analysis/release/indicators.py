"""Wording of levels, gaps and associations: what is, how sure, and never why."""

from __future__ import annotations

from dataclasses import replace

from analysis.inference.grade import has_few_clusters
from analysis.inference.record import Estimate
from analysis.panel.training import SOURCES
from analysis.release.claims import Claim, Slot
from analysis.release.effects import (
    bound_slots,
    label_of,
    range_phrase,
    range_slots,
    reason_text,
    relevant_slot,
)
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
LEAST = 0.05  # shares below this (%) are none in a thousand when rounded
FACTS = ("level", "cells")  # kinds of indicator that state how things are and weigh nothing
WIDER = 2.0  # so many times the difference between two sides must their quarters lie apart to be worth a sentence
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
    raw = estimates.get(f"{main.id}:raw")
    is_apart = raw is None or is_full_count(study, main) or raw.verdict == "direction"
    levels = _gap_levels(study, problem, indicator, main, is_apart=is_apart)
    if main.arms["focus"].level is None or main.arms["reference"].level is None:
        return (levels,)
    adjusted = _gap_adjusted(study, problem, indicator, main)
    return (levels, adjusted, *_gap_within(study, problem, indicator, main))


def status_of(study: Study, indicator: Indicator, estimates: dict[str, Estimate], key: str) -> str:
    """Whether an indicator supports its problem, refutes it, leaves it open, or is absent.

    A gap of a full count is a fact whatever its interval; a gap of a survey, and an association, is read from the
    interval; what the plain figures would refute and the like-for-like ones leave open is open.
    A level that is there is a fact that decides nothing: it is described.
    """
    main = estimates[key]
    if main.estimate is None:
        return "absent"
    if indicator.kind in FACTS:
        return "described"
    if indicator.kind == "ratio":
        return ratio_status(indicator, main)
    if indicator.kind == "drivers":
        return "supported" if main.verdict == "direction" else "unclear"
    raw = estimates.get(f"{key}:raw", main)
    if not is_clear(study, indicator, raw):
        return "refuted" if raw.verdict == main.verdict == "bounded" else "unclear"
    return (
        "supported"
        if ((raw.estimate or 0.0) > 0) == (indicator.supports == "higher")
        else "refuted"
    )


def is_clear(study: Study, indicator: Indicator, raw: Estimate) -> bool:
    """Whether the plain figures lie apart; those that do not refute a problem only by how near they are."""
    if is_full_count(study, raw) and indicator.kind == "gap":
        return abs(raw.estimate or 0.0) >= SMALL * (raw.relevant_effect or 0.0)
    return raw.verdict == "direction"


def ratio_status(indicator: Indicator, estimate: Estimate) -> str:
    """A ratio held against a stated figure supports or refutes; without one it is described."""
    if indicator.stated is None:
        return "described"
    value, stated = round(estimate.estimate or 0.0, 1), round(indicator.stated, 1)  # as printed
    is_missed = value > stated if indicator.supports == "higher" else value < stated
    return "supported" if is_missed else "refuted"


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
    names = names_of(study, indicator) | {"corrected": corrected_phrase(estimate)} | words
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
        top = 100.0 if estimate.unit == "pp" else float("inf")  # a share has ends
        ends = (("low", max(estimate.ci_low, 0.0)), ("high", min(estimate.ci_high, top)))
        return "survey", tuple(level_slot(k, v, estimate.unit, n, estimate.id) for k, v in ends)
    if indicator_source(study, estimate) != "roster":
        return f"count_{indicator_source(study, estimate)}", ()
    if estimate.unit == "pp" and 1 <= value < RARE:
        return "full_frequency", (plain_slot("per_hundred", value, 0, estimate.id),)
    if estimate.unit == "pp" and LEAST <= value < 1:
        return "full_frequency_thousand", (plain_slot("per_thousand", 10 * value, 0, estimate.id),)
    return "full", ()


def indicator_source(study: Study, estimate: Estimate) -> str:
    """Whether a measure comes from a roster, a test, a survey or another list."""
    if estimate.definition:
        return study.outcomes[estimate.outcome].source
    if estimate.design == "ratio":
        return "ledger"
    tables = tables_of(study, estimate.outcome)
    found = next((t for t in ("survey", "assessments") if t in tables), "")
    return found or ("roster" if {"roster", "schools"} & tables else "ledger")


def tables_of(study: Study, name: str) -> set[str]:
    """The typed tables a panel column is read from; what is made of needs, and cells, come from the survey."""
    if not name or name.startswith("need_"):
        return {"survey"}
    return {*study.variables[name].tables, *SOURCES.get(name, ((), ()))[0]}


def _gap_levels(
    study: Study,
    problem: Problem,
    indicator: Indicator,
    estimate: Estimate,
    *,
    is_apart: bool = True,
) -> Claim:
    """Both sides as they are, and their plain difference; hidden if either side is.

    ``is_apart``: whether the plain figures tell which side is higher; answers of a survey may not.
    """
    focus, reference = estimate.arms["focus"], estimate.arms["reference"]
    if focus.level is None or reference.level is None:
        return make_claim(study, problem, indicator, estimate, ("gap", "hidden"), ())
    sides = (("focus", focus), ("reference", reference))
    base = min(focus.n_teachers, reference.n_teachers)
    raw = focus.level - reference.level
    decimals = difference_decimals(None, None, raw)
    slots = [level_slot(n, a.level or 0.0, estimate.unit, base, estimate.id) for n, a in sides]
    slots += [count_slot(f"n_{n}", a.n_teachers, estimate.id) for n, a in sides]
    if is_apart:
        slots.append(signed_slot("raw", raw, estimate.unit, decimals, estimate.id))
    key = ("levels_percent" if estimate.unit == "pp" else "levels") + ("" if is_apart else "_open")
    count = phrase("gap", f"count_{indicator_source(study, estimate)}")
    claim = make_claim(study, problem, indicator, estimate, ("gap", key), tuple(slots), count=count)
    return replace(claim, label="level" if is_full_count(study, estimate) else "weak")


def adjusted_slots(estimate: Estimate) -> tuple[str, tuple[Slot, ...]]:
    """How the like-for-like difference may be said, by its verdict, and with which numbers."""
    if estimate.verdict == "direction":
        slots = range_slots(estimate)
        if not is_small(estimate):
            return "direction", slots
        return "direction", (*slots, relevant_slot(estimate))
    if estimate.verdict == "bounded":
        return "bounded", bound_slots(estimate)
    if has_few_clusters(
        estimate.checks
    ):  # its interval may lie on one side of zero and still tell nothing
        fewest = min(estimate.n_treated_schools, estimate.n_control_schools)
        return "few", (count_slot("n_schools", fewest, estimate.id),)
    return "unclear", range_slots(estimate, adjusted=True)


def is_small(estimate: Estimate) -> bool:
    """Whether a difference is clear but, to its far end, below the one that matters."""
    ends = (estimate.ci_adj_low, estimate.ci_adj_high, estimate.ci_low, estimate.ci_high)
    furthest = max((abs(e) for e in ends if e is not None), default=float("inf"))
    return estimate.verdict == "direction" and furthest < (estimate.relevant_effect or 0.0)


def corrected_phrase(estimate: Estimate) -> str:
    """That a range is the one adjusted for several comparisons, or nothing where there was one."""
    return phrase("gap", "corrected") if estimate.n_family > 1 else ""


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


def _gap_within(
    study: Study, problem: Problem, indicator: Indicator, estimate: Estimate
) -> tuple[Claim, ...]:
    """That people of the focus differ more among themselves than the two sides do; for the score of a test only."""
    inside = next((p.estimate for p in estimate.series.get("spread", ())), None)
    between = estimate.raw_difference
    if inside is None or between is None or indicator_source(study, estimate) != "assessments":
        return ()
    if not estimate.definition or inside <= WIDER * abs(between):
        return ()
    slots = (
        size_slot("between", abs(between), estimate.unit, 1, estimate.id),
        size_slot("inside", inside, estimate.unit, 1, estimate.id),
    )
    return (make_claim(study, problem, indicator, estimate, ("gap", "within"), slots),)


def gap_headline(study: Study, problem: Problem, indicator: Indicator, estimate: Estimate) -> Claim:
    """Both levels and the like-for-like difference in one sentence, for the summary."""
    levels = {s.name: s for s in _gap_levels(study, problem, indicator, estimate).slots}
    verdict, slots = adjusted_slots(estimate)
    names = names_of(study, indicator)
    names["range"] = range_phrase(slots) if verdict in ("direction", "unclear") else ""
    names |= {"small": small_phrase(estimate), "corrected": corrected_phrase(estimate)}
    same = phrase("gap", f"same_{verdict}", **names)
    both = tuple(levels[k] for k in ("focus", "reference"))
    return make_claim(
        study, problem, indicator, estimate, ("gap", "headline"), both + slots, same=same
    )


def _association(study: Study, problem: Problem, indicator: Indicator, estimate: Estimate) -> Claim:
    """Two things that go together, or not, or cannot be told."""
    is_open = estimate.verdict == "undetermined"  # told by the range that says so
    is_bound = estimate.verdict == "bounded"
    slots = bound_slots(estimate) if is_bound else range_slots(estimate, adjusted=is_open)
    key = ("association", estimate.verdict)
    return make_claim(study, problem, indicator, estimate, key, slots)
