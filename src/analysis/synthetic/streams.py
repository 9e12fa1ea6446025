"""Random streams: one child seed per year and purpose, so that a further year leaves the earlier ones alone."""

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


def intercept_for(mean: float, offsets: np.ndarray) -> float:
    """The log-odds intercept with which the mean probability over ``offsets`` is ``mean`` (bisection)."""
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if sigmoid(middle + offsets).mean() < mean else (low, middle)
    return (low + high) / 2
