"""The technical appendix of one outcome: every comparison with its sentences, checks, populations and figure."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.inference.record import Estimate
from analysis.intake.delivery import Delivery
from analysis.release.claims import Claim, FigureSpec, Table
from analysis.release.disclosure import disclose_all
from analysis.release.effects import effect_claims
from analysis.release.figures import effects_figure
from analysis.release.tables import checks_table, effects_table, measures_table, parts_table
from analysis.release.trails import day_text, fill
from analysis.release.wording import phrase
from analysis.study.objects import Outcome, Study


@dataclass(frozen=True)
class Comparison:
    """One programme held against the outcome: its name, what can be said of it, its tables."""

    id: str
    title: str
    claims: tuple[Claim, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Appendix:
    """Everything the page of one outcome shows; ``estimates`` are the disclosed ones its figures draw."""

    outcome: Outcome
    line: str
    tables: tuple[Table, ...]
    figures: tuple[FigureSpec, ...]
    comparisons: tuple[Comparison, ...]
    estimates: tuple[Estimate, ...]


def compose_appendix(
    study: Study, delivery: Delivery, outcome: str, estimates: tuple[Estimate, ...]
) -> Appendix:
    """The appendix of one outcome under the definition of its estimates; small cells are hidden here."""
    found, _ = disclose_all(estimates)
    shown = tuple(found.values())
    whole = [e for e in shown if e.kind == "effect" and e.family]
    drawn = [e for e in whole if e.estimate is not None]
    where = (delivery.label, delivery.year)
    tables = [effects_table(study, whole, *where)] if drawn else []
    entry = study.outcomes[outcome]
    return Appendix(
        outcome=entry,
        line=appendix_line(study, delivery, outcome, whole),
        tables=(*tables, measures_table(study, whole, *where)),
        figures=(effects_figure(study, entry, drawn, *where),) if len(drawn) > 1 else (),
        comparisons=tuple(compare(study, e, shown) for e in whole),
        estimates=shown,
    )


def appendix_line(study: Study, delivery: Delivery, outcome: str, estimates: list[Estimate]) -> str:
    """The line under the title: the outcome, its definition in words, the date of the data."""
    entry = study.outcomes[outcome]
    name = estimates[0].definition if estimates else entry.primary
    rule = entry.definitions[name]
    text = phrase("appendix", "line", measure=rule.label, definition=rule.text)
    return fill(text, as_of=day_text(delivery.as_of))


def compare(study: Study, estimate: Estimate, shown: tuple[Estimate, ...]) -> Comparison:
    """One programme: its sentences, its checks, and the populations it was looked at within."""
    programme = study.interventions[estimate.subject]
    parts = [e for e in shown if not e.family and e.subject == estimate.subject]
    tables = [checks_table(programme, estimate)] if estimate.checks else []
    tables += [parts_table(study, estimate.subject, parts)] if parts else []
    claims = effect_claims(study, estimate)
    return Comparison(programme.id, programme.label, claims, tuple(tables))
