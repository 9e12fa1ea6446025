"""The two questionnaires as the survey platform gives them out: the survey of March and the need survey of autumn."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.paper.dirt import answers, numbers
from analysis.synthetic.paper.dirt.brush import Brush, open_brush
from analysis.synthetic.paper.entries import named, of_year
from analysis.synthetic.paper.filled import KIND, Filled
from analysis.synthetic.paper.forms import SCALES, needs_of, scale_items
from analysis.synthetic.paper.register import Register
from analysis.synthetic.streams import stream
from analysis.synthetic.truth.record import Draw

MEANS = {"burnout_ee": "ee", "leave_intention": "ti"}  # column that the platform adds: its items
RANGES = {"ee": (0, 6), "dp": (0, 6), "pa": (0, 6), "ti": (1, 5)}
ONE_TO_FIVE = (1, 5)
# one open question; most leave it
OPEN_TEXTS = (
    "无",
    "希望多一些跨学科教学的实例",
    "培训时间尽量不要占用周末",
    "希望专家到村小来听课",
    "希望减少填表",
    "线上课程可以再精简一些",
)
OPEN_SHARES = (0.80, 0.05, 0.05, 0.04, 0.04, 0.02)


def survey_entries(draw: Draw, register: Register, year: int) -> Filled:
    """The survey of March; a row is an answer sheet; the staff number is typed by hand."""
    rows = of_year(draw.survey, year)
    texts = stream(draw.options.seed, year, "open-texts").choice(
        OPEN_TEXTS, len(rows), p=OPEN_SHARES
    )
    rows = rows.assign(open_text=texts.astype(object))
    return _answered(draw, register, open_brush(draw, year, "survey"), rows)


def need_entries(draw: Draw, register: Register, year: int) -> Filled:
    """The need survey of the autumn before; a row is an answer sheet."""
    return _answered(draw, register, open_brush(draw, year, "needs"), of_year(draw.needs, year))


def _answered(draw: Draw, register: Register, brush: Brush, rows: pd.DataFrame) -> Filled:
    """Answer sheets in the order in which they came in."""
    items = item_ranges(rows)
    rows = _averaged(answers.try_out(brush, answers.answer_again(brush, rows, items)))
    rows = rows.sort_values("survey_date", kind="stable", ignore_index=True)
    rows = named(draw, register, rows, brush.year - 1).assign(
        serial=np.arange(1, len(rows) + 1),
        age=np.floor(rows["age"]).astype(int),
        years_teaching=np.floor(rows["years_teaching"]).astype(int),
        survey_date=rows["survey_date"].dt.strftime("%Y/%m/%d %H:%M:%S").to_numpy(dtype=object),
        answer_seconds=numbers.number_texts(rows["answer_seconds"]) + "秒",
    )
    filled = numbers.mistype_numbers(brush, answers.name_trials(Filled(rows)))
    filled = answers.speed(brush, numbers.spoil_ages(brush, filled))
    return answers.draw_lines(brush, filled, [*items, *(m for m in MEANS if m in rows)])


def item_ranges(rows: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Every item that was asked with its lowest and highest answer."""
    scales = {item: RANGES[scale] for scale in SCALES for item in scale_items(scale)}
    ranges = dict.fromkeys(needs_of(), ONE_TO_FIVE) | scales | {"honour_satisfaction": ONE_TO_FIVE}
    return {item: limits for item, limits in ranges.items() if item in rows}


def _averaged(rows: pd.DataFrame) -> pd.DataFrame:
    """The platform's means of the sheets that the draw knows nothing of."""
    added = (rows[KIND] != "").to_numpy()
    out = rows
    for mean, scale in MEANS.items():
        if mean in rows:
            of_items = rows[scale_items(scale)].mean(axis=1).round(2)
            out = out.assign(**{mean: rows[mean].where(~added, of_items)})
    return out
