"""The data check's tables on the survey: scales, answers by item, who answered, weights, response quality.

Small numbers are hidden as everywhere: a group of fewer than ten teachers, answers or non-answers, with the next
smallest group of the same whole, so that the whole does not give it away; means need ten answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from analysis.intake.checking.comparison import hide_few
from analysis.intake.delivery import Delivery
from analysis.release.check_sheet import NAMES, make_table
from analysis.release.claims import Table
from analysis.release.disclosure import MIN_PERSONS, MIN_SHARE_BASE
from analysis.release.numbers import level_text, round_text
from analysis.release.trails import fill
from analysis.release.wording import join, phrase
from analysis.study.objects import Study

BANDS = "years_band"


def survey_tables(study: Study, delivery: Delivery) -> Iterator[Table]:
    """The survey's tables that have rows; reliability, response and weights of all years, answers of the newest."""
    makers = {
        "scales": (scale_rows, (True, False, *(True,) * 9)),
        "items": (item_rows, (False, False, True, False)),
        "response": (response_rows, (True, False, False, *(True,) * 6)),
        "weights": (weight_rows, (*(True,) * 8, False)),
        "quality": (quality_rows, (True, False, False, True, True, True)),
    }
    for name, (make, numeric) in makers.items():
        check = delivery.checks.get(name)
        rows = () if check is None else tuple(make(study, check))
        if rows:
            yield make_table(delivery, name, rows, numeric)


def sign(name: str) -> str:
    """The sign for a cell without a number."""
    return phrase("tables", name)


def number(value: object, decimals: int) -> str:
    """A number as a cell, or the sign for not applicable."""
    return sign("not_applicable") if pd.isna(value) else round_text(float(value), decimals)  # type: ignore[arg-type]


def reliability(alpha: object) -> str:
    """Alpha as a cell; below 0 it is no reliability, and is told in words."""
    is_negative = bool(pd.notna(alpha)) and float(str(alpha)) < 0
    return phrase(NAMES, "alpha_negative") if is_negative else number(alpha, 2)


def percent(share: object, base: int) -> str:
    """A share as a cell, or the sign for not applicable; hidden where it is of fewer than twenty."""
    if pd.isna(share):
        return sign("not_applicable")
    if base < MIN_SHARE_BASE:
        return sign("hidden")
    return level_text(100 * float(share), "pp", base)  # type: ignore[arg-type]


def end_share(share: float, n: int) -> str:
    """The share at one end of a scale; hidden where it stands for one to nine persons."""
    is_small = 0 < round(share * n) < MIN_PERSONS if pd.notna(share) else False
    return sign("hidden") if is_small else percent(share, n)


