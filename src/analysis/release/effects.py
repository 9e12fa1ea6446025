"""Wording of programme effects: a function of grade and verdict, from a fixed list of sentences."""

from __future__ import annotations

import math
from dataclasses import replace

from analysis.inference.grade import has_few_clusters
from analysis.inference.record import Check, Estimate
from analysis.release.claims import Claim, Slot
from analysis.release.numbers import (
    FINEST,
    count_slot,
    difference_decimals,
    level_slot,
    plain_slot,
    signed_slot,
    size_slot,
)
from analysis.release.rates import (
    leads_with_ratio,
    per_hundred_slots,
    ratio_slots,
    relative_words,
)
from analysis.release.wording import join, phrase, wording
from analysis.study.objects import POLICIES, Study

POLICY_SIDES = ("treated_before", "treated", "control_before", "control")
EXACT = 1e-9
LABELS = {"A": "strong", "B": "strong", "C": "medium", "D": "weak", "E": "none"}


def effect_claims(study: Study, estimate: Estimate) -> tuple[Claim, ...]:
    """The sentences of one programme and outcome: the verdict first, then what stands beside it."""
    if estimate.reason == "described":
        return (described(study, estimate),)
    if estimate.estimate is None:
        return (unanswered(study, estimate),)
    levels = beside(study, estimate)
    main = main_claim(study, estimate, has_rates=levels is not None)
    ratio, frequency = rates_aside(study, estimate, levels)
    found = [main, ratio, levels, frequency, policy_checks(study, estimate)]
    return (merge([c for c in found if c is not None]),)


def merge(claims: list[Claim]) -> Claim:
    """Several sentences of one estimate as one claim, so that one label stands for all of them."""
    slots = {s.name: s for c in claims for s in c.slots}
    text = "".join(c.text for c in claims)
    return replace(claims[0], text=text, slots=tuple(slots.values()))


def label_of(estimate: Estimate) -> str:
    """The id of the strength label: undetermined at any grade, else by grade."""
    if estimate.reason == "described":
        return "level"
    if estimate.estimate is None or estimate.grade == "E":
        return "none"
    if any(c.name == "base" and c.verdict == "fail" for c in estimate.checks):
        return "clue"
    return "undetermined" if estimate.verdict == "undetermined" else LABELS[estimate.grade]


def names_of(study: Study, estimate: Estimate) -> dict[str, str]:
    """The words of a programme and outcome for the ``<...>`` of a sentence."""
    programme = study.interventions[estimate.subject]
    outcome = study.outcomes[estimate.outcome]
    measure = outcome.measure
    if estimate.definition != outcome.primary:
        measure = outcome.definitions[estimate.definition].label
    return {
        "programme": programme.label,
        "exposed": programme.exposed_text + narrowed_text(estimate),
        "comparison": programme.comparison_text,
        "measure": measure,
        "aligned": phrase("effect", aligned_key(estimate)),
    }


def narrowed_text(estimate: Estimate) -> str:
    """What is added to the exposed where those without a comparable counterpart were left out; mostly nothing."""
    return phrase("effect", "exposed_trimmed") if estimate.note == "trimmed" else ""


def aligned_key(estimate: Estimate) -> str:
    """Which way of making the two sides alike the sentence names."""
    if estimate.design in POLICIES:
        return "aligned_policy"
    return {"ancova": "aligned", "survey_regression": "aligned_survey"}.get(
        estimate.design, "aligned_rates"
    )


def make_claim(
    study: Study, estimate: Estimate, part: str, key: str, slots: tuple[Slot, ...], **words: str
) -> Claim:
    """A claim from a sentence of the table ``effect``."""
    names = names_of(study, estimate) | words
    if any(s.name == "low" for s in slots):
        names["range"] = range_phrase(slots)
    return Claim(
        id=f"{estimate.id}:{part}",
        problem="",
        kind="effect",
        text=phrase("effect", key, **names),
        slots=slots,
        label=label_of(estimate),
        caveats=caveats_of(study, estimate),
        estimate=estimate.id,
    )


