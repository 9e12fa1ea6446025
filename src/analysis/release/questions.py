"""Questions that a leader, an auditor or a delegate may ask, answered from the records of this very report."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from analysis.inference.background import RESPONSE
from analysis.inference.record import Estimate
from analysis.release.cards import card_claim, variants
from analysis.release.claims import Claim, Passage, Slot
from analysis.release.destinations import destination_claims
from analysis.release.disclosure import MIN_PERSONS, MIN_SHARE_BASE
from analysis.release.effects import label_of, reason_text, relevant_slot
from analysis.release.material import Material
from analysis.release.numbers import count_slot, level_slot, size_slot
from analysis.release.remarks import have_forms_changed, multiplicity_claims, response_claim
from analysis.release.trails import files_text
from analysis.release.wording import join, phrase
from analysis.study.objects import Outcome, Study

WANTED = 10
Answer = tuple[str, tuple[Slot, ...]]


def questions(material: Material) -> tuple[Passage, ...]:
    """The first ten questions whose facts are there; those that need none come last."""
    found = (passage(material, name, make) for name, make in QUESTIONS)
    return tuple(p for p in found if p is not None)[:WANTED]


def passage(
    material: Material, name: str, make: Callable[[Material], Answer | None]
) -> Passage | None:
    """One question with its answer; None if the report has nothing to answer it from."""
    answer = make(material)
    if answer is None:
        return None
    text, slots = answer
    source = slots[0].source if slots else ""
    claim = Claim(f"question:{name}", "", "level", text, slots, "level", (), source)
    return Passage(name, phrase("question", f"{name}_q"), (claim,))


def ask(name: str, *slots: Slot, **words: str) -> Answer:
    """An answer from the wording file."""
    return phrase("question", f"{name}_a", **words), slots


def source(material: Material) -> Answer | None:
    """Where the numbers come from: the files of the headline figure and how many it counts."""
    level = first_level(material)
    if level is None:
        return None
    n = count_slot("n", level.n_teachers, level.id)
    outcome = material.study.outcomes[level.outcome].measure
    return ask("source", n, files=files_text(level.files), measure=outcome)


def first_level(material: Material) -> Estimate | None:
    """The level of the first outcome that is in the data."""
    found = (material.headline_level(o) for o in material.study.outcomes.values())
    return next((level for level in found if level is not None), None)


def missing(material: Material) -> Answer | None:
    """Who did not answer."""
    claim, level = response_claim(material), material.estimates.get(RESPONSE)
    if claim is None or level is None:
        return None
    roster = count_slot("roster", level.n_teachers, level.id)
    return phrase("question", "missing_a", said=claim.text), (*claim.slots, roster)


def not_judged(material: Material) -> Answer | None:
    """Which programmes are only described, and why the first of them cannot be judged."""
    found = [e for e in material.effects() if e.reason == "described"]
    if not found:
        return None
    programmes = {e.subject: material.study.interventions[e.subject] for e in found}
    whys = [
        phrase("question", "why", programme=p.label, why=p.bias_text) for p in programmes.values()
    ]
    return ask("not_judged", names=labels(material.study, found), whys=join_sentences(whys))


def unanswered(material: Material) -> Answer | None:
    """Which programmes the data cannot answer, with the reason of each."""
    found = [e for e in material.effects() if e.estimate is None and e.reason != "described"]
    if not found:
        return None
    lines = (
        phrase("question", "pair", programme=material.study.interventions[e.subject].label,
               measure=(o := material.study.outcomes[e.outcome]).measure,
               reason=reason_text(e.reason, o.missing_file))
        for e in found
    )  # fmt: skip
    return ask("unanswered", lines=join_sentences(lines))


def published(material: Material) -> Answer | None:
    """Why another office has another figure: the definition of the same year that lies farthest away."""
    for outcome in material.study.outcomes.values():
        used = material.headline_level(outcome)
        found = variants(material, outcome, used) if used else []
        if used is not None and len(found) > 1:
            far_rule, far = max(found, key=lambda pair: distance(pair[1], used))
            words = {
                "label": outcome.definitions[outcome.primary].label,
                "far_label": far_rule.label,
            }
            slots = (level("headline", used), level("far", far))
            return ask("published", *slots, measure=outcome.measure, **words)
    return None


def distance(other: Estimate, used: Estimate) -> float:
    """How far one level lies from another."""
    return abs((other.estimate or 0.0) - (used.estimate or 0.0))


def level(name: str, estimate: Estimate) -> Slot:
    """A level as a slot."""
    value = estimate.estimate or 0.0
    return level_slot(name, value, estimate.unit, estimate.n_teachers, estimate.id)


def causal(material: Material) -> Answer:
    """Which programmes may be said to have had an effect: those of the highest label with a direction."""
    shown = [e for e in material.effects() if e.verdict == "direction"]
    strong = [e for e in shown if label_of(e) == "strong"]
    weaker = [e for e in shown if label_of(e) in ("medium", "weak")]
    key = "causal" if strong else "causal_none"
    rest = phrase("question", "causal_rest", names=pairs(material, weaker)) if weaker else ""
    return ask(key, names=pairs(material, strong), rest=rest)


def unclear(material: Material) -> Answer | None:
    """That cannot-tell is not no effect: with the smallest change that one of them could have shown."""
    found = [e for e in material.effects() if label_of(e) == "undetermined" and e.mde]
    if not found:
        return None
    one = found[0]
    outcome = material.study.outcomes[one.outcome]
    relevant = one.relevant_effect or 0.0
    slots = (
        size_slot("mde", one.mde or 0.0, one.unit, 1, one.id),
        relevant_slot(one),
    )
    is_short = (one.mde or 0.0) > relevant and slots[0].text != slots[1].text
    key = "unclear_short" if is_short else "unclear_enough"
    programme = material.study.interventions[one.subject].label
    told = phrase("question", key, programme=programme, measure=outcome.measure)
    return ask("unclear", *slots, names=pairs(material, found), told=told)


def comparable(material: Material) -> Answer | None:
    """Which years may be compared: those with the headline figure, and where a test changed its forms."""
    parts = []
    for outcome in material.study.outcomes.values():
        years = level_years(material, outcome)
        if len(years) > 1:
            words = {"measure": outcome.measure, "first": str(years[0]), "last": str(years[-1])}
            parts.append(phrase("question", "years", **words))
    if not parts:
        return None
    key = "forms_changed" if have_forms_changed(material.delivery) else "forms_same"
    return ask("comparable", years=join_sentences(parts), forms=phrase("question", key))


def level_years(material: Material, outcome: Outcome) -> list[int]:
    """The years whose headline figure may be shown."""
    stem = f"level:{outcome.id}:{outcome.primary}:"
    found = (e for k, e in material.estimates.items() if k.startswith(stem))
    return sorted(e.year for e in found if e.estimate is not None)


def hidden(material: Material) -> Answer:
    """Why cells are hidden, and whether any is."""
    key = "masked_some" if material.hidden else "masked_none"
    few, base = str(MIN_PERSONS), str(MIN_SHARE_BASE)
    return ask("hidden", few=few, base=base, told=phrase("question", key))


def other_definition(material: Material) -> Answer | None:
    """What the other definitions say of the headline figure."""
    found = (card_claim(material, o) for o in material.study.outcomes.values())
    claim = next((c for c in found if c is not None), None)
    return None if claim is None else (claim.text, claim.slots)


def chance(material: Material) -> Answer | None:
    """Whether a finding could be luck: how many comparisons there were and how many still stand."""
    found = multiplicity_claims(material)
    return (found[0].text, found[0].slots) if found else None


def sure(material: Material) -> Answer | None:
    """How sure the report is: its findings on programmes by label."""
    told = [e for e in material.effects() if e.estimate is not None]
    if not told:
        return None
    found = {k: [e for e in told if label_of(e) == k] for k in SURE}
    lines = (
        phrase("question", f"sure_{k}", names=pairs(material, v)) for k, v in found.items() if v
    )
    return ask("sure", lines=join_sentences(lines))


SURE = ("strong", "medium", "weak", "undetermined", "clue")


def next_year(material: Material) -> Answer | None:
    """Which files would answer what is open."""
    files = [o.missing_file for o in material.absent_outcomes()]
    files += [
        material.study.outcomes[e.outcome].missing_file
        for e in material.effects()
        if e.reason in ("no_outcome", "no_pre_score")
    ]
    files += [
        material.study.measures[r.id].missing_file
        for r in material.measures
        if r.reason == "no_data"
    ]
    wanted = list(dict.fromkeys(f for f in files if f))
    if wanted:
        return ask("next_year", files=join(wanted))
    is_open = any(e.estimate is None and e.reason != "described" for e in material.effects())
    return ask("next_year_open" if is_open else "next_year_lots")


def moving(material: Material) -> Answer | None:
    """Whether moving within the bureau counts as loss: both counts."""
    found = destination_claims(material.roster_levels(), True, bool(material.destinations))
    return (found[0].text, found[0].slots) if found and found[0].slots else None


def linked(material: Material) -> Answer | None:
    """How people are told apart across years, and what a stricter rule would change."""
    followed = material.delivery.checks.get("followed")
    if followed is None or followed.empty:
        return None
    rates = followed.loc[followed["year"] == material.year, "rate"]
    if rates.empty:
        return None
    return ask("linked_same" if rates.nunique() == 1 else "linked")


def labels(study: Study, estimates: Iterable[Estimate]) -> str:
    """The names of programmes, each once."""
    return join(list(dict.fromkeys(study.interventions[e.subject].label for e in estimates)))


def pairs(material: Material, estimates: Iterable[Estimate]) -> str:
    """Programmes, each with the outcome it is held against."""
    study = material.study
    return join([
        phrase("question", "with", programme=study.interventions[e.subject].label,
               measure=study.outcomes[e.outcome].measure)
        for e in estimates
    ])  # fmt: skip


def join_sentences(parts: Iterable[str]) -> str:
    """Sentences one after the other."""
    return "".join(parts)


def always(name: str) -> Callable[[Material], Answer]:
    """An answer that holds for every report."""
    return lambda material: ask(name)


# in the order of asking; a question without facts is passed over for the next one
QUESTIONS: tuple[tuple[str, Callable[[Material], Answer | None]], ...] = (
    ("source", source),
    ("missing", missing),
    ("not_judged", not_judged),
    ("published", published),
    ("causal", causal),
    ("unclear", unclear),
    ("comparable", comparable),
    ("hidden", hidden),
    ("sure", sure),
    ("next_year", next_year),
    ("other_definition", other_definition),
    ("chance", chance),
    ("moving", moving),
    ("unanswered", unanswered),
    ("linked", linked),
    *((name, always(name)) for name in ("range", "schools", "label", "reuse")),
)
