"""Random streams and the few ways to draw from them that the whole room shares.

One child seed per year and purpose, so that a further year leaves the earlier ones alone.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.random import Generator


def stream(seed: int, year: int, purpose: str) -> Generator:
    """A generator that depends on the seed, the year and the purpose only; year 0 is for what has no year."""
    return np.random.default_rng([seed, year, zlib.crc32(purpose.encode("ascii"))])


def share_out(weights: np.ndarray, total: int, least: int = 0) -> np.ndarray:
    """Whole numbers that sum to ``total``, proportional to ``weights`` as far as none is under ``least``.

    Largest remainders; raises ValueError if ``least`` for each is more than the total.
    """
    if total < least * len(weights):
        raise ValueError(f"{total} cannot be shared among {len(weights)}, at least {least} each")
    exact = weights / weights.sum() * total
    held = exact < least
    if not held.any():
        return _round_shares(exact, total)
    shares = np.full(len(weights), least)
    shares[~held] = share_out(weights[~held], total - least * int(held.sum()), least)
    return shares


def _round_shares(exact: np.ndarray, total: int) -> np.ndarray:
    whole = np.floor(exact).astype(int)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - whole.sum()]] += 1
    return whole


def sigmoid(log_odds: np.ndarray) -> np.ndarray:
    """Probabilities of log-odds."""
    return 1.0 / (1.0 + np.exp(-log_odds))


def log_odds(share: float) -> float:
    """The log-odds of a share; minus infinity for none."""
    return float(np.log(share / (1 - share))) if share > 0 else -np.inf


def intercept_for(mean: float, offsets: np.ndarray) -> float:
    """The log-odds intercept with which the mean probability over ``offsets`` is ``mean`` (Newton's method)."""
    if not len(offsets):
        return log_odds(mean)
    at = log_odds(mean) - float(offsets.mean())
    for _ in range(30):
        chance = sigmoid(at + offsets)
        step = (chance.mean() - mean) / (chance * (1 - chance)).mean()
        at -= float(np.clip(step, -2.0, 2.0))
        if abs(step) < 1e-10:
            break
    return at


def happen(rng: Generator, chances: np.ndarray, strata: np.ndarray | None = None) -> np.ndarray:
    """Which events happen, each with its own chance.

    With ``strata`` (whole numbers) the number in each stratum is its expected one, rounded up or down:
    systematic sampling in random order. Totals of an invented bureau then match its published figures.
    Without, the events are independent.
    """
    luck = rng.random(len(chances))
    if strata is None:
        return luck < chances
    order = np.lexsort((luck, strata))
    reached = np.floor(np.cumsum(chances[order]) + rng.random())
    found: np.ndarray = np.zeros(len(chances), bool)
    found[order] = np.diff(reached, prepend=0.0) > 0
    return found


def choose(rng: Generator, pull: np.ndarray, count: int) -> np.ndarray:
    """Positions of ``count`` different rows, the likelier the larger ``pull`` (log weights), in their order.

    All of them if there are not so many.
    """
    keys = pull + rng.gumbel(size=len(pull))
    if count >= len(keys):
        return np.arange(len(keys))
    return np.sort(np.argpartition(-keys, count)[:count]) if count > 0 else np.array([], int)


def zeros(size: int) -> np.ndarray:
    """One stratum for everybody."""
    return np.zeros(size, dtype=int)
