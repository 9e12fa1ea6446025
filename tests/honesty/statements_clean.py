"""The clean twin of an invented bureau: the same people and schools, nothing untidy, everybody tested and answering.

A level, a gap or an association of a report is true if the twin has it; only effects are held against what is planted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.paper.delivery import write_bureau
from analysis.synthetic.planted import Planted
from analysis.synthetic.truth import survey
from analysis.synthetic.truth.bureau import draw_bureau
from analysis.synthetic.truth.codes import Rows, stack, take
from analysis.synthetic.truth.record import Draw

OTHERS_SEED = 7_000_003  # the answers of those who did not answer come from a stream of their own
EVERYBODY = 2.0  # a chance no number drawn from 0 to 1 reaches
TRUTH = "analysis.synthetic.truth"


def write_twin(options: BureauOptions, raw: Path) -> None:
    """The twin's deliveries of all years under ``raw/<region>``, as files without dirt."""
    write_bureau(draw_twin(options), raw)


def draw_twin(options: BureauOptions) -> Draw:
    """The bureau as it is, where everybody in post is tested and answers; who answered anyway answers the same."""
    with everybody():
        return draw_bureau(replace(options, dirt="none"))


@contextmanager
def everybody() -> Iterator[None]:
    """While this lasts a drawn bureau misses nobody: no test, no answer, no staff number on an answer."""
    changes: dict[str, object] = {
        f"{TRUTH}.bureau.draw_survey": asked_all(survey.draw_survey),
        f"{TRUTH}.survey.LINKABLE": EVERYBODY,
        f"{TRUTH}.assessments._not_tested": nobody_missing,
    }
    with ExitStack() as stack_:
        for place, new in changes.items():
            stack_.enter_context(patch(place, new))
        yield


def nobody_missing(planted: Planted, plain: np.ndarray, in_pilot: np.ndarray) -> np.ndarray:
    """The chance of having no score: none, for anybody."""
    return np.zeros(len(plain))


def asked_all(draw: Callable[..., Rows]) -> Callable[..., Rows]:
    """A survey that asks, after those who answer by themselves, all the others in post.

    The others are drawn with everybody and picked out: answers are drawn against the mean of all who are asked, and
    the silent, who are more exhausted, must not be held against their own.
    """

    def both(
        options: BureauOptions, year: int, roster: Rows, is_present: np.ndarray, *rest: object
    ) -> Rows:
        first = draw(options, year, roster, is_present, *rest)
        other = replace(options, seed=options.seed + OTHERS_SEED)
        with patch(f"{TRUTH}.survey._response_chances", lambda who, _: np.ones(len(who["person"]))):
            everyone = draw(other, year, roster, is_present, *rest)
        silent = np.flatnonzero(~np.isin(everyone["person"], first["person"]))
        return stack([first, take(everyone, silent)])

    return both
