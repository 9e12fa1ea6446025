"""The table of what the simulations found, as ``docs/honesty.md``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from tests.honesty import levels
from tests.honesty.draws import Measured
from tests.honesty.levels import LEVELS, MISSED, Draws, Level
from tests.honesty.measures import Figure, NoFigureError, share
from tests.honesty.store import FOLDER, ROOT, sound_draws, sources, store_file
from tests.honesty.worlds import NO_EFFECT, PLANS, Plan

FILE = ROOT / "docs" / "honesty.md"
FEWEST = 20  # draws from which on a level's figure is shown, with its error, before all are drawn
Stores = Mapping[str, Draws]
HEAD = """# Honesty: how often numbers, grades and verdicts are right

Panels of invented bureaus whose truth is known, drawn again and again (`make honesty`), each held against what the
estimators and grades made of it. Every figure has its Monte-Carlo standard error in brackets. Truth is the planted
effect averaged over the exposed teachers of that very draw. *Claimed* means verdict `direction` at grade C or better
(把握中等以上), *as an effect* at B or better. Worlds: W0 no effect; W0-16 no effect, sixteen short courses; W1 effects that differ and grow; W2 a
hidden trend, no effect; W3 the best are chosen, no effect; W4 only those who stay can take the course, no effect; W5
three of twelve districts start together, no effect; W6 the weak of pilot schools are missing, no effect; W7 one of
sixteen courses works; W8 effects too small to be seen; planted: the demonstration. Bureaus: city 360 schools and 20,000 teachers,
panel 200 schools, 50 pilots and 8,000 teachers over 8 report years, county 112 schools and 5,862 teachers.

