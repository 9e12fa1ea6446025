"""What a reader must know of the whole: who answered, how answers cluster, how many comparisons, which test forms."""

from __future__ import annotations

import re

from analysis.inference.background import ANCHOR, RESPONSE, SELF_RATING
from analysis.inference.record import Check, Estimate
from analysis.intake.delivery import Delivery
from analysis.release.check_survey import group_label, groups_to_hide, margin_label
from analysis.release.claims import Claim, Slot
from analysis.release.material import Material
from analysis.release.numbers import count_slot, level_slot, plain_slot
from analysis.release.wording import join, phrase
from analysis.study.objects import Outcome, Study

LESS = 0.05  # a group that answers by so much less than all (share) is named
EQUIVALENT = re.compile(r"(\d+)$")  # the last number of the design effect's detail
MAX_DECIMALS = 2


def remarks(material: Material) -> tuple[Claim, ...]:
    """The remarks that stand among the notes: response, clustering, self-ratings."""
    found = [response_claim(material), clustering_claim(material), *self_rating_claims(material)]
    return tuple(c for c in found if c is not None)


def remark(name: str, text: str, slots: tuple[Slot, ...], estimate: str = "") -> Claim:
    """One sentence about the whole."""
    return Claim(f"remark:{name}", "", "level", text, slots, "level", (), estimate)


def response_claim(material: Material) -> Claim | None:
    """How many answered, what share of the teachers in post that is, who answered less, and whether it was weighted."""
    level = material.estimates.get(RESPONSE)
    if level is None or level.estimate is None or level.reason:
        return None
    arm = level.arms["all"]
    is_weighted = level.estimand == "response"  # only of this survey is it known who answered less
    words = {
        "fewer": fewer_words(material.study, material.delivery) if is_weighted else "",
        "weighting": weighting_words(material) if is_weighted else "",
    }
    slots = (
        count_slot("answers", arm.n_events or 0, level.id),
        level_slot("rate", level.estimate, "pp", arm.n_teachers, level.id),
    )
    return remark("response", phrase("remark", level.estimand, **words), slots, level.id)


def fewer_words(study: Study, delivery: Delivery) -> str:
    """The groups that answered less than all; that none did, or that it is not known."""
    found = delivery.checks.get("response")
    if found is None or found.empty:
        return phrase("remark", "fewer_unknown")
    now = found[found["year"] == delivery.year]
    whole = now.loc[now["margin"] == "all", "response_rate"]
    if len(whole) != 1:
        return phrase("remark", "fewer_unknown")
    names = []
    for margin, rows in now[now["margin"] != "all"].groupby("margin", sort=False):
        for row, is_hidden in zip(rows.itertuples(), groups_to_hide(rows), strict=True):
            if not is_hidden and float(row.response_rate) < float(whole.iloc[0]) - LESS:
                pair = {"margin": margin_label(study, str(margin))}
                pair["group"] = group_label(study, str(margin), str(row.group))
                names.append(phrase("remark", "group", **pair))
    return (
        phrase("remark", "fewer", groups=join(names)) if names else phrase("remark", "fewer_none")
    )


def weighting_words(material: Material) -> str:
    """By what the answers are weighted; that they are not, if no estimate rests on weights."""
    margins = material.delivery.checks.get("response")
    weights = material.delivery.checks.get("weights")
    if margins is None or weights is None or weights.empty:
        return phrase("remark", "unweighted")
    now = weights[weights["year"] == material.year]
    if now.empty or not bool(now["is_converged"].all()):
        return phrase("remark", "unweighted")
    used = margins.loc[margins["year"] == material.year, "margin"]
    names = [margin_label(material.study, str(m)) for m in used.unique() if m != "all"]
    return phrase("remark", "weighted", margins=join(names))


def clustering_claim(material: Material) -> Claim | None:
    """To how many independent answers those of one weighted figure amount; the figure with the most answers."""
    found = [(e, c) for e in material.estimates.values() if (c := design_effect(e)) is not None]
    if not found:
        return None
    estimate, check = max(found, key=lambda pair: pair[0].n_teachers)
    told = EQUIVALENT.search(check.detail)
    if told is None or int(told.group()) >= estimate.n_teachers:
        return None
    slots = (
        count_slot("answers", estimate.n_teachers, estimate.id),
        count_slot("equivalent", int(told.group()), estimate.id),
    )
    name = level_name(material.study, estimate)
    return remark("clustering", phrase("remark", "clustering", measure=name), slots, estimate.id)


