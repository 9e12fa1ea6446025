"""The levels that the estimators and grades have to reach, and how a store is held against each.

Sources: issue section "Honesty", ``methods.md`` 5.2, ``domain.md`` 6.7; the floors of the grade level are fixed in
``docs/decisions/0015``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from tests.honesty import measures
from tests.honesty.draws import Measured
from tests.honesty.measures import Figure, NoFigureError
from tests.honesty.store import Draw
from tests.honesty.worlds import COURSE, OPEN, PILOT, PSEUDO, SCORE, SHORT, SIXTEEN

Draws = tuple[Draw, ...]
IsSo = Callable[[Measured], bool]
MISSED = "**missed**"
BANDS = 3.0  # Monte-Carlo errors allowed at the grade level
PILOT_SCORE, COURSE_SCORE = f"{PILOT}:{SCORE}", f"{COURSE}:{SCORE}"
PILOT_LEAVING, SUBSIDY = f"{PILOT}:attrition", "rural_subsidy:attrition"
COURSE_LEAVING, MENTORING = f"{COURSE}:attrition", "mentoring:attrition"
PSEUDO_SCORE = f"{PSEUDO}:{SCORE}"
SHORT_SCORES = tuple(f"{name}:{SCORE}" for name in SHORT)
# what nothing hidden drives: the course draws the keen, which no file tells (domain.md 6.5), so that the bias of its
# scores is planted; it is printed with the others and held against no level
IDENTIFIED = (PILOT_SCORE, SUBSIDY, PILOT_LEAVING)
PLANTED = (PILOT_SCORE, SUBSIDY)  # of them, those with an effect in W1
WITHIN_SCHOOLS = (
    COURSE_LEAVING,
    MENTORING,
)  # landmark hazards: what a school is like is held equal
# what each world makes look like an effect, held at C or better too: a voluntary course never reaches B
LOOKS_LIKE = {"W3": COURSE_SCORE, "W4": COURSE_LEAVING, "W6": PILOT_SCORE}


@dataclass(frozen=True)
class Level:
    """One level: which store, what is measured, the bounds it has to lie in, and the allowance in Monte-Carlo errors."""

    text: str
    store: str
    measure: Callable[[Draws], Figure]
    low: float = float("-inf")
    high: float = float("inf")
    bands: float = 0.0
    is_share: bool = True

    def state(self, figure: Figure) -> str:
        """Reached, within the error (of a true value at the level), or missed."""
        if self.low <= figure.value <= self.high:
            return "reached"
        bound = self.high if figure.value > self.high else self.low
        allowed = self.bands * float(np.sqrt(bound * (1 - bound) / figure.n)) if self.bands else 0.0
        return "within the error" if abs(figure.value - bound) <= allowed else MISSED

    def state_so_far(self, figure: Figure) -> str:
        """The state while draws are still to come: two Monte-Carlo errors outside its bounds leave a level open."""
        distance = max(self.low - figure.value, figure.value - self.high, 0.0)
        is_open = 0 < distance <= 2 * figure.error
        return "so far open" if is_open else f"so far {self.state(figure)}"


# --- from draws to figures ------------------------------------------------------------------------


def estimated(draws: Draws, name: str) -> list[Measured]:
    """The draws' estimates of one programme and outcome, those without a number left out (they are counted apart)."""
    return [d.cells[name] for d in draws if name in d.cells and d.cells[name].is_estimated]


def cell_of(draw: Draw, name: str) -> Measured:
    """One cell of a draw; NoFigureError if it was not measured, so that nothing is reached by being left out."""
    if name not in draw.cells:
        raise NoFigureError(f"{name} was not measured")
    return draw.cells[name]


def column(cells: list[Measured], field: str) -> np.ndarray:
    """One field of many cells as numbers, NaN where there is none."""
    return np.array([getattr(c, field) for c in cells], dtype=float)


def bias(draws: Draws, name: str) -> Figure:
    """Bias in the estimate's unit."""
    cells = estimated(draws, name)
    return measures.bias(column(cells, "estimate"), column(cells, "truth"))


