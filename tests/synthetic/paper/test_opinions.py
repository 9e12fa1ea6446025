"""What people write and tick: many different answers, and topics that were really held."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.paper.entries import of_year
from analysis.synthetic.paper.opinions import open_answers, topics_offered, topics_received
from analysis.synthetic.paper.words import WORDS
from analysis.synthetic.streams import stream
from analysis.synthetic.truth.record import Draw

YEAR = 2025


def test_open_answers_differ_and_most_say_nothing() -> None:
    texts = pd.Series(open_answers(stream(4, YEAR, "open-texts"), 4500))
    assert texts.nunique() > 100
    assert {"", "无", "没有", "暂无"} <= set(texts)
    assert 0.45 < (texts == "").mean() < 0.6
    assert 1 <= texts.str.startswith(("=", "+")).sum() <= 2  # mess.md 51


def test_few_people_or_none_still_answer() -> None:
    assert len(open_answers(stream(4, YEAR, "open-texts"), 1)) == 1
    assert len(open_answers(stream(4, YEAR, "open-texts"), 0)) == 0


def attended(draw: Draw, rows: pd.DataFrame, key: str) -> dict[int, set[str]]:
    """The words of the topics held since September before the survey, by person or school."""
    done = draw.trainings
    first = rows["survey_date"].min()
    done = done[(done["end_date"] >= f"{YEAR - 1}-09-01") & (done["end_date"] < first)]
    words = done["topic"].astype(str).map(WORDS["topic"])
    return words.groupby(done[key]).agg(set).to_dict()


def test_ticks_are_of_topics_that_were_held(county: Draw) -> None:
    rows = of_year(county.survey, YEAR)
    for key, fill in (("person", topics_received), ("school", topics_offered)):
        true, told = attended(county, rows, key), fill(county, rows)
        ticks = [
            set(t.replace("其他【请注明】〖", "").replace("〗", "").replace("、", "┋").split("┋"))
            for t in told
        ]
        said = [t - {"没有参加过"} for t in ticks]
        expected = [true.get(at, set()) for at in rows[key]]
        assert all(mine <= held for mine, held in zip(said, expected, strict=True))
        # recalled or noticed, most of them
        share = sum(map(len, said)) / sum(map(len, expected))
        assert 0.8 < share < 0.97
    assert np.mean(["┋" in t for t in topics_received(county, rows)]) > 0.3
