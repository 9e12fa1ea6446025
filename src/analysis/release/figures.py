"""What the figures of the report say in words: titles, readings, sources and alternative texts, all from the record."""

from __future__ import annotations

from analysis.inference.levels import START
from analysis.inference.record import Estimate
from analysis.release.claims import FigureSpec
from analysis.release.indicators import is_full_count
from analysis.release.numbers import difference_decimals, level_text, signed_text
from analysis.release.trails import definition_text, files_text, fill
from analysis.release.wording import phrase
from analysis.study.objects import Indicator, Outcome, Study


def gap_figure(
    study: Study, indicator: Indicator, estimate: Estimate, lead: str, region: str
) -> FigureSpec:
    """Two sides of a gap and the range of their like-for-like difference."""
    arms, words = estimate.arms, gap_words(indicator, estimate, lead, region)
    texts = {k: level_text(a.level or 0.0, estimate.unit, a.n_teachers) for k, a in arms.items()}
    is_told = is_full_count(study, estimate) or estimate.verdict == "direction"
    title = "gap_title" if is_told else "gap_title_open"
    return FigureSpec(
        id=indicator.id.replace("_", "-"),
        kind="gap",
        title=fill(phrase("figure", title, **words), raw=raw_text(estimate)),
        subtitle=fill(
            phrase("figure", "gap_subtitle", **words), year=estimate.year, n=estimate.n_teachers
        ),
        reading=phrase("figure", "gap_reading"),
        source=files_text(estimate.files),
        alt_title=phrase("figure", "alt_gap", **words),
        alt_text=fill(phrase("figure", "alt_text", **words), **texts),
        rows=(estimate.id,),
        unit=estimate.unit,
        row_labels=(indicator.label,),
        arm_labels=(indicator.focus_text, indicator.reference_text),
        definition=definition_text(study, estimate),
    )


def gap_words(indicator: Indicator, estimate: Estimate, lead: str, region: str) -> dict[str, str]:
    """The words of a gap's title, subtitle and alternative text; levels of shares are in per cent."""
    return {
        "measure": indicator.measure_text,
        "region": region,
        "unit": phrase("unit", "percent" if estimate.unit == "pp" else estimate.unit),
        "difference_unit": phrase("unit", estimate.unit),
        "focus": indicator.focus_text,
        "reference": indicator.reference_text,
        "lead": lead,
    }


def raw_text(estimate: Estimate) -> str:
    """The plain difference of the two sides, with its sign as a word."""
    sides = [estimate.arms[s].level or 0.0 for s in ("focus", "reference")]
    raw = sides[0] - sides[1]
    return signed_text(raw, estimate.unit, difference_decimals(None, None, raw))


def effects_figure(
    study: Study, outcome: Outcome, estimates: list[Estimate], region: str, year: int
) -> FigureSpec:
    """All programmes held against one outcome, on one scale."""
    clear = sum(e.verdict == "direction" for e in estimates)
    words = {"measure": outcome.label, "unit": phrase("unit", outcome.unit), "region": region}
    counts = {"n": len(estimates), "clear": clear, "year": year}
    return FigureSpec(
        id=f"effects-{outcome.id}".replace("_", "-"),
        kind="forest",
        title=fill(phrase("figure", "effects_title", **words), **counts),
        subtitle=fill(phrase("figure", "effects_subtitle", **words), **counts),
        reading=phrase("figure", "effects_reading", **words),
        source=files_text(tuple(dict.fromkeys(f for e in estimates for f in e.files))),
        alt_title=phrase("figure", "alt_effects", **words),
        alt_text=fill(phrase("figure", "alt_effects_text"), **counts),
        rows=tuple(e.id for e in estimates),
        unit=outcome.unit,
        row_labels=tuple(study.interventions[e.subject].label for e in estimates),
        definition=definition_text(study, estimates[0]),
    )


def ruler_figure(study: Study, estimate: Estimate, region: str) -> FigureSpec:
    """How small a change this year's data could have shown, beside the change that matters."""
    outcome = study.outcomes[estimate.outcome]
    words = {
        "programme": study.interventions[estimate.subject].label,
        "measure": outcome.label,
        "unit": phrase("unit", estimate.unit),
        "region": region,
    }
    counts = {"year": estimate.year, "n": estimate.n_teachers}
    is_wide = (estimate.mde or 0.0) > (estimate.relevant_effect or 0.0)
    title = fill(phrase("figure", "ruler_title", **words), **counts)
    return FigureSpec(
        id=f"ruler-{estimate.subject}-{estimate.outcome}".replace("_", "-"),
        kind="ruler",
        title=title,
        subtitle=fill(phrase("figure", "ruler_subtitle", **words), **counts),
        reading=phrase("figure", "ruler_reading" if is_wide else "ruler_reading_narrow"),
        source=files_text(estimate.files),
        alt_title=title,
        alt_text=phrase("figure", "ruler_reading" if is_wide else "ruler_reading_narrow"),
        rows=(estimate.id,),
        unit=estimate.unit,
        row_labels=(words["programme"],),
        definition=outcome.relevant_source,
    )


def level_unit(levels: list[Estimate]) -> str:
    """The unit of levels: shares in percent, scores in points."""
    return "percent" if levels[0].unit == "pp" else levels[0].unit


def trend_figure(
    study: Study, programme: str, outcome: Outcome, levels: list[Estimate], region: str
) -> FigureSpec:
    """The yearly levels of both groups of a policy, before and after it began."""
    entry = study.interventions[programme]
    names = {"treated": entry.exposed_text, "control": entry.comparison_text}
    words = {
        "programme": entry.label,
        "measure": outcome.measure,
        "unit": phrase("unit", level_unit(levels)),
        "region": region,
    }
    newest = max(e.year for e in levels)
    n = sum(e.n_teachers for e in levels if e.year == newest)
    title = fill(phrase("figure", "trend_title", **words))
    reading = phrase("figure", "trend_reading" if start_year(levels) else "trend_reading_bare")
    return FigureSpec(
        id=f"trend-{programme}-{outcome.id}".replace("_", "-"),
        kind="trend",
        title=title,
        subtitle=fill(phrase("figure", "trend_subtitle", **words), year=newest, n=n),
        reading=reading,
        source=files_text(tuple(dict.fromkeys(f for e in levels for f in e.files))),
        alt_title=title,
        alt_text=reading,
        rows=tuple(e.id for e in levels),
        unit=level_unit(levels),
        row_labels=tuple(names[e.population] for e in levels),
        definition=definition_text(study, levels[0]),
        start=start_year(levels),
    )


def start_year(levels: list[Estimate]) -> int | None:
    """The first report year in which anybody was exposed; None where the data do not tell, or no year lies before."""
    found = {int(p.label) for e in levels for p in e.series.get(START, ())}
    year = min(found, default=None)
    return year if year is not None and any(e.year < year for e in levels) else None