def design_effect(estimate: Estimate) -> Check | None:
    """The design effect of a shown weighted figure."""
    if estimate.estimate is None or estimate.reason:
        return None
    found = (c for c in estimate.checks if c.name == "design_effect" and c.verdict == "pass")
    return next(found, None)


def level_name(study: Study, estimate: Estimate) -> str:
    """What a figure measures, in words."""
    if estimate.definition:
        return study.outcomes[estimate.outcome].measure
    return study.variables[estimate.outcome].label if estimate.outcome in study.variables else ""


def multiplicity_claims(material: Material) -> tuple[Claim, ...]:
    """For each outcome with several programmes: how many were compared, and how many still stand when adjusted."""
    return tuple(
        claim
        for outcome in material.study.outcomes.values()
        if (claim := multiplicity_claim(material, outcome)) is not None
    )


def multiplicity_claim(material: Material, outcome: Outcome) -> Claim | None:
    """One outcome's family of comparisons; None if there were fewer than two."""
    members = [e for e in material.effects() if e.outcome == outcome.id and e.estimate is not None]
    if not members or members[0].n_family < 2:
        return None
    clear = sum(e.verdict == "direction" for e in members)
    first = members[0]
    slots = (
        count_slot("family", first.n_family, first.id),
        count_slot("clear", clear, first.id),
    )
    key = "multiplicity" if clear else "multiplicity_none"
    text = phrase("remark", key, measure=outcome.measure)
    used = slots if clear else slots[:1]
    return remark(f"multiplicity:{outcome.id}", text, used, first.id)


def self_rating_claims(material: Material) -> list[Claim]:
    """How a self-rating agrees with the test of the same thing; that answers are self-reports is said elsewhere."""
    found = []
    for outcome in material.study.outcomes.values():
        record = material.estimates.get(f"{SELF_RATING}:{outcome.id}")
        if record is None or record.estimate is None or record.reason:
            continue
        slots = (
            plain_slot("correlation", record.estimate, MAX_DECIMALS, record.id),
            count_slot("n", record.n_teachers, record.id),
        )
        key = agreement_key(record.estimate)
        text = phrase("remark", "self_rating", agreement=phrase("remark", key))
        found.append(remark(f"self_rating:{outcome.id}", text, slots, record.id))
    return found


def agreement_key(correlation: float) -> str:
    """How a correlation is called: below 0.3 low, below 0.7 moderate, else high (as in questionnaires of this kind)."""
    if correlation < 0.3:
        return "agreement_low"
    return "agreement_middle" if correlation < 0.7 else "agreement_high"


def forms_by_year(delivery: Delivery) -> dict[int, frozenset[str]]:
    """The names of the test forms of each year."""
    tests = delivery.tables.get("assessments")
    if tests is None or "test_form" not in tests:
        return {}
    known = tests[tests["test_form"].notna()]
    return {int(y): frozenset(f) for y, f in known.groupby("year")["test_form"]}


def have_forms_changed(delivery: Delivery) -> bool:
    """Whether the test forms of the report year go by other names than those of the year before."""
    forms = forms_by_year(delivery)
    now, before = forms.get(delivery.year), forms.get(delivery.year - 1)
    return bool(now and before and now != before)


def forms_claim(material: Material) -> Claim | None:
    """That scores of two forms may not be subtracted, with the means on their common items; None if none changed."""
    if not have_forms_changed(material.delivery):
        return None
    year = material.year
    now, before = (material.estimates.get(f"{ANCHOR}:{y}") for y in (year, year - 1))
    years = {"year": str(year), "before_year": str(year - 1)}
    if now is None or before is None or now.estimate is None or before.estimate is None:
        return remark("forms", phrase("remark", "forms_no_anchor", **years), ())
    slots = tuple(
        level_slot(n, e.estimate or 0.0, "points", e.n_teachers, e.id)
        for n, e in (("before", before), ("now", now))
    )
    return remark("forms", phrase("remark", "forms_anchor", **years), slots, now.id)
