"""Sessions: how people are dealt into groups, and when the groups meet."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.synthetic.streams import stream
from analysis.synthetic.truth.calendar import school_days
from analysis.synthetic.truth.codes import code
from analysis.synthetic.truth.offers import Offer
from analysis.synthetic.truth.sessions import SESSIONS_OF_A_ROUND, deal_rounds, spread_days

OFFER = Offer("outreach", "design", "outreach", "county", 4.0, 1, size=50, window=(122, 250))


def people(size: int) -> dict[str, np.ndarray]:
    """So many teachers of one school who stay."""
    ones = np.ones(size, int)
    return {"person": np.arange(size), "school": ones, "area": ones, "last_day": 400 * ones}


def test_everyone_is_in_one_session_and_sizes_differ() -> None:
    rows = deal_rounds(stream(1, 2025, "x"), people(1000), [np.arange(1000)], OFFER, 2025)
    assert sorted(rows["person"]) == list(range(1000))
    sizes = np.bincount(rows["session"])
    assert len(sizes) == 20  # 1000 people, 50 in a session
    assert sizes.min() >= 1
    assert sizes.std() > 5
    assert len(set(zip(rows["session"], rows["start_day"], strict=True))) == 20


def test_small_sessions_are_even() -> None:
    small = Offer("shadowing", "design", "shadow", "city", 80.0, 10, size=5, window=(122, 250))
    rows = deal_rounds(stream(1, 2025, "x"), people(40), [np.arange(40)], small, 2025)
    assert np.bincount(rows["session"]).tolist() == [5] * 8


def test_rounds_have_sessions_of_their_own() -> None:
    both = [np.arange(100), np.arange(60)]
    rows = deal_rounds(stream(1, 2025, "x"), people(100), both, OFFER, 2025)
    assert set(rows["session"] // SESSIONS_OF_A_ROUND) == {0, 1}
    assert len(rows["person"]) == 160


def test_topics_come_in_their_shares() -> None:
    mixed = Offer(
        "outreach",
        "design",
        "outreach",
        "county",
        4.0,
        1,
        size=10,
        topics=(("design", 0.5), ("digital", 0.3), ("care", 0.2)),
    )
    rows = deal_rounds(stream(1, 2025, "x"), people(400), [np.arange(400)], mixed, 2025)
    _, first = np.unique(rows["session"], return_index=True)
    held = np.bincount(rows["topic"][first])
    # 40 sessions: 20, 12 and 8
    assert [held[code("topic", t)] for t in ("design", "digital", "care")] == [20, 12, 8]


@pytest.mark.parametrize("count", [1, 7, 300])
def test_days_are_working_days_spread_over_the_time(count: int) -> None:
    days = spread_days(stream(1, 2025, "x"), OFFER, count, 2025)
    dates = np.datetime64("2024-09-01") + days
    assert np.isin(dates, school_days(2025)).all()
    assert days.min() >= 122
    assert days.max() <= 250
    if count == 300:
        assert len(np.unique(days)) > 60  # some 66 working days from January to early May
