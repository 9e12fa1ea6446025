"""Small frames with columns of other names than the panel's, for the one interface; all numbers are invented here."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.inference.design import Design

WAVES = 6
STAGGERED = Design(
    kind="staggered", outcome="mark", first_treated="joined", unit_id="pupil", time="wave",
    cluster="site", absorb="site", assignment="staggered", relevant_effect=1.0,
)  # fmt: skip
SHARES = Design(
    kind="staggered", outcome="quit", first_treated="joined", unit_id="pupil", time="wave",
    cluster="site", unit="pp", link="logit", assignment="staggered", relevant_effect=3.0,
)  # fmt: skip
HAZARD = Design(
    kind="hazard", outcome="quit", treatment="took", unit_id="pupil", time="wave", cluster="site",
    unit="pp", link="logit", controls=("years", "sex"), horizons=(1,), assignment="volunteer",
    placebo_outcome="retired",
)  # fmt: skip
AIPW = Design(
    kind="aipw", outcome="mark", treatment="took", unit_id="pupil", cluster="site",
    controls=("sex",), linear=("before", "site_before"), assignment="volunteer",
    relevant_effect=1.0, placebo_outcome="earlier",
)  # fmt: skip
LINEAR = Design(
    kind="linear", outcome="mark", treatment="took", unit_id="pupil", cluster="site",
    controls=("sex", "before"), assignment="adjusted_gap",
)  # fmt: skip


def staggered_frame(
    seed: int = 1, sites: int = 32, size: int = 6, effect: float = 2.0, trend: float = 0.0
) -> pd.DataFrame:
    """One row per person and wave 2001 to 2006: a quarter of the sites joins in 2004, a quarter in 2005.

    ``effect``: on the mark from the start on, and minus a fifth of it on the log odds of quitting; ``trend``: what
    sites that will join gain a wave over the others, before and after. Site ids are text, people are new every wave.
    """
    rng = np.random.default_rng(seed)
    site = np.repeat(np.arange(sites), size * WAVES)
    wave = np.tile(np.repeat(np.arange(2001, 2001 + WAVES), size), sites)
    joined = np.select([site % 4 == 0, site % 4 == 1], [2004.0, 2005.0], np.nan)
    on = wave >= joined
    level = rng.normal(0, 2, sites)[site] + 0.4 * (wave - 2001)
    shock = rng.normal(0, 0.4, (sites, WAVES))[site, wave - 2001]
    rising = trend * (wave - 2001) * np.isfinite(joined)
    mark = 60 + level + shock + rising + effect * on + rng.normal(0, 2, len(site))
    odds = -0.8 + 0.05 * (wave - 2001) - 0.2 * effect * on
    return pd.DataFrame(
        {
            "pupil": np.arange(len(site)),
            "site": [f"site {i:02d}" for i in site],
            "wave": wave,
            "joined": joined,
            "block": np.where(site % 8 < 4, "east", "west"),
            "mark": mark,
            "quit": (rng.random(len(site)) < 1 / (1 + np.exp(-odds))).astype(float),
            "calm": rng.normal(0, 1, len(site)),
        }
    )


def volunteers(
    seed: int = 1, sites: int = 36, size: int = 20, effect: float = 2.0, odds: float = -0.6
) -> pd.DataFrame:
    """One row per person: the keen and the young take part; the mark moves by ``effect``, quitting by ``odds``."""
    rng = np.random.default_rng(seed)
    n = sites * size
    site = np.repeat(np.arange(sites), size)
    keen, years = rng.normal(size=n), rng.integers(0, 30, n).astype(float)
    took = rng.random(n) < 1 / (1 + np.exp(0.3 - 0.5 * keen - 0.3 * (years < 8)))
    before = 60 + rng.normal(0, 1, sites)[site] + 3 * keen + rng.normal(0, 1, n)
    leave = -0.9 + 0.5 * (years < 8) + odds * took
    frame = pd.DataFrame(
        {
            "pupil": [f"p{i}" for i in range(n)],
            "site": [f"site {i:02d}" for i in site],
            "wave": 2001,
            "took": took.astype(float),
            "sex": np.where(rng.random(n) < 0.6, "f", "m"),
            "years": years,
            "earlier": before - 1 + rng.normal(0, 2, n),
            "before": before,
            "mark": before + effect * took + rng.normal(0, 2, n),
            "quit": (rng.random(n) < 1 / (1 + np.exp(-leave))).astype(float),
            "retired": (rng.random(n) < 0.1).astype(float),
            "block": np.where(site % 2 == 0, "east", "west"),
        }
    )
    frame["site_before"] = frame.groupby("site")["before"].transform("mean")
    return frame


FRAMES = {
    "staggered": (STAGGERED, staggered_frame),
    "shares": (SHARES, staggered_frame),
    "hazard": (HAZARD, volunteers),
    "aipw": (AIPW, volunteers),
    "linear": (LINEAR, volunteers),
}
