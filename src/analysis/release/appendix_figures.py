"""Figures of the series that stand beside one estimate: years before and after, other ways of estimating, horizons."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.inference.record import Estimate, Point
from analysis.release.check_details import covariate_label
from analysis.release.claims import FigureSpec
from analysis.release.effects import names_of
from analysis.release.numbers import difference_decimals, level_text, round_text
from analysis.release.trails import definition_text, files_text, fill
from analysis.release.wording import join, phrase, wording
from analysis.study.objects import Study

MIN_POINTS = 2
WITHOUT = "without_"
CURVE_CHECKS = ("specification_curve", "specifications")
BY_PERIOD = ("event_study",)
BY_ROW = ("horizons", "destinations", "cohorts")


@dataclass(frozen=True)
class SeriesPart:
    """What becomes of one series: a figure, or a sentence where there is too little to draw."""

    figure: FigureSpec | None
    sentence: str = ""


def series_parts(study: Study, estimate: Estimate, region: str) -> tuple[SeriesPart, ...]:
    """The figures of one estimate in reading order, and sentences where one cannot be drawn."""
    if estimate.estimate is None:
        return ()
    makers = {"event_study": event_study_figure, "specifications": curve_figure}
    found = []
    for name in ("event_study", *BY_ROW, "specifications"):
        if not is_due(estimate, name):
            continue
        if len(drawn_points(estimate, name)) < MIN_POINTS:
            found.append(SeriesPart(None, phrase("appendix", f"{wording_key(name)}_none")))
        elif name in makers:
            found.append(SeriesPart(makers[name](study, estimate, region)))
        else:
            found.append(SeriesPart(points_figure(study, estimate, region, name)))
    return tuple(found)


def is_due(estimate: Estimate, name: str) -> bool:
    """Whether a reader expects a series: it is there, or its check is, or (the curve) there is an estimate at all."""
    names = {c.name for c in estimate.checks}
    asked = {"event_study": "pre_period" in names, "specifications": True}
    return name in estimate.series or asked.get(name, False)


def wording_key(name: str) -> str:
    """The beginning of a series' phrases."""
    return "curve" if name == "specifications" else name


def drawn_points(estimate: Estimate, name: str) -> list[Point]:
    """The points of a series that have a value; of an event study the reference does not count as one."""
    points = [p for p in estimate.series.get(name, ()) if p.estimate is not None]
    return [p for p in points if name not in BY_PERIOD or not is_reference(p)]


def is_reference(point: Point) -> bool:
    """Whether a point is the one that the others are measured from: zero by construction, without an interval."""
    return point.estimate == 0 and point.std_error is None and point.ci_low is None


def event_study_figure(study: Study, estimate: Estimate, region: str) -> FigureSpec:
    """The difference of both sides in each period before and after the start, against the period before it."""
    shown = drawn_points(estimate, "event_study")
    before = sum(is_before(p.label) for p in shown)
    counts = {"before": before, "after": len(shown) - before}
    return replace(
        frame_of(study, estimate, region, "event_study"),
        alt_text=fill(phrase("appendix", "event_study_alt_text"), **counts),
        point_labels=tuple(period_name(p.label) for p in estimate.series["event_study"]),
    )


def is_before(label: str) -> bool:
    """Whether a period lies before the start."""
    return label.startswith("-")


def period_name(label: str) -> str:
    """A period in words: how many years before or after the start."""
    number = label.lstrip("-+")
    if not number.isdigit():
        return phrase("period", label)
    if int(number) == 0:
        return phrase("period", "start")
    return fill(phrase("period", "before" if is_before(label) else "after"), n=int(number))


def curve_figure(study: Study, estimate: Estimate, region: str) -> FigureSpec:
    """All ways of estimating side by side; how many come out within one standard error of the one that is used."""
    choices = tuple(choices_of(study, p.label) for p in estimate.series["specifications"])
    return replace(
        frame_of(study, estimate, region, "specifications"),
        alt_text=alt_range(estimate, "specifications", "curve_alt_text"),
        point_labels=tuple(join(c) for c in choices),
        choices=choices,
    )


