"""The other ways to specify a landmark hazard, fixed before any outcome is seen, and its placebo outcome."""

from __future__ import annotations

from dataclasses import replace

from analysis.inference.design import Design

METHODS = ("weighted", "adjusted", "ipw")


def hazard_variants(design: Design) -> dict[str, Design]:
    """Specifications by id, at least twelve: methods by links, numbers straight, everybody as target, controls dropped.

    All keep exposure, outcome, period and cluster; the same question asked of the same rows (but for rows that a
    dropped control had left out).
    """
    found: dict[str, Design] = {}
    for method in METHODS:
        one = replace(design, method=method, link="logit")
        found[method] = one
        found[f"{method}_straight"] = straight(one)
        if method != "ipw":
            found[f"{method}_straight_cloglog"] = replace(straight(one), link="cloglog")
        found[f"{method}_cloglog"] = replace(one, link="cloglog")
        found[f"{method}_ate"] = replace(one, target="ate")
    return found | dropped(design)


def straight(design: Design) -> Design:
    """The design with every numeric control as a straight line instead of bands and squares."""
    return replace(
        design, linear=tuple(dict.fromkeys(design.controls + design.linear)), controls=()
    )


def dropped(design: Design) -> dict[str, Design]:
    """The design without each of its covariates in turn."""
    names = dict.fromkeys(design.controls + design.linear)
    return {f"without_{name}": without(design, name) for name in names}


def without(design: Design, name: str) -> Design:
    """The design without one covariate."""
    return replace(
        design,
        controls=tuple(c for c in design.controls if c != name),
        linear=tuple(c for c in design.linear if c != name),
    )


def placebo_design(design: Design) -> Design | None:
    """The same question asked of an outcome the exposure cannot move, such as retirement by the dated schedule.

    None if the design names none. Exposure one period LATER is no placebo here: only who stays another year can be
    exposed then, so the later exposed have not left by construction (immortal time).
    """
    if not design.placebo_outcome:
        return None
    return replace(design, outcome=design.placebo_outcome, placebo_outcome="", causes="")
