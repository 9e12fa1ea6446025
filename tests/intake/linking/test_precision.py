"""How often links are right and how many are found, on a bureau in which it is known who is who.

A bureau is drawn, its rosters, ledger, test results and leaver lists are written with all their dirt and read again;
the rows of a file stand in the order in which they were written, so each read row has the person it was written for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from analysis.intake.assemble import LinkedTables, link_tables
from analysis.intake.clean import load_sources
from analysis.intake.entries import read_delivery
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace
from analysis.synthetic.options import BureauOptions
from analysis.synthetic.paper.delivery import plan_year, write_year
from analysis.synthetic.paper.filled import as_filled
from analysis.synthetic.paper.register import open_register
from analysis.synthetic.truth.bureau import draw_bureau

TABLES = ("roster", "schools", "trainings", "assessments", "exits")
LEAST_PRECISION = 0.995
LEAST_RECALL = {"roster": 0.995, "trainings": 0.995, "assessments": 0.995, "exits": 0.995}
PLACE = ["source_year", "source_file", "source_row"]


@dataclass(frozen=True)
class Linked:
    """What linking made of the bureau, and for every row that was read: its person, and why it should not be there."""

    tables: LinkedTables
    truth: pd.DataFrame


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Linked:
    """A bureau of 800 teachers over three years, drawn, written, read and linked once."""
    options = BureauOptions(teachers=800, schools=20, pilots=3, first_year=2022, last_year=2024)
    home = tmp_path_factory.mktemp("precision")
    written = write(options, home)
    space = open_workspace(home)
    study = load_study(space)
    sources = load_sources(space, study, options.region, options.last_year)
    parts = [
        part
        for source in sources.values()
        for part in read_delivery(space, study, options.region, source)
    ]
    truth = [
        part.frame[PLACE].assign(**{c: written[part.year, part.file][c].to_numpy() for c in KNOWN})
        for part in parts
        if (part.year, part.file) in written
    ]
    newest = sources[max(sources)]
    return Linked(link_tables(study, parts, newest.region_label), pd.concat(truth))


KNOWN = ("true", "kind")


def write(options: BureauOptions, home: Path) -> dict[tuple[int, str], pd.DataFrame]:
    """Write the bureau's files; year and file -> the person and the kind of each row, in the order of the file."""
    draw = draw_bureau(options, has_office=False)
    register = open_register(draw)
    written = {}
    for year in options.years:
        plan = [(form, fill) for form, fill in plan_year(draw, year) if form.table in TABLES]
        filled = [(form, as_filled(fill(draw, register, year))) for form, fill in plan]
        write_year(draw, home / "data" / "raw" / options.region / str(year), year, filled)
        for form, table in ((f, t) for f, t in filled if "person" in t.rows):
            kinds = table.rows.get("row_kind", pd.Series("", index=table.rows.index))
            rows = {"true": table.rows["person"], "kind": kinds}
            written[year, form.file] = pd.DataFrame(rows)
    return written


def outcomes(linked: Linked, table: str) -> pd.DataFrame:
    """Rows of one linked table with the true person and the one that was found (both as true persons)."""
    roster = linked.tables.tables["roster"].merge(linked.truth, on=PLACE)
    bearer = roster.groupby("person")["true"].agg(lambda who: who.mode().iloc[0])
    rows = linked.tables.tables[table].merge(linked.truth, on=PLACE)
    return rows.assign(found=rows["person"].map(bearer))


def by_pass(rows: pd.DataFrame) -> pd.DataFrame:
    """Links and how many of them are right, by pass; rows without a link under ``-``."""
    passes = rows["link_pass"].astype(object).fillna("-").astype(str)
    right = (rows["found"] == rows["true"]).groupby(passes)
    return pd.DataFrame({"n": right.size(), "right": right.sum(), "precision": right.mean()})


@pytest.mark.parametrize("table", LEAST_RECALL)
def test_links_are_right_and_most_are_found(
    linked: Linked, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = outcomes(linked, table)
    found = by_pass(rows)
    links = found.drop(index="-", errors="ignore")
    recall = links["right"].sum() / len(rows)
    with capsys.disabled():
        print(f"\n{table}: {len(rows)} rows, recall {recall:.4f}\n{found.to_string()}")
    assert links["right"].sum() / links["n"].sum() >= LEAST_PRECISION
    assert recall >= LEAST_RECALL[table]


def test_each_pass_keeps_what_its_confidence_says(linked: Linked) -> None:
    """Within what so few links can tell: at most three wrong more than stated (99 % of a Poisson count)."""
    for table in LEAST_RECALL:
        rows = outcomes(linked, table).dropna(subset=["link_pass"])
        wrong = (rows["found"] != rows["true"]).groupby(rows["link_pass"].astype(str)).sum()
        expected = (1 - rows["link_confidence"]).groupby(rows["link_pass"].astype(str)).sum()
        assert (wrong <= expected + 3).all()


def test_reality_03_most_mistyped_names_without_number_are_found(linked: Linked) -> None:
    """The model's own links: without it these rows are nobody's."""
    rows = outcomes(linked, "trainings")
    probable = rows[rows["link_pass"] == "probable"]
    assert len(probable) >= 100
    assert (probable["found"] == probable["true"]).mean() >= LEAST_PRECISION
    assert (rows["link_pass"].isna().sum() + 1) / (len(probable) + 1) < 0.15


def test_nobody_is_split_or_joined_on_the_rosters(linked: Linked) -> None:
    roster = linked.tables.tables["roster"].merge(linked.truth, on=PLACE)
    pairs = roster[["person", "true"]].drop_duplicates()
    assert pairs["person"].duplicated().sum() == 0
    assert pairs["true"].duplicated().sum() <= 0.005 * len(pairs)


def test_reality_08_and_09_doubles_are_dropped_and_pasted_lists_are_flagged(linked: Linked) -> None:
    lines = linked.tables.lines
    told = lines[lines["table"] == "trainings"].rename(
        columns={"year": PLACE[0], "file": PLACE[1], "row": PLACE[2]}
    )
    told = told[told["rule"].isin(["repeated_row", "repeated_attendance", "pasted_list"])]
    rules = told.groupby(PLACE)["rule"].agg(set)
    truth = linked.truth.set_index(PLACE)["kind"]
    rule = rules.reindex(truth.index)
    is_flagged = rule.map(lambda found: isinstance(found, set) and "pasted_list" in found)
    is_dropped = rule.map(lambda found: isinstance(found, set) and bool(found - {"pasted_list"}))
    assert is_flagged[truth == "pasted"].mean() >= 0.95
    assert (
        is_flagged[truth != "pasted"].mean() <= 0.01
    )  # who really came to a session that was pasted too
    assert is_dropped[truth == "double"].mean() >= 0.99
    assert is_dropped[truth != "double"].mean() <= 0.001
