"""Sessions: attendances of an offer dealt into groups, each with its date, topic and number."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from analysis.synthetic.streams import share_out
from analysis.synthetic.truth.calendar import school_offsets
from analysis.synthetic.truth.codes import Rows, code, stack, take
from analysis.synthetic.truth.offers import Offer

SESSIONS_OF_A_ROUND = 100_000  # so that the numbers of sessions of two rounds never meet
EVEN_BELOW = 10  # people in a session, below which all are of one size
SHAPE = 12.0  # of the sizes of the others: a quarter more or less is usual


def deal_rounds(
    rng: Generator, teachers: Rows, rounds: list[np.ndarray], offer: Offer, year: int
) -> Rows:
    """The attendances of several rounds, each with its own people (positions among ``teachers``) and sessions."""
    parts = [
        deal_sessions(rng, take(teachers, who), offer, at, year) for at, who in enumerate(rounds)
    ]
    return stack(parts)


def deal_sessions(rng: Generator, who: Rows, offer: Offer, part: int, year: int) -> Rows:
    """Attendances of one round of an offer, dealt into sessions, each with its date and topic."""
    size = len(who["person"])
    held = max(1, round(size / offer.size))
    session = _groups(rng, size, held, is_even=offer.size < EVEN_BELOW)
    start = spread_days(rng, offer, held, year)[session]
    names, weights = zip(*(offer.topics or ((offer.topic, 1.0),)), strict=True)
    topics = np.array([code("topic", name) for name in names])
    drawn = rng.permutation(np.repeat(topics, share_out(np.array(weights), held)))
    number: np.ndarray = session + part * SESSIONS_OF_A_ROUND
    return attendance_rows(rng, who, offer, number, start) | {"topic": drawn[session]}


def _groups(rng: Generator, size: int, held: int, is_even: bool) -> np.ndarray:
    """The group of each of ``size`` people; every group has someone."""
    if is_even or held == 1:
        return rng.permutation(size) % held
    weights = rng.gamma(SHAPE, size=held)
    return rng.permutation(np.repeat(np.arange(held), share_out(weights, size, least=1)))


def spread_days(rng: Generator, offer: Offer, count: int, year: int) -> np.ndarray:
    """First days of so many sessions, evenly over the working days of an offer's time, in random order.

    Days after 1 September ``year - 1``.
    """
    low, high = offer.window
    days = school_offsets(year, low, high - offer.days + 2)
    place = (rng.permutation(count) + rng.random(count)) / count
    return days[np.floor(place * len(days)).astype(int)]


def attendance_rows(
    rng: Generator, who: Rows, offer: Offer, session: np.ndarray, start: np.ndarray
) -> Rows:
    """One row for each of ``who``, who is in that session from that day on."""
    size = len(who["person"])
    luck = rng.random(size)
    result = np.where(luck < offer.excellent, 1, np.where(luck > 1 - offer.fail, 2, 0))
    rows = take(who, np.arange(size), ("person", "school", "area", "last_day"))
    rows |= {"start_day": start, "end_day": start + offer.days - 1, "session": session}
    rows |= {"hours": np.full(size, offer.hours), "result": result, "host": np.full(size, -1)}
    for name in ("programme", "topic", "mode", "level"):
        rows[name] = np.full(size, code(name, getattr(offer, name)))
    return rows
