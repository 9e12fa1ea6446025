"""Other defensible ways to an adjusted effect, fixed before any is run, and its placebo on earlier scores."""

from __future__ import annotations

from dataclasses import replace

from analysis.inference.design import Design
from analysis.inference.estimators.aipw_rows import CHANGE

METHODS = ("aipw", "ipw", "ra", "linear", "entropy", "overlap")


def aipw_variants(design: Design) -> dict[str, Design]:
    """At least twelve: six methods with and without the roster, some on the latest score alone, and the other view.

    Under a ``change`` method all are of the change, but for one of the level (``level_roster``); else the other way
    round (``change_roster``). Ids are ``method_covariates``.
    """
    prefix = f"{CHANGE}_" if design.method.startswith(CHANGE) else ""
    sets = {"roster": design, "scores": replace(design, controls=())}
    found = {
        f"{method}_{name}": replace(variant, method=f"{prefix}{method}")
        for name, variant in sets.items()
        for method in METHODS
    }
    last = replace(design, linear=design.linear[:1])
    found |= {f"{m}_last": replace(last, method=f"{prefix}{m}") for m in ("aipw", "linear")}
    if design.linear:
        other = ("level_roster", "") if prefix else ("change_roster", CHANGE)
        found[other[0]] = replace(design, method=other[1])
    return found


def placebo_design(design: Design) -> Design | None:
    """The same comparison with a score from before the programme as outcome, aligned on what was known before that.

    Covariates measured with that score (the column itself, and those that end in its name, as a school's mean of it)
    are left out; None if then no earlier score is left to align on.
    """
    outcome = design.placebo_outcome
    if not outcome:
        return None
    earlier = tuple(c for c in design.linear if not c.endswith(outcome))
    if design.linear and not earlier:
        return None
    return replace(design, outcome=outcome, linear=earlier, placebo_outcome="")
