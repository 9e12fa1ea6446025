"""The report: estimates disclosed, worded, ranked and put in order; ``present`` adds only looks."""

from __future__ import annotations

from dataclasses import replace

from analysis.inference.destinations import count_destinations
from analysis.inference.measures import measure_measures
from analysis.inference.record import Estimate
from analysis.intake.delivery import Delivery
from analysis.panel.build import Panel
from analysis.release.cards import card_claims
from analysis.release.changes import Lineage, change_passages
from analysis.release.claims import Claim, FigureSpec, Report, Scope, Table
from analysis.release.destinations import destination_claims, destinations_table
from analysis.release.disclosure import MIN_PERSONS, disclose_all, disclose_measures
from analysis.release.effects import effect_claims, label_of
from analysis.release.figures import effects_figure, ruler_figure, trend_figure
from analysis.release.heat import demand_map, demand_table
from analysis.release.material import Material
from analysis.release.numbers import level_text
from analysis.release.overview import overview_table
from analysis.release.questions import questions
from analysis.release.ranking import priority_claim, rank
from analysis.release.remarks import multiplicity_claims, remarks
from analysis.release.section import Finding, find_problem, headline
from analysis.release.sound import check_sound
from analysis.release.tables import definitions_table, effects_table, parts_table
from analysis.release.trails import day_text, fill, make_trails
from analysis.release.wording import join, phrase
from analysis.study.objects import POLICIES, Outcome, Study

MAX_HEADLINES = 4  # with their sentences as many as one sheet holds
MAX_REFUTED = 3


def compose_report(
    study: Study,
    delivery: Delivery,
    panel: Panel,
    estimates: tuple[Estimate, ...],
    lineage: Lineage | None = None,
) -> Report:
    """The whole report in words, every number a slot with a trail; ``lineage``: last year's report, if there is one.

    RunError if an estimate contradicts itself.
    """
    check_sound(estimates, delivery.year)
    material = gather(study, delivery, panel, estimates)
    findings = weigh(material)
    judged = [f for f in findings if f.status in ("supported", "unclear")]
    heads = (judged or [f for f in findings if f.status == "described"])[:MAX_HEADLINES]
    report = Report(
        scope=make_scope(delivery, panel),
        headlines=tuple(headline(f) for f in heads),
        cannot_tell=tuple(cannot_tell(material)),
        refuted=tuple(c for f in findings for c in f.refuted)[:MAX_REFUTED],
        problems=tuple(f.section for f in findings),
        effects=tuple(c for e in material.effects() for c in effect_claims(study, e)),
        changes=change_passages(material, lineage),
        tables=make_tables(material),
        figures={f.id: f for f in make_figures(material)},
        trails=(),
        notes=tuple(notes(material)),
        questions=questions(material),
        said=said(material) | summary_claims(priority_claim(findings)),
        heat=demand_map(study, material.estimates, delivery.label),
        hidden=tuple(dict.fromkeys(h.estimate for h in material.hidden)),
    )
    return with_trails(report, material)


def weigh(material: Material) -> list[Finding]:
    """Every problem with what the data say of it, in the order of the report."""
    study, shown, region = material.study, material.estimates, material.region
    return rank([find_problem(study, p, shown, region) for p in study.problems.values()])


def summary_claims(priority: Claim | None) -> dict[str, tuple[Claim, ...]]:
    """What the summary says beside its headlines; nothing if no problem is supported."""
    return {} if priority is None else {"priority": (priority,)}


def gather(
    study: Study, delivery: Delivery, panel: Panel, estimates: tuple[Estimate, ...]
) -> Material:
    """Everything a report is composed from, small numbers hidden."""
    shown, hidden = disclose_all(estimates)
    measures, few = disclose_measures(measure_measures(study, delivery, panel))
    counts = count_destinations(study, panel)
    return Material(study, delivery, panel, shown, hidden + few, measures, counts)


def with_trails(report: Report, material: Material) -> Report:
    """The report with a trail for every estimate that a sentence cites, in order of appearance."""
    evidence = [c for s in report.problems for c in s.evidence]
    around = [c for claims in report.around().values() for c in claims]
    claims = [*evidence, *report.effects, *around]
    trails = make_trails(material.study, material.estimates, claims, material.delivery.as_of)
    return replace(report, trails=trails)


