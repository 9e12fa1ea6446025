"""Fixed-length robust intervals when a deviation from parallel trends bends by at most M a period.

Rambachan and Roth 2023 (Review of Economic Studies 90, 2555-2591), sections 2.4.2 and 4: of all estimates that take a
combination of the earlier coefficients from the reported average, the one with the shortest interval at its worst
bias. Worst bias and standard error trade off along one path of a lasso, which is followed exactly, once for all M.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from analysis.inference.checking.relative_magnitudes import Leads

LEVEL = 0.95
POINTS = 41  # on each straight piece of the path
ZOOMS = 4
STEPS = 24  # halvings of the largest M


@dataclass(frozen=True)
class Frontier:
    """All estimates that no other beats in both worst bias and standard error.

    ``kinks``: J by P - 1 free cumulated weights at the kinks of the path; between two of them everything is linear.
    """

    leads: Leads
    kinks: np.ndarray

    @cached_property
    def pieces(self) -> tuple[np.ndarray, np.ndarray]:
        """T by P - 1 and T: the combination of coefficients is ``slope @ free + fixed``."""
        return combination(self.leads)

    def at(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Estimate, standard error and worst bias (at M = 1) at N places from 0 to J - 1 along the path."""
        whole = np.minimum(places.astype(int), max(len(self.kinks) - 2, 0))
        share = (places - whole)[:, None]
        following = np.minimum(whole + 1, len(self.kinks) - 1)
        free = (1 - share) * self.kinks[whole] + share * self.kinks[following]
        slope, fixed = self.pieces
        combined = free @ slope.T + fixed
        variance = np.einsum("nt,tu,nu->n", combined, self.leads.cov, combined)
        bias = least_bias(self.leads) + np.abs(free).sum(axis=1)
        return combined @ self.leads.beta, np.sqrt(variance.clip(min=0)), bias


def combination(leads: Leads) -> tuple[np.ndarray, np.ndarray]:
    """T by P - 1 slope and T intercept: from cumulated weights (the last one is fixed) to weights of the coefficients.

    The fixed one makes every linear trend cancel.
    """
    p = leads.n_leads
    difference = np.eye(p) - np.eye(p, k=-1)
    second = difference @ difference
    distance = float(np.arange(1, leads.n_lags + 1) @ leads.parts)
    slope = np.vstack([second[:, :-1], np.zeros((leads.n_lags, p - 1))])
    return slope, np.concatenate([second[:, -1] * distance, leads.parts])


def least_bias(leads: Leads) -> float:
    """Worst bias at M = 1 of the average less a straight line through the last lead: no estimate has less."""
    n = leads.n_lags
    tails = (leads.parts[n - s :] @ np.arange(1, s + 1) for s in range(1, n + 1))
    return float(sum(abs(t) for t in tails))


def find_frontier(leads: Leads) -> Frontier:
    """The path from least bias to least variance: a lasso of the later on the earlier coefficients' errors."""
    root = np.linalg.cholesky(leads.cov).T
    slope, fixed = combination(leads)
    return Frontier(leads, lasso_path(root @ slope, -root @ fixed))


def lasso_path(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """J by k coefficients at the kinks of the lasso path, from all zero to least squares.

    Homotopy of Osborne, Presnell and Turlach 2000 (IMA Journal of Numerical Analysis 20): between kinks the active
    coefficients move in a straight line; a kink is where one joins or leaves.
    """
    coef = np.zeros(x.shape[1])
    link = x.T @ y
    level = float(np.abs(link).max())
    active = [int(np.abs(link).argmax())]
    kinks = [coef.copy()]
    for _ in range(20 * len(coef)):
        link = x.T @ (y - x @ coef)
        move, length, event = next_kink(x, coef, link, level, active)
        coef = coef + length * move
        level -= length
        kinks.append(coef.copy())
        if event is None:
            break
        if event in active:
            active.remove(event)
            coef[event] = 0.0
        else:
            active.append(event)
    return np.array(kinks)


def next_kink(
    x: np.ndarray, coef: np.ndarray, link: np.ndarray, level: float, active: list[int]
) -> tuple[np.ndarray, float, int | None]:
    """Direction (k), how far the penalty falls to the next kink, and which coefficient joins or leaves there."""
    signs = np.sign(link[active])
    move = np.zeros(len(coef))
    move[active] = np.linalg.solve(x[:, active].T @ x[:, active], signs)
    fall = x.T @ (x @ move)
    events: list[tuple[float, int | None]] = [(level, None)]
    for j in range(len(coef)):
        if j in active:
            leaves = -coef[j] / move[j] if move[j] != 0 else -1.0
            candidates = [leaves]
        else:
            tops, slopes = (level - link[j], level + link[j]), (1 - fall[j], 1 + fall[j])
            candidates = [t / s for t, s in zip(tops, slopes, strict=True) if s > 0]
        events += [(c, j) for c in candidates if 1e-10 * level < c < level]
    length, event = min(events, key=lambda e: e[0])
    return move, length, event


def folded_quantile(bias: np.ndarray) -> np.ndarray:
    """95 % quantiles of the absolute value of normals with N means ``bias`` and variance 1, by Newton's method."""
    x = bias + np.where(bias > 1.0, 1.65, 1.96)
    for _ in range(8):
        mass = special.ndtr(x - bias) - special.ndtr(-x - bias) - LEVEL
        density = np.exp(-0.5 * (x - bias) ** 2) + np.exp(-0.5 * (x + bias) ** 2)
        x = x - mass * np.sqrt(2 * np.pi) / density
    return x


def shortest_interval(frontier: Frontier, m: float) -> tuple[float, float]:
    """Ends of the shortest 95 % interval that holds for every deviation that bends by at most ``m`` a period."""
    low, high = 0.0, float(len(frontier.kinks) - 1)
    n = POINTS * len(frontier.kinks)
    for _ in range(ZOOMS):
        places = np.linspace(low, high, n)
        value, sd, bias = frontier.at(places)
        half = sd * folded_quantile(m * bias / sd)
        best = int(half.argmin())
        low, high = places[max(best - 1, 0)], places[min(best + 1, n - 1)]
        n = POINTS
    return float(value[best] - half[best]), float(value[best] + half[best])


def covers_zero(frontier: Frontier, m: float) -> bool:
    """Whether the shortest interval at ``m`` holds zero."""
    low, high = shortest_interval(frontier, m)
    return low <= 0 <= high


def smoothness_breakdown(frontier: Frontier) -> float:
    """The largest M, in the coefficients' unit, at which the interval still excludes zero; 0 if not even at M = 0."""
    if covers_zero(frontier, 0.0):
        return 0.0
    low, high = 0.0, abs(frontier.leads.value) + frontier.leads.std_error
    while not covers_zero(frontier, high):
        low, high = high, 2 * high
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if covers_zero(frontier, middle) else (middle, high)
    return low
