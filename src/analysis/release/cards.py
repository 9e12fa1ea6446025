"""The headline figure under every definition: which one is used, how far the others lie, whether they move alike."""

from __future__ import annotations

from analysis.inference.record import Estimate
from analysis.release.claims import Claim, Slot
from analysis.release.material import Material
from analysis.release.numbers import level_slot, size_slot
from analysis.release.trails import day_text
from analysis.release.wording import join, phrase
from analysis.study.objects import Definition, Outcome


def card_claims(material: Material) -> tuple[Claim, ...]:
    """The sentences above the table of definitions, one claim per outcome that is in the data."""
    found = (card_claim(material, o) for o in material.study.outcomes.values())
    return tuple(c for c in found if c is not None)


def card_claim(material: Material, outcome: Outcome) -> Claim | None:
    """One outcome: the definition used and its level, the others beside it, the date basis."""
    used = material.headline_level(outcome)
    if used is None:
        return None
    rule = outcome.definitions[outcome.primary]
    texts = [phrase("card", "headline", measure=outcome.measure, label=rule.label)]
    slots = [slot("headline", used)]
    for part, more in (spread(material, outcome, used), others(material, outcome, used)):
        texts.append(part)
        slots += more
    texts += [same_way(material, outcome, used), basis(material, outcome, used)]
    text = "".join(texts)
    return Claim(f"card:{outcome.id}", "", "level", text, tuple(slots), "level", (), used.id)


def slot(name: str, level: Estimate) -> Slot:
    """A level as a slot."""
    return level_slot(name, level.estimate or 0.0, level.unit, level.n_teachers, level.id)


def variants(
    material: Material, outcome: Outcome, used: Estimate
) -> list[tuple[Definition, Estimate]]:
    """Definitions of the same people in the same unit, with their levels, lowest first; the one used among them."""
    found = []
    for rule in outcome.definitions.values():
        level = material.level(outcome.id, rule.id, used.year)
        is_alike = rule.leaves != "school" and not rule.population  # moving is no loss
        if level and level.unit == used.unit and is_alike:
            found.append((rule, level))
    return sorted(found, key=lambda pair: pair[1].estimate or 0.0)


def spread(material: Material, outcome: Outcome, used: Estimate) -> tuple[str, list[Slot]]:
    """From the lowest to the highest definition of the same people; nothing if there is only one."""
    found = variants(material, outcome, used)
    if len(found) < 2:
        return "", []
    (low_rule, low), (high_rule, high) = found[0], found[-1]
    width = (high.estimate or 0.0) - (low.estimate or 0.0)
    words = {"low_label": low_rule.label, "high_label": high_rule.label}
    slots = [slot("low", low), slot("high", high), size_slot("width", width, used.unit, 1, high.id)]
    return phrase("card", "spread", **words), slots


def others(material: Material, outcome: Outcome, used: Estimate) -> tuple[str, list[Slot]]:
    """Figures that are not the same thing by another rule: of some teachers only, or shares of the same score."""
    texts, slots = [], []
    for rule in outcome.definitions.values():
        level = material.level(outcome.id, rule.id, used.year)
        is_cut = level is not None and level.unit != used.unit
        if level is None or not (is_cut or rule.population):
            continue
        text = phrase("card", "cut" if is_cut else "part", label=rule.label)
        texts.append(text.replace("{level}", f"{{level_{rule.id.lower()}}}"))
        slots.append(slot(f"level_{rule.id.lower()}", level))
    return "".join(texts), slots


def same_way(material: Material, outcome: Outcome, used: Estimate) -> str:
    """Whether all definitions of these people moved the same way since last year; nothing without a last year."""
    moves = {}
    for rule, now in variants(material, outcome, used):
        before = material.level(outcome.id, rule.id, used.year - 1)
        if before is not None:
            moves[rule.id] = (now.estimate or 0.0) - (before.estimate or 0.0)
    if len(moves) < 2 or outcome.primary not in moves:
        return ""
    other = [k for k, v in moves.items() if v * moves[outcome.primary] < 0]
    if not other:
        return phrase("card", "same_way")
    return phrase("card", "other_way", names=join([outcome.definitions[k].label for k in other]))


def basis(material: Material, outcome: Outcome, used: Estimate) -> str:
    """The dates a rate stands on, and who is not in a test."""
    if outcome.source == "assessments":
        return phrase("card", "test")
    if not used.period:
        return ""
    start, end = (day_text(d) for d in used.period.split("/"))
    starts = [rule.starts.year for rule in material.study.retirement.values()]
    is_rising = bool(starts) and material.year >= min(starts)
    retirement = phrase("card", "retirement") if is_rising else ""
    return phrase("card", "period", start=start, end=end) + retirement
