"""The list of checks that an estimate must carry: one that nobody ran leaves no sentence, one left out caps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.inference.checking import required
from analysis.inference.checking.required import COMMON, KINDS, REQUIRED, absent
from analysis.inference.estimate import estimate, measure
from analysis.inference.family import adjust_family
from analysis.inference.grade import GRADES
from analysis.inference.record import Check, Estimate
from tests.inference.foreign import FRAMES


def cheap_answer(kind: str, **design: object) -> Estimate:
    question, draw = FRAMES[kind]
    return estimate(draw(), replace(question, **design), cheap=True)  # type: ignore[arg-type]


def test_every_kind_with_checks_of_its_own_has_a_list() -> None:
    assert set(KINDS) <= set(REQUIRED)
    assert all(set(COMMON) <= set(REQUIRED[kind]) for kind in KINDS)
    assert all(len(set(names)) == len(names) for names in REQUIRED.values())


@pytest.mark.parametrize("kind", ["staggered", "hazard", "aipw"])
def test_every_required_check_is_on_the_record(kind: str) -> None:
    """Left out on purpose: on the record too, as not run and at most C."""
    found = {c.name: c for c in cheap_answer(kind).checks}
    assert set(REQUIRED[kind]) <= set(found)
    left = [c for c in found.values() if c.detail == "cheap"]
    assert left
    assert all((c.verdict, c.cap, c.blocks) == ("not_run", "C", False) for c in left)


@pytest.mark.parametrize("kind", ["staggered", "hazard", "aipw"])
def test_cheap_is_never_better_than_c(kind: str) -> None:
    found = cheap_answer(kind, assignment="lot")
    assert GRADES.index(found.grade) >= GRADES.index("C")


@pytest.mark.parametrize("kind", ["staggered", "hazard", "aipw"])
def test_a_check_that_nobody_ran_is_grade_e(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the interval says: an estimate that lacks one required line has no sentence."""
    design, draw = FRAMES[kind]
    own = tuple(Check(n, 1.0, "pass") for n in REQUIRED[kind][:-1] if n not in COMMON)
    monkeypatch.setitem(required.KINDS, kind, lambda *_: (own, {}))
    if kind == "staggered":  # its missingness is among its own
        own = (*own, Check("missingness", 0.0, "pass"))
    found = adjust_family([measure(draw(), design)])[0]
    assert (found.grade, found.is_usable) == ("E", False)
    line = next(c for c in found.checks if c.name == "required")
    assert line.blocks
    assert REQUIRED[kind][-1] in line.detail


def test_what_is_absent_is_named() -> None:
    found = (Check("a", None, "pass"), Check("b", None, "fail"))
    assert absent(("a", "b"), found) == ()
    line = absent(("a", "c", "b", "d"), found)[0]
    assert (line.name, line.blocks, line.detail) == ("required", True, "c, d")


@pytest.mark.parametrize("kind", ["hazard", "aipw", "oaxaca", "replicate"])
def test_a_covariate_that_is_the_exposure_leaves_no_sentence(kind: str) -> None:
    """Every matrix leaves such a covariate out, so that the fit alone would compare as if it were not there."""
    assert "singularity" in REQUIRED[kind]
    design, draw = FRAMES[kind if kind in FRAMES else "linear"]
    frame = draw().assign(w=1.0)
    for i in range(1, 7):
        frame[f"rep{i}"] = np.random.default_rng(i).choice([0.5, 1.5], len(frame))
    if kind == "replicate":
        design = replace(design, weights="w", replicate_prefix="rep", cluster="")
    design = replace(design, kind=kind if kind not in FRAMES else design.kind)  # type: ignore[arg-type]
    plain = estimate(frame, design, cheap=True)
    assert plain.estimate is not None
    assert next(c for c in plain.checks if c.name == "singularity").verdict == "pass"
    said = replace(design, linear=(*design.linear, "said"), controls=(*design.controls, "said"))
    found = estimate(frame.assign(said=1 - frame["took"]), said, cheap=True)
    assert (found.estimate, found.grade, found.reason) == (None, "E", "blocked_singularity")
