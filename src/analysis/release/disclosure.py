"""The one edge where small numbers are hidden; everything shown or exported has passed here.

Circulated version: fewer than 10 persons (or 1 to 9 events, or 1 to 9 non-events) are not shown, a share needs 20
persons, a mean needs 10 persons from 3 schools. Where one side of a comparison is hidden, so is what gives it away.
A point of a series that stands on fewer than 10 is not shown; of the sample flow only the count is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.inference.measures import MeasureRecord, Tally
from analysis.inference.record import Arm, Check, Estimate, Point
from analysis.study.objects import CountKind

MIN_PERSONS = 10
MIN_SHARE_BASE = 20
MIN_SCHOOLS = 3
FLOW = "flow"  # the series that counts who is left after each step

COUNTING = ("separation", "base")  # checks whose value counts persons
# counts of meetings, courses, money and hours say nothing of anybody
NOT_PEOPLE = ("events", "courses", "yuan", "hours_share")


@dataclass(frozen=True)
class Hidden:
    """One thing that was hidden: which estimate, which part, and why."""

    estimate: str
    part: str
    rule: str


def rule_against(arm: Arm) -> str:
    """The rule that forbids showing an arm's level, empty if it may be shown."""
    if arm.n_teachers < MIN_PERSONS:
        return "fewer than 10 persons"
    if arm.n_events is None:
        return "fewer than 3 schools" if arm.n_schools < MIN_SCHOOLS else ""
    if arm.n_teachers < MIN_SHARE_BASE:
        return "share of fewer than 20 persons"
    others = arm.n_teachers - arm.n_events
    is_small = 0 < arm.n_events < MIN_PERSONS or 0 < others < MIN_PERSONS
    return "fewer than 10 persons in a cell" if is_small else ""


def hide_arm(arm: Arm) -> Arm:
    """The arm without level and events; its size only if that is not small itself."""
    size = arm.n_teachers if arm.n_teachers >= MIN_PERSONS else 0
    return replace(arm, level=None, n_events=None, std_error=None, n_teachers=size)


def hide_counts(estimate: Estimate) -> tuple[Check, ...]:
    """The checks of an estimate without the values that count persons."""
    return tuple(replace(c, value=None) if c.name in COUNTING else c for c in estimate.checks)


def hide_point(point: Point) -> Point:
    """The point, or what is left of it if it stands on fewer than ten: its label and a count of 0."""
    return Point(point.label, None, n=0) if is_small(point) else point


def hide_step(point: Point) -> Point:
    """One step of the sample flow; no count where one to nine are left (nobody left is told)."""
    return replace(point, n=None) if is_small(point) and point.n else point


def is_small(point: Point) -> bool:
    """Whether a point is known to stand on fewer than ten."""
    return point.n is not None and point.n < MIN_PERSONS


def hide_series(estimate: Estimate) -> Estimate:
    """The estimate with the small points of its series hidden."""
    hide = {FLOW: hide_step}
    series = {
        name: tuple(hide.get(name, hide_point)(p) for p in points)
        for name, points in estimate.series.items()
    }
    return replace(estimate, series=series)


def disclose(estimate: Estimate) -> tuple[Estimate, tuple[Hidden, ...]]:
    """The estimate with small cells hidden, and what was hidden."""
    estimate = hide_series(estimate)
    rules = {name: rule_against(a) for name, a in estimate.arms.items()}
    hidden = tuple(Hidden(estimate.id, name, rule) for name, rule in rules.items() if rule)
    if not hidden:
        return estimate, ()
    arms = {n: hide_arm(a) if rules[n] else a for n, a in estimate.arms.items()}
    out = replace(
        estimate, arms=arms, checks=hide_counts(estimate), raw_difference=None, n_dropped=0
    )
    if estimate.kind == "level":
        out = replace(out, estimate=None, n_teachers=0, reason="hidden")
    if estimate.n_treated < MIN_PERSONS:
        out = without_numbers(out)
    return out, hidden


def without_numbers(estimate: Estimate) -> Estimate:
    """An estimate about fewer than ten persons says nothing at all."""
    return replace(
        estimate,
        estimate=None, std_error=None, ci_low=None, ci_high=None, p_value=None, p_adjusted=None,
        ci_adj_low=None, ci_adj_high=None, ratio=None, ratio_low=None, ratio_high=None, mde=None,
        n_treated=0, grade="E", verdict="undetermined", reason="hidden", series={},
    )  # fmt: skip


def disclose_all(
    estimates: tuple[Estimate, ...],
) -> tuple[dict[str, Estimate], tuple[Hidden, ...]]:
    """All estimates by id after hiding, and everything that was hidden.

    Where one part of a whole is hidden, so are its siblings: the whole minus the others would give it away.
    """
    pairs = [disclose(e) for e in estimates]
    hidden = [h for _, hs in pairs for h in hs]
    touched = {whole_of(e) for e, hs in pairs if hs and whole_of(e)}
    shown = {}
    for estimate, own in pairs:
        is_sibling = not own and whole_of(estimate) in touched
        shown[estimate.id] = hide_sibling(estimate) if is_sibling else estimate
        hidden += (
            [Hidden(estimate.id, "all", "would give a hidden part away")] if is_sibling else []
        )
    return shown, tuple(hidden)


def whole_of(estimate: Estimate) -> str:
    """What an estimate is a part of: a policy's groups in one year, or the populations of a survey; else empty."""
    if estimate.id.startswith("trend:"):
        return f"trend:{estimate.subject}:{estimate.outcome}:{estimate.year}"
    is_part = estimate.kind == "effect" and estimate.id.count(":") > 2
    return estimate.id.rsplit(":", 1)[0] if is_part else ""


def hide_sibling(estimate: Estimate) -> Estimate:
    """The estimate without the levels and events of its arms, its comparison kept; a level disappears."""
    arms = {n: replace(a, level=None, n_events=None) for n, a in estimate.arms.items()}
    out = replace(estimate, arms=arms, checks=hide_counts(estimate), raw_difference=None)
    return replace(out, estimate=None, reason="hidden") if estimate.kind == "level" else out


def disclose_measures(
    records: tuple[MeasureRecord, ...],
) -> tuple[tuple[MeasureRecord, ...], tuple[Hidden, ...]]:
    """The counts of measures with small ones hidden, and what was hidden."""
    shown = tuple(replace(r, tallies=hide_tallies(r.tallies)) for r in records)
    pairs = [
        (r.id, old, new)
        for r, s in zip(records, shown, strict=True)
        for old, new in zip(r.tallies, s.tallies, strict=True)
    ]
    hidden = (
        Hidden(f"measure:{id_}", old.label, "fewer than 10")
        for id_, old, new in pairs
        if new != old
    )
    return shown, tuple(hidden)


def hide_tallies(tallies: tuple[Tally, ...]) -> tuple[Tally, ...]:
    """The tallies without those of 1 to 9 lines, and without the smaller of two whose difference would be so few."""
    sizes = {(t.kind, t.n_rows) for t in tallies}
    return tuple(replace(t, n=None, n_rows=0) if is_telling(t, sizes) else t for t in tallies)


def is_telling(tally: Tally, sizes: set[tuple[CountKind, int]]) -> bool:
    """Whether a count would tell of fewer than ten; ``sizes``: kinds and lines of all counts of the measure."""
    if tally.kind in NOT_PEOPLE:
        return False
    others = (n - tally.n_rows for kind, n in sizes if kind == tally.kind)
    return 0 < tally.n_rows < MIN_PERSONS or any(0 < gap < MIN_PERSONS for gap in others)