The levels are those of `docs/decisions/0015`. Shares of the grade level may pass a level by three Monte-Carlo errors
of a true value at the level ("within the error"). A level that is missed says so; one whose draws are not
all made says "so far", and is open within two Monte-Carlo errors of its bound.
"""
NUMBERS_NOTE = """
Bias of the digital course (the keen take it and would have improved anyway) and of mentoring (well-led schools mentor
more and lose fewer) is planted and in no file: their rows show how much of it is left, and no level is asked of them.
"""
SIDES_NOTE = """
Both columns in one table, since whatever lowers the left one may lower the right one too. Left: `direction` at C or
better where nothing is true (in brackets behind the stroke, at B or better), by world. Right: the same with the right
sign where something is true.
"""


def write_table(
    folder: Path = FOLDER, target: Path = FILE, more: Iterable[str] = ()
) -> dict[str, int]:
    """Write the table of all stores, then ``more`` lines; how many levels are missed and not run.

    StoreError if a store is not sound.
    """
    stores = {p.name: sound_draws(store_file(p, folder)) for p in PLANS}
    text = HEAD + "\n".join(
        [*level_lines(stores), *number_lines(stores), *side_lines(stores), *grade_lines(stores), *draw_lines(stores), *more]
    )  # fmt: skip
    target.write_text(text + "\n", encoding="utf-8")
    return {"missed": text.count(f"| {MISSED} |"), "not run": text.count("| not run |")}


# --- levels ---------------------------------------------------------------------------------------


def level_lines(stores: Stores) -> Iterator[str]:
    """The levels by group: what is asked, what was found, and whether it is reached."""
    for title, found in LEVELS.items():
        yield f"\n## Levels: {title.lower()}\n"
        yield "| level | asked | found | draws | state |\n| --- | --- | --- | --- | --- |"
        yield from (level_line(level, stores.get(level.store, ())) for level in found)
    yield NUMBERS_NOTE


def level_line(level: Level, draws: Draws) -> str:
    """One level; with fewer draws than asked its state is one so far, with fewer than ``FEWEST`` none."""
    asked = next(p.draws for p in PLANS if p.name == level.store)
    is_whole = len(draws) >= asked
    head = f"| {level.text} | {bounds(level)} |"
    if not is_whole and len(draws) < FEWEST:
        return f"{head}  | {len(draws)} of {asked} | not run |"
    try:
        figure = level.measure(draws)
    except NoFigureError as reason:
        return f"{head} {reason} | {len(draws)} | {MISSED} |"
    found, of = number(figure, is_share=level.is_share), "" if is_whole else f" of {asked}"
    state = level.state(figure) if is_whole else level.state_so_far(figure)
    return f"{head} {found} | {figure.n}{of} | {state} |"


def bounds(level: Level) -> str:
    """What is asked, in words."""
    low, high = (bound(v, is_share=level.is_share) for v in (level.low, level.high))
    if low and high:
        return f"{low} to {high}"
    return f"at least {low}" if low else f"at most {high}"


def bound(value: float, *, is_share: bool) -> str:
    """One bound; empty if there is none."""
    if not np.isfinite(value):
        return ""
    return f"{100 * value:g} %" if is_share else f"{value:g}"


def number(figure: Figure, *, is_share: bool = True) -> str:
    """A figure with its Monte-Carlo error: shares in per cent with one digit, others with three digits."""
    if is_share:
        return f"{100 * figure.value:.1f} % ({100 * figure.error:.1f})"
    return f"{figure.value:.3f} ({figure.error:.3f})"


# --- every programme and outcome ------------------------------------------------------------------------


def stored(stores: Stores, level: str) -> Iterator[tuple[Plan, Draws]]:
    """The plans of a level of which two draws at least are stored."""
    return ((p, stores[p.name]) for p in PLANS if p.level == level and len(stores[p.name]) > 1)


def cell_names(draws: Draws) -> list[str]:
    """Programmes and outcomes that occur in any draw, in order of first appearance."""
    return [*dict.fromkeys(name for d in draws for name in d.cells)]


def number_lines(stores: Stores) -> Iterator[str]:
    """Bias, SE/SD, coverage and rejections of every programme and outcome, by store."""
    for plan, draws in stored(stores, "estimator"):
        yield f"\n## Numbers: {plan.world}, {plan.bureau}, {len(draws)} draws\n"
        yield "| programme:outcome | no number | truth | bias | in errors | SE / SD | coverage | rejects 0 |"
        yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
        yield from (number_line(draws, name) for name in cell_names(draws))


def number_line(draws: Draws, name: str) -> str:
    """One programme and outcome; without two numbers of known truth only how often there was none."""
    cells = levels.estimated(draws, name)
    none = len(draws) - len(cells)
    if len(cells) < 2 or any(c.truth is None for c in cells):
        return f"| {name} | {none} |  |  |  |  |  | |"
    found = levels.bias(draws, name)
    parts = (
        f"{np.mean(levels.column(cells, 'truth')):.3f}",
        number(found, is_share=False),
        f"{found.value / found.error:.1f}",
        number(levels.error_ratio(draws, name), is_share=False),
        number(levels.coverage(draws, name)),
        number(levels.rejection(draws, name)),
    )
    return f"| {name} | {none} | " + " | ".join(parts) + " |"


def side_lines(stores: Stores) -> Iterator[str]:
    """Two columns: claimed when false, claimed when true."""
    found = [*stored(stores, "grade")]
    names = [*dict.fromkeys(n for _, draws in found for n in cell_names(draws))]
    yield "\n## Claimed when false, claimed when true\n" + SIDES_NOTE
    yield "| programme:outcome | claimed when false | claimed when true |\n| --- | --- | --- |"
    for name in names:
        sides = [[side(p, d, name, is_true=t) for p, d in found] for t in (False, True)]
        left, right = ("; ".join(filter(None, s)) for s in sides)
        yield f"| {name} | {left} | {right} |"


def side(plan: Plan, draws: Draws, name: str, *, is_true: bool) -> str:
    """The shares of one store on one side; empty if the cell has no draw of that side."""
    cells = [d.cells[name] for d in draws if name in d.cells]
    cells = [c for c in cells if c.truth is not None and (c.truth != 0) == is_true]
    if not cells:
        return ""
    sign = [c.has_right_sign or not is_true for c in cells]
    claimed = share(np.array([c.is_claimed and s for c, s in zip(cells, sign, strict=True)]))
    causal = share(np.array([c.is_causal and s for c, s in zip(cells, sign, strict=True)]))
    about = plan.world if plan.world in NO_EFFECT or plan.bureau == "panel" else f"{plan.world} {plan.bureau}"  # fmt: skip
    return f"{about} {number(claimed)} / {number(causal)}"


def grade_lines(stores: Stores) -> Iterator[str]:
    """Shares of grade and verdict, and which checks cost a grade how often, by store."""
    for plan, draws in stored(stores, "grade"):
        yield f"\n## Grades and verdicts: {plan.world}, {plan.bureau}, {len(draws)} draws\n"
        yield "| programme:outcome | truth | grade and verdict, share of draws | checks that cost, share of draws |"
        yield "| --- | --- | --- | --- |"
        yield from (grade_line(draws, name) for name in cell_names(draws))


def grade_line(draws: Draws, name: str) -> str:
    """One programme and outcome: each grade with its verdict, each check that cost something."""
    cells = [d.cells[name] for d in draws if name in d.cells]
    truths = [c.truth for c in cells if c.truth is not None]
    truth = f"{np.mean(truths):.2f}" if truths else ""
    verdicts = Counter(label_of(c) for c in cells)
    costs = Counter(check for c in cells for check in c.cost.split())
    shares = [", ".join(f"{k} {100 * n / len(cells):.0f} %" for k, n in sorted(c.items())) for c in (verdicts, costs)]  # fmt: skip
    return f"| {name} | {truth} | {shares[0]} | {shares[1]} |"


def label_of(cell: Measured) -> str:
    """Grade and verdict; for a grade E its reason."""
    return f"E {cell.reason}".strip() if cell.grade == "E" else f"{cell.grade} {cell.verdict}"


def draw_lines(stores: Stores) -> Iterator[str]:
    """Which draws the table rests on: seeds, fingerprint of the source, seconds a draw."""
    yield "\n## Draws\n"
    yield "| store | draws | seeds | source | seconds a draw |\n| --- | --- | --- | --- | --- |"
    for plan in PLANS:
        if draws := stores[plan.name]:
            seconds = float(np.mean([d.seconds for d in draws]))
            seeds = f"{draws[0].seed} to {draws[-1].seed}"
            made = ", ".join(sources(draws))
            yield f"| {plan.name} | {len(draws)} of {plan.draws} | {seeds} | {made} | {seconds:.1f} |"
