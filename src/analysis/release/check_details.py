"""What a check says beside its value: the numbers and names of its detail, read by pattern and put into words."""

from __future__ import annotations

import re

from analysis.inference.record import Check, Estimate
from analysis.release.numbers import round_text
from analysis.release.trails import fill
from analysis.release.wording import phrase
from analysis.study.objects import Study

MINUS = "\u2212"
NUMBER = r"-?[\d.]+(?:e[+-]?\d+)?"
# name of the check -> how its detail is written (inference/checking); one that does not match is not shown
PATTERNS: dict[str, re.Pattern[str]] = {
    "pre_period": re.compile(
        rf"leads=(?P<leads>\d+), smallest trend=(?P<trend>{NUMBER}), implied bias=(?P<bias>{NUMBER})"
    ),
    "e_value": re.compile(rf"strongest observed (?P<name>\S+) (?P<factor>{NUMBER})"),
    "robustness_value": re.compile(
        rf"1x (?P<name>[^:]+): (?P<value>{NUMBER}) \((?P<low>{NUMBER}) to (?P<high>{NUMBER})\)"
    ),
    "missingness": re.compile(rf"bounds (?P<low>{NUMBER}) to (?P<high>{NUMBER})"),
    "overlap": re.compile(
        rf"largest (?P<largest>{NUMBER}), effective (?P<effective>{NUMBER}), used (?P<used>{NUMBER})"
    ),
    "placebo_date": re.compile(rf"estimate (?P<value>{NUMBER})"),
    "placebo_outcome": re.compile(rf"estimate (?P<value>{NUMBER})"),
    "estimator_agreement": re.compile(rf"second=(?P<value>{NUMBER}) \("),
    "honest_did": re.compile(rf"centre=(?P<value>{NUMBER})"),
    "multiplicity": re.compile(r"family=(?P<family>\d+)"),
}
COUNTS = ("leads", "family")
SHARES = ("largest", "effective", "used")
BARE = ("factor",)  # ratios


def details_of(check: Check) -> dict[str, str]:
    """The parts of a check's detail by name; empty if it holds none that we know."""
    pattern = PATTERNS.get(check.name)
    found = pattern.search(check.detail) if pattern else None
    return found.groupdict() if found else {}


def more_text(study: Study, estimate: Estimate, check: Check) -> str:
    """The sentence that follows what was found; empty if the detail says nothing more."""
    parts = details_of(check)
    if not parts:
        return ""
    name = covariate_label(study, parts.pop("name", ""))
    numbers = {k: number_text(k, float(v), estimate.unit) for k, v in parts.items()}
    return fill(phrase("check_more", check.name, name=name), **numbers)


def number_text(name: str, value: float, unit: str) -> str:
    """One number of a detail as it is printed."""
    if name in COUNTS:
        return round_text(value, 0)
    if name in SHARES:
        return round_text(100 * value, 1 if 100 * value < 10 else 0) + phrase("unit", "percent")
    text = round_text(value, 2).replace("-", MINUS)
    return text if name in BARE else text + phrase("unit", unit)


def covariate_label(study: Study, column: str) -> str:
    """The variable a column of the matrix was made of: its square, or one of its levels; empty for none of ours."""
    base = column.removesuffix("^2")
    fitting = [v for v in study.variables if base == v or base.startswith(f"{v}_")]
    return study.variables[max(fitting, key=len)].label if fitting else ""
