"""Where dirt falls: one stream for each file and item, so that switching one item leaves the others alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from analysis.synthetic.dirt import Dirt
from analysis.synthetic.streams import stream
from analysis.synthetic.truth.record import Draw


@dataclass(frozen=True)
class Brush:
    """The dirt of one file of one year."""

    seed: int
    year: int
    file: str
    dirt: Dirt

    def rate(self, item: str) -> float:
        """The rate of an item; 0 if it is switched off."""
        return float(getattr(self.dirt, item))

    def rng(self, item: str) -> Generator:
        """The stream of one item in this file."""
        return stream(self.seed, self.year, f"dirt-{self.file}-{item}")

    def some(self, item: str, size: int, purpose: str = "", times: float = 1.0) -> np.ndarray:
        """Positions of about so many of ``size`` rows as the item's rate says, or a multiple of it."""
        if not self.rate(item):
            return np.array([], dtype=int)
        return np.flatnonzero(self.rng(item + purpose).random(size) < times * self.rate(item))

    def count(self, item: str, size: int) -> int:
        """The number of rows that the item's rate says, at least one where there is any dirt of it."""
        rate = self.rate(item)
        return max(1, round(rate * size)) if rate and size else 0


def open_brush(draw: Draw, year: int, file: str) -> Brush:
    """The dirt of one file as the bureau's options want it."""
    return Brush(draw.options.seed, year, file, Dirt.of(draw.options.dirt))