def said(material: Material) -> dict[str, tuple[Claim, ...]]:
    """The sentences that stand above a table or among the notes, by section."""
    has_table = reasons_table(material) is not None
    levels, has_counts = material.roster_levels(), bool(material.destinations)
    return {
        "reasons": destination_claims(levels, has_table, has_counts),
        "definitions": card_claims(material),
        "notes": (*multiplicity_claims(material), *remarks(material)),
    }


def reasons_table(material: Material) -> Table | None:
    """Where the teachers of a year ago went."""
    levels = material.roster_levels()
    level = levels.get("lost", levels.get("gone"))
    n, region = material.panel.counts["teachers"], material.region
    return destinations_table(material.study, material.destinations, n, level, region)


def make_scope(delivery: Delivery, panel: Panel) -> Scope:
    """The line under the title."""
    counts = panel.counts
    has_roster = "roster" in panel.files
    key = "text" if counts["answers"] else "text_no_survey"
    key = key if has_roster else "text_survey_only"
    period = panel.periods.get(delivery.year, "")
    key = "text_one_roster" if has_roster and not period else key
    words = {} if key == "text_survey_only" else {"answers": answers_text(panel)}
    text = fill(
        phrase("scope", key, **words),
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
    found = [absent_claim(o) for o in material.absent_outcomes()]
    for label, key in (("undetermined", "cannot_tell"), ("none", "no_data")):
        by_outcome: dict[str, list[str]] = {}
        for estimate in material.effects():
            if label_of(estimate) == label and estimate.reason not in ("described", "no_outcome"):
                name = material.study.interventions[estimate.subject].label
                by_outcome.setdefault(estimate.outcome, []).append(name)
        found += [summary_claim(material, o, names, key, label) for o, names in by_outcome.items()]
    return found


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
    reasons = reasons_table(material)
    heat = demand_map(study, material.estimates, region)
    tables += [t for t in (reasons, demand_table(heat) if heat else None) if t is not None]
    return {t.id: t for t in tables + parts_tables(material)}


def parts_tables(material: Material) -> list[Table]:
    """Tables of programmes that were looked at within each population of a survey."""
    groups: dict[tuple[str, str], list[Estimate]] = {}
    for e in material.estimates.values():
        is_part = e.kind == "effect" and not e.family
        if is_part and e.definition == material.primary(e.outcome):
            groups.setdefault((e.subject, e.outcome), []).append(e)
    return [parts_table(material.study, k[0], v, material.region) for k, v in groups.items()]


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


def notes(material: Material) -> list[str]:
    """What a reader must know of the whole: delivery notes, hidden cells, answers that were linked, rounding."""
    found = list(material.delivery.notes)
    if material.hidden:
        found.append(fill(phrase("notes", "hidden"), n=len(material.hidden)))
    return [*found, *survey_note(material.panel), phrase("notes", "rounding")]


def answers_text(panel: Panel) -> str:
    """How many answered; of several questionnaires each, since one teacher may be in more than one."""
    if len(panel.surveys) < 2:
        return fill(phrase("scope", "answers"), n=panel.counts["answers"])
    each = join([fill(phrase("scope", "answers_each"), n=n) for n in panel.surveys])
    return fill(phrase("scope", "answers_many", each=each), kinds=len(panel.surveys))


def survey_note(panel: Panel) -> list[str]:
    """How many answers could be linked, and what share of the teachers in post that is."""
    answers, linked = panel.counts["answers"], panel.counts.get("linked", 0)
    few = careless_note(panel)
    if not linked or "roster" not in panel.files:
        return few
    rate = level_text(100 * linked / panel.counts["teachers"], "pp", panel.counts["teachers"])
    if len(panel.surveys) > 1:
        each = join([str(n) for n in panel.surveys])
        text = phrase("notes", "surveys")
        kinds = len(panel.surveys)
        return [fill(text, kinds=kinds, answers=answers, each=each, linked=linked, rate=rate), *few]
    return [fill(phrase("notes", "survey"), answers=answers, linked=linked, rate=rate), *few]


def careless_note(panel: Panel) -> list[str]:
    """How many answers were too fast or all alike to count; a number below ten is told as a few."""
    n = panel.counts.get("careless", 0)
    if not n:
        return []
    key = "careless" if n >= MIN_PERSONS else "careless_few"
    return [fill(phrase("notes", key), n=n)]
