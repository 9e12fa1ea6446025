"""A staggered programme with every series and check that can stand beside an estimate; its numbers are invented."""

from __future__ import annotations

from itertools import product

from analysis.inference.record import Check, Estimate, Point
from tests.release.drawn import effect

LEADS = {"-4": 0.15, "-3": -0.2, "-2": 0.1}
LAGS = {"0": 0.7, "1": 1.4, "2": 1.9, "3": 2.3}
HALF = 0.75  # half an interval
CHOICES = (
    ("cluster", "unit", "cohort"),
    ("rows", "clusters"),
    ("all", "nolast"),
)


def around(label: str, value: float, half: float = HALF, n: int | None = 400) -> Point:
    """A point with an interval of the same length to both sides."""
    return Point(label, value, half / 1.98, value - half, value + half, n)


def event_study() -> tuple[Point, ...]:
    """Three years before, the reference, four after; the last stands on four people."""
    before = (around(k, v) for k, v in LEADS.items())
    after = [around(k, v) for k, v in LAGS.items()]
    few = around("4", 9.9, n=4)
    return (*before, Point("-1", 0.0), *after, few)


def specifications() -> tuple[Point, ...]:
    """Twelve ways of estimating, from 0.9 to 2.0."""
    labels = (".".join(parts) for parts in product(*CHOICES))
    return tuple(around(label, 0.9 + 0.1 * i, n=None) for i, label in enumerate(labels))


def flow() -> tuple[Point, ...]:
    """Three steps and how many are left after each; the last line counts a part of them."""
    left = {"rows": 21500, "with_outcome": 18230, "complete": 17904, "exposed": 5120}
    return tuple(Point(k, None, n=n) for k, n in left.items())


def checks() -> tuple[Check, ...]:
    """One of every kind that a staggered estimate carries."""
    return (
        Check("exposure_before_outcome", 1.0, "pass"),
        Check("clusters", 50, "pass", detail="G=200, k=50, smallest cohort=10"),
        Check("base", 1800, "pass"),
        Check("mde", 0.82, "pass"),
        Check("jackknife_agrees", 1.06, "pass"),
        Check("wild_bootstrap", None, "not_run", detail="not needed"),
        Check("pre_period", 0.41, "pass", detail="leads=3, smallest trend=0.25, implied bias=0.94"),
        Check("honest_did", 0.5, "caution", cap="C"),
        Check("estimator_agreement", 0.3, "pass"),
        Check("twfe_weights", 0.08, "caution"),
        Check("placebo_date", 0.41, "pass", detail="estimate -0.2"),
        Check("placebo_outcome", None, "not_run", steps=1, detail="no such column"),
        Check("leave_one_out", 0.31, "pass"),
        Check("specifications", 0.5, "fail", steps=1),
        Check("missingness", 0.021, "pass"),
        Check("concurrent", 1, "caution", detail="rural_subsidy"),
    )


def staggered(**changes: object) -> Estimate:
    """Pilot schools on the score: 1.5 points, interval 0.9 to 2.1, grade D after two steps."""
    series = {
        "event_study": event_study(),
        "cohorts": (around("2021", 2.1), around("2022", 1.4), around("2023", 0.6)),
        "specifications": specifications(),
        "sensitivity": (around("0.5", 1.5, 1.2, None), around("1", 1.5, 2.4, None)),
        "flow": flow(),
    }
    fields: dict[str, object] = {
        "id": "smart_pilot:digital_literacy:score",
        "subject": "smart_pilot",
        "assignment": "chosen",
        "estimate": 1.5,
        "std_error": 0.3,
        "ci_low": 0.9,
        "ci_high": 2.1,
        "ci_adj_low": 0.7,
        "ci_adj_high": 2.3,
        "mde": 0.82,
        "std_error_kind": "CRV1",
        "note": "pooled_event_time",
        "grade": "D",
        "checks": checks(),
        "series": series,
    }
    return effect(**(fields | changes))


def hazard(**changes: object) -> Estimate:
    """A course on leaving: risks after one, three and five years, in percentage points."""
    series = {
        "horizons": (around("1", -0.9, 0.7), around("3", -1.6, 1.5), around("5", -2.4, 3.1)),
        "destinations": (around("resigned:1", -0.7, 0.6), around("unknown:1", -0.2, 0.5)),
    }
    fields: dict[str, object] = {
        "id": "digital_course:attrition:A2",
        "outcome": "attrition",
        "definition": "A2",
        "family": "attrition",
        "design": "landmark_logit",
        "estimand": "landmark_logit",
        "unit": "pp",
        "estimate": -0.9,
        "ci_low": -1.6,
        "ci_high": -0.2,
        "ci_adj_low": -1.9,
        "ci_adj_high": 0.1,
        "verdict": "undetermined",
        "n_family": 4,
        "mde": 1.0,
        "arms": {},
        "checks": (
            Check("separation", 31, "pass"),
            Check("balance", 0.12, "caution", detail="title_rank_senior"),
            Check("e_value", 1.4, "pass", detail="strongest observed sex 1.063"),
            Check(
                "robustness_value",
                0.05,
                "caution",
                steps=1,
                detail="to lose the interval 0.021; 1x title_rank: -0.41 (-1.2 to 0.38); 2x sex: 0.1 (-1 to 1.2)",
            ),
        ),
        "series": series,
    }
    return effect(**(fields | changes))
