"""The invented bureaus that the tests of this room share; drawing the county takes about two seconds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.paper.delivery import write_bureau
from analysis.synthetic.truth.bureau import draw_bureau
from analysis.synthetic.truth.record import Draw

SMALL = BureauOptions(region="small", teachers=500, schools=16, pilots=4, seed=7)
TINY = BureauOptions(region="tiny", teachers=120, schools=8, pilots=2, first_year=2024, seed=3)


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
    return draw_bureau(BureauOptions())


@pytest.fixture(scope="session")
def counties(county: Draw) -> list[Draw]:
    """The county and two more of other seeds, for what a single draw blurs."""
    return [county, *(draw_bureau(BureauOptions(seed=seed)) for seed in (1, 2))]


@pytest.fixture(scope="session")
def small() -> Draw:
    """The small bureau."""
    return draw_bureau(SMALL)


@pytest.fixture(scope="session")
def nothing_planted() -> Draw:
    """The tiny bureau in the world without any effect."""
    return draw_bureau(replace(TINY, world="W0"))


@pytest.fixture(scope="session")
def delivered(small: Draw, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The region folder of the small bureau's deliveries."""
    raw = tmp_path_factory.mktemp("raw")
    write_bureau(small, raw)
    return raw / small.options.region