def relative_bias(draws: Draws, name: str) -> Figure:
    """Bias as a share of the true effect."""
    cells = estimated(draws, name)
    return measures.relative_bias(column(cells, "estimate"), column(cells, "truth"))


def bias_in_errors(draws: Draws, name: str) -> Figure:
    """Bias as a multiple of its Monte-Carlo error, whose own error is 1."""
    found = bias(draws, name)
    return Figure(found.value / found.error, 1.0, found.n)


def error_ratio(draws: Draws, name: str) -> Figure:
    """Mean standard error over standard deviation of the estimates."""
    cells = estimated(draws, name)
    fields = ("estimate", "std_error")
    return measures.error_ratio(*(column(cells, f) for f in fields))


def coverage(draws: Draws, name: str) -> Figure:
    """The share of unadjusted 95 % intervals that hold the truth."""
    cells = estimated(draws, name)
    return measures.coverage(*(column(cells, f) for f in ("ci_low", "ci_high", "truth")))


def rejection(draws: Draws, name: str) -> Figure:
    """The share of unadjusted tests that reject zero."""
    return measures.rejection(column(estimated(draws, name), "p_value"))


def family_wise(draws: Draws, names: tuple[str, ...]) -> Figure:
    """The share of draws with any adjusted rejection among tests of nothing."""
    table = [column([cell_of(d, n) for n in names], "p_adjusted") for d in draws]
    return measures.family_wise(np.array(table))


def share_of(draws: Draws, name: str, is_so: IsSo) -> Figure:
    """The share of all draws, with or without a number, in which something is so of one cell."""
    return measures.share(np.array([is_so(cell_of(d, name)) for d in draws]))


def share_of_any(draws: Draws, names: tuple[str, ...], is_so: IsSo) -> Figure:
    """The share of draws in which something is so of any of these cells; of any cell at all without names."""
    asked = [[cell_of(d, n) for n in names] if names else [*d.cells.values()] for d in draws]
    return measures.share(np.array([any(map(is_so, cells)) for cells in asked]))


def is_right_claim(cell: Measured) -> bool:
    """A direction at C or better that points where the truth does."""
    return cell.is_claimed and cell.has_right_sign


def is_right_effect(cell: Measured) -> bool:
    """A direction at B or better that points where the truth does."""
    return cell.is_causal and cell.has_right_sign


def is_right_direction(cell: Measured) -> bool:
    """A direction that points where the truth does, at any grade that makes a sentence."""
    return cell.is_direction and cell.has_right_sign and cell.grade != "E"


def is_undetermined(cell: Measured) -> bool:
    """Neither a direction nor a bound."""
    return cell.verdict == "undetermined"


# --- the levels ---------------------------------------------------------------------------------------


def estimator_levels() -> list[Level]:
    """Numbers: bias, SE/SD and coverage where effects are planted, size and family-wise error where none is."""
    w0, w1, sixteen = "estimator-W0-panel", "estimator-W1-panel", f"estimator-{SIXTEEN}-panel"
    found: list[Level] = []
    for name in PLANTED:
        about = f"W1, {name}"
        found += [
            Level(f"{about}: bias / true effect", w1, partial(relative_bias, name=name), -0.02, 0.02),
            Level(f"{about}: bias in Monte-Carlo errors", w1, partial(bias_in_errors, name=name), -2, 2, is_share=False),
            Level(f"{about}: coverage of 95 %", w1, partial(coverage, name=name), 0.93, 0.97),
        ]  # fmt: skip
    opened = f"estimator-{OPEN}-panel"
    about = f"{OPEN}, {COURSE_SCORE}"
    found += [
        Level(f"{about}: bias / true effect", opened, partial(relative_bias, name=COURSE_SCORE), -0.02, 0.02),
        Level(f"{about}: bias in Monte-Carlo errors", opened, partial(bias_in_errors, name=COURSE_SCORE), -2, 2, is_share=False),
        Level(f"{about}: coverage of 95 %", opened, partial(coverage, name=COURSE_SCORE), 0.93, 0.97),
        Level(f"{about}: SE / SD", opened, partial(error_ratio, name=COURSE_SCORE), 0.95, 1.05, is_share=False),
    ]  # fmt: skip
    for name in IDENTIFIED:
        found += [
            Level(f"W1, {name}: SE / SD", w1, partial(error_ratio, name=name), 0.95, 1.05, is_share=False),
            Level(f"W0, {name}: SE / SD", w0, partial(error_ratio, name=name), 0.95, 1.05, is_share=False),
            Level(f"W0, {name}: size at 5 %", w0, partial(rejection, name=name), 0.03, 0.07),
        ]  # fmt: skip
    for name in WITHIN_SCHOOLS:
        found += [
            Level(f"W0, {name}: SE / SD", w0, partial(error_ratio, name=name), 0.95, 1.05, is_share=False),
            Level(f"W0, {name}: size at 5 %", w0, partial(rejection, name=name), 0.03, 0.07),
        ]  # fmt: skip
    for name in (SHORT_SCORES[0], SHORT_SCORES[-1]):
        found.append(Level(f"{SIXTEEN}, {name}: size at 5 %", sixteen, partial(rejection, name=name), 0.03, 0.07))  # fmt: skip
    any_of = partial(family_wise, names=SHORT_SCORES)
    found.append(Level(f"{SIXTEEN}: family-wise error of 16 tests", sixteen, any_of, high=0.06))
    pseudo = partial(rejection, name=PSEUDO_SCORE)
    found.append(Level("W0, pilots with a pretended start: rejects", w0, pseudo, high=0.08))
    return found