def caveats_of(study: Study, estimate: Estimate) -> tuple[str, ...]:
    """The named bias and its sign; none where nothing was compared."""
    if estimate.estimate is None:
        return ()
    programme = study.interventions[estimate.subject]
    bias = phrase("problem", "bias", bias=programme.bias_text)
    if not programme.concurrent:
        return (bias,)
    others = join([study.interventions[o].label for o in programme.concurrent])
    return (bias + phrase("effect", "bundle", others=others),)


def main_claim(study: Study, estimate: Estimate, has_rates: bool = False) -> Claim:
    """The sentence that grade and verdict allow, with the interval the verdict was read from.

    ``has_rates``: both rates follow it; only then a rare event leads with its ratio.
    """
    if estimate.verdict == "undetermined" and has_few_clusters(estimate.checks):
        return few_clusters(study, estimate)
    if estimate.verdict == "direction":
        key = f"direction_{estimate.grade}"
        words = {"hopeful": phrase("effect", hopeful_key(study, estimate))}
        slots = range_slots(estimate)
        if has_rates and leads_with_ratio(estimate):
            words["relative"] = relative_words(estimate)
            key, slots = f"{key}_rare", (*slots, *ratio_slots(estimate))
        return make_claim(study, estimate, "verdict", key, slots, **words)
    if estimate.verdict == "bounded":
        claim = make_claim(study, estimate, "verdict", "bounded", bound_slots(estimate))
        return scoped(estimate, claim)
    return scoped(estimate, undetermined(study, estimate))


def scoped(estimate: Estimate, claim: Claim) -> Claim:
    """The claim, and where it names nobody exposed but only some were compared, a sentence that says so."""
    if not narrowed_text(estimate):
        return claim
    return replace(claim, text=claim.text + phrase("effect", "scope_trimmed"))


def few_clusters(study: Study, estimate: Estimate) -> Claim:
    """Too few schools on one side: the sentence says so instead of giving a range that cannot be trusted."""
    treated, control = estimate.n_treated_schools, estimate.n_control_schools
    side = "side_treated" if treated <= control else "side_control"
    slots = (count_slot("n_schools", min(treated, control), estimate.id),)
    return make_claim(
        study, estimate, "verdict", "few_clusters", slots, side=phrase("effect", side)
    )


def hopeful_key(study: Study, estimate: Estimate) -> str:
    """Whether the direction is the wanted one."""
    good = study.outcomes[estimate.outcome].good
    is_good = ((estimate.estimate or 0.0) > 0) == (good == "higher")
    return "hopeful_good" if is_good else "hopeful_bad"


def range_slots(estimate: Estimate, adjusted: bool = False) -> tuple[Slot, ...]:
    """Estimate and both ends as slots; the adjusted interval where several programmes were compared.

    Ends on one side of zero are printed as sizes, the smaller first; ends on both sides carry their sign.
    """
    low = estimate.ci_adj_low if adjusted else estimate.ci_low
    high = estimate.ci_adj_high if adjusted else estimate.ci_high
    value, unit, source = estimate.estimate or 0.0, estimate.unit, estimate.id
    if low is None or high is None:
        raise ValueError(f"{estimate.id} has no interval")
    d = difference_decimals(low, high, value)
    change = estimate.design in POLICIES
    size = signed_slot("size", value, unit, d, source, change)
    if low * high > 0:
        near, far = sorted((low, high), key=abs)
        return (
            size,
            plain_slot("low", abs(near), d, source),
            size_slot("high", abs(far), unit, d, source),
        )
    ends = (("low", low), ("high", high))
    return (size, *(signed_slot(n, v, unit, d, source, change) for n, v in ends))


