"""A labelled survey of three countries: declared missing codes, a group never asked, ids that repeat across groups.

Expected counts were taken from the file itself by code (see the README beside it for what the codes mean).
"""

from __future__ import annotations

from pathlib import Path

import pyreadstat
import pytest

from analysis.intake.clean import clean_region
from analysis.intake.record import Delivery
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace

pytestmark = pytest.mark.realdata
FILE = "BTG_FRA_ITA_MEX_T3.sav"


@pytest.fixture(scope="module")
def delivery(realdata: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    space = open_workspace(root / "tests" / "realdata" / "talis", tmp_path_factory.mktemp("talis"))
    return clean_region(space, load_study(space), "talis", 2018)


def test_every_teacher_and_school_is_kept_apart(delivery: Delivery) -> None:
    """README: 548 teachers, 370 real schools; numbers repeat across countries and levels."""
    survey = delivery.tables["survey"]
    assert len(survey) == survey["teacher_id"].nunique() == 548
    assert survey["school_id"].nunique() == 370
    assert survey["survey_stratum"].value_counts().to_dict() == {
        "ITA2": 180,
        "MEX2": 151,
        "FRA2": 142,
        "FRA1": 75,
    }


def test_missing_codes_are_missing_and_not_answers(delivery: Delivery) -> None:
    """README: with the codes left in, the mean age is 45.5, without them 43.7."""
    survey = delivery.tables["survey"]
    assert survey["age"].mean() == pytest.approx(43.7, abs=0.05)
    assert survey["ict_efficacy"].value_counts().to_dict() == {3: 193, 2: 161, 4: 121, 1: 50}
    told = delivery.ledger[(delivery.ledger["variable"] == "ict_efficacy")]
    assert dict(zip(told["found"], told["n"], strict=True)) == {
        "7 Not Reached": 16,
        "9 Omitted or invalid": 7,
    }


def test_no_training_at_all_is_an_answer(delivery: Delivery) -> None:
    """Code 6 lies in the declared missing range, but says that no training was taken."""
    counts = delivery.tables["survey"]["ict_training"].value_counts().to_dict()
    assert counts == {"yes": 284, "no": 193, "none": 49}


def test_a_group_never_asked_is_told_as_such(delivery: Delivery) -> None:
    """README: not asked in Italy, 998 for all 180."""
    told = delivery.ledger[delivery.ledger["rule"] == "not_asked"]
    assert told[["column", "found", "done", "n"]].to_numpy().tolist() == [
        ["TT3G50", "998 Not administered", "survey_stratum=ITA2", 180]
    ]
    (note,) = delivery.notes
    assert "ITA2" in note
    assert "180" in note
    survey = delivery.tables["survey"]
    assert survey.loc[survey["survey_stratum"] == "ITA2", "years_to_stay"].isna().all()


def test_weights_and_replicates_come_through_unchanged(delivery: Delivery, realdata: Path) -> None:
    frame, _ = pyreadstat.read_sav(realdata / "talis2018_fra_ita_mex" / FILE)
    survey = delivery.tables["survey"].set_index("source_row")
    for ours, theirs in (
        ("survey_weight", "TCHWGT"),
        ("survey_rep_1", "TRWGT1"),
        ("survey_rep_100", "TRWGT100"),
    ):
        assert survey[ours].sort_index().tolist() == frame[theirs].tolist()
    reps = delivery.survey_replicates
    assert reps is not None
    assert (reps.count, reps.method, reps.fay) == (100, "BRR", 0.5)
