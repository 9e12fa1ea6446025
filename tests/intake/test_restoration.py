"""How much of the planted dirt comes out, by class: what is restored, what is only flagged, what nobody can see.

Measured on the invented county's delivery of 2025, which holds every kind of file and of dirt.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest

from analysis.intake.delivery import Delivery
from analysis.study.objects import Study
from analysis.study.workspace import Workspace
from tests.intake import restoration as measure
from tests.intake.restoration import DETECTABLE, INVISIBLE, RESTORABLE, WHY_INVISIBLE

pytestmark = pytest.mark.xdist_group("demo")

REGION, YEAR = "demo-county", 2025
FOUND = RIGHT = 0.99
FLAGGED = 0.95
FALSE = 0.001
# kinds of whole rows or answers -> the ledger rule that must tell of them
ROW_RULES = {
    "speeder": "speeder",
    "straight line": "straight_line",
    "pasted": "pasted_list",
    "test": "test_row",
    "second_answer": "second_answer",
}


@dataclass(frozen=True)
class Restored:
    """Spoilt cells and rows with what became of them; clean cells, how many of them were changed, and the first."""

    cells: pd.DataFrame
    rows: pd.DataFrame
    n_clean: int
    n_false: int
    shown: list[str]


@pytest.fixture(scope="module")
def restored(demo_space: Workspace, demo_study: Study, demo_delivery: Delivery) -> Restored:
    """The delivery read once, every cell compared."""
    truth = measure.truth_of(demo_space, REGION)
    cells, rows, n_clean, n_false, shown = [], [], 0, 0, []
    for sheet in measure.read_year(demo_space, demo_study, REGION, YEAR):
        told = truth.get(f"{YEAR}/{sheet.typed.file}", {})
        cells += [*measure.stains_of(sheet, told.get("dirt", {}))]
        rows += [*measure.added_rows(sheet, told.get("rows", {}))]
        n, wrong, first = measure.false_repairs(sheet, told.get("dirt", {}))
        n_clean, n_false, shown = n_clean + n, n_false + wrong, [*shown, *first]
    spoilt = pd.DataFrame(cells)
    is_sheet = spoilt["kind"].isin([*ROW_RULES])
    answers = spoilt[is_sheet].drop_duplicates(["file", "row", "kind"])
    found = pd.concat([answers[["file", "row", "kind"]], pd.DataFrame(rows)], ignore_index=True)
    lines = demo_delivery.ledger
    told_of = pd.MultiIndex.from_frame(lines[["file", "row", "rule"]][lines["year"] == YEAR])
    asked = found.assign(rule=found["kind"].map(ROW_RULES).fillna(""))
    is_told = pd.MultiIndex.from_frame(asked[["file", "row", "rule"]]).isin(told_of)
    out = Restored(spoilt[~is_sheet], found.assign(is_told=is_told), n_clean, n_false, shown)
    print(f"\n{table_of(out).to_string(index=False)}\n")
    print(f"changed clean cells: {out.n_false} of {out.n_clean}")
    print("\n".join(f"{INVISIBLE}: {kind}: {why}" for kind, why in WHY_INVISIBLE.items()))
    return out


def table_of(found: Restored) -> pd.DataFrame:
    """One row per kind of dirt: class, number, share told of or right, share with a value, right share of these."""
    cells = found.cells.assign(is_found=found.cells["is_told"] | found.cells["is_right"])
    rows = []
    for (group, kind), of in cells.groupby(["class", "kind"]):
        kept = of[of["has_value"]]
        right = kept["is_right"].mean() if len(kept) else float("nan")
        rows.append((group, kind, len(of), of["is_found"].mean(), of["has_value"].mean(), right))
    for kind, of in found.rows[found.rows["kind"].isin([*ROW_RULES])].groupby("kind"):
        rows.append((DETECTABLE, kind, len(of), of["is_told"].mean(), float("nan"), float("nan")))
    return pd.DataFrame(rows, columns=["class", "kind", "n", "found", "with a value", "right"])


def test_restorable_dirt_is_found_and_its_repairs_are_right(restored: Restored) -> None:
    cells = restored.cells[restored.cells["class"] == RESTORABLE]
    assert {"date form", "unit", "share as percent", "full width", "name spaces"} <= {
        *cells["kind"]
    }
    for kind, of in cells.groupby("kind"):
        assert (of["is_told"] | of["is_right"]).mean() >= FOUND, kind
        assert of.loc[of["has_value"], "is_right"].mean() >= RIGHT, kind
    assert cells["is_right"].mean() >= RIGHT  # found and put right, not only found


def test_dirt_that_can_only_be_detected_is_flagged_and_never_repaired(restored: Restored) -> None:
    cells = restored.cells[restored.cells["class"] == DETECTABLE]
    assert {"cut number", "wrong check digit", "impossible birth"} <= {*cells["kind"]}
    for kind, of in cells.groupby("kind"):
        assert of["is_told"].mean() >= FLAGGED, kind
    emptied = cells[cells["kind"] != "staff number short"]  # kept as typed, and told
    assert not emptied["has_value"].any()
    assert not cells["is_right"].any()


@pytest.mark.parametrize("kind", [*ROW_RULES])
def test_rows_and_answers_that_should_not_be_there_are_flagged(
    restored: Restored, kind: str
) -> None:
    of = restored.rows[restored.rows["kind"] == kind]
    assert len(of)
    assert of["is_told"].mean() >= FLAGGED


def test_what_nobody_can_see_is_listed_with_its_reason(restored: Restored) -> None:
    cells = restored.cells[restored.cells["class"] == INVISIBLE]
    assert {*cells["kind"]} <= {*WHY_INVISIBLE}


def test_clean_cells_stay_as_they_are(restored: Restored) -> None:
    assert restored.n_clean > 100_000
    assert restored.n_false <= FALSE * restored.n_clean, restored.shown[:5]