def range_phrase(slots: tuple[Slot, ...]) -> str:
    """How the ends are joined: a span of sizes, or from one side of zero to the other."""
    ends = [s.value for s in slots if s.name in ("low", "high")]
    return phrase("range", "two_sides" if min(ends) < 0 < max(ends) else "one_side")


def rounded_up(value: float, decimals: int) -> float:
    """A bound as it may be printed: never below what it bounds."""
    scale = 10.0**decimals
    return math.ceil(round(value * scale, 9)) / scale


def bound_slots(estimate: Estimate) -> tuple[Slot, ...]:
    """The far end of the adjusted interval and the relevant effect, without sign; never rounded up to that effect."""
    ends = [abs(e) for e in (estimate.ci_adj_low, estimate.ci_adj_high) if e is not None]
    bound, relevant = max(ends), estimate.relevant_effect or 0.0
    decimals = difference_decimals(estimate.ci_adj_low, estimate.ci_adj_high)
    while decimals < FINEST and rounded_up(bound, decimals) >= relevant:
        decimals += 1
    return (
        replace(
            size_slot("bound", rounded_up(bound, decimals), estimate.unit, decimals, estimate.id),
            value=bound,
        ),
        relevant_slot(estimate),
    )


def relevant_slot(estimate: Estimate) -> Slot:
    """The smallest change that matters, as the study states it: one decimal, or two where one would change it."""
    value = estimate.relevant_effect or 0.0
    decimals = 1 if abs(value - round(value, 1)) < EXACT else 2
    return size_slot("relevant", value, estimate.unit, decimals, estimate.id)


def undetermined(study: Study, estimate: Estimate) -> Claim:
    """Cannot tell: the range that says so, plain if it reaches zero by itself, else the adjusted one."""
    low, high = estimate.ci_low or 0.0, estimate.ci_high or 0.0
    is_plain = low <= 0 <= high
    if is_plain and estimate.mde is None:
        return make_claim(study, estimate, "verdict", "undetermined_bare", range_slots(estimate))
    if is_plain:
        mde = size_slot("mde", estimate.mde or 0.0, estimate.unit, 1, estimate.id)
        slots = (*range_slots(estimate), mde)
        return make_claim(study, estimate, "verdict", "undetermined", slots)
    family = count_slot("family", estimate.n_family, estimate.id)
    slots = (*range_slots(estimate, adjusted=True), family)
    return make_claim(study, estimate, "verdict", "undetermined_adjusted", slots)


def rates_aside(
    study: Study, estimate: Estimate, levels: Claim | None
) -> tuple[Claim | None, Claim | None]:
    """The ratio where it does not lead, never without both rates; and rare rates as so many in a hundred."""
    if levels is None or estimate.unit != "pp":
        return None, None
    ratio, frequency = None, None
    is_clear = estimate.ratio is not None and estimate.verdict == "direction"
    if is_clear and not leads_with_ratio(estimate):
        ratio = make_claim(study, estimate, "ratio", "ratio", ratio_slots(estimate)[:-1])
    key, slots = per_hundred_slots(estimate)
    if slots:
        key += "_now" if estimate.design in POLICIES else ""
        frequency = make_claim(study, estimate, "frequency", key, slots)
    return ratio, frequency


PLACEBOS = ("pre_period", "placebo_date", "placebo_outcome")


def policy_checks(study: Study, estimate: Estimate) -> Claim | None:
    """What the years before the start and the made-up starts and outcomes showed, each in one plain clause."""
    if estimate.design not in POLICIES:
        return None
    meanings = wording()["check_meaning"]
    told = [
        phrase("effect", "check", name=phrase("check", c.name), found=meaning_of(c))
        for c in estimate.checks
        if c.name in PLACEBOS or (c.verdict == "fail" and f"{c.name}_fail" in meanings)
    ]
    if not told:
        return None
    return make_claim(
        study, estimate, "placebo", "placebo", (), checks=phrase("effect", "stop").join(told)
    )


