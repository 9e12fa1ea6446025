"""What changed since last year, told apart: the data, the definitions, the method; no clock, no path."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.inference.record import Estimate
from analysis.intake.checking.comparison import GONE, JUMPED, NEW, SAME
from analysis.release.check_sheet import table_name
from analysis.release.claims import Claim, Passage, Slot
from analysis.release.material import Material
from analysis.release.numbers import difference_decimals, level_slot, level_text, signed_slot
from analysis.release.remarks import forms_claim, have_forms_changed
from analysis.release.wording import join, phrase
from analysis.study.objects import Outcome


@dataclass(frozen=True)
class Made:
    """What one report was made from: hashes, the primary definition of each outcome, the levels it published.

    ``published``: id of a level -> its value in that report's ``estimates.csv``.
    """

    study: str
    package: str
    lock: str
    definitions: dict[str, str]
    published: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Lineage:
    """This report's making beside that of the report of the year before; ``before`` is None if there is none."""

    now: Made
    before: Made | None = None


def change_passages(material: Material, lineage: Lineage | None) -> tuple[Passage, ...]:
    """The three kinds of change, each with at least one sentence."""
    kinds = {
        "data": data_claims(material),
        "definition": definition_claims(material, lineage),
        "method": method_claims(lineage),
    }
    return tuple(Passage(k, phrase("changes", k), claims) for k, claims in kinds.items())


def say(
    name: str, key: str, slots: tuple[Slot, ...] = (), estimate: str = "", **words: str
) -> Claim:
    """One sentence of the table ``changes``."""
    text = phrase("changes", key, **words)
    return Claim(f"changes:{name}", "", "level", text, slots, "level", (), estimate)


def data_claims(material: Material) -> tuple[Claim, ...]:
    """How each outcome's primary level moved, whether its test did, which tables are new, gone or quite different."""
    moved = (level_claim(material, o) for o in material.study.outcomes.values())
    found = [c for c in moved if c is not None] or [say("level", "none")]
    forms = forms_claim(material)
    found += [say("why", "no_why")] if found[0].slots else []
    return (*found, *([forms] if forms else []), *table_claims(material))


def level_claim(material: Material, outcome: Outcome) -> Claim | None:
    """One outcome's level last year and now; where the tests differ the two are not subtracted."""
    now, before = (material.headline_level(outcome, back) for back in (0, 1))
    if now is None or before is None:
        return None
    slots = level_slots(now, before)
    words = {"measure": outcome.measure, "year": str(now.year), "before_year": str(before.year)}
    if outcome.source == "assessments" and have_forms_changed(material.delivery):
        return say(f"level:{outcome.id}", "level_apart", slots, now.id, **words)
    change = (now.estimate or 0.0) - (before.estimate or 0.0)
    decimals = difference_decimals(None, None, change)
    moved = signed_slot("change", change, now.unit, decimals, now.id, is_change=True)
    words["moved"] = phrase("changes", "moved" if change else "moved_none")
    told = (*slots, moved) if change else slots
    return say(f"level:{outcome.id}", "level", told, now.id, **words)


def level_slots(now: Estimate, before: Estimate) -> tuple[Slot, ...]:
    """Both levels with the same decimals."""
    base = min(now.n_teachers, before.n_teachers)
    pairs = (("before", before), ("now", now))
    return tuple(level_slot(n, e.estimate or 0.0, e.unit, base, e.id) for n, e in pairs)


def table_claims(material: Material) -> list[Claim]:
    """Delivered tables that are new, gone or of another size, and those whose columns changed."""
    found = material.delivery.checks.get("comparison")
    if found is None or found.empty:
        return [say("tables", "no_delivery_before")]
    now = found[found["year"] == material.year]
    rows = now[(now["what"] == "rows") & (now["verdict"] != SAME)]
    keys = {NEW: "table_new", GONE: "table_gone", JUMPED: "table_jumped"}
    claims = [
        say(f"table:{r.table}", keys[str(r.verdict)], name_of=table_name(str(r.table)))
        for r in rows.itertuples()
    ]
    inside = now[(now["what"] != "rows") & (now["verdict"] != SAME)]
    names = [table_name(str(t)) for t in inside["table"].unique()]
    if names:
        claims.append(say("inside", "inside", tables=join(names)))
    return claims or [say("tables", "tables_same")]


def definition_claims(material: Material, lineage: Lineage | None) -> tuple[Claim, ...]:
    """Outcomes and primary definitions that differ from last year's report, and figures that moved since."""
    if lineage is None or lineage.before is None:
        return (say("definition", "no_report_before"),)
    found = primary_claims(material, lineage.now, lineage.before)
    same_study = lineage.now.study == lineage.before.study
    if not found:
        found = [say("definition", "definition_same" if same_study else "definition_other")]
    return (*found, *published_claims(material, lineage.before))


def primary_claims(material: Material, now: Made, before: Made) -> list[Claim]:
    """Outcomes that came, went, or have another primary definition."""
    found = []
    for name in dict.fromkeys([*now.definitions, *before.definitions]):
        outcome = material.study.outcomes.get(name)
        if outcome is None or name not in now.definitions:
            found.append(say(f"outcome:{name}", "outcome_gone", before=name))
        elif name not in before.definitions:
            found.append(say(f"outcome:{name}", "outcome_new", measure=outcome.measure))
        elif now.definitions[name] != before.definitions[name]:
            labels = {k: definition_label(outcome, m.definitions[name])
                      for k, m in (("now", now), ("before", before))}  # fmt: skip
            words = {"measure": outcome.measure} | labels
            found.append(say(f"outcome:{name}", "definition_primary", (), "", **words))
    return found


def definition_label(outcome: Outcome, definition: str) -> str:
    """The name of a definition; its id if the study no longer has it."""
    found = outcome.definitions.get(definition)
    return found.label if found else definition


def published_claims(material: Material, before: Made) -> list[Claim]:
    """Last year's headline figures that come out otherwise when computed again."""
    found = []
    for outcome in material.study.outcomes.values():
        level = material.headline_level(outcome, 1)
        told = before.published.get(level.id) if level else None
        if level is None or told is None or prints_alike(level, told):
            continue
        slots = (
            level_slot("before", level.estimate or 0.0, level.unit, level.n_teachers, level.id),
        )
        words = {"measure": outcome.measure, "before_year": str(level.year)}
        found.append(say(f"published:{outcome.id}", "published_moved", slots, level.id, **words))
    return found


def prints_alike(level: Estimate, told: float) -> bool:
    """Whether two values of a level print as the same."""
    texts = {level_text(v, level.unit, level.n_teachers) for v in (level.estimate or 0.0, told)}
    return len(texts) == 1


def method_claims(lineage: Lineage | None) -> tuple[Claim, ...]:
    """Whether the program or its packages changed since last year's report."""
    if lineage is None or lineage.before is None:
        return (say("method", "no_report_before"),)
    if lineage.now.package != lineage.before.package:
        return (say("method", "method_package"),)
    if lineage.now.lock != lineage.before.lock:
        return (say("method", "method_lock"),)
    return (say("method", "method_same"),)
