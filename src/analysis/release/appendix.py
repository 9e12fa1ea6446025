"""The technical appendix of one outcome: its definitions, then every comparison with all that stands behind it."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.inference.record import Estimate
from analysis.intake.delivery import Delivery
from analysis.release.appendix_figures import SeriesPart, series_parts
from analysis.release.appendix_tables import (
    detectable_table,
    flow_table,
    same_score_table,
    sensitivity_table,
    variants_table,
)
from analysis.release.check_words import checks_table
from analysis.release.claims import Claim, FigureSpec, Table
from analysis.release.disclosure import disclose_all
from analysis.release.effects import effect_claims
from analysis.release.figures import effects_figure
from analysis.release.spread_figures import spread_figures
from analysis.release.tables import effects_table, measures_table, parts_table
from analysis.release.trails import day_text, fill
from analysis.release.wording import phrase
from analysis.study.objects import Outcome, Study


@dataclass(frozen=True)
class Comparison:
    """One programme held against the outcome, in reading order: sentences, sample, pictures, checks."""

    id: str
    title: str
    claims: tuple[Claim, ...]
    flow: tuple[Table, ...]
    series: tuple[SeriesPart, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Appendix:
    """Everything the page of one outcome shows; ``estimates`` are the disclosed ones its figures draw."""

    outcome: Outcome
    line: str
    definitions: tuple[Table, ...]
    spread: tuple[FigureSpec, ...]
    tables: tuple[Table, ...]
    figures: tuple[FigureSpec, ...]
    detectable: tuple[Table, ...]
    comparisons: tuple[Comparison, ...]
    estimates: tuple[Estimate, ...]


def compose_appendix(
    study: Study, delivery: Delivery, outcome: str, estimates: tuple[Estimate, ...]
) -> Appendix:
    """The appendix of one outcome under the definition of its estimates; small cells are hidden here.

    ``estimates``: the programmes' effects, and with them the levels of the outcome under all its definitions.
    """
    found, _ = disclose_all(estimates)
    whole = [e for e in found.values() if e.kind == "effect" and e.family]
    drawn = [e for e in whole if e.estimate is not None]
    where = (delivery.label, delivery.year)
    tables = [effects_table(study, whole, *where)] if drawn else []
    entry = study.outcomes[outcome]
    used = used_definition(entry, whole)
    return Appendix(
        outcome=entry,
        line=appendix_line(delivery, entry, used),
        definitions=(variants_table(study, entry, used, found, *where),),
        spread=spread_figures(study, entry, found, *where),
        tables=(*tables, measures_table(study, whole, *where)),
        figures=(effects_figure(study, entry, drawn, *where),) if len(drawn) > 1 else (),
        detectable=(detectable_table(study, entry, drawn, *where),) if drawn else (),
        comparisons=tuple(compare(study, e, tuple(found.values()), delivery.label) for e in whole),
        estimates=tuple(found.values()),
    )


def used_definition(outcome: Outcome, effects: list[Estimate]) -> str:
    """The definition the programmes were held against."""
    return effects[0].definition if effects else outcome.primary


def appendix_line(delivery: Delivery, outcome: Outcome, used: str) -> str:
    """The line under the title: the outcome, its definition in words, the date of the data."""
    rule = outcome.definitions[used]
    text = phrase("appendix", "line", measure=rule.label, definition=rule.text)
    return fill(text, as_of=day_text(delivery.as_of))


def compare(
    study: Study, estimate: Estimate, shown: tuple[Estimate, ...], region: str
) -> Comparison:
    """One programme: its sentences, its sample, its series, its checks, and the populations it was looked at within."""
    programme = study.interventions[estimate.subject]
    parts = [
        e for e in shown if e.kind == "effect" and not e.family and e.subject == estimate.subject
    ]
    flow = flow_table(study, estimate, region)
    found = [
        checks_table(study, estimate, region) if estimate.checks else None,
        sensitivity_table(study, estimate, region),
        same_score_table(study, estimate, region),
        parts_table(study, estimate.subject, parts, region) if parts else None,
    ]
    return Comparison(
        id=programme.id,
        title=programme.label,
        claims=effect_claims(study, estimate),
        flow=(flow,) if flow else (),
        series=series_parts(study, estimate, region),
        tables=tuple(t for t in found if t is not None),
    )
