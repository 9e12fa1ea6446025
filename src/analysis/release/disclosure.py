"""The one edge where small numbers are hidden; everything shown or exported has passed here.

Circulated version: fewer than 10 persons (or 1 to 9 events, or 1 to 9 non-events) are not shown, a share needs 20
persons, a mean needs 10 persons from 3 schools. Where one side of a comparison is hidden, so is what gives it away.
A point of a series that stands on fewer than 10 is not shown; of the sample flow only the count is hidden.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis.inference.levels import MOVES
from analysis.inference.measures import MeasureRecord, Tally
from analysis.inference.record import Arm, Check, Estimate, Point

MIN_PERSONS = 10
MIN_SHARE_BASE = 20
MIN_SCHOOLS = 3
FLOW = "flow"  # the series that counts who is left after each step
MAX_SUMS = 4096  # sums of shown counts that are looked through; where there are more, one too many is hidden
CELLS = "cells"  # the series of raw shares by cell; others of the record are made from them

NEAR = "another definition differs by fewer than 10 persons"
COUNTING = ("separation", "base")  # checks whose value counts persons
# counts of meetings, courses, money and hours say nothing of anybody
NOT_PEOPLE = ("events", "courses", "yuan", "hours_share", "hours", "points")


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


def hide_cells(estimate: Estimate) -> Estimate:
    """Cells that may not be shown as shares, without their share, pooled value and rank: a pooled value tells of it."""
    small = {p.label for p in estimate.series.get(CELLS, ()) if rule_against_cell(p)}
    series = {
        name: tuple(Point(p.label, None, n=0) if p.label in small else p for p in points)
        for name, points in estimate.series.items()
    }
    return replace(estimate, series=series)


def rule_against_cell(point: Point) -> str:
    """The rule that forbids showing a cell whose raw share is known, empty if it may be shown."""
    n = point.n or 0
    events = None if point.estimate is None else round(n * point.estimate / 100)
    return rule_against(Arm(n, MIN_SCHOOLS, 0 if events is None else events, point.estimate))


def hide_series(estimate: Estimate) -> Estimate:
    """The estimate with the small points of its series hidden."""
    if CELLS in estimate.series:
        return hide_cells(estimate)
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
    if not hidden and tells_of_few(estimate):
        hidden = (Hidden(estimate.id, "all", "fewer than 10 persons"),)
        return without_numbers(estimate), hidden
    if not hidden:
        return estimate, ()
    arms = {n: hide_arm(a) if rules[n] else a for n, a in estimate.arms.items()}
    out = replace(
        estimate, arms=arms, checks=hide_counts(estimate), raw_difference=None, n_dropped=0,
        ratio=None, ratio_low=None, ratio_high=None,
    )  # fmt: skip
    if estimate.kind == "level":
        out = replace(out, estimate=None, n_teachers=0, reason="hidden", series={})
    sizes = [a.n_teachers for a in estimate.arms.values()]
    is_blanked_whole = len(rules) > 1 and all(rules.values()) and estimate.kind == "gap"
    if estimate.n_treated < MIN_PERSONS or min(sizes) < MIN_PERSONS or is_blanked_whole:
        out = without_numbers(out)
    return out, hidden


def tells_of_few(estimate: Estimate) -> bool:
    """Whether a count without sides is of fewer than ten, or leaves fewer than ten of those it is a part of."""
    if estimate.reason == "described":
        return 0 < estimate.n_treated < MIN_PERSONS
    parts = {p.label: p.estimate or 0.0 for p in estimate.series.get("ratio", ())}
    rest = parts.get("denominator", 0.0) - parts.get("numerator", 0.0)
    return estimate.unit == "pp" and bool(estimate.arms) and 0 < rest < MIN_PERSONS


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

    Where one part of a whole is hidden, so are its siblings: the whole minus the others would give it away. So is a
    definition whose people are nearly those of another: the difference would tell of the few between.
    """
    close = near_definitions(estimates)
    pairs = [hide_level(e) if e.id in close else disclose(e) for e in estimates]
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


