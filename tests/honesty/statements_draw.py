"""One draw of the statement level: a whole delivery of an invented bureau through the whole chain, judged.

The chain is that of the notebooks (intake, estimates, problems), called in this process: the same results.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.inference.evaluate import evaluate_outcome
from analysis.inference.measure import measure_problems
from analysis.inference.record import Estimate
from analysis.intake.clean import clean_region
from analysis.intake.delivery import Delivery
from analysis.panel.build import Panel, build_panel
from analysis.release.compose import compose_report
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import Workspace, open_workspace
from analysis.synthetic.demo import make_demo
from analysis.synthetic.options import BureauOptions, bureau_options
from analysis.synthetic.paper.delivery import TRUTH
from tests.honesty.statements import Statement, statements_of
from tests.honesty.statements_clean import write_twin
from tests.honesty.statements_truth import Truths, judged
from tests.honesty.worlds import FIRST_SEED, YEAR

REGION = "demo-honesty"
SIZES: dict[str, dict[str, Any]] = {
    "county": {"bureau": "county"},
    "city": {"bureau": "city"},
    # for the tests of the suite: everything a county has, in little
    "tiny": {"bureau": "county", "teachers": 400, "schools": 18, "pilots": 5, "years": 3},
}
Found = tuple[tuple[Statement, ...], float]


@dataclass(frozen=True)
class Reports:
    """Whole reports of one world and kind of bureau, and how many are asked for; ``level`` names the store."""

    world: str
    bureau: str
    draws: int = 20
    level: str = "statements"

    @property
    def name(self) -> str:
        """What its store is called."""
        return f"{self.level}-{self.world}-{self.bureau}"

    @property
    def seeds(self) -> range:
        """The seeds of its draws, the same in every world."""
        return range(FIRST_SEED, FIRST_SEED + self.draws)


@dataclass(frozen=True)
class Case:
    """One bureau as the package sees it: its delivery, panel and everything measured."""

    delivery: Delivery
    panel: Panel
    estimates: tuple[Estimate, ...]


def draw_statements(plan: Reports, seed: int) -> Found:
    """The judged statements of one report, and the seconds that delivery, report and twin took."""
    begin = time.perf_counter()
    options = options_of(plan, seed)
    with tempfile.TemporaryDirectory(prefix="statements-") as folder:
        found = tuple(reported(options, Path(folder)))
    return found, round(time.perf_counter() - begin, 1)


def options_of(plan: Reports, seed: int) -> BureauOptions:
    """The bureau of a seed; each person's fate is drawn on its own, as simulations must."""
    sizes = SIZES[plan.bureau]
    return bureau_options(**sizes, world=plan.world, seed=seed, region=REGION, fixed_totals=False)


def reported(options: BureauOptions, folder: Path) -> Iterator[Statement]:
    """The judged statements of a bureau's report; its files lie under ``folder``."""
    space, other = (opened(folder / name) for name in ("told", "twin"))
    study = load_study(space)
    home = make_demo(space, options)
    told = measured_case(space, study)
    write_twin(options, other.raw)
    twin = measured_case(other, study, cheap=True)
    report = compose_report(study, told.delivery, told.panel, told.estimates)
    planted = json.loads((home / TRUTH).read_text(encoding="utf-8"))
    records, clean = ({e.id: e for e in case.estimates} for case in (told, twin))
    yield from judged(statements_of(report, records), Truths(planted, records, clean))


def opened(home: Path) -> Workspace:
    """An empty workspace."""
    home.mkdir()
    space = open_workspace(home)
    space.raw.mkdir(parents=True)
    return space


def measured_case(space: Workspace, study: Study, *, cheap: bool = False) -> Case:
    """Intake, panel and every estimate of the notebooks; ``cheap`` without the checks that only grade."""
    delivery = clean_region(space, study, REGION, YEAR)
    panel = build_panel(study, delivery)
    effects = tuple(
        e
        for o in study.outcomes.values()
        if o.appendix
        for e in evaluate_outcome(study, panel, o.id, cheap=cheap)
    )
    return Case(delivery, panel, effects + measure_problems(study, panel, delivery.tables))
