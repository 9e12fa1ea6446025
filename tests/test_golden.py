"""The words and numbers of one drawn county, as they were last accepted; with its own frozen study/.

A difference is not wrong by itself, but it must be meant: the test writes what it found and says how to accept it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from analysis.inference.evaluate import evaluate_outcome
from analysis.inference.measure import measure_problems
from analysis.inference.record import Estimate
from analysis.intake.delivery import Delivery
from analysis.release.compose import compose_report
from analysis.study.load import read_study
from tests.inference.drawn import drawn_panel

HERE = Path(__file__).parent / "golden"
ACCEPTED, FOUND = HERE / "report.json", HERE / "report.found.json"
DIGITS = 6  # other processors differ beyond


def rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{DIGITS}g}")


def numbers(e: Estimate) -> dict[str, object]:
    fields = ("estimate", "std_error", "ci_low", "ci_high", "p_adjusted", "ratio", "mde")
    judged = {"grade": e.grade, "verdict": e.verdict, "reason": e.reason, "n": e.n_teachers}
    return judged | {f: rounded(getattr(e, f)) for f in fields}


def found() -> dict[str, object]:
    frozen = HERE / "study"
    study = read_study(frozen, frozen)
    panel = drawn_panel(1, years=(2023, 2024, 2025))
    estimates = [e for o in study.outcomes for e in evaluate_outcome(study, panel, o)]
    estimates += measure_problems(study, panel)
    delivery = Delivery(
        region="drawn", label="画县", year=2025, tables={}, ledger=pd.DataFrame(), files=(),
        links=pd.DataFrame(), is_invented=True, fingerprint="", as_of="2025-09-01", notes=(),
    )  # fmt: skip
    report = compose_report(study, delivery, panel, tuple(estimates))
    return {
        "titles": [p.title for p in report.problems],
        "claims": {c.id: [c.label, c.plain()] for c in report.claims()},
        "numbers": {e.id: numbers(e) for e in estimates},
    }


def test_the_drawn_county_reads_as_accepted() -> None:
    text = json.dumps(found(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    accepted = ACCEPTED.read_text(encoding="utf-8") if ACCEPTED.exists() else ""
    if text != accepted:
        FOUND.write_text(text, encoding="utf-8")
    assert text == accepted, (
        f"Words or numbers moved. Compare {FOUND.name} with {ACCEPTED.name} in tests/golden; if every change is "
        f"meant, rename the former to the latter and add a line to CHANGELOG.md."
    )