def near_definitions(estimates: tuple[Estimate, ...]) -> set[str]:
    """Levels by definition that differ from one that is shown, of the same people, by one to nine of them.

    The definition that programmes are held against stays; the others in their order.
    """
    primary = {(e.outcome, e.definition) for e in estimates if e.kind == "effect" and e.family}
    levels = [
        e for e in estimates if e.id.startswith("level:") and counted(e) and e.subject != MOVES
    ]
    levels.sort(key=lambda e: (e.outcome, e.definition) not in primary)
    shown: dict[tuple[str, int], list[tuple[int, int]]] = {}
    close: set[str] = set()
    for e in levels:
        known = shown.setdefault((e.outcome, e.year), [])
        here = (e.arms["all"].n_teachers, e.arms["all"].n_events or 0)
        if any(is_close(here, other) for other in known):
            close.add(e.id)
        elif not rule_against(e.arms["all"]):
            known.append(here)
    return close


def is_close(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two counts (people, of whom so many) are of nearly the same people and differ by a few."""
    people, events = abs(one[0] - other[0]), abs(one[1] - other[1])
    return people < MIN_PERSONS and (people > 0 or 0 < events < MIN_PERSONS)


def counted(estimate: Estimate) -> bool:
    """Whether a level counts people for whom something is so."""
    return "all" in estimate.arms and estimate.arms["all"].n_events is not None


def hide_level(estimate: Estimate) -> tuple[Estimate, tuple[Hidden, ...]]:
    """A level without its numbers, and that they were hidden."""
    arms = {n: replace(hide_arm(a), n_teachers=0) for n, a in estimate.arms.items()}
    out = replace(estimate, arms=arms, checks=hide_counts(estimate), n_dropped=0, n_teachers=0)
    out = replace(out, estimate=None, ci_low=None, ci_high=None, reason="hidden", series={})
    return out, (Hidden(estimate.id, "all", NEAR),)


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
    if estimate.kind != "level":
        return out
    return replace(out, estimate=None, reason="hidden", series={})


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


def is_telling(tally: Tally, sizes: set[tuple[str, int]]) -> bool:
    """Whether a count would tell of fewer than ten; ``sizes``: kinds and lines of all counts of the measure."""
    if tally.kind in NOT_PEOPLE:
        return False
    others = (n - tally.n_rows for kind, n in sizes if kind == tally.kind)
    return 0 < tally.n_rows < MIN_PERSONS or any(0 < gap < MIN_PERSONS for gap in others)


def tells_of_rest(shown: Iterable[int], new: int) -> bool:
    """Whether one count more lets one to nine be had by subtraction: a whole less its parts, or one sum less another.

    Each count is the people or lines it counts, one bit for each.
    """
    known = sums_of(linked([*shown], new))
    if len(known) > MAX_SUMS:
        return True
    by_size = defaultdict(list)
    for bits in known:
        by_size[bits.bit_count()].append(bits)
    return any(
        small and small & ~whole == 0 and whole ^ small not in known
        for whole in known
        for rest in range(1, MIN_PERSONS)
        for small in by_size.get(whole.bit_count() - rest, ())
    )


def linked(shown: list[int], new: int) -> list[int]:
    """The counts that share anybody with a new one, or with one that does, each once; the new one too."""
    found, rest = {new}, set(shown) - {new}
    while near := {bits for bits in rest if any(bits & other for other in found)}:
        found |= near
        rest -= near
    return sorted(found)


def sums_of(counts: list[int]) -> set[int]:
    """Every sum of counts that have nobody in common; no more than one beyond the limit are sought."""
    sums = {0}
    for bits in counts:
        sums |= {total | bits for total in sums if not total & bits}
        if len(sums) > MAX_SUMS:
            break
    return sums