def meaning_of(check: Check) -> str:
    """What a check's verdict means."""
    if check.verdict == "not_run":
        return phrase("effect", "not_run")
    meanings = wording()["check_meaning"]
    return str(meanings.get(f"{check.name}_{check.verdict}", meanings[f"{check.name}_fail"]))


def beside(study: Study, estimate: Estimate) -> Claim | None:
    """The plain figures of both sides, and of the year before where there are any; nothing if a side is hidden."""
    arms = estimate.arms
    if estimate.design == "ancova":
        return before_scores(study, estimate)
    if estimate.design in POLICIES:
        key = "before_rates" if moved_together(estimate) else "before_rates_other"
        return rates_claim(study, estimate, POLICY_SIDES, key)
    sides = ("treated", "control")
    if not all(s in arms for s in sides):
        return None
    key = "pooled_rates" if is_pooled(estimate) else "plain_rates"
    return rates_claim(study, estimate, sides, key)


def is_pooled(estimate: Estimate) -> bool:
    """Whether people count once for every year they are in, because several years are pooled."""
    return any(a.n_rows > a.n_teachers for a in estimate.arms.values())


def moved_together(estimate: Estimate) -> bool:
    """Whether both groups rose or both fell since the year before."""
    levels = [estimate.arms[s].level if s in estimate.arms else None for s in POLICY_SIDES]
    if any(v is None for v in levels):
        return False
    t0, t1, c0, c1 = (v or 0.0 for v in levels)
    return (t1 - t0) * (c1 - c0) > 0


def rates_claim(study: Study, estimate: Estimate, sides: tuple[str, ...], key: str) -> Claim | None:
    """A sentence of levels by side; none if any of them is missing or hidden."""
    arms = [estimate.arms.get(s) for s in sides]
    if any(a is None or a.level is None for a in arms):
        return None
    names = {"treated": "treated_now", "control": "control_now"}
    base = min(a.n_teachers for a in arms if a)  # the same decimals on both sides
    slots = [
        level_slot(names.get(s, s), a.level or 0.0, estimate.unit, base, estimate.id)
        for s, a in zip(sides, arms, strict=True)
        if a
    ]
    counts = [("n_treated", "treated"), ("n_control", "control")]
    pooled = key == "pooled_rates"
    for name, side in counts:
        one = estimate.arms[side]
        slots.append(count_slot(name, one.n_rows if pooled else one.n_teachers, estimate.id))
    return make_claim(study, estimate, "levels", key, tuple(slots))


def before_scores(study: Study, estimate: Estimate) -> Claim | None:
    """How far apart the two sides were before: the part of the raw difference that was there already."""
    before = [estimate.arms.get(f"{s}_before") for s in ("treated", "control")]
    raw = estimate.raw_difference
    if raw is None or any(a is None or a.level is None for a in before):
        return None
    gap = (before[0].level or 0.0) - (before[1].level or 0.0)  # type: ignore[union-attr]
    slots = (
        signed_slot("raw", raw, estimate.unit, 1, estimate.id),
        signed_slot("before", gap, estimate.unit, 1, estimate.id),
    )
    key = "before_scores" if raw * gap > 0 else "before_scores_other"
    return make_claim(study, estimate, "before", key, slots)


def described(study: Study, estimate: Estimate) -> Claim:
    """A programme that is only counted."""
    slots = (count_slot("n_treated", estimate.n_treated, estimate.id),)
    short = study.interventions[estimate.subject].label
    return make_claim(study, estimate, "described", "described", slots, exposed_short=short)


def unanswered(study: Study, estimate: Estimate) -> Claim:
    """Grade E: what is missing, and which file would answer it."""
    outcome = study.outcomes[estimate.outcome]
    reason = reason_text(estimate.reason, outcome.missing_file)
    return make_claim(study, estimate, "unanswered", "unanswered", (), reason=reason)


def reason_text(reason: str, missing_file: str) -> str:
    """The reason in words."""
    return phrase("reason", reason or "too_few", missing_file=missing_file)
