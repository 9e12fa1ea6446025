"""The report: estimates disclosed, worded, ranked and put in order; ``present`` adds only looks."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.inference.measures import MeasureRecord, measure_measures
from analysis.inference.record import Estimate
from analysis.intake.delivery import Delivery
from analysis.panel.build import Panel
from analysis.release.claims import Claim, FigureSpec, Report, Scope, Table
from analysis.release.disclosure import Hidden, disclose_all, disclose_measures
from analysis.release.effects import effect_claims, label_of
from analysis.release.figures import effects_figure, ruler_figure, trend_figure
from analysis.release.numbers import level_text
from analysis.release.overview import overview_table
from analysis.release.section import find_problem, headline, rank, refuted_claim
from analysis.release.tables import (
    definitions_table,
    effects_table,
    level_cell,
    parts_table,
)
from analysis.release.trails import day_text, fill, make_trails
from analysis.release.wording import join, phrase
from analysis.study.objects import POLICIES, Outcome, Study

MAX_HEADLINES = 5


@dataclass(frozen=True)
class Material:
    """What a report is composed from: the study, what was delivered, the disclosed estimates by id and counts."""

    study: Study
    region: str
    year: int
    as_of: str
    estimates: dict[str, Estimate]
    hidden: tuple[Hidden, ...]
    measures: tuple[MeasureRecord, ...] = ()

    def effects(self) -> list[Estimate]:
        """Programme effects under the primary definitions, whole populations, in the study's order."""
        return [
            e
            for e in self.estimates.values()
            if e.kind == "effect" and e.family and e.definition == self.primary(e.outcome)
        ]

    def primary(self, outcome: str) -> str:
        """The primary definition of an outcome."""
        return self.study.outcomes[outcome].primary


def compose_report(
    study: Study, delivery: Delivery, panel: Panel, estimates: tuple[Estimate, ...]
) -> Report:
    """The whole report in words, every number a slot with a trail."""
    shown, hidden = disclose_all(estimates)
    measures, few = disclose_measures(measure_measures(study, delivery, panel))
    place = (delivery.label, delivery.year, delivery.as_of)
    material = Material(study, *place, shown, hidden + few, measures)
    findings = rank(
        [find_problem(study, p, shown, delivery.label) for p in study.problems.values()]
    )
    effects = tuple(c for e in material.effects() for c in effect_claims(study, e))
    heads = [f for f in findings if f.status in ("supported", "unclear")][:MAX_HEADLINES]
    refuted = [refuted_claim(f) for f in findings if f.status == "refuted"]
    sections = tuple(f.section for f in findings)
    claims = [c for s in sections for c in s.evidence] + list(effects)
    return Report(
        scope=make_scope(delivery, panel),
        headlines=tuple(headline(f) for f in heads),
        cannot_tell=tuple(cannot_tell(material)),
        refuted=tuple(c for c in refuted if c is not None),
        problems=sections,
        effects=effects,
        changes=tuple(changes(material)),
        tables=make_tables(material),
        figures={f.id: f for f in make_figures(material)},
        trails=make_trails(study, shown, cited(claims), delivery.as_of),
        notes=tuple(notes(material, delivery, panel)),
        questions=questions(),
        hidden=tuple(dict.fromkeys(h.estimate for h in hidden)),
    )


def cited(claims: list[Claim]) -> list[str]:
    """The estimates whose numbers stand in the text, in order of appearance."""
    return [s.source for c in claims for s in c.slots]


def make_scope(delivery: Delivery, panel: Panel) -> Scope:
    """The line under the title."""
    counts = panel.counts
    has_roster = "roster" in panel.files
    key = "text" if counts["answers"] else "text_no_survey"
    key = key if has_roster else "text_survey_only"
    period = panel.periods.get(delivery.year, "")
    key = "text_one_roster" if has_roster and not period else key
    text = fill(
        phrase("scope", key),
        as_of=day_text(delivery.as_of),
        base=day_text(period.split("/")[0]),
        year=delivery.year,
        teachers=counts["teachers"],
        schools=counts["schools"],
        answers=counts["answers"],
    )
    return Scope(
        region=delivery.region,
        region_label=delivery.label,
        year=delivery.year,
        as_of=delivery.as_of,
        n_teachers=counts["teachers"],
        n_schools=counts["schools"],
        n_answers=counts["answers"],
        text=text,
        is_invented=delivery.is_invented,
    )


def cannot_tell(material: Material) -> list[Claim]:
    """Programmes whose effect cannot be told this year, and those without data, one sentence per outcome."""
    found = [absent_claim(o) for o in absent_outcomes(material)]
    for label, key in (("undetermined", "cannot_tell"), ("none", "no_data")):
        by_outcome: dict[str, list[str]] = {}
        for estimate in material.effects():
            if label_of(estimate) == label and estimate.reason not in ("described", "no_outcome"):
                name = material.study.interventions[estimate.subject].label
                by_outcome.setdefault(estimate.outcome, []).append(name)
        found += [summary_claim(material, o, names, key, label) for o, names in by_outcome.items()]
    return found


