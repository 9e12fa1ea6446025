"""Both bureaus look as the specification says (domain.md 6.1-6.3), over five seeds; the cases say how closely."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.synthetic.truth.record import Draw
from tests.synthetic.measures.cases import BOTH, MARGINALS, Marginal

pytestmark = pytest.mark.xdist_group("bureaus")

DEFAULT_SEED = 20251201
SEEDS = (DEFAULT_SEED, 1, 2, 3, 4)
# one bureau after the other, so that each is drawn once
CASES = [
    pytest.param(seed, case, id=f"{bureau}-{seed}-{case.name}")
    for bureau in BOTH
    for seed in SEEDS
    for case in MARGINALS
    if case.bureau == bureau
]


@pytest.mark.parametrize(("seed", "case"), CASES)
def test_marginal(drawn: Callable[[str, int], Draw], seed: int, case: Marginal) -> None:
    found = case.measure(drawn(case.bureau, seed))
    assert found == pytest.approx(case.expected, abs=case.tolerance + 1e-9, rel=0), case.source


def test_every_case_has_a_name_of_its_own() -> None:
    names = [(case.bureau, case.name) for case in MARGINALS]
    assert len(names) == len(set(names))


def test_both_bureaus_are_held_against_the_specification() -> None:
    # domain.md 6.2 lists 25 marginals of the city and 8 of the county; each section must stay filled
    for bureau, least in (("city", 27), ("county", 8)):
        held = [c for c in MARGINALS if c.bureau == bureau and c.source.startswith("6.2")]
        assert len(held) >= least
    assert all(case.tolerance >= 0 and case.source for case in MARGINALS)
