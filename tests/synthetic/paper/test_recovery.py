"""Under all the dirt people are still followed: intake finds the true attrition in what was delivered."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from analysis.intake.delivery import clean_region
from analysis.intake.record import Delivery
from analysis.panel.build import Panel, build_panel
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import open_workspace
from analysis.synthetic.options import BureauOptions, bureau_options
from analysis.synthetic.paper.delivery import write_bureau
from analysis.synthetic.truth.bureau import draw_bureau
from analysis.synthetic.truth.record import Draw

YEAR = 2025
FIRST = 2022  # of the city; the county is the whole one, which other tests have read already


class Followed(NamedTuple):
    """One bureau as it is and as intake sees it."""

    draw: Draw
    study: Study
    delivery: Delivery
    panel: Panel


def follow_city(home: Path) -> Followed:
    """A city of 500 teachers with all its dirt, delivered and cleaned."""
    size = {"teachers": 500, "schools": 16, "pilots": 3}
    draw = draw_bureau(bureau_options("city", **size, first_year=FIRST, seed=21))
    space = open_workspace(home)
    write_bureau(draw, space.raw)
    study = load_study(space)
    delivery = clean_region(space, study, draw.options.region, YEAR)
    return Followed(draw, study, delivery, build_panel(study, delivery))


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("county", marks=pytest.mark.xdist_group("demo")),
        pytest.param("city", marks=pytest.mark.xdist_group("recovery")),
    ],
)
def followed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Followed:
    """One worker reads each bureau once."""
    if request.param == "city":
        return follow_city(tmp_path_factory.mktemp("city"))
    seen = [request.getfixturevalue(name) for name in ("demo_study", "demo_delivery", "demo_panel")]
    return Followed(draw_bureau(BureauOptions()), *seen)


def years(draw: Draw) -> range:
    """The report years that have a roster a year before."""
    return range(draw.options.first_year + 1, YEAR + 1)


@pytest.mark.parametrize("definition", ["A1", "A2", "A3", "A4", "A5"])
def test_attrition_is_the_true_one(followed: Followed, definition: str) -> None:
    """Within two people: a blank reason or a slip may move one."""
    column = followed.study.outcome_column("attrition", definition)
    frame = followed.panel.frame
    for year in years(followed.draw):
        rates = followed.draw.truth["rates"][str(year)][definition]["all"]
        found = frame.loc[frame["year"] == year, column]
        assert found.sum() == pytest.approx(rates["percent"] / 100 * found.notna().sum(), abs=2.0)


def test_nearly_everyone_is_found(followed: Followed) -> None:
    """Of roster lines all, of tests, leavers and the ledger nearly all: mistyped names have one likely bearer."""
    links = followed.delivery.links
    of_rows = links[links["found"] == "on_roster"].groupby("table")
    asked = of_rows.apply(lambda t: t.groupby("year")["n_rows"].first().sum())
    share = of_rows["n_linked"].sum() / asked
    assert share["assessments"] > 0.995
    assert share["exits"] > 0.99
    assert (
        0.985 < share["trainings"] < 1.0
    )  # of three in a hundred mistyped names some could be two people
    assert 0.80 < share["survey"] < 0.96  # numbers typed by hand, of the county in two surveys


def test_what_is_delivered_twice_counts_once(followed: Followed) -> None:
    """Hours of linked people are those of the truth and the pasted lists, not those of the doubles."""
    rows = followed.delivery.tables["trainings"]
    true = followed.draw.trainings
    asked = years(followed.draw)
    found = rows[rows["end_date"].str[:4].astype(float).isin(asked)]["hours"].sum()
    expected = true.loc[true["year"].isin(asked), "hours"].sum()
    assert 1.0 < found / expected < 1.035


def test_every_file_is_read_and_nothing_mapped_is_lost(followed: Followed) -> None:
    assert {f.verdict for f in followed.delivery.files} <= {"usable", "usable_with_notes"}
    lost = followed.delivery.ledger
    wrong = lost[lost["rule"].isin(["unknown_spelling", "not_a_number", "not_a_date", "not_whole"])]
    assert wrong.groupby(["table", "variable", "rule"])["n"].sum().to_dict() == {}
