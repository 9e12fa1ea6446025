"""What is offered adds up to what the seeds report."""

from __future__ import annotations

import pytest

from analysis.synthetic.profile import CITY as CITY_PROFILE
from analysis.synthetic.truth.codes import CODES
from analysis.synthetic.truth.offers import (
    CITY,
    COUNTY,
    COURSE,
    MENTORING,
    OPEN,
    SHADOWING,
    SHADOWING_COUNT,
    SHORT,
    Offer,
)

EVERYTHING = (*CITY, *COUNTY, *OPEN, *SHORT, COURSE, MENTORING, SHADOWING)


@pytest.mark.parametrize("offer", EVERYTHING, ids=lambda offer: offer.programme)
def test_an_offer_is_spelt_in_known_codes(offer: Offer) -> None:
    for name in ("programme", "topic", "mode", "level"):
        assert getattr(offer, name) in CODES[name]
    assert {topic for topic, _ in offer.topics} <= set(CODES["topic"])
    assert sum(weight for _, weight in offer.topics) == pytest.approx(1.0 if offer.topics else 0.0)
    low, high = offer.window
    assert 0 < low < high - offer.days < 365


def test_the_named_programmes_of_the_city_add_up() -> None:
    counts = {offer.programme: offer.count for offer in CITY}
    named = ("induction", "upgrading", "study_tour", "outreach")
    # domain.md 1.1 rows 9, 16, 17, 24, 25, 33, and their sum 26,800 in 1.4
    assert [counts[name] for name in named] == [1200, 3200, 1200, 6000]
    takers = CITY_PROFILE.course_share[2025] * CITY_PROFILE.teachers
    assert takers == pytest.approx(13_700)
    course = takers * (1 + CITY_PROFILE.course_repeats)
    total = sum(counts[name] for name in named) + SHADOWING_COUNT["city"] + course
    assert total == pytest.approx(26_800, abs=5)


def test_sessions_of_the_city_have_the_reported_size() -> None:
    sizes = {offer.programme: offer.count / offer.size for offer in CITY}
    # rows 9, 17, 19 and 24: 6 tours, 24 workshops, 48 joint meetings, 120 events
    assert round(sizes["study_tour"]) == 6
    assert round(sizes["upgrading"]) == 24
    assert round(sizes["studio_activity"]) == 48
    assert round(sizes["outreach"]) == 120
