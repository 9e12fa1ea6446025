"""The two questionnaires as the survey platform gives them out: the survey of March and the need survey of autumn."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.paper.dirt import answers, numbers
from analysis.synthetic.paper.dirt.brush import Brush, open_brush
from analysis.synthetic.paper.entries import named, of_year
from analysis.synthetic.paper.filled import KIND, Filled, with_cells
from analysis.synthetic.paper.forms import SCALES, Counts, needs_of, scale_items
from analysis.synthetic.paper.opinions import open_answers, topics_offered, topics_received
from analysis.synthetic.paper.register import Register
from analysis.synthetic.streams import stream
from analysis.synthetic.truth.record import Draw

MEANS = {"burnout_ee": "ee", "leave_intention": "ti"}  # column that the platform adds: its items
RANGES = {"ee": (0, 6), "dp": (0, 6), "pa": (0, 6), "ti": (1, 5)}
ONE_TO_FIVE = (1, 5)
NICKNAMES = ("静待花开", "平安是福", "晴天", "一缕阳光", "海阔天空", "风轻云淡", "心若向阳")
# how sheets came in; the office's own network is that of the school
SOURCES, SOURCE_SHARES = ("微信", "手机提交", "链接"), (0.62, 0.21, 0.17)
NETS = ("192.0.2.", "198.51.100.", "203.0.113.")  # kept for documentation, so nobody's
PLACES, PLACE_SHARES = ("示例省-示例市", "示例省-未知", "邻省-未知"), (0.93, 0.05, 0.02)
REFUSED = 0.03  # of the sheets that came in: the platform or the office threw them out


def survey_entries(draw: Draw, register: Register, year: int) -> Filled:
    """The survey of March; a row is an answer sheet; the staff number is typed by hand."""
    rows = of_year(draw.survey, year)
    received, offered = topics_received(draw, rows), topics_offered(draw, rows)
    opinions = open_answers(stream(draw.options.seed, year, "open-texts"), len(rows))
    columns = {"topics_received": received, "topics_offered": offered, "open_text": opinions}
    return _answered(draw, register, open_brush(draw, year, "survey"), with_cells(rows, columns))


def need_entries(draw: Draw, register: Register, year: int) -> Filled:
    """The need survey of the autumn before; a row is an answer sheet."""
    return _answered(draw, register, open_brush(draw, year, "needs"), of_year(draw.needs, year))


def survey_counts(draw: Draw, year: int) -> Counts:
    """The answer sheets of the survey of a year: how many came in, and how many its file has."""
    return _counts(open_brush(draw, year, "survey"), of_year(draw.survey, year))


def need_counts(draw: Draw, year: int) -> Counts:
    """The answer sheets of the need survey: how many came in, and how many its file has."""
    return _counts(open_brush(draw, year, "needs"), of_year(draw.needs, year))


def _counts(brush: Brush, rows: pd.DataFrame) -> Counts:
    valid = len(_sheets(brush, rows))
    return valid + _refused(valid), valid


def _refused(valid: int) -> int:
    return max(1, round(REFUSED * valid))


def _sheets(brush: Brush, rows: pd.DataFrame) -> pd.DataFrame:
    """The answers with those that nobody gave in earnest."""
    return answers.try_out(brush, answers.answer_again(brush, rows, item_ranges(rows)))


def _answered(draw: Draw, register: Register, brush: Brush, rows: pd.DataFrame) -> Filled:
    """Answer sheets in the order in which they came in."""
    items = item_ranges(rows)
    rows = _averaged(_sheets(brush, with_cells(rows, _arrivals(brush, rows))))
    rows = rows.sort_values("survey_date", kind="stable", ignore_index=True)
    rows = named(draw, register, rows, brush.year - 1).assign(
        serial=_serials(brush, len(rows)),
        age=np.floor(rows["age"]).astype(int),
        years_teaching=np.floor(rows["years_teaching"]).astype(int),
        survey_date=rows["survey_date"].dt.strftime("%Y/%m/%d %H:%M:%S").to_numpy(dtype=object),
        answer_seconds=numbers.number_texts(rows["answer_seconds"]) + "秒",
    )
    filled = numbers.mistype_numbers(brush, answers.name_trials(Filled(rows)))
    filled = answers.speed(brush, numbers.spoil_ages(brush, filled))
    return answers.draw_lines(brush, filled, [*items, *(m for m in MEANS if m in rows)])


def _serials(brush: Brush, size: int) -> np.ndarray:
    """The platform's numbers of the sheets that are left: it numbers all that came in."""
    rng = stream(brush.seed, brush.year, f"refused-{brush.file}")
    return 1 + np.sort(rng.permutation(size + _refused(size))[:size])


def _arrivals(brush: Brush, rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """By which way and from which address each sheet came in; half of them from the school's network."""
    rng, size = stream(brush.seed, brush.year, f"arrivals-{brush.file}"), len(rows)
    source = rng.choice(SOURCES, size, p=SOURCE_SHARES).astype(object)
    detail = np.where(source == "链接", "直接访问", "")
    is_nick = (source == "微信") & (rng.random(size) < 0.05)
    hosts = np.where(rng.random(size) < 0.5, rows["school"], rng.integers(0, 750, size))
    places = rng.choice(PLACES, size, p=PLACE_SHARES)
    nets = np.array(NETS, dtype=object)[hosts // 250 % len(NETS)]
    address = nets + (1 + hosts % 250).astype(str).astype(object) + "(" + places + ")"
    said = np.where(is_nick, rng.choice(NICKNAMES, size), detail)
    return {"source": source, "source_detail": said, "address": address}


def item_ranges(rows: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Every item that was asked with its lowest and highest answer."""
    scales = {item: RANGES[scale] for scale in SCALES for item in scale_items(scale)}
    content = dict.fromkeys(("honour_satisfaction", "training_satisfaction"), ONE_TO_FIVE)
    ranges = dict.fromkeys(needs_of(), ONE_TO_FIVE) | scales | content
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
