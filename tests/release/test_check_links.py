"""The data check's tables on linking: every row is drawn here with the answer beside it."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.intake.delivery import Delivery
from analysis.intake.ledger import join_lines
from analysis.release.check_links import confidence_row, link_tables
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace


def delivery(checks: dict[str, pd.DataFrame]) -> Delivery:
    """A delivery that holds nothing but its checks."""
    return Delivery(
        region="r", label="示例县", year=2025, tables={}, ledger=join_lines([]), files=(),
        links=pd.DataFrame(), is_invented=True, fingerprint="", as_of="2025-09-01", notes=(),
        checks=checks,
    )  # fmt: skip


FOLLOWED = pd.DataFrame(
    [(2025, "strict", 400, 380, 20, 0.05), (2025, "main", 400, 390, 10, 0.025)],
    columns=["year", "link", "n_base", "n_followed", "n_gone", "rate"],
)
CONFIDENCE = pd.DataFrame(
    [("roster", 2024, "name", 0.99, 5), ("trainings", 2025, "probable", 0.9912, 30)],
    columns=["table", "year", "link_pass", "confidence", "n_links"],
)


def test_each_reading_of_who_is_who_is_a_row_with_its_share() -> None:
    study = load_study(open_workspace())
    found = {t.id: t for t in link_tables(study, delivery({"followed": FOLLOWED}))}
    table = found["check-followed"]
    assert table.rows == (
        ("2025", "严格", "400", "380", "20", "5.00%"),
        ("2025", "采用", "400", "390", "10", "2.50%"),
    )
    assert len(table.notes) == 4
    assert "98%" in table.notes[2]  # the probability from which a link is made


def test_links_of_the_report_year_are_shown_with_their_confidence() -> None:
    study = load_study(open_workspace())
    (table,) = link_tables(study, delivery({"confidence": CONFIDENCE}))
    assert table.rows == (("培训台账", "2025", "姓名相近，按概率判定", "30", "99.12%"),)


def test_without_links_there_is_no_table() -> None:
    assert list(link_tables(load_study(open_workspace()), delivery({}))) == []


@pytest.mark.parametrize(
    ("link_pass", "value", "text"),
    [
        ("probable", 1.0, "≥99.90%"),
        ("probable", 0.99995, "≥99.90%"),
        ("probable", 0.998, "99.80%"),
        ("probable", float("nan"), "—"),
        ("person_number", 1.0, "100.00%"),
    ],
)
def test_a_models_own_confidence_is_never_shown_as_certainty(
    link_pass: str, value: float, text: str
) -> None:
    row = {"table": "trainings", "year": 2025, "link_pass": link_pass, "n_links": 3}
    assert confidence_row(row | {"confidence": value})[-1] == text
