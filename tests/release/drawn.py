"""A plain estimate to vary in tests; its numbers are invented."""

from __future__ import annotations

from analysis.inference.record import Arm, Check, Estimate


def effect(**changes: object) -> Estimate:
    """A course on the score: 1.2 points, interval 0.9 to 1.5, grade C, direction."""
    fields: dict[str, object] = {
        "id": "digital_course:digital_literacy:score",
        "kind": "effect",
        "subject": "digital_course",
        "outcome": "digital_literacy",
        "definition": "score",
        "estimand": "ancova",
        "design": "ancova",
        "assignment": "volunteer",
        "population": "",
        "unit": "points",
        "year": 2025,
        "estimate": 1.2,
        "std_error": 0.15,
        "df": 110.0,
        "ci_low": 0.9,
        "ci_high": 1.5,
        "p_value": 0.0001,
        "p_adjusted": 0.0002,
        "ci_adj_low": 0.86,
        "ci_adj_high": 1.54,
        "n_teachers": 4000,
        "n_schools": 112,
        "n_treated": 1800,
        "n_treated_schools": 110,
        "n_control_schools": 112,
        "n_dropped": 300,
        "mde": 0.42,
        "relevant_effect": 1.0,
        "raw_difference": 2.4,
        "arms": {
            "treated": Arm(1800, 110, None, 84.1),
            "control": Arm(2200, 112, None, 81.7),
            "treated_before": Arm(1800, 110, None, 82.5),
            "control_before": Arm(2200, 112, None, 81.0),
        },
        "checks": (Check("clusters", 110, "pass"), Check("mde", 0.42, "pass")),
        "grade": "C",
        "verdict": "direction",
        "family": "digital_literacy",
        "files": ("scores.csv",),
    }
    return Estimate(**(fields | changes))  # type: ignore[arg-type]