def scale_rows(study: Study, scales: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """One row per year and scale: answers, reliability, level, spread, and how many stand at its ends."""
    for row in scales.itertuples():
        label, n = study.scales[row.scale].label, int(row.n_scored)
        counts = (shown_count(int(row.n_answers)), shown_count(n), str(row.n_items))
        figures = (
            reliability(row.alpha),
            *(number(v, 2) for v in (row.omega, row.mean, row.std_dev)),
        )
        ends = (end_share(row.floor_share, n), end_share(row.ceiling_share, n))
        if n < MIN_PERSONS:
            figures, ends = (sign("hidden"),) * 4, (sign("hidden"),) * 2
        yield (str(row.year), label, *counts, *figures, *ends)


def shown_count(n: int) -> str:
    """A number of persons; one to nine are hidden."""
    return sign("hidden") if 0 < n < MIN_PERSONS else str(n)


def item_rows(study: Study, items: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """One row per item of the newest survey: how many answered it, and the share of each answer."""
    newest = items[items["year"] == items["year"].max()]
    for (scale, item), rows in newest.groupby(["scale", "item"], sort=False):
        base = int(rows["n"].sum())
        label = study.variables[str(item)].label if item in study.variables else str(item)
        names = (study.scales[str(scale)].label, label)
        yield (*names, shown_count(base), item_shares(rows, base))


def item_shares(rows: pd.DataFrame, base: int) -> str:
    """The shares of all answers to one item in order; small ones hidden, never one alone."""
    if base < MIN_SHARE_BASE:
        return sign("hidden")
    hidden = hide_small([int(n) for n in rows["n"]])
    texts = [
        sign("hidden") if is_hidden else level_text(100 * share, "pp", base)
        for share, is_hidden in zip(rows["share"], hidden, strict=True)
    ]
    parts = zip(rows["value"], texts, strict=True)
    return join([fill(phrase(NAMES, "items_share"), value=v, share=t) for v, t in parts])


def hide_small(counts: Sequence[int]) -> list[bool]:
    """Which parts of a whole to hide: one to nine persons, and the smallest others that would tell them."""
    return hide_few([(n,) for n in counts])


def response_rows(study: Study, response: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """One row per year, margin and group: roster, answers, rate, and its share before and after weighting."""
    for (year, margin), rows in response.groupby(["year", "margin"], sort=False):
        whole = int(rows["n_roster"].sum())
        for row, is_hidden in zip(rows.itertuples(), groups_to_hide(rows), strict=True):
            names = (str(year), margin_label(study, str(margin)))
            group = group_label(study, str(margin), str(row.group))
            yield (*names, group, *response_cells(row, whole, is_hidden))


def response_cells(row: object, whole: int, is_hidden: bool) -> tuple[str, ...]:
    """The figures of one group of a margin with ``whole`` teachers; nothing of a hidden one."""
    if is_hidden:
        return (sign("hidden"),) * 6
    n_roster, n = int(row.n_roster), int(row.n_answers)  # type: ignore[attr-defined]
    rate = percent(row.response_rate, n_roster)  # type: ignore[attr-defined]
    shares = (row.answer_share, row.weighted_share, row.roster_share)  # type: ignore[attr-defined]
    return (str(n_roster), str(n), rate, *(percent(s, whole) for s in shares))


def groups_to_hide(rows: pd.DataFrame) -> list[bool]:
    """Which groups of a margin to hide: few on the roster, few who answered or few who did not; never one alone."""
    silent = rows["n_roster"] - rows["n_answers"]
    parts = pd.concat([rows["n_roster"], rows["n_answers"], silent], axis=1).to_numpy(dtype=int)
    return hide_few(parts.tolist())


def margin_label(study: Study, margin: str) -> str:
    """What a margin is called."""
    if margin in study.variables:
        return study.variables[margin].label
    return phrase("survey_margin", margin)


def group_label(study: Study, margin: str, group: str) -> str:
    """What a group of a margin is called: a code's label, a band of years in words."""
    if margin == BANDS and group[:1].isdigit():
        low, _, high = group.partition("-")
        return fill(phrase("survey_margin", "between" if high else "from"), low=low, high=high)
    if margin in study.variables and group in study.variables[margin].codes:
        return study.variables[margin].code_label(group)
    return phrase("survey_margin", group)


def weight_rows(study: Study, weights: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """One row per year: how unequal the weights are and what that costs."""
    for row in weights.itertuples():
        ends = (number(v, 2) for v in (row.minimum, row.maximum, row.limit))
        trimmed = shown_count(int(row.n_trimmed))
        cost = (number(row.effective_n, 0), number(row.design_effect, 2))
        state = phrase(NAMES, "converged_yes" if row.is_converged else "converged_no")
        yield (str(row.year), str(row.n), *ends, trimmed, *cost, state)


def quality_rows(study: Study, quality: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """One row per year, file and mark: answers and how many were marked; few of either are hidden."""
    for row in quality.itertuples():
        n, n_marked = int(row.n_answers), int(row.n_marked)
        mark = phrase("survey_mark", str(row.mark))
        share = number(100 * row.share, 1) + phrase("unit", "percent")
        if any(hide_few([(n_marked,), (n - n_marked,)])):
            share = sign("hidden")
        marked = sign("hidden") if share == sign("hidden") else str(n_marked)
        yield (str(row.year), str(row.file), mark, shown_count(n), marked, share)