def absent_outcomes(material: Material) -> list[Outcome]:
    """Outcomes without a single value in the report year."""
    levels = [e for e in material.estimates.values() if e.id.startswith("level:")]
    present = {e.outcome for e in levels if e.year == material.year}
    return [o for o in material.study.outcomes.values() if o.id not in present]


def absent_claim(outcome: Outcome) -> Claim:
    """An outcome that is not in the data, and which file would bring it."""
    text = phrase("summary", "absent", measure=outcome.label, missing_file=outcome.missing_file)
    return Claim(f"summary:absent:{outcome.id}", "", "level", text, (), "none")


def summary_claim(
    material: Material, outcome: str, names: list[str], key: str, label: str
) -> Claim:
    """One sentence that names programmes and an outcome, without numbers."""
    measure = material.study.outcomes[outcome].label
    text = phrase("summary", key, names=join(names), measure=measure)
    return Claim(f"summary:{key}:{outcome}", "", "effect", text, (), label)


def changes(material: Material) -> list[str]:
    """How each outcome's primary level moved against the year before, by definition unchanged."""
    year, found = material.year, []
    for outcome in material.study.outcomes.values():
        stem = f"level:{outcome.id}:{outcome.primary}"
        now, before = (material.estimates.get(f"{stem}:{y}") for y in (year, year - 1))
        if now is None or before is None or now.reason or before.reason:
            continue
        text = phrase("changes", "level", measure=outcome.label)
        cells = {"now": level_cell(now), "before": level_cell(before)}
        found.append(fill(text, year=year, before_year=year - 1, **cells))
    return found or [phrase("changes", "none")]


def make_tables(material: Material) -> dict[str, Table]:
    """All tables of the report by id."""
    study, region, year = material.study, material.region, material.year
    effects = material.effects()
    tables = [
        definitions_table(study, material.estimates, region, year),
        overview_table(study, effects, material.measures, region, year),
    ]
    if any(e.estimate is not None for e in effects):
        tables.append(effects_table(study, effects, region, year))
    return {t.id: t for t in tables + parts_tables(material)}


def parts_tables(material: Material) -> list[Table]:
    """Tables of programmes that were looked at within each population of a survey."""
    groups: dict[tuple[str, str], list[Estimate]] = {}
    for e in material.estimates.values():
        is_part = e.kind == "effect" and not e.family
        if is_part and e.definition == material.primary(e.outcome):
            groups.setdefault((e.subject, e.outcome), []).append(e)
    return [parts_table(material.study, k[0], v) for k, v in groups.items()]


def make_figures(material: Material) -> list[FigureSpec]:
    """Forest plots by outcome, trends of policies, and a ruler for each undetermined policy."""
    study, region = material.study, material.region
    found: list[FigureSpec] = []
    for outcome in study.outcomes.values():
        shown = [
            e for e in material.effects() if e.outcome == outcome.id and e.estimate is not None
        ]
        if len(shown) > 1:
            found.append(effects_figure(study, outcome, shown, region, material.year))
        for e in shown:
            found += policy_figures(material, e)
    return found


def policy_figures(material: Material, estimate: Estimate) -> list[FigureSpec]:
    """The pre-trend picture of a policy and what this year's data could have shown."""
    if estimate.design not in POLICIES:
        return []
    study, outcome = material.study, material.study.outcomes[estimate.outcome]
    stem = f"trend:{estimate.subject}:{estimate.outcome}:"
    levels = [
        e for k, e in material.estimates.items() if k.startswith(stem) and e.estimate is not None
    ]
    found = []
    if len({e.year for e in levels}) > 1:
        found.append(trend_figure(study, estimate.subject, outcome, levels, material.region))
    return [*found, ruler_figure(study, estimate, material.region)]


def notes(material: Material, delivery: Delivery, panel: Panel) -> list[str]:
    """What a reader must know of the whole: delivery notes, hidden cells, checks not run, rounding."""
    found = list(delivery.notes)
    if material.hidden:
        found.append(fill(phrase("notes", "hidden"), n=len(material.hidden)))
    return [*found, *survey_note(panel), phrase("notes", "rounding")]


def survey_note(panel: Panel) -> list[str]:
    """How many answers could be linked, and what share of the teachers in post that is."""
    answers, linked = panel.counts["answers"], panel.counts.get("linked", 0)
    if not linked or "roster" not in panel.files:
        return []
    rate = level_text(100 * linked / panel.counts["teachers"], "pp", panel.counts["teachers"])
    if len(panel.surveys) > 1:
        each = join([str(n) for n in panel.surveys])
        text = phrase("notes", "surveys")
        kinds = len(panel.surveys)
        return [fill(text, kinds=kinds, answers=answers, each=each, linked=linked, rate=rate)]
    return [fill(phrase("notes", "survey"), answers=answers, linked=linked, rate=rate)]


def questions() -> tuple[tuple[str, str], ...]:
    """Questions a reader is likely to ask, with answers that hold for every report."""
    names = ("source", "cause", "unclear")
    return tuple((phrase("question", f"{n}_q"), phrase("question", f"{n}_a")) for n in names)
