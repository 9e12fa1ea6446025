"""Whether planted effects come back: invented bureaus drawn in memory, asked through the live study.

Seeds are fixed. Of intervals that hold the truth 95 times in 100 some miss it: how many may is the binomial's, below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scipy import stats

from analysis.inference.evaluate import evaluate_outcome
from analysis.inference.record import Estimate
from analysis.panel.build import Panel
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import open_workspace
from analysis.synthetic.options import bureau_options
from analysis.synthetic.worlds import DrawnPanel, draw_panel
from analysis.verification.record import Line, Status

REGION, YEAR, WORLD = "demo-verify", 2025, "planted"
HELD = (("smart_pilot", "digital_literacy"), ("rural_subsidy", "attrition"))
"""Programme and outcome whose planted effect has to lie in the interval."""

NOTHING = (
    ("smart_pilot", "attrition"),
    ("digital_course", "attrition"),
    ("mentoring", "attrition"),
)
"""Programme and outcome where nothing is planted: never a direction at a grade that a report claims one at."""

SPOKEN = (("smart_pilot", "digital_literacy"), ("digital_course", "digital_literacy"))
"""Programme and outcome whose planted effect a city's data can tell: a direction with the right sign."""

TELLING = "city"
CLAIMED = ("A", "B", "C")
COVERAGE, CHANCE = 0.95, 0.01
COUNT = "verify_coverage"


@dataclass(frozen=True)
class Draw:
    """One invented bureau: its kind, seed, and sizes other than usual."""

    bureau: str
    seed: int
    sizes: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called in the table."""
        return f"{self.bureau}, seed {self.seed}"


DRAWS = (Draw("county", 1), Draw("county", 2), Draw("city", 1), Draw("city", 2))


def check_draws(draws: Sequence[Draw], workers: int = 1, *, cheap: bool = False) -> Iterator[Line]:
    """The lines of some bureaus, then one that counts the intervals that hold the planted effect.

    ``workers`` processes side by side; ``cheap`` leaves out the checks that refit, which no estimate rests on: the
    grades are then lower than those of a report.
    """
    study = load_study(open_workspace())
    lines = []
    for one in draws:
        for line in check_draw(study, one, workers, cheap=cheap):
            lines.append(line)
            yield line
    yield coverage_line([line for line in lines if line.why == COUNT])


def check_draw(
    study: Study, draw: Draw, workers: int = 1, *, cheap: bool = False
) -> Iterator[Line]:
    """The lines of one bureau, drawn and estimated as for a report."""
    sizes: dict[str, Any] = {"bureau": draw.bureau, "seed": draw.seed, **draw.sizes}
    options = bureau_options(region=REGION, world=WORLD, fixed_totals=False, **sizes)
    drawn = draw_panel(options)
    found = estimates_of(study, drawn, workers, cheap)
    for key in HELD:
        yield held_line(draw, found[key], truth_of(drawn, found[key]))
    for key in NOTHING:
        yield nothing_line(draw, found[key])
    for key in SPOKEN if draw.bureau == TELLING and not draw.sizes else ():
        yield spoken_line(draw, found[key], truth_of(drawn, found[key]))


def estimates_of(
    study: Study, drawn: DrawnPanel, workers: int, cheap: bool
) -> dict[tuple[str, str], Estimate]:
    """Every programme's estimate by programme and outcome, adjusted as a family."""
    panel = Panel(region=REGION, year=YEAR, frame=drawn.frame)
    found = (
        evaluate_outcome(study, panel, outcome, workers=workers, cheap=cheap)
        for outcome in dict.fromkeys(outcome for _, outcome in (*HELD, *NOTHING))
    )
    return {(e.subject, e.outcome): e for estimates in found for e in estimates}


def truth_of(drawn: DrawnPanel, found: Estimate) -> float:
    """The planted effect averaged over the exposed rows, in the estimate's unit."""
    effects = drawn.effects[f"{found.subject}_{found.outcome}"].dropna()
    return (100.0 if found.unit == "pp" else 1.0) * float(effects.mean())


def held_line(draw: Draw, found: Estimate, truth: float) -> Line:
    """Whether the interval holds the planted effect."""
    low, high = found.ci_low, found.ci_high
    status: Status = "miss"
    if low is not None and high is not None:
        status = "inside" if low <= truth <= high else "outside"
    return Line(draw.name, title_of(found), f"{truth:.2f}", told(found), status, why=COUNT)


def nothing_line(draw: Draw, found: Estimate) -> Line:
    """Whether nothing is claimed as an effect where nothing is planted; no estimate is no answer."""
    is_claimed = found.verdict == "direction" and found.grade in CLAIMED
    status: Status = "miss" if is_claimed or found.estimate is None else "unclaimed"
    return Line(draw.name, title_of(found), "0", told(found), status)


def spoken_line(draw: Draw, found: Estimate, truth: float) -> Line:
    """Whether a direction is told, and the planted one: saying nothing where the data speak is a miss too."""
    is_right = found.verdict == "direction" and (found.estimate or 0.0) * truth > 0
    expected = "> 0" if truth > 0 else "< 0"
    return Line(draw.name, title_of(found), expected, told(found), "same" if is_right else "miss")


def title_of(found: Estimate) -> str:
    """Programme and outcome with the unit."""
    return f"{found.subject}, {found.outcome} ({found.unit})"


def told(found: Estimate) -> str:
    """Estimate, interval, grade and verdict; without an estimate the reason."""
    if found.estimate is None or found.ci_low is None or found.ci_high is None:
        return f"{found.grade} {found.reason}"
    middle = f"{found.estimate:.2f} [{found.ci_low:.2f}, {found.ci_high:.2f}]"
    return f"{middle} {found.grade} {found.verdict}"


def fewest_held(n: int) -> int:
    """The fewest of ``n`` 95 % intervals that hold the truth but for a chance below 1 % (binomial)."""
    return int(stats.binom.ppf(CHANCE, n, COVERAGE))


def coverage_line(lines: Sequence[Line]) -> Line:
    """How many intervals hold the planted effect, and how many must."""
    held, least = sum(line.status == "inside" for line in lines), fewest_held(len(lines))
    status: Status = "same" if held >= least else "miss"
    return Line("planted", "intervals", f">= {least} of {len(lines)}", str(held), status, why=COUNT)