def alt_range(estimate: Estimate, name: str, key: str) -> str:
    """An alternative text with the number of points, the smallest and the largest, and the estimate itself."""
    values = [p.estimate or 0.0 for p in drawn_points(estimate, name)]
    own = estimate.estimate or 0.0
    d = difference_decimals(estimate.ci_low, estimate.ci_high, own)
    low, high, used = (
        round_text(v, d) + phrase("unit", estimate.unit) for v in (min(values), max(values), own)
    )
    return fill(phrase("appendix", key), n=len(values), low=low, high=high, own=used)


def share_sentence(estimate: Estimate) -> str:
    """How large a share lies within one standard error, as its check found it; empty if it was not run."""
    found = [c.value for c in estimate.checks if c.name in CURVE_CHECKS]
    if not found or found[0] is None:
        return ""
    if found[0] >= 1:
        return phrase("appendix", "curve_all")
    shown = len(drawn_points(estimate, "specifications"))
    return fill(phrase("appendix", "curve_share"), share=level_text(100 * found[0], "pp", shown))


def choices_of(study: Study, label: str) -> tuple[str, ...]:
    """What a specification is made of, in words; KeyError for a choice that has none."""
    known = wording()["specification"]
    parts = [p for part in label.split(".") for p in ([part] if part in known else cut(part))]
    return tuple(choice_word(study, part) for part in parts)


def cut(part: str) -> list[str]:
    """A part of an id that is no word itself: what is left out, or several words in one."""
    return [part] if part.startswith(WITHOUT) else part.split("_")


def choice_word(study: Study, part: str) -> str:
    """One choice in words."""
    if part.startswith(WITHOUT):
        name = covariate_label(study, part.removeprefix(WITHOUT))
        return phrase("specification", "without", name=name)
    return phrase("specification", part)


def points_figure(study: Study, estimate: Estimate, region: str, name: str) -> FigureSpec:
    """One row per horizon, destination or cohort."""
    return replace(
        frame_of(study, estimate, region, name),
        alt_text=alt_range(estimate, name, "points_alt_text"),
        point_labels=tuple(row_name(study, name, p.label) for p in estimate.series[name]),
    )


def row_name(study: Study, name: str, label: str) -> str:
    """The name of one row of a series; a destination is ``reason:period``, the reason as the exits ledger codes it."""
    if name != "destinations":
        return fill(phrase("period", name), n=label)
    reason, _, horizon = label.partition(":")
    known = study.variables["exit_reason"].codes
    told = known[reason][0] if reason in known else phrase("destination", reason)
    return fill(phrase("period", name, name=told), n=horizon or 1)


def series_words(study: Study, estimate: Estimate, region: str) -> dict[str, str]:
    """The words of the phrases of a series."""
    names = names_of(study, estimate)
    unit = phrase("unit", estimate.unit)
    return {
        "programme": names["programme"],
        "measure": names["measure"],
        "unit": unit,
        "region": region,
    }


def frame_of(study: Study, estimate: Estimate, region: str, name: str) -> FigureSpec:
    """What every figure of a series has: title, second line, source, unit and the one estimate it stands on."""
    shown = drawn_points(estimate, name)
    words, key = series_words(study, estimate, region), wording_key(name)
    numbers = {
        "n": len(shown) if key == "curve" else estimate.n_teachers,
        "people": estimate.n_teachers,
        "year": estimate.year,
        "first": shown[0].label,
        "last": shown[-1].label,
    }
    return FigureSpec(
        id=f"{key}-{estimate.id}".replace(":", "-").replace("_", "-"),
        kind={"event_study": "event_study", "curve": "curve"}.get(key, "points"),
        title=fill(phrase("appendix", f"{key}_title", **words), **numbers),
        subtitle=fill(phrase("appendix", f"{key}_subtitle", **words), **numbers),
        reading=phrase("appendix", f"{key}_reading", share=share_sentence(estimate)),
        source=files_text(estimate.files),
        alt_title=phrase("appendix", f"{key}_alt", **words),
        alt_text="",
        rows=(estimate.id,),
        unit=estimate.unit,
        row_labels=(words["programme"],),
        definition=definition_text(study, estimate),
        series=name,
    )
