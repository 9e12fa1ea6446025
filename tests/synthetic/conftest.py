"""The invented bureaus that the tests of this room share; a county is drawn in under a second, a city in two."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from analysis.synthetic.options import BureauOptions, bureau_options
from analysis.synthetic.paper.delivery import write_bureau
from analysis.synthetic.truth.bureau import draw_bureau
from analysis.synthetic.truth.record import Draw

SMALL = bureau_options(region="small", teachers=500, schools=16, pilots=4, seed=7)
TINY = bureau_options(region="tiny", teachers=120, schools=8, pilots=2, first_year=2024, seed=3)


@pytest.fixture(scope="session")
def tiny_options() -> BureauOptions:
    """A bureau of two years that is quick to draw and write."""
    return TINY


@pytest.fixture(scope="session")
def tiny_raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A raw folder that holds the tiny bureau; copy it before changing it."""
    raw = tmp_path_factory.mktemp("tiny") / "raw"
    write_bureau(draw_bureau(TINY), raw)
    return raw


@pytest.fixture(scope="session")
def county() -> Draw:
    """The county as the README makes it."""
    return draw_bureau(bureau_options())


@pytest.fixture(scope="session")
def counties(county: Draw) -> list[Draw]:
    """The county and two more of other seeds, for what a single draw blurs."""
    return [county, *(draw_bureau(bureau_options(seed=seed)) for seed in (1, 2))]


@pytest.fixture(scope="session")
def drawn() -> Callable[[str, int], Draw]:
    """A full-size bureau by kind and seed; only the last one is kept, a city takes a quarter of a gigabyte."""

    @lru_cache(maxsize=1)
    def draw(bureau: str, seed: int) -> Draw:
        return draw_bureau(bureau_options(bureau, seed=seed))

    return draw


@pytest.fixture(scope="session")
def city() -> Draw:
    """The city as the README makes it."""
    return draw_bureau(bureau_options("city"))


@pytest.fixture(scope="session")
def small_options() -> BureauOptions:
    """The options of the small bureau."""
    return SMALL


@pytest.fixture(scope="session")
def small() -> Draw:
    """The small bureau."""
    return draw_bureau(SMALL)


@pytest.fixture(scope="session")
def nothing_planted() -> Draw:
    """The tiny bureau in the world without any effect."""
    return draw_bureau(bureau_options(**(vars(TINY) | {"world": "W0"})))


@pytest.fixture(scope="session")
def delivered(small: Draw, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The region folder of the small bureau's deliveries."""
    raw = tmp_path_factory.mktemp("raw")
    write_bureau(small, raw)
    return raw / small.options.region