def silence_levels() -> list[Level]:
    """What may be said where nothing is true: shares that may not be passed."""
    causal, claimed = (lambda c: c.is_causal), (lambda c: c.is_claimed)
    anything = partial(share_of_any, names=(), is_so=causal)
    found = [Level("W2: any `direction` at B or better", "grade-W2-city", anything, high=0.10, bands=BANDS)]  # fmt: skip
    for world, name in LOOKS_LIKE.items():
        store = f"grade-{world}-panel"
        text = f"{world}: any `direction` at B or better"
        found.append(Level(text, store, anything, high=0.05, bands=BANDS))
        one = partial(share_of, name=name, is_so=claimed)
        text = f"{world}, {name}: `direction` at C or better"
        found.append(Level(text, store, one, high=0.05, bands=BANDS))
    pilots = partial(share_of_any, names=(PILOT_SCORE, PILOT_LEAVING), is_so=claimed)
    text = "W5: any `direction` at C or better on the pilots of three districts"
    found.append(Level(text, "grade-W5-panel", pilots, high=0.05, bands=BANDS))
    whatever = partial(share_of_any, names=(), is_so=claimed)
    text = "W5: any `direction` at C or better on anything"
    found.append(Level(text, "grade-W5-panel", whatever, high=0.05, bands=BANDS))
    for name in (*IDENTIFIED, COURSE_SCORE, COURSE_LEAVING, MENTORING):
        wrong = partial(share_of, name=name, is_so=lambda c: c.is_wrong)
        text = f"W8, {name}: wrong `direction` (C or better) or wrong `bounded`"
        found.append(Level(text, "grade-W8-panel", wrong, high=0.05, bands=BANDS))
    return found


def voice_levels() -> list[Level]:
    """What must be said where something is true: shares that have to be passed."""
    rows = [
        ("city pilots: right `direction` at C or better", "grade-planted-city", PILOT_SCORE, is_right_claim, 0.90),
        ("city pilots: right `direction` at B or better", "grade-planted-city", PILOT_SCORE, is_right_effect, 0.70),
        ("city digital course: right adjusted `direction`", "grade-planted-city", COURSE_SCORE, is_right_direction, 0.90),
        ("W7: the one true effect claimed (C or better)", "grade-W7-city", SHORT_SCORES[0], is_right_claim, 0.60),
        ("county subsidy: `undetermined` in most draws", "grade-planted-county", SUBSIDY, is_undetermined, 0.50),
    ]  # fmt: skip
    return [
        Level(text, store, partial(share_of, name=name, is_so=is_so), low=low, bands=BANDS)
        for text, store, name, is_so, low in rows
    ]


LEVELS = {
    "Numbers": tuple(estimator_levels()),
    "Claimed when false": tuple(silence_levels()),
    "Claimed when true": tuple(voice_levels()),
}
