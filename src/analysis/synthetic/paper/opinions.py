"""What people write and tick in the questionnaire of March: open answers, and topics of training."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from analysis.synthetic.paper.filled import cells
from analysis.synthetic.paper.words import WORDS
from analysis.synthetic.streams import stream
from analysis.synthetic.truth.codes import CODES, TOPICS
from analysis.synthetic.truth.record import Draw

JOINT = "┋"
OTHER = "其他【请注明】〖{}〗"
NO_TRAINING = "没有参加过"
RECALLED = 0.93  # of the topics that a person was trained in
NOTICED = 0.85  # of those that the school offered
SILENT = {"": 0.52, "无": 0.14, "没有": 0.07, "暂无": 0.05, "无。": 0.02}
# what would run as a formula in a spreadsheet
FORMULAS = ("=1+1：一次集中培训配一次到校回访", "+1，同意减少重复填表")
WISHES = ("希望多一些", "建议增加", "建议安排更多", "能不能多组织", "最需要的是", "期待有更多")
SUBJECTS = (
    "跨学科教学的实例",
    "送到村小的培训",
    "听课评课的机会",
    "本学科的专家指导",
    "信息技术的实操练习",
    "班主任工作的案例交流",
    "作业设计的范例",
    "心理健康方面的课程",
    "同年级教师的集体备课",
    "外出跟岗的名额",
)
ENDS = (
    "",
    "。",
    "，时间放在工作日",
    "，不要占用周末",
    "，少一些理论",
    "，线上线下结合",
    "，谢谢！",
)
COMPLAINTS = (
    "填表太多",
    "线上课程太长，内容重复",
    "培训时间和上课冲突",
    "离培训点太远，来回要大半天",
    "学校人手紧，走不开",
    "课程和农村实际不太贴近",
    "培训通知来得太晚",
    "网速慢，线上课经常卡",
)
HOPES = ("", "，希望改进", "，请考虑一下", "，建议减少", "。", "，希望能提前安排")
MOST_FORMULAS = 2


def open_answers(rng: Generator, size: int) -> np.ndarray:
    """One open answer each: most are blank or say nothing, one or two begin like a formula."""
    silent, shares = cells(SILENT), np.cumsum([*SILENT.values()])
    said = _written(rng, size)
    luck = rng.random(size)
    at = np.searchsorted(shares, luck, side="right").clip(max=len(silent) - 1)
    texts = np.where(luck < shares[-1], silent[at], said)
    odd = rng.permutation(size)[:MOST_FORMULAS]
    texts[odd] = cells(FORMULAS)[: len(odd)]
    return np.asarray(texts)


def _written(rng: Generator, size: int) -> np.ndarray:
    """So many short opinions: a wish or a complaint."""
    parts = ((WISHES, SUBJECTS, ENDS), (COMPLAINTS, HOPES))
    wish, complaint = (
        sum((cells(words)[rng.integers(0, len(words), size)] for words in of), cells([""]))
        for of in parts
    )
    return np.where(rng.random(size) < 0.7, wish, complaint)


def topics_received(draw: Draw, rows: pd.DataFrame) -> np.ndarray:
    """The topics each respondent was trained in since September, as far as recalled."""
    marks = _marks(draw, rows, "person", RECALLED)
    return _ticked(marks)


def topics_offered(draw: Draw, rows: pd.DataFrame) -> np.ndarray:
    """The topics that anybody of the respondent's school was trained in since September, as far as noticed."""
    return _ticked(_marks(draw, rows, "school", NOTICED))


def _marks(draw: Draw, rows: pd.DataFrame, key: str, share: float) -> np.ndarray:
    """A row a respondent, a column a topic in the order of its codes: whether it is ticked."""
    codes, size = CODES["topic"], int(draw.teachers[key].max()) + 1
    held: np.ndarray = np.zeros((max(size, len(draw.schools)), len(codes)), dtype=bool)
    if len(rows) and len(draw.trainings):
        year = int(rows["year"].iloc[0])
        days = draw.trainings["end_date"]
        is_now = (days >= f"{year - 1}-09-01") & (days < rows["survey_date"].min())
        done = draw.trainings[is_now.to_numpy()]
        held[done[key].to_numpy(dtype=int), done["topic"].cat.codes.to_numpy()] = True
    rng = stream(draw.options.seed, int(rows["year"].max()), f"ticks-{key}") if len(rows) else None
    mine = held[rows[key].to_numpy(dtype=int)]
    return mine & (rng.random(mine.shape) < share) if rng else mine


def _ticked(marks: np.ndarray) -> np.ndarray:
    """Ticks as the platform joins them in one cell; what the form has no box for stands under 其他."""
    sums = marks @ (1 << np.arange(marks.shape[1]))
    codes, found = pd.factorize(sums)
    return cells(_joined(int(ticks)) for ticks in found)[codes]


def _joined(ticks: int) -> str:
    topics = [topic for at, topic in enumerate(CODES["topic"]) if ticks >> at & 1]
    boxes = [WORDS["topic"][topic] for topic in topics if topic in TOPICS]
    others = [WORDS["topic"][topic] for topic in topics if topic not in TOPICS]
    told = [OTHER.format("、".join(others))] if others else []
    return JOINT.join([*boxes, *told]) or NO_TRAINING
